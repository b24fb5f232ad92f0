//! The pages that show whether an import can be trusted, and take it back.

use std::time::Duration;

use super::imports::{path, upload, work};
use super::{owner, press, submit};
use crate::harness::{Browser, Kith, Page};

/// bcrypt of `Correct-Horse_42`, cost 4; MD5 of `password`; nobody's password.
const CSV: &str = "id,email,first_name,email_verified,hashed_password,hashing_method\n\
    1,ada@example.com,Ada,TRUE,$2b$04$abcdefghijklmnopqrstuusdRCN/1WmgUHC4msDXrQGy7cAU8.Va.,bcrypt\n\
    2,bob@example.com,Bob,TRUE,5f4dcc3b5aa765d61d8327deb882cf99,md5\n\
    3,eve@example.com,Eve,TRUE,,\n";

const PASSWORD: &str = "Correct-Horse_42";

/// Imports a file, and returns the page of its dry run, whose address is the import's.
async fn imported(kith: &Kith, browser: &Browser, csv: &str) -> Page {
    let page = upload(browser, "kinde-csv", &[("file", "people.csv", csv)]).await;
    work(kith).await;
    let told = browser.get(&path(&page, "")).await;
    press(browser, &told, &path(&page, "/start")).await;
    work(kith).await;
    told
}

/// The rows of the table of cohorts, each as its words.
fn cohorts(page: &Page) -> Vec<String> {
    let rows = page.texts("table tbody tr");
    let words = |row: &String| row.split_whitespace().collect::<Vec<_>>().join(" ");
    rows.iter().map(words).collect()
}

#[tokio::test]
async fn a_known_password_proves_its_cohort_and_is_never_shown() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let run = imported(&kith, &browser, CSV).await;
        let before = browser.get(&path(&run, "")).await;
        let seen = cohorts(&before);
        assert!(
            seen.iter().any(|row| row.contains("bcrypt 2b, cost 4")
                && row.contains("0 of 1 proved: nobody knows yet whether these work")),
            "{seen:?}"
        );
        assert!(
            seen.iter()
                .any(|row| row.contains("md5") && row.contains("Weak")),
            "{seen:?}"
        );
        let form = browser.get(&path(&run, "/proof")).await;
        let pairs = "identifier,password\n2,wrong-guess\neve@example.com,x\nnobody@example.com,x\n";
        let fields = [
            ("identifier", "ada@example.com"),
            ("password", PASSWORD),
            ("pairs", pairs),
        ];
        let answer = browser.upload_with(&form, &fields, &[]).await;
        assert_eq!(answer.status, 200, "{}", answer.html);
        let told: Vec<String> = answer
            .texts(".example")
            .iter()
            .map(|text| {
                text.split_whitespace()
                    .take(2)
                    .collect::<Vec<_>>()
                    .join(" ")
            })
            .collect();
        assert_eq!(
            told,
            [
                "ada@example.com Right",
                "2 Wrong",
                "eve@example.com No",
                "nobody@example.com Unknown"
            ]
        );
        assert!(answer.shows("bcrypt · 2b, cost 4 works"), "{}", answer.html);
        for secret in [PASSWORD, "wrong-guess"] {
            assert!(!answer.html.contains(secret), "{}", answer.html);
        }
        let seen = cohorts(&browser.get(&path(&run, "")).await);
        assert!(
            seen.iter().any(|row| row.contains("1 of 1 proved")),
            "{seen:?}"
        );
        assert!(
            seen.iter().any(|row| row.contains("0 of 1 proved")),
            "{seen:?}"
        );
    })
    .await;
}

#[tokio::test]
async fn known_passwords_come_in_a_file_as_well() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let run = imported(&kith, &browser, CSV).await;
        let form = browser.get(&path(&run, "/proof")).await;
        let lines = "{\"identifier\": \"bob@example.com\", \"password\": \"password\"}\n";
        let answer = browser
            .upload(&form, &[("file", "known.ndjson", lines)])
            .await;
        assert!(answer.shows("md5 works"), "{}", answer.html);
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_with_known_passwords_is_told_beside_its_field() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let run = imported(&kith, &browser, CSV).await;
        let form = browser.get(&path(&run, "/proof")).await;
        let many = "1,x\n".repeat(21);
        let large = "x".repeat(70_000);
        for (fields, files, said) in [
            (vec![], vec![], "Say whose password you know"),
            (
                vec![("password", "hunter2")],
                vec![],
                "Say whose password it is.",
            ),
            (
                vec![("identifier", "ada@example.com")],
                vec![],
                "Type their password.",
            ),
            (
                vec![("pairs", many.as_str())],
                vec![],
                "21 passwords are too many",
            ),
            (
                vec![("pairs", "identifier,secret\na,hunter2\n")],
                vec![],
                "no column password",
            ),
            (
                vec![],
                vec![("file", "known.csv", large.as_str())],
                "larger than any list",
            ),
        ] {
            let refused = browser.upload_with(&form, &fields, &files).await;
            assert_eq!(refused.status, 422, "{said}: {}", refused.html);
            assert!(refused.shows(said), "{said}: {}", refused.html);
            assert!(!refused.html.contains("hunter2"), "{}", refused.html);
        }
        // Who was tried wrongly too often isn't tried any more; the others are.
        let wrong: String = (0..6).map(|_| "ada@example.com,wrong\n").collect();
        let pairs = format!("{wrong}bob@example.com,password\n");
        let answer = browser.upload_with(&form, &[("pairs", &pairs)], &[]).await;
        assert!(
            answer.shows("Five wrong passwords were tried") && answer.shows("md5 works"),
            "{}",
            answer.html
        );
    })
    .await;
}

/// Imports the file, and changes Bob afterwards.
async fn imported_and_changed(kith: &Kith, browser: &Browser) -> Page {
    let run = imported(kith, browser, CSV).await;
    kith.advance(Duration::from_secs(1));
    let list = browser.get("/admin/users?q=bob").await;
    let links = list.links_within("table");
    let bob = links.iter().find(|link| link.contains("/kp_")).unwrap();
    let page = browser.get(bob).await;
    let names = [("first_name", "Robert"), ("last_name", "Example")];
    submit(browser, &page, bob, &names).await;
    run
}

#[tokio::test]
async fn what_undoing_would_do_is_told_and_the_name_has_to_be_typed() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let run = Box::pin(imported_and_changed(&kith, &browser)).await;
        let page = browser.get(&path(&run, "")).await;
        let undo = path(&run, "/undo");
        assert!(page.links().contains(&undo), "{}", page.html);
        let asked = browser.get(&undo).await;
        assert!(
            asked.shows("2 people whom the import made are deleted")
                && asked.shows("One person has changed since"),
            "{}",
            asked.html
        );
        let wrong = submit(&browser, &asked, &undo, &[("typed_name", "other.csv")]).await;
        assert_eq!(wrong.status, 422);
        assert!(wrong.shows("What you typed is different"), "{}", wrong.html);
        assert!(browser.get("/admin/users").await.shows("ada@example.com"));
    })
    .await;
}

#[tokio::test]
async fn an_import_is_undone_and_who_was_left_is_listed_with_the_reason() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let run = Box::pin(imported_and_changed(&kith, &browser)).await;
        let undo = path(&run, "/undo");
        let asked = browser.get(&undo).await;
        let undoing = submit(&browser, &asked, &undo, &[("typed_name", "people.csv")]).await;
        assert_eq!(undoing.text("h1").unwrap(), "Undoing the import");
        work(&kith).await;
        let undone = browser.get(&path(&run, "")).await;
        assert!(
            undone.shows("What undoing did") && undone.shows("Left as they are"),
            "{}",
            undone.html
        );
        let people = browser.get("/admin/users").await;
        assert!(!people.shows("ada@example.com"), "{}", people.html);
        let kept = browser.get(&path(&run, "/kept")).await;
        assert!(
            kept.shows("Robert") && kept.shows("have changed since") && kept.shows("Made them"),
            "{}",
            kept.html
        );
        assert_eq!(browser.get(&undo).await.status, 409);
    })
    .await;
}

#[tokio::test]
async fn a_form_of_another_browser_proves_and_undoes_nothing() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let run = imported(&kith, &browser, CSV).await;
        let form = browser.get(&path(&run, "/proof")).await;
        let asked = browser.get(&path(&run, "/undo")).await;
        let undo = path(&run, "/undo");
        // Somebody who is not signed in, with the token of a form that they may have seen.
        let stranger = kith.browser();
        let fields = [("identifier", "ada@example.com"), ("password", PASSWORD)];
        assert_eq!(stranger.upload_with(&form, &fields, &[]).await.status, 403);
        let typed = [("typed_name", "people.csv")];
        assert_eq!(submit(&stranger, &asked, &undo, &typed).await.status, 403);
        for page in ["/proof", "/undo", "/kept", "/columns"] {
            let page = stranger.get(&path(&run, page)).await;
            assert_eq!(page.url.path(), "/admin/login");
        }
        // The owner, from a form without the token.
        let mut values = super::no_fields();
        values.insert("typed_name".into(), "people.csv".into());
        assert_eq!(browser.post(&undo, &values).await.status, 403);
        let seen = cohorts(&browser.get(&path(&run, "")).await);
        assert!(!seen.iter().any(|row| row.contains("1 of 1")), "{seen:?}");
    })
    .await;
}

#[tokio::test]
async fn risks_are_told_before_and_after_an_import() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let shared = [10, 11, 12].map(|n| {
            format!("{n},p{n}@mailinator.com,P,TRUE,5f4dcc3b5aa765d61d8327deb882cf99,md5\n")
        });
        let shared = shared.concat();
        let csv = format!("{CSV}{shared}");
        let page = upload(&browser, "kinde-csv", &[("file", "people.csv", &csv)]).await;
        work(&kith).await;
        let told = browser.get(&path(&page, "")).await;
        let shows_risks = |page: &Page| {
            page.shows("At least 4 people share one unsalted hash")
                && page.shows("4 passwords are hashed without a salt")
                && page.shows("3 people have an address of a throw-away mail service")
        };
        assert!(shows_risks(&told), "{}", told.html);
        assert!(
            !told.html.contains("5f4dcc3b5aa765d61d8327deb882cf99"),
            "{}",
            told.html
        );
        press(&browser, &told, &path(&page, "/start")).await;
        work(&kith).await;
        let done = browser.get(&path(&page, "")).await;
        assert!(shows_risks(&done), "{}", done.html);
    })
    .await;
}

#[tokio::test]
async fn home_tells_of_imports_that_wait_and_of_what_asks_for_a_look() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let page = upload(&browser, "kinde-csv", &[("file", "people.csv", CSV)]).await;
        let home = browser.get("/admin/").await;
        assert!(home.shows("At work, or waiting for you"), "{}", home.html);
        assert!(home.links().contains(&path(&page, "")));
        work(&kith).await;
        let told = browser.get(&path(&page, "")).await;
        press(&browser, &told, &path(&page, "/start")).await;
        work(&kith).await;
        let later = "id,email\n4,zoe@example.com\n5,nobody\n";
        let later = imported(&kith, &browser, later).await;
        let home = browser.get("/admin/").await;
        assert!(
            home.shows("Not seen to work yet: 2 of 2 kinds of password hashes, of 2 people."),
            "{}",
            home.html
        );
        assert!(home.shows("One row was refused"), "{}", home.html);
        let sources = home.text("[aria-labelledby=sources] .way").unwrap();
        assert_eq!(sources.replace(' ', ""), "CustomCSV4");
        for link in [path(&page, "/proof"), path(&later, "/rows?show=refused")] {
            assert!(home.links().contains(&link), "{link}: {}", home.html);
            assert_eq!(browser.get(&link).await.status, 200);
        }
    })
    .await;
}
