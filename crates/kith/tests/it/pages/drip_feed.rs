//! People whose passwords only the old system knows, at every door.

use std::time::Duration;

use serde_json::json;
use wiremock::matchers::{body_string_contains, method};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::{PASSWORD, arrive, assert_back, code, mails, person, sign_in, unproved_person};
use crate::harness::{Browser, Kith, Page};
use kith::context::Context;
use kith::credentials::password as passwords;
use kith::drip_feed::{self, Check, Filled};
use kith::secret::Secret;
use kith::users::{self, User};

const EMAIL: &str = "ada@example.com";

/// The password at the old system.
const OLD: &str = "old-Otters-1999";

/// What the old system says.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Says {
    /// Yes to the right password, no to any other.
    Yes,
    Wrong,
    Locked,
    TooMany,
    Slow,
    Down,
    Nonsense,
}

const ALL: [Says; 7] = [
    Says::Yes,
    Says::Wrong,
    Says::Locked,
    Says::TooMany,
    Says::Slow,
    Says::Down,
    Says::Nonsense,
];

/// An old system, asked by the generic HTTP connector.
async fn old_system(cx: &Context, says: Says) -> MockServer {
    let profile = json!({
        "id": "old|1", "email": EMAIL, "email_verified": true, "given_name": "Ada", "family_name": "King", "preferred_username": "ada_k",
    });
    let answer = match says {
        Says::Yes => ResponseTemplate::new(200).set_body_json(profile),
        Says::Wrong => ResponseTemplate::new(401).set_body_json(json!({})),
        Says::Locked => ResponseTemplate::new(423).set_body_json(json!({})),
        Says::TooMany => ResponseTemplate::new(429).insert_header("retry-after", "60"),
        Says::Slow => ResponseTemplate::new(200).set_delay(Duration::from_mins(1)),
        Says::Down => ResponseTemplate::new(502),
        Says::Nonsense => ResponseTemplate::new(200).set_body_string("<html>"),
    };
    let server = answering(OLD, answer).await;
    switch(cx, &server.uri(), true).await;
    server
}

/// A server that gives this answer to whoever has the password; any other is wrong.
pub async fn answering(password: &str, answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .and(body_string_contains(password))
        .respond_with(answer)
        .mount(&server)
        .await;
    Mock::given(method("POST"))
        .respond_with(ResponseTemplate::new(401).set_body_json(json!({})))
        .with_priority(200)
        .mount(&server)
        .await;
    server
}

async fn switch(cx: &Context, url: &str, is_on: bool) {
    let filled = Filled {
        connector: "http".to_owned(),
        is_on,
        trusts_addresses: false,
        values: [("url".to_owned(), Secret::new(url))].into(),
    };
    let mut tx = cx.db().begin().await.unwrap();
    drip_feed::configure(cx, &mut tx, &filled).await.unwrap();
    tx.commit().await.unwrap();
}

async fn who_is(cx: &Context, typed: &str) -> Option<User> {
    let mut tx = cx.db().read().await.unwrap();
    let found = users::find_by_any_identifier(cx, &mut tx, typed).await;
    found.unwrap().map(|(user, _)| user)
}

async fn has_password(cx: &Context, user: &User) -> bool {
    let mut tx = cx.db().read().await.unwrap();
    let status = passwords::status(&mut tx, &user.id).await.unwrap();
    status.is_some()
}

async fn log(cx: &Context) -> Vec<Check> {
    let mut tx = cx.db().read().await.unwrap();
    drip_feed::checks(cx, &mut tx, 100).await.unwrap()
}

async fn choose(browser: &Browser, page: &Page, password: &str) -> Page {
    let fields = [("new_password", password), ("repeat_password", password)];
    browser.submit(page, &fields).await
}

/// From outside a password that did not lead on is wrong, whatever the old system said.
fn assert_wrong(page: &Page, says: Says) {
    assert_eq!(page.status, 422, "{says:?}");
    assert!(page.shows("don’t match"), "{says:?}");
}

#[tokio::test]
async fn sign_in_by_somebody_whom_nobody_here_knows() {
    for says in ALL {
        Kith::each(async |kith| {
            let cx = kith.cx();
            let server = old_system(&cx, says).await;
            let (browser, page) = arrive(&kith, "").await;
            let page = sign_in(&browser, &page, EMAIL, OLD).await;
            if says == Says::Yes {
                assert_back(&page);
                let ada = who_is(&cx, EMAIL).await.unwrap();
                assert_eq!(ada.provided_id.as_deref(), Some("old|1"));
                assert_eq!(ada.given_name.as_deref(), Some("Ada"));
                assert_eq!(who_is(&cx, "ada_k").await.unwrap().id, ada.id);
                // From now on nobody asks.
                drop(server);
                let (browser, page) = arrive(&kith, "").await;
                assert_back(&sign_in(&browser, &page, "ada_k", OLD).await);
            } else {
                assert_wrong(&page, says);
                assert_eq!(who_is(&cx, EMAIL).await.map(|user| user.id), None);
                assert!(log(&cx).await.iter().all(|check| check.outcome != "moved"));
            }
        })
        .await;
    }
}

#[tokio::test]
async fn sign_in_by_somebody_who_was_imported_without_a_password() {
    for says in ALL {
        Kith::each(async |kith| {
            let cx = kith.cx();
            let before = person(&cx, EMAIL, "").await;
            let _server = old_system(&cx, says).await;
            let (browser, page) = arrive(&kith, "").await;
            let page = sign_in(&browser, &page, EMAIL, OLD).await;
            let ada = who_is(&cx, EMAIL).await.unwrap();
            assert_eq!(ada.id, before);
            if says == Says::Yes {
                assert_back(&page);
                assert_eq!(ada.family_name.as_deref(), Some("King"));
            } else {
                assert_wrong(&page, says);
                assert!(!has_password(&cx, &ada).await, "{says:?}");
                assert_eq!(ada.family_name, None);
            }
        })
        .await;
    }
}

#[tokio::test]
async fn an_answer_that_is_none_locks_nobody_out_and_a_wrong_password_does() {
    for says in [
        Says::Down,
        Says::Nonsense,
        Says::TooMany,
        Says::Wrong,
        Says::Locked,
    ] {
        Kith::each(async |kith| {
            let cx = kith.cx();
            let server = old_system(&cx, says).await;
            let (browser, page) = arrive(&kith, "").await;
            let page = browser.submit(&page, &[("identifier", EMAIL)]).await;
            for number in 0..5 {
                // Each a password of its own, so that each is a question of its own.
                let password = format!("{OLD}{number}");
                assert_wrong(
                    &browser.submit(&page, &[("password", &password)]).await,
                    says,
                );
            }
            let counts = matches!(says, Says::Wrong | Says::Locked);
            let sixth = browser.submit(&page, &[("password", OLD)]).await;
            assert_eq!(sixth.status, if counts { 429 } else { 422 }, "{says:?}");
            // Once it answers again, the right password is right.
            drop(server);
            let _server = old_system(&cx, Says::Yes).await;
            kith.advance(Duration::from_secs(301));
            assert_back(&browser.submit(&page, &[("password", OLD)]).await);
        })
        .await;
    }
}

#[tokio::test]
async fn a_button_pressed_often_asks_once() {
    Kith::each(async |kith| {
        let cx = kith.cx();
        let server = MockServer::start().await;
        let answer = ResponseTemplate::new(200)
            .set_body_json(json!({"id": "old|1", "email": EMAIL, "email_verified": true}))
            .set_delay(Duration::from_millis(400));
        Mock::given(method("POST"))
            .respond_with(answer)
            .expect(1)
            .mount(&server)
            .await;
        switch(&cx, &server.uri(), true).await;
        let (browser, page) = arrive(&kith, "").await;
        let page = browser.submit(&page, &[("identifier", EMAIL)]).await;
        let presses = (0..4).map(|_| browser.submit(&page, &[("password", OLD)]));
        let pages = futures::future::join_all(presses).await;
        assert!(
            pages
                .iter()
                .any(|page| page.status == 200 || page.status == 303),
            "{pages:?}"
        );
        assert_eq!(log(&cx).await.len(), 1);
        assert!(who_is(&cx, EMAIL).await.is_some());
    })
    .await;
}

#[tokio::test]
async fn an_old_system_that_is_down_is_left_alone_for_a_while() {
    Kith::each(async |kith| {
        let cx = kith.cx();
        let server = old_system(&cx, Says::Down).await;
        let (browser, page) = arrive(&kith, "").await;
        let page = browser.submit(&page, &[("identifier", EMAIL)]).await;
        for number in 0..9 {
            let password = format!("{OLD}{number}");
            assert_wrong(
                &browser.submit(&page, &[("password", &password)]).await,
                Says::Down,
            );
        }
        assert_eq!(server.received_requests().await.unwrap().len(), 5);
        kith.advance(Duration::from_secs(31));
        browser.submit(&page, &[("password", OLD)]).await;
        assert_eq!(server.received_requests().await.unwrap().len(), 6);
    })
    .await;
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_by_whoever_reads_the_mailbox() {
    for (says, is_known) in ALL
        .into_iter()
        .flat_map(|says| [(says, true), (says, false)])
    {
        if matches!(says, Says::Slow) {
            continue; // Nobody is asked at this door, so nobody is waited for.
        }
        Kith::each(async |kith| {
            let cx = kith.cx();
            if is_known {
                person(&cx, EMAIL, "").await;
            }
            let _server = old_system(&cx, says).await;
            let (browser, page) = arrive(&kith, "").await;
            let page = browser.submit(&page, &[("identifier", EMAIL)]).await;
            let page = browser.submit_form(&page, "form[action*=reset]", &[]).await;
            assert_eq!(page.url.path(), "/login/code");
            let page = browser
                .submit(&page, &[("code", &code(&cx, EMAIL).await)])
                .await;
            assert_back(&choose(&browser, &page, PASSWORD).await);
            // The old system is needed no more, and its password is worth nothing here.
            let (browser, page) = arrive(&kith, "").await;
            let page = sign_in(&browser, &page, EMAIL, OLD).await;
            assert_wrong(&page, says);
            assert_back(&browser.submit(&page, &[("password", PASSWORD)]).await);
        })
        .await;
    }
}

#[tokio::test]
async fn sign_up_with_the_password_of_the_old_system_brings_the_old_account() {
    for says in ALL {
        Kith::each(async |kith| {
            let cx = kith.cx();
            let _server = old_system(&cx, says).await;
            let (browser, page) = arrive(&kith, "&prompt=create").await;
            assert_eq!(page.url.path(), "/register");
            let form = [
                ("first_name", "Ada"),
                ("last_name", "Lovelace"),
                ("email", EMAIL),
            ];
            let page = browser.submit(&page, &form).await;
            let page = browser
                .submit(&page, &[("code", &code(&cx, EMAIL).await)])
                .await;
            assert_back(&choose(&browser, &page, OLD).await);
            let ada = who_is(&cx, EMAIL).await.unwrap();
            let came = (says == Says::Yes).then_some("old|1");
            assert_eq!(ada.provided_id.as_deref(), came, "{says:?}");
            let (browser, page) = arrive(&kith, "").await;
            assert_back(&sign_in(&browser, &page, EMAIL, OLD).await);
        })
        .await;
    }
}

#[tokio::test]
async fn a_password_of_ours_is_never_overruled() {
    Kith::each(async |kith| {
        let cx = kith.cx();
        let server = old_system(&cx, Says::Yes).await;
        let (browser, page) = arrive(&kith, "").await;
        assert_back(&sign_in(&browser, &page, EMAIL, OLD).await);
        // She changes her address here; over there she still has the old one.
        let ada = who_is(&cx, EMAIL).await.unwrap();
        let mut tx = cx.db().begin().await.unwrap();
        let new = users::NewIdentity::new(
            users::Identifier::Email(users::EmailAddress::parse("ada@example.org").unwrap()),
            true,
        );
        users::add_identity(&cx, &mut tx, &ada.id, new)
            .await
            .unwrap();
        let identities = users::identities(&mut tx, &ada.id).await.unwrap();
        let old = identities
            .iter()
            .find(|identity| identity.value == EMAIL)
            .unwrap();
        users::remove_identity(&cx, &mut tx, &old.id).await.unwrap();
        tx.commit().await.unwrap();
        // Nobody is let in by what the old system has said a moment ago, nor by what it says now.
        let asked = server.received_requests().await.unwrap().len();
        for questions in [0, 1] {
            let (browser, page) = arrive(&kith, "").await;
            let page = sign_in(&browser, &page, EMAIL, OLD).await;
            assert_wrong(&page, Says::Yes);
            let now = server.received_requests().await.unwrap().len();
            assert_eq!(now, asked + questions);
            kith.advance(Duration::from_mins(1));
        }
        assert_eq!(log(&cx).await[0].outcome, "refused");
        assert!(who_is(&cx, EMAIL).await.is_none());
        let (browser, page) = arrive(&kith, "").await;
        assert_back(&sign_in(&browser, &page, "ada@example.org", OLD).await);
        // Who has a password here is not asked about, be the password right over there.
        person(&cx, "bea@example.com", PASSWORD).await;
        let (browser, page) = arrive(&kith, "").await;
        assert_wrong(
            &sign_in(&browser, &page, "bea@example.com", OLD).await,
            Says::Yes,
        );
        assert_eq!(server.received_requests().await.unwrap().len(), asked + 1);
    })
    .await;
}

#[tokio::test]
async fn several_names_of_one_person_are_one_person() {
    Kith::each(async |kith| {
        let cx = kith.cx();
        let _server = old_system(&cx, Says::Yes).await;
        let (browser, page) = arrive(&kith, "").await;
        assert_back(&sign_in(&browser, &page, "ada_k", OLD).await);
        let (browser, page) = arrive(&kith, "").await;
        assert_back(&sign_in(&browser, &page, EMAIL, OLD).await);
        assert_eq!(
            who_is(&cx, EMAIL).await.unwrap().id,
            who_is(&cx, "ada_k").await.unwrap().id
        );
        assert_eq!(log(&cx).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_password_that_would_not_be_taken_here_moves_and_must_be_replaced() {
    Kith::each(async |kith| {
        let cx = kith.cx();
        let server = MockServer::start().await;
        let profile = json!({"id": "old|1", "email": EMAIL, "email_verified": true});
        Mock::given(method("POST"))
            .respond_with(ResponseTemplate::new(200).set_body_json(profile))
            .mount(&server)
            .await;
        switch(&cx, &server.uri(), true).await;
        let (browser, page) = arrive(&kith, "").await;
        let page = sign_in(&browser, &page, EMAIL, "123456").await;
        assert_eq!(page.url.path(), "/login/new-password");
        assert_back(&choose(&browser, &page, PASSWORD).await);
        let (browser, page) = arrive(&kith, "").await;
        assert_back(&sign_in(&browser, &page, EMAIL, PASSWORD).await);
    })
    .await;
}

#[tokio::test]
async fn an_address_that_the_old_system_never_proved_is_proved_by_a_code() {
    Kith::each(async |kith| {
        let cx = kith.cx();
        let server = MockServer::start().await;
        Mock::given(method("POST"))
            .respond_with(
                ResponseTemplate::new(200).set_body_json(json!({"id": "old|1", "email": EMAIL})),
            )
            .mount(&server)
            .await;
        switch(&cx, &server.uri(), true).await;
        let (browser, page) = arrive(&kith, "").await;
        let page = sign_in(&browser, &page, EMAIL, OLD).await;
        assert_eq!(page.url.path(), "/login/code");
        assert_back(
            &browser
                .submit(&page, &[("code", &code(&cx, EMAIL).await)])
                .await,
        );
        // Nor does an unproved address over there open an account whose owner has proved it here.
        person(&cx, "bea@example.com", "").await;
        let (browser, page) = arrive(&kith, "").await;
        let page = sign_in(&browser, &page, "bea@example.com", OLD).await;
        assert_wrong(&page, Says::Yes);
        assert_eq!(log(&cx).await[0].outcome, "refused");
    })
    .await;
}

#[tokio::test]
async fn whoever_is_made_by_the_api_is_asked_about_until_they_have_a_password() {
    Kith::each(async |kith| {
        let cx = kith.cx();
        let _server = old_system(&cx, Says::Yes).await;
        let before = unproved_person(&cx, EMAIL, "").await;
        let (browser, page) = arrive(&kith, "").await;
        assert_back(&sign_in(&browser, &page, EMAIL, OLD).await);
        assert_eq!(who_is(&cx, EMAIL).await.unwrap().id, before);
        assert!(mails(&cx).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn an_old_system_that_is_not_asked_is_not_asked() {
    Kith::each(async |kith| {
        let cx = kith.cx();
        let server = old_system(&cx, Says::Yes).await;
        switch(&cx, &server.uri(), false).await;
        let (browser, page) = arrive(&kith, "").await;
        assert_wrong(&sign_in(&browser, &page, EMAIL, OLD).await, Says::Yes);
        let mut tx = cx.db().begin().await.unwrap();
        drip_feed::end(&cx, &mut tx).await.unwrap();
        tx.commit().await.unwrap();
        let (browser, page) = arrive(&kith, "").await;
        assert_wrong(&sign_in(&browser, &page, EMAIL, OLD).await, Says::Yes);
        assert!(server.received_requests().await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn no_password_is_written_down_anywhere() {
    Kith::each(async |kith| {
        let cx = kith.cx();
        for says in [Says::Wrong, Says::Nonsense, Says::Yes] {
            let _server = old_system(&cx, says).await;
            let (browser, page) = arrive(&kith, "").await;
            sign_in(&browser, &page, EMAIL, OLD).await;
            kith.advance(Duration::from_mins(1));
        }
        let checks = format!("{:?}", log(&cx).await);
        assert!(checks.contains("moved"), "{checks}");
        assert!(!checks.contains(OLD) && !checks.contains(EMAIL), "{checks}");
    })
    .await;
}
