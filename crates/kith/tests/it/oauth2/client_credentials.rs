//! `POST /oauth2/token`, for machines.

use kith::applications::{self, Kind};
use serde_json::json;

use super::world::{World, claims, header, post_form, read, refusal};
use crate::harness::Kith;

async fn management(kith: &Kith) -> (String, String) {
    let client = applications::ensure_management_client(&kith.cx(), false)
        .await
        .unwrap();
    (client.id.to_string(), client.secret.reveal().to_owned())
}

#[tokio::test]
async fn a_machine_gets_a_token_with_what_it_may_do() {
    Kith::each(async |kith| {
        let (id, secret) = management(&kith).await;
        let audience = kith.url("/api");
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", &id),
            ("client_secret", &secret),
            ("audience", &audience),
            ("scope", ""),
        ];
        let answer = post_form(&kith, "/oauth2/token", &form, &[]).await;
        // RFC 6749 §5.1.
        assert_eq!(header(&answer, "cache-control"), "no-store");
        assert_eq!(header(&answer, "pragma"), "no-cache");
        let body = answer.expect(200);
        assert_eq!(body["token_type"], "Bearer");
        assert_eq!(body["expires_in"], 3600);
        assert!(body.get("refresh_token").is_none());
        let claims = claims(&body["access_token"]);
        assert_eq!(claims["aud"], json!([audience]));
        assert_eq!(claims["iss"], kith.url(""));
        assert_eq!(claims["azp"], id);
        assert_eq!(claims["scope"], body["scope"]);
        assert!(body["scope"].as_str().unwrap().contains("read:users"));
    })
    .await;
}

#[tokio::test]
async fn it_may_send_json_or_a_header_and_name_the_api_in_several_ways() {
    Kith::each(async |kith| {
        let (id, secret) = management(&kith).await;
        let url = kith.url("/oauth2/token");
        let audience = kith.url("/api");
        let json = json!({
            "grant_type": "client_credentials", "client_id": id, "client_secret": secret, "audience": audience,
        });
        read(kith.client().post(&url).json(&json)).await.expect(200);

        let versioned = format!("{audience}/v1");
        for form in [
            vec![("audience", audience.as_str()), ("scope", "read:users")],
            vec![("audience", &audience), ("audience", &audience)],
            vec![("audience", &versioned)],
        ] {
            let form: Vec<_> = form
                .into_iter()
                .chain([("grant_type", "client_credentials")])
                .collect();
            let request = kith.client().post(&url).basic_auth(&id, Some(&secret));
            let body = read(request.form(&form)).await.expect(200);
            assert_eq!(claims(&body["access_token"])["aud"], json!([audience]), "{form:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn whoever_cannot_prove_it_is_refused_alike() {
    Kith::each(async |kith| {
        let (id, secret) = management(&kith).await;
        let nobody = "0".repeat(32);
        for (id, secret) in [
            (id.as_str(), "wrong"),
            (&nobody, &secret),
            ("x", &secret),
            (&id, ""),
        ] {
            let form = [
                ("grant_type", "client_credentials"),
                ("client_id", id),
                ("client_secret", secret),
            ];
            let answer = post_form(&kith, "/oauth2/token", &form, &[]).await;
            assert_eq!(header(&answer, "cache-control"), "no-store");
            assert_eq!(refusal(answer, 401), "invalid_client");
        }
        // RFC 6749 §5.2: who tried the header hears about the header.
        let request = kith.client().post(kith.url("/oauth2/token"));
        let request = request.basic_auth(&id, Some("wrong"));
        let answer = read(request.form(&[("grant_type", "client_credentials")])).await;
        assert!(header(&answer, "www-authenticate").starts_with("Basic"));
        assert_eq!(refusal(answer, 401), "invalid_client");
    })
    .await;
}

#[tokio::test]
async fn what_a_machine_may_not_have_has_its_code() {
    Kith::each(async |kith| {
        let (id, secret) = management(&kith).await;
        let audience = kith.url("/api");
        let refused = async |more: &[(&str, &str)]| {
            let mut form = vec![("client_id", id.as_str()), ("client_secret", &secret)];
            form.extend(more);
            refusal(post_form(&kith, "/oauth2/token", &form, &[]).await, 400)
        };
        let grant = ("grant_type", "client_credentials");
        assert_eq!(refused(&[grant]).await, "invalid_request");
        let unknown = ("audience", "https://nobody.example.com");
        assert_eq!(refused(&[grant, unknown]).await, "unauthorized_client");
        let known = ("audience", audience.as_str());
        assert_eq!(
            refused(&[grant, known, ("scope", "fly")]).await,
            "invalid_scope"
        );
        assert_eq!(refused(&[known]).await, "invalid_request");
        assert_eq!(refused(&[grant, grant, known]).await, "invalid_request");
        let password = ("grant_type", "password");
        assert_eq!(refused(&[password]).await, "unsupported_grant_type");
        let code = [
            ("grant_type", "authorization_code"),
            ("code", "c"),
            ("redirect_uri", "https://a.example"),
        ];
        assert_eq!(refused(&code).await, "unauthorized_client");
    })
    .await;
}

#[tokio::test]
async fn an_application_in_a_page_cannot_act_for_itself() {
    World::each(Kind::FrontEnd, async |world| {
        let form = [("grant_type", "client_credentials"), ("audience", "x")];
        assert_eq!(
            refusal(world.token(&form).await, 400),
            "unauthorized_client"
        );
    })
    .await;
}

#[tokio::test]
async fn another_method_or_body_is_answered_in_the_same_shape() {
    Kith::each(async |kith| {
        let url = kith.url("/oauth2/token");
        assert_eq!(
            refusal(read(kith.client().get(&url)).await, 405),
            "invalid_request"
        );
        let text = kith
            .client()
            .post(&url)
            .header("content-type", "text/plain")
            .body("x");
        assert_eq!(refusal(read(text).await, 400), "invalid_request");
        let json = kith
            .client()
            .post(&url)
            .header("content-type", "application/json")
            .body("[");
        assert_eq!(refusal(read(json).await, 400), "invalid_request");
        let large = kith.client().post(&url).form(&[("x", "y".repeat(100_000))]);
        assert_eq!(refusal(read(large).await, 400), "invalid_request");
    })
    .await;
}
