//! Making the first key, and the next one.

use std::time::Duration;

use oauth::jwt::SigningKey;

use super::ring::PURPOSE;
use super::store::{self, Stored};
use super::{Key, KeysError, NOTICE};
use crate::context::Context;

/// A day: what a key verifies for at least, whatever lifetimes are set today.
const SHORTEST_VERIFICATION: Duration = Duration::from_hours(24);

/// What a key verifies beyond the longest life of a token, for clocks that differ and lifetimes that were just changed.
const MARGIN: Duration = Duration::from_mins(10);

/// Makes the environment's first key where there is none. Can be repeated, also by two nodes at once.
///
/// # Errors
/// When no key can be made, or the database fails.
pub async fn ensure(cx: &Context) -> Result<(), KeysError> {
    let environment = &cx.environment().id;
    if store::has_any(&mut cx.db().read().await?, environment).await? {
        return Ok(());
    }
    let key = generate(cx).await?;
    let mut tx = cx.db().begin().await?;
    // Where another node was faster, its key stays.
    store::insert(&mut tx, environment, &key).await?;
    tx.commit().await?;
    cx.signing_keys().forget(environment).await;
    Ok(())
}

/// Makes a key that signs after [`NOTICE`], when the present one retires, and returns it. The old one verifies until the last
/// token that it may have signed has expired. Of two rotations at the same moment one counts, and both return its key.
///
/// # Errors
/// When no key can be made, or the database fails.
pub async fn rotate(cx: &Context) -> Result<Key, KeysError> {
    let environment = &cx.environment().id;
    let mut key = generate(cx).await?;
    let mut tx = cx.db().begin().await?;
    // The notice counts from here: the transaction may have waited for its turn.
    key.created_at = cx.now();
    let retires_at = key.created_at + NOTICE;
    store::delete_expired(&mut tx, environment, key.created_at).await?;
    let lifetime = store::longest_lifetime(&mut tx, environment).await?;
    let lifetime = Duration::from_secs(u64::try_from(lifetime.unwrap_or(0)).unwrap_or(0));
    let expires_at = retires_at + lifetime.max(SHORTEST_VERIFICATION) + MARGIN;
    store::retire(&mut tx, environment, (retires_at, expires_at)).await?;
    if store::insert(&mut tx, environment, &key).await? {
        tx.commit().await?;
    } else {
        tx.rollback().await;
    }
    cx.signing_keys().forget(environment).await;
    super::list(cx).await?.pop().ok_or(KeysError::None)
}

/// A new key, not yet stored. RSA keys take a while to find, so that is done beside the asynchronous threads.
async fn generate(cx: &Context) -> Result<Stored, KeysError> {
    let key = tokio::task::spawn_blocking(SigningKey::generate).await??;
    Ok(Stored {
        id: cx.new_id(),
        kid: key.kid().to_owned(),
        private_key: cx
            .sealer()
            .seal(PURPOSE, &key.to_pkcs8()?, cx.random_bytes()),
        public_jwk: serde_json::to_string(key.jwk())?,
        created_at: cx.now(),
        retired_at: None,
        expires_at: None,
    })
}
