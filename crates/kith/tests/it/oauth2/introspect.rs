//! `POST /oauth2/introspect`

use kith::applications::Kind;
use serde_json::{Value, json};

use super::world::{CALLBACK, World, header, post_form, refusal, register};
use crate::harness::Answer;

/// What a holder of a token for the management API hears.
async fn ask(world: &World, token: &Value) -> Answer {
    let bearer = format!("Bearer {}", world.kith.management_token().await);
    let form = [("token", token.as_str().unwrap())];
    let headers = [("authorization", bearer.as_str())];
    post_form(&world.kith, "/oauth2/introspect", &form, &headers).await
}

#[tokio::test]
async fn a_good_token_is_told_of() {
    World::each(Kind::BackEnd, async |world| {
        let tokens = world.tokens().await;
        for name in ["access_token", "refresh_token"] {
            let answer = ask(&world, &tokens[name]).await;
            assert_eq!(header(&answer, "cache-control"), "no-store");
            let about = answer.expect(200);
            assert_eq!(about["active"], true);
            assert_eq!(about["client_id"], world.application.id.as_str());
            assert_eq!(about["sub"], world.user.as_str());
            assert_eq!(about["iss"], world.kith.url(""));
            assert_eq!(about["scope"], "openid profile email offline");
            assert!(about["exp"].is_i64() && about["iat"].is_i64() && about["aud"].is_array());
        }
    })
    .await;
}

#[tokio::test]
async fn of_any_other_token_nothing_is_told() {
    World::each(Kind::BackEnd, async |world| {
        let tokens = world.tokens().await;
        world.kith.advance(std::time::Duration::from_hours(24));
        for token in [
            &tokens["access_token"],
            &tokens["id_token"],
            &"x".into(),
            &"a.b.c".into(),
        ] {
            assert_eq!(
                ask(&world, token).await.expect(200),
                json!({"active": false})
            );
        }
    })
    .await;
}

#[tokio::test]
async fn an_application_hears_of_its_own_tokens_only() {
    World::each(Kind::BackEnd, async |world| {
        let tokens = world.tokens().await;
        let token = tokens["access_token"].as_str().unwrap();
        let (other, others_secret) = register(&world.kith, Kind::BackEnd, CALLBACK).await;
        for (application, secret, is_told) in [
            (&world.application, &world.secret, true),
            (&other, &others_secret, false),
        ] {
            let form = [
                ("token", token),
                ("token_type_hint", "refresh_token"),
                ("client_id", application.id.as_str()),
                ("client_secret", secret.as_ref().unwrap().reveal()),
            ];
            let answer = post_form(&world.kith, "/oauth2/introspect", &form, &[]).await;
            assert_eq!(answer.expect(200)["active"], is_told);
        }
    })
    .await;
}

#[tokio::test]
async fn whoever_does_not_prove_who_they_are_hears_nothing() {
    World::each(Kind::FrontEnd, async |world| {
        let tokens = world.tokens().await;
        let token = tokens["access_token"].as_str().unwrap();
        let public = [
            ("token", token),
            ("client_id", world.application.id.as_str()),
        ];
        let answer = post_form(&world.kith, "/oauth2/introspect", &public, &[]).await;
        assert_eq!(refusal(answer, 401), "invalid_client");
        let answer = post_form(&world.kith, "/oauth2/introspect", &[("token", token)], &[]).await;
        assert_eq!(refusal(answer, 401), "invalid_client");
        let bearer = format!("Bearer {token}");
        let headers = [("authorization", bearer.as_str())];
        let answer = post_form(
            &world.kith,
            "/oauth2/introspect",
            &[("token", token)],
            &headers,
        )
        .await;
        assert_eq!(refusal(answer, 401), "invalid_token");
    })
    .await;
}
