//! Signing in with a password.

use std::time::Duration;

use super::{
    PASSWORD, arrive, assert_back, authorize_path, code, person, set_password, sign_in,
    unproved_person,
};
use crate::harness::Kith;
use kith::credentials::password::{NewPassword, SetBy};
use kith::users;

#[tokio::test]
async fn a_person_signs_in_and_the_application_gets_a_code() {
    Kith::each(async |kith| {
        person(&kith.cx(), "ada@example.com", PASSWORD).await;
        let (browser, page) = arrive(&kith, "").await;
        assert_back(&sign_in(&browser, &page, " Ada@Example.com ", PASSWORD).await);
    })
    .await;
}

#[tokio::test]
async fn a_login_hint_fills_in_the_first_field() {
    Kith::each(async |kith| {
        let (_, page) = arrive(&kith, "&login_hint=ada@example.com").await;
        assert_eq!(page.form("form").1["identifier"], "ada@example.com");
    })
    .await;
}

#[tokio::test]
async fn the_right_password_is_refused_after_five_wrong_ones_for_five_minutes() {
    Kith::each(async |kith| {
        person(&kith.cx(), "ada@example.com", PASSWORD).await;
        let (browser, page) = arrive(&kith, "").await;
        let page = browser
            .submit(&page, &[("identifier", "ada@example.com")])
            .await;
        for _ in 0..5 {
            let wrong = browser.submit(&page, &[("password", "wrong")]).await;
            assert_eq!(wrong.status, 422);
            assert!(wrong.shows("don’t match"));
        }
        let locked = browser.submit(&page, &[("password", PASSWORD)]).await;
        assert_eq!(locked.status, 429);
        assert_eq!(locked.headers["retry-after"], "300");
        assert!(locked.shows("Try again in 5 minutes."));
        kith.advance(Duration::from_secs(301));
        assert_back(&browser.submit(&page, &[("password", PASSWORD)]).await);
    })
    .await;
}

#[tokio::test]
async fn a_suspended_person_hears_so_after_the_proof_only() {
    Kith::each(async |kith| {
        let cx = kith.cx();
        let user = person(&cx, "ada@example.com", PASSWORD).await;
        let mut tx = cx.db().begin().await.unwrap();
        users::suspend(&cx, &mut tx, &user).await.unwrap();
        tx.commit().await.unwrap();
        let (browser, page) = arrive(&kith, "").await;
        let wrong = sign_in(&browser, &page, "ada@example.com", "wrong").await;
        assert!(wrong.shows("don’t match"));
        let right = browser.submit(&wrong, &[("password", PASSWORD)]).await;
        assert_eq!(right.status, 403);
        assert!(right.shows("suspended"));
    })
    .await;
}

#[tokio::test]
async fn an_address_that_was_never_proved_is_proved_by_a_code_once() {
    Kith::each(async |kith| {
        let cx = kith.cx();
        unproved_person(&cx, "ada@example.com", PASSWORD).await;
        let (browser, page) = arrive(&kith, "").await;
        let page = sign_in(&browser, &page, "ada@example.com", PASSWORD).await;
        assert_eq!(page.url.path(), "/login/code");
        let wrong = browser.submit(&page, &[("code", "12345")]).await;
        assert_eq!(wrong.status, 422);
        let code = code(&cx, "ada@example.com").await;
        assert_back(&browser.submit(&page, &[("code", &code)]).await);
        let (browser, page) = arrive(&kith, "").await;
        assert_back(&sign_in(&browser, &page, "ada@example.com", PASSWORD).await);
    })
    .await;
}

#[tokio::test]
async fn a_temporary_password_must_be_replaced_and_works_once() {
    Kith::each(async |kith| {
        let cx = kith.cx();
        let user = person(&cx, "ada@example.com", "").await;
        set_password(
            &cx,
            &user,
            "only for today 42",
            &NewPassword::temporary(SetBy::Dashboard),
        )
        .await;
        let (browser, page) = arrive(&kith, "").await;
        let page = sign_in(&browser, &page, "ada@example.com", "only for today 42").await;
        assert_eq!(page.url.path(), "/login/new-password");
        assert!(page.shows("temporary"));
        let fields = [("new_password", PASSWORD), ("repeat_password", PASSWORD)];
        assert_back(&browser.submit(&page, &fields).await);
        let (browser, page) = arrive(&kith, "").await;
        let page = sign_in(&browser, &page, "ada@example.com", "only for today 42").await;
        assert_eq!(page.status, 422);
        assert_back(&browser.submit(&page, &[("password", PASSWORD)]).await);
    })
    .await;
}

#[tokio::test]
async fn a_requested_reset_wants_a_code_and_a_new_password() {
    Kith::each(async |kith| {
        let cx = kith.cx();
        let user = person(&cx, "ada@example.com", "the old password").await;
        let mut tx = cx.db().begin().await.unwrap();
        users::request_password_reset(&cx, &mut tx, &user)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let (browser, page) = arrive(&kith, "").await;
        let page = sign_in(&browser, &page, "ada@example.com", "the old password").await;
        assert_eq!(page.url.path(), "/login/code");
        let page = browser
            .submit(&page, &[("code", &code(&cx, "ada@example.com").await)])
            .await;
        assert_eq!(page.url.path(), "/login/new-password");
        let fields = [("new_password", PASSWORD), ("repeat_password", PASSWORD)];
        assert_back(&browser.submit(&page, &fields).await);
        let found = users::find(&cx, &mut cx.db().read().await.unwrap(), &user)
            .await
            .unwrap()
            .unwrap();
        assert!(!found.is_password_reset_requested);
        assert_eq!(found.total_sign_ins, 1);
    })
    .await;
}

#[tokio::test]
async fn the_session_of_one_application_serves_the_next() {
    Kith::each(async |kith| {
        person(&kith.cx(), "ada@example.com", PASSWORD).await;
        let (browser, page) = arrive(&kith, "").await;
        assert_back(&sign_in(&browser, &page, "ada@example.com", PASSWORD).await);
        assert_back(&browser.get(&authorize_path(&kith, "").await).await);
        let page = browser
            .get(&authorize_path(&kith, "&prompt=login").await)
            .await;
        assert_eq!(page.url.path(), "/login");
    })
    .await;
}
