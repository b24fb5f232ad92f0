use reqwest::multipart::{Form, Part};
use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::harness::{Api, Kith};

const CSV: &str =
    "id,email,email_verified\n1,ada@example.com,TRUE\n2,nobody,TRUE\n=3,ada@example.com,\n";

/// Lets the worker do what there is to do.
async fn work(kith: &Kith) {
    let installation = &kith.installation;
    kith::imports::work(&installation.app, &installation.environments)
        .await
        .unwrap();
}

async fn create(api: &Api, query: &str, body: &str) -> Value {
    let path = format!("/api/v1/imports{query}");
    let answer = api.send_raw(&path, "text/csv", body.into()).await;
    answer.expect(201)["import"].clone()
}

async fn read(api: &Api, import: &Value) -> Value {
    let id = import["id"].as_str().unwrap();
    let answer = api.get(&format!("/api/v1/imports/{id}")).await;
    answer.expect(200)["import"].clone()
}

async fn n_users(api: &Api) -> usize {
    let users = api.get("/api/v1/users").await.expect(200);
    users["users"].as_array().map_or(0, Vec::len)
}

#[tokio::test]
async fn a_file_is_imported_by_the_worker() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let import = create(&api, "", CSV).await;
        assert_eq!(import["state"], "running");
        assert_eq!(import["source"], "kinde-csv");
        work(&kith).await;
        let import = read(&api, &import).await;
        assert_eq!(import["state"], "finished");
        let expected = json!({
            "records": 3, "created": 1, "updated": 0, "unchanged": 0, "refused": 2, "warnings": 0
        });
        assert_eq!(import["counts"], expected);
        assert_eq!(import["bytes_read"], CSV.len());
        assert_eq!(n_users(&api).await, 1);
        let list = api.get("/api/v1/imports").await.expect(200);
        assert_eq!(list["imports"][0]["id"], import["id"]);
    })
    .await;
}

#[tokio::test]
async fn a_dry_run_changes_nothing_until_it_is_started() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let import = create(&api, "?dry_run=true", CSV).await;
        assert_eq!(import["state"], "checking");
        let id = import["id"].as_str().unwrap();
        let start = format!("/api/v1/imports/{id}/start");
        let early = api.post(&start, json!({})).await;
        assert_eq!((early.status, early.error()), (409, "IMPORT_STATE"));
        work(&kith).await;
        let told = read(&api, &import).await;
        assert_eq!(
            (&told["state"], n_users(&api).await),
            (&json!("checked"), 0)
        );
        api.post(&start, json!({})).await.expect(200);
        work(&kith).await;
        let done = read(&api, &import).await;
        assert_eq!(
            (&done["state"], n_users(&api).await),
            (&json!("finished"), 1)
        );
        assert_eq!(done["counts"], told["counts"]);
    })
    .await;
}

#[tokio::test]
async fn refused_rows_come_in_pages_and_as_a_file() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let import = create(&api, "", CSV).await;
        work(&kith).await;
        let id = import["id"].as_str().unwrap();
        let path = format!("/api/v1/imports/{id}/refusals");
        let first = api.get(&format!("{path}?page_size=1")).await.expect(200);
        assert_eq!(first["refusals"][0]["code"], "invalid_email");
        assert_eq!(first["refusals"][0]["line"], 3);
        let next = first["next_token"].as_str().unwrap();
        let second = api
            .get(&format!("{path}?page_size=1&next_token={next}"))
            .await
            .expect(200);
        assert_eq!(second["refusals"][0]["code"], "duplicate_email");
        assert_eq!(second["next_token"], Value::Null);
        let csv = api.download(&path, "text/csv").await;
        let lines: Vec<_> = csv.lines().collect();
        assert_eq!(lines.len(), 3);
        assert!(lines[1].starts_with("0,2,3,email,invalid_email,"), "{csv}");
        assert!(lines[2].contains("\"'=3,ada@example.com,\""), "{csv}");
        let ndjson = api.download(&path, "application/x-ndjson").await;
        assert_eq!(ndjson.lines().count(), 2);
    })
    .await;
}

#[tokio::test]
async fn several_files_of_one_export_come_together() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let users = r#"{"user_id":"auth0|5f0000000000000000000001","email":"ada@example.com","email_verified":true,"identities":[{"connection":"Username-Password-Authentication","user_id":"5f0000000000000000000001","provider":"auth0","isSocial":false}]}"#;
        let passwords = r#"{"_id":{"$oid":"5f0000000000000000000001"},"email":"ada@example.com","email_verified":true,"passwordHash":"$2b$04$abcdefghijklmnopqrstuusdRCN/1WmgUHC4msDXrQGy7cAU8.Va.","connection":"Username-Password-Authentication"}"#;
        let form = Form::new()
            .part("a", Part::text(passwords).file_name("passwords.ndjson"))
            .part("b", Part::text(users).file_name("users.json"));
        let answer = api.send_files("/api/v1/imports?source=auth0", form).await;
        let import = answer.expect(201)["import"].clone();
        assert_eq!(import["files"][0]["name"], "users.json");
        work(&kith).await;
        let import = read(&api, &import).await;
        assert_eq!(import["state"], "finished", "{import:#}");
        assert_eq!(import["sign_in"]["with_password"], 1);
    })
    .await;
}

#[tokio::test]
async fn a_file_that_nobody_knows_leaves_nothing_behind() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        for (query, body) in [
            ("", "a,b\n1,2\n"),
            ("", ""),
            ("?source=nobody", CSV),
            ("?on_conflict=guess", CSV),
        ] {
            let path = format!("/api/v1/imports{query}");
            let answer = api.send_raw(&path, "text/csv", body.into()).await;
            assert_eq!(answer.status, 400, "{query} {body}: {:#}", answer.body);
        }
        let list = api.get("/api/v1/imports").await.expect(200);
        assert_eq!(list["imports"], json!([]));
    })
    .await;
}

#[tokio::test]
async fn a_file_of_many_pieces_arrives_whole() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let mut csv = String::from("id,email\n");
        for number in 0..60_000 {
            writeln!(csv, "{number},person-{number}@example.com").unwrap();
        }
        // A piece has 512 KiB.
        assert!(csv.len() > 3 * 512 * 1024);
        let import = create(&api, "?dry_run=true", &csv).await;
        assert_eq!(import["bytes"], csv.len());
        work(&kith).await;
        assert_eq!(read(&api, &import).await["counts"]["created"], 60_000);
    })
    .await;
}

#[tokio::test]
async fn there_is_no_import_with_a_strange_id() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        for id in ["import_00000000000000000000000000000000", "x"] {
            let answer = api.get(&format!("/api/v1/imports/{id}")).await;
            assert_eq!((answer.status, answer.error()), (404, "IMPORT_NOT_FOUND"));
        }
    })
    .await;
}

#[tokio::test]
async fn an_import_that_came_in_here_is_carried_out_by_another_node() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let import = create(&api, "", CSV).await;
        let other = kith.installation.another_node().await;
        kith::imports::work(&other, &kith.installation.environments)
            .await
            .unwrap();
        let seen = read(&api, &import).await;
        assert_eq!(seen["state"], "finished", "{seen:#}");
        assert_eq!(seen["counts"]["created"], 1);
        assert_eq!(n_users(&api).await, 1);
    })
    .await;
}

#[tokio::test]
async fn organizations_are_imported_at_once_and_once() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let import = async |query: &str, body: &str| {
            let path = format!("/api/v1/imports/organizations{query}");
            let answer = api
                .send_raw(&path, "text/csv", body.to_owned().into())
                .await;
            answer.expect(200)
        };
        let file = "name,id\nAcme,acme-7\n,nameless\nVoss,\n";
        let dry = import("?dry_run=true", file).await;
        let counts = |created, unchanged| {
            json!({
                "records": 3, "created": created, "updated": 0, "unchanged": unchanged, "refused": 1
            })
        };
        assert_eq!(
            (&dry["is_dry_run"], &dry["counts"]),
            (&json!(true), &counts(2, 0))
        );
        let done = import("", file).await;
        assert_eq!(
            (&done["is_dry_run"], &done["counts"]),
            (&json!(false), &counts(2, 0))
        );
        let refused = &done["refusals"][0];
        assert_eq!(
            (&refused["line"], &refused["column"], &refused["code"]),
            (&json!(3), &json!("name"), &json!("missing_name"))
        );
        assert_eq!(import("", file).await["counts"], counts(0, 2));
        let renamed = import("", "{\"name\":\"Acme Ltd\",\"id\":\"acme-7\"}\n").await;
        assert_eq!(renamed["counts"]["updated"], 1);
        let latin_1 = b"name\nJ\xf6rg\n".to_vec();
        let answer = api
            .send_raw("/api/v1/imports/organizations", "text/csv", latin_1)
            .await;
        assert_eq!((answer.status, answer.error()), (400, "IMPORT_FILE"));
    })
    .await;
}
