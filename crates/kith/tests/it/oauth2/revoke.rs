//! `POST /oauth2/revoke`

use kith::applications::Kind;

use super::world::{CALLBACK, World, post_form, read, refusal, register};
use crate::harness::Answer;

async fn revoke(world: &World, token: &str) -> Answer {
    let mut form = vec![
        ("token", token),
        ("client_id", world.application.id.as_str()),
    ];
    if let Some(secret) = &world.secret {
        form.push(("client_secret", secret.reveal()));
    }
    post_form(&world.kith, "/oauth2/revoke", &form, &[]).await
}

async fn opens(world: &World, token: &str) -> bool {
    let request = world
        .kith
        .client()
        .get(world.kith.url("/oauth2/v2/user_profile"));
    read(request.bearer_auth(token)).await.status == 200
}

#[tokio::test]
async fn a_refresh_token_falls_with_all_its_family() {
    for kind in [Kind::FrontEnd, Kind::BackEnd] {
        World::each(kind, async |world| {
            let tokens = world.tokens().await;
            let access_token = tokens["access_token"].as_str().unwrap();
            assert!(opens(&world, access_token).await);
            let answer = revoke(&world, tokens["refresh_token"].as_str().unwrap()).await;
            assert_eq!((answer.status, answer.body), (200, serde_json::Value::Null));
            assert!(!opens(&world, access_token).await);
            assert_eq!(refusal(world.refresh(&tokens).await, 400), "invalid_grant");
        })
        .await;
    }
}

#[tokio::test]
async fn an_access_token_falls_alone() {
    World::each(Kind::FrontEnd, async |world| {
        let tokens = world.tokens().await;
        let access_token = tokens["access_token"].as_str().unwrap();
        revoke(&world, access_token).await.expect(200);
        assert!(!opens(&world, access_token).await);
        world.refresh(&tokens).await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn what_is_not_the_applications_own_is_left_alone_without_a_word() {
    World::each(Kind::BackEnd, async |world| {
        let tokens = world.tokens().await;
        let (other, secret) = register(&world.kith, Kind::BackEnd, CALLBACK).await;
        for token in [
            tokens["access_token"].as_str().unwrap(),
            tokens["refresh_token"].as_str().unwrap(),
        ] {
            let form = [
                ("token", token),
                ("client_id", other.id.as_str()),
                ("client_secret", secret.as_ref().unwrap().reveal()),
            ];
            let answer = post_form(&world.kith, "/oauth2/revoke", &form, &[]).await;
            assert_eq!(answer.status, 200);
        }
        assert_eq!(revoke(&world, "nonsense").await.status, 200);
        assert!(opens(&world, tokens["access_token"].as_str().unwrap()).await);
        let id_token = tokens["id_token"].as_str().unwrap();
        assert_eq!(
            refusal(revoke(&world, id_token).await, 400),
            "unsupported_token_type"
        );
    })
    .await;
}

#[tokio::test]
async fn an_application_with_a_secret_shows_it() {
    World::each(Kind::BackEnd, async |world| {
        let tokens = world.tokens().await;
        let token = tokens["refresh_token"].as_str().unwrap();
        let form = [
            ("token", token),
            ("client_id", world.application.id.as_str()),
        ];
        let answer = post_form(&world.kith, "/oauth2/revoke", &form, &[]).await;
        assert_eq!(refusal(answer, 401), "invalid_client");
        world.refresh(&tokens).await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn a_revoked_machine_token_opens_nothing() {
    World::each(Kind::BackEnd, async |world| {
        let cx = world.kith.cx();
        let client = kith::applications::ensure_management_client(&cx, false)
            .await
            .unwrap();
        let token = world.kith.management_token().await;
        let form = [
            ("token", token.as_str()),
            ("client_id", client.id.as_str()),
            ("client_secret", client.secret.reveal()),
        ];
        let api = world.kith.anonymous_api().with_token(&token);
        api.get("/api/v1/users").await.expect(200);
        let answer = post_form(&world.kith, "/oauth2/revoke", &form, &[]).await;
        assert_eq!(answer.status, 200);
        assert_eq!(api.get("/api/v1/users").await.error(), "INVALID_TOKEN");
    })
    .await;
}
