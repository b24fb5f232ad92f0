//! `/oauth2/v2/user_profile`, `/oauth2/userinfo`, `/oauth2/user_profile`

use kith::applications::Kind;
use serde_json::{Value, json};

use super::world::{World, header, read, refusal};
use crate::harness::Answer;

async fn ask(world: &World, path: &str, token: &Value) -> Answer {
    let request = world.kith.client().get(world.kith.url(path));
    read(request.bearer_auth(token.as_str().unwrap())).await
}

#[tokio::test]
async fn a_token_tells_whose_it_is() {
    World::each(Kind::FrontEnd, async |world| {
        let token = &world.tokens().await["access_token"];
        let id = world.user.as_str();
        for path in ["/oauth2/v2/user_profile", "/oauth2/userinfo"] {
            let profile = ask(&world, path, token).await.expect(200);
            assert_eq!((&profile["sub"], &profile["id"]), (&json!(id), &json!(id)));
            assert_eq!(profile["name"], "Ada Example");
            assert_eq!(profile["given_name"], "Ada");
            assert_eq!(profile["family_name"], "Example");
            assert_eq!(profile["email"], "ada@example.com");
            assert_eq!(profile["email_verified"], true);
            assert!(profile["updated_at"].is_i64());
        }
        let first = ask(&world, "/oauth2/user_profile", token).await.expect(200);
        assert_eq!(
            first,
            json!({
                "id": id, "preferred_email": "ada@example.com", "provided_id": null,
                "first_name": "Ada", "last_name": "Example", "picture": null,
            })
        );
    })
    .await;
}

#[tokio::test]
async fn scopes_decide_what_it_tells() {
    World::each(Kind::FrontEnd, async |world| {
        let code = world
            .code(&world.browser().await, &[("scope", "openid")])
            .await;
        let tokens = world.redeem(&code).await.expect(200);
        let profile = ask(&world, "/oauth2/v2/user_profile", &tokens["access_token"]).await;
        let id = world.user.as_str();
        assert_eq!(profile.expect(200), json!({"sub": id, "id": id}));
    })
    .await;
}

#[tokio::test]
async fn nothing_but_a_living_access_token_of_a_person_opens_it() {
    World::each(Kind::FrontEnd, async |world| {
        let tokens = world.tokens().await;
        let machine: Value = world.kith.management_token().await.into();
        for token in [
            &tokens["id_token"],
            &tokens["refresh_token"],
            &machine,
            &"nonsense".into(),
        ] {
            let answer = ask(&world, "/oauth2/v2/user_profile", token).await;
            // RFC 6750 §3.
            let challenge = header(&answer, "www-authenticate");
            assert!(
                challenge.starts_with("Bearer") && challenge.contains("invalid_token"),
                "{challenge}"
            );
            assert_eq!(refusal(answer, 401), "invalid_token");
        }
        let bare = read(
            world
                .kith
                .client()
                .get(world.kith.url("/oauth2/v2/user_profile")),
        )
        .await;
        assert_eq!(refusal(bare, 401), "invalid_token");
        // RFC 9700 §4.3.2: addresses are logged; tokens do not belong there.
        let token = tokens["access_token"].as_str().unwrap();
        let url = world
            .kith
            .url(&format!("/oauth2/v2/user_profile?access_token={token}"));
        assert_eq!(
            refusal(read(world.kith.client().get(url)).await, 401),
            "invalid_token"
        );
    })
    .await;
}

#[tokio::test]
async fn a_person_s_token_does_not_open_the_management_api() {
    World::each(Kind::FrontEnd, async |world| {
        let tokens = world.tokens().await;
        for name in ["access_token", "id_token"] {
            let api = world.kith.anonymous_api();
            let answer = api
                .with_token(tokens[name].as_str().unwrap())
                .get("/api/v1/users")
                .await;
            assert_eq!((answer.status, answer.error()), (403, "INVALID_TOKEN"));
        }
    })
    .await;
}
