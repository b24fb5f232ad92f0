//! `/api/v1/apis`.

use serde_json::{Value, json};

use crate::harness::{Api, Kith};

const PATH: &str = "/api/v1/apis";

/// The path of a new API.
async fn orders(api: &Api) -> String {
    let body = json!({"name": "Orders", "audience": "https://orders.example.com"});
    let created = api.post(PATH, body).await.expect(200);
    format!("{PATH}/{}", created["api"]["id"].as_str().unwrap())
}

async fn scope(api: &Api, orders: &str, key: &str) -> String {
    let body = json!({"key": key, "description": "What it allows"});
    let created = api
        .post(&format!("{orders}/scopes"), body)
        .await
        .expect(200);
    created["scope"]["id"].as_str().unwrap().to_owned()
}

async fn machine(api: &Api) -> String {
    let body = json!({"name": "Nightly job", "type": "m2m"});
    let created = api.post("/api/v1/applications", body).await.expect(201);
    created["application"]["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_registered_api_can_be_read() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let path = orders(&api).await;
        let read = api.get(&path).await.expect(200);
        assert_eq!(read["code"], "OK");
        let read = &read["api"];
        assert_eq!(
            (&read["name"], &read["audience"]),
            (&json!("Orders"), &json!("https://orders.example.com"))
        );
        assert_eq!(
            (
                &read["is_management_api"],
                &read["scopes"],
                &read["applications"]
            ),
            (&json!(false), &json!([]), &json!([]))
        );
    })
    .await;
}

#[tokio::test]
async fn the_list_has_the_management_api_and_scopes_on_request() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        orders(&api).await;
        let plain = api.get(PATH).await.expect(200);
        let apis = plain["apis"].as_array().unwrap();
        assert_eq!(apis.len(), 2);
        assert_eq!(apis[0]["name"], "Kith Management API");
        assert_eq!(apis[0]["is_management_api"], true);
        assert_eq!(apis[0]["audience"], kith.url("/api"));
        assert!(apis[0].get("scopes").is_none());
        let expanded = api.get(&format!("{PATH}?expand=scopes")).await.expect(200);
        let scopes = expanded["apis"][0]["scopes"].as_array().unwrap();
        assert!(scopes.iter().any(|scope| scope["key"] == "read:users"));
        assert_eq!(expanded["apis"][1]["scopes"], json!([]));
        assert_eq!(
            api.get(&format!("{PATH}?expand=all")).await.error(),
            "INVALID_REQUEST"
        );
    })
    .await;
}

#[tokio::test]
async fn an_audience_is_registered_once() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        orders(&api).await;
        let again = json!({"name": "Others", "audience": "https://orders.example.com"});
        let answer = api.post(PATH, again).await;
        assert_eq!((answer.status, answer.error()), (409, "AUDIENCE_TAKEN"));
    })
    .await;
}

#[tokio::test]
async fn a_deleted_api_is_not_found() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let path = orders(&api).await;
        assert_eq!(api.delete(&path).await.expect(200)["code"], "API_DELETED");
        for answer in [
            api.get(&path).await,
            api.delete(&path).await,
            api.get(&format!("{path}/scopes")).await,
        ] {
            assert_eq!((answer.status, answer.error()), (404, "API_NOT_FOUND"));
        }
    })
    .await;
}

#[tokio::test]
async fn a_scope_is_added_described_and_deleted() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let path = orders(&api).await;
        let id = scope(&api, &path, "read:orders").await;
        assert!(id.starts_with("api_scope_"));
        let one = format!("{path}/scopes/{id}");
        let expected =
            |description: &str| json!({"id": id, "key": "read:orders", "description": description});
        assert_eq!(
            api.get(&one).await.expect(200)["scope"],
            expected("What it allows")
        );
        api.patch(&one, json!({"description": "Read orders"}))
            .await
            .expect(200);
        api.patch(&one, json!({"description": null}))
            .await
            .expect(200);
        let all = api.get(&format!("{path}/scopes")).await.expect(200);
        assert_eq!(all["scopes"], json!([expected("Read orders")]));
        let again = api
            .post(&format!("{path}/scopes"), json!({"key": "read:orders"}))
            .await;
        assert_eq!((again.status, again.error()), (409, "SCOPE_KEY_TAKEN"));
        api.delete(&one).await.expect(200);
        assert_eq!(api.get(&one).await.error(), "SCOPE_NOT_FOUND");
    })
    .await;
}

#[tokio::test]
async fn applications_are_authorized_and_revoked_together() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let path = orders(&api).await;
        let (a, b) = (machine(&api).await, machine(&api).await);
        let both = format!("{path}/applications");
        let change = |body: Value| api.patch(&both, json!({"applications": body}));

        let answer = change(json!([{"id": a}])).await.expect(200);
        assert_eq!(answer["code"], "API_APPLICATIONS_UPDATED");
        assert_eq!((&answer["applications_connected"], &answer["applications_disconnected"]), (&json!([a]), &json!([])));
        let answer = change(json!([{"id": a, "operation": "delete"}, {"id": b}])).await.expect(200);
        assert_eq!((&answer["applications_connected"], &answer["applications_disconnected"]), (&json!([b]), &json!([a])));

        let read = api.get(&path).await.expect(200);
        assert_eq!(
            read["api"]["applications"],
            json!([{"id": b, "name": "Nightly job", "type": "Machine to machine (M2M)", "is_active": true}])
        );
    })
    .await;
}

#[tokio::test]
async fn one_unknown_application_stops_them_all() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let path = orders(&api).await;
        let known = machine(&api).await;
        let both = format!("{path}/applications");
        let body =
            json!({"applications": [{"id": known}, {"id": "00000000000000000000000000000000"}]});
        let answer = api.patch(&both, body).await;
        assert_eq!(
            (answer.status, answer.error()),
            (404, "APPLICATION_NOT_FOUND")
        );
        assert_eq!(
            api.get(&path).await.expect(200)["api"]["applications"],
            json!([])
        );
        let many: Vec<_> = (0..101).map(|_| json!({"id": known})).collect();
        assert_eq!(
            api.patch(&both, json!({"applications": many}))
                .await
                .error(),
            "INVALID_REQUEST"
        );
        let wrong = json!({"applications": [{"id": known, "operation": "destroy"}]});
        assert_eq!(api.patch(&both, wrong).await.error(), "INVALID_REQUEST");
    })
    .await;
}

#[tokio::test]
async fn a_scope_is_enabled_for_an_authorized_application() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let path = orders(&api).await;
        let scope = scope(&api, &path, "read:orders").await;
        let application = machine(&api).await;
        let one = format!("{path}/applications/{application}/scopes/{scope}");
        let answer = api.send("POST", &one, None).await;
        assert_eq!(
            (answer.status, answer.error()),
            (400, "APPLICATION_NOT_AUTHORIZED")
        );
        let body = json!({"applications": [{"id": application}]});
        api.patch(&format!("{path}/applications"), body)
            .await
            .expect(200);
        for method in ["POST", "POST", "DELETE", "DELETE"] {
            api.send(method, &one, None).await.expect(200);
        }
        let unknown = format!(
            "{path}/applications/{application}/scopes/api_scope_00000000000000000000000000000000"
        );
        assert_eq!(
            api.send("POST", &unknown, None).await.error(),
            "SCOPE_NOT_FOUND"
        );
    })
    .await;
}

#[tokio::test]
async fn the_management_api_can_not_be_edited() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let listed = api.get(&format!("{PATH}?expand=scopes")).await.expect(200);
        let own = format!("{PATH}/{}", listed["apis"][0]["id"].as_str().unwrap());
        let scope = format!(
            "{own}/scopes/{}",
            listed["apis"][0]["scopes"][0]["id"].as_str().unwrap()
        );
        for answer in [
            api.delete(&own).await,
            api.post(&format!("{own}/scopes"), json!({"key": "read:minds"}))
                .await,
            api.patch(&scope, json!({"description": "x"})).await,
            api.delete(&scope).await,
        ] {
            assert_eq!((answer.status, answer.error()), (403, "API_BUILTIN"));
        }
    })
    .await;
}
