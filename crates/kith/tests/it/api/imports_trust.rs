//! Proving and undoing an import by the management API.

use serde_json::{Value, json};

use crate::harness::{Api, Kith};

/// bcrypt of `Correct-Horse_42`, cost 4.
const CSV: &str = "id,email,email_verified,hashed_password,hashing_method\n\
    1,ada@example.com,TRUE,$2b$04$abcdefghijklmnopqrstuusdRCN/1WmgUHC4msDXrQGy7cAU8.Va.,bcrypt\n\
    2,bob@example.com,TRUE,$2b$04$abcdefghijklmnopqrstuusdRCN/1WmgUHC4msDXrQGy7cAU8.Va.,bcrypt\n";

async fn work(kith: &Kith) {
    let installation = &kith.installation;
    kith::imports::work(&installation.app, &installation.environments)
        .await
        .unwrap();
}

/// The path of an import of [`CSV`] that is over.
async fn imported(kith: &Kith, api: &Api) -> String {
    let answer = api
        .send_raw("/api/v1/imports", "text/csv", CSV.into())
        .await;
    let import = answer.expect(201)["import"].clone();
    work(kith).await;
    format!("/api/v1/imports/{}", import["id"].as_str().unwrap())
}

async fn read(api: &Api, path: &str) -> Value {
    api.get(path).await.expect(200)["import"].clone()
}

#[tokio::test]
async fn known_passwords_prove_an_import_and_lock_nobody_out() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let path = imported(&kith, &api).await;
        let body = json!({"pairs": [
            {"identifier": "ada@example.com", "password": "Correct-Horse_42"},
            {"identifier": "2", "password": "wrong"},
            {"identifier": "nobody@example.com", "password": "x"},
        ]});
        let answer = api.post(&format!("{path}/proofs"), body).await.expect(200);
        let outcomes: Vec<_> = answer["proofs"]
            .as_array()
            .unwrap()
            .iter()
            .map(|proof| proof["outcome"].as_str().unwrap())
            .collect();
        assert_eq!(outcomes, ["proved", "wrong", "no_person"]);
        let cohort = &read(&api, &path).await["cohorts"][0];
        assert_eq!(
            (&cohort["people"], &cohort["proved"]),
            (&json!(2), &json!(1))
        );
        for _ in 0..4 {
            let body = json!({"pairs": [{"identifier": "2", "password": "wrong"}]});
            api.post(&format!("{path}/proofs"), body).await.expect(200);
        }
        let body = json!({"pairs": [{"identifier": "2", "password": "wrong"}]});
        let refused = api.post(&format!("{path}/proofs"), body).await;
        assert_eq!(refused.error(), "LOCKED");
        // The sign-in knows nothing of it: the right password proves, by the sign-in's own check.
        let cx = kith.cx();
        let mut tx = cx.db().read().await.unwrap();
        let found = kith::users::find_by_any_identifier(&cx, &mut tx, "bob@example.com").await;
        let user = found.unwrap().unwrap().0.id;
        drop(tx);
        let subject = kith::credentials::lockout::Subject::user(&user);
        let password = kith::secret::Secret::new("Correct-Horse_42");
        kith::credentials::password::check(&cx, Some(&user), &subject, &password)
            .await
            .unwrap();
        assert_eq!(read(&api, &path).await["cohorts"][0]["proved"], 2);
        let many: Vec<_> = (0..21)
            .map(|_| json!({"identifier": "a", "password": "b"}))
            .collect();
        let refused = api
            .post(&format!("{path}/proofs"), json!({ "pairs": many }))
            .await;
        assert_eq!((refused.status, refused.error()), (400, "INVALID_REQUEST"));
    })
    .await;
}

#[tokio::test]
async fn the_worker_undoes_an_import_and_lists_who_was_left() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let path = imported(&kith, &api).await;
        kith.advance(std::time::Duration::from_secs(1));
        let users = api.get("/api/v1/users").await.expect(200);
        let bob = users["users"]
            .as_array()
            .unwrap()
            .iter()
            .find(|user| user["email"] == "bob@example.com")
            .unwrap()["id"]
            .as_str()
            .unwrap();
        api.send(
            "PATCH",
            &format!("/api/v1/user?id={bob}"),
            Some(json!({"given_name": "Robert"})),
        )
        .await
        .expect(200);
        let told = api.get(&format!("{path}/undo")).await.expect(200);
        let expected = json!({"deleted": 1, "restored": 0, "kept": 1, "unseen": 0});
        assert_eq!(told["preview"], expected);
        let begun = api
            .post(&format!("{path}/undo"), json!({}))
            .await
            .expect(200);
        assert_eq!(begun["import"]["state"], "undoing");
        work(&kith).await;
        let undone = read(&api, &path).await;
        assert_eq!(undone["state"], "undone");
        assert_eq!(
            undone["undone"],
            json!({"deleted": 1, "restored": 0, "kept": 1})
        );
        let kept = api.get(&format!("{path}/kept")).await.expect(200);
        assert_eq!(kept["kept"][0]["email"], "bob@example.com");
        assert_eq!(kept["kept"][0]["reason"], "changed");
        let again = api
            .post(&format!("{path}/undo"), json!({}))
            .await
            .expect(200);
        assert_eq!(again["import"]["state"], "undone");
    })
    .await;
}

#[tokio::test]
async fn a_newer_export_takes_back_nothing_that_was_done_here() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        imported(&kith, &api).await;
        let users = api.get("/api/v1/users").await.expect(200);
        let id_of = |email: &str| {
            let all = users["users"].as_array().unwrap();
            let user = all.iter().find(|user| user["email"] == email).unwrap();
            user["id"].as_str().unwrap().to_owned()
        };
        let (ada, bob) = (id_of("ada@example.com"), id_of("bob@example.com"));
        api.send(
            "PATCH",
            &format!("/api/v1/user?id={ada}"),
            Some(json!({"given_name": "Augusta"})),
        )
        .await
        .expect(200);
        api.send(
            "PUT",
            &format!("/api/v1/users/{bob}/password"),
            Some(json!({"password": "a password of my own"})),
        )
        .await
        .expect(200);
        let newer = "id,email,first_name,email_verified,hashed_password,hashing_method\n\
            1,ada@example.com,Ada,TRUE,$2b$05$abcdefghijklmnopqrstuusdRCN/1WmgUHC4msDXrQGy7cAU8.Va.,bcrypt\n\
            2,bob@example.com,Bob,TRUE,$2b$05$abcdefghijklmnopqrstuusdRCN/1WmgUHC4msDXrQGy7cAU8.Va.,bcrypt\n";
        let answer = api.send_raw("/api/v1/imports", "text/csv", newer.into()).await;
        let import = answer.expect(201)["import"].clone();
        work(&kith).await;
        let path = format!("/api/v1/imports/{}", import["id"].as_str().unwrap());
        let run = read(&api, &path).await;
        // Ada gets her newer password and keeps her name; Bob, whom nobody has renamed, gets a name and keeps his password.
        assert_eq!(run["counts"]["updated"], 2, "{run:#}");
        assert_eq!(run["schemes"], json!({"bcrypt": 1}));
        let name = |user: Value| user["first_name"].clone();
        let read = async |id: &str| api.get(&format!("/api/v1/user?id={id}")).await.expect(200);
        assert_eq!(name(read(&ada).await), "Augusta");
        assert_eq!(name(read(&bob).await), "Bob");
        let cx = kith.cx();
        let user = bob.parse().unwrap();
        let subject = kith::credentials::lockout::Subject::user(&user);
        let password = kith::secret::Secret::new("a password of my own");
        kith::credentials::password::check(&cx, Some(&user), &subject, &password)
            .await
            .unwrap();
    })
    .await;
}

#[tokio::test]
async fn the_columns_of_an_own_table_are_decided_before_it_is_imported() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let table = "Nr.;wer;kennung\n7;ada@example.com;5f4dcc3b5aa765d61d8327deb882cf99\n";
        let answer = api
            .send_raw(
                "/api/v1/imports?source=csv&dry_run=true",
                "text/csv",
                table.into(),
            )
            .await;
        let import = answer.expect(201)["import"].clone();
        work(&kith).await;
        let path = format!("/api/v1/imports/{}", import["id"].as_str().unwrap());
        let columns = format!("{path}/columns");
        let seen = api.get(&columns).await.expect(200);
        let column = |at: usize, key: &str| seen["columns"][at][key].clone();
        assert_eq!(
            (column(1, "name"), column(1, "field")),
            (json!("wer"), json!("email"))
        );
        assert_eq!(column(2, "samples"), json!(["[redacted]"]));
        let wrong = json!({"columns": {"Nr.": "shoe_size"}});
        let refused = api.put(&columns, wrong).await;
        assert_eq!((refused.status, refused.error()), (400, "IMPORT_FILE"));
        let decided = json!({
            "columns": {"Nr.": "id", "kennung": "hashed_password"},
            "constants": {"hashing_method": "md5"},
        });
        let checking = api.put(&columns, decided).await.expect(200);
        assert_eq!(checking["import"]["state"], "checking");
        work(&kith).await;
        let checked = read(&api, &path).await;
        assert_eq!(checked["counts"]["created"], 1, "{checked:#}");
        assert_eq!(checked["schemes"], json!({"md5": 1}));
        api.post(&format!("{path}/start"), json!({}))
            .await
            .expect(200);
        work(&kith).await;
        assert_eq!(api.get(&columns).await.status, 409);
        let users = api.get("/api/v1/users").await.expect(200);
        assert_eq!(users["users"][0]["provided_id"], "7");
    })
    .await;
}

#[tokio::test]
async fn separators_dates_and_the_columns_of_each_file_are_decided() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let part = |name: &str, text: &str| {
            reqwest::multipart::Part::text(text.to_owned()).file_name(name.to_owned())
        };
        let people = "nr|wer|seit\n7|ada@example.com|03/04/2021\n";
        let logins = "username,nr\nada_l,7\n";
        let form = reqwest::multipart::Form::new()
            .part("file", part("people.txt", people))
            .part("file", part("logins.csv", logins));
        let path = "/api/v1/imports?source=csv&dry_run=true";
        let answer = api.send_files(path, form).await;
        let import = answer.expect(201)["import"].clone();
        work(&kith).await;
        let path = format!("/api/v1/imports/{}", import["id"].as_str().unwrap());
        let columns = format!("{path}/columns");
        let seen = api.get(&columns).await.expect(200);
        let file = |at: usize| seen["files"][at].clone();
        assert_eq!(file(0)["name"], "people.txt");
        assert_eq!(
            (&file(0)["separator"], &file(1)["separator"]),
            (&json!("pipe"), &json!("comma"))
        );
        assert_eq!(file(0)["columns"], seen["columns"]);
        assert_eq!(file(0)["columns"][2]["dates"], "ambiguous");
        for wrong in [
            json!({"dates": {"seit": "dmy"}}),
            json!({"separator": "#"}),
            json!({"files": {"nobody.csv": {}}}),
            json!({"files": {"logins.csv": {"columns": {"seit": "created_at"}}}}),
            json!({"dates": {"sait": "d/m/y"}}),
        ] {
            assert_eq!(
                api.put(&columns, wrong.clone()).await.status,
                400,
                "{wrong}"
            );
        }
        let decided = json!({
            "columns": {"nr": "id", "seit": "created_at"},
            "files": {
                "people.txt": {"dates": {"seit": "d/m/y"}},
                "logins.csv": {"columns": {"username": "login"}, "separator": "comma"},
            },
        });
        let checking = api.put(&columns, decided).await.expect(200);
        assert_eq!(checking["import"]["state"], "checking");
        let seen = api.get(&columns).await.expect(200);
        assert_eq!(seen["files"][0]["columns"][2]["dates"], "d/m/y");
        work(&kith).await;
        api.post(&format!("{path}/start"), json!({}))
            .await
            .expect(200);
        work(&kith).await;
        let done = read(&api, &path).await;
        assert_eq!(done["counts"]["created"], 1, "{done:#}");
        assert_eq!(done["counts"]["updated"], 1, "{done:#}");
        let users = api.get("/api/v1/users").await.expect(200);
        assert_eq!(users["users"][0]["provided_id"], "7");
        assert_eq!(users["users"][0]["username"], "ada_l");
        let export = api.download("/api/v1/export?what=users", "*/*").await;
        assert!(export.contains("2021-04-03T00:00:00.000Z"), "{export}");
    })
    .await;
}
