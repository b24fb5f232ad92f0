//! Stylesheet, script and icon, compiled in and served under the hash of their content.
//!
//! An address that changes with its content can be cached for ever, and a new version is never mixed with an old one.
//! One stylesheet serves hosted pages and dashboard: together they are smaller than one more round trip.

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Serialize;

/// The stylesheet's parts in the order of its layers.
const CSS: &str = concat!(
    include_str!("../../assets/css/tokens.css"),
    include_str!("../../assets/css/base.css"),
    include_str!("../../assets/css/components/stack.css"),
    include_str!("../../assets/css/components/icon.css"),
    include_str!("../../assets/css/components/button.css"),
    include_str!("../../assets/css/components/field.css"),
    include_str!("../../assets/css/components/notice.css"),
    include_str!("../../assets/css/components/card.css"),
    include_str!("../../assets/css/components/avatar.css"),
    include_str!("../../assets/css/components/badge.css"),
    include_str!("../../assets/css/components/table.css"),
    include_str!("../../assets/css/components/menu.css"),
    include_str!("../../assets/css/components/tabs.css"),
    include_str!("../../assets/css/components/facts.css"),
    include_str!("../../assets/css/components/empty.css"),
    include_str!("../../assets/css/components/stat.css"),
    include_str!("../../assets/css/components/choice.css"),
    include_str!("../../assets/css/components/upload.css"),
    include_str!("../../assets/css/components/steps.css"),
    include_str!("../../assets/css/components/run.css"),
    include_str!("../../assets/css/pages/hosted.css"),
    include_str!("../../assets/css/pages/docs.css"),
    include_str!("../../assets/css/pages/dashboard.css"),
);
const SCRIPT: &str = concat!(
    include_str!("../../assets/app.js"),
    include_str!("../../assets/upload.js"),
);
const ICON: &str = include_str!("../../assets/favicon.svg");

/// A year, and no asking in between: the address names the content.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// The first 16 hexadecimal digits of a FNV-1a hash over all assets, computed by the compiler.
///
/// It only has to change when they do; nobody gains by finding a collision with our own stylesheet.
const VERSION: u64 = fnv1a(ICON, fnv1a(SCRIPT, fnv1a(CSS, 0xcbf2_9ce4_8422_2325)));

const fn fnv1a(text: &str, seed: u64) -> u64 {
    let (bytes, mut hash, mut index) = (text.as_bytes(), seed, 0);
    while index < bytes.len() {
        hash = (hash ^ bytes[index] as u64).wrapping_mul(0x0100_0000_01b3);
        index += 1;
    }
    hash
}

/// The addresses of the assets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Assets {
    /// The one stylesheet.
    pub css: String,
    /// The one script, which no page needs.
    pub script: String,
    /// Kith's mark, for the browser's tab.
    pub icon: String,
}

impl Assets {
    /// The addresses under which [`routes`] serves them.
    #[must_use]
    pub fn urls() -> Self {
        let at = |name: &str| format!("/assets/{VERSION:016x}/{name}");
        Self {
            css: at("kith.css"),
            script: at("app.js"),
            icon: at("favicon.svg"),
        }
    }
}

/// Every asset: name, content type, content.
const FILES: &[(&str, &str, &str)] = &[
    ("kith.css", "text/css; charset=utf-8", CSS),
    ("app.js", "text/javascript; charset=utf-8", SCRIPT),
    ("favicon.svg", "image/svg+xml", ICON),
];

/// Every asset by name, for pages that are written to disk.
pub fn files() -> impl Iterator<Item = (&'static str, &'static str)> {
    FILES.iter().map(|(name, _, content)| (*name, *content))
}

/// `GET /assets/{version}/{name}`.
///
/// An older version answers with the present content but may not be kept: during an upgrade a page made by one node
/// asks another for its stylesheet.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/assets/{version}/{name}", get(serve))
}

async fn serve(Path((version, name)): Path<(String, String)>) -> Response {
    let Some((_, content_type, content)) = FILES.iter().find(|(known, ..)| *known == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let is_current = version == format!("{VERSION:016x}");
    let caching = if is_current { FOR_EVER } else { "no-store" };
    let headers: [(HeaderName, &str); 3] = [
        (header::CONTENT_TYPE, content_type),
        (header::CACHE_CONTROL, caching),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, *content).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::http::Request;
    use tower::ServiceExt as _;

    async fn answer(path: &str) -> Response {
        routes::<()>()
            .oneshot(Request::get(path).body(Body::empty()).unwrap())
            .await
            .unwrap()
    }

    #[tokio::test]
    async fn an_asset_is_kept_for_ever_under_its_own_version() {
        let response = answer(&Assets::urls().css).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()[header::CACHE_CONTROL], FOR_EVER);
        assert_eq!(
            response.headers()[header::CONTENT_TYPE],
            "text/css; charset=utf-8"
        );
    }

    #[tokio::test]
    async fn an_asset_is_not_kept_under_another_version() {
        assert_eq!(
            answer("/assets/0/app.js").await.headers()[header::CACHE_CONTROL],
            "no-store"
        );
    }

    #[tokio::test]
    async fn an_unknown_asset_is_not_found() {
        assert_eq!(
            answer("/assets/0/passwd").await.status(),
            StatusCode::NOT_FOUND
        );
    }
}
