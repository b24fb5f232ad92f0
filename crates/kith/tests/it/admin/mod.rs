//! The dashboard, as a member of the team uses it.

mod apis;
mod applications;
mod export;
mod guard;
mod home;
mod import_columns;
mod import_trust;
mod imports;
mod organizations;
mod resets;
mod roles;
mod search;
mod set_up;
mod settings;
mod users;
mod workflow_repository;
mod workflows;

use std::collections::BTreeMap;
use std::io::Write as _;

use kith::imports::{Content, Input, NewRun, Options};
use kith::team::setup;

use crate::harness::{Browser, Kith, Page};

/// What the owner signs in with.
pub const EMAIL: &str = "grace@example.com";
/// The owner's password.
pub const PASSWORD: &str = "a ladder to the moon";

/// The path and query of the owner's set-up link.
pub async fn setup_path(kith: &Kith) -> Option<String> {
    let installation = &kith.installation;
    let link = setup::link(&installation.app, &installation.environments)
        .await
        .unwrap()?;
    Some(
        link.strip_prefix(&kith.nodes[0])
            .expect("the link leads here")
            .to_owned(),
    )
}

/// What the owner fills in.
pub const OWNER: &[(&str, &str)] = &[
    ("first_name", "Grace"),
    ("last_name", "Hopper"),
    ("email", EMAIL),
    ("new_password", PASSWORD),
    ("repeat_password", PASSWORD),
];

/// A browser in which the owner is signed in.
pub async fn owner(kith: &Kith) -> Browser {
    let browser = kith.browser();
    let path = setup_path(kith).await.expect("there is no owner yet");
    let form = browser.get(&path).await;
    let home = browser.submit(&form, OWNER).await;
    assert_eq!(
        (home.status, home.url.path()),
        (200, "/admin/"),
        "{}",
        home.html
    );
    browser
}

/// Presses the button of the form that posts to this path.
pub async fn press(browser: &Browser, page: &Page, path: &str) -> Page {
    browser
        .submit_form(page, &format!("form[action='{path}']"), &[])
        .await
}

/// Adds a person, and returns the path of their page.
pub async fn add_user(browser: &Browser, first_name: &str, email: &str) -> String {
    let form = browser.get("/admin/users/new").await;
    let fields = [("first_name", first_name), ("email", email)];
    let page = submit(browser, &form, "/admin/users/new", &fields).await;
    assert_eq!(page.status, 200, "{}", page.html);
    page.url.path().to_owned()
}

/// Fills in the form that posts to this path, and submits it.
pub async fn submit(browser: &Browser, page: &Page, path: &str, fields: &[(&str, &str)]) -> Page {
    browser
        .submit_form(page, &format!("form[action='{path}']"), fields)
        .await
}

/// Imports a table.
pub async fn import(kith: &Kith, csv: &str) {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(csv.as_bytes()).unwrap();
    let input = Input {
        name: "people.csv".into(),
        content: Content::Path(file.path().to_path_buf()),
    };
    let options = Options::default();
    let new = NewRun {
        source: None,
        inputs: vec![input],
        options: options.clone(),
        is_dry_run: false,
    };
    let cx = kith.cx();
    let (run, inputs) = kith::imports::start(&cx, new).await.unwrap();
    kith::imports::run(&cx, run, &options, inputs, |_| {})
        .await
        .unwrap();
}

/// A form of nothing.
pub fn no_fields() -> BTreeMap<String, String> {
    BTreeMap::new()
}
