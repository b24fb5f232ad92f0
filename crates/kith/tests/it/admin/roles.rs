use super::{owner, press, submit};
use crate::harness::Kith;

#[tokio::test]
async fn a_role_bundles_permissions() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let permissions = "/admin/settings/permissions/new";
        let form = browser.get(permissions).await;
        let fields = [("name", "Read reports"), ("key", "read:reports")];
        let page = submit(&browser, &form, permissions, &fields).await;
        assert!(page.shows("read:reports"));
        let again = submit(&browser, &form, permissions, &fields).await;
        assert_eq!(again.status, 422);
        assert_eq!(
            again.text("#key-error").unwrap(),
            "Another one has this key."
        );

        let roles = "/admin/settings/roles/new";
        let form = browser.get(roles).await;
        let id = form.attribute("input[name=permission]", "value").unwrap();
        let fields = [
            ("name", "Editor"),
            ("key", "editor"),
            ("permission", id.as_str()),
            ("is_default_role", "true"),
        ];
        let page = submit(&browser, &form, roles, &fields).await;
        assert!(page.shows("Editor was added."));
        let edit = page
            .links()
            .into_iter()
            .find(|link| link.contains("/settings/roles/0"))
            .unwrap();
        let form = browser.get(&edit).await;
        let values = form.form(&format!("form[action='{edit}']")).1;
        assert_eq!(
            (
                values["permission"].as_str(),
                values["is_default_role"].as_str()
            ),
            (id.as_str(), "true")
        );

        let page = submit(&browser, &form, &edit, &[("key", "two words")]).await;
        assert_eq!(page.status, 422);
        assert!(page.text("#key-error").is_some());
        let page = submit(
            &browser,
            &page,
            &edit,
            &[("key", "writer"), ("name", "Writer")],
        )
        .await;
        assert!(page.shows("writer"));
        let question = browser.get(&format!("{edit}/delete")).await;
        let page = press(&browser, &question, &format!("{edit}/delete")).await;
        assert!(page.shows("Writer was deleted.") && page.shows("No roles yet"));
    })
    .await;
}

#[tokio::test]
async fn a_permission_is_renamed_and_deleted() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let new = "/admin/settings/permissions/new";
        let form = browser.get(new).await;
        let page = submit(&browser, &form, new, &[("name", "Read"), ("key", "read")]).await;
        let edit = page
            .links()
            .into_iter()
            .find(|link| link.contains("/settings/permissions/0"))
            .unwrap();
        let form = browser.get(&edit).await;
        let page = submit(
            &browser,
            &form,
            &edit,
            &[("name", "Read all"), ("key", "read:all")],
        )
        .await;
        assert!(page.shows("read:all"));
        let question = browser.get(&format!("{edit}/delete")).await;
        let page = press(&browser, &question, &format!("{edit}/delete")).await;
        assert!(page.shows("No permissions yet"));
    })
    .await;
}
