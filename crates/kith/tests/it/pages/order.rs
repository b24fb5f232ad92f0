//! Steps in their order, each once, in one browser, by forms of ours.

use std::collections::BTreeMap;
use std::time::Duration;

use super::{CALLBACK, PASSWORD, arrive, assert_back, authorize_path, mails, person, sign_in};
use crate::harness::Kith;

/// Every page that belongs to one step.
const STEPS: [&str; 4] = [
    "/login/password",
    "/login/code",
    "/login/new-password",
    "/login/organization",
];

#[tokio::test]
async fn a_page_opened_out_of_order_is_error_4321() {
    Kith::each(async |kith| {
        let (browser, page) = arrive(&kith, "").await;
        let flow = page.parameter("flow").unwrap();
        for step in STEPS {
            for path in [
                format!("{step}?flow={flow}"),
                step.to_owned(),
                format!("{step}?flow=signin_nonsense"),
            ] {
                let page = browser.get(&path).await;
                assert_eq!(page.status, 400, "{path}");
                assert!(page.shows("4321"), "{path}");
            }
        }
        assert_eq!(browser.get("/login").await.status, 400);
    })
    .await;
}

#[tokio::test]
async fn a_form_sent_to_another_step_changes_nothing() {
    Kith::each(async |kith| {
        let (browser, page) = arrive(&kith, "").await;
        let (action, values) = page.form("form");
        for step in STEPS {
            let elsewhere = browser.post(&action.replace("/login", step), &values).await;
            assert!(
                elsewhere.status == 400 && elsewhere.shows("4321"),
                "{step}: {}",
                elsewhere.html
            );
        }
        assert_eq!(
            browser
                .get(&format!("/login?flow={}", page.parameter("flow").unwrap()))
                .await
                .status,
            200
        );
    })
    .await;
}

#[tokio::test]
async fn another_browser_cannot_go_on_and_gets_error_8809() {
    Kith::each(async |kith| {
        person(&kith.cx(), "ada@example.com", PASSWORD).await;
        let (browser, page) = arrive(&kith, "").await;
        let page = browser
            .submit(&page, &[("identifier", "ada@example.com")])
            .await;
        let (other, _) = arrive(&kith, "").await;
        let stolen = other
            .get(&format!(
                "/login/password?flow={}",
                page.parameter("flow").unwrap()
            ))
            .await;
        assert_eq!(stolen.status, 403);
        assert!(stolen.shows("8809"));
        assert!(!stolen.html.contains("ada@example.com"));
        assert_back(&browser.submit(&page, &[("password", PASSWORD)]).await);
    })
    .await;
}

#[tokio::test]
async fn a_form_without_the_browsers_token_changes_nothing() {
    Kith::each(async |kith| {
        person(&kith.cx(), "ada@example.com", PASSWORD).await;
        let (browser, page) = arrive(&kith, "").await;
        let (_, other_page) = arrive(&kith, "").await;
        let foreign = other_page.form("form").1["csrf"].clone();
        for token in ["", "nonsense", &foreign] {
            let refused = browser
                .submit(&page, &[("identifier", "ada@example.com"), ("csrf", token)])
                .await;
            assert_eq!(refused.status, 403);
        }
        let answer = kith
            .client()
            .post(page.url.clone())
            .form(&[("identifier", "ada@example.com")])
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 403);
        let page = browser
            .get(&format!(
                "/login/password?flow={}",
                page.parameter("flow").unwrap()
            ))
            .await;
        assert!(page.shows("4321"));
    })
    .await;
}

#[tokio::test]
async fn the_same_form_sent_twice_counts_once_and_leads_to_the_same_page() {
    Kith::each(async |kith| {
        let (browser, page) = arrive(&kith, "&prompt=create").await;
        let form = [
            ("first_name", "Ada"),
            ("last_name", "Lovelace"),
            ("email", "ada@example.com"),
        ];
        let (first, second) =
            futures::join!(browser.submit(&page, &form), browser.submit(&page, &form));
        assert_eq!(
            (first.url.path(), second.url.path()),
            ("/login/code", "/login/code")
        );
        assert_eq!(mails(&kith.cx()).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn the_same_password_sent_twice_at_once_signs_in_once() {
    Kith::each(async |kith| {
        let cx = kith.cx();
        let user = person(&cx, "ada@example.com", PASSWORD).await;
        let (browser, page) = arrive(&kith, "").await;
        let page = browser
            .submit(&page, &[("identifier", "ada@example.com")])
            .await;
        let fields = [("password", PASSWORD)];
        futures::join!(
            browser.submit(&page, &fields),
            browser.submit(&page, &fields)
        );
        let found = kith::users::find(&cx, &mut cx.db().read().await.unwrap(), &user)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(found.total_sign_ins, 1);
    })
    .await;
}

#[tokio::test]
async fn a_sign_in_that_has_ended_can_not_be_used_again() {
    Kith::each(async |kith| {
        person(&kith.cx(), "ada@example.com", PASSWORD).await;
        let (browser, page) = arrive(&kith, "").await;
        let flow = page.parameter("flow").unwrap();
        assert_back(&sign_in(&browser, &page, "ada@example.com", PASSWORD).await);
        for path in ["/login", "/login/password", "/register", "/login/reset"] {
            assert!(
                browser
                    .get(&format!("{path}?flow={flow}"))
                    .await
                    .shows("4321"),
                "{path}"
            );
        }
        let resumed = browser
            .get(&format!("/oauth2/auth/resume?flow={flow}"))
            .await;
        assert!(resumed.left_for.is_none() && resumed.status == 400);
    })
    .await;
}

#[tokio::test]
async fn a_sign_in_left_alone_for_an_hour_says_so() {
    Kith::each(async |kith| {
        let (browser, page) = arrive(&kith, "").await;
        kith.advance(Duration::from_secs(3601));
        let late = browser
            .submit(&page, &[("identifier", "ada@example.com")])
            .await;
        assert_eq!(late.status, 400);
        assert!(late.shows("took too long"));
    })
    .await;
}

#[tokio::test]
async fn an_application_that_can_begin_again_gets_to_do_so() {
    Kith::each(async |kith| {
        let (browser, page) = arrive(&kith, "&supports_reauth=true&org_code=org_1").await;
        kith.advance(Duration::from_secs(3601));
        let late = browser
            .get(&format!("/login?flow={}", page.parameter("flow").unwrap()))
            .await;
        let url = late.left_for.expect("the application begins again");
        assert!(url.as_str().starts_with(CALLBACK));
        let query: BTreeMap<_, _> = url.query_pairs().into_owned().collect();
        assert_eq!(query["error"], "login_link_expired");
        assert!(!query["reauth_state"].is_empty());
        // In a browser that didn't begin it, the application is told nothing.
        let (other, _) = arrive(&kith, "").await;
        let stolen = other
            .get(&format!("/login?flow={}", page.parameter("flow").unwrap()))
            .await;
        assert!(stolen.left_for.is_none() && stolen.shows("8809"));
    })
    .await;
}

#[tokio::test]
async fn somebody_else_can_begin_anew_from_every_page() {
    Kith::each(async |kith| {
        let cx = kith.cx();
        person(&cx, "ada@example.com", PASSWORD).await;
        person(&cx, "bea@example.com", "another password").await;
        let (browser, page) = arrive(&kith, "").await;
        let page = browser
            .submit(&page, &[("identifier", "ada@example.com")])
            .await;
        let first = browser
            .get(&format!("/login?flow={}", page.parameter("flow").unwrap()))
            .await;
        assert_eq!(first.form("form").1["identifier"], "ada@example.com");
        let right_for_ada_only = sign_in(&browser, &first, "bea@example.com", PASSWORD).await;
        assert_eq!(right_for_ada_only.status, 422);
        assert_back(
            &browser
                .submit(&right_for_ada_only, &[("password", "another password")])
                .await,
        );
        // The page that was left behind is of no use any more.
        let stale = browser.submit(&page, &[("password", PASSWORD)]).await;
        assert!(stale.left_for.is_none());
    })
    .await;
}

#[tokio::test]
async fn every_page_is_fresh_guarded_and_in_no_frame() {
    Kith::each(async |kith| {
        let (_, page) = arrive(&kith, "").await;
        assert_eq!(page.headers["cache-control"], "no-store");
        assert_eq!(page.headers["x-frame-options"], "DENY");
        let policy = page.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe-inline"));
    })
    .await;
}

#[tokio::test]
async fn a_sign_in_goes_on_at_another_node() {
    Kith::each(async |mut kith| {
        let cx = kith.cx();
        if cx.db().engine() == "sqlite" {
            return;
        }
        person(&cx, "ada@example.com", PASSWORD).await;
        let other = kith.add_node().await;
        let browser = kith.browser();
        let page = browser.get(&authorize_path(&kith, "").await).await;
        let browser = browser.at(&kith.nodes[other]);
        let page = browser
            .submit(&page, &[("identifier", "ada@example.com")])
            .await;
        let browser = browser.at(&kith.nodes[0]);
        for _ in 0..5 {
            browser.submit(&page, &[("password", "wrong")]).await;
        }
        let browser = browser.at(&kith.nodes[other]);
        assert_eq!(
            browser
                .submit(&page, &[("password", PASSWORD)])
                .await
                .status,
            429
        );
        kith.advance(Duration::from_secs(301));
        assert_back(&browser.submit(&page, &[("password", PASSWORD)]).await);
    })
    .await;
}
