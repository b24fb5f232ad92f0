use kith::team::setup;

use super::{EMAIL, PASSWORD, no_fields, owner, press};
use crate::harness::Kith;

/// Every page that the navigation and the settings lead to.
const PLACES: &[&str] = &[
    "/admin/",
    "/admin/users",
    "/admin/users/new",
    "/admin/organizations",
    "/admin/organizations/new",
    "/admin/applications",
    "/admin/applications/new",
    "/admin/apis",
    "/admin/apis/new",
    "/admin/workflows",
    "/admin/workflows/deploy",
    "/admin/workflows/repository",
    "/admin/settings",
    "/admin/settings/environment",
    "/admin/settings/attack-protection",
    "/admin/settings/email",
    "/admin/settings/roles",
    "/admin/settings/roles/new",
    "/admin/settings/permissions",
    "/admin/settings/permissions/new",
    "/admin/settings/environment-variables",
    "/admin/settings/environment-variables/new",
    "/admin/mail",
    "/admin/search?q=ada",
];

#[tokio::test]
async fn a_stranger_is_sent_to_sign_in() {
    Kith::each(async |kith| {
        for place in PLACES {
            let page = kith.browser().get(place).await;
            assert_eq!(page.url.path(), "/admin/login", "{place}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_strangers_form_changes_nothing() {
    Kith::each(async |kith| {
        for place in [
            "/admin/users/new",
            "/admin/settings/email",
            "/admin/sign-out",
        ] {
            let page = kith.browser().post(place, &no_fields()).await;
            assert_eq!(page.status, 403, "{place}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_form_without_its_token_changes_nothing() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let mut fields = no_fields();
        fields.insert("email".into(), "ada@example.com".into());
        let page = browser.post("/admin/users/new", &fields).await;
        assert_eq!(page.status, 403);
        assert_eq!(page.text("h1").unwrap(), "This page is out of date");
        assert!(browser.get("/admin/users").await.shows("Nobody here yet"));
    })
    .await;
}

#[tokio::test]
async fn every_place_opens_for_the_owner_with_all_its_words() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        for place in PLACES {
            let page = browser.get(place).await;
            assert_eq!(
                (page.status, page.url.path()),
                (200, place.split('?').next().unwrap())
            );
            assert!(
                page.text("main h1").is_some(),
                "{place} has no heading: {}",
                page.html
            );
            assert!(
                page.text("[aria-current=page]").is_some()
                    || place.starts_with("/admin/mail")
                    || place.starts_with("/admin/search"),
                "{place} is nowhere in the navigation"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn every_link_of_every_place_leads_somewhere() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let mut seen = std::collections::BTreeSet::new();
        let mut open: Vec<String> = vec!["/admin/".to_owned()];
        while let Some(path) = open.pop() {
            if !seen.insert(path.clone()) {
                continue;
            }
            let page = browser.get(&path).await;
            assert_eq!(page.status, 200, "{path}");
            open.extend(
                page.links()
                    .into_iter()
                    .filter(|link| link.starts_with("/admin")),
            );
        }
        assert!(seen.len() > PLACES.len(), "{seen:?}");
    })
    .await;
}

#[tokio::test]
async fn signing_in_leads_back_to_the_page_that_was_wanted() {
    Kith::each(async |kith| {
        owner(&kith).await;
        let browser = kith.browser();
        let page = browser.get("/admin/users?show=imported").await;
        let page = browser.submit(&page, &[("identifier", EMAIL)]).await;
        let page = browser.submit(&page, &[("password", PASSWORD)]).await;
        assert_eq!(
            (page.status, page.url.path(), page.url.query()),
            (200, "/admin/users", Some("show=imported")),
            "{}",
            page.html
        );
    })
    .await;
}

#[tokio::test]
async fn signing_out_ends_the_session() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let home = browser.get("/admin/").await;
        let page = press(&browser, &home, "/admin/sign-out").await;
        assert_eq!(page.url.path(), "/admin/login");
        assert_eq!(browser.get("/admin/users").await.url.path(), "/admin/login");
    })
    .await;
}

#[tokio::test]
async fn somebody_of_production_is_nobody_at_the_dashboard() {
    Kith::each(async |kith| {
        let link = setup::link(&kith.installation.app, &kith.installation.environments).await;
        assert!(link.unwrap().is_some());
        let browser = kith.browser();
        let page = browser.get("/admin/register").await;
        assert!(
            !page.shows("Create account"),
            "the team takes no sign-ups: {}",
            page.html
        );
    })
    .await;
}

#[tokio::test]
async fn an_address_that_leads_nowhere_is_a_page_that_says_so() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        for path in [
            "/admin/users/kp_00000000000000000000000000000000",
            "/admin/users/x",
            "/admin/applications/x",
            "/admin/apis/x",
            "/admin/organizations/x",
            "/admin/mail/x",
            "/admin/settings/roles/x",
            "/admin/settings/environment-variables/x",
            "/admin/workflows/x",
            "/admin/workflows/x/runs",
        ] {
            let page = browser.get(path).await;
            assert_eq!(page.status, 404, "{path}");
            assert_eq!(page.text("h1").unwrap(), "Page not found");
        }
    })
    .await;
}
