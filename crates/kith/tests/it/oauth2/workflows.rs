//! Workflows at the token endpoint.

use kith::applications::Kind;
use serde_json::json;

use super::world::{SCOPES, World, claims, refusal};
use crate::harness::deploy_workflow;

const BINDINGS: &str = "\"kinde.accessToken\": {}, \"kinde.idToken\": {}, \"kinde.auth\": {}";

#[tokio::test(flavor = "multi_thread")]
async fn a_workflow_adds_claims_to_both_tokens_and_to_refreshed_ones() {
    World::each(Kind::BackEnd, async |world| {
        let api = world.kith.api().await;
        let body = "
            kinde.accessToken.setCustomClaim('origin', event.context.auth.origin);
            kinde.accessToken.setCustomClaim('who', event.context.user.id);
            kinde.accessToken.setCustomClaim('sub', 'somebody else');
            kinde.accessToken.setCustomClaim('roles', ['not', 'objects']);
            kinde.idToken.setCustomClaim('name', kinde.idToken.getCustomClaims().name + '!');";
        deploy_workflow(&api, "user:tokens_generation", BINDINGS, body).await;
        let tokens = world.tokens().await;
        let access = claims(&tokens["access_token"]);
        assert_eq!(access["origin"], "authorization_request");
        assert_eq!(
            (&access["who"], &access["sub"]),
            (&json!(world.user), &json!(world.user))
        );
        assert_eq!(claims(&tokens["id_token"])["name"], "Ada Example!");
        let fresh = world.refresh(&tokens).await.expect(200);
        assert_eq!(
            claims(&fresh["access_token"])["origin"],
            "refresh_token_request"
        );
        // A claim of another shape than ours doesn't make the token worthless.
        let token = fresh["access_token"].as_str().unwrap();
        let profile = world
            .kith
            .client()
            .get(world.kith.url("/oauth2/v2/user_profile"))
            .bearer_auth(token)
            .send()
            .await;
        assert_eq!(profile.unwrap().status(), 200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_gives_no_tokens() {
    World::each(Kind::BackEnd, async |world| {
        let api = world.kith.api().await;
        let code = world.code(&world.browser().await, SCOPES).await;
        deploy_workflow(
            &api,
            "user:tokens_generation",
            BINDINGS,
            "kinde.auth.denyAccess('not today');",
        )
        .await;
        let answer = world.redeem(&code).await;
        assert_eq!(answer.body["error_description"], "not today");
        assert_eq!(refusal(answer, 400), "access_denied");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workflow_that_fails_does_not_cost_the_grant() {
    World::each(Kind::BackEnd, async |world| {
        let api = world.kith.api().await;
        let tokens = world.tokens().await;
        deploy_workflow(
            &api,
            "user:tokens_generation",
            "",
            "throw new Error('broken');",
        )
        .await;
        let answer = world.refresh(&tokens).await;
        assert!(
            answer.body["error_description"]
                .as_str()
                .unwrap()
                .contains("1706"),
            "{}",
            answer.body
        );
        assert_eq!(refusal(answer, 500), "server_error");
        world.kith.advance(std::time::Duration::from_mins(2));
        api.post("/api/v1/workflows/w/deactivate", json!({}))
            .await
            .expect(200);
        world.refresh(&tokens).await.expect(200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn machines_get_claims_but_for_the_management_api() {
    World::each(Kind::MachineToMachine, async |world| {
        let api = world.kith.api().await;
        deploy_workflow(
            &api,
            "m2m:token_generation",
            "\"kinde.m2mToken\": {}",
            "kinde.m2mToken.setCustomClaim('tenant', event.request.auth.audience[0]);",
        )
        .await;
        let orders = json!({"name": "Orders", "audience": "https://orders.example.com"});
        let orders = api.post("/api/v1/apis", orders).await.expect(200)["api"]["id"].clone();
        for id in [orders.as_str().unwrap(), &management(&world).await] {
            let body = json!({"applications": [{"id": world.application.id, "operation": ""}]});
            api.patch(&format!("/api/v1/apis/{id}/applications"), body)
                .await
                .expect(200);
        }
        let ask = async |audience: &str| {
            let form = [("grant_type", "client_credentials"), ("audience", audience)];
            claims(&world.token(&form).await.expect(200)["access_token"])
        };
        assert_eq!(
            ask("https://orders.example.com").await["tenant"],
            "https://orders.example.com"
        );
        assert!(ask(&world.kith.url("/api")).await.get("tenant").is_none());
    })
    .await;
}

async fn management(world: &World) -> String {
    let apis = world.kith.api().await.get("/api/v1/apis").await.expect(200);
    let apis = apis["apis"].as_array().unwrap().clone();
    let own = apis
        .into_iter()
        .find(|api| api["is_management_api"] == true)
        .unwrap();
    own["id"].as_str().unwrap().to_owned()
}
