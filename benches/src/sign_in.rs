//! Whole sign-ins (authorize, identifier, password, code) over HTTP, against bare password hashes.
//!
//! As with tokens, the browsers run on the same cores, so what they take is given back: the figure is sign-ins per second of the
//! server's own processor time, as is the bound.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use password::{Native, Workspace};
use reqwest::Client;
use reqwest::header::LOCATION;
use reqwest::redirect::Policy;
use serde_json::{Value, json};

use crate::server::Server;
use crate::{ratio, say};

const DURATION: Duration = Duration::from_secs(15);
const CLIENTS: usize = 8;
const PASSWORD: &str = "an unusual passphrase 4711";
const CALLBACK: &str = "http://localhost:9/callback";

pub(crate) fn run() -> Result<()> {
    let bound = hashes_per_second();
    let server = Server::start(&[])?;
    let bootstrap = server.bootstrap()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let client_id = runtime.block_on(arrange(&server.url, &bootstrap["management"]))?;
    let before = server.processor_seconds()?;
    let (n, elapsed) = runtime.block_on(measure(&server.url, &client_id))?;
    let processor = server.processor_seconds()? - before;
    say(&format!(
        "sign-in: {:.0} sign-ins/s from {CLIENTS} browsers on the same cores",
        n / elapsed
    ));
    ratio(
        "sign-in",
        (n / processor, "sign-ins per core and second"),
        (bound, "bare hashes"),
        85.0,
    );
    Ok(())
}

/// Hashes per core and second, while every core hashes.
fn hashes_per_second() -> f64 {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let started = Instant::now();
    let counts: Vec<_> = (0..threads)
        .map(|_| {
            std::thread::spawn(move || {
                let mut workspace = Workspace::default();
                let hash = Native::default().hash(PASSWORD, &[7; 16], &mut workspace);
                let mut n = 0.0;
                while started.elapsed() < Duration::from_secs(5) {
                    assert!(hash.verify_in(PASSWORD, &mut workspace));
                    n += 1.0;
                }
                n
            })
        })
        .collect();
    let total: f64 = counts
        .into_iter()
        .filter_map(|count| count.join().ok())
        .sum();
    #[expect(clippy::cast_precision_loss, reason = "cores are few")]
    let cores = threads as f64;
    total / started.elapsed().as_secs_f64() / cores
}

#[expect(
    clippy::disallowed_methods,
    reason = "a benchmark has no shutdown to wait"
)]
async fn measure(base: &str, client_id: &str) -> Result<(f64, f64)> {
    let started = Instant::now();
    let clients: Vec<_> = (0..CLIENTS)
        .map(|n| {
            let (base, client_id) = (base.to_owned(), client_id.to_owned());
            tokio::task::spawn(async move {
                let mut count = 0.0;
                while started.elapsed() < DURATION {
                    sign_in(&base, &client_id, &format!("person{n}@example.com")).await?;
                    count += 1.0;
                }
                anyhow::Ok(count)
            })
        })
        .collect();
    let mut total = 0.0;
    for client in clients {
        total += client.await??;
    }
    Ok((total, started.elapsed().as_secs_f64()))
}

/// Makes the application and a person for each client, as a script would.
async fn arrange(base: &str, management: &Value) -> Result<String> {
    let client = Client::builder().build()?;
    let form = [
        ("grant_type", "client_credentials"),
        (
            "client_id",
            management["client_id"].as_str().context("an id")?,
        ),
        (
            "client_secret",
            management["client_secret"].as_str().context("a secret")?,
        ),
        (
            "audience",
            management["audience"].as_str().context("an audience")?,
        ),
    ];
    let answer: Value = client
        .post(format!("{base}/oauth2/token"))
        .form(&form)
        .send()
        .await?
        .json()
        .await?;
    let token = answer["access_token"].as_str().context("a token")?;
    let send = async |method: reqwest::Method, path: String, body: Value| {
        let answer = client
            .request(method, format!("{base}{path}"))
            .bearer_auth(token)
            .json(&body)
            .send()
            .await?;
        ensure!(
            answer.status().is_success(),
            "{path} answered {}",
            answer.status()
        );
        Ok(answer.json::<Value>().await?)
    };
    let application = send(
        reqwest::Method::POST,
        "/api/v1/applications".into(),
        json!({"name": "Benchmark", "type": "reg"}),
    )
    .await?;
    let id = application["application"]["id"]
        .as_str()
        .context("an application")?
        .to_owned();
    send(
        reqwest::Method::POST,
        format!("/api/v1/applications/{id}/auth_redirect_urls"),
        json!({"urls": [CALLBACK]}),
    )
    .await?;
    for n in 0..CLIENTS {
        let email = format!("person{n}@example.com");
        let identities =
            json!([{"type": "email", "is_verified": true, "details": {"email": email}}]);
        let user = send(
            reqwest::Method::POST,
            "/api/v1/user".into(),
            json!({"identities": identities}),
        )
        .await?;
        let user = user["id"].as_str().context("a user")?;
        send(
            reqwest::Method::PUT,
            format!("/api/v1/users/{user}/password"),
            json!({"password": PASSWORD}),
        )
        .await?;
    }
    Ok(id)
}

/// One sign-in in a fresh browser, up to the authorization code.
async fn sign_in(base: &str, client_id: &str, email: &str) -> Result<()> {
    let browser = Client::builder()
        .cookie_store(true)
        .redirect(Policy::none())
        .build()?;
    let authorize = format!(
        "{base}/oauth2/auth?client_id={client_id}&response_type=code&scope=openid&state=s&redirect_uri={CALLBACK}"
    );
    let (address, page) = page(&browser, base, browser.get(authorize)).await?;
    let form = fields(&page, &[("identifier", email)]);
    let (address, page) = self::page(
        &browser,
        base,
        browser.post(action(base, &address, &page)).form(&form),
    )
    .await?;
    let form = fields(&page, &[("password", PASSWORD)]);
    let (address, _) = self::page(
        &browser,
        base,
        browser.post(action(base, &address, &page)).form(&form),
    )
    .await?;
    ensure!(
        address.starts_with(CALLBACK) && address.contains("code="),
        "no code: {address}"
    );
    Ok(())
}

/// Follows redirects within the server; returns the last address and its page.
async fn page(
    browser: &Client,
    base: &str,
    request: reqwest::RequestBuilder,
) -> Result<(String, String)> {
    let mut answer = request.send().await?;
    loop {
        let address = answer.url().to_string();
        let Some(location) = answer.headers().get(LOCATION) else {
            return Ok((address, answer.text().await?));
        };
        let target = answer.url().join(location.to_str()?)?.to_string();
        if !target.starts_with(base) {
            return Ok((target, String::new()));
        }
        answer = browser.get(target).send().await?;
    }
}

/// The hidden fields of the page's form, and those that a person fills in.
fn fields(page: &str, typed: &[(&str, &str)]) -> HashMap<String, String> {
    let hidden = page
        .split("<input")
        .skip(1)
        .filter(|input| input.contains("type=\"hidden\""));
    let attribute = |input: &str, name: &str| {
        Some(
            input
                .split(&format!("{name}=\""))
                .nth(1)?
                .split('"')
                .next()?
                .to_owned(),
        )
    };
    let mut fields: HashMap<_, _> = hidden
        .filter_map(|input| Some((attribute(input, "name")?, attribute(input, "value")?)))
        .collect();
    fields.extend(
        typed
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
    );
    fields
}

/// Where the page's form goes: its `action`, or the page itself.
fn action(base: &str, address: &str, page: &str) -> String {
    let form = page
        .split("<form")
        .find(|form| form.contains("method=\"post\""));
    let action = form
        .and_then(|form| form.split("action=\"").nth(1)?.split('"').next())
        .unwrap_or_default()
        .replace("&amp;", "&");
    match action.as_str() {
        "" => address.to_owned(),
        path if path.starts_with('/') => format!("{base}{path}"),
        url => url.to_owned(),
    }
}
