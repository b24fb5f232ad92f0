//! What this issuer supports, and its public keys (OpenID Connect Discovery 1.0, RFC 8414, RFC 7517).

use axum::http::header;
use axum::response::{IntoResponse, Response};
use oauth::metadata::Metadata;

use super::failure::OAuthFailure;
use crate::context::Context;
use crate::keys;

/// `GET /.well-known/openid-configuration` and `/.well-known/oauth-authorization-server`: one document for both.
pub(super) async fn document(cx: Context) -> Response {
    let document = Metadata::new(&cx.environment().base_url);
    let max_age = (header::CACHE_CONTROL, "public, max-age=300");
    ([max_age], axum::Json(document)).into_response()
}

/// `GET /.well-known/jwks` and `/.well-known/jwks.json`: half of the SDKs ask for the one, half for the other.
pub(super) async fn jwks(cx: Context) -> Result<Response, OAuthFailure> {
    let keys = keys::jwks(&cx).await.map_err(OAuthFailure::internal)?;
    let max_age = format!("public, max-age={}", keys::JWKS_MAX_AGE.as_secs());
    Ok(([(header::CACHE_CONTROL, max_age)], axum::Json(&*keys)).into_response())
}
