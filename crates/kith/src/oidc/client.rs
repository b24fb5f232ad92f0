//! The application that asks, at the endpoints where it proves itself.

use axum::http::{HeaderMap, header};
use oauth::{ClientAuthentication, ErrorCode};

use super::failure::OAuthFailure;
use super::form::Pairs;
use crate::applications::{self, AuthenticateError, Client};
use crate::context::Context;
use crate::secret::Secret;

/// The application that sent this, proved by its secret, or without one where its kind keeps none (RFC 6749 §2.3). One read.
///
/// # Errors
/// `invalid_client` when it is not; the same for a client that doesn't exist and for a wrong secret.
pub(super) async fn authenticate(
    cx: &Context,
    headers: &HeaderMap,
    pairs: &Pairs,
) -> Result<Client, OAuthFailure> {
    let authorization = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let shown = ClientAuthentication::parse(authorization, &pairs.0)?;
    let refused = || {
        let failure = OAuthFailure::new(
            ErrorCode::InvalidClient,
            AuthenticateError::Refused.to_string(),
        );
        if shown.is_basic() {
            failure.with_basic_challenge()
        } else {
            failure
        }
    };
    let id = shown.client_id().parse().map_err(|_| refused())?;
    let secret = shown.secret().map(|secret| Secret::new(secret.expose()));
    let mut tx = cx.db().read().await?;
    match applications::authenticate(cx, &mut tx, &id, secret.as_ref()).await {
        Ok(client) => Ok(client),
        Err(AuthenticateError::Refused) => Err(refused()),
        Err(error) => Err(OAuthFailure::internal(error)),
    }
}
