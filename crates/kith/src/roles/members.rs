//! The roles and permissions of a member of an organization.

use db::{Error, Tx};

use super::permissions::{self, Permission};
use super::store::members as store;
use super::{NotFound, Role};
use crate::context::Context;
use crate::error::{Code, Coded};
use crate::id::{OrganizationId, PermissionId, RoleId, UserId};

/// Why a role or a permission was not given or taken.
#[derive(Debug, thiserror::Error)]
pub enum AssignError {
    /// The person is not a member of the organization, or there is no such person or organization.
    #[error("the user is not a member of the organization; add the user to it first")]
    NotAMember,
    /// There is no such role.
    #[error(transparent)]
    NoRole(#[from] NotFound),
    /// There is no such permission.
    #[error(transparent)]
    NoPermission(#[from] permissions::NotFound),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] Error),
}

impl Coded for AssignError {
    fn code(&self) -> Code {
        match self {
            Self::NotAMember => Code::USER_NOT_IN_ORGANIZATION,
            Self::NoRole(error) => error.code(),
            Self::NoPermission(error) => error.code(),
            Self::Db(error) => Coded::code(error),
        }
    }
}

/// A permission that a member has, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The permission.
    pub permission: Permission,
    /// The roles from which it comes; none when the member has it directly.
    pub roles: Vec<Role>,
}

/// The keys of all that a member may do, by roles and directly, sorted and each once. What tokens carry.
///
/// # Errors
/// When the database fails.
pub async fn permissions_of_member(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
) -> Result<Vec<String>, Error> {
    let mut keys = store::permission_keys(tx, organization, user).await?;
    // Sorted here, since the engines sort text differently.
    keys.sort_unstable();
    keys.dedup();
    Ok(keys)
}

/// The roles of a member, by name.
///
/// # Errors
/// When the database fails.
pub async fn of_member(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
) -> Result<Vec<Role>, Error> {
    store::roles(tx, organization, user).await
}

/// The keys of the roles of several members of one organization, sorted by key.
///
/// # Errors
/// When the database fails.
pub async fn of_members(
    tx: &mut Tx,
    organization: &OrganizationId,
    users: &[&UserId],
) -> Result<Vec<(UserId, String)>, Error> {
    if users.is_empty() {
        return Ok(Vec::new());
    }
    store::role_keys(tx, organization, users).await
}

/// Everything that a member may do, with the roles that it comes from, by name.
///
/// # Errors
/// When the database fails.
pub async fn held_by_member(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
) -> Result<Vec<Held>, Error> {
    let roles = store::roles(tx, organization, user).await?;
    let sources = store::permission_sources(tx, organization, user).await?;
    let permissions = store::permissions(tx, organization, user).await?;
    let from = |permission: &Permission| {
        let of_permission = sources.iter().filter(|(id, _)| *id == permission.id);
        of_permission
            .filter_map(|(_, role)| roles.iter().find(|known| known.id == *role).cloned())
            .collect()
    };
    Ok(permissions
        .into_iter()
        .map(|permission| Held {
            roles: from(&permission),
            permission,
        })
        .collect())
}

/// Gives a role to a member. Nothing changes when they have it.
///
/// # Errors
/// [`AssignError::NotAMember`], [`AssignError::NoRole`], and when the database fails.
pub async fn assign(
    cx: &Context,
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    role: &RoleId,
) -> Result<(), AssignError> {
    check_member(cx, tx, organization, user).await?;
    super::find(cx, tx, role).await?.ok_or(NotFound)?;
    Ok(assign_many(
        cx,
        tx,
        &[(organization.clone(), user.clone(), role.clone())],
    )
    .await?)
}

/// Takes a role from a member. Nothing changes when they don't have it.
///
/// # Errors
/// [`AssignError::NotAMember`], [`AssignError::NoRole`], and when the database fails.
pub async fn unassign(
    cx: &Context,
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    role: &RoleId,
) -> Result<(), AssignError> {
    check_member(cx, tx, organization, user).await?;
    super::find(cx, tx, role).await?.ok_or(NotFound)?;
    Ok(store::delete_role(tx, organization, user, role).await?)
}

/// Gives a permission to a member, beyond those of their roles. Nothing changes when they have it so already.
///
/// # Errors
/// [`AssignError::NotAMember`], [`AssignError::NoPermission`], and when the database fails.
pub async fn grant(
    cx: &Context,
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    permission: &PermissionId,
) -> Result<(), AssignError> {
    check_member(cx, tx, organization, user).await?;
    permissions::find(cx, tx, permission)
        .await?
        .ok_or(permissions::NotFound)?;
    Ok(grant_many(
        cx,
        tx,
        &[(organization.clone(), user.clone(), permission.clone())],
    )
    .await?)
}

/// Takes a permission that a member has beyond those of their roles. Nothing changes when they don't have it so.
///
/// # Errors
/// [`AssignError::NotAMember`], [`AssignError::NoPermission`], and when the database fails.
pub async fn revoke(
    cx: &Context,
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    permission: &PermissionId,
) -> Result<(), AssignError> {
    check_member(cx, tx, organization, user).await?;
    permissions::find(cx, tx, permission)
        .await?
        .ok_or(permissions::NotFound)?;
    Ok(store::delete_permission(tx, organization, user, permission).await?)
}

/// Gives roles to members, many at once; those that they have stay. The members and roles must exist.
///
/// # Errors
/// When the database fails, or something that is named doesn't exist.
pub async fn assign_many(
    cx: &Context,
    tx: &mut Tx,
    given: &[(OrganizationId, UserId, RoleId)],
) -> Result<(), Error> {
    store::insert_roles(tx, cx, given).await
}

/// Gives permissions to members, many at once; those that they have stay. The members and permissions must exist.
///
/// # Errors
/// When the database fails, or something that is named doesn't exist.
pub async fn grant_many(
    cx: &Context,
    tx: &mut Tx,
    given: &[(OrganizationId, UserId, PermissionId)],
) -> Result<(), Error> {
    store::insert_permissions(tx, cx, given).await
}

/// Makes these the roles of a member: others are taken. The member and the roles must exist.
///
/// # Errors
/// When the database fails, or something that is named doesn't exist.
pub async fn set_roles(
    cx: &Context,
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    roles: &[RoleId],
) -> Result<(), Error> {
    store::delete_roles_except(tx, organization, user, roles).await?;
    let given: Vec<_> = roles
        .iter()
        .map(|role| (organization.clone(), user.clone(), role.clone()))
        .collect();
    assign_many(cx, tx, &given).await
}

/// Makes these the direct permissions of a member: others are taken. The member and the permissions must exist.
///
/// # Errors
/// When the database fails, or something that is named doesn't exist.
pub async fn set_permissions(
    cx: &Context,
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    permissions: &[PermissionId],
) -> Result<(), Error> {
    store::delete_permissions_except(tx, organization, user, permissions).await?;
    let given: Vec<_> = permissions
        .iter()
        .map(|permission| (organization.clone(), user.clone(), permission.clone()))
        .collect();
    grant_many(cx, tx, &given).await
}

async fn check_member(
    cx: &Context,
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
) -> Result<(), AssignError> {
    if store::is_member(tx, cx, organization, user).await? {
        Ok(())
    } else {
        Err(AssignError::NotAMember)
    }
}
