//! Whether a token is good (RFC 7662).

use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use oauth::ErrorCode;
use serde_json::json;

use super::client;
use super::failure::OAuthFailure;
use super::form::Pairs;
use crate::context::Context;
use crate::secret::Secret;
use crate::tokens::{self, Asker, bearer};

/// `POST /oauth2/introspect`. Who asks shows a token for the management API, or is an application with a secret.
pub(super) async fn introspect(
    cx: Context,
    headers: HeaderMap,
    pairs: Pairs,
) -> Result<Response, OAuthFailure> {
    let client;
    let asker = if let Some(token) = bearer::token(&headers) {
        bearer::management(&cx, token).await?;
        Asker::Management
    } else {
        client = client::authenticate(&cx, &headers, &pairs).await?;
        // RFC 7662 §2.1: who doesn't prove who it is could try tokens until one is good.
        if !client.kind.has_secret() {
            return Err(OAuthFailure::new(
                ErrorCode::InvalidClient,
                "an application without a secret can't ask about tokens",
            ));
        }
        Asker::Client(&client)
    };
    let token = pairs.one("token")?.ok_or_else(|| {
        OAuthFailure::new(ErrorCode::InvalidRequest, "the parameter token is missing")
    })?;
    match tokens::introspect(&cx, &Secret::new(token), &asker).await? {
        Some(about) => Ok(axum::Json(about).into_response()),
        None => Ok(axum::Json(json!({"active": false})).into_response()),
    }
}
