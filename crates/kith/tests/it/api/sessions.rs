//! `/api/v1/users/{user_id}/sessions`

use kith::applications::Kind;

use crate::oauth2::world::{SCOPES, World, refusal};

#[tokio::test]
async fn the_browsers_in_which_a_user_is_signed_in_are_listed() {
    World::each(Kind::BackEnd, async |world| {
        let api = world.kith.api().await;
        let path = format!("/api/v1/users/{}/sessions", world.user);
        let none = api.get(&path).await.expect(200);
        assert_eq!(none["sessions"], serde_json::json!([]));

        world.browser().await;
        let answer = api.get(&path).await.expect(200);
        assert_eq!(
            (&answer["code"], &answer["has_more"]),
            (&"OK".into(), &false.into())
        );
        let session = &answer["sessions"][0];
        let organization = api.get("/api/v1/organization").await.expect(200);
        assert_eq!(session["user_id"], world.user.as_str());
        assert_eq!(session["org_code"], organization["code"]);
        assert_eq!(session["client_id"], world.application.id.as_str());
        assert!(
            session["session_id"]
                .as_str()
                .unwrap()
                .starts_with("session_")
        );
        assert_eq!(session["started_on"], "2026-01-01T00:00:00.000000+00:00");
        assert_eq!(session["updated_on"], "2026-01-01T00:00:00.000000+00:00");
        assert_eq!(session["expires_on"], "2026-01-02T00:00:00.000000+00:00");
        assert_eq!(session["initial_ip_address"], "127.0.0.1");
        assert_eq!(session["last_ip_address"], "127.0.0.1");
    })
    .await;
}

#[tokio::test]
async fn deleting_them_signs_the_user_out_of_browsers_and_applications() {
    World::each(Kind::BackEnd, async |world| {
        let api = world.kith.api().await;
        let browser = world.browser().await;
        let code = world.code(&browser, SCOPES).await;
        let tokens = world.redeem(&code).await.expect(200);
        let path = format!("/api/v1/users/{}/sessions", world.user);
        let answer = api.delete(&path).await.expect(200);
        assert_eq!(answer["code"], "OK");
        let page = browser.get(&world.path(&[("prompt", "none")])).await;
        assert_eq!(page.parameter("error").as_deref(), Some("login_required"));
        assert_eq!(refusal(world.refresh(&tokens).await, 400), "invalid_grant");
    })
    .await;
}

#[tokio::test]
async fn nobody_has_no_sessions_to_tell_of() {
    World::each(Kind::BackEnd, async |world| {
        let api = world.kith.api().await;
        for id in ["kp_00000000000000000000000000000000", "x"] {
            let path = format!("/api/v1/users/{id}/sessions");
            assert_eq!(api.get(&path).await.status, 404);
            assert_eq!(api.delete(&path).await.status, 404);
        }
    })
    .await;
}
