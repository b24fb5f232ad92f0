//! `POST /oauth2/token`, for people.

use std::time::Duration;

use kith::applications::Kind;
use serde_json::json;

use super::world::{CALLBACK, ORIGIN, SCOPES, VERIFIER, World, claims, header, post_form, refusal};
use crate::harness::Answer;

#[tokio::test]
async fn a_code_works_once() {
    World::each(Kind::BackEnd, async |world| {
        let code = world.code(&world.browser().await, SCOPES).await;
        let answer = world.redeem(&code).await;
        assert_eq!(header(&answer, "cache-control"), "no-store");
        assert_eq!(header(&answer, "pragma"), "no-cache");
        let tokens = answer.expect(200);
        assert_eq!(tokens["token_type"], "Bearer");
        assert_eq!(tokens["expires_in"], 86_400);
        assert_eq!(tokens["scope"], "openid profile email offline");
        // RFC 6749 §4.1.2: what the first use gave falls with the second.
        assert_eq!(refusal(world.redeem(&code).await, 400), "invalid_grant");
        assert_eq!(refusal(world.refresh(&tokens).await, 400), "invalid_grant");
    })
    .await;
}

#[tokio::test]
async fn a_code_dies_within_a_minute() {
    World::each(Kind::BackEnd, async |world| {
        let code = world.code(&world.browser().await, SCOPES).await;
        world.kith.advance(Duration::from_mins(1));
        assert_eq!(refusal(world.redeem(&code).await, 400), "invalid_grant");
    })
    .await;
}

#[tokio::test]
async fn an_application_without_a_secret_shows_its_verifier() {
    World::each(Kind::FrontEnd, async |world| {
        let browser = world.browser().await;
        let code = world.code(&browser, SCOPES).await;
        let bare = [
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", CALLBACK),
        ];
        assert_eq!(refusal(world.token(&bare).await, 400), "invalid_grant");
        let wrong = "x".repeat(43);
        let wrong = [bare[0], bare[1], bare[2], ("code_verifier", &wrong)];
        assert_eq!(refusal(world.token(&wrong).await, 400), "invalid_grant");
        let tokens = world.redeem(&code).await.expect(200);
        // Its SDKs take a sign-in without any of the three for a failure.
        for name in ["access_token", "id_token", "refresh_token"] {
            assert!(tokens[name].is_string(), "{name}");
        }
        assert!(world.refresh(&tokens).await.expect(200)["refresh_token"].is_string());
    })
    .await;
}

#[tokio::test]
async fn the_address_of_the_code_is_compared_without_a_slash_at_its_end() {
    World::each(Kind::FrontEnd, async |world| {
        let browser = world.browser().await;
        for (address, status) in [
            ("https://app.example.com/callback/", 200),
            ("https://app.example.com/other", 400),
        ] {
            let code = world.code(&browser, SCOPES).await;
            let form = [
                ("grant_type", "authorization_code"),
                ("code", &code),
                ("redirect_uri", address),
                ("code_verifier", VERIFIER),
            ];
            assert_eq!(world.token(&form).await.status, status, "{address}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_refresh_token_rotates_and_its_replay_ends_the_family() {
    World::each(Kind::FrontEnd, async |world| {
        let first = world.tokens().await;
        let second = world.refresh(&first).await.expect(200);
        assert_ne!(first["refresh_token"], second["refresh_token"]);
        // Two tabs at once are no theft.
        world.refresh(&first).await.expect(200);
        world.kith.advance(Duration::from_secs(31));
        assert_eq!(refusal(world.refresh(&first).await, 400), "invalid_grant");
        assert_eq!(refusal(world.refresh(&second).await, 400), "invalid_grant");
    })
    .await;
}

#[tokio::test]
async fn a_refresh_token_is_for_its_application_alone() {
    World::each(Kind::BackEnd, async |world| {
        let tokens = world.tokens().await;
        let (other, secret) = super::world::register(&world.kith, Kind::BackEnd, CALLBACK).await;
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", tokens["refresh_token"].as_str().unwrap()),
            ("client_id", other.id.as_str()),
            ("client_secret", secret.as_ref().unwrap().reveal()),
        ];
        let answer = post_form(&world.kith, "/oauth2/token", &form, &[]).await;
        assert_eq!(refusal(answer, 400), "invalid_grant");
        world.refresh(&tokens).await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn audiences_come_in_three_encodings_and_only_those_that_are_authorized_count() {
    World::each(Kind::BackEnd, async |world| {
        let api = world.kith.api().await;
        for audience in ["https://orders.example.com", "https://stock.example.com"] {
            let body = json!({"name": audience, "audience": audience});
            let created = api.post("/api/v1/apis", body).await.expect(200);
            let id = created["api"]["id"].as_str().unwrap();
            let body = json!({"applications": [{"id": world.application.id.as_str()}]});
            let path = format!("/api/v1/apis/{id}/applications");
            api.patch(&path, body).await.expect(200);
        }
        let browser = world.browser().await;
        let both = json!(["https://orders.example.com", "https://stock.example.com"]);
        for (audiences, expected) in [
            (
                vec!["https://orders.example.com https://stock.example.com"],
                &both,
            ),
            (
                vec!["https://orders.example.com", "https://stock.example.com"],
                &both,
            ),
            (vec![""], &json!([])),
            (vec!["https://nobody.example.com"], &json!([])),
        ] {
            let mut path = world.path(SCOPES);
            for audience in &audiences {
                let encoded: String =
                    url::form_urlencoded::byte_serialize(audience.as_bytes()).collect();
                path.extend(["&audience=", &encoded]);
            }
            let page = browser.get(&path).await;
            let tokens = world
                .redeem(&page.parameter("code").unwrap())
                .await
                .expect(200);
            assert_eq!(
                claims(&tokens["access_token"])["aud"],
                *expected,
                "{audiences:?}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn a_new_password_ends_what_the_old_one_opened() {
    World::each(Kind::BackEnd, async |world| {
        let tokens = world.tokens().await;
        let password = json!({"password": "another horse and another staple"});
        let path = format!("/api/v1/users/{}/password", world.user);
        world
            .kith
            .api()
            .await
            .put(&path, password)
            .await
            .expect(200);
        assert_eq!(refusal(world.refresh(&tokens).await, 400), "invalid_grant");
    })
    .await;
}

mod cookies {
    use super::*;

    async fn from_page(world: &World, form: &[(&str, &str)], origin: &str, cookie: &str) -> Answer {
        let mut form = form.to_vec();
        form.push(("client_id", world.application.id.as_str()));
        let headers = [("origin", origin), ("cookie", cookie)];
        post_form(&world.kith, "/oauth2/token", &form, &headers).await
    }

    /// The cookies that an answer sets, as a browser would send them back.
    fn set(answer: &Answer) -> Vec<String> {
        let all = answer.headers.get_all("set-cookie").iter();
        all.map(|value| value.to_str().unwrap().to_owned())
            .collect()
    }

    fn value(cookies: &[String], name: &str) -> String {
        let start = format!("{name}=");
        let found = cookies.iter().find(|cookie| cookie.starts_with(&start));
        let found = found.unwrap_or_else(|| panic!("no {name} in {cookies:?}"));
        found.split(';').next().unwrap().to_owned()
    }

    async fn signed_in(world: &World) -> Answer {
        let code = world.code(&world.browser().await, SCOPES).await;
        let form = [
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
        ];
        from_page(world, &form, ORIGIN, "").await
    }

    #[tokio::test]
    async fn a_page_refreshes_by_a_cookie_that_it_cannot_read() {
        World::each(Kind::FrontEnd, async |world| {
            let answer = signed_in(&world).await;
            let cookies = set(&answer);
            let own = format!("refresh_token_{}", world.application.id);
            for name in ["refresh_token", &own] {
                let start = format!("{name}=");
                let cookie = cookies
                    .iter()
                    .find(|cookie| cookie.starts_with(&start))
                    .unwrap();
                assert!(
                    cookie.contains("; HttpOnly") && cookie.contains("; Path=/oauth2/token;"),
                    "{cookie}"
                );
            }
            let mark = cookies
                .iter()
                .find(|cookie| cookie.starts_with("_kbrte="))
                .unwrap();
            assert!(!mark.contains("HttpOnly"), "{mark}");
            let first = answer.expect(200);

            let grant = [("grant_type", "refresh_token")];
            let answer = from_page(&world, &grant, ORIGIN, &value(&cookies, "refresh_token")).await;
            let rotated = set(&answer);
            let second = answer.expect(200);
            assert_ne!(first["refresh_token"], second["refresh_token"]);
            from_page(&world, &grant, ORIGIN, &value(&rotated, &own))
                .await
                .expect(200);
        })
        .await;
    }

    #[tokio::test]
    async fn nobody_but_a_page_of_the_application_refreshes_by_cookie() {
        World::each(Kind::FrontEnd, async |world| {
            let answer = signed_in(&world).await;
            let cookie = value(&set(&answer), "refresh_token");
            let grant = [("grant_type", "refresh_token")];
            for origin in ["https://evil.example", "null"] {
                let answer = from_page(&world, &grant, origin, &cookie).await;
                assert_eq!(refusal(answer, 400), "invalid_request", "{origin}");
            }
            let form = [grant[0], ("client_id", world.application.id.as_str())];
            let without =
                post_form(&world.kith, "/oauth2/token", &form, &[("cookie", &cookie)]).await;
            assert_eq!(refusal(without, 400), "invalid_request");
        })
        .await;
    }

    #[tokio::test]
    async fn a_cookie_that_is_no_good_is_taken_away() {
        World::each(Kind::FrontEnd, async |world| {
            let grant = [("grant_type", "refresh_token")];
            let answer = from_page(&world, &grant, ORIGIN, "refresh_token=nonsense").await;
            assert!(
                set(&answer)
                    .iter()
                    .any(|cookie| cookie.starts_with("refresh_token=;"))
            );
            assert_eq!(refusal(answer, 400), "invalid_grant");
        })
        .await;
    }

    #[tokio::test]
    async fn an_application_with_a_server_gets_no_cookie() {
        World::each(Kind::BackEnd, async |world| {
            let code = world.code(&world.browser().await, SCOPES).await;
            let secret = world.secret.as_ref().unwrap().reveal();
            let form = [
                ("grant_type", "authorization_code"),
                ("code", &code),
                ("redirect_uri", CALLBACK),
                ("client_secret", secret),
            ];
            let answer = from_page(&world, &form, ORIGIN, "").await;
            assert!(set(&answer).is_empty());
            answer.expect(200);
        })
        .await;
    }
}
