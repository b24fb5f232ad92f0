//! `/api/openapi.json` and `/api/docs`.

use crate::harness::Kith;

#[tokio::test]
async fn anyone_may_read_the_document() {
    Kith::each(async |kith| {
        let answer = kith.anonymous_api().get("/api/openapi.json").await;
        assert_eq!(answer.headers["access-control-allow-origin"], "*");
        let document = answer.expect(200);
        assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
        assert_eq!(document["servers"][0]["url"], "/");
        assert_eq!(
            document["components"]["securitySchemes"]["kindeBearerAuth"]["scheme"],
            "bearer"
        );
    })
    .await;
}

#[tokio::test]
async fn the_readable_page_needs_nothing_from_elsewhere() {
    Kith::each(async |kith| {
        let page = kith.browser().get("/api/docs").await;
        assert_eq!(page.status, 200);
        assert!(page.shows("Create application") && page.shows("read:applications"));
        assert!(!page.html.contains("src=\"http") && !page.html.contains("href=\"http"));
        assert!(!page.html.contains("<style") && !page.html.contains(" style="));
    })
    .await;
}
