//! `/oauth2/auth`

use std::time::Duration;

use kith::applications::Kind;

use super::world::{CALLBACK, SCOPES, World, answered, claims};

#[tokio::test]
async fn a_person_signs_in_and_the_application_gets_a_code() {
    World::each(Kind::BackEnd, async |world| {
        let browser = world.kith.browser();
        let state = "eyJhIjoiYiJ9+/= &ü";
        let more = [SCOPES[0], ("state", state), ("nonce", "n0nce")];
        let page = world.sign_in(&browser, &world.path(&more)).await;
        answered(&page);
        assert_eq!(page.parameter("state").as_deref(), Some(state));
        let scope = page.parameter("scope");
        assert_eq!(scope.as_deref(), Some("openid profile email offline"));
        // RFC 9207 §2.
        assert_eq!(page.parameter("iss"), Some(world.kith.url("")));
        let tokens = world.redeem(&page.parameter("code").unwrap()).await;
        let tokens = tokens.expect(200);
        assert_eq!(claims(&tokens["id_token"])["nonce"], "n0nce");
        assert_eq!(claims(&tokens["id_token"])["sub"], world.user.as_str());
    })
    .await;
}

#[tokio::test]
async fn whoever_is_signed_in_goes_straight_back() {
    World::each(Kind::FrontEnd, async |world| {
        let browser = world.browser().await;
        for more in [
            &[][..],
            &[("prompt", "none")],
            &[("login_hint", "ada@example.com")],
        ] {
            let page = browser.get(&world.path(more)).await;
            answered(&page);
            assert!(page.parameter("code").is_some(), "{more:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn whoever_is_not_signed_in_is_asked_or_the_application_is_told() {
    World::each(Kind::BackEnd, async |world| {
        let browser = world.kith.browser();
        let page = browser.get(&world.path(&[])).await;
        assert!(
            page.left_for.is_none() && page.url.path() == "/login",
            "{}",
            page.url
        );

        let page = browser
            .get(&world.path(&[("prompt", "none"), ("state", "s")]))
            .await;
        answered(&page);
        assert_eq!(page.parameter("error").as_deref(), Some("login_required"));
        let description = page.parameter("error_description");
        assert_eq!(
            description.as_deref(),
            Some("User authentication is required")
        );
        assert_eq!(page.parameter("state").as_deref(), Some("s"));
        assert_eq!(page.parameter("iss"), Some(world.kith.url("")));
        assert_eq!(page.parameter("code"), None);
    })
    .await;
}

#[tokio::test]
async fn a_request_chooses_the_screen() {
    World::each(Kind::BackEnd, async |world| {
        let browser = world.browser().await;
        for (more, path) in [
            ([("prompt", "login")], "/login"),
            ([("prompt", "create")], "/register"),
            ([("start_page", "registration")], "/register"),
            ([("max_age", "0")], "/login"),
        ] {
            world.kith.advance(Duration::from_secs(1));
            let page = browser.get(&world.path(&more)).await;
            assert!(page.left_for.is_none(), "{more:?}");
            assert_eq!(page.url.path(), path, "{more:?}");
        }
        let page = browser.get(&world.path(&[("max_age", "3600")])).await;
        answered(&page);
    })
    .await;
}

#[tokio::test]
async fn an_id_token_of_somebody_else_means_that_somebody_else_signs_in() {
    World::each(Kind::BackEnd, async |world| {
        let tokens = world.tokens().await;
        let browser = world.browser().await;
        let hint = tokens["id_token"].as_str().unwrap();
        let hinted = [("id_token_hint", hint), ("prompt", "none")];
        answered(&browser.get(&world.path(&hinted)).await);

        let other = id_token_of_somebody_else(&world).await;
        let other = [("id_token_hint", other.as_str()), ("prompt", "none")];
        let page = browser.get(&world.path(&other)).await;
        assert_eq!(page.parameter("error").as_deref(), Some("login_required"));
    })
    .await;
}

async fn id_token_of_somebody_else(world: &World) -> String {
    let cx = world.kith.cx();
    let issue = oauth::claims::Issue {
        issuer: world.kith.url(""),
        issued_at: 0,
        expires_at: 1,
        jti: "x".to_owned(),
    };
    let claims = oauth::claims::IdToken::new(issue, world.application.id.as_str(), "kp_other");
    kith::keys::current(&cx)
        .await
        .unwrap()
        .sign(&claims)
        .unwrap()
}

#[tokio::test]
async fn unknown_parameters_are_ignored() {
    World::each(Kind::BackEnd, async |world| {
        let browser = world.browser().await;
        let more = [
            ("post_login_redirect_url", "/x"),
            ("redirect_url", "https://evil.example"),
        ];
        answered(&browser.get(&world.path(&more)).await);
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_is_told_to_the_application_if_the_address_is_its_own() {
    World::each(Kind::FrontEnd, async |world| {
        let browser = world.kith.browser();
        for (more, error) in [
            (("response_type", "token"), "unsupported_response_type"),
            (("response_type", ""), "invalid_request"),
            (("code_challenge", ""), "invalid_request"),
            (("code_challenge_method", "plain"), "invalid_request"),
            (("scope", "\"openid\""), "invalid_scope"),
            (("prompt", "none login"), "invalid_request"),
            (("request", "x"), "request_not_supported"),
        ] {
            let page = browser.get(&world.path(&[more, ("state", "s")])).await;
            answered(&page);
            assert_eq!(page.parameter("error").as_deref(), Some(error), "{more:?}");
            assert_eq!(page.parameter("state").as_deref(), Some("s"));
        }
        // RFC 9700 §2.1.1: without a secret there is no way around PKCE.
        let bare = [("code_challenge", ""), ("code_challenge_method", "")];
        let page = browser.get(&world.path(&bare)).await;
        assert_eq!(page.parameter("error").as_deref(), Some("invalid_request"));
    })
    .await;
}

#[tokio::test]
async fn who_asks_and_where_the_answer_goes_must_be_known() {
    World::each(Kind::BackEnd, async |world| {
        let browser = world.browser().await;
        let repeated = world.path(&[]) + "&client_id=x";
        for path in [
            world.path(&[("client_id", "")]),
            world.path(&[("client_id", "spa@live")]),
            world.path(&[("client_id", "00000000000000000000000000000000")]),
            world.path(&[("redirect_uri", "")]),
            world.path(&[("redirect_uri", "http://app.example.com/callback")]),
            world.path(&[("redirect_uri", "javascript:alert(1)")]),
            repeated,
        ] {
            let page = browser.get(&path).await;
            assert!(page.left_for.is_none(), "{path}");
            assert_eq!(page.status, 400, "{path}");
            assert!(page.shows("1656"), "{path} {}", page.html);
        }
    })
    .await;
}

#[tokio::test]
async fn a_form_asks_as_well_as_a_query() {
    World::each(Kind::BackEnd, async |world| {
        let browser = world.browser().await;
        let path = world.path(&[]);
        let query = path.split_once('?').unwrap().1.as_bytes();
        let fields = url::form_urlencoded::parse(query).into_owned().collect();
        let page = browser.post("/oauth2/auth", &fields).await;
        answered(&page);
        assert!(page.parameter("code").is_some());
    })
    .await;
}

#[tokio::test]
async fn a_finished_sign_in_is_answered_once_and_in_its_own_browser() {
    World::each(Kind::BackEnd, async |world| {
        let browser = world.kith.browser();
        let page = world.sign_in(&browser, &world.path(&[])).await;
        answered(&page);
        assert_eq!(page.url.path(), "/oauth2/auth/resume");
        let resume = page.url[url::Position::BeforePath..].to_owned();
        for browser in [browser, world.kith.browser()] {
            let page = browser.get(&resume).await;
            assert!(
                page.left_for.is_none() && page.shows("4321"),
                "{}",
                page.html
            );
        }
        let page = world.kith.browser().get("/oauth2/auth/resume").await;
        assert!(page.shows("4321"));
    })
    .await;
}

#[tokio::test]
async fn an_application_without_a_web_page_gets_one_of_ours() {
    World::each(Kind::BackEnd, async |world| {
        let browser = world.browser().await;
        let page = browser
            .get(&world.path(&[("has_success_page", "true")]))
            .await;
        assert_eq!((page.status, page.left_for.is_none()), (200, true));
        assert!(
            page.html.contains(&format!("{CALLBACK}?code=")),
            "{}",
            page.html
        );
    })
    .await;
}

#[tokio::test]
async fn a_suspended_person_is_signed_in_nowhere() {
    World::each(Kind::BackEnd, async |world| {
        let browser = world.browser().await;
        let body = serde_json::json!({"is_suspended": true});
        let path = format!("/api/v1/user?id={}", world.user);
        let api = world.kith.api().await;
        api.patch(&path, body).await.expect(200);
        let page = browser.get(&world.path(&[("prompt", "none")])).await;
        assert_eq!(page.parameter("error").as_deref(), Some("login_required"));
        // What was ended stays ended when the suspension is over.
        let body = serde_json::json!({"is_suspended": false});
        api.patch(&path, body).await.expect(200);
        let page = browser.get(&world.path(&[("prompt", "none")])).await;
        assert_eq!(page.parameter("error").as_deref(), Some("login_required"));
    })
    .await;
}

mod organizations {
    use super::*;
    use crate::harness::Api;
    use serde_json::json;

    async fn create(api: &Api, name: &str) -> String {
        let created = api
            .post("/api/v1/organization", json!({"name": name}))
            .await;
        let created = created.expect(200);
        created["organization"]["code"].as_str().unwrap().to_owned()
    }

    async fn add(world: &World, api: &Api, organization: &str) {
        let users = json!({"users": [{"id": world.user.as_str()}]});
        let path = format!("/api/v1/organizations/{organization}/users");
        api.post(&path, users).await.expect(200);
    }

    async fn org_code(world: &World, code: &str) -> serde_json::Value {
        let tokens = world.redeem(code).await.expect(200);
        claims(&tokens["access_token"])["org_code"].clone()
    }

    #[tokio::test]
    async fn a_member_goes_where_the_request_says_and_else_where_they_were_last() {
        World::each(Kind::BackEnd, async |world| {
            let api = world.kith.api().await;
            let browser = world.browser().await;
            let (here, elsewhere) = (create(&api, "Here").await, create(&api, "Elsewhere").await);
            add(&world, &api, &here).await;
            add(&world, &api, &elsewhere).await;
            for organization in [&here, &elsewhere, &here] {
                world.kith.advance(Duration::from_secs(1));
                let named = [("org_code", organization.as_str()), ("prompt", "none")];
                let code = world.code(&browser, &named).await;
                assert_eq!(org_code(&world, &code).await, organization.as_str());
            }
            let code = world.code(&browser, &[("prompt", "none")]).await;
            assert_eq!(org_code(&world, &code).await, here.as_str());
        })
        .await;
    }

    #[tokio::test]
    async fn a_stranger_is_not_let_in_and_not_told_why() {
        World::each(Kind::BackEnd, async |world| {
            let api = world.kith.api().await;
            let browser = world.browser().await;
            let closed = create(&api, "Closed").await;
            let unknown = format!("org_{}", "0".repeat(32));
            for organization in [closed.as_str(), &unknown, "org_x"] {
                let named = [("org_code", organization), ("prompt", "none")];
                let page = browser.get(&world.path(&named)).await;
                assert_eq!(page.parameter("error").as_deref(), Some("access_denied"));
                assert_eq!(
                    page.parameter("error_description").as_deref(),
                    Some("the person is not a member of the organization")
                );
            }
        })
        .await;
    }

    #[tokio::test]
    async fn a_suspended_organization_has_an_error_of_its_own() {
        World::each(Kind::BackEnd, async |world| {
            let api = world.kith.api().await;
            let browser = world.browser().await;
            let organization = create(&api, "Suspended").await;
            add(&world, &api, &organization).await;
            let path = format!("/api/v1/organization/{organization}");
            api.patch(&path, json!({"is_suspended": true}))
                .await
                .expect(200);
            let page = browser
                .get(&world.path(&[("org_code", &organization)]))
                .await;
            answered(&page);
            assert_eq!(
                page.parameter("error").as_deref(),
                Some("organization_suspended")
            );
        })
        .await;
    }
}
