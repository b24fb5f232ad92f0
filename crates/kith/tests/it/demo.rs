//! `kith demo` as a newcomer meets it: one command, then people who sign in with the passwords they always had.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::harness::{Page, Visitor};

/// A demo in a process of its own, with a folder for everything temporary.
struct Demo {
    child: Child,
    facts: Value,
    folder: tempfile::TempDir,
}

impl Demo {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_kith"))
            .args(["demo", "--json", "--listen", "127.0.0.1:0"])
            .env("TMPDIR", folder.path())
            .current_dir(folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let facts = serde_json::from_str(&line).unwrap_or_else(|_| panic!("no facts: {line}"));
        Self {
            child,
            facts,
            folder,
        }
    }

    fn text(&self, pointer: &str) -> &str {
        let value = self.facts.pointer(pointer).and_then(Value::as_str);
        value.unwrap_or_else(|| panic!("no {pointer} in {}", self.facts))
    }

    /// Address, and password where they have one, of somebody worth trying.
    fn person(&self, source: &str, account: &str) -> (&str, Option<&str>) {
        let people = self.facts["people"].as_array().unwrap();
        let person = people
            .iter()
            .find(|person| person["source"] == source && person["account"] == account)
            .unwrap_or_else(|| panic!("nobody is {account} at {source}"));
        (
            person["email"].as_str().unwrap(),
            person["password"].as_str(),
        )
    }

    /// Goes from the demo application to the page that asks for the password.
    async fn identify(&self, visitor: &Visitor, email: &str) -> Page {
        let app = self.text("/application/url");
        let page = visitor.get(&format!("{app}/sign-in")).await;
        visitor.submit(&page, &[("identifier", email)]).await
    }

    fn interrupt(&mut self) -> bool {
        let pid = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-INT", &pid])
                .status()
                .unwrap()
                .success()
        );
        self.child.wait().unwrap().success()
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // Fails where it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn people_move_out_of_the_former_provider_and_sign_in_as_ever() {
    let mut demo = Demo::start();
    for import in demo.facts["imports"].as_array().unwrap() {
        assert_eq!(import["created"], 3000, "{import}");
        assert_eq!(import["refused"], 5, "{import}");
    }
    // The last is in no export, and is asked about as they sign in.
    for source in ["Auth0", "Clerk", "Old app"] {
        let visitor = Visitor::new();
        let (email, password) = demo.person(source, "usual");
        let page = demo.identify(&visitor, email).await;
        let page = visitor.submit(&page, &[("password", "not this one")]).await;
        assert!(
            page.text("main").unwrap().contains("password"),
            "{}",
            page.html
        );
        let page = visitor
            .submit(&page, &[("password", password.unwrap())])
            .await;
        assert_eq!(page.url.as_str(), demo.text("/application/url"));
        assert!(page.shows("Welcome, "), "{}", page.html);
        // What the ID token says.
        assert!(page.shows(email) && page.shows(demo.text("/issuer")));
        // The second sign-in meets the hash that replaced the old one.
        let app = demo.text("/application/url");
        let page = visitor.get(&format!("{app}/sign-out")).await;
        assert_eq!(page.url.as_str(), app);
        let page = demo.identify(&visitor, email).await;
        let page = visitor
            .submit(&page, &[("password", password.unwrap())])
            .await;
        assert!(page.shows("Welcome, "), "{}", page.html);
    }
    blocked_people_stay_blocked(&demo).await;
    the_owner_finds_everybody(&demo).await;
    the_former_provider_hands_out_what_it_held(&demo).await;

    assert!(demo.interrupt(), "Ctrl-C is a good end");
    let left: Vec<_> = std::fs::read_dir(demo.folder.path()).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
}

async fn blocked_people_stay_blocked(demo: &Demo) {
    let visitor = Visitor::new();
    let (email, password) = demo.person("Auth0", "blocked");
    let page = demo.identify(&visitor, email).await;
    let page = visitor
        .submit(&page, &[("password", password.unwrap())])
        .await;
    assert!(page.url.as_str().starts_with(demo.text("/issuer")));
    assert!(!page.shows("Welcome, "));
}

async fn the_owner_finds_everybody(demo: &Demo) {
    let visitor = Visitor::new();
    let admin = demo.text("/admin_url");
    let page = visitor.get(admin).await;
    let page = visitor
        .submit(&page, &[("identifier", demo.text("/owner/email"))])
        .await;
    let page = visitor
        .submit(&page, &[("password", demo.text("/owner/password"))])
        .await;
    assert!(page.url.as_str().starts_with(admin), "{}", page.url);
    let (email, _) = demo.person("Clerk", "usual");
    let page = visitor.get(&format!("{admin}/users?q={email}")).await;
    assert!(page.shows(email), "{}", page.html);
}

async fn the_former_provider_hands_out_what_it_held(demo: &Demo) {
    let visitor = Visitor::new();
    let page = visitor.get(demo.text("/former_provider_url")).await;
    assert!(page.shows(demo.person("Auth0", "usual").0));
    let export = page.url.join("/export/clerk.csv").unwrap();
    let table = visitor.get(export.as_str()).await;
    assert!(
        table
            .html
            .starts_with("id,first_name,last_name,username,primary_email_address,")
    );
}
