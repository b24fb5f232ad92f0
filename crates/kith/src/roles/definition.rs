//! Roles and permissions as an export tells them and an import takes them: whole, with their keys in the place of ids.
//!
//! An import knows them by their keys. What is new gets the id that it had, if that is free; what exists here keeps its id,
//! is called as the file says, and a role gets the permissions that it lacks. None is ever taken.

use db::{Error, Tx};
use import::own;

use super::{Role, permissions, store};
use crate::context::Context;
use crate::id::{OrganizationId, PermissionId, RoleId, UserId};
use crate::time::Timestamp;

/// Every permission of the business, by id.
///
/// # Errors
/// When the database fails.
pub async fn all_permissions(cx: &Context, tx: &mut Tx) -> Result<Vec<own::Permission>, Error> {
    store::definition::permissions(tx, cx).await
}

/// Every role of the business with its permissions, by id.
///
/// # Errors
/// When the database fails.
pub async fn all_roles(cx: &Context, tx: &mut Tx) -> Result<Vec<own::Role>, Error> {
    let mut roles = store::definition::roles(tx, cx).await?;
    let mut keys = store::definition::keys_of_roles(tx, cx).await?;
    for role in &mut roles {
        role.permissions = keys.remove(&role.id).unwrap_or_default();
        // Sorted here, since the engines sort text differently.
        role.permissions.sort_unstable();
    }
    Ok(roles)
}

/// The permission with this key, as an export tells it.
///
/// # Errors
/// When the database fails.
pub async fn defined_permission(
    cx: &Context,
    tx: &mut Tx,
    key: &str,
) -> Result<Option<own::Permission>, Error> {
    store::definition::permission(tx, cx, key).await
}

/// The role with this key, as an export tells it.
///
/// # Errors
/// When the database fails.
pub async fn defined_role(
    cx: &Context,
    tx: &mut Tx,
    key: &str,
) -> Result<Option<own::Role>, Error> {
    let Some(mut role) = store::definition::role(tx, cx, key).await? else {
        return Ok(None);
    };
    let mut keys = store::definition::keys_of_roles(tx, cx).await?;
    role.permissions = keys.remove(&role.id).unwrap_or_default();
    role.permissions.sort_unstable();
    Ok(Some(role))
}

/// Makes the permission, or calls the one with its key as it is called.
///
/// # Errors
/// When the database fails.
pub async fn define_permission(
    cx: &Context,
    tx: &mut Tx,
    new: &own::Permission,
    existing: Option<&own::Permission>,
) -> Result<(), Error> {
    let id = match existing {
        Some(existing) => existing.id.parse().ok(),
        None => free_permission_id(tx, &new.id).await?,
    };
    let permission = permissions::Permission {
        id: id.unwrap_or_else(|| cx.new_id()),
        key: new.key.clone(),
        name: new.name.clone(),
        description: new.description.clone(),
    };
    if existing.is_some() {
        return store::permissions::update(tx, &permission).await;
    }
    let created_at = Timestamp::from_millis(new.created_at);
    store::definition::insert_permission(tx, cx, &permission, created_at).await
}

/// Makes the role, or calls the one with its key as it is called; gives it the permissions that it lacks. Permissions that
/// don't exist are left out.
///
/// # Errors
/// When the database fails.
pub async fn define_role(
    cx: &Context,
    tx: &mut Tx,
    new: &own::Role,
    existing: Option<&own::Role>,
) -> Result<(), Error> {
    let id = match existing {
        Some(existing) => existing.id.parse().ok(),
        None => free_role_id(tx, &new.id).await?,
    };
    let role = Role {
        id: id.unwrap_or_else(|| cx.new_id()),
        key: new.key.clone(),
        name: new.name.clone(),
        description: new.description.clone(),
        is_default_role: new.is_default_role,
    };
    let asked: Vec<&str> = new
        .permissions
        .iter()
        .chain(&new.assignment_permission)
        .map(String::as_str)
        .collect();
    let mut known = Vec::new();
    for some in asked.chunks(500) {
        known.append(&mut permissions::find_many_by_keys(cx, tx, some).await?);
    }
    let assignment = new.assignment_permission.as_ref().and_then(|key| {
        let permission = known.iter().find(|permission| permission.key == *key)?;
        Some(&permission.id)
    });
    if existing.is_some() {
        store::update(tx, &role).await?;
        store::set_assignment_permission(tx, &role.id, assignment).await?;
    } else {
        let created_at = Timestamp::from_millis(new.created_at);
        store::definition::insert_role(tx, cx, &role, assignment, created_at).await?;
    }
    for permission in known {
        if new.permissions.contains(&permission.key) {
            store::permissions::add_to_role(tx, &role.id, &permission.id).await?;
        }
    }
    Ok(())
}

async fn free_permission_id(tx: &mut Tx, id: &str) -> Result<Option<PermissionId>, Error> {
    let Ok(id) = id.parse() else {
        return Ok(None);
    };
    let is_taken = store::definition::has_permission_id(tx, &id).await?;
    Ok((!is_taken).then_some(id))
}

async fn free_role_id(tx: &mut Tx, id: &str) -> Result<Option<RoleId>, Error> {
    let Ok(id) = id.parse() else {
        return Ok(None);
    };
    let is_taken = store::definition::has_role_id(tx, &id).await?;
    Ok((!is_taken).then_some(id))
}

/// The keys of the roles and of the direct permissions of these people, in each of their organizations, sorted by key.
///
/// # Errors
/// When the database fails.
pub async fn rights_of(tx: &mut Tx, users: &[&UserId]) -> Result<RightsOf, Error> {
    let mut roles = store::definition::role_keys_of(tx, users).await?;
    let mut permissions = store::definition::permission_keys_of(tx, users).await?;
    roles.sort_unstable();
    permissions.sort_unstable();
    Ok(RightsOf { roles, permissions })
}

/// Who has which roles and direct permissions where, sorted.
#[derive(Debug, Default)]
pub struct RightsOf {
    /// The keys of roles.
    pub roles: Vec<Right>,
    /// The keys of permissions beyond those of roles.
    pub permissions: Vec<Right>,
}

/// A person, an organization, and a key that the person has there.
pub type Right = (UserId, OrganizationId, String);

impl RightsOf {
    /// The keys among `rights` of one person in one organization.
    #[must_use]
    pub fn keys(rights: &[Right], user: &UserId, organization: &OrganizationId) -> Vec<String> {
        let begin = rights.partition_point(|(u, o, _)| (u, o) < (user, organization));
        rights[begin..]
            .iter()
            .take_while(|(u, o, _)| (u, o) == (user, organization))
            .map(|(_, _, key)| key.clone())
            .collect()
    }
}
