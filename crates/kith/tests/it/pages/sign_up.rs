//! Signing up.

use super::{PASSWORD, arrive, assert_back, code, mails, person, sign_in};
use crate::harness::{Browser, Kith, Page};
use kith::settings::{self, Policies};
use kith::users;

const FORM: [(&str, &str); 3] = [
    ("first_name", "Ada"),
    ("last_name", "Lovelace"),
    ("email", "ada@example.com"),
];

async fn choose(browser: &Browser, page: &Page, password: &str) -> Page {
    browser
        .submit(
            page,
            &[("new_password", password), ("repeat_password", password)],
        )
        .await
}

#[tokio::test]
async fn a_newcomer_proves_the_address_chooses_a_password_and_is_in() {
    Kith::each(async |kith| {
        let cx = kith.cx();
        let (browser, page) = arrive(&kith, "&prompt=create").await;
        assert_eq!(page.url.path(), "/register");
        let page = browser.submit(&page, &FORM).await;
        assert_eq!(page.url.path(), "/login/code");
        assert!(page.shows("ada@example.com"));
        let page = browser
            .submit(&page, &[("code", &code(&cx, "ada@example.com").await)])
            .await;
        assert_eq!(page.url.path(), "/login/new-password");
        assert_back(&choose(&browser, &page, PASSWORD).await);

        let mut tx = cx.db().read().await.unwrap();
        let (user, identity) = users::find_by_any_identifier(&cx, &mut tx, "ada@example.com")
            .await
            .unwrap()
            .unwrap();
        assert_eq!(user.display_name(), "Ada Lovelace");
        assert_eq!(user.source, "sign_up");
        assert!(identity.is_verified);
        drop(tx);
        let (browser, page) = arrive(&kith, "").await;
        assert_back(&sign_in(&browser, &page, "ada@example.com", PASSWORD).await);
    })
    .await;
}

#[tokio::test]
async fn whoever_signs_up_again_recovers_their_account_and_nobody_else_learns_of_it() {
    Kith::each(async |kith| {
        let cx = kith.cx();
        let user = person(&cx, "ada@example.com", "the old password").await;
        let (browser, page) = arrive(&kith, "&prompt=create").await;
        let page = browser.submit(&page, &FORM).await;
        assert_eq!((page.status, page.url.path()), (200, "/login/code"));
        assert!(page.shows("Confirm email") && !page.shows("already"));
        assert_eq!(mails(&cx).await[0].message.kind, "existing_account");
        let page = browser
            .submit(&page, &[("code", &code(&cx, "ada@example.com").await)])
            .await;
        assert_back(&choose(&browser, &page, PASSWORD).await);
        let mut tx = cx.db().read().await.unwrap();
        let (found, _) = users::find_by_any_identifier(&cx, &mut tx, "ada@example.com")
            .await
            .unwrap()
            .unwrap();
        assert_eq!(found.id, user);
    })
    .await;
}

#[tokio::test]
async fn a_closed_sign_up_is_neither_offered_nor_done() {
    Kith::each(async |kith| {
        let cx = kith.cx();
        let (browser, form) = arrive(&kith, "&prompt=create").await;
        let mut tx = cx.db().begin().await.unwrap();
        settings::put(
            &cx,
            &mut tx,
            &Policies {
                allow_self_sign_up: false,
                ..Policies::default()
            },
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        let page = browser.submit(&form, &FORM).await;
        assert_eq!(page.status, 403);
        assert!(page.shows("Sign-up is closed"));
        assert!(mails(&cx).await.is_empty());
        let (_, page) = arrive(&kith, "").await;
        assert!(!page.html.contains("/register"));
    })
    .await;
}

#[tokio::test]
async fn every_field_says_what_it_lacks_and_keeps_what_was_typed() {
    Kith::each(async |kith| {
        let (browser, page) = arrive(&kith, "&start_page=registration").await;
        let page = browser
            .submit(
                &page,
                &[("first_name", "Ada"), ("last_name", " "), ("email", "ada@")],
            )
            .await;
        assert_eq!(page.status, 422);
        assert!(page.shows("Enter your last name.") && page.shows("name@example.com"));
        let (_, values) = page.form("form");
        assert_eq!(
            (values["first_name"].as_str(), values["email"].as_str()),
            ("Ada", "ada@")
        );
    })
    .await;
}

#[tokio::test]
async fn a_password_is_long_enough_not_common_and_typed_twice() {
    Kith::each(async |kith| {
        let cx = kith.cx();
        let (browser, page) = arrive(&kith, "&prompt=create").await;
        let page = browser.submit(&page, &FORM).await;
        let page = browser
            .submit(&page, &[("code", &code(&cx, "ada@example.com").await)])
            .await;
        for (new, repeated, says) in [
            ("", "", "Enter a new password."),
            ("sevench", "sevench", "at least 8 characters"),
            ("password1", "password1", "easy to guess"),
            (PASSWORD, "seven purple otter", "differ"),
        ] {
            let fields = [("new_password", new), ("repeat_password", repeated)];
            let refused = browser.submit(&page, &fields).await;
            assert_eq!(refused.status, 422, "{new}");
            assert!(refused.shows(says), "{new}: {}", refused.html);
            assert!(!refused.html.contains(PASSWORD));
        }
        let long = "ж".repeat(64);
        assert_back(&choose(&browser, &page, &long).await);
    })
    .await;
}
