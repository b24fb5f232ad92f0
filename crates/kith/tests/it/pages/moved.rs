//! People who were moved here from another system, at their first sign-in.

use std::collections::BTreeMap;

use super::{PASSWORD, arrive, assert_back, code, mails, sign_in};
use crate::harness::{Browser, Kith, Page};
use kith::context::Context;
use kith::credentials::password as passwords;
use kith::credentials::proofs::Cohort;
use kith::id::{Id as _, ImportRunId, UserId};
use kith::users::{self, EmailAddress, Identifier, NewIdentity, NewUser, Source};

/// MD5 of "password": too common to be chosen here, and good enough to come with.
const HASH: &str = "5f4dcc3b5aa765d61d8327deb882cf99";

/// Somebody who came with an import, with or without the password `password`.
async fn moved(cx: &Context, email: &str, is_verified: bool, has_password: bool) -> UserId {
    let email = Identifier::Email(EmailAddress::parse(email).unwrap());
    let source = Source::Import {
        source: "auth0",
        run: ImportRunId::from_uuid(uuid::Uuid::nil()),
    };
    let new = NewUser {
        identities: vec![NewIdentity::new(email, is_verified)],
        ..NewUser::from(source)
    };
    let mut tx = cx.db().begin().await.unwrap();
    let user = users::create_many(cx, &mut tx, vec![new])
        .await
        .unwrap()
        .remove(0);
    if has_password {
        let hash = password::Hash::parse("md5", HASH, &password::Params::default()).unwrap();
        passwords::put_imported(cx, &mut tx, vec![(user.clone(), hash, Cohort::new(1))])
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
    user
}

async fn choose(browser: &Browser, page: &Page) -> Page {
    browser
        .submit(
            page,
            &[("new_password", PASSWORD), ("repeat_password", PASSWORD)],
        )
        .await
}

#[tokio::test]
async fn a_proved_address_and_a_password_sign_in_at_once_and_the_hash_becomes_ours() {
    Kith::each(async |kith| {
        let cx = kith.cx();
        let user = moved(&cx, "ada@example.com", true, true).await;
        for _ in 0..2 {
            let (browser, page) = arrive(&kith, "").await;
            assert_back(&sign_in(&browser, &page, "ada@example.com", "password").await);
            let status = passwords::status(&mut cx.db().read().await.unwrap(), &user)
                .await
                .unwrap()
                .unwrap();
            assert_eq!(
                (status.scheme.as_str(), status.is_proved),
                ("argon2id", true)
            );
        }
        assert!(mails(&cx).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn an_unproved_address_is_proved_by_a_code_and_the_password_stays() {
    Kith::each(async |kith| {
        let cx = kith.cx();
        moved(&cx, "ada@example.com", false, true).await;
        let (browser, page) = arrive(&kith, "").await;
        let page = sign_in(&browser, &page, "ada@example.com", "password").await;
        assert_eq!(page.url.path(), "/login/code");
        assert_eq!(mails(&cx).await[0].message.kind, "verification_code");
        assert_back(
            &browser
                .submit(&page, &[("code", &code(&cx, "ada@example.com").await)])
                .await,
        );
        let (browser, page) = arrive(&kith, "").await;
        assert_back(&sign_in(&browser, &page, "ada@example.com", "password").await);
    })
    .await;
}

#[tokio::test]
async fn whoever_came_without_a_password_gets_a_code_and_chooses_one() {
    Kith::each(async |kith| {
        let cx = kith.cx();
        for (email, is_verified) in [("ada@example.com", true), ("bea@example.com", false)] {
            let user = moved(&cx, email, is_verified, false).await;
            let (browser, page) = arrive(&kith, "").await;
            let page = browser.submit(&page, &[("identifier", email)]).await;
            let page = browser.submit_form(&page, "form[action*=reset]", &[]).await;
            assert_eq!(page.url.path(), "/login/code");
            let page = browser
                .submit(&page, &[("code", &code(&cx, email).await)])
                .await;
            assert!(page.shows("has a new sign-in"), "{}", page.html);
            assert_back(&choose(&browser, &page).await);
            let found = users::find(&cx, &mut cx.db().read().await.unwrap(), &user)
                .await
                .unwrap()
                .unwrap();
            assert!(found.is_email_verified);
            let (browser, page) = arrive(&kith, "").await;
            assert_back(&sign_in(&browser, &page, email, PASSWORD).await);
        }
    })
    .await;
}

#[tokio::test]
async fn a_username_signs_in_with_the_same_password_as_the_address() {
    Kith::each(async |kith| {
        let cx = kith.cx();
        let user = moved(&cx, "ada@example.com", true, true).await;
        let mut tx = cx.db().begin().await.unwrap();
        let username = Identifier::Username(users::Username::parse("Ada_L").unwrap());
        users::add_identity(&cx, &mut tx, &user, NewIdentity::new(username, false))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let (browser, page) = arrive(&kith, "&login_hint=username:ada_l").await;
        assert!(page.shows("Email or username"));
        let values: BTreeMap<_, _> = page.form("form").1;
        assert_back(&sign_in(&browser, &page, &values["identifier"], "password").await);
    })
    .await;
}
