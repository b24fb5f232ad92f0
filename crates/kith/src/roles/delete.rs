//! Deleting a role.

use db::Tx;

use super::store;
use crate::context::Context;
use crate::id::RoleId;

/// Deletes a role and takes it from everyone who has it. Says whether there was one.
///
/// # Errors
/// When the database fails.
pub async fn delete(cx: &Context, tx: &mut Tx, id: &RoleId) -> Result<bool, db::Error> {
    store::delete(tx, cx, id).await
}
