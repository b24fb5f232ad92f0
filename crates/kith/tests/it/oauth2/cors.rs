//! Which scripts may read the answers.

use kith::applications::Kind;
use reqwest::Method;

use super::world::{ORIGIN, World, header, read};
use crate::harness::Answer;

async fn preflight(world: &World, path: &str, origin: &str) -> Answer {
    let request = world
        .kith
        .client()
        .request(Method::OPTIONS, world.kith.url(path))
        .header("origin", origin)
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "kinde-sdk,content-type");
    read(request).await
}

#[tokio::test]
async fn pages_of_the_applications_may_ask_with_their_cookies() {
    World::each(Kind::FrontEnd, async |world| {
        for path in [
            "/oauth2/token",
            "/oauth2/revoke",
            "/oauth2/v2/user_profile",
            "/oauth2/userinfo",
        ] {
            let answer = preflight(&world, path, ORIGIN).await;
            assert_eq!(answer.status, 204, "{path}");
            assert_eq!(header(&answer, "access-control-allow-origin"), ORIGIN);
            assert_eq!(header(&answer, "access-control-allow-credentials"), "true");
            let headers = header(&answer, "access-control-allow-headers").to_lowercase();
            for name in [
                "authorization",
                "content-type",
                "kinde-sdk",
                "framework",
                "frameworkversion",
            ] {
                assert!(headers.split(", ").any(|allowed| allowed == name), "{name}");
            }
            assert!(header(&answer, "vary").to_lowercase().contains("origin"));
            // The refusal, too, must be readable: SDKs show it.
            let request = world
                .kith
                .client()
                .post(world.kith.url(path))
                .header("origin", ORIGIN);
            let answer = read(request).await;
            assert_eq!(
                header(&answer, "access-control-allow-origin"),
                ORIGIN,
                "{path}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn other_pages_may_not() {
    World::each(Kind::FrontEnd, async |world| {
        for origin in [
            "https://evil.example",
            "http://app.example.com",
            "https://app.example.com.evil.example",
            "null",
        ] {
            let answer = preflight(&world, "/oauth2/token", origin).await;
            assert!(
                answer.headers.get("access-control-allow-origin").is_none(),
                "{origin}"
            );
            assert!(
                answer
                    .headers
                    .get("access-control-allow-credentials")
                    .is_none(),
                "{origin}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn anyone_may_read_discovery_and_keys() {
    World::each(Kind::FrontEnd, async |world| {
        for path in [
            "/.well-known/openid-configuration",
            "/.well-known/jwks",
            "/.well-known/jwks.json",
        ] {
            let answer = preflight(&world, path, "https://anyone.example").await;
            assert_eq!(answer.status, 204);
            assert_eq!(header(&answer, "access-control-allow-origin"), "*");
            assert!(
                answer
                    .headers
                    .get("access-control-allow-credentials")
                    .is_none()
            );
        }
    })
    .await;
}
