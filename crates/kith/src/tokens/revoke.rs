//! Giving tokens back (RFC 7009).

use oauth::claims::TokenKind;
use oauth::jwt::{Claims, VerifyError};
use serde_json::Value;

use super::store;
use crate::applications::Client;
use crate::context::Context;
use crate::keys;
use crate::keys::KeysError;
use crate::secret::Secret;
use crate::time::Timestamp;

/// A token can't be revoked.
#[derive(Debug, thiserror::Error)]
pub enum RevokeError {
    /// Tokens of this kind open nothing, so there is nothing to revoke.
    #[error("an ID token can't be revoked")]
    IdToken,
    /// The keys can't be read.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// Revokes a token of the application: a refresh token with all that its grant gave, an access token by itself. A token
/// that is unknown, expired or another application's is left alone, and that is no error (RFC 7009 §2.2). Opens its own
/// transaction.
///
/// # Errors
/// [`RevokeError::IdToken`] for an ID token.
pub async fn revoke(cx: &Context, client: &Client, token: &Secret) -> Result<(), RevokeError> {
    let keys = keys::verifying(cx).await?;
    match oauth::jwt::verify(token.reveal(), &keys, cx.now().seconds(), 0) {
        Ok(claims) => revoke_access_token(cx, client, &claims).await,
        Err(VerifyError::Malformed) => revoke_refresh_token(cx, client, token).await,
        Err(_) => Ok(()),
    }
}

async fn revoke_access_token(
    cx: &Context,
    client: &Client,
    claims: &Claims,
) -> Result<(), RevokeError> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default();
    let is_own = text("azp") == client.id.as_str() && text("iss") == cx.environment().base_url;
    if !is_own {
        return Ok(());
    }
    let mut tx = cx.db().begin().await?;
    match TokenKind::of(claims) {
        Some(TokenKind::Access) => store::delete_access_token(&mut tx, text("jti")).await?,
        Some(TokenKind::Machine) => {
            let expires_at = claims.get("exp").and_then(Value::as_i64).unwrap_or(0);
            let expires_at = Timestamp::from_millis(expires_at.saturating_mul(1000));
            store::insert_revoked(&mut tx, cx, text("jti"), expires_at).await?;
        }
        Some(TokenKind::Id) => return Err(RevokeError::IdToken),
        None => {}
    }
    Ok(tx.commit().await?)
}

async fn revoke_refresh_token(
    cx: &Context,
    client: &Client,
    token: &Secret,
) -> Result<(), RevokeError> {
    let mut tx = cx.db().begin().await?;
    let found = store::find_refresh_token(&mut tx, cx, &token.digest()).await?;
    if let Some(found) = found.filter(|found| found.grant.application_id == client.id) {
        store::revoke_grant(&mut tx, &found.grant.id, cx.now()).await?;
    }
    Ok(tx.commit().await?)
}
