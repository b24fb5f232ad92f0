//! `/logout`

use kith::applications::Kind;

use super::world::{SCOPES, SIGNED_OUT, World, refusal};
use crate::harness::{Browser, Page};

async fn is_signed_in(world: &World, browser: &Browser) -> bool {
    let page = browser.get(&world.path(&[("prompt", "none")])).await;
    page.parameter("code").is_some()
}

fn left_for(page: &Page) -> Option<&str> {
    page.left_for.as_ref().map(url::Url::as_str)
}

#[tokio::test]
async fn signing_out_ends_the_session_and_what_it_gave() {
    World::each(Kind::BackEnd, async |world| {
        let browser = world.browser().await;
        let code = world.code(&browser, SCOPES).await;
        let tokens = world.redeem(&code).await.expect(200);
        let elsewhere = world.browser().await;
        // SDKs send the address as it is, without encoding it.
        let page = browser.get(&format!("/logout?redirect={SIGNED_OUT}")).await;
        assert_eq!(left_for(&page), Some(SIGNED_OUT));
        assert!(!is_signed_in(&world, &browser).await);
        assert!(is_signed_in(&world, &elsewhere).await);
        assert_eq!(refusal(world.refresh(&tokens).await, 400), "invalid_grant");
    })
    .await;
}

#[tokio::test]
async fn every_browser_is_meant_when_the_request_says_so() {
    World::each(Kind::BackEnd, async |world| {
        let (here, elsewhere) = (world.browser().await, world.browser().await);
        here.get(&format!("/logout?all_sessions=true&redirect={SIGNED_OUT}"))
            .await;
        assert!(!is_signed_in(&world, &here).await);
        assert!(!is_signed_in(&world, &elsewhere).await);
    })
    .await;
}

#[tokio::test]
async fn the_address_has_three_names_and_the_state_comes_back() {
    World::each(Kind::BackEnd, async |world| {
        let id = &world.application.id;
        for query in [
            format!("redirect={SIGNED_OUT}&state=a%20b"),
            format!("client_id={id}&redirect_uri={SIGNED_OUT}&state=a%20b"),
            format!("client_id={id}&post_logout_redirect_uri={SIGNED_OUT}&state=a%20b"),
        ] {
            let page = world.kith.browser().get(&format!("/logout?{query}")).await;
            assert_eq!(
                left_for(&page),
                Some(format!("{SIGNED_OUT}?state=a%20b").as_str())
            );
        }
        let tokens = world.tokens().await;
        let hint = tokens["id_token"].as_str().unwrap();
        let query = format!("id_token_hint={hint}&post_logout_redirect_uri={SIGNED_OUT}");
        let page = world.kith.browser().get(&format!("/logout?{query}")).await;
        assert_eq!(left_for(&page), Some(SIGNED_OUT));
    })
    .await;
}

#[tokio::test]
async fn without_an_address_a_page_says_that_it_is_done() {
    World::each(Kind::BackEnd, async |world| {
        for path in [
            "/logout",
            "/logout?redirect=",
            "/logout?client_id=x&redirect_uri=",
        ] {
            let browser = world.browser().await;
            let page = browser.get(path).await;
            assert!(page.status == 200 && page.left_for.is_none(), "{path}");
            assert!(!is_signed_in(&world, &browser).await, "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_address_that_is_not_registered_is_never_redirected_to() {
    World::each(Kind::BackEnd, async |world| {
        let (other, _) =
            super::world::register(&world.kith, Kind::BackEnd, "https://other.example.com/cb")
                .await;
        let foreign = format!(
            "client_id={}&redirect_uri=https://app.example.com/callback",
            other.id
        );
        for query in [
            "redirect=https://evil.example",
            "redirect=//evil.example",
            "redirect=https://app.example.com/callback",
            &foreign,
        ] {
            let browser = world.browser().await;
            let page = browser.get(&format!("/logout?{query}")).await;
            assert!(page.left_for.is_none() && page.status == 400, "{query}");
            // The person wanted to be signed out all the same.
            assert!(!is_signed_in(&world, &browser).await, "{query}");
        }
    })
    .await;
}
