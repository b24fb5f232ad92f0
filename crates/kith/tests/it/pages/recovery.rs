//! A forgotten password.

use std::time::Duration;

use super::{PASSWORD, arrive, assert_back, authorize_path, code, mails, person, sign_in};
use crate::harness::{Browser, Kith, Page};

async fn forget(browser: &Browser, page: &Page, email: &str) -> Page {
    let form = browser
        .get(&format!(
            "/login/reset?flow={}",
            page.parameter("flow").unwrap()
        ))
        .await;
    browser.submit(&form, &[("identifier", email)]).await
}

#[tokio::test]
async fn a_code_by_mail_leads_to_a_new_password_and_ends_other_sessions() {
    Kith::each(async |kith| {
        let cx = kith.cx();
        person(&cx, "ada@example.com", "the old password").await;
        let (elsewhere, page) = arrive(&kith, "").await;
        assert_back(&sign_in(&elsewhere, &page, "ada@example.com", "the old password").await);

        let (browser, page) = arrive(&kith, "").await;
        let page = forget(&browser, &page, "ada@example.com").await;
        assert_eq!(page.url.path(), "/login/code");
        let page = browser
            .submit(&page, &[("code", &code(&cx, "ada@example.com").await)])
            .await;
        assert!(page.shows("Your old password stops working"));
        let fields = [("new_password", PASSWORD), ("repeat_password", PASSWORD)];
        assert_back(&browser.submit(&page, &fields).await);

        let page = elsewhere.get(&authorize_path(&kith, "").await).await;
        assert_eq!(
            page.url.path(),
            "/login",
            "whoever knew the old password is signed out"
        );
        let wrong = sign_in(&elsewhere, &page, "ada@example.com", "the old password").await;
        assert_eq!(wrong.status, 422);
    })
    .await;
}

#[tokio::test]
async fn a_code_is_worth_one_sign_in_five_tries_and_two_hours() {
    Kith::each(async |kith| {
        let cx = kith.cx();
        person(&cx, "ada@example.com", PASSWORD).await;
        let (browser, page) = arrive(&kith, "").await;
        let page = forget(&browser, &page, "ada@example.com").await;
        let older = code(&cx, "ada@example.com").await;
        let page = browser
            .submit_form(&page, "form[action*=resend]", &[])
            .await;
        let newer = code(&cx, "ada@example.com").await;
        assert!(
            browser
                .submit(&page, &[("code", &older)])
                .await
                .shows("isn’t right")
        );
        kith.advance(Duration::from_secs(2 * 3600 - 1));
        let again = browser
            .submit_form(&page, "form[action*=resend]", &[])
            .await;
        assert!(
            browser
                .submit(&again, &[("code", &newer)])
                .await
                .shows("isn’t right")
        );
        kith.advance(Duration::from_hours(2));
        let late = code(&cx, "ada@example.com").await;
        let expired = browser.submit(&again, &[("code", &late)]).await;
        assert!(
            expired.shows("took too long") || expired.shows("expired"),
            "{}",
            expired.html
        );
    })
    .await;
}

#[tokio::test]
async fn wrong_codes_lock_like_wrong_passwords() {
    Kith::each(async |kith| {
        let cx = kith.cx();
        person(&cx, "ada@example.com", PASSWORD).await;
        let (browser, page) = arrive(&kith, "").await;
        let page = forget(&browser, &page, "ada@example.com").await;
        for _ in 0..5 {
            assert_eq!(browser.submit(&page, &[("code", "x1")]).await.status, 422);
        }
        let right = code(&cx, "ada@example.com").await;
        assert_eq!(browser.submit(&page, &[("code", &right)]).await.status, 429);
        let (browser, page) = arrive(&kith, "").await;
        assert_eq!(
            sign_in(&browser, &page, "ada@example.com", PASSWORD)
                .await
                .status,
            429
        );
    })
    .await;
}

#[tokio::test]
async fn nobody_is_flooded_with_codes() {
    Kith::each(async |kith| {
        let cx = kith.cx();
        person(&cx, "ada@example.com", PASSWORD).await;
        for _ in 0..10 {
            let (browser, page) = arrive(&kith, "").await;
            assert_eq!(forget(&browser, &page, "ada@example.com").await.status, 200);
        }
        let (browser, page) = arrive(&kith, "").await;
        let refused = forget(&browser, &page, "ada@example.com").await;
        assert_eq!(refused.status, 429);
        assert_eq!(mails(&cx).await.len(), 10);
        kith.advance(Duration::from_secs(901));
        let (browser, page) = arrive(&kith, "").await;
        assert_eq!(forget(&browser, &page, "ada@example.com").await.status, 200);
    })
    .await;
}
