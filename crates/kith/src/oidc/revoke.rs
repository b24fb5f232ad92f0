//! Giving a token back (RFC 7009).

use axum::http::{HeaderMap, StatusCode};
use oauth::ErrorCode;

use super::client;
use super::failure::OAuthFailure;
use super::form::Pairs;
use crate::context::Context;
use crate::secret::Secret;
use crate::tokens::{self, RevokeError};

/// `POST /oauth2/revoke`. The hint about the token's kind is not needed: we can tell.
pub(super) async fn revoke(
    cx: Context,
    headers: HeaderMap,
    pairs: Pairs,
) -> Result<StatusCode, OAuthFailure> {
    let client = client::authenticate(&cx, &headers, &pairs).await?;
    let token = pairs.one("token")?.ok_or_else(|| {
        OAuthFailure::new(ErrorCode::InvalidRequest, "the parameter token is missing")
    })?;
    match tokens::revoke(&cx, &client, &Secret::new(token)).await {
        Ok(()) => Ok(StatusCode::OK),
        Err(error @ RevokeError::IdToken) => Err(OAuthFailure::new(
            ErrorCode::UnsupportedTokenType,
            error.to_string(),
        )),
        Err(RevokeError::Keys(error)) => Err(OAuthFailure::internal(error)),
        Err(RevokeError::Db(error)) => Err(error.into()),
    }
}
