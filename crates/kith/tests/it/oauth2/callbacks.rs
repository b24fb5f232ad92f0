//! Which addresses get an answer: those that were registered, and nothing that merely looks like them.

use kith::applications::Kind;
use serde_json::json;

use super::world::{World, path, register};
use crate::harness::{Browser, Kith};

/// What became of a request with this address, where this one is registered.
async fn is_answered(kith: &Kith, browser: &Browser, registered: &str, sent: &str) -> bool {
    let (application, _) = register(kith, Kind::BackEnd, registered).await;
    let page = browser
        .get(&path(&application, sent, &[("prompt", "none")]))
        .await;
    if let Some(url) = &page.left_for {
        assert!(
            url.as_str().starts_with(sent.trim_end_matches('/')),
            "{url}"
        );
    } else {
        assert_eq!(page.status, 400, "{sent}");
        assert!(page.headers.get("location").is_none());
    }
    page.left_for.is_some()
}

#[tokio::test]
async fn an_address_is_answered_exactly_as_it_was_registered() {
    World::each(Kind::BackEnd, async |world| {
        let (kith, browser) = (&world.kith, world.kith.browser());
        let registered = "https://hello.example.com/Callback?a=b";
        assert!(is_answered(kith, &browser, registered, registered).await);
        for other in [
            "https://hello.example.com/callback?a=b",
            "https://hello.example.com/Callback",
            "https://hello.example.com/Callback?a=b&c=d",
            "https://hello.example.com/Callback?a=b ",
            "https://hello.example.com:8443/Callback?a=b",
            "https://hello.example.com.evil.example/Callback?a=b",
            "https://hello.example.com@evil.example/Callback?a=b",
            "https://evil.example/Callback?a=b",
            "https://evil.example/https://hello.example.com/Callback?a=b",
            "https://hello.example.com/../Callback?a=b",
            "https://hello.example.com/Callback?a=b#fragment",
            "//hello.example.com/Callback?a=b",
        ] {
            assert!(
                !is_answered(kith, &browser, registered, other).await,
                "{other}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn one_slash_at_the_end_makes_no_difference() {
    World::each(Kind::BackEnd, async |world| {
        let (kith, browser) = (&world.kith, world.kith.browser());
        let (with, without) = ("https://app.example.com/cb/", "https://app.example.com/cb");
        assert!(is_answered(kith, &browser, with, without).await);
        assert!(is_answered(kith, &browser, without, with).await);
        assert!(!is_answered(kith, &browser, without, "https://app.example.com/cb//").await);
    })
    .await;
}

#[tokio::test]
async fn a_star_stands_for_one_label_and_nothing_more() {
    World::each(Kind::BackEnd, async |world| {
        let (kith, browser) = (&world.kith, world.kith.browser());
        let registered = "https://pre-*-suf.hello.example.com/cb";
        assert!(
            is_answered(
                kith,
                &browser,
                registered,
                "https://pre-42-suf.hello.example.com/cb"
            )
            .await
        );
        for other in [
            "https://pre-a.b-suf.hello.example.com/cb",
            "https://pre--suf.evil.example/.hello.example.com/cb",
            "https://pre-a@evil.example/-suf.hello.example.com/cb",
            "https://pre-a%2F-suf.hello.example.com/cb",
            "https://pre-*-suf.hello.example.com/cb",
            "https://prea-suf.hello.example.com/cb",
            "http://pre-42-suf.hello.example.com/cb",
            "https://pre-42-suf.hello.example.com/cb/more",
        ] {
            assert!(
                !is_answered(kith, &browser, registered, other).await,
                "{other}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn a_native_application_may_wait_on_any_port_of_its_machine() {
    World::each(Kind::BackEnd, async |world| {
        let (kith, browser) = (&world.kith, world.kith.browser());
        // RFC 8252 §7.3. (The server itself is on 127.0.0.1, which the browser of these tests would not leave.)
        let registered = "http://[::1]/cb";
        assert!(is_answered(kith, &browser, registered, "http://[::1]:51004/cb").await);
        assert!(!is_answered(kith, &browser, registered, "http://[::1]:51004/other").await);
        let scheme = "com.example.app://callback";
        assert!(is_answered(kith, &browser, scheme, scheme).await);
    })
    .await;
}

#[tokio::test]
async fn an_address_with_a_handle_is_for_that_organization_alone() {
    World::each(Kind::BackEnd, async |world| {
        let (kith, browser) = (&world.kith, world.browser().await);
        let api = kith.api().await;
        let body = json!({"name": "Lovelace", "handle": "lovelace"});
        let created = api.post("/api/v1/organization", body).await.expect(200);
        let organization = created["organization"]["code"].as_str().unwrap();
        let users = json!({"users": [{"id": world.user.as_str()}]});
        let members = format!("/api/v1/organizations/{organization}/users");
        api.post(&members, users).await.expect(200);

        let registered = "https://{organization.handle}.app.example.com/cb";
        let (application, _) = register(kith, Kind::BackEnd, registered).await;
        let named = [("org_code", organization)];
        let own = "https://lovelace.app.example.com/cb";
        let page = browser.get(&path(&application, own, &named)).await;
        assert!(page.parameter("code").is_some(), "{}", page.html);
        let other = "https://babbage.app.example.com/cb";
        let page = browser.get(&path(&application, other, &named)).await;
        assert!(page.left_for.is_none() && page.status == 400);
    })
    .await;
}

#[tokio::test]
async fn the_page_says_that_the_address_is_not_registered() {
    World::each(Kind::BackEnd, async |world| {
        let evil = "https://evil.example/<script>";
        let page = world
            .kith
            .browser()
            .get(&world.path(&[("redirect_uri", evil)]))
            .await;
        assert!(page.left_for.is_none());
        assert_eq!(page.status, 400);

        let evil = "https://evil.example/cb";
        let page = world
            .kith
            .browser()
            .get(&world.path(&[("redirect_uri", evil)]))
            .await;
        assert!(page.shows("Invalid callback URL"), "{}", page.html);
        assert!(page.shows("invalid_redirect_url"), "{}", page.html);
    })
    .await;
}
