use super::{owner, press};
use crate::harness::{Browser, Kith, Page};

const CSV: &str = "id,email,first_name,email_verified,hashed_password,hashing_method\n\
    1,ada@example.com,Ada,TRUE,$2b$04$abcdefghijklmnopqrstuusdRCN/1WmgUHC4msDXrQGy7cAU8.Va.,bcrypt\n\
    2,bob@example.com,Bob,,,\n\
    3,nobody,Nobody,,,\n";

/// Lets the worker do what there is to do.
async fn work(kith: &Kith) {
    let installation = &kith.installation;
    kith::imports::work(&installation.app, &installation.environments)
        .await
        .unwrap();
}

async fn upload(browser: &Browser, source: &str, files: &[(&str, &str, &str)]) -> Page {
    let form = browser.get(&format!("/admin/users/import/{source}")).await;
    browser.upload(&form, files).await
}

/// The path of an import's page, with something after it.
fn path(page: &Page, rest: &str) -> String {
    format!("{}{rest}", page.url.path())
}

#[tokio::test]
async fn a_file_is_checked_and_then_imported() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let sources = browser.get("/admin/users/import").await;
        assert!(sources.shows("Auto-detect") && sources.shows("Clerk"));
        let page = upload(&browser, "auto", &[("file", "people.csv", CSV)]).await;
        assert_eq!(page.text("h1").unwrap(), "Checking the file");
        work(&kith).await;
        let told = browser.get(&path(&page, "")).await;
        assert_eq!(told.text("h1").unwrap(), "Ready to import", "{}", told.html);
        assert!(told.shows("Import 2 people") && told.shows("invalid_email"));
        assert!(told.shows("With the password they have now") && told.shows("Ada"));
        assert!(!browser.get("/admin/users").await.shows("ada@example.com"));
        let running = press(&browser, &told, &path(&page, "/start")).await;
        assert_eq!(running.text("h1").unwrap(), "Importing users");
        work(&kith).await;
        let done = browser.get(&path(&page, "")).await;
        assert!(done.shows("Finished, some refused"), "{}", done.html);
        assert!(browser.get("/admin/users").await.shows("ada@example.com"));
        let report = browser.get(&path(&page, "/refused.csv")).await;
        assert!(report.html.contains("invalid_email"), "{}", report.html);
        let list = browser.get("/admin/users/imports").await;
        assert!(list.shows("people.csv") && list.shows("Custom CSV"));
    })
    .await;
}

#[tokio::test]
async fn a_dry_run_can_be_discarded() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let page = upload(&browser, "csv", &[("file", "people.csv", CSV)]).await;
        work(&kith).await;
        let told = browser.get(&path(&page, "")).await;
        let discarded = press(&browser, &told, &path(&page, "/discard")).await;
        assert!(discarded.shows("The files were discarded"));
        let gone = browser.get(&path(&page, "")).await;
        assert!(gone.shows("were discarded"), "{}", gone.html);
        let late = press(&browser, &told, &path(&page, "/start")).await;
        assert_eq!(late.status, 409);
    })
    .await;
}

#[tokio::test]
async fn an_import_is_stopped_and_goes_on() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let page = upload(&browser, "csv", &[("file", "people.csv", CSV)]).await;
        work(&kith).await;
        let told = browser.get(&path(&page, "")).await;
        let running = press(&browser, &told, &path(&page, "/start")).await;
        let stopped = press(&browser, &running, &path(&page, "/stop")).await;
        assert!(stopped.shows("The import was stopped"), "{}", stopped.html);
        work(&kith).await;
        assert!(!browser.get("/admin/users").await.shows("ada@example.com"));
        press(&browser, &stopped, &path(&page, "/resume")).await;
        work(&kith).await;
        assert!(browser.get("/admin/users").await.shows("ada@example.com"));
    })
    .await;
}

#[tokio::test]
async fn a_file_that_can_not_be_imported_is_told_beside_its_field() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let unknown = upload(&browser, "auto", &[("file", "x.csv", "a,b\n1,2\n")]).await;
        assert_eq!(unknown.status, 422);
        assert!(unknown.shows("not one that we know"), "{}", unknown.html);
        let none = upload(&browser, "auth0", &[("users", "", "")]).await;
        assert_eq!(none.status, 422);
        assert!(none.shows("Choose a file"));
        let wrong = upload(&browser, "clerk", &[("file", "people.csv", CSV)]).await;
        assert_eq!(wrong.status, 422, "{}", wrong.html);
        assert!(
            browser
                .get("/admin/users/imports")
                .await
                .shows("No imports yet")
        );
    })
    .await;
}

#[tokio::test]
async fn a_form_of_another_browser_uploads_nothing() {
    Kith::each(async |kith| {
        let (browser, other) = (owner(&kith).await, kith.browser());
        let form = browser.get("/admin/users/import/auto").await;
        let refused = other.upload(&form, &[("file", "people.csv", CSV)]).await;
        assert_eq!(refused.status, 403);
        assert!(
            browser
                .get("/admin/users/imports")
                .await
                .shows("No imports yet")
        );
    })
    .await;
}
