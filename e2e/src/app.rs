//! An application of the operator's: it sends people to Kith to sign in, gets them back, and asks who they are.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};

use anyhow::{Context as _, Result, bail};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::Kith;

/// The verifier and challenge of RFC 7636, appendix B. One sign-in a test needs no other.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// What its page says to those who come back.
pub const WELCOME: &str = "Welcome to the app";

/// A registered application without a secret, with a web page to which people come back.
pub struct App {
    kith: String,
    client_id: String,
    /// Where it is. People come back here, after signing in and after signing out.
    pub url: String,
}

impl App {
    /// Registers it through the management API, and starts its page.
    ///
    /// # Errors
    ///
    /// When the server refuses.
    pub async fn register(kith: &Kith) -> Result<Self> {
        let url = serve()?;
        let new = json!({ "name": "Shop", "type": "spa" });
        let created = kith.api("POST", "/api/v1/applications", &new).await?;
        let client_id = created["application"]["id"]
            .as_str()
            .context("a created application has an id")?
            .to_owned();
        for kind in ["auth_redirect_urls", "auth_logout_urls"] {
            let path = format!("/api/v1/applications/{client_id}/{kind}");
            kith.api("POST", &path, &json!({ "urls": [url] })).await?;
        }
        Ok(Self {
            kith: kith.url(""),
            client_id,
            url,
        })
    }

    /// The address to which its "Sign in" leads, with more parameters, such as `&prompt=create`.
    #[must_use]
    pub fn sign_in_url(&self, more: &str) -> String {
        format!(
            "{}/oauth2/auth?client_id={}&redirect_uri={}&response_type=code&scope=openid%20profile%20email&state=abc\
             &code_challenge={CHALLENGE}&code_challenge_method=S256{more}",
            self.kith, self.client_id, self.url
        )
    }

    /// The address to which its "Sign out" leads.
    #[must_use]
    pub fn sign_out_url(&self) -> String {
        format!(
            "{}/logout?client_id={}&redirect={}",
            self.kith, self.client_id, self.url
        )
    }

    /// Redeems the code with which somebody came back to this address, and gives what the ID token says of them.
    ///
    /// # Errors
    ///
    /// When the address has no code, or not the state that was sent; and when the server refuses the code.
    pub async fn person(&self, came_back_to: &str) -> Result<Value> {
        let query = came_back_to.split_once('?').map_or("", |(_, query)| query);
        let parameter = |name: &str| {
            query
                .split('&')
                .filter_map(|pair| pair.split_once('='))
                .find(|(found, _)| *found == name)
                .map(|(_, value)| value)
        };
        if parameter("state") != Some("abc") {
            bail!("the state of the request did not come back: {came_back_to}");
        }
        let code = parameter("code").with_context(|| format!("no code in {came_back_to}"))?;
        let form = [
            ("grant_type", "authorization_code"),
            ("client_id", &self.client_id),
            ("code", code),
            ("redirect_uri", &self.url),
            ("code_verifier", VERIFIER),
        ];
        let http = reqwest::Client::builder().no_proxy().build()?;
        let endpoint = format!("{}/oauth2/token", self.kith);
        let answer: Value = http.post(endpoint).form(&form).send().await?.json().await?;
        let claims = answer["id_token"]
            .as_str()
            .and_then(|token| token.split('.').nth(1))
            .with_context(|| format!("no ID token: {answer}"))?;
        Ok(serde_json::from_slice(
            &BASE64_URL_SAFE_NO_PAD.decode(claims)?,
        )?)
    }
}

/// Serves the page until the tests end, and gives its address.
fn serve() -> Result<String> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let url = format!("http://{}/app", listener.local_addr()?);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || answer(&stream));
        }
    });
    Ok(url)
}

fn answer(mut stream: &TcpStream) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream).lines();
    while lines
        .next()
        .is_some_and(|line| line.is_ok_and(|line| !line.is_empty()))
    {}
    let page = format!("<!doctype html><title>Shop</title><p>{WELCOME}</p>");
    write!(
        stream,
        "HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=utf-8\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{page}",
        page.len()
    )
}
