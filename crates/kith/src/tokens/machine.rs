//! Tokens for machines (RFC 6749 §4.4).

use oauth::claims::{Issue, MachineToken, TokenKind};
use oauth::jwt::Claims;
use oauth::{ErrorCode, OAuthError, Scopes};

use super::extend::{self, extended};
use super::issue::random_uuid;
use super::{GrantError, Tokens};
use crate::applications::Client;
use crate::context::Context;
use crate::secret::Secret;
use crate::{apis, keys};

/// An access token with which the application acts for itself, for these APIs, with these of its scopes, or all of them.
///
/// Reads and writes nothing: what it needs came with the client, and signing is nearly all that it costs, but for a workflow that may
/// add claims.
///
/// # Errors
/// [`GrantError::Refused`] with `unauthorized_client` when the application can't keep a secret, or is not authorized for an
/// audience; with `invalid_request` when it names none; with `invalid_scope` when a scope isn't its own.
pub async fn for_machine(
    cx: &Context,
    client: &Client,
    audiences: &[String],
    wanted: Option<&Scopes>,
) -> Result<Tokens, GrantError> {
    let refuse = |code, description: String| GrantError::from(OAuthError::new(code, description));
    if !client.kind.has_secret() {
        return Err(refuse(
            ErrorCode::UnauthorizedClient,
            "an application without a secret can't act for itself".to_owned(),
        ));
    }
    if audiences.is_empty() {
        return Err(refuse(
            ErrorCode::InvalidRequest,
            "the parameter audience is missing; name the API to call".to_owned(),
        ));
    }
    let selected = apis::select(&client.apis, audiences)
        .map_err(|error| refuse(ErrorCode::UnauthorizedClient, error.to_string()))?;
    let allowed: Scopes = selected.iter().flat_map(|api| &api.scopes).collect();
    let scopes = match wanted {
        Some(wanted) => {
            if let Some(other) = wanted.iter().find(|scope| !allowed.contains(scope)) {
                return Err(refuse(
                    ErrorCode::InvalidScope,
                    format!("the application may not use the scope {other}; enable it for the API"),
                ));
            }
            wanted.clone()
        }
        None => allowed,
    };
    let (now, lifetime) = (cx.now(), client.lifetimes.access_token);
    let issue = Issue {
        issuer: cx.environment().base_url.clone(),
        issued_at: now.seconds(),
        expires_at: (now + lifetime).seconds(),
        jti: random_uuid(cx),
    };
    let audiences = selected.iter().map(|api| api.audience.clone()).collect();
    let claims = MachineToken::new(issue, client.id.as_str(), audiences, &scopes);
    // A token for our own API is what it is: no workflow may widen it, and one that calls the API must not wait for itself.
    let is_for_ourselves = selected.iter().any(|api| api.is_management_api);
    let custom = if is_for_ourselves {
        Claims::new()
    } else {
        extend::for_machine(cx, client.id.as_str(), &claims).await?
    };
    let claims = extended(TokenKind::Machine, &claims, custom);
    Ok(Tokens {
        access_token: Secret::new(keys::current(cx).await?.sign(&claims)?),
        id_token: None,
        refresh_token: None,
        expires_in: lifetime.as_secs(),
        refresh_expires_in: 0,
        scopes,
    })
}
