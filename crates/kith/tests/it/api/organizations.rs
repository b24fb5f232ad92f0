//! `/api/v1/organization`, `/api/v1/organizations`, and the members of an organization

use serde_json::{Value, json};

use crate::harness::{Api, Kith};

async fn organization(api: &Api, name: &str) -> String {
    let body = json!({"name": name, "handle": null, "is_auto_membership_enabled": null});
    let created = api.post("/api/v1/organization", body).await.expect(200);
    created["organization"]["code"].as_str().unwrap().to_owned()
}

async fn user(api: &Api, name: &str) -> String {
    let body = json!({
        "profile": {"given_name": name},
        "identities": [{"type": "email", "details": {"email": format!("{name}@example.com")}}],
    });
    let created = api.post("/api/v1/user", body).await.expect(200);
    created["id"].as_str().unwrap().to_owned()
}

async fn role(api: &Api, key: &str) -> String {
    let created = api
        .post("/api/v1/roles", json!({"name": key, "key": key}))
        .await
        .expect(201);
    created["role"]["id"].as_str().unwrap().to_owned()
}

async fn permission(api: &Api, key: &str) -> String {
    api.post("/api/v1/permissions", json!({"name": key, "key": key}))
        .await
        .expect(201);
    let all = api.get("/api/v1/permissions").await.expect(200);
    let found = all["permissions"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["key"] == key);
    found.unwrap()["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_organization_is_created_read_and_changed() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let body = json!({"name": "Acme", "handle": "acme", "external_id": "7", "is_allow_registrations": true});
        let created = api.post("/api/v1/organization", body).await.expect(200);
        let code = created["organization"]["code"].as_str().unwrap();
        assert!(code.starts_with("org_"));
        let read = api.get(&format!("/api/v1/organization?code={code}")).await.expect(200);
        for (field, expected) in [
            ("code", json!(code)),
            ("name", json!("Acme")),
            ("handle", json!("acme")),
            ("external_id", json!("7")),
            ("is_default", json!(false)),
            ("is_auto_membership_enabled", json!(true)),
            ("is_suspended", json!(false)),
            ("suspended_on", json!(null)),
            ("allowed_domains", json!([])),
            ("theme_code", json!("user_preference")),
            ("created_on", json!("2026-01-01T00:00:00.000000+00:00")),
        ] {
            assert_eq!(read[field], expected, "{field}");
        }
        let address = format!("/api/v1/organization/{code}");
        api.patch(&address, json!({"name": "Acme AB", "is_suspended": true})).await.expect(200);
        let read = api.get(&format!("/api/v1/organization?code={code}")).await.expect(200);
        assert_eq!((&read["name"], &read["is_suspended"]), (&json!("Acme AB"), &json!(true)));
        assert_eq!(read["suspended_on"], "2026-01-01T00:00:00.000000+00:00");
        api.delete(&format!("{address}/handle")).await.expect(200);
        let read = api.get(&format!("/api/v1/organization?code={code}")).await.expect(200);
        assert_eq!(read["handle"], Value::Null);
        api.delete(&address).await.expect(200);
        for answer in [
            api.delete(&address).await,
            api.patch(&address, json!({})).await,
            api.get(&format!("/api/v1/organization?code={code}")).await,
        ] {
            assert_eq!((answer.status, answer.error()), (404, "ORGANIZATION_NOT_FOUND"));
        }
    })
    .await;
}

#[tokio::test]
async fn the_default_organization_stays() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let default = api.get("/api/v1/organization").await.expect(200);
        assert_eq!(default["is_default"], true);
        let address = format!("/api/v1/organization/{}", default["code"].as_str().unwrap());
        let answer = api.patch(&address, json!({"is_suspended": true})).await;
        assert_eq!(
            (answer.status, answer.error()),
            (400, "DEFAULT_ORGANIZATION_CANNOT_BE_SUSPENDED")
        );
        let answer = api.delete(&address).await;
        assert_eq!(
            (answer.status, answer.error()),
            (400, "DEFAULT_ORGANIZATION_CANNOT_BE_DELETED")
        );
    })
    .await;
}

#[tokio::test]
async fn what_an_organization_can_not_be_is_refused() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let first = json!({"name": "Acme", "handle": "acme", "external_id": "7"});
        api.post("/api/v1/organization", first).await.expect(200);
        for (body, status, code) in [
            (json!({}), 400, "INVALID_REQUEST"),
            (json!({"name": " "}), 400, "INVALID_REQUEST"),
            (
                json!({"name": "Beta", "handle": "a.b"}),
                400,
                "INVALID_REQUEST",
            ),
            (
                json!({"name": "Beta", "handle": "ACME"}),
                409,
                "HANDLE_TAKEN",
            ),
            (
                json!({"name": "Beta", "external_id": "7"}),
                409,
                "EXTERNAL_ID_TAKEN",
            ),
            (
                json!({"name": "Beta", "is_enforce_mfa": true}),
                400,
                "INVALID_REQUEST",
            ),
        ] {
            let answer = api.post("/api/v1/organization", body.clone()).await;
            assert_eq!((answer.status, answer.error()), (status, code), "{body}");
        }
        // Colors and flags of clients are passed over.
        let body =
            json!({"name": "Gamma", "background_color": "#fff", "feature_flags": {"beta": "str"}});
        api.post("/api/v1/organization", body).await.expect(200);
        let all = api
            .get("/api/v1/organizations?sort=name_desc&page_size=2")
            .await
            .expect(200);
        let names: Vec<&Value> = all["organizations"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| &one["name"])
            .collect();
        assert_eq!(names, ["Gamma", "Default Organization"]);
        assert!(all["next_token"].is_string());
    })
    .await;
}

#[tokio::test]
async fn users_are_added_changed_and_removed() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let code = organization(&api, "Acme").await;
        let (ada, bob) = (user(&api, "ada").await, user(&api, "bob").await);
        role(&api, "admin").await;
        role(&api, "reader").await;
        permission(&api, "read").await;
        let list = format!("/api/v1/organizations/{code}/users");
        let body = json!({"users": [
            {"id": ada, "roles": ["reader"], "permissions": ["read"]},
            {"id": bob, "roles": null},
        ]});
        let added = api.post(&list, body.clone()).await.expect(200);
        assert_eq!(added, json!({"code": "OK", "message": "Success", "users_added": [ada, bob]}));
        let again = api.post(&list, body).await.expect(200);
        assert_eq!(again["users_added"], json!([]));
        let members = api.get(&format!("{list}?sort=name_asc")).await.expect(200);
        assert_eq!(
            members["organization_users"][0],
            json!({
                "id": ada, "email": "ada@example.com", "full_name": "ada", "first_name": "ada", "last_name": null,
                "picture": null, "joined_on": "2026-01-01T00:00:00.000000+00:00", "last_accessed_on": null,
                "is_suspended": false, "roles": ["reader"],
            })
        );
        for (query, n_found) in [("roles=reader", 1), ("permissions=read", 1), ("roles=reader,admin", 0), ("", 2)] {
            let found = api.get(&format!("{list}?{query}")).await.expect(200);
            assert_eq!(found["organization_users"].as_array().unwrap().len(), n_found, "{query}");
        }
        let eve = user(&api, "eve").await;
        let body = json!({"users": [
            {"id": ada, "roles": ["admin"]},
            {"id": bob, "operation": "delete"},
            {"id": eve},
        ]});
        let updated = api.patch(&list, body).await.expect(200);
        assert_eq!(
            (&updated["users_updated"], &updated["users_removed"], &updated["users_added"]),
            (&json!([ada]), &json!([bob]), &json!([eve]))
        );
        let roles = api.get(&format!("{list}/{ada}/roles")).await.expect(200);
        assert_eq!(roles["roles"][0]["key"], "admin");
        api.delete(&format!("{list}/{eve}")).await.expect(200);
        let answer = api.delete(&format!("{list}/{eve}")).await;
        assert_eq!((answer.status, answer.error()), (404, "USER_NOT_IN_ORGANIZATION"));
    })
    .await;
}

#[tokio::test]
async fn users_are_added_all_or_none() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let code = organization(&api, "Acme").await;
        let ada = user(&api, "ada").await;
        let list = format!("/api/v1/organizations/{code}/users");
        let many: Vec<Value> = (0..101).map(|_| json!({"id": ada})).collect();
        for (users, status, error) in [
            (
                json!([{"id": ada}, {"id": "kp_01929904316d7b2c869f99dfea4ac394"}]),
                404,
                "USER_NOT_FOUND",
            ),
            (
                json!([{"id": ada}, {"id": "nobody"}]),
                404,
                "USER_NOT_FOUND",
            ),
            (
                json!([{"id": ada}, {"id": ada, "roles": ["nothing"]}]),
                400,
                "UNKNOWN_ROLE_KEY",
            ),
            (
                json!([{"id": ada, "permissions": ["nothing"]}]),
                400,
                "UNKNOWN_PERMISSION_KEY",
            ),
            (json!(many), 400, "INVALID_REQUEST"),
        ] {
            let answer = api.post(&list, json!({"users": users})).await;
            assert_eq!((answer.status, answer.error()), (status, error));
        }
        let members = api.get(&list).await.expect(200);
        assert_eq!(members["organization_users"], json!([]));
        let unknown = "/api/v1/organizations/org_01929904316d7b2c869f99dfea4ac394/users";
        assert_eq!(api.get(unknown).await.error(), "ORGANIZATION_NOT_FOUND");
        assert_eq!(
            api.post(unknown, json!({})).await.error(),
            "ORGANIZATION_NOT_FOUND"
        );
    })
    .await;
}

#[tokio::test]
async fn a_member_is_given_roles_and_permissions() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let code = organization(&api, "Acme").await;
        let ada = user(&api, "ada").await;
        let (admin, read, write) = (
            role(&api, "admin").await,
            permission(&api, "read").await,
            permission(&api, "write").await,
        );
        let body = json!({"permissions": [{"id": read}]});
        api.patch(&format!("/api/v1/roles/{admin}/permissions"), body).await.expect(200);
        let member = format!("/api/v1/organizations/{code}/users/{ada}");
        let answer = api.post(&format!("{member}/roles"), json!({"role_id": admin})).await;
        assert_eq!((answer.status, answer.error()), (404, "USER_NOT_IN_ORGANIZATION"));
        assert_eq!(api.get(&format!("{member}/roles")).await.error(), "USER_NOT_IN_ORGANIZATION");
        let body = json!({"users": [{"id": ada}]});
        api.post(&format!("/api/v1/organizations/{code}/users"), body).await.expect(200);
        api.post(&format!("{member}/roles"), json!({"role_id": admin})).await.expect(200);
        api.post(&format!("{member}/permissions"), json!({"permission_id": write})).await.expect(200);
        let roles = api.get(&format!("{member}/roles")).await.expect(200);
        assert_eq!(roles["roles"], json!([{"id": admin, "key": "admin", "name": "admin"}]));
        let permissions = api.get(&format!("{member}/permissions?expand=roles")).await.expect(200);
        assert_eq!(
            permissions["permissions"],
            json!([
                {"id": read, "key": "read", "name": "read", "roles": [{"id": admin, "key": "admin"}]},
                {"id": write, "key": "write", "name": "write", "roles": []},
            ])
        );
        api.delete(&format!("{member}/permissions/{write}")).await.expect(200);
        api.delete(&format!("{member}/roles/{admin}")).await.expect(200);
        let permissions = api.get(&format!("{member}/permissions")).await.expect(200);
        assert_eq!(permissions["permissions"], json!([]));
        let answer = api.post(&format!("{member}/roles"), json!({"role_id": null})).await;
        assert_eq!((answer.status, answer.error()), (404, "ROLE_NOT_FOUND"));
    })
    .await;
}
