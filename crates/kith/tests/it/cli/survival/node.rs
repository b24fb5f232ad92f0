//! A node of a server, in a process of its own that is killed when it is dropped.

use std::net::TcpListener;
use std::process::Child;
use std::time::Duration;

use serde_json::Value;

use super::home::Home;

/// A running `kith serve`.
pub struct Node {
    process: Child,
    url: String,
    token: String,
}

impl Drop for Node {
    fn drop(&mut self) {
        // SIGKILL: no farewell.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Home {
    /// Starts a node on the database.
    pub async fn node(&self) -> Node {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = listener.local_addr().unwrap().to_string();
        drop(listener);
        let url = format!("http://{address}");
        let variables = [
            ("KITH_LISTEN", address.as_str()),
            ("KITH_RATE_LIMIT", "off"),
        ];
        let said = self.kith(&["bootstrap", "--json", "--rotate"]);
        assert_eq!(said.code, 0, "{said:?}");
        let mut node = Node {
            process: self.spawn_with(&variables, &["serve"]),
            url,
            token: String::new(),
        };
        node.wait_until_ready().await;
        node.token = node.token(&said.json()["management"]).await;
        node
    }
}

impl Node {
    async fn wait_until_ready(&mut self) {
        loop {
            let answer = client().get(format!("{}/readyz", self.url)).send().await;
            if answer.is_ok_and(|answer| answer.status() == 200) {
                return;
            }
            assert!(self.process.try_wait().unwrap().is_none(), "it stopped");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    async fn token(&self, management: &Value) -> String {
        let text = |name: &str| management[name].as_str().unwrap().to_owned();
        let body = [
            ("grant_type", "client_credentials".to_owned()),
            ("client_id", text("client_id")),
            ("client_secret", text("client_secret")),
            ("audience", text("audience")),
        ];
        let request = client().post(format!("{}/oauth2/token", self.url));
        let answer = request.form(&body).send().await.unwrap();
        let answer: Value = answer.json().await.unwrap();
        answer["access_token"].as_str().expect("a token").to_owned()
    }

    /// Sends a table to be imported; the import's id.
    pub async fn upload(&self, table: String) -> String {
        let request = client().post(format!("{}/api/v1/imports", self.url));
        let request = request.bearer_auth(&self.token).body(table);
        let answer: Value = request.send().await.unwrap().json().await.unwrap();
        answer["import"]["id"].as_str().expect("an id").to_owned()
    }

    /// Waits until the import is as wanted.
    pub async fn wait_until(&self, import: &str, is_it: impl Fn(&Value) -> bool) {
        let url = format!("{}/api/v1/imports/{import}", self.url);
        loop {
            let request = client().get(&url).bearer_auth(&self.token);
            let answer: Value = request.send().await.unwrap().json().await.unwrap();
            if is_it(&answer["import"]) {
                return;
            }
            assert_ne!(answer["import"]["state"], "failed", "{answer:#}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

fn client() -> reqwest::Client {
    reqwest::Client::builder()
        .build()
        .expect("a client is made")
}
