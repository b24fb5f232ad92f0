use super::{add_user, owner, press, submit};
use crate::harness::{Browser, Kith};

async fn add(browser: &Browser, name: &str) -> String {
    let form = browser.get("/admin/organizations/new").await;
    let fields = [("name", name), ("external_id", name)];
    let page = submit(browser, &form, "/admin/organizations/new", &fields).await;
    assert_eq!(page.status, 200, "{}", page.html);
    page.url.path().to_owned()
}

#[tokio::test]
async fn an_organization_is_added_found_changed_and_deleted() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let path = add(&browser, "Difference Engines").await;
        assert!(
            browser
                .get("/admin/organizations?q=engines")
                .await
                .shows("Difference Engines")
        );
        assert!(
            browser
                .get("/admin/organizations?q=zebra")
                .await
                .shows("No organization matches")
        );
        let page = browser.get(&path).await;
        let page = submit(&browser, &page, &path, &[("name", "Analytical Engines")]).await;
        assert_eq!(page.text("h1").unwrap(), "Analytical Engines");
        let action = format!("{path}/delete");
        let question = browser.get(&action).await;
        let page = submit(&browser, &question, &action, &[("typed_name", "Engines")]).await;
        assert_eq!(page.status, 422);
        let page = submit(
            &browser,
            &page,
            &action,
            &[("typed_name", "Analytical Engines")],
        )
        .await;
        assert!(page.shows("Analytical Engines was deleted."));
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_is_said_at_its_field() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        add(&browser, "Engines").await;
        let form = browser.get("/admin/organizations/new").await;
        for (fields, field) in [
            ([("name", ""), ("external_id", "")], "name"),
            (
                [("name", "Other"), ("external_id", "Engines")],
                "external_id",
            ),
        ] {
            let page = submit(&browser, &form, "/admin/organizations/new", &fields).await;
            assert_eq!(page.status, 422);
            assert!(page.text(&format!("#{field}-error")).is_some(), "{field}");
        }
    })
    .await;
}

#[tokio::test]
async fn members_come_and_go_and_a_removal_can_be_undone() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        add_user(&browser, "Ada", "ada@example.com").await;
        let path = format!("{}/users", add(&browser, "Engines").await);
        let page = browser.get(&path).await;
        let refused = submit(&browser, &page, &path, &[("email", "eve@example.com")]).await;
        assert_eq!(refused.status, 422);
        assert!(
            refused
                .text("#email-error")
                .unwrap()
                .starts_with("Nobody here")
        );
        let page = submit(&browser, &page, &path, &[("email", "ADA@example.com")]).await;
        assert!(page.shows("Ada was added to Engines."));
        let page = browser
            .submit_form(&page, "form[action$='/remove']", &[])
            .await;
        assert!(page.shows("No users in this organization"));
        let page = browser.submit_form(&page, ".notice form", &[]).await;
        assert!(page.shows("Ada was added to Engines."));
    })
    .await;
}

#[tokio::test]
async fn a_members_roles_are_those_that_are_ticked() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let user = add_user(&browser, "Ada", "ada@example.com").await;
        let form = browser.get("/admin/settings/roles/new").await;
        submit(
            &browser,
            &form,
            "/admin/settings/roles/new",
            &[("name", "Editor"), ("key", "editor")],
        )
        .await;
        let users = format!("{}/users", add(&browser, "Engines").await);
        let page = browser.get(&users).await;
        let page = submit(&browser, &page, &users, &[("email", "ada@example.com")]).await;
        let roles = page
            .links()
            .into_iter()
            .find(|link| link.ends_with("/roles"))
            .unwrap();
        let form = browser.get(&roles).await;
        let id = form.attribute("input[name=role]", "value").unwrap();
        let page = submit(&browser, &form, &roles, &[("role", &id)]).await;
        assert!(page.shows("Editor"));
        assert!(
            browser
                .get(&format!("{user}/organizations"))
                .await
                .shows("Editor")
        );
        let form = browser.get(&roles).await;
        assert_eq!(form.form(&format!("form[action='{roles}']")).1["role"], id);
        let none = press(&browser, &form, &roles).await;
        assert!(none.shows("Editor"));
    })
    .await;
}

#[tokio::test]
async fn organizations_come_in_from_a_file_after_a_look_at_what_would_happen() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let list = browser.get("/admin/organizations").await;
        assert!(list.shows("Import organizations"));
        let form = browser.get("/admin/organizations/import").await;
        let file = [(
            "file",
            "organizations.csv",
            "name,id\nAcme,acme-7\n,nameless\n",
        )];
        let told = browser.upload(&form, &file).await;
        assert!(told.shows("What would happen"), "{}", told.html);
        assert!(told.shows("an organization needs a name; fill it in"));
        let list = browser.get("/admin/organizations").await;
        assert!(!list.shows("Acme"));
        let empty = browser.upload(&form, &[("file", "empty.csv", "")]).await;
        assert_eq!(empty.status, 422);
    })
    .await;
}
