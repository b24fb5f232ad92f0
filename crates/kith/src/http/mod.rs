//! The web's ground: extractors, answers, cookies, CSRF, paging, limits. Only a slice's `api.rs`, `admin.rs` and `pages.rs`
//! and the endpoint files of `oidc/` use it; use cases know nothing of HTTP.

pub mod answer;
pub mod body;
pub mod browser;
pub mod caller;
pub mod client;
pub mod cursor;
pub mod error;
pub mod headers;
pub mod limits;
pub mod paging;
pub mod routing;
pub mod spool;

pub use answer::{Created, Success};
pub use body::{Form, Json, Query};
pub use browser::Browser;
pub use caller::Caller;
pub use client::Client;
pub use error::{Failure, Result, Told};
pub use paging::Paging;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::context::{Context, Nested};

/// A handler's context is the one that the server's environment layer put into the request.
impl<S: Send + Sync> FromRequestParts<S> for Context {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> std::result::Result<Self, Failure> {
        let cx = parts
            .extensions
            .get::<Self>()
            .expect("the environment layer lies under every route");
        Ok(match parts.extensions.get::<Nested>() {
            Some(nesting) => cx.nested(*nesting),
            None => cx.clone(),
        })
    }
}
