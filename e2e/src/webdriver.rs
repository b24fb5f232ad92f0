//! The dozen commands of W3C WebDriver that the tests use.
//!
//! WebDriver is JSON over HTTP, and we have a client for both in the tree already. The two crates that wrap it
//! (`thirtyfour`, `fantoccini`) would bring a dozen packages and second versions of several for what is a page here.

use anyhow::{Context as _, Result, bail};
use reqwest::{Client, Method};
use serde_json::{Value, json};

/// The key under which an element's reference travels (WebDriver §12.1).
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// One browser window, driven over the wire.
pub(crate) struct Session {
    http: Client,
    address: String,
}

/// A reference to an element of the page that is shown.
pub(crate) struct Element(String);

impl Session {
    /// Opens a browser with these capabilities.
    pub(crate) async fn open(driver: &str, capabilities: Value) -> Result<Self> {
        let http = Client::builder().no_proxy().build()?;
        let mut session = Self {
            http,
            address: format!("{driver}/session"),
        };
        let body = json!({ "capabilities": { "alwaysMatch": capabilities } });
        let opened = session
            .call(Method::POST, "", body)
            .await
            .context("could not open Chromium")?;
        let id = opened["sessionId"]
            .as_str()
            .context("a new session has an id")?;
        session.address = format!("{driver}/session/{id}");
        Ok(session)
    }

    /// A command with an argument.
    pub(crate) async fn post(&self, path: &str, body: Value) -> Result<Value> {
        self.call(Method::POST, path, body).await
    }

    /// A question.
    pub(crate) async fn get(&self, path: &str) -> Result<Value> {
        self.call(Method::GET, path, Value::Null).await
    }

    /// A question whose answer is text.
    pub(crate) async fn text(&self, path: &str) -> Result<String> {
        let answer = self.get(path).await?;
        Ok(answer.as_str().unwrap_or_default().to_owned())
    }

    /// Takes something away.
    pub(crate) async fn delete(&self, path: &str) -> Result<()> {
        self.call(Method::DELETE, path, Value::Null).await.map(drop)
    }

    /// Every element that a CSS selector matches, in the order of the document.
    pub(crate) async fn find(&self, selector: &str) -> Result<Vec<Element>> {
        let found = self
            .post(
                "/elements",
                json!({ "using": "css selector", "value": selector }),
            )
            .await?;
        let references = found.as_array().context("a list of elements")?;
        Ok(references.iter().filter_map(Element::of).collect())
    }

    /// A Chrome `DevTools` command, for what WebDriver has no word for.
    pub(crate) async fn devtools(&self, command: &str, parameters: Value) -> Result<Value> {
        self.post(
            "/goog/cdp/execute",
            json!({ "cmd": command, "params": parameters }),
        )
        .await
    }

    async fn call(&self, method: Method, path: &str, body: Value) -> Result<Value> {
        let mut request = self
            .http
            .request(method.clone(), format!("{}{path}", self.address));
        if method == Method::POST {
            request = request.json(&body);
        }
        let mut answer: Value = request.send().await?.json().await?;
        let value = answer["value"].take();
        if let Some(error) = value["error"].as_str() {
            let message = value["message"].as_str().unwrap_or_default();
            bail!(
                "WebDriver {path}: {error}: {}",
                message.lines().next().unwrap_or_default()
            );
        }
        Ok(value)
    }
}

impl Element {
    /// The element that an answer refers to.
    pub(crate) fn of(answer: &Value) -> Option<Self> {
        Some(Self(answer[ELEMENT].as_str()?.to_owned()))
    }

    /// The element as the argument of a script (WebDriver §12.1).
    pub(crate) fn argument(&self) -> Value {
        serde_json::json!({ ELEMENT: self.0 })
    }

    /// The path of a command on this element.
    pub(crate) fn path(&self, command: &str) -> String {
        format!("/element/{}/{command}", self.0)
    }
}
