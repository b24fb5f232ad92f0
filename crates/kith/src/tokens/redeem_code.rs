//! A code becomes tokens (RFC 6749 §4.1.3).

use std::time::Duration;

use oauth::pkce::{self, Challenge, Verifier};
use oauth::redirect_uri::same_redirect;
use oauth::{ErrorCode, OAuthError};

use super::issue::draft;
use super::store;
use super::{Grant, GrantError, Tokens};
use crate::applications::Client;
use crate::context::Context;
use crate::secret::Secret;
use crate::workflows::TokensOrigin;

/// Between the last proof and the grant lies a redirect.
const JUST_NOW: Duration = Duration::from_mins(1);

/// What an application shows to redeem a code.
pub struct Redemption<'a> {
    /// The code.
    pub code: &'a Secret,
    /// The address to which it was sent.
    pub redirect_uri: &'a str,
    /// What the challenge of the request was made from.
    pub verifier: Option<&'a Verifier>,
}

/// The tokens for a code. Opens its own transaction, and signs after it.
///
/// A code works once. A second time it revokes what the first time gave (RFC 6749 §4.1.2): one of the two who had it is
/// not the application. A code that somebody else's application shows, or that comes with the wrong address or verifier,
/// stays good for the one who knows better.
///
/// # Errors
/// [`GrantError::Refused`] with `invalid_grant` when the code is not good for this application, address and verifier;
/// with `unauthorized_client` when people don't sign in to applications of this kind.
pub async fn redeem_code(
    cx: &Context,
    client: &Client,
    shown: Redemption<'_>,
) -> Result<Tokens, GrantError> {
    if !client.kind.has_callbacks() {
        return Err(OAuthError::new(
            ErrorCode::UnauthorizedClient,
            "this application is not one that people sign in to; use client_credentials",
        )
        .into());
    }
    let digest = shown.code.digest();
    let mut tx = cx.db().begin().await?;
    let code = store::find_code(&mut tx, cx, &digest)
        .await?
        .filter(|code| code.grant.application_id == client.id)
        .ok_or_else(unknown)?;
    // Marking it tells, too, whether a parallel request was faster.
    let is_replay = code.used_at.is_some();
    if !is_replay {
        if !code.is_alive || code.expires_at <= cx.now() {
            return Err(GrantError::invalid(
                "the code has expired; begin the sign-in again",
            ));
        }
        check(&code, &shown)?;
    }
    if is_replay || !store::use_code(&mut tx, &digest, cx.now()).await? {
        store::revoke_grant(&mut tx, &code.grant.id, cx.now()).await?;
        tx.commit().await?;
        tracing::warn!(grant.id = %code.grant.id, "a code was used twice; its tokens are revoked");
        return Err(GrantError::invalid(
            "the code was used before; begin the sign-in again",
        ));
    }
    let scopes = code.grant.scopes.clone();
    let origin = TokensOrigin::Authorization {
        is_existing_session: is_existing_session(&code.grant),
    };
    let draft = draft(
        cx,
        &mut tx,
        client,
        (&code.grant, scopes, code.nonce),
        origin,
    )
    .await?;
    tx.commit().await?;
    // Tokens that are refreshed later come from what is live then.
    let signed = draft.sign(&cx.previewing(code.preview)).await;
    if matches!(
        signed,
        Err(GrantError::Refused(_) | GrantError::Workflow(_))
    ) {
        // The code is used up, so nothing can come of the grant any more.
        let mut tx = cx.db().begin().await?;
        store::revoke_grant(&mut tx, &code.grant.id, cx.now()).await?;
        tx.commit().await?;
    }
    signed
}

/// Whether the browser was signed in before: whoever has just proved who they are comes back at once.
fn is_existing_session(grant: &Grant) -> bool {
    grant.created_at.since(grant.authenticated_at) > JUST_NOW
}

fn check(code: &store::Code, shown: &Redemption<'_>) -> Result<(), GrantError> {
    if !same_redirect(&code.redirect_uri, shown.redirect_uri) {
        return Err(GrantError::invalid(
            "redirect_uri is not the one to which the code was sent",
        ));
    }
    // What is stored was parsed before; should it not parse now, no verifier belongs to it.
    let challenge = code.challenge.as_deref().map(Challenge::parse).transpose();
    let challenge = challenge.map_err(|_| unknown())?;
    Ok(pkce::check(challenge.as_ref(), shown.verifier)?)
}

fn unknown() -> GrantError {
    GrantError::invalid("the code is not one of ours; begin the sign-in again")
}
