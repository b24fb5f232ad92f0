use std::collections::BTreeMap;

use serde_json::Value;

use super::{owner, press};
use crate::harness::{Browser, Kith, Page};

const CSV: &str = "id,email,first_name,email_verified,hashed_password,hashing_method\n\
    1,ada@example.com,Ada,TRUE,$2b$04$abcdefghijklmnopqrstuusdRCN/1WmgUHC4msDXrQGy7cAU8.Va.,bcrypt\n\
    2,bob@example.com,Bob,,,\n\
    3,nobody,Nobody,,,\n";

/// Lets the worker do what there is to do.
pub async fn work(kith: &Kith) {
    let installation = &kith.installation;
    kith::imports::work(&installation.app, &installation.environments)
        .await
        .unwrap();
}

pub async fn upload(browser: &Browser, source: &str, files: &[(&str, &str, &str)]) -> Page {
    let form = browser.get(&format!("/admin/users/import/{source}")).await;
    browser.upload(&form, files).await
}

/// The path of an import's page, with something after it.
pub fn path(page: &Page, rest: &str) -> String {
    format!("{}{rest}", page.url.path())
}

#[tokio::test]
async fn a_file_is_checked_and_then_imported() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let sources = browser.get("/admin/users/import").await;
        assert!(sources.shows("Detect it from the file") && sources.shows("Clerk"));
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

#[tokio::test]
async fn sources_are_searched_by_what_people_read() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let found = browser.get("/admin/users/import?q=CLERK+csv").await;
        assert!(
            found.shows("Clerk") && !found.shows("Auth0"),
            "{}",
            found.html
        );
        let none = browser.get("/admin/users/import?q=nowhere").await;
        assert!(none.shows("No source for “nowhere”"), "{}", none.html);
        assert_eq!(browser.get("/admin/users/import/nowhere").await.status, 404);
    })
    .await;
}

#[tokio::test]
async fn refused_rows_are_filtered_paged_and_downloaded() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let wrong: Vec<String> = (10..70).map(|n| format!("{n},wrong-{n},,,,\n")).collect();
        let csv = format!("{CSV}{}80,eve@example.com,,,zzz,md5\n", wrong.concat());
        let page = upload(&browser, "kinde-csv", &[("file", "people.csv", &csv)]).await;
        work(&kith).await;
        let rows = path(&page, "/rows");
        let first = browser.get(&rows).await;
        assert!(
            first.shows("wrong-10") && !first.shows("wrong-69"),
            "{}",
            first.html
        );
        let next = first.attribute("a[rel=next]", "href").unwrap();
        let second = browser.get(&next).await;
        assert!(
            second.shows("wrong-69") && !second.shows("wrong-10"),
            "{}",
            second.html
        );
        let back = second.attribute("a[rel=prev]", "href").unwrap();
        assert!(browser.get(&back).await.shows("wrong-10"));

        let one = format!("{rows}?show=refused&code=malformed_hash");
        let one = browser.get(&one).await;
        assert!(!one.shows("wrong-10"), "{}", one.html);
        assert!(
            one.shows("eve@example.com") && !one.shows("zzz"),
            "{}",
            one.html
        );
        for ending in ["csv", "ndjson"] {
            let file = path(&page, &format!("/refused.{ending}?code=malformed_hash"));
            let file = browser.get(&file).await.html;
            assert_eq!(file.matches("example.com").count(), 1, "{file}");
            assert!(!file.contains("wrong-10"), "{file}");
        }
        assert_eq!(browser.get(&format!("{rows}?after=x")).await.status, 400);
    })
    .await;
}

#[tokio::test]
async fn a_dry_run_shows_what_changes_before_and_after() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let page = upload(&browser, "csv", &[("file", "people.csv", CSV)]).await;
        work(&kith).await;
        let told = browser.get(&path(&page, "")).await;
        assert!(told.shows("2 people will be created"), "{}", told.html);
        press(&browser, &told, &path(&page, "/start")).await;
        work(&kith).await;
        let later = CSV.replace(",Ada,", ",Augusta,");
        let page = upload(&browser, "csv", &[("file", "later.csv", &later)]).await;
        work(&kith).await;
        let told = browser.get(&path(&page, "")).await;
        assert!(told.shows("1 row will update somebody"), "{}", told.html);
        let changed = told.text(".outcome-updated .change").unwrap();
        let words: Vec<&str> = changed.split_whitespace().collect();
        assert_eq!(words, ["First", "name", "Ada", "becomes", "Augusta"]);
        assert!(
            !told.html.contains("abcdefghijklmnopqrstuu"),
            "{}",
            told.html
        );
    })
    .await;
}

#[tokio::test]
async fn imports_are_listed_by_where_they_stand() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        assert!(
            browser
                .get("/admin/users/imports")
                .await
                .shows("No imports yet")
        );
        let page = upload(&browser, "csv", &[("file", "people.csv", CSV)]).await;
        work(&kith).await;
        let open = browser.get("/admin/users/imports?show=open").await;
        assert!(open.shows("people.csv"), "{}", open.html);
        let finished = browser.get("/admin/users/imports?show=finished").await;
        assert!(finished.shows("None like these"), "{}", finished.html);
        let told = browser.get(&path(&page, "")).await;
        press(&browser, &told, &path(&page, "/start")).await;
        work(&kith).await;
        let finished = browser.get("/admin/users/imports?show=finished").await;
        assert!(finished.shows("people.csv"), "{}", finished.html);
    })
    .await;
}

/// With MD5 of the salt and `Correct-Horse_42`, and nothing that says so.
const SALTED: &str = "id,email,hashed_password,salt\n\
    1,ada@example.com,31f4a993d1d6c51b24479ad2a1abc362,k7Qz\n";

#[tokio::test]
async fn one_known_password_tells_how_all_were_hashed() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let page = upload(&browser, "csv", &[("file", "people.csv", SALTED)]).await;
        work(&kith).await;
        let told = browser.get(&path(&page, "")).await;
        assert!(told.shows("1 row can’t go in"), "{}", told.html);
        let form = browser.get(&path(&page, "/detective")).await;
        let ask = "form[action$='/detective']";
        let fields = [
            ("identifier", "ada@example.com"),
            ("password", "Correct-Horse_42"),
        ];
        let answer = browser.submit_form(&form, ask, &fields).await;
        assert!(answer.shows("Apply to the whole file"), "{}", answer.html);
        assert!(!answer.html.contains("Correct-Horse_42"), "{}", answer.html);
        browser
            .submit_form(&answer, "form[action$='/apply']", &[])
            .await;
        work(&kith).await;
        let told = browser.get(&path(&page, "")).await;
        assert!(told.shows("1 person will be created"), "{}", told.html);

        let wrong = [("identifier", "ada@example.com"), ("password", "wrong")];
        let wrong = browser.submit_form(&form, ask, &wrong).await;
        assert!(!wrong.shows("Apply to the whole file"), "{}", wrong.html);
        assert!(wrong.shows("Nothing"), "{}", wrong.html);
        let missing = [("identifier", "bob@example.com"), ("password", "x")];
        let missing = browser.submit_form(&form, ask, &missing).await;
        assert_eq!(missing.status, 422);
        assert!(
            missing.shows("No row of the files has this"),
            "{}",
            missing.html
        );
    })
    .await;
}

/// Announces a file as the page's script does. Gives the form's token, and what is answered.
async fn announce(browser: &Browser, source: &str, name: &str, size: usize) -> (String, Page) {
    let form = browser.get(&format!("/admin/users/import/{source}")).await;
    let (_, values) = form.form("form[data-upload]");
    let url = form.attribute("form[data-upload]", "data-upload").unwrap();
    let fields = BTreeMap::from([
        ("csrf".to_owned(), values["csrf"].clone()),
        ("file_name".to_owned(), name.to_owned()),
        ("file_size".to_owned(), size.to_string()),
    ]);
    (values["csrf"].clone(), browser.post(&url, &fields).await)
}

fn json(page: &Page) -> Value {
    assert_eq!(page.status, 200, "{}", page.html);
    serde_json::from_str(&page.html).unwrap()
}

#[tokio::test]
async fn an_upload_that_broke_off_goes_on_where_it_was() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let (token, begun) = announce(&browser, "csv", "people.csv", CSV.len()).await;
        let begun = json(&begun);
        let run = begun["url"].as_str().unwrap().to_owned();
        let piece = |offset| format!("{run}/files/0?offset={offset}");
        let half = CSV.len() / 2;
        let sent = browser
            .put(&piece(0), &token, &CSV.as_bytes()[..half])
            .await;
        assert_eq!(json(&sent)["received"], half);

        // The page that is opened again tells how much is here, and asks for the same file.
        let page = browser.get(&run).await;
        assert!(
            page.shows("people.csv") && page.shows("Go on with the upload"),
            "{}",
            page.html
        );
        assert_eq!(page.attribute("form[data-run]", "data-run").unwrap(), run);
        assert_eq!(
            json(&browser.get(&format!("{run}/files")).await)[0]["received"],
            half
        );
        let gap = browser.put(&piece(half + 1), &token, b"x").await;
        assert_eq!(gap.status, 409);
        // Bytes that come twice are kept once.
        let sent = browser
            .put(&piece(half - 5), &token, &CSV.as_bytes()[half - 5..])
            .await;
        assert_eq!(json(&sent)["received"], CSV.len());

        let page = browser.get(&run).await;
        assert!(page.shows("Everything is here"), "{}", page.html);
        let checking = press(&browser, &page, &format!("{run}/check")).await;
        assert_eq!(checking.text("h1").unwrap(), "Checking the file");
        work(&kith).await;
        let told = browser.get(&run).await;
        assert!(told.shows("2 people will be created"), "{}", told.html);
    })
    .await;
}

#[tokio::test]
async fn pieces_of_another_browser_are_not_taken() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let (_, begun) = announce(&browser, "auto", "people.csv", CSV.len()).await;
        let run = json(&begun)["url"].as_str().unwrap().to_owned();
        let refused = browser
            .put(&format!("{run}/files/0?offset=0"), "", CSV.as_bytes())
            .await;
        assert_eq!(refused.status, 403);
        assert_eq!(
            json(&browser.get(&format!("{run}/files")).await)[0]["received"],
            0
        );
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_with_files_that_came_in_pieces_is_told() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let (token, begun) = announce(&browser, "auto", "x.csv", 8).await;
        let run = json(&begun)["url"].as_str().unwrap().to_owned();
        browser
            .put(&format!("{run}/files/0?offset=0"), &token, b"a,b\n1,2\n")
            .await;
        let fields = BTreeMap::from([("csrf".to_owned(), token)]);
        let refused = browser.post(&format!("{run}/complete"), &fields).await;
        assert_eq!(refused.status, 422, "{}", refused.html);
        assert!(
            refused.html.contains("not one that we know"),
            "{}",
            refused.html
        );
        let page = browser.get(&run).await;
        press(&browser, &page, &format!("{run}/check")).await;
        let page = browser.get(&run).await;
        let gone = press(&browser, &page, &format!("{run}/discard")).await;
        assert!(gone.shows("The files were discarded"), "{}", gone.html);
    })
    .await;
}
