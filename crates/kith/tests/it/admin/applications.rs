use super::{owner, press, submit};
use crate::harness::{Browser, Kith};

async fn add(browser: &Browser, name: &str, kind: &str) -> String {
    let new = "/admin/applications/new";
    let form = browser.get(new).await;
    let page = submit(browser, &form, new, &[("name", name), ("type", kind)]).await;
    assert_eq!(page.status, 200, "{}", page.html);
    page.url.path().to_owned()
}

#[tokio::test]
async fn an_applications_page_shows_its_keys() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let path = add(&browser, "Portal", "reg").await;
        let page = browser.get(&path).await;
        for label in [
            "App keys",
            "Domain",
            "Client ID",
            "Client secret",
            "Allowed callback URLs",
            "Allowed logout redirect URLs",
        ] {
            assert!(page.shows(label), "{label}");
        }
        assert!(page.shows(&kith.nodes[0]));
        assert!(page.shows(path.rsplit('/').next().unwrap()));
        let page = browser.get(&add(&browser, "Phone", "spa").await).await;
        assert!(page.shows("have no client secret"));
        assert!(browser.get("/admin/applications").await.shows("Portal"));
        assert!(browser.get("/admin/").await.shows("Phone"));
    })
    .await;
}

#[tokio::test]
async fn callback_urls_are_kept_one_a_line() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let path = add(&browser, "Portal", "reg").await;
        let page = browser.get(&path).await;
        let two = "https://app.example.com/callback\r\n\r\nhttp://localhost:3000/callback";
        let page = submit(
            &browser,
            &page,
            &path,
            &[
                ("redirect_uris", two),
                ("login_uri", "https://app.example.com/login"),
            ],
        )
        .await;
        assert!(page.shows("Portal was saved."), "{}", page.html);
        let values = page.form(&format!("form[action='{path}']")).1;
        assert_eq!(values["redirect_uris"].lines().count(), 2);
        assert_eq!(values["login_uri"], "https://app.example.com/login");
    })
    .await;
}

#[tokio::test]
async fn a_url_that_cannot_be_registered_is_named_with_its_line_and_what_was_typed_stays() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let path = add(&browser, "Portal", "reg").await;
        let form = browser.get(&path).await;
        for (field, text, problem) in [
            (
                "redirect_uris",
                "https://app.example.com\nhttp://app.example.com",
                "Line 2 can’t be used, http://app.example.com: use https.",
            ),
            (
                "redirect_uris",
                "https://app.example.com/#here",
                "Line 1 can’t be used, https://app.example.com/#here: a callback can’t have a #",
            ),
            (
                "logout_uris",
                "app.example.com",
                "Line 1 can’t be used, app.example.com: it is not a full URL.",
            ),
            ("login_uri", "nowhere", "Enter a full URL"),
            ("name", "", "Give it a name"),
        ] {
            let page = submit(&browser, &form, &path, &[(field, text)]).await;
            assert_eq!(page.status, 422, "{text}");
            let said = page
                .text(&format!("#{field}-error"))
                .unwrap_or_else(|| panic!("{field}: {}", page.html));
            assert!(said.starts_with(problem), "{said}");
            assert_eq!(page.form(&format!("form[action='{path}']")).1[field], text);
        }
    })
    .await;
}

#[tokio::test]
async fn rotating_the_secret_asks_once_and_replaces_it() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let path = add(&browser, "Portal", "reg").await;
        let secret = |page: &crate::harness::Page| page.text(".secret code").unwrap();
        let old = secret(&browser.get(&path).await);
        let question = browser.get(&format!("{path}/rotate-secret")).await;
        let page = press(&browser, &question, &format!("{path}/rotate-secret")).await;
        assert_ne!(secret(&page), old);
    })
    .await;
}

#[tokio::test]
async fn deleting_an_application_wants_its_name() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let path = add(&browser, "Portal", "reg").await;
        let action = format!("{path}/delete");
        let question = browser.get(&action).await;
        assert_eq!(press(&browser, &question, &action).await.status, 422);
        let page = submit(&browser, &question, &action, &[("typed_name", "Portal")]).await;
        assert!(page.shows("Portal was deleted."));
        assert_eq!(browser.get(&path).await.status, 404);
    })
    .await;
}

#[tokio::test]
async fn quick_start_has_the_keys_to_copy() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        for (kind, name) in [
            ("reg", "KINDE_ISSUER_URL="),
            ("spa", "VITE_KINDE_DOMAIN="),
            ("m2m", "KINDE_MANAGEMENT_CLIENT_ID="),
        ] {
            let path = add(&browser, kind, kind).await;
            let page = browser.get(&format!("{path}/quick-start")).await;
            assert!(page.shows(name), "{name}");
            assert!(page.shows(path.rsplit('/').next().unwrap()));
        }
    })
    .await;
}

#[tokio::test]
async fn a_kind_must_be_chosen() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let new = "/admin/applications/new";
        let form = browser.get(new).await;
        let page = submit(&browser, &form, new, &[("name", "Portal")]).await;
        assert_eq!(
            (page.status, page.text("#type-error").is_some()),
            (422, true)
        );
    })
    .await;
}
