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
        assert_eq!(form.form(FORM).1["c0-1"], "email");

        let fields = [
            ("c0-0", "id"),
            ("c0-2", "hashed_password"),
            ("c0-3", "property"),
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
        assert_eq!(browser.get(&columns).await.form(FORM).1["c0-0"], "ignore");

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
            let fields = [("c0-0", "id"), ("c0-3", "id"), ("do", what)];
            let wrong = browser.submit_form(&form, FORM, &fields).await;
            assert_eq!(wrong.status, 422, "{}", wrong.html);
            let error = wrong.text(".field-error").unwrap();
            assert!(error.contains("another column is id already"), "{error}");
            // What was chosen stays.
            assert_eq!(wrong.form(FORM).1["c0-3"], "id");
        }
        let fields = [("c0-1", "ignore"), ("do", "preview")];
        let nobody = browser.submit_form(&form, FORM, &fields).await;
        assert_eq!(nobody.status, 422, "{}", nobody.html);
        let fields = [("c0-3", "shoe_size"), ("do", "preview")];
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
            ("c0-2", "hashed_password"),
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
        let fields = [("c0-0", "username"), ("do", "apply")];
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
            ("c0-2", "hashed_password"),
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

/// With dates that may be days of two months.
const DATED: &str =
    "Nr.;E-Mail;angelegt\n7;ada@example.com;03/04/2021\n8;bob@example.com;11/12/2021\n";

#[tokio::test]
async fn dates_that_may_be_two_days_are_asked_for() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let run = checked(&kith, &browser, DATED).await;
        let form = browser.get(&path(&run, "/columns")).await;
        let note = form.text(".notice-warn").unwrap();
        assert!(note.contains("d/m/y or m/d/y"), "{note}");
        assert_eq!(form.form(FORM).1["d0-2"], "");
        assert!(!form.form(FORM).1.contains_key("d0-1"), "{}", form.html);
        let fields = [("d0-2", "m/d/y"), ("do", "preview")];
        let tried = browser.submit_form(&form, FORM, &fields).await;
        assert_eq!(tried.status, 200, "{}", tried.html);
        let note = tried.text(".notice-warn").unwrap();
        assert!(!note.contains("d/m/y"), "{note}");
        assert_eq!(tried.form(FORM).1["d0-2"], "m/d/y");
        let told = browser.submit_form(&tried, FORM, &[("do", "apply")]).await;
        assert_eq!(told.url.path(), path(&run, ""), "{}", told.html);
        work(&kith).await;
        let told = browser.get(&path(&run, "")).await;
        press(&browser, &told, &path(&run, "/start")).await;
        work(&kith).await;
        let export = browser.get("/admin/settings/export").await;
        let fields = [("what", "users"), ("format", "kith")];
        let export = browser
            .submit_form(&export, "main form[method=post]", &fields)
            .await;
        for made in ["2021-03-04T00:00:00.000Z", "2021-11-12T00:00:00.000Z"] {
            assert!(export.html.contains(made), "{made}: {}", export.html);
        }
    })
    .await;
}

#[tokio::test]
async fn another_separator_makes_other_columns() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        // More commas than bars: the header misleads.
        let table = "a,b,c|E-Mail\nx,y,z|ada@example.com\n";
        let form = upload(&browser, "csv", &[("file", "x.csv", table)]).await;
        let form = browser.get(form.url.path()).await;
        let form = if form.url.path().ends_with("/columns") {
            form
        } else {
            work(&kith).await;
            browser.get(&path(&form, "/columns")).await
        };
        assert_eq!(form.form(FORM).1["s0"], "comma");
        // What was chosen of columns that are no more is not taken over.
        let fields = [("s0", "pipe"), ("c0-0", "username"), ("do", "preview")];
        let tried = browser.submit_form(&form, FORM, &fields).await;
        assert_eq!(tried.status, 200, "{}", tried.html);
        let (_, chosen) = tried.form(FORM);
        let shown = ["s0", "c0-0", "c0-1"].map(|name| chosen[name].as_str());
        assert_eq!(shown, ["pipe", "ignore", "email"]);
        assert!(!chosen.contains_key("c0-2"), "{}", tried.html);
        let told = browser.submit_form(&tried, FORM, &[("do", "apply")]).await;
        work(&kith).await;
        let told = browser.get(told.url.path()).await;
        assert!(told.shows("1 person will be created"), "{}", told.html);
    })
    .await;
}

#[tokio::test]
async fn each_file_has_its_own_columns() {
    Kith::each(async |kith| {
        let browser = owner(&kith).await;
        let people = "nr;wer\n7;ada@example.com\n8;bob@example.com\n";
        let logins = "wer,nr\nada_l,7\nbob_m,8\n";
        let files = [
            ("file", "people.csv", people),
            ("file", "logins.csv", logins),
        ];
        let run = upload(&browser, "csv", &files).await;
        let form = browser.get(&run.url.path().replace("/columns", "")).await;
        work(&kith).await;
        let columns = format!("{}/columns", form.url.path());
        let form = browser.get(&columns).await;
        let shown = form.form(FORM).1;
        assert_eq!(
            (shown["s0"].as_str(), shown["s1"].as_str()),
            ("semicolon", "comma")
        );
        let wrong = [
            ("c0-0", "id"),
            ("c1-0", "id"),
            ("c1-1", "id"),
            ("do", "apply"),
        ];
        let wrong = browser.submit_form(&form, FORM, &wrong).await;
        assert_eq!(wrong.status, 422, "{}", wrong.html);
        assert!(wrong.text("#c1-1-error").is_some() || wrong.text("#c1-0-error").is_some());
        assert!(wrong.text("#c0-0-error").is_none(), "{}", wrong.html);
        let fields = [
            ("c0-0", "id"),
            ("c0-1", "email"),
            ("c1-0", "username"),
            ("c1-1", "id"),
            ("do", "apply"),
        ];
        let told = browser.submit_form(&form, FORM, &fields).await;
        assert!(!told.url.path().ends_with("/columns"), "{}", told.html);
        work(&kith).await;
        let told = browser.get(told.url.path()).await;
        assert!(told.shows("2 people will be created"), "{}", told.html);
        let file = browser.get(&columns).await;
        let file = browser
            .submit_form(&file, FORM, &[("do", "download")])
            .await;
        for line in [
            "[files.\"people.csv\"]",
            "[files.\"logins.csv\"]",
            "\"wer\" = \"username\"",
        ] {
            assert!(file.html.contains(line), "{line}: {}", file.html);
        }
        press(&browser, &told, &format!("{}/start", told.url.path())).await;
        work(&kith).await;
        assert!(browser.get("/admin/users").await.shows("ada@example.com"));
    })
    .await;
}
