//! Nobody learns from the pages who has an account (OWASP ASVS 5.0, 6.3.8): every page that an outsider can reach is the same for
//! somebody and for nobody.

use std::collections::BTreeMap;

use super::{PASSWORD, arrive, mails, person, set_password, unproved_person};
use crate::harness::{Browser, Kith, Page};
use kith::credentials::password::{NewPassword, SetBy};
use kith::settings::{self, AttackProtection};
use kith::users;

/// One for each way of having an account or none, all of one length.
const PEOPLE: [&str; 6] = [
    "provd@example.com",
    "unprv@example.com",
    "nopwd@example.com",
    "suspd@example.com",
    "tempo@example.com",
    "nobod@example.com",
];

async fn populate(kith: &Kith) {
    let cx = kith.cx();
    person(&cx, PEOPLE[0], PASSWORD).await;
    unproved_person(&cx, PEOPLE[1], PASSWORD).await;
    person(&cx, PEOPLE[2], "").await;
    let suspended = person(&cx, PEOPLE[3], PASSWORD).await;
    let temporary = person(&cx, PEOPLE[4], "").await;
    set_password(
        &cx,
        &temporary,
        PASSWORD,
        &NewPassword::temporary(SetBy::Api),
    )
    .await;
    let mut tx = cx.db().begin().await.unwrap();
    users::suspend(&cx, &mut tx, &suspended).await.unwrap();
    tx.commit().await.unwrap();
}

/// What an outsider sees, less what differs for everybody: the sign-in's id, the token of the browser, the address itself.
fn seen(page: &Page, email: &str) -> (u16, String, Option<String>, String) {
    let mut html = page
        .html
        .replace(email, "EMAIL")
        .replace(&page.parameter("flow").unwrap_or_default(), "FLOW");
    if html.contains("name=\"csrf\"") {
        let (_, values) = page.form("form");
        html = html.replace(&values["csrf"], "CSRF");
    }
    let retry_after = page
        .headers
        .get("retry-after")
        .map(|value| value.to_str().unwrap().to_owned());
    (page.status, page.url.path().to_owned(), retry_after, html)
}

/// Tells the same story of everybody, and wants to see the same pages.
async fn assert_alike(first: &str, story: impl AsyncFn(Browser, Page, &str) -> Vec<Page>) {
    Kith::each(async |kith| {
        populate(&kith).await;
        let mut stories = BTreeMap::new();
        for email in PEOPLE {
            let (browser, page) = arrive(&kith, first).await;
            let pages = story(browser, page, email).await;
            stories.insert(
                email,
                pages
                    .iter()
                    .map(|page| seen(page, email))
                    .collect::<Vec<_>>(),
            );
        }
        let nobody = &stories[PEOPLE[5]];
        for (email, seen) in &stories {
            assert_eq!(seen, nobody, "{email} looks different");
        }
    })
    .await;
}

#[tokio::test]
async fn a_wrong_password_looks_alike_up_to_the_lockout_and_beyond() {
    assert_alike("", async |browser, page, email| {
        let mut pages = vec![browser.submit(&page, &[("identifier", email)]).await];
        for _ in 0..7 {
            pages.push(browser.submit(&pages[0], &[("password", "wrong")]).await);
        }
        assert_eq!(pages.last().unwrap().status, 429);
        pages
    })
    .await;
}

#[tokio::test]
async fn a_forgotten_password_looks_alike_until_the_code_is_right() {
    assert_alike("", async |browser, page, email| {
        let form = browser.submit(&page, &[("identifier", email)]).await;
        let asked = browser.submit_form(&form, "form[action*=reset]", &[]).await;
        assert_eq!(asked.url.path(), "/login/code");
        let mut pages = vec![form, browser.submit(&asked, &[("code", "abc")]).await];
        let again = browser
            .submit_form(&asked, "form[action*=resend]", &[])
            .await;
        assert!(again.shows("A new code is on its way"));
        for _ in 0..6 {
            pages.push(browser.submit(&again, &[("code", "abc")]).await);
        }
        assert_eq!(pages.last().unwrap().status, 429);
        pages.extend([asked, again]);
        pages
    })
    .await;
}

#[tokio::test]
async fn signing_up_looks_alike_until_the_code_is_right() {
    assert_alike("&prompt=create", async |browser, page, email| {
        let form = [
            ("first_name", "Ada"),
            ("last_name", "Lovelace"),
            ("email", email),
        ];
        let asked = browser.submit(&page, &form).await;
        assert_eq!(asked.url.path(), "/login/code");
        let wrong = browser.submit(&asked, &[("code", "abc")]).await;
        vec![asked, wrong]
    })
    .await;
}

#[tokio::test]
async fn nobody_is_written_to_who_has_no_account() {
    Kith::each(async |kith| {
        let (browser, page) = arrive(&kith, "").await;
        let page = browser
            .submit(&page, &[("identifier", "nobody@example.com")])
            .await;
        browser.submit_form(&page, "form[action*=reset]", &[]).await;
        assert!(mails(&kith.cx()).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn without_protection_people_hear_at_once_what_helps_them() {
    Kith::each(async |kith| {
        populate(&kith).await;
        let cx = kith.cx();
        let mut tx = cx.db().begin().await.unwrap();
        let open = AttackProtection {
            enumeration_protection: false,
            ..AttackProtection::default()
        };
        settings::put(&cx, &mut tx, &open).await.unwrap();
        tx.commit().await.unwrap();
        let (browser, page) = arrive(&kith, "").await;
        let unknown = browser
            .submit(&page, &[("identifier", "nobody@example.com")])
            .await;
        assert_eq!(unknown.status, 422);
        assert!(unknown.shows("Nobody has an account"));
        let without_password = browser.submit(&page, &[("identifier", PEOPLE[2])]).await;
        assert_eq!(without_password.url.path(), "/login/code");
    })
    .await;
}
