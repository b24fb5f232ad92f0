//! Two servers on one database: whatever begins on one ends on the other.

use kith::applications::Kind;

use super::world::{CALLBACK, SCOPES, World, answered, post_form, refusal};

#[tokio::test]
async fn a_sign_in_a_code_and_a_refresh_token_go_on_at_another_node() {
    World::each(Kind::BackEnd, async |mut world| {
        let other = world.kith.add_node().await;
        let node = world.kith.nodes[other].clone();
        let here = world.kith.browser();
        let there = here.at(&node);
        let page = here.get(&world.path(SCOPES)).await;
        let page = there
            .submit(&page, &[("identifier", "ada@example.com")])
            .await;
        let page = here
            .submit(&page, &[("password", super::world::PASSWORD)])
            .await;
        answered(&page);
        let code = page.parameter("code").unwrap();

        let token_at = async |node: &str, form: &[(&str, &str)]| {
            let mut form = form.to_vec();
            form.push(("client_id", world.application.id.as_str()));
            form.push(("client_secret", world.secret.as_ref().unwrap().reveal()));
            post_form(&world.kith, &format!("{node}/oauth2/token"), &form, &[]).await
        };
        let redeem = [
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", CALLBACK),
        ];
        let tokens = token_at(&node, &redeem).await.expect(200);
        let token = tokens["refresh_token"].as_str().unwrap();
        let refresh = [("grant_type", "refresh_token"), ("refresh_token", token)];
        token_at("", &refresh).await.expect(200);

        // The code was used up there, and that is known here.
        assert_eq!(refusal(token_at("", &redeem).await, 400), "invalid_grant");
        assert_eq!(
            refusal(token_at(&node, &refresh).await, 400),
            "invalid_grant"
        );
    })
    .await;
}
