//! Finding roles.

use db::{Error, Tx};

use super::{Role, store};
use crate::context::Context;
use crate::id::RoleId;
use crate::paging::{Key, Page, Wanted};

/// The role with this id.
///
/// # Errors
/// When the database fails.
pub async fn find(cx: &Context, tx: &mut Tx, id: &RoleId) -> Result<Option<Role>, Error> {
    store::find(tx, cx, id).await
}

/// Those of these keys that are roles, in no order.
///
/// # Errors
/// When the database fails.
pub async fn find_many_by_keys(
    cx: &Context,
    tx: &mut Tx,
    keys: &[&str],
) -> Result<Vec<Role>, Error> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    store::with_keys(tx, cx, keys).await
}

/// The roles that people get when they sign up.
///
/// # Errors
/// When the database fails.
pub async fn default_roles(cx: &Context, tx: &mut Tx) -> Result<Vec<Role>, Error> {
    store::defaults(tx, cx).await
}

/// A page of the roles, by name or id.
///
/// # Errors
/// When the database fails.
pub async fn list(cx: &Context, tx: &mut Tx, wanted: &Wanted) -> Result<Page<Role>, Error> {
    let rows = store::page(tx, cx, wanted).await?;
    Ok(wanted.page(rows, |role| match wanted.order().key {
        Key::Id => ("", role.id.as_str()),
        Key::Name | Key::Email => (&role.name, role.id.as_str()),
    }))
}
