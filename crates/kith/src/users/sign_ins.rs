//! Counting sign-ins.

use db::{Error, Tx};

use super::store;
use crate::context::Context;
use crate::id::{IdentityId, UserId};

/// Remembers that a person signed in just now, and with which identity.
///
/// # Errors
/// When the database fails.
pub async fn record_sign_in(
    cx: &Context,
    tx: &mut Tx,
    user: &UserId,
    identity: Option<&IdentityId>,
) -> Result<(), Error> {
    store::count_sign_in(tx, cx, user).await?;
    if let Some(identity) = identity {
        store::identities::count_sign_in(tx, user, identity, cx.now()).await?;
    }
    Ok(())
}

/// Remembers that somebody failed to sign in as a person.
///
/// # Errors
/// When the database fails.
pub async fn record_failed_sign_in(cx: &Context, tx: &mut Tx, user: &UserId) -> Result<(), Error> {
    store::count_failed_sign_in(tx, cx, user).await
}
