//! Roles and permissions named by their keys.

use db::Tx;

use super::MemberError;
use crate::context::Context;
use crate::id::{PermissionId, RoleId};
use crate::roles::{self, permissions};

/// What a member may do, by keys. `None` says nothing about it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rights {
    /// Keys of roles.
    pub roles: Option<Vec<String>>,
    /// Keys of permissions beyond those of the roles.
    pub permissions: Option<Vec<String>>,
}

/// The same by ids.
pub(super) struct Resolved {
    pub(super) roles: Option<Vec<RoleId>>,
    pub(super) permissions: Option<Vec<PermissionId>>,
}

impl Rights {
    /// # Errors
    /// [`MemberError::UnknownRole`] or [`MemberError::UnknownPermission`] for the first key that nothing has.
    pub(super) async fn resolve(&self, cx: &Context, tx: &mut Tx) -> Result<Resolved, MemberError> {
        Ok(Resolved {
            roles: match &self.roles {
                Some(keys) => Some(role_ids(cx, tx, keys).await?),
                None => None,
            },
            permissions: match &self.permissions {
                Some(keys) => Some(permission_ids(cx, tx, keys).await?),
                None => None,
            },
        })
    }
}

async fn role_ids(cx: &Context, tx: &mut Tx, keys: &[String]) -> Result<Vec<RoleId>, MemberError> {
    let wanted: Vec<&str> = keys.iter().map(String::as_str).collect();
    let found = roles::find_many_by_keys(cx, tx, &wanted).await?;
    let unknown = keys
        .iter()
        .find(|key| found.iter().all(|role| role.key != **key));
    match unknown {
        Some(key) => Err(MemberError::UnknownRole(key.clone())),
        None => Ok(found.into_iter().map(|role| role.id).collect()),
    }
}

async fn permission_ids(
    cx: &Context,
    tx: &mut Tx,
    keys: &[String],
) -> Result<Vec<PermissionId>, MemberError> {
    let wanted: Vec<&str> = keys.iter().map(String::as_str).collect();
    let found = permissions::find_many_by_keys(cx, tx, &wanted).await?;
    let unknown = keys
        .iter()
        .find(|key| found.iter().all(|permission| permission.key != **key));
    match unknown {
        Some(key) => Err(MemberError::UnknownPermission(key.clone())),
        None => Ok(found.into_iter().map(|permission| permission.id).collect()),
    }
}
