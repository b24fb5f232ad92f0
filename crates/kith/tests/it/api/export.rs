//! `GET /api/v1/export`: everything, as a file that another installation imports.

use std::fs;

use serde_json::{Value, json};

use crate::cli::Shell;
use crate::harness::{Api, Kith};

const PATH: &str = "/api/v1/export";

/// So many that they come in several pieces.
const PEOPLE: usize = 1_200;

/// Brings people in, the first of them with a hash.
async fn people(kith: &Kith, api: &Api) {
    let head = "id,email,first_name,hashed_password,hashing_method\n\
        p0,ada@example.com,Ada,$2b$04$abcdefghijklmnopqrstuusdRCN/1WmgUHC4msDXrQGy7cAU8.Va.,bcrypt\n";
    let table = (1..PEOPLE).fold(head.to_owned(), |table, number| {
        table + &format!("p{number},p{number}@example.com,,,\n")
    });
    let path = "/api/v1/imports?source=kinde-csv";
    let answer = api.send_raw(path, "text/csv", table.into_bytes()).await;
    answer.expect(201);
    let installation = &kith.installation;
    kith::imports::work(&installation.app, &installation.environments)
        .await
        .unwrap();
}

async fn with_scopes(kith: &Kith, scopes: &str) -> Api {
    let token = kith.token_with_scope(scopes).await;
    kith.anonymous_api().with_token(&token)
}

#[tokio::test]
async fn an_export_over_the_api_is_what_another_installation_imports() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        people(&kith, &api).await;
        let answer = api.get(&format!("{PATH}?with_passwords=true")).await;
        assert_eq!(answer.status, 200);
        // Nobody knows how long it is going to be.
        assert!(!answer.headers.contains_key("content-length"));
        assert_eq!(answer.headers["content-type"], "application/x-ndjson");
        assert_eq!(answer.headers["cache-control"], "no-store");
        assert_eq!(
            answer.headers["content-disposition"],
            "attachment; filename=\"all.ndjson\""
        );
        let text = api
            .download(
                &format!("{PATH}?what=all&format=kith&with_passwords=true"),
                "*/*",
            )
            .await;
        let shell = Shell::new();
        fs::write(shell.folder().join("all.ndjson"), &text).unwrap();
        let imported = shell.kith(&["import", "kith", "all.ndjson", "--json"]);
        assert_eq!(imported.code, 0, "{}", imported.stderr);
        let counts = imported.json()["counts"].clone();
        assert_eq!(counts["created"], PEOPLE, "{counts}");
        let out = ["export", "all", "--with-passwords", "--out", "again.ndjson"];
        assert_eq!(shell.kith(&out).code, 0);
        let again = fs::read_to_string(shell.folder().join("again.ndjson")).unwrap();
        assert_eq!(users(&again), users(&text));
    })
    .await;
}

/// The people of an export, by line.
fn users(text: &str) -> Vec<Value> {
    let lines = text.lines().map(|line| serde_json::from_str(line).unwrap());
    let mut users: Vec<Value> = lines
        .filter(|line: &Value| line["kind"] == "user")
        .collect();
    // The default organization of each installation is its own.
    for user in &mut users {
        user["organizations"] = json!([]);
    }
    users
}

#[tokio::test]
async fn hashes_take_a_scope_of_their_own() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        people(&kith, &api).await;
        let reader = with_scopes(&kith, "read:export").await;
        let text = reader.download(&format!("{PATH}?what=users"), "*/*").await;
        assert!(text.contains("ada@example.com") && !text.contains("$2b$04$"));
        let refused = reader.get(&format!("{PATH}?with_passwords=true")).await;
        assert_eq!((refused.status, refused.error()), (403, "SCOPE_MISSING"));
        let message = refused.body["errors"][0]["message"].as_str().unwrap();
        assert!(message.contains("read:export_secrets"), "{message}");
        // And none of the other scopes is enough by itself.
        let secrets = with_scopes(&kith, "read:export_secrets").await;
        assert_eq!(secrets.get(PATH).await.error(), "SCOPE_MISSING");
        let both = with_scopes(&kith, "read:export read:export_secrets").await;
        let path = format!("{PATH}?what=users&format=auth0&with_passwords=true");
        let text = both.download(&path, "*/*").await;
        let auth0: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(auth0.as_array().unwrap().len(), PEOPLE);
        assert!(text.contains("$2b$04$"), "{}", &text[..400]);
    })
    .await;
}

#[tokio::test]
async fn what_a_format_can_not_say_is_listed() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        people(&kith, &api).await;
        let path = |query: &str| format!("{PATH}/losses?{query}");
        let nothing = api.download(&path("with_passwords=true"), "*/*").await;
        assert_eq!(nothing, "user,field,detail\r\n");
        // Keycloak's format has no place for bcrypt.
        let query = "what=users&format=keycloak&with_passwords=true";
        let told = api.download(&path(query), "*/*").await;
        let lines: Vec<&str> = told.lines().collect();
        let password = |line: &&&str| line.ends_with(",password,\"bcrypt\"");
        assert_eq!(lines.iter().filter(password).count(), 1, "{told}");
        let reader = with_scopes(&kith, "read:export").await;
        let refused = reader.get(&path("with_passwords=true")).await;
        assert_eq!((refused.status, refused.error()), (403, "SCOPE_MISSING"));
    })
    .await;
}

#[tokio::test]
async fn what_can_not_be_exported_is_told() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        for (query, said) in [
            ("what=everything", "users, organizations or all"),
            ("format=word", "one of kith"),
            (
                "what=organizations&format=auth0",
                "no place for organizations",
            ),
        ] {
            let refused = api.get(&format!("{PATH}?{query}")).await;
            assert_eq!((refused.status, refused.error()), (400, "INVALID_REQUEST"));
            let message = refused.body["errors"][0]["message"].as_str().unwrap();
            assert!(message.contains(said), "{message}");
        }
    })
    .await;
}
