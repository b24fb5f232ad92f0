//! People whom the old system knows by an address that they prove: whoever forgot the password, and whoever signs up again.

use serde_json::json;
use wiremock::matchers::header;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::{PASSWORD, arrive, assert_back, code, mails, person, sign_in};
use crate::harness::{Browser, Kith, Page};
use kith::context::Context;
use kith::drip_feed::{self, Check, Filled};
use kith::secret::Secret;
use kith::settings::{self, Policies};
use kith::users::{self, User};

const EMAIL: &str = "ada@example.com";

/// What the old system says when it is asked who somebody is.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Says {
    /// There is somebody with this address.
    Somebody,
    /// There is, and they have never proved it.
    Unproved,
    /// Somebody is found by this name, and has another address.
    Other,
    Nobody,
    Locked,
    TooMany,
    Down,
    Nonsense,
}

const ALL: [Says; 8] = [
    Says::Somebody,
    Says::Unproved,
    Says::Other,
    Says::Nobody,
    Says::Locked,
    Says::TooMany,
    Says::Down,
    Says::Nonsense,
];

impl Says {
    /// As the log of checks has it.
    fn outcome(self) -> &'static str {
        match self {
            Self::Somebody => "moved",
            Self::Unproved | Self::Other => "refused",
            Self::Nobody => "unknown",
            Self::Locked => "locked",
            Self::TooMany => "too_many",
            Self::Down => "down",
            Self::Nonsense => "unclear",
        }
    }

    fn answer(self) -> ResponseTemplate {
        let user = |email: &str, is_proved: &str, is_enabled: bool| {
            ResponseTemplate::new(200).set_body_json(json!({
                "Username": "ada", "Enabled": is_enabled, "UserAttributes": [
                    {"Name": "sub", "Value": "c1"}, {"Name": "email", "Value": email},
                    {"Name": "email_verified", "Value": is_proved}, {"Name": "given_name", "Value": "Ada"},
                    {"Name": "family_name", "Value": "King"},
                ],
            }))
        };
        match self {
            Self::Somebody => user(EMAIL, "true", true),
            Self::Unproved => user(EMAIL, "false", true),
            Self::Other => user("other@example.com", "true", true),
            Self::Nobody => refusal("UserNotFoundException", "User does not exist."),
            Self::Locked => user(EMAIL, "true", false),
            Self::TooMany => ResponseTemplate::new(429),
            Self::Down => ResponseTemplate::new(502),
            Self::Nonsense => ResponseTemplate::new(200).set_body_string("<html>"),
        }
    }
}

fn refusal(kind: &str, message: &str) -> ResponseTemplate {
    ResponseTemplate::new(400).set_body_json(json!({"__type": kind, "message": message}))
}

/// A user pool in which people can be looked up. No password is right there.
async fn old_system(cx: &Context, says: Says) -> MockServer {
    let server = MockServer::start().await;
    let target = |action: &str| {
        header(
            "x-amz-target",
            format!("AWSCognitoIdentityProviderService.{action}").as_str(),
        )
    };
    Mock::given(target("AdminGetUser"))
        .respond_with(says.answer())
        .mount(&server)
        .await;
    Mock::given(target("AdminInitiateAuth"))
        .respond_with(refusal(
            "NotAuthorizedException",
            "Incorrect username or password.",
        ))
        .mount(&server)
        .await;
    let fields = [
        ("region", "eu-central-1"),
        ("client_id", "kith"),
        ("user_pool_id", "eu-central-1_a"),
        ("access_key_id", "AKIDEXAMPLE"),
        ("secret_access_key", "hush"),
        ("url", &server.uri()),
    ];
    let filled = Filled {
        connector: "cognito".to_owned(),
        is_on: true,
        trusts_addresses: false,
        values: fields
            .map(|(name, value)| (name.to_owned(), Secret::new(value)))
            .into(),
    };
    let mut tx = cx.db().begin().await.unwrap();
    drip_feed::configure(cx, &mut tx, &filled).await.unwrap();
    tx.commit().await.unwrap();
    server
}

async fn close_sign_up(cx: &Context) {
    let mut tx = cx.db().begin().await.unwrap();
    let policies = Policies {
        allow_self_sign_up: false,
        ..settings::get(&mut tx, &cx.environment().id).await.unwrap()
    };
    settings::put(cx, &mut tx, &policies).await.unwrap();
    tx.commit().await.unwrap();
}

/// How often somebody was looked up.
async fn looked_up(server: &MockServer) -> usize {
    let requests = server.received_requests().await.unwrap();
    let names = |request: &&wiremock::Request| {
        request.headers["x-amz-target"] == "AWSCognitoIdentityProviderService.AdminGetUser"
    };
    requests.iter().filter(names).count()
}

async fn who_is(cx: &Context, typed: &str) -> Option<User> {
    let mut tx = cx.db().read().await.unwrap();
    let found = users::find_by_any_identifier(cx, &mut tx, typed).await;
    found.unwrap().map(|(user, _)| user)
}

async fn log(cx: &Context) -> Vec<Check> {
    let mut tx = cx.db().read().await.unwrap();
    drip_feed::checks(cx, &mut tx, 100).await.unwrap()
}

/// Up to the page that asks for the code, by the door of those who forgot their password.
async fn forget(kith: &Kith) -> (Browser, Page) {
    let (browser, page) = arrive(kith, "").await;
    let page = browser.submit(&page, &[("identifier", EMAIL)]).await;
    let page = browser.submit_form(&page, "form[action*=reset]", &[]).await;
    assert_eq!(page.url.path(), "/login/code");
    (browser, page)
}

/// The same by the door of those who sign up.
async fn sign_up(kith: &Kith) -> (Browser, Page) {
    let (browser, page) = arrive(kith, "&prompt=create").await;
    let form = [
        ("first_name", "Ada"),
        ("last_name", "Lovelace"),
        ("email", EMAIL),
    ];
    (browser.clone(), browser.submit(&page, &form).await)
}

async fn enter(browser: &Browser, page: &Page, cx: &Context) -> Page {
    let code = code(cx, EMAIL).await;
    browser.submit(page, &[("code", &code)]).await
}

async fn choose(browser: &Browser, page: &Page) -> Page {
    let fields = [("new_password", PASSWORD), ("repeat_password", PASSWORD)];
    browser.submit(page, &fields).await
}

/// The code proves the address; then whoever is known over there is known here, once.
async fn assert_taken_over(kith: &Kith, says: Says, door: &str) {
    let cx = kith.cx();
    let ada = who_is(&cx, EMAIL).await.unwrap();
    let (id, name) = match says {
        Says::Somebody => (Some("c1"), Some("King")),
        _ if door == "sign_up" => (None, Some("Lovelace")),
        _ => (None, None),
    };
    assert_eq!(ada.provided_id.as_deref(), id, "{says:?}");
    assert_eq!(ada.family_name.as_deref(), name, "{says:?}");
    let checks = log(&cx).await;
    let check = checks.iter().find(|check| check.outcome == says.outcome());
    let check = check.unwrap_or_else(|| panic!("{says:?}: {checks:?}"));
    assert_eq!(check.door, door);
    assert_eq!(check.user_id.is_some(), says == Says::Somebody);
    assert!(!format!("{checks:?}").contains(EMAIL));
    let (browser, page) = arrive(kith, "").await;
    assert_back(&sign_in(&browser, &page, EMAIL, PASSWORD).await);
}

#[tokio::test]
async fn whoever_forgot_the_password_keeps_the_old_profile() {
    for says in ALL {
        Kith::each(async |kith| {
            let cx = kith.cx();
            let server = old_system(&cx, says).await;
            let (browser, page) = forget(&kith).await;
            let wrong = browser.submit(&page, &[("code", "000000")]).await;
            assert_eq!(wrong.status, 422);
            // Before the address is proved nobody is asked about, let alone made.
            assert_eq!(looked_up(&server).await, 0, "{says:?}");
            assert!(who_is(&cx, EMAIL).await.is_none());
            let page = enter(&browser, &page, &cx).await;
            assert_eq!(page.url.path(), "/login/new-password", "{}", page.html);
            assert_eq!(looked_up(&server).await, 1, "{says:?}");
            assert_back(&choose(&browser, &page).await);
            assert_taken_over(&kith, says, "reset").await;
        })
        .await;
    }
}

#[tokio::test]
async fn whoever_signs_up_again_gets_the_account_that_they_had() {
    for says in ALL {
        Kith::each(async |kith| {
            let cx = kith.cx();
            let server = old_system(&cx, says).await;
            let (browser, page) = sign_up(&kith).await;
            assert_eq!(looked_up(&server).await, 0, "{says:?}");
            let page = enter(&browser, &page, &cx).await;
            assert_back(&choose(&browser, &page).await);
            assert_taken_over(&kith, says, "sign_up").await;
        })
        .await;
    }
}

#[tokio::test]
async fn where_sign_up_is_closed_only_those_come_whom_the_old_system_knows() {
    for says in ALL {
        Kith::each(async |kith| {
            let cx = kith.cx();
            let _server = old_system(&cx, says).await;
            close_sign_up(&cx).await;
            let (browser, page) = forget(&kith).await;
            let page = enter(&browser, &page, &cx).await;
            if says == Says::Somebody {
                assert_back(&choose(&browser, &page).await);
                assert_taken_over(&kith, says, "reset").await;
            } else {
                assert!(page.shows("Sign-up is closed"), "{says:?}: {}", page.html);
                assert!(who_is(&cx, EMAIL).await.is_none(), "{says:?}");
            }
        })
        .await;
    }
}

#[tokio::test]
async fn whoever_is_here_is_not_looked_up_and_nobody_is_told_apart() {
    Kith::each(async |kith| {
        let cx = kith.cx();
        let server = old_system(&cx, Says::Somebody).await;
        person(&cx, "bea@example.com", "").await;
        let mut pages = Vec::new();
        for email in ["bea@example.com", EMAIL, "nobody@example.com"] {
            let (browser, page) = arrive(&kith, "").await;
            let page = browser.submit(&page, &[("identifier", email)]).await;
            let page = browser.submit_form(&page, "form[action*=reset]", &[]).await;
            assert_eq!(page.url.path(), "/login/code");
            let texts = page.texts("main").join(" ").replace(email, "…");
            pages.push((page.status, texts));
            assert_eq!(mails(&cx).await[0].message.recipient, email);
            if email == "bea@example.com" {
                let code = code(&cx, email).await;
                let page = browser.submit(&page, &[("code", &code)]).await;
                assert_back(&choose(&browser, &page).await);
            }
        }
        assert!(pages.windows(2).all(|two| two[0] == two[1]), "{pages:?}");
        assert_eq!(looked_up(&server).await, 0);
    })
    .await;
}

#[tokio::test]
async fn somebody_who_proves_an_address_twice_at_once_is_one_person() {
    Kith::each(async |kith| {
        let cx = kith.cx();
        let _server = old_system(&cx, Says::Somebody).await;
        let (browser, page) = forget(&kith).await;
        let first_code = code(&cx, EMAIL).await;
        kith.advance(std::time::Duration::from_secs(1));
        let (other, second) = forget(&kith).await;
        let second_code = code(&cx, EMAIL).await;
        let fields = [("code", first_code.as_str())];
        let others = [("code", second_code.as_str())];
        let (one, two) = futures::join!(
            browser.submit(&page, &fields),
            other.submit(&second, &others)
        );
        assert_back(&choose(&browser, &one).await);
        assert_back(&choose(&other, &two).await);
        let mut tx = cx.db().read().await.unwrap();
        assert_eq!(users::count(&cx, &mut tx).await.unwrap(), 1);
        assert_eq!(
            who_is(&cx, EMAIL).await.unwrap().provided_id.as_deref(),
            Some("c1")
        );
    })
    .await;
}
