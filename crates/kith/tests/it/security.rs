//! What every answer and every form promises, whichever page it is.

use crate::harness::Kith;

/// Pages that anybody reaches, the dashboard's door among them.
const PAGES: &[&str] = &[
    "/login",
    "/register",
    "/login/password",
    "/nothing-is-here",
    "/oauth2/auth",
    "/logout",
    "/api/docs",
    "/admin/login",
    "/admin/setup?token=none",
    "/admin/",
];

#[tokio::test]
async fn every_page_forbids_foreign_script_frames_and_keeping_a_copy() {
    Kith::each(async |kith| {
        for path in PAGES {
            let answer = kith.client().get(kith.url(path)).send().await.unwrap();
            let header = |name: &str| {
                answer
                    .headers()
                    .get(name)
                    .map_or("", |value| value.to_str().unwrap())
            };
            let policy = header("content-security-policy");
            assert!(
                policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
                "{path}: {policy}"
            );
            assert!(
                policy.contains("base-uri 'none'") && !policy.contains("unsafe"),
                "{path}: {policy}"
            );
            assert_eq!(header("x-frame-options"), "DENY", "{path}");
            assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
            assert_eq!(header("referrer-policy"), "no-referrer", "{path}");
            // The documentation is the same for everybody; all else is somebody's own.
            if *path != "/api/docs" {
                assert_eq!(header("cache-control"), "no-store", "{path}");
            }
            assert_eq!(header("server"), "", "{path} tells its software");
        }
    })
    .await;
}

#[tokio::test]
async fn past_the_limit_an_address_is_told_when_to_come_back() {
    Kith::each(async |kith| {
        let client = kith.client();
        let mut refused = None;
        for _ in 0..40 {
            let requests = (0..50).map(|_| client.get(kith.url("/api/v1/users")).send());
            for answer in futures::future::join_all(requests).await {
                let answer = answer.unwrap();
                if answer.status() == 429 {
                    refused = Some(answer);
                }
            }
            if refused.is_some() {
                break;
            }
        }
        let refused = refused.expect("two thousand requests at once are too many");
        let seconds: u64 = refused.headers()["retry-after"]
            .to_str()
            .unwrap()
            .parse()
            .unwrap();
        assert!((1..=60).contains(&seconds), "{seconds}");
        assert_eq!(
            refused.headers()["ratelimit-reset"],
            refused.headers()["retry-after"]
        );
        // Somebody who claims to be somebody else is still the same address.
        let claims = client
            .get(kith.url("/api/v1/users"))
            .header("x-forwarded-for", "203.0.113.7");
        let again =
            futures::future::join_all((0..20).map(|_| claims.try_clone().unwrap().send())).await;
        assert!(
            again
                .into_iter()
                .any(|answer| answer.unwrap().status() == 429)
        );
    })
    .await;
}

#[tokio::test]
async fn behind_a_trusted_proxy_each_address_has_its_own_limit() {
    Kith::each_with(&[("trusted_proxies", "127.0.0.1")], async |kith| {
        let client = kith.client();
        let asked_by = |address: &str| {
            let request = client.get(kith.url("/api/v1/users"));
            request.header("x-forwarded-for", address.to_owned())
        };
        let mut is_refused = false;
        for _ in 0..40 {
            let requests = (0..50).map(|_| asked_by("203.0.113.7").send());
            let answers = futures::future::join_all(requests).await;
            is_refused |= answers
                .into_iter()
                .any(|answer| answer.unwrap().status() == 429);
            if is_refused {
                break;
            }
        }
        assert!(is_refused, "two thousand requests at once are too many");
        // What the address claims to have been before the proxy doesn't count: RFC 7239 §8.1.
        for address in ["203.0.113.8", "203.0.113.7, 203.0.113.9"] {
            let answer = asked_by(address).send().await.unwrap();
            assert_eq!(answer.status(), 403, "{address}");
        }
    })
    .await;
}
