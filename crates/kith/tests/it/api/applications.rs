//! `/api/v1/applications`.

use serde_json::{Value, json};

use crate::harness::{Api, Kith};

const PATH: &str = "/api/v1/applications";

async fn add(api: &Api, name: &str, kind: &str) -> Value {
    let answer = api.post(PATH, json!({"name": name, "type": kind})).await;
    answer.expect(201)["application"].clone()
}

async fn details(api: &Api, id: &Value) -> Value {
    let path = format!("{PATH}/{}", id.as_str().unwrap());
    api.get(&path).await.expect(200)["application"].clone()
}

#[tokio::test]
async fn a_created_application_can_be_read() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let created = add(&api, "Web shop", "reg").await;
        assert_eq!(created["id"], created["client_id"]);
        let secret = created["client_secret"].as_str().unwrap();
        assert!(
            (40..=60).contains(&secret.len()) && secret.bytes().all(|c| c.is_ascii_alphanumeric())
        );

        let read = details(&api, &created["id"]).await;
        assert_eq!(read["name"], "Web shop");
        assert_eq!(read["type"], "reg");
        assert_eq!(read["client_secret"], created["client_secret"]);
        assert_eq!(read["has_cancel_button"], false);
    })
    .await;
}

#[tokio::test]
async fn an_application_in_peoples_hands_has_no_secret() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        for kind in ["spa", "device"] {
            let created = add(&api, "App", kind).await;
            assert!(created.get("client_secret").is_none());
            assert!(
                details(&api, &created["id"])
                    .await
                    .get("client_secret")
                    .is_none()
            );
        }
    })
    .await;
}

#[tokio::test]
async fn a_malformed_application_is_refused() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        for (body, code) in [
            (json!({"type": "reg"}), "INVALID_BODY"),
            (json!({"name": "App"}), "INVALID_BODY"),
            (json!({"name": "App", "type": "native"}), "INVALID_BODY"),
            (json!({"name": "", "type": "reg"}), "INVALID_REQUEST"),
            (
                json!({"name": "x".repeat(129), "type": "reg"}),
                "INVALID_REQUEST",
            ),
            (
                json!({"name": "App", "type": "m2m", "org_code": "org_1ccfb819462"}),
                "INVALID_REQUEST",
            ),
        ] {
            let answer = api.post(PATH, body.clone()).await;
            assert_eq!((answer.status, answer.error()), (400, code), "{body}");
        }
        // What clients fill in for a parameter that they don't mean.
        api.post(
            PATH,
            json!({"name": "App", "type": "m2m", "org_code": null}),
        )
        .await
        .expect(201);
    })
    .await;
}

#[tokio::test]
async fn pages_follow_one_another_until_the_last() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        for name in ["b", "a", "c"] {
            add(&api, name, "spa").await;
        }
        let mut names = Vec::new();
        let mut path = format!("{PATH}?sort=name_desc&page_size=2&next_token=");
        for _ in 0..4 {
            let page = api.get(&path).await.expect(200);
            assert_eq!(page["code"], "OK");
            names.extend(
                page["applications"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|app| app["name"].clone()),
            );
            let Some(token) = page["next_token"].as_str() else {
                break;
            };
            path = format!("{PATH}?sort=name_desc&page_size=2&next_token={token}");
        }
        assert_eq!(names, ["c", "b", "a", "My back-end app", "Kith bootstrap"]);
    })
    .await;
}

#[tokio::test]
async fn only_what_is_sent_changes() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let created = add(&api, "Web shop", "reg").await;
        let path = format!("{PATH}/{}", created["id"].as_str().unwrap());
        let changes = json!({
            "login_uri": "https://shop.example.com/login",
            "homepage_uri": null,
            "redirect_uris": ["https://shop.example.com/callback"],
            "language_key": "en",
        });
        assert_eq!(api.patch(&path, changes).await.expect(200)["code"], "OK");
        let read = details(&api, &created["id"]).await;
        assert_eq!(read["name"], "Web shop");
        assert_eq!(read["login_uri"], "https://shop.example.com/login");
        assert!(read.get("homepage_uri").is_none());
        let urls = api
            .get(&format!("{path}/auth_redirect_urls"))
            .await
            .expect(200);
        assert_eq!(
            urls["redirect_urls"],
            json!(["https://shop.example.com/callback"])
        );
        // No body at all: SDKs send none where every field is optional.
        api.send("PATCH", &path, None).await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn a_refused_change_changes_nothing() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let created = add(&api, "Web shop", "reg").await;
        let path = format!("{PATH}/{}", created["id"].as_str().unwrap());
        let changes = json!({"name": "Renamed", "logout_uris": ["https://shop.example.com", "https://*.com"]});
        let answer = api.patch(&path, changes).await;
        assert_eq!((answer.status, answer.error()), (400, "INVALID_URL"));
        assert_eq!(details(&api, &created["id"]).await["name"], "Web shop");
        let urls = api.get(&format!("{path}/auth_logout_urls")).await.expect(200);
        assert_eq!(urls["logout_urls"], json!([]));
    })
    .await;
}

#[tokio::test]
async fn lifetimes_can_be_changed() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let created = add(&api, "Web shop", "reg").await;
        let path = format!("{PATH}/{}/tokens", created["id"].as_str().unwrap());
        api.patch(
            &path,
            json!({"access_token_lifetime": 600, "is_hasura_mapping_enabled": false}),
        )
        .await
        .expect(200);
        for wrong in [
            json!({"id_token_lifetime": 0}),
            json!({"refresh_token_lifetime": 600}),
            json!({"is_hasura_mapping_enabled": true}),
        ] {
            assert_eq!(api.patch(&path, wrong).await.error(), "INVALID_REQUEST");
        }
        assert_eq!(
            api.patch(&path, json!({"id_token_lifetime": -1}))
                .await
                .error(),
            "INVALID_BODY"
        );
    })
    .await;
}

#[tokio::test]
async fn a_deleted_application_is_not_found() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let created = add(&api, "Web shop", "reg").await;
        let path = format!("{PATH}/{}", created["id"].as_str().unwrap());
        api.delete(&path).await.expect(200);
        for answer in [
            api.get(&path).await,
            api.delete(&path).await,
            api.get(&format!("{PATH}/no-id")).await,
        ] {
            assert_eq!(
                (answer.status, answer.error()),
                (404, "APPLICATION_NOT_FOUND")
            );
        }
    })
    .await;
}

#[tokio::test]
async fn the_application_for_scripts_stays() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let listed = api.get(&format!("{PATH}?page_size=500")).await.expect(200);
        let scripts = listed["applications"]
            .as_array()
            .unwrap()
            .iter()
            .find(|app| app["name"] == "Kith bootstrap")
            .unwrap();
        let answer = api
            .delete(&format!("{PATH}/{}", scripts["id"].as_str().unwrap()))
            .await;
        assert_eq!(
            (answer.status, answer.error()),
            (403, "APPLICATION_BUILTIN")
        );
    })
    .await;
}
