//! The hosted pages, as a browser without scripts sees them.

pub mod drip_feed;
mod drip_feed_find;
mod drip_feed_workflow;
mod enumeration;
mod moved;
mod order;
mod organizations;
mod password;
mod recovery;
mod sign_up;
mod timing;
mod workflows;

use std::collections::BTreeMap;

use kith::applications::{self, Kind, NewApplication, UrlKind};
use kith::context::Context;
use kith::credentials::password::{self as passwords, NewPassword, SetBy};
use kith::id::UserId;
use kith::mail::{self, Opened};
use kith::paging::{Order, Wanted};
use kith::secret::Secret;
use kith::users::{self, EmailAddress, Identifier, NewIdentity, NewUser, Source};

use crate::harness::{Browser, Kith, Page};

/// Where the application wants people back.
const CALLBACK: &str = "https://app.example.com/callback";

/// A password that nobody else has.
const PASSWORD: &str = "seven purple otters";

/// An application, and the address that sends somebody to sign in to it.
async fn authorize_path(kith: &Kith, more: &str) -> String {
    let cx = kith.cx();
    let mut tx = cx.db().begin().await.unwrap();
    let new = NewApplication {
        name: "Shop".into(),
        kind: Kind::BackEnd,
    };
    let (application, _) = applications::create(&cx, &mut tx, new).await.unwrap();
    applications::add_urls(
        &cx,
        &mut tx,
        (&application.id, UrlKind::Callback),
        &[CALLBACK.to_owned()],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    format!(
        "/oauth2/auth?client_id={}&redirect_uri={CALLBACK}&response_type=code&scope=openid%20profile%20email&state=s{more}",
        application.id
    )
}

/// A browser that an application has sent to the first page.
pub async fn arrive(kith: &Kith, more: &str) -> (Browser, Page) {
    let browser = kith.browser();
    let page = browser.get(&authorize_path(kith, more).await).await;
    assert_eq!(page.status, 200, "{}", page.html);
    (browser, page)
}

/// A person with a proved address, and a password unless it is empty.
async fn person(cx: &Context, email: &str, password: &str) -> UserId {
    let user = unproved_person(cx, email, password).await;
    let mut tx = cx.db().begin().await.unwrap();
    for identity in users::identities(&mut tx, &user).await.unwrap() {
        users::verify_identity(cx, &mut tx, &identity.id)
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
    user
}

/// A person whose address was never proved.
async fn unproved_person(cx: &Context, email: &str, password: &str) -> UserId {
    let email = Identifier::Email(EmailAddress::parse(email).unwrap());
    let new = NewUser {
        identities: vec![NewIdentity::new(email, false)],
        ..NewUser::from(Source::Api)
    };
    let mut tx = cx.db().begin().await.unwrap();
    let user = users::create(cx, &mut tx, new, None).await.unwrap().id;
    tx.commit().await.unwrap();
    if !password.is_empty() {
        set_password(cx, &user, password, &NewPassword::set_by(SetBy::Api)).await;
    }
    user
}

pub async fn set_password(cx: &Context, user: &UserId, password: &str, new: &NewPassword) {
    let hash = passwords::hash(cx, &Secret::new(password)).await.unwrap();
    let mut tx = cx.db().begin().await.unwrap();
    passwords::put(cx, &mut tx, user, &hash, new).await.unwrap();
    tx.commit().await.unwrap();
}

/// Every mail, newest first.
pub async fn mails(cx: &Context) -> Vec<Opened> {
    let mut tx = cx.db().read().await.unwrap();
    let list = mail::list(cx, &mut tx, &Wanted::first(Order::NEWEST_FIRST, 100))
        .await
        .unwrap();
    let mut opened = Vec::new();
    for message in list.items {
        opened.push(mail::find(cx, &mut tx, &message.id).await.unwrap().unwrap());
    }
    opened
}

/// The code in the newest mail to somebody.
async fn code(cx: &Context, email: &str) -> String {
    let mails = mails(cx).await;
    let newest = mails
        .iter()
        .find(|mail| mail.message.recipient == email)
        .expect("somebody wrote to them");
    let text = &newest.text.as_ref().expect("the mail has its text").text;
    let is_code = |word: &&str| word.len() == 6 && word.bytes().all(|c| c.is_ascii_digit());
    text.split_whitespace()
        .find(is_code)
        .expect("the mail has a code")
        .to_owned()
}

/// Whether the browser was sent back to the application with a code.
fn assert_back(page: &Page) {
    let left_for = page
        .left_for
        .as_ref()
        .unwrap_or_else(|| panic!("still at {}: {}", page.url, page.html));
    assert!(left_for.as_str().starts_with(CALLBACK), "{left_for}");
    let query: BTreeMap<_, _> = left_for.query_pairs().collect();
    assert!(query.contains_key("code"), "{left_for}");
    assert_eq!(query["state"], "s");
}

/// Types an address and a password.
pub async fn sign_in(browser: &Browser, page: &Page, email: &str, password: &str) -> Page {
    let page = browser.submit(page, &[("identifier", email)]).await;
    assert_eq!(page.url.path(), "/login/password");
    browser.submit(&page, &[("password", password)]).await
}
