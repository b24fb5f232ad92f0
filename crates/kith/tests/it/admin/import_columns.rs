//! The mapping editor: what the columns of somebody's own file are.

use super::imports::{path, upload, work};
use super::{owner, press};
use crate::harness::{Browser, Kith, Page};

/// With the MD5 of `password` in a column that says nothing, and a column that may mean something else.
const TABLE: &str = "Nr.;wer;kennung;Firma\n\
    7;ada@example.com;5f4dcc3b5aa765d61d8327deb882cf99;Voss AB\n\
    8;bob@example.com;5f4dcc3b5aa765d61d8327deb882cf99;Voss AB\n";

const FORM: &str = "form[action$='/columns']";

async fn checked(kith: &Kith, browser: &Browser, text: &str) -> Page {
    let page = upload(browser, "csv", &[("file", "kunden.csv", text)]).await;
    work(kith).await;
    page
}

#[tokio::test]
async fn columns_are_decided_tried_and_imported_as_decided() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let run = checked(&kith, &browser, TABLE).await;
        let columns = path(&run, "/columns");
        let told = browser.get(&path(&run, "")).await;
        assert!(told.links().contains(&columns), "{}", told.html);
        let form = browser.get(&columns).await;
        assert!(
            form.shows("ada@example.com") && form.shows("its values are e-mail addresses"),
            "{}",
            form.html
        );
        assert!(!form.html.contains("5f4dcc3b5aa765d6"), "{}", form.html);
        assert_eq!(form.form(FORM).1["c1"], "email");

        let fields = [
            ("c0", "id"),
            ("c2", "hashed_password"),
            ("c3", "property"),
            ("hashing_method", "md5"),
            ("do", "preview"),
        ];
        let tried = browser.submit_form(&form, FORM, &fields).await;
        assert_eq!(tried.status, 200, "{}", tried.html);
        let first = tried.text(".example .changes").unwrap();
        for word in ["7", "ada@example.com", "md5", "Voss AB"] {
            assert!(first.contains(word), "{word}: {first}");
        }
        // Nothing has changed yet.
        assert_eq!(browser.get(&columns).await.form(FORM).1["c0"], "ignore");

        let told = browser.submit_form(&tried, FORM, &[("do", "apply")]).await;
        assert_eq!(told.url.path(), path(&run, ""), "{}", told.html);
        work(&kith).await;
        let told = browser.get(&path(&run, "")).await;
        assert!(told.shows("2 people will be created"), "{}", told.html);
        press(&browser, &told, &path(&run, "/start")).await;
        work(&kith).await;
        let proof = browser.get(&path(&run, "/proof")).await;
        let pair = [("identifier", "7"), ("password", "password")];
        let proof = browser.upload_with(&proof, &pair, &[]).await;
        assert!(proof.shows("md5 works"), "{}", proof.html);
        assert_eq!(browser.get(&columns).await.status, 409);
    })
    .await;
}

#[tokio::test]
async fn what_can_not_be_is_told_at_its_column() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let run = checked(&kith, &browser, TABLE).await;
        let form = browser.get(&path(&run, "/columns")).await;
        for what in ["preview", "apply"] {
            let fields = [("c0", "id"), ("c3", "id"), ("do", what)];
            let wrong = browser.submit_form(&form, FORM, &fields).await;
            assert_eq!(wrong.status, 422, "{}", wrong.html);
            let error = wrong.text(".field-error").unwrap();
            assert!(error.contains("another column is id already"), "{error}");
            // What was chosen stays.
            assert_eq!(wrong.form(FORM).1["c3"], "id");
        }
        let fields = [("c1", "ignore"), ("do", "preview")];
        let nobody = browser.submit_form(&form, FORM, &fields).await;
        assert_eq!(nobody.status, 422, "{}", nobody.html);
        let fields = [("c3", "shoe_size"), ("do", "preview")];
        let unknown = browser.submit_form(&form, FORM, &fields).await;
        assert!(unknown.shows("no field that there is"), "{}", unknown.html);
        let mut fields = form.form(FORM).1;
        fields.remove("csrf");
        fields.insert("do".into(), "apply".into());
        let foreign = browser.post(&path(&run, "/columns"), &fields).await;
        assert_eq!(foreign.status, 403);
        let stranger = kith.browser();
        let foreign = stranger.submit_form(&form, FORM, &[("do", "apply")]).await;
        assert_eq!(foreign.status, 403);
    })
    .await;
}

#[tokio::test]
async fn a_mapping_is_downloaded_as_the_file_that_the_command_line_reads() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let run = checked(&kith, &browser, TABLE).await;
        let form = browser.get(&path(&run, "/columns")).await;
        let fields = [
            ("c2", "hashed_password"),
            ("hashing_method", "md5"),
            ("do", "download"),
        ];
        let file = browser.submit_form(&form, FORM, &fields).await;
        assert!(
            file.headers["content-disposition"]
                .to_str()
                .unwrap()
                .contains("map.toml")
        );
        for line in [
            "\"wer\" = \"email\"",
            "\"kennung\" = \"hashed_password\"",
            "\"Firma\" = \"ignore\"",
            "\"hashing_method\" = \"md5\"",
        ] {
            assert!(file.html.contains(line), "{line}: {}", file.html);
        }
    })
    .await;
}

#[tokio::test]
async fn a_table_in_which_nobody_is_found_leads_to_its_columns() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let table = "a,b\nada,x\nbob,y\n";
        let form = upload(&browser, "csv", &[("file", "x.csv", table)]).await;
        assert!(form.url.path().ends_with("/columns"), "{}", form.html);
        assert!(
            form.shows("no column is an e-mail address"),
            "{}",
            form.html
        );
        let fields = [("c0", "username"), ("do", "apply")];
        let told = browser.submit_form(&form, FORM, &fields).await;
        work(&kith).await;
        let told = browser.get(told.url.path()).await;
        assert!(told.shows("2 people will be created"), "{}", told.html);
    })
    .await;
}

#[tokio::test]
async fn a_formula_of_hashes_is_kept_and_not_shown() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        // SHA-1 of `pepper` and `password`.
        let table = "id,email,pw\n1,ada@example.com,73614fd51a90257f32acee922225eb8a815b89c8\n";
        let run = checked(&kith, &browser, table).await;
        let columns = path(&run, "/columns");
        let form = browser.get(&columns).await;
        let formula = "sha1(\"pepper\" + password)";
        let fields = [
            ("c2", "hashed_password"),
            ("formula", formula),
            ("do", "apply"),
        ];
        let told = browser.submit_form(&form, FORM, &fields).await;
        assert_eq!(told.url.path(), path(&run, ""), "{}", told.html);
        work(&kith).await;
        let told = browser.get(&path(&run, "")).await;
        assert!(told.shows("1 person will be created"), "{}", told.html);
        assert!(told.shows("custom"), "{}", told.html);
        let form = browser.get(&columns).await;
        assert!(
            form.shows("A formula is set") && !form.html.contains("pepper"),
            "{}",
            form.html
        );
        let fields = [("no_formula", "true"), ("do", "preview")];
        let without = browser.submit_form(&form, FORM, &fields).await;
        assert!(!without.shows("A formula is set"), "{}", without.html);
    })
    .await;
}
