//! `/api/v1/roles`, `/api/v1/permissions`

use serde_json::json;

use crate::harness::{Api, Kith};

async fn permission(api: &Api, key: &str) -> String {
    let body = json!({"name": key, "key": key, "description": null});
    api.post("/api/v1/permissions", body).await.expect(201);
    let all = api
        .get("/api/v1/permissions?sort=name_asc&page_size=100")
        .await
        .expect(200);
    let found = all["permissions"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["key"] == key);
    found.unwrap()["id"].as_str().unwrap().to_owned()
}

async fn role(api: &Api, key: &str) -> String {
    let created = api
        .post("/api/v1/roles", json!({"name": key, "key": key}))
        .await
        .expect(201);
    created["role"]["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_role_with_a_permission_is_made_in_four_calls() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let permission = permission(&api, "read:reports").await;
        assert_eq!(permission.len(), 36);
        let role = role(&api, "reader").await;
        let address = format!("/api/v1/roles/{role}/permissions");
        let changed = api.patch(&address, json!({"permissions": [{"id": permission}]})).await.expect(200);
        assert_eq!(
            changed,
            json!({"code": "OK", "message": "Success", "permissions_added": [permission], "permissions_removed": []})
        );
        let listed = api.get(&address).await.expect(200);
        assert_eq!(listed["permissions"][0]["key"], "read:reports");
        let body = json!({"permissions": [{"id": permission, "operation": "delete"}]});
        let changed = api.patch(&address, body.clone()).await.expect(200);
        assert_eq!(changed["permissions_removed"], json!([permission]));
        let again = api.patch(&address, body).await.expect(200);
        assert_eq!(again["permissions_removed"], json!([]));
        let answer = api.delete(&format!("{address}/{permission}")).await;
        assert_eq!((answer.status, answer.error()), (404, "INVALID_PERMISSION_ID_ROLE"));
        let answer = api.delete(&format!("{address}/nonsense")).await;
        assert_eq!((answer.status, answer.error()), (404, "INVALID_PERMISSION_ID"));
    })
    .await;
}

#[tokio::test]
async fn a_role_is_read_changed_and_deleted() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let id = role(&api, "reader").await;
        let address = format!("/api/v1/roles/{id}");
        let body = json!({"name": "Readers", "key": "readers", "is_default_role": true, "assignment_permission_id": null});
        api.patch(&address, body).await.expect(201);
        let read = api.get(&address).await.expect(200);
        assert_eq!(
            read["role"],
            json!({"id": id, "key": "readers", "name": "Readers", "description": null, "is_default_role": true})
        );
        let unknown = json!({"assignment_permission_id": "01929904-316d-7b2c-869f-99dfea4ac394"});
        let answer = api.patch(&address, unknown).await;
        assert_eq!((answer.status, answer.error()), (404, "INVALID_PERMISSION_ID"));
        api.patch(&address, json!({"assignment_permission_id": "NO_PERMISSION_REQUIRED"})).await.expect(201);
        api.delete(&address).await.expect(200);
        for answer in [api.get(&address).await, api.delete(&address).await, api.patch(&address, json!({})).await] {
            assert_eq!((answer.status, answer.error()), (404, "ROLE_NOT_FOUND"));
        }
    })
    .await;
}

#[tokio::test]
async fn keys_are_unique_and_without_gaps() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        role(&api, "reader").await;
        let first = permission(&api, "read").await;
        permission(&api, "write").await;
        for (address, key, status, code) in [
            ("/api/v1/roles", "reader", 409, "ROLE_KEY_TAKEN"),
            ("/api/v1/roles", "", 400, "INVALID_REQUEST"),
            ("/api/v1/permissions", "read", 409, "PERMISSION_KEY_TAKEN"),
            ("/api/v1/permissions", "a b", 400, "INVALID_REQUEST"),
        ] {
            let answer = api.post(address, json!({"name": "Name", "key": key})).await;
            assert_eq!(
                (answer.status, answer.error()),
                (status, code),
                "{address} {key}"
            );
        }
        let answer = api
            .patch(
                &format!("/api/v1/permissions/{first}"),
                json!({"key": "write"}),
            )
            .await;
        assert_eq!(
            (answer.status, answer.error()),
            (409, "PERMISSION_KEY_TAKEN")
        );
    })
    .await;
}

#[tokio::test]
async fn roles_and_permissions_are_paged() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        for key in ["c", "a", "b"] {
            role(&api, key).await;
            permission(&api, key).await;
        }
        for list in ["roles", "permissions"] {
            let first = api
                .get(&format!("/api/v1/{list}?sort=name_desc&page_size=2"))
                .await
                .expect(200);
            let token = first["next_token"].as_str().unwrap();
            let second = api
                .get(&format!("/api/v1/{list}?page_size=2&next_token={token}"))
                .await
                .expect(200);
            let pages = [&first, &second];
            let keys: Vec<&str> = pages
                .iter()
                .flat_map(|page| page[list].as_array().unwrap())
                .map(|one| one["key"].as_str().unwrap())
                .collect();
            assert_eq!(keys, ["c", "b", "a"], "{list}");
            assert_eq!(second.get("next_token"), None);
            let answer = api.get(&format!("/api/v1/{list}?sort=email_asc")).await;
            assert_eq!(answer.status, 400);
        }
    })
    .await;
}

#[tokio::test]
async fn a_permission_is_changed_and_deleted() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let id = permission(&api, "read").await;
        let address = format!("/api/v1/permissions/{id}");
        api.patch(&address, json!({"name": "Reading", "description": "Reads"}))
            .await
            .expect(200);
        let all = api.get("/api/v1/permissions").await.expect(200);
        assert_eq!(
            all["permissions"],
            json!([{"id": id, "key": "read", "name": "Reading", "description": "Reads"}])
        );
        api.delete(&address).await.expect(200);
        let answer = api.delete(&address).await;
        assert_eq!(
            (answer.status, answer.error()),
            (404, "INVALID_PERMISSION_ID")
        );
    })
    .await;
}
