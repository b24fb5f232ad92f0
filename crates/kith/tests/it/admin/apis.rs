use super::{owner, press, submit};
use crate::harness::{Browser, Kith};

async fn add(browser: &Browser) -> String {
    let new = "/admin/apis/new";
    let form = browser.get(new).await;
    let fields = [
        ("name", "Reports"),
        ("audience", "https://reports.example.com"),
    ];
    let page = submit(browser, &form, new, &fields).await;
    assert!(page.shows("Reports was added."), "{}", page.html);
    page.url.path().to_owned()
}

/// The steps of the guide: add a machine's application, authorize it for the management API by the three dots, choose its
/// scopes, copy its keys.
#[tokio::test]
async fn a_machine_is_authorized_for_the_management_api() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let new = "/admin/applications/new";
        let form = browser.get(new).await;
        assert!(form.shows("Machine to machine (M2M)"));
        let page = submit(
            &browser,
            &form,
            new,
            &[("name", "Drip feed"), ("type", "m2m")],
        )
        .await;
        let client_id = page.url.path().rsplit('/').next().unwrap().to_owned();

        let list = browser.get("/admin/apis").await;
        assert!(
            list.shows("Kith Management API")
                && list.shows("Authorize application")
                && list.shows("Manage scopes")
        );
        let authorize = list
            .links()
            .into_iter()
            .find(|link| link.ends_with("/applications") && link.contains("/apis/"))
            .unwrap();
        let form = browser.get(&authorize).await;
        let page = submit(&browser, &form, &authorize, &[("application", &client_id)]).await;
        assert!(page.shows("Drip feed"));

        let scopes = format!("{}/scopes?application={client_id}", page.url.path());
        let form = browser.get(&scopes).await;
        let page = submit(&browser, &form, &scopes, &[("scope", "read:users")]).await;
        assert!(page.shows("Drip feed has 1 scope now."), "{}", page.html);
        let form = browser.get(&scopes).await;
        assert_eq!(
            form.form(&format!("form[action='{scopes}']")).1["scope"],
            "read:users"
        );
    })
    .await;
}

#[tokio::test]
async fn an_api_has_scopes_that_come_and_go() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let path = add(&browser).await;
        let page = browser.get(&path).await;
        let action = format!("{path}/scopes/new");
        let page = submit(
            &browser,
            &page,
            &action,
            &[("key", "read:reports"), ("description", "Read them")],
        )
        .await;
        assert!(page.shows("read:reports was added."));
        for (key, problem) in [
            ("read:reports", "has a scope with this key"),
            ("openid", "a meaning of its own"),
            ("two words", "without spaces"),
        ] {
            let page = submit(&browser, &page, &action, &[("key", key)]).await;
            assert_eq!(page.status, 422);
            assert!(page.text("#key-error").unwrap().contains(problem), "{key}");
        }
        let page = browser
            .submit_form(&page, "form[action*='/scopes/'][action$='/delete']", &[])
            .await;
        assert!(page.shows("read:reports was deleted."));
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_with_a_new_api_is_said_at_its_field() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        add(&browser).await;
        let new = "/admin/apis/new";
        let form = browser.get(new).await;
        for (name, audience, field) in [
            ("", "https://a.example.com", "name"),
            ("A", "", "audience"),
            ("A", "https://reports.example.com", "audience"),
        ] {
            let page = submit(
                &browser,
                &form,
                new,
                &[("name", name), ("audience", audience)],
            )
            .await;
            assert_eq!(
                (page.status, page.text(&format!("#{field}-error")).is_some()),
                (422, true)
            );
        }
    })
    .await;
}

#[tokio::test]
async fn the_management_api_cannot_be_deleted() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let list = browser.get("/admin/apis").await;
        let api = list
            .links()
            .into_iter()
            .find(|link| link.starts_with("/admin/apis/") && !link.ends_with("/new"))
            .unwrap();
        let page = browser.get(&api).await;
        let delete = format!("{api}/delete");
        assert!(page.shows("Built in") && !page.links().contains(&delete));
        assert_eq!(browser.get(&delete).await.status, 403);
    })
    .await;
}

#[tokio::test]
async fn an_api_is_deleted_by_its_name() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let path = add(&browser).await;
        let action = format!("{path}/delete");
        let question = browser.get(&action).await;
        assert_eq!(press(&browser, &question, &action).await.status, 422);
        let page = submit(&browser, &question, &action, &[("typed_name", "Reports")]).await;
        assert!(page.shows("Reports was deleted."));
    })
    .await;
}

#[tokio::test]
async fn an_application_is_authorized_and_revoked_on_its_own_page() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        add(&browser).await;
        let applications = browser.get("/admin/applications").await;
        let quick_start = applications
            .links()
            .into_iter()
            .find(|link| link.ends_with("/quick-start"))
            .unwrap();
        let apis = quick_start.replace("/quick-start", "/apis");
        let page = browser.get(&apis).await;
        let page = browser
            .submit_form(&page, "form[action$='/authorize']", &[])
            .await;
        assert!(page.shows("Authorized, no scopes"), "{}", page.html);
        let page = browser
            .submit_form(&page, "form[action$='/revoke']", &[])
            .await;
        assert!(!page.shows("Authorized, no scopes"));
    })
    .await;
}
