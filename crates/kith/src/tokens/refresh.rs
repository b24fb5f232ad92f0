//! A refresh token becomes fresh tokens (RFC 6749 §6).

use oauth::{ErrorCode, OAuthError, Scopes};

use super::issue::draft;
use super::store::{self, RefreshToken};
use super::{GRACE, GrantError, Tokens};
use crate::applications::Client;
use crate::context::Context;
use crate::secret::Secret;
use crate::sessions;
use crate::workflows::TokensOrigin;

/// Fresh tokens, with the same scopes or fewer. Opens its own transaction, and signs after it.
///
/// The refresh token is used up and another one takes its place. Shown again within [`GRACE`] it still answers, since
/// requests run in parallel and answers get lost; shown later it ends the grant, since one of the two who have it is a
/// thief (RFC 9700 §4.14.2). Refreshing counts as using the browser session, which then lives on.
///
/// # Errors
/// [`GrantError::Refused`] with `invalid_grant` when the token is not good for this application; with `invalid_scope` when
/// more is asked for than was granted.
pub async fn refresh(
    cx: &Context,
    client: &Client,
    token: &Secret,
    narrowed: Option<&Scopes>,
) -> Result<Tokens, GrantError> {
    let digest = token.digest();
    let mut tx = cx.db().begin().await?;
    let found = store::find_refresh_token(&mut tx, cx, &digest)
        .await?
        .filter(|found| found.grant.application_id == client.id)
        .ok_or_else(|| {
            GrantError::invalid("the refresh token is not one of ours; sign in again")
        })?;
    let verdict = judge(cx, &found);
    if verdict == Verdict::Dead {
        return Err(GrantError::invalid(
            "the refresh token has expired or was revoked; sign in again",
        ));
    }
    if verdict == Verdict::Stolen {
        store::revoke_grant(&mut tx, &found.grant.id, cx.now()).await?;
        tx.commit().await?;
        tracing::warn!(grant.id = %found.grant.id, "a refresh token was used twice; its grant is revoked");
        return Err(GrantError::invalid(
            "the refresh token was used before; sign in again",
        ));
    }
    let granted = &found.grant.scopes;
    let scopes = match narrowed {
        Some(scopes) if !scopes.is_within(granted) => {
            return Err(OAuthError::new(
                ErrorCode::InvalidScope,
                "scope asks for more than was granted; leave it out, or sign in again",
            )
            .into());
        }
        Some(scopes) => scopes.clone(),
        None => granted.clone(),
    };
    store::use_refresh_token(&mut tx, &digest, cx.now()).await?;
    sessions::prolong(cx, &mut tx, &found.grant.session_id).await?;
    let drafted = draft(
        cx,
        &mut tx,
        client,
        (&found.grant, scopes, None),
        TokensOrigin::Refresh,
    )
    .await;
    if let Err(GrantError::Refused(_)) = drafted {
        // The person left the organization, or it was suspended: that doesn't come back by itself.
        store::revoke_grant(&mut tx, &found.grant.id, cx.now()).await?;
    }
    let draft = match drafted {
        Ok(draft) => draft,
        Err(error) => {
            tx.commit().await?;
            return Err(error);
        }
    };
    tx.commit().await?;
    let next = draft.refresh_digest();
    let signed = draft.sign(cx).await;
    if matches!(
        signed,
        Err(GrantError::Refused(_) | GrantError::Workflow(_))
    ) {
        take_back(cx, &found, (&digest, next.as_deref())).await?;
    }
    signed
}

/// Nobody got the next token, so the one that was shown is good again: that a workflow failed must not end the grant.
async fn take_back(
    cx: &Context,
    found: &RefreshToken,
    (digest, next): (&str, Option<&str>),
) -> Result<(), GrantError> {
    let mut tx = cx.db().begin().await?;
    if let Some(next) = next {
        store::delete_refresh_token(&mut tx, next).await?;
    }
    if found.used_at.is_none() {
        store::restore_refresh_token(&mut tx, digest, cx.now()).await?;
    }
    Ok(tx.commit().await?)
}

#[derive(PartialEq, Eq)]
enum Verdict {
    Good,
    Dead,
    Stolen,
}

fn judge(cx: &Context, found: &RefreshToken) -> Verdict {
    let now = cx.now();
    if !found.is_alive || found.expires_at <= now {
        return Verdict::Dead;
    }
    match found.used_at {
        Some(used_at) if now.since(used_at) > GRACE => Verdict::Stolen,
        _ => Verdict::Good,
    }
}
