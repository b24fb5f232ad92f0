//! Users > Import users: a file with rows that can't be taken.

use anyhow::Result;

use crate::story::Story;

const EXPORT: &str = "\
email,first_name,last_name,email_verified,hashed_password,hashing_method,salt,salt_position
grace@example.com,Grace,Example,TRUE,0cc175b9c0f1b6a831c399e269772661,md5,,
linus@example.com,Linus,Example,FALSE,0cc175b9c0f1b6a831c399e269772661,md5,,
not-an-address,Nobody,Example,TRUE,,,,
mary@example.com,Mary,Example,TRUE,zzz,md5,,
";

#[tokio::test]
async fn a_file_with_refused_rows_is_checked_imported_and_explained() -> Result<()> {
    Story::both_ways(async |story| {
        let browser = &story.browser;
        let file = story.file("users.csv", EXPORT)?;
        story.set_up_owner().await?;
        browser.follow("Users").await?;
        browser.see("Nobody here yet").await?;
        story.review("users-empty").await?;
        browser.goto(&story.dashboard("/users/import")).await?;
        browser.see("Choose a source").await?;
        story.review("import-choose").await?;

        browser.fill("Search sources", "guide").await?;
        browser.strike(e2e::ENTER).await?;
        browser.see("A CSV with the columns of the guide").await?;
        story.review("import-choose-found").await?;
        browser.follow("Custom CSV").await?;
        story.review("import-upload").await?;
        browser.upload("Files", &file).await?;
        story.review("import-upload-chosen").await?;
        browser.press("Upload and check").await?;
        browser.see("Ready to import").await?;
        browser.see("Nothing has been written yet.").await?;
        browser.see("2 people will be created").await?;
        browser.see("invalid_email").await?;
        story.review("import-dry-run").await?;

        browser.press("Import 2 people").await?;
        browser.see("Finished, some refused").await?;
        story.review("import-finished").await?;
        let run = browser.url().await?;
        browser.follow("Refused rows and warnings").await?;
        browser.see("the address needs exactly one @").await?;
        story.review("import-rows").await?;
        download(&story).await?;
        browser.follow("malformed_hash 1").await?;
        browser.see("malformed md5 hash").await?;
        assert!(!browser.text().await?.contains("exactly one @"));
        story.review("import-rows-code").await?;
        browser.goto(&story.dashboard("/users/imports")).await?;
        browser.follow("Finished").await?;
        browser.see("users.csv").await?;
        story.review("import-runs").await?;
        browser.goto(&run).await?;

        browser.follow("See users").await?;
        browser.see("Grace Example").await?;
        story.review("users-imported").await?;
        browser.follow("Grace Example").await?;
        browser.see("md5").await?;
        story.review("user-imported").await
    })
    .await
}

/// The download has the refused rows, and no hash of anybody.
async fn download(story: &Story) -> Result<()> {
    let script = "return fetch(document.querySelector('a[href$=\"refused.csv\"]').href)\
        .then(async (answer) => answer.status + '\\n' + (await answer.text()))";
    let report = story.browser.evaluate(script).await?;
    let report = report.as_str().unwrap_or_default();
    assert!(report.starts_with("200\n"), "{report}");
    assert!(report.contains("not-an-address"), "{report}");
    assert!(report.contains("invalid_email"), "{report}");
    assert!(!report.contains("grace@example.com"), "{report}");
    assert!(!report.contains("zzz"), "{report}");
    Ok(())
}

/// Lets the first piece pass, and nothing after it: what a broken connection looks like to the page.
const BREAK_OFF: &str = "const real = window.fetch; let pieces = 0; \
    window.fetch = (url, options) => options?.method === 'PUT' && ++pieces > 1 \
        ? new Promise(() => {}) : real(url, options)";

#[tokio::test]
async fn an_upload_goes_on_after_its_tab_was_closed() -> Result<()> {
    let story = Story::begin().await?;
    let browser = &story.browser;
    // Two pieces of four MiB each.
    let notes = "x".repeat(30_000);
    let people: Vec<String> = (0..200)
        .map(|n| format!("person-{n}@example.com,Person,{notes}\n"))
        .collect();
    let text = format!("email,first_name,notes\n{}", people.concat());
    let file = story.file("people.csv", &text)?;
    story.set_up_owner().await?;
    browser.goto(&story.dashboard("/users/import/auto")).await?;
    browser.evaluate(BREAK_OFF).await?;
    browser.upload("Files", &file).await?;
    browser.press("Upload and check").await?;
    browser.see("4.2 MB of 6").await?;
    story.review("import-upload-running").await?;
    let run = browser.url().await?;
    assert!(run.contains("/users/imports/"), "{run}");

    browser.goto(&story.dashboard("/users/imports")).await?;
    browser.see("Uploading").await?;
    browser.goto(&run).await?;
    browser.see("What is here").await?;
    browser.see("4.2 MB of 6.0 MB").await?;
    story.review("import-upload-again").await?;
    browser.upload("The same files", &file).await?;
    browser.press("Go on with the upload").await?;
    browser.see("Ready to import").await?;
    browser.see("200 people will be created").await
}

/// MD5 of the letter `a`, which Grace and Linus have.
const KNOWN: &str = "a";

#[tokio::test]
async fn an_import_is_proved_by_a_known_password_and_undone() -> Result<()> {
    Story::both_ways(async |story| {
        let browser = &story.browser;
        let file = story.file("users.csv", EXPORT)?;
        story.set_up_owner().await?;
        browser
            .goto(&story.dashboard("/users/import/kinde-csv"))
            .await?;
        browser.upload("Files", &file).await?;
        browser.press("Upload and check").await?;
        browser.see("Ready to import").await?;
        browser.see("passwords are hashed without a salt").await?;
        browser.press("Import 2 people").await?;
        browser.see("Finished, some refused").await?;
        browser.see("nobody knows yet whether these work").await?;
        let run = browser.url().await?;

        browser.follow("Proof").await?;
        browser.see("Try passwords that you know").await?;
        story.review("import-proof").await?;
        browser
            .fill("Whose password it is optional", "grace@example.com")
            .await?;
        browser.fill("Password optional", KNOWN).await?;
        browser.press("Try them").await?;
        browser.see("The password is right").await?;
        browser.see("1 of 2 proved").await?;
        story.review("import-proof-answered").await?;

        browser.goto(&story.dashboard("/")).await?;
        browser.see("Where people came from").await?;
        story.review("home-migration").await?;

        browser.goto(&run).await?;
        browser.follow("Undo").await?;
        browser
            .see("2 people whom the import made are deleted")
            .await?;
        story.review("import-undo").await?;
        browser
            .fill("Type users.csv to confirm", "users.csv")
            .await?;
        browser.press("Undo the import").await?;
        browser.see("What undoing did").await?;
        story.review("import-undone").await?;
        browser.follow("See users").await?;
        browser.see("Nobody here yet").await
    })
    .await
}

#[tokio::test]
async fn the_columns_of_an_own_table_are_decided() -> Result<()> {
    Story::both_ways(async |story| {
        let browser = &story.browser;
        let table = "Nr.;wer;Firma\n7;ada@example.com;Voss AB\n";
        let file = story.file("kunden.csv", table)?;
        story.set_up_owner().await?;
        browser.goto(&story.dashboard("/users/import/csv")).await?;
        browser.upload("Files", &file).await?;
        browser.press("Upload and check").await?;
        browser.see("Ready to import").await?;
        browser.follow("Columns").await?;
        browser.see("its values are e-mail addresses").await?;
        story.review("import-columns").await?;
        browser.press("Try it on the first rows").await?;
        browser.see("The first rows, read like this").await?;
        browser.press("Check the files with this").await?;
        browser.see("Ready to import").await?;
        browser.see("1 person will be created").await
    })
    .await
}
