//! The server on a real socket, on a database of each engine, with a clock that tests move; and the callers of its interface.
//!
//! ```ignore
//! #[tokio::test]
//! async fn a_story() {
//!     Kith::each(async |kith| {
//!         let page = kith.browser().get("/login").await;
//!         assert_eq!(page.status, 200);
//!     })
//!     .await;
//! }
//! ```

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::time::Duration;

use kith::config::Values;
use kith::context::{App, Context};
use kith::testing::Installation;
use kith::{applications, installation, server};
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, LOCATION};
use reqwest::redirect::Policy;
use scraper::{Html, Selector};
use serde_json::Value;
use url::Url;

/// One installation, served.
pub struct Kith {
    /// What the tests may look at or change behind the server's back.
    pub installation: Installation,
    /// The addresses of its nodes, such as `http://127.0.0.1:4711`; the first is `public_url`.
    pub nodes: Vec<String>,
    nodes_running: Vec<App>,
}

impl Kith {
    /// Tells a story on each engine.
    pub async fn each(story: impl AsyncFn(Self)) {
        Self::each_with(&[], story).await;
    }

    /// [`Kith::each`], with settings.
    pub async fn each_with(settings: &[(&str, &str)], story: impl AsyncFn(Self)) {
        for db in db::testing::migrated(kith::MIGRATIONS).await {
            let listener = listener();
            let base = address(&listener);
            let mut values = Values::from([("public_url".to_owned(), base.clone())]);
            values.extend(
                settings
                    .iter()
                    .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
            );
            let installation = Installation::on(db, &values).await;
            installation::ensure(&installation.app)
                .await
                .expect("the installation is set up");
            let mut kith = Self {
                nodes: vec![base],
                nodes_running: Vec::new(),
                installation,
            };
            kith.serve(kith.installation.app.clone(), listener);
            story(kith).await;
        }
    }

    /// Starts another node on the same database, and returns its number.
    pub async fn add_node(&mut self) -> usize {
        let listener = listener();
        self.nodes.push(address(&listener));
        let app = self.installation.another_node().await;
        self.serve(app, listener);
        self.nodes.len() - 1
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "a test's server ends with the test"
    )]
    fn serve(&mut self, app: App, listener: TcpListener) {
        let router = server::router(&app, &self.installation.environments);
        self.nodes_running.push(app.clone());
        tokio::task::spawn(async move { server::serve(&app, router, listener).await });
    }

    /// The full address of a path on the first node.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.nodes[0])
    }

    /// A context in production, for arranging what a story begins with.
    pub fn cx(&self) -> Context {
        self.installation.cx()
    }

    /// Moves every node's clock.
    pub fn advance(&self, duration: Duration) {
        self.installation.advance(duration);
    }

    /// A client without cookies that follows nothing.
    #[expect(
        clippy::unused_self,
        reason = "callers are the installation's, as all others"
    )]
    pub fn client(&self) -> reqwest::Client {
        client_builder().build().expect("a client is made")
    }

    /// A browser without scripts.
    pub fn browser(&self) -> Browser {
        Browser {
            client: client_builder()
                .cookie_store(true)
                .build()
                .expect("a client is made"),
            base: self.nodes[0].clone(),
        }
    }

    /// A token for the management API with every scope.
    pub async fn management_token(&self) -> String {
        self.token_with_scope("").await
    }

    /// A token for the management API with these scopes only.
    pub async fn token_with_scope(&self, scope: &str) -> String {
        let client = applications::ensure_management_client(&self.cx(), false)
            .await
            .expect("the management client is made");
        let body = [
            ("grant_type", "client_credentials"),
            ("client_id", client.id.as_str()),
            ("client_secret", client.secret.reveal()),
            ("audience", &self.url("/api")),
            ("scope", scope),
        ];
        let answer = self
            .client()
            .post(self.url("/oauth2/token"))
            .form(&body)
            .send()
            .await
            .expect("the server answers");
        assert_eq!(answer.status(), 200);
        let body: Value = answer.json().await.expect("the answer is JSON");
        body["access_token"]
            .as_str()
            .expect("there is a token")
            .to_owned()
    }

    /// The management API with a token that has every scope.
    pub async fn api(&self) -> Api {
        Api {
            client: self.client(),
            base: self.nodes[0].clone(),
            token: Some(self.management_token().await),
        }
    }

    /// The management API without a token.
    pub fn anonymous_api(&self) -> Api {
        Api {
            client: self.client(),
            base: self.nodes[0].clone(),
            token: None,
        }
    }
}

impl Drop for Kith {
    fn drop(&mut self) {
        for node in &self.nodes_running {
            node.stopping().cancel();
        }
    }
}

fn listener() -> TcpListener {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    listener
        .set_nonblocking(true)
        .expect("the listener is made");
    listener
}

fn address(listener: &TcpListener) -> String {
    format!(
        "http://{}",
        listener.local_addr().expect("the listener has an address")
    )
}

fn client_builder() -> reqwest::ClientBuilder {
    reqwest::Client::builder().redirect(Policy::none())
}

/// The management API as a client sees it.
pub struct Api {
    client: reqwest::Client,
    base: String,
    token: Option<String>,
}

/// An answer of the management API.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Api {
    /// The same at another node.
    pub fn at(&self, node: &str) -> Self {
        Self {
            client: self.client.clone(),
            base: node.to_owned(),
            token: self.token.clone(),
        }
    }

    /// The same with another token.
    pub fn with_token(&self, token: &str) -> Self {
        Self {
            client: self.client.clone(),
            base: self.base.clone(),
            token: Some(token.to_owned()),
        }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send("POST", path, Some(body)).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.send("PUT", path, Some(body)).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send("PATCH", path, Some(body)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", path, None).await
    }

    /// Sends a body as it is.
    pub async fn send_raw(&self, path: &str, content_type: &str, body: Vec<u8>) -> Answer {
        let request = self.client.post(format!("{}{path}", self.base));
        let request = request.header(CONTENT_TYPE, content_type).body(body);
        self.answer(request).await
    }

    /// Puts bytes where they belong.
    pub async fn put_bytes(&self, path: &str, bytes: Vec<u8>) -> Answer {
        let request = self.client.put(format!("{}{path}", self.base));
        self.answer(request.body(bytes)).await
    }

    /// Sends files as the parts of a form.
    pub async fn send_files(&self, path: &str, form: reqwest::multipart::Form) -> Answer {
        let request = self.client.post(format!("{}{path}", self.base));
        self.answer(request.multipart(form)).await
    }

    /// The text of an answer to a request for this type of content.
    pub async fn download(&self, path: &str, accept: &str) -> String {
        let request = self.client.get(format!("{}{path}", self.base));
        let request = request.header(ACCEPT, accept);
        let request = request.bearer_auth(self.token.as_deref().unwrap_or_default());
        let answer = request.send().await.expect("the server answers");
        assert_eq!(answer.status(), 200);
        answer.text().await.expect("the body arrives")
    }

    /// Any request; the answer's body is `null` where it isn't JSON.
    pub async fn send(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        let method = method.parse().expect("a method");
        let mut request = self.client.request(method, format!("{}{path}", self.base));
        if let Some(body) = body {
            request = request.json(&body);
        }
        self.answer(request).await
    }

    async fn answer(&self, mut request: reqwest::RequestBuilder) -> Answer {
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        let answer = request.send().await.expect("the server answers");
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let body = serde_json::from_slice(&answer.bytes().await.expect("the body arrives"))
            .unwrap_or(Value::Null);
        Answer {
            status,
            headers,
            body,
        }
    }
}

impl Answer {
    /// The answer's body, which must have come with this status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{:#}", self.body);
        self.body
    }

    /// The code of the first error.
    pub fn error(&self) -> &str {
        self.body["errors"][0]["code"].as_str().unwrap_or_default()
    }
}

/// A browser without scripts: cookies, forms, redirects within the server.
#[derive(Clone)]
pub struct Browser {
    client: reqwest::Client,
    base: String,
}

/// What a browser shows.
#[derive(Debug)]
pub struct Page {
    pub status: u16,
    pub url: Url,
    pub headers: HeaderMap,
    pub html: String,
    /// Where the server sent the browser outside of itself, instead of a page.
    pub left_for: Option<Url>,
}

impl Browser {
    /// The same browser, asking another node. Cookies don't know ports.
    pub fn at(&self, node: &str) -> Self {
        Self {
            client: self.client.clone(),
            base: node.to_owned(),
        }
    }

    pub async fn get(&self, path: &str) -> Page {
        let url = self.absolute(path);
        self.follow(self.client.get(url)).await
    }

    pub async fn post(&self, path: &str, fields: &BTreeMap<String, String>) -> Page {
        let url = self.absolute(path);
        self.follow(self.client.post(url).form(fields)).await
    }

    /// Fills in the page's only (or first) form with these fields and submits it; hidden fields go along.
    pub async fn submit(&self, page: &Page, fields: &[(&str, &str)]) -> Page {
        self.submit_form(page, "form[method=post]", fields).await
    }

    /// [`Browser::submit`] for the form that a selector names.
    pub async fn submit_form(&self, page: &Page, selector: &str, fields: &[(&str, &str)]) -> Page {
        let (action, mut values) = page.form(selector);
        for (name, value) in fields {
            values.insert((*name).to_owned(), (*value).to_owned());
        }
        let action = page.url.join(&action).expect("the action is an address");
        let path = action[url::Position::BeforePath..].to_owned();
        self.post(&path, &values).await
    }

    /// Submits the page's form with files: the name of the field, the name of the file, its content.
    pub async fn upload(&self, page: &Page, files: &[(&str, &str, &str)]) -> Page {
        self.upload_with(page, &[], files).await
    }

    /// [`Browser::upload`] with fields that are typed.
    pub async fn upload_with(
        &self,
        page: &Page,
        fields: &[(&str, &str)],
        files: &[(&str, &str, &str)],
    ) -> Page {
        let (action, mut values) = page.form("form[enctype='multipart/form-data']");
        let csrf = values.remove("csrf").unwrap_or_default();
        let mut form = reqwest::multipart::Form::new().text("csrf", csrf);
        for (name, value) in fields {
            form = form.text((*name).to_owned(), (*value).to_owned());
        }
        for (field, name, content) in files {
            let part = reqwest::multipart::Part::text((*content).to_owned());
            form = form.part((*field).to_owned(), part.file_name((*name).to_owned()));
        }
        let url = self.absolute(&action);
        self.follow(self.client.post(url).multipart(form)).await
    }

    /// Sends bytes as a page's script does, with the token of its forms.
    pub async fn put(&self, path: &str, token: &str, body: &[u8]) -> Page {
        let request = self.client.put(self.absolute(path));
        let request = request.header("x-csrf-token", token).body(body.to_vec());
        self.follow(request).await
    }

    fn absolute(&self, path: &str) -> String {
        if path.starts_with("http") {
            path.to_owned()
        } else {
            format!("{}{path}", self.base)
        }
    }

    async fn follow(&self, request: reqwest::RequestBuilder) -> Page {
        let mut answer = request.send().await.expect("the server answers");
        for _ in 0..10 {
            let url = answer.url().clone();
            let Some(location) = answer.headers().get(LOCATION) else {
                let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
                let html = answer.text().await.expect("the page arrives");
                return Page {
                    status,
                    url,
                    headers,
                    html,
                    left_for: None,
                };
            };
            let target = url
                .join(location.to_str().expect("the location is text"))
                .expect("the location is an address");
            if target.host_str() != url.host_str() || target.port() == Some(9) {
                let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
                return Page {
                    status,
                    url,
                    headers,
                    html: String::new(),
                    left_for: Some(target),
                };
            }
            let here = format!("{}{}", self.base, &target[url::Position::BeforePath..]);
            answer = self
                .client
                .get(here)
                .send()
                .await
                .expect("the server answers");
        }
        panic!("the server sends the browser in a circle");
    }
}

/// A browser without scripts that goes wherever it is sent, whichever server that is.
pub struct Visitor {
    client: reqwest::Client,
}

impl Visitor {
    pub fn new() -> Self {
        Self {
            client: reqwest::Client::builder()
                .cookie_store(true)
                .build()
                .expect("a client is made"),
        }
    }

    pub async fn get(&self, url: &str) -> Page {
        Self::see(self.client.get(url)).await
    }

    /// Fills in the page's first form with these fields and submits it; hidden fields go along.
    pub async fn submit(&self, page: &Page, fields: &[(&str, &str)]) -> Page {
        let (action, mut values) = page.form("form[method=post]");
        for (name, value) in fields {
            values.insert((*name).to_owned(), (*value).to_owned());
        }
        let action = page.url.join(&action).expect("the action is an address");
        Self::see(self.client.post(action).form(&values)).await
    }

    async fn see(request: reqwest::RequestBuilder) -> Page {
        let answer = request.send().await.expect("the server answers");
        let (status, url, headers) = (
            answer.status().as_u16(),
            answer.url().clone(),
            answer.headers().clone(),
        );
        let html = answer.text().await.expect("the page arrives");
        Page {
            status,
            url,
            headers,
            html,
            left_for: None,
        }
    }
}

impl Page {
    /// A form's action and the values it has now.
    pub fn form(&self, selector: &str) -> (String, BTreeMap<String, String>) {
        let html = Html::parse_document(&self.html);
        let form = html
            .select(&select(selector))
            .next()
            .unwrap_or_else(|| panic!("no {selector} in {}\n{}", self.url, self.html));
        let action = form.value().attr("action").unwrap_or("").to_owned();
        let mut values = BTreeMap::new();
        for field in form.select(&select("input, textarea, select")) {
            let kind = field.value().attr("type").unwrap_or("text");
            if matches!(kind, "checkbox" | "radio") && field.value().attr("checked").is_none() {
                continue;
            }
            let value = match field.value().name() {
                "textarea" => field
                    .text()
                    .collect::<String>()
                    .trim_start_matches('\n')
                    .to_owned(),
                "select" => {
                    let chosen = field.select(&select("option[selected]")).next();
                    let chosen = chosen.or_else(|| field.select(&select("option")).next());
                    let value = |option: scraper::ElementRef<'_>| {
                        let value = option.value().attr("value").map(str::to_owned);
                        value.unwrap_or_else(|| option.text().collect())
                    };
                    chosen.map(value).unwrap_or_default()
                }
                _ => field.value().attr("value").unwrap_or("").to_owned(),
            };
            if let Some(name) = field.value().attr("name").filter(|_| kind != "submit") {
                values.insert(name.to_owned(), value);
            }
        }
        (action, values)
    }

    /// The text of the first element that a selector names.
    pub fn text(&self, selector: &str) -> Option<String> {
        let html = Html::parse_document(&self.html);
        let element = html.select(&select(selector)).next()?;
        Some(
            element
                .text()
                .collect::<String>()
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" "),
        )
    }

    /// The texts of all elements that a selector names.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        let html = Html::parse_document(&self.html);
        let selector = select(selector);
        let elements = html.select(&selector);
        elements.map(|element| element.text().collect()).collect()
    }

    /// Where the page's links lead, as they are written.
    pub fn links(&self) -> Vec<String> {
        self.links_within("body")
    }

    /// Where the links within an element lead, as they are written.
    pub fn links_within(&self, selector: &str) -> Vec<String> {
        let html = Html::parse_document(&self.html);
        let links = select(&format!("{selector} a[href]"));
        let links = html
            .select(&links)
            .filter_map(|link| link.value().attr("href"));
        links.map(str::to_owned).collect()
    }

    /// An attribute of the first element that a selector names.
    pub fn attribute(&self, selector: &str, name: &str) -> Option<String> {
        let html = Html::parse_document(&self.html);
        let element = html.select(&select(selector)).next()?;
        element.value().attr(name).map(str::to_owned)
    }

    /// Whether a text stands on the page.
    pub fn shows(&self, text: &str) -> bool {
        let html = Html::parse_document(&self.html);
        html.root_element()
            .text()
            .collect::<String>()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .contains(text)
    }

    /// A parameter of the address to which the browser left.
    pub fn parameter(&self, name: &str) -> Option<String> {
        let url = self.left_for.as_ref().unwrap_or(&self.url);
        url.query_pairs()
            .find(|(found, _)| found == name)
            .map(|(_, value)| value.into_owned())
    }
}

fn select(selector: &str) -> Selector {
    Selector::parse(selector).expect("the selector is one")
}

/// Deploys a workflow for a trigger: its bindings, and the body of its function.
pub async fn deploy_workflow(api: &Api, trigger: &str, bindings: &str, body: &str) {
    let text = format!(
        "export const workflowSettings = {{ id: \"w\", trigger: \"{trigger}\", bindings: {{ {bindings} }} }};\n\
         export default async function (event) {{\n{body}\n}}\n"
    );
    let files = serde_json::json!({"files": {"Workflow.ts": text}});
    api.post("/api/v1/workflow_deployments", files)
        .await
        .expect(201);
}
