//! `/api/v1/users`, `/api/v1/user`, `/api/v1/search/users`

use serde_json::{Value, json};

use crate::harness::{Api, Kith};

/// A user to be, with one verified address.
fn with_email(email: &str) -> Value {
    json!({"identities": [{"type": "email", "is_verified": true, "details": {"email": email}}]})
}

async fn create(api: &Api, body: Value) -> String {
    let created = api.post("/api/v1/user", body).await.expect(200);
    created["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_user_is_created_and_read_back() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let body = json!({
            "profile": {"given_name": "Ada", "family_name": "Lind", "picture": null},
            "provided_id": "legacy|1",
            "organization_code": null,
            "identities": [
                {"type": "email", "is_verified": true, "details": {"email": "Ada@example.com"}},
                {"type": "phone", "details": {"phone": "+46701234567", "phone_country_id": "se"}},
                {"type": "username", "details": {"username": "ada_l"}},
            ],
        });
        let created = api.post("/api/v1/user", body).await.expect(200);
        let id = created["id"].as_str().unwrap();
        assert!(id.starts_with("kp_") && id.len() == 35, "{id}");
        assert_eq!(
            created,
            json!({
                "id": id,
                "created": true,
                "identities": [
                    {"type": "email", "result": {"created": true}},
                    {"type": "phone", "result": {"created": true}},
                    {"type": "username", "result": {"created": true}},
                ],
            })
        );
        let user = api
            .get(&format!(
                "/api/v1/user?id={id}&expand=organizations,identities"
            ))
            .await
            .expect(200);
        let organization = api.get("/api/v1/organization").await.expect(200);
        assert_eq!(
            user,
            json!({
                "id": id,
                "provided_id": "legacy|1",
                "preferred_email": "Ada@example.com",
                "phone": "+46701234567",
                "username": "ada_l",
                "first_name": "Ada",
                "last_name": "Lind",
                "is_suspended": false,
                "total_sign_ins": 0,
                "failed_sign_ins": 0,
                "last_signed_in": null,
                "created_on": "2026-01-01T00:00:00.000000+00:00",
                "organizations": [organization["code"]],
                "identities": [
                    {"type": "email", "identity": "Ada@example.com"},
                    {"type": "phone", "identity": "+46701234567"},
                    {"type": "username", "identity": "ada_l"},
                ],
            })
        );
    })
    .await;
}

#[tokio::test]
async fn what_is_not_expanded_is_left_out() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let id = create(&api, with_email("ada@example.com")).await;
        let user = api
            .get(&format!("/api/v1/user?id={id}&expand="))
            .await
            .expect(200);
        for absent in [
            "organizations",
            "identities",
            "phone",
            "username",
            "first_name",
            "provided_id",
        ] {
            assert_eq!(user.get(absent), None, "{absent}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_address_is_never_given_twice() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let id = create(&api, with_email("ada@example.com")).await;
        let again = api
            .post("/api/v1/user", with_email("ADA@example.com"))
            .await
            .expect(200);
        assert_eq!(again["created"], false);
        assert_eq!(again["id"], id.as_str());
        assert_eq!(again["identities"][0]["result"]["created"], false);
        let users = api.get("/api/v1/users").await.expect(200);
        assert_eq!(users["users"].as_array().unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn of_several_requests_at_once_one_creates_the_user() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let requests = (0..8).map(|_| api.post("/api/v1/user", with_email("ada@example.com")));
        let mut ids = Vec::new();
        let mut n_created = 0;
        for answer in futures::future::join_all(requests).await {
            let body = answer.expect(200);
            n_created += i32::from(body["created"] == true);
            ids.push(body["id"].as_str().unwrap().to_owned());
        }
        ids.dedup();
        assert_eq!((n_created, ids.len()), (1, 1));
    })
    .await;
}

#[tokio::test]
async fn the_guides_profile_email_serves_where_there_are_no_identities() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let id = create(
            &api,
            json!({"profile": {"given_name": "Lee", "email": "lee@example.com"}}),
        )
        .await;
        let user = api.get(&format!("/api/v1/user?id={id}")).await.expect(200);
        assert_eq!(user["preferred_email"], "lee@example.com");
        let mut body = with_email("ada@example.com");
        body["profile"] = json!({"email": "other@example.com"});
        let id = create(&api, body).await;
        let user = api.get(&format!("/api/v1/user?id={id}")).await.expect(200);
        assert_eq!(user["preferred_email"], "ada@example.com");
    })
    .await;
}

#[tokio::test]
async fn a_user_may_have_nothing_to_be_known_by() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let created = api.send("POST", "/api/v1/user", None).await.expect(200);
        assert_eq!(
            (&created["created"], &created["identities"]),
            (&json!(true), &json!([]))
        );
    })
    .await;
}

#[tokio::test]
async fn what_can_not_be_is_refused_and_nothing_is_written() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let of =
            |identity: Value| json!({"profile": {"given_name": "Eve"}, "identities": [identity]});
        for (body, status, code) in [
            (
                of(json!({"type": "email", "details": {"email": "ada@@example.com"}})),
                400,
                "INVALID_EMAIL",
            ),
            (
                of(json!({"type": "phone", "details": {"phone": "0701234567"}})),
                400,
                "INVALID_PHONE",
            ),
            (
                of(json!({"type": "username", "details": {"username": "a b"}})),
                400,
                "INVALID_USERNAME",
            ),
            (of(json!({"type": "email"})), 400, "INVALID_REQUEST"),
            (
                of(json!({"type": "social", "details": {"email": "ada@example.com"}})),
                400,
                "INVALID_REQUEST",
            ),
            (of(json!({"type": 7})), 400, "INVALID_BODY"),
            (
                json!({"organization_code": "org_0"}),
                404,
                "ORGANIZATION_NOT_FOUND",
            ),
            (
                json!({"organization_code": "org_01929904316d7b2c869f99dfea4ac394"}),
                404,
                "ORGANIZATION_NOT_FOUND",
            ),
            (
                json!({"profile": {"given_name": "a\u{0}b"}}),
                400,
                "INVALID_REQUEST",
            ),
            (json!([]), 400, "INVALID_BODY"),
        ] {
            let answer = api.post("/api/v1/user", body.clone()).await;
            assert_eq!((answer.status, answer.error()), (status, code), "{body}");
        }
        let users = api.get("/api/v1/users").await.expect(200);
        assert_eq!(users["users"], json!([]));
    })
    .await;
}

#[tokio::test]
async fn users_are_filtered_by_comma_separated_lists() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let ada = create(&api, with_email("ada@example.com")).await;
        let bob = create(&api, with_email("bob+1@example.com")).await;
        let eve = create(
            &api,
            json!({"identities": [{"type": "username", "details": {"username": "Eve"}}]}),
        )
        .await;
        for (query, expected) in [
            ("email=ada%40example.com".to_owned(), vec![&ada]),
            (
                "email=ADA@example.com,%20bob%2B1@example.com".to_owned(),
                vec![&ada, &bob],
            ),
            ("email=nobody@example.com".to_owned(), vec![]),
            ("email=nonsense".to_owned(), vec![]),
            ("username=eve&phone=".to_owned(), vec![&eve]),
            (format!("user_id={bob},{eve},kp_0"), vec![&bob, &eve]),
            (format!("user_id={bob}&email=ada@example.com"), vec![]),
            ("has_organization=true".to_owned(), vec![&ada, &bob, &eve]),
            ("has_organization=false".to_owned(), vec![]),
            ("active_since=2026-01-01".to_owned(), vec![]),
            (
                "email=&page_size=&next_token=&expand=".to_owned(),
                vec![&ada, &bob, &eve],
            ),
        ] {
            let users = api.get(&format!("/api/v1/users?{query}")).await.expect(200);
            let ids: Vec<&str> = ids(&users["users"]);
            assert_eq!(ids, expected, "{query}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_list_is_paged_by_its_token() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        for n in 0..12 {
            create(&api, with_email(&format!("p{n:02}@example.com"))).await;
        }
        let first = api.get("/api/v1/users").await.expect(200);
        assert_eq!(first["users"].as_array().unwrap().len(), 10);
        assert_eq!(
            (&first["code"], &first["message"]),
            (&json!("OK"), &json!("Success"))
        );
        let token = first["next_token"].as_str().unwrap();
        let second = api
            .get(&format!("/api/v1/users?next_token={token}"))
            .await
            .expect(200);
        assert_eq!(second["users"].as_array().unwrap().len(), 2);
        assert_eq!(second.get("next_token"), None);
        let all = api
            .get("/api/v1/users?page_size=1000&sort=email_desc")
            .await
            .expect(200);
        assert_eq!(all["users"][0]["email"], "p11@example.com");
        for query in [
            "next_token=MTo6OmlkX2FzYw==",
            "page_size=ten",
            "sort=age_asc",
            "active_since=soon",
        ] {
            let answer = api.get(&format!("/api/v1/users?{query}")).await;
            assert_eq!(answer.status, 400, "{query}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_user_is_updated_at_both_addresses() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let id = create(&api, with_email("ada@example.com")).await;
        let changed = api
            .patch(
                &format!("/api/v1/user?id={id}"),
                json!({"given_name": "Ada", "family_name": "Lind", "is_suspended": true, "picture": null}),
            )
            .await
            .expect(200);
        assert_eq!(
            changed,
            json!({
                "id": id, "given_name": "Ada", "family_name": "Lind", "email": "ada@example.com",
                "is_suspended": true, "is_password_reset_requested": false, "picture": null,
            })
        );
        let changed = api
            .patch(
                &format!("/api/v1/users/{id}"),
                json!({"is_password_reset_requested": true, "is_suspended": false, "family_name": ""}),
            )
            .await
            .expect(200);
        assert_eq!(changed["is_password_reset_requested"], true);
        assert_eq!(changed["is_suspended"], false);
        assert_eq!((&changed["given_name"], changed.get("family_name")), (&json!("Ada"), None));
        for address in ["/api/v1/user?id=kp_0", "/api/v1/users/kp_01929904316d7b2c869f99dfea4ac394"] {
            let answer = api.patch(address, json!({})).await;
            assert_eq!((answer.status, answer.error()), (404, "USER_NOT_FOUND"));
        }
        let answer = api.patch("/api/v1/user", json!({})).await;
        assert_eq!((answer.status, answer.error()), (400, "INVALID_REQUEST"));
    })
    .await;
}

#[tokio::test]
async fn a_provided_id_belongs_to_one_user() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        create(&api, json!({"provided_id": "7"})).await;
        let answer = api.post("/api/v1/user", json!({"provided_id": "7"})).await;
        assert_eq!((answer.status, answer.error()), (409, "PROVIDED_ID_TAKEN"));
        let id = create(&api, json!({})).await;
        let answer = api
            .patch(
                &format!("/api/v1/user?id={id}"),
                json!({"provided_id": "7"}),
            )
            .await;
        assert_eq!((answer.status, answer.error()), (409, "PROVIDED_ID_TAKEN"));
    })
    .await;
}

#[tokio::test]
async fn a_deleted_user_is_gone_and_the_address_free() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let id = create(&api, with_email("ada@example.com")).await;
        let address = format!("/api/v1/user?id={id}&is_delete_profile=true");
        let deleted = api.delete(&address).await.expect(200);
        assert_eq!(deleted, json!({"code": "OK", "message": "Success"}));
        for answer in [
            api.delete(&address).await,
            api.get(&format!("/api/v1/user?id={id}")).await,
        ] {
            assert_eq!((answer.status, answer.error()), (404, "USER_NOT_FOUND"));
        }
        let again = api
            .post("/api/v1/user", with_email("ada@example.com"))
            .await
            .expect(200);
        assert_eq!(again["created"], true);
    })
    .await;
}

#[tokio::test]
async fn a_search_finds_by_beginnings_and_names() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let mut body = with_email("ada@example.com");
        body["profile"] = json!({"given_name": "Ada", "family_name": "Lind"});
        let ada = create(&api, body).await;
        let bob = create(&api, with_email("bob@example.com")).await;
        for (query, expected) in [
            ("query=ADA%40ex".to_owned(), vec![&ada]),
            (
                "query=lind&page_size=1&expand=identities".to_owned(),
                vec![&ada],
            ),
            ("query=*".to_owned(), vec![&ada, &bob]),
            (String::new(), vec![&ada, &bob]),
            (format!("query=*&starting_after={ada}"), vec![&bob]),
            (format!("query=*&ending_before={bob}"), vec![&ada]),
            (format!("query=*&ending_before={ada}"), vec![]),
        ] {
            let found = api
                .get(&format!("/api/v1/search/users?{query}"))
                .await
                .expect(200);
            assert_eq!(ids(&found["results"]), expected, "{query}");
        }
        let answer = api.get("/api/v1/search/users?properties[city]=Lund").await;
        assert_eq!(answer.status, 400);
    })
    .await;
}

#[tokio::test]
async fn identities_are_added_elected_and_removed() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let id = create(&api, with_email("ada@example.com")).await;
        let list = format!("/api/v1/users/{id}/identities");
        let added = api
            .post(&list, json!({"value": "ada@home.example", "type": "email"}))
            .await
            .expect(201);
        let second = added["identity"]["id"].as_str().unwrap().to_owned();
        assert!(second.starts_with("identity_"));
        assert_eq!(added["code"], "OK");
        let taken = api.post(&list, json!({"value": "ADA@home.example", "type": "email"})).await;
        assert_eq!((taken.status, taken.error()), (409, "IDENTITY_TAKEN"));
        for body in [json!({"value": "7", "type": "social"}), json!({"type": "email"}), json!({})] {
            assert_eq!(api.post(&list, body).await.status, 400);
        }
        let address = format!("/api/v1/identities/{second}");
        let identity = api.get(&address).await.expect(200);
        assert_eq!(
            identity,
            json!({
                "id": second, "type": "email", "is_confirmed": false,
                "created_on": "2026-01-01T00:00:00.000000+00:00", "last_login_on": null, "total_logins": 0,
                "name": "ada@home.example", "email": "ada@home.example", "is_primary": false,
            })
        );
        api.patch(&address, json!({"is_primary": true})).await.expect(200);
        let user = api.get(&format!("/api/v1/user?id={id}")).await.expect(200);
        assert_eq!(user["preferred_email"], "ada@home.example");
        assert_eq!(api.patch(&address, json!({"is_primary": false})).await.status, 400);
        api.delete(&address).await.expect(200);
        assert_eq!(api.get(&address).await.error(), "IDENTITY_NOT_FOUND");
        assert_eq!(api.delete(&address).await.status, 404);
        let left = api.get(&list).await.expect(200);
        assert_eq!((left["identities"].as_array().unwrap().len(), &left["has_more"]), (1, &json!(false)));
        assert_eq!(left["identities"][0]["is_primary"], true);
        let first = left["identities"][0]["id"].as_str().unwrap();
        let after = api.get(&format!("{list}?starting_after={first}")).await.expect(200);
        assert_eq!(after["identities"], json!([]));
        let unknown = "/api/v1/users/kp_01929904316d7b2c869f99dfea4ac394/identities";
        assert_eq!(api.get(unknown).await.error(), "USER_NOT_FOUND");
        let answer = api.post(unknown, json!({"value": "x@example.com", "type": "email"})).await;
        assert_eq!(answer.error(), "USER_NOT_FOUND");
    })
    .await;
}

fn ids(users: &Value) -> Vec<&str> {
    let users = users.as_array().unwrap();
    users
        .iter()
        .map(|user| user["id"].as_str().unwrap())
        .collect()
}
