//! The code that a browser carries to an application (RFC 6749 §4.1.2).

use db::{Error, Tx};
use oauth::AuthorizationRequest;

use super::store::{self, Code};
use super::{CODE_LIFETIME, GRANT_LIFETIME, Grant, SignedIn};
use crate::apis;
use crate::applications::Application;
use crate::context::Context;
use crate::secret::Secret;

/// Gives the application what it asked for, as far as it may have it, and returns the code with which it fetches that:
/// once, within [`CODE_LIFETIME`]. Whether the person may sign in, and the answer go to the request's address, was decided
/// by the caller. A preview of the context goes on in what the code is redeemed for.
///
/// Scopes that no sign-in gives, and audiences that the application is not authorized for, are left out without an error:
/// the answer tells what was given (RFC 6749 §3.3).
///
/// # Errors
/// When the database fails.
pub async fn issue_code(
    cx: &Context,
    tx: &mut Tx,
    application: &Application,
    request: &AuthorizationRequest,
    who: SignedIn,
) -> Result<Secret, Error> {
    let authorized = apis::granted(cx, tx, &application.id).await?;
    let now = cx.now();
    let scopes = request.scopes.granted_by_sign_in();
    let lifetime = if scopes.wants_refresh_token() {
        GRANT_LIFETIME
    } else {
        CODE_LIFETIME + application.lifetimes.access_token
    };
    let code = Code {
        grant: Grant {
            id: cx.new_id(),
            application_id: application.id.clone(),
            user_id: who.user_id,
            session_id: who.session_id,
            organization_id: who.organization_id,
            scopes,
            audiences: authorized_audiences(&authorized, &request.audiences),
            authenticated_at: who.authenticated_at,
            expires_at: now + lifetime,
            created_at: now,
        },
        is_alive: true,
        redirect_uri: request.redirect_uri.clone(),
        challenge: request.challenge.as_ref().map(ToString::to_string),
        nonce: request.nonce.clone(),
        preview: cx.preview().cloned(),
        expires_at: now + CODE_LIFETIME,
        used_at: None,
    };
    let text = cx.random_token();
    store::insert_grant(tx, cx, &code.grant).await?;
    store::insert_code(tx, &text.digest(), &code).await?;
    Ok(text)
}

/// Those of the audiences that the application is authorized for, in the words of the APIs.
pub(super) fn authorized_audiences(
    authorized: &[apis::AuthorizedApi],
    wanted: &[String],
) -> Vec<String> {
    let mut audiences: Vec<String> = Vec::with_capacity(wanted.len());
    for audience in wanted {
        for api in apis::select(authorized, &[audience]).unwrap_or_default() {
            if !audiences.contains(&api.audience) {
                audiences.push(api.audience.clone());
            }
        }
    }
    audiences
}
