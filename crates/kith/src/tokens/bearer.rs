//! The layer under the management API: whose token came, if any.
//!
//! Verified once a request; handlers that need a right ask for it as a [`Caller`](crate::http::Caller), and some, such as the
//! API's own document, need none. A token that is not good is refused here already, with the reason.

use std::sync::Arc;

use axum::extract::Request;
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::{TokenError, Verified, verify};
use crate::context::Context;
use crate::http::Failure;
use crate::http::caller::Bearer;

/// Puts a [`Bearer`] into the request where a good token for the management API came with it.
pub async fn authenticate(cx: Context, mut request: Request, next: Next) -> Response {
    if let Some(token) = token(request.headers()) {
        match management(&cx, token).await {
            Ok(bearer) => {
                request.extensions_mut().insert(bearer);
            }
            Err(error) => return Failure::from(error).into_response(),
        }
    }
    next.run(request).await
}

/// The token of the `Authorization` header (RFC 6750 §2.1). The query is no place for tokens (RFC 9700 §4.3.2).
#[must_use]
pub fn token(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.trim().split_once(' ')?;
    scheme.eq_ignore_ascii_case("Bearer").then(|| token.trim())
}

/// What a token for the management API allows: a machine's, meant for our own API. People's tokens are not accepted there.
///
/// # Errors
/// [`TokenError`] with what is wrong with it.
pub async fn management(cx: &Context, token: &str) -> Result<Bearer, TokenError> {
    let Verified::Machine(application, claims) = verify(cx, token).await? else {
        return Err(TokenError::NotForManagement);
    };
    let audience = format!("{}/api", cx.environment().base_url);
    if !claims.aud.contains(&audience) {
        return Err(TokenError::NotForManagement);
    }
    Ok(Bearer {
        application,
        scopes: Arc::new(claims.scp.into_iter().collect()),
    })
}
