use super::{add_user, owner};
use crate::harness::Kith;

/// As guides write the places of the settings.
#[tokio::test]
async fn the_search_finds_places_by_the_names_of_guides() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        for (q, path) in [
            ("Environment > Applications", "/admin/applications"),
            ("apis", "/admin/apis"),
            (
                "Enumeration protection",
                "/admin/settings/attack-protection",
            ),
            ("email", "/admin/settings/email"),
            ("callback", "/admin/applications"),
            ("Roles", "/admin/settings/roles"),
            (
                "Data management > Env variables",
                "/admin/settings/environment-variables",
            ),
            (
                "user management > permissions",
                "/admin/settings/permissions",
            ),
        ] {
            let page = browser
                .get(&format!("/admin/search?q={}", q.replace(' ', "+")))
                .await;
            let found: Vec<_> = page.links_within("main");
            assert!(found.contains(&path.to_owned()), "{q}: {found:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_search_finds_people_applications_and_organizations() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let ada = add_user(&browser, "Ada", "ada@example.com").await;
        let page = browser.get("/admin/search?q=ada").await;
        assert!(page.links_within("main").contains(&ada));
        assert!(
            browser
                .get("/admin/search?q=default+org")
                .await
                .shows("Default Organization")
        );
        assert!(
            browser
                .get("/admin/search?q=back-end")
                .await
                .shows("back-end")
        );
        assert!(
            browser
                .get("/admin/search?q=zebra")
                .await
                .shows("Nothing by that name")
        );
    })
    .await;
}
