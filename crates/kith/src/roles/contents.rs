//! The permissions of a role.

use db::Tx;

use super::permissions::{self, Permission};
use super::{NotFound, store};
use crate::context::Context;
use crate::error::{Code, Coded};
use crate::id::{PermissionId, RoleId};
use crate::paging::{Page, Wanted};

/// Why the permissions of a role were not read or changed.
#[derive(Debug, thiserror::Error)]
pub enum ContentsError {
    /// There is no such role.
    #[error(transparent)]
    NoRole(#[from] NotFound),
    /// There is no such permission.
    #[error(transparent)]
    NoPermission(#[from] permissions::NotFound),
    /// The role doesn't have the permission.
    #[error("the role doesn't have this permission")]
    NotInRole,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Coded for ContentsError {
    fn code(&self) -> Code {
        match self {
            Self::NoRole(error) => error.code(),
            Self::NoPermission(error) => error.code(),
            Self::NotInRole => Code::PERMISSION_NOT_IN_ROLE,
            Self::Db(error) => Coded::code(error),
        }
    }
}

/// A page of the role's permissions, by name or id.
///
/// # Errors
/// [`ContentsError::NoRole`], and when the database fails.
pub async fn permissions_of(
    cx: &Context,
    tx: &mut Tx,
    role: &RoleId,
    wanted: &Wanted,
) -> Result<Page<Permission>, ContentsError> {
    store::find(tx, cx, role).await?.ok_or(NotFound)?;
    let rows = store::permissions::page_of_role(tx, role, wanted).await?;
    Ok(wanted.page(rows, |permission| permissions::sort_key(permission, wanted)))
}

/// Gives permissions to the role, and says which of them it didn't have.
///
/// # Errors
/// [`ContentsError::NoRole`], [`ContentsError::NoPermission`] when any of them is unknown, and when the database fails.
pub async fn add_permissions(
    cx: &Context,
    tx: &mut Tx,
    role: &RoleId,
    permissions: &[PermissionId],
) -> Result<Vec<PermissionId>, ContentsError> {
    store::find(tx, cx, role).await?.ok_or(NotFound)?;
    let mut added = Vec::new();
    for permission in permissions {
        permissions::find(cx, tx, permission)
            .await?
            .ok_or(permissions::NotFound)?;
        if store::permissions::add_to_role(tx, role, permission).await? {
            added.push(permission.clone());
        }
    }
    Ok(added)
}

/// Takes a permission from the role, and from everyone who had it only by this role.
///
/// # Errors
/// [`ContentsError`], one variant for each reason.
pub async fn remove_permission(
    cx: &Context,
    tx: &mut Tx,
    role: &RoleId,
    permission: &PermissionId,
) -> Result<(), ContentsError> {
    store::find(tx, cx, role).await?.ok_or(NotFound)?;
    permissions::find(cx, tx, permission)
        .await?
        .ok_or(permissions::NotFound)?;
    if store::permissions::remove_from_role(tx, role, permission).await? {
        Ok(())
    } else {
        Err(ContentsError::NotInRole)
    }
}
