//! Every operation of the API document is refused to who may not call it. An operation that the document doesn't tell of can't be
//! tried here, so the document is compared with the routes by its own snapshot.

use serde_json::{Value, json};

use crate::harness::Kith;

#[tokio::test]
async fn no_operation_answers_without_a_token() {
    Kith::each(async |kith| {
        let api = kith.anonymous_api();
        for operation in operations() {
            let answer = api
                .send(&operation.method, &operation.path, Some(json!({})))
                .await;
            assert_eq!(
                (answer.status, answer.error()),
                (403, "INVALID_TOKEN"),
                "{}",
                operation.id
            );
        }
    })
    .await;
}

#[tokio::test]
async fn no_operation_answers_a_token_without_its_scope() {
    Kith::each(async |kith| {
        for operation in operations() {
            let other = if operation.scope == "read:users" {
                "read:apis"
            } else {
                "read:users"
            };
            let api = kith
                .anonymous_api()
                .with_token(&kith.token_with_scope(other).await);
            let answer = api
                .send(&operation.method, &operation.path, Some(json!({})))
                .await;
            assert_eq!(
                (answer.status, answer.error()),
                (403, "SCOPE_MISSING"),
                "{}",
                operation.id
            );
            let message = answer.body["errors"][0]["message"]
                .as_str()
                .unwrap()
                .to_owned();
            assert!(
                message.contains(&operation.scope),
                "{message} names no {}",
                operation.scope
            );
        }
    })
    .await;
}

#[tokio::test]
async fn no_operation_answers_a_token_that_is_no_access_token() {
    Kith::each(async |kith| {
        let token = kith.management_token().await;
        let (head, signature) = token.rsplit_once('.').unwrap();
        let first = if signature.starts_with('A') { 'B' } else { 'A' };
        let tampered = format!("{head}.{first}{}", &signature[1..]);
        for bad in [tampered.as_str(), "nonsense", ""] {
            let answer = kith
                .anonymous_api()
                .with_token(bad)
                .get("/api/v1/users")
                .await;
            assert_eq!(
                (answer.status, answer.error()),
                (403, "INVALID_TOKEN"),
                "{bad}"
            );
        }
    })
    .await;
}

struct Operation {
    id: String,
    method: String,
    path: String,
    scope: String,
}

fn operations() -> Vec<Operation> {
    let document: Value =
        serde_json::from_str(&kith::openapi::document().to_json().unwrap()).unwrap();
    let mut all = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap().to_owned();
            let scopes = operation["security"][0]
                .as_object()
                .and_then(|security| security.values().next());
            let scope = scopes
                .and_then(|scopes| scopes[0].as_str())
                .unwrap_or_else(|| panic!("{id} names no scope"));
            // Any value will do for what stands in braces: who may not ask isn't told what exists.
            let path = path
                .split('/')
                .map(|part| if part.starts_with('{') { "x" } else { part })
                .collect::<Vec<_>>()
                .join("/");
            all.push(Operation {
                id,
                method: method.to_uppercase(),
                path,
                scope: scope.to_owned(),
            });
        }
    }
    assert!(
        all.len() > 40,
        "the document tells of {} operations only",
        all.len()
    );
    all
}
