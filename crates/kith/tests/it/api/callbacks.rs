//! `/api/v1/applications/{app_id}/auth_redirect_urls` and `…/auth_logout_urls`.

use serde_json::{Value, json};

use crate::harness::{Api, Kith};

/// Both lists behave alike: the end of the path, and the name of the list in the answer.
const LISTS: [(&str, &str); 2] = [
    ("auth_redirect_urls", "redirect_urls"),
    ("auth_logout_urls", "logout_urls"),
];

async fn application(api: &Api) -> String {
    let body = json!({"name": "Web shop", "type": "reg"});
    let created = api.post("/api/v1/applications", body).await.expect(201);
    format!(
        "/api/v1/applications/{}",
        created["application"]["id"].as_str().unwrap()
    )
}

async fn urls(api: &Api, path: &str, name: &str) -> Value {
    api.get(path).await.expect(200)[name].clone()
}

#[tokio::test]
async fn addresses_are_added_replaced_and_deleted() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let application = application(&api).await;
        for (end, name) in LISTS {
            let path = format!("{application}/{end}");
            let (a, b) = ("https://a.example.com/cb?x=1,2", "https://b.example.com/cb");
            assert_eq!(urls(&api, &path, name).await, json!([]));
            api.post(&path, json!({"urls": [a]})).await.expect(200);
            api.post(&path, json!({"urls": [b, a]})).await.expect(200);
            assert_eq!(urls(&api, &path, name).await, json!([a, b]));
            let list = url::form_urlencoded::byte_serialize(
                format!("{a},https://nobody.example.com").as_bytes(),
            )
            .collect::<String>();
            api.delete(&format!("{path}?urls={list}")).await.expect(200);
            assert_eq!(urls(&api, &path, name).await, json!([b]));
            api.put(&path, json!({"urls": [a]})).await.expect(200);
            assert_eq!(urls(&api, &path, name).await, json!([a]));
            api.put(&path, json!({"urls": []})).await.expect(200);
            assert_eq!(urls(&api, &path, name).await, json!([]));
        }
    })
    .await;
}

#[tokio::test]
async fn the_two_lists_answer_in_their_own_shapes() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let application = application(&api).await;
        let callbacks = api
            .get(&format!("{application}/auth_redirect_urls"))
            .await
            .expect(200);
        assert_eq!(callbacks, json!({"redirect_urls": []}));
        let logouts = api
            .get(&format!("{application}/auth_logout_urls"))
            .await
            .expect(200);
        assert_eq!(
            logouts,
            json!({"logout_urls": [], "code": "OK", "message": "Success"})
        );
    })
    .await;
}

#[tokio::test]
async fn an_address_that_breaks_a_rule_is_refused_with_all_others() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let application = application(&api).await;
        for (end, name) in LISTS {
            let path = format!("{application}/{end}");
            for wrong in [
                "http://app.example.com/cb",
                "https://app.example.com/*",
                "https://*.com/cb",
                "https://*.vercel.app/cb",
                "https://app.example.com/#cb",
                " https://app.example.com",
                "javascript:alert(1)",
                "",
            ] {
                let body = json!({"urls": ["https://good.example.com/cb", wrong]});
                let answer = api.post(&path, body).await;
                assert_eq!(
                    (answer.status, answer.error()),
                    (400, "INVALID_URL"),
                    "{wrong}"
                );
            }
            assert_eq!(urls(&api, &path, name).await, json!([]));
        }
    })
    .await;
}

#[tokio::test]
async fn without_addresses_nothing_is_replaced() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        let application = application(&api).await;
        for (end, name) in LISTS {
            let path = format!("{application}/{end}");
            api.post(&path, json!({"urls": ["https://a.example.com"]}))
                .await
                .expect(200);
            for answer in [
                api.put(&path, json!({})).await,
                api.put(&path, json!({"urls": null})).await,
                api.send("PUT", &path, None).await,
                api.delete(&path).await,
                api.delete(&format!("{path}?urls=")).await,
            ] {
                assert_eq!((answer.status, answer.error()), (400, "INVALID_REQUEST"));
            }
            assert_eq!(
                urls(&api, &path, name).await,
                json!(["https://a.example.com"])
            );
        }
    })
    .await;
}

#[tokio::test]
async fn an_unknown_application_has_no_addresses() {
    Kith::each(async |kith| {
        let api = kith.api().await;
        for (end, _) in LISTS {
            for id in ["00000000000000000000000000000000", "no-id"] {
                let path = format!("/api/v1/applications/{id}/{end}");
                for answer in [
                    api.get(&path).await,
                    api.post(&path, json!({"urls": []})).await,
                ] {
                    assert_eq!(
                        (answer.status, answer.error()),
                        (404, "APPLICATION_NOT_FOUND")
                    );
                }
            }
        }
    })
    .await;
}
