//! Making, changing and ending memberships.

use db::{Error, Tx};

use super::rights::Rights;
use super::{JoinError, MemberError};
use crate::context::Context;
use crate::id::{OrganizationId, PermissionId, RoleId, UserId};
use crate::organizations::store::{self, members as member_store};
use crate::organizations::{NotFound, default, find};
use crate::roles;

/// A membership to be, of people and organizations that are known to exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMember {
    /// The organization.
    pub organization: OrganizationId,
    /// The person.
    pub user: UserId,
    /// Roles to have there.
    pub roles: Vec<RoleId>,
    /// Permissions to have there beyond those of the roles.
    pub permissions: Vec<PermissionId>,
}

/// What became of a membership.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UpsertOutcome {
    /// There was none.
    Added,
    /// There was one.
    Updated,
}

/// Makes many memberships at once, with their roles and permissions. Those that exist stay, and get what they lack.
///
/// # Errors
/// When the database fails, or something that is named doesn't exist.
pub async fn add_members_many(cx: &Context, tx: &mut Tx, new: &[NewMember]) -> Result<(), Error> {
    member_store::insert_many(tx, cx, new).await?;
    let roles: Vec<_> = new
        .iter()
        .flat_map(|member| {
            let roles = member.roles.iter().cloned();
            roles.map(|role| (member.organization.clone(), member.user.clone(), role))
        })
        .collect();
    roles::assign_many(cx, tx, &roles).await?;
    let permissions: Vec<_> = new
        .iter()
        .flat_map(|member| {
            let permissions = member.permissions.iter().cloned();
            permissions.map(|one| (member.organization.clone(), member.user.clone(), one))
        })
        .collect();
    roles::grant_many(cx, tx, &permissions).await
}

/// Makes a person a member with these roles and permissions. A member stays one, and gets what they lack.
///
/// # Errors
/// [`MemberError`], except [`MemberError::NotAMember`].
pub async fn add_member(
    cx: &Context,
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    rights: &Rights,
) -> Result<UpsertOutcome, MemberError> {
    let rights = rights.resolve(cx, tx).await?;
    let outcome = upsert(cx, tx, organization, user).await?;
    let member = NewMember {
        organization: organization.clone(),
        user: user.clone(),
        roles: rights.roles.unwrap_or_default(),
        permissions: rights.permissions.unwrap_or_default(),
    };
    add_members_many(cx, tx, &[member]).await?;
    Ok(outcome)
}

/// Makes these the roles and permissions of a member: others are taken, what is not said stays. Whoever is no member becomes
/// one.
///
/// # Errors
/// [`MemberError`], except [`MemberError::NotAMember`].
pub async fn set_member(
    cx: &Context,
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    rights: &Rights,
) -> Result<UpsertOutcome, MemberError> {
    let rights = rights.resolve(cx, tx).await?;
    let outcome = upsert(cx, tx, organization, user).await?;
    if let Some(ids) = rights.roles {
        roles::set_roles(cx, tx, organization, user, &ids).await?;
    }
    if let Some(ids) = rights.permissions {
        roles::set_permissions(cx, tx, organization, user, &ids).await?;
    }
    Ok(outcome)
}

/// Ends a membership, with its roles and permissions.
///
/// # Errors
/// [`MemberError::NoOrganization`], [`MemberError::NotAMember`], and when the database fails.
pub async fn remove_member(
    cx: &Context,
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
) -> Result<(), MemberError> {
    find(cx, tx, organization).await?.ok_or(NotFound)?;
    if member_store::delete(tx, organization, user).await? {
        Ok(())
    } else {
        Err(MemberError::NotAMember(user.clone()))
    }
}

/// Makes a new person a member of the organization that they came for, or of the default one if that lets people in by
/// itself, with the roles that people get when they sign up. Says which organization it was, if any.
///
/// # Errors
/// [`JoinError::NoOrganization`] when the organization that they came for doesn't exist, and when the database fails.
pub async fn join(
    cx: &Context,
    tx: &mut Tx,
    user: &UserId,
    came_for: Option<&OrganizationId>,
) -> Result<Option<OrganizationId>, JoinError> {
    let organization = match came_for {
        Some(id) => Some(find(cx, tx, id).await?.ok_or(NotFound)?),
        None => default(cx, tx)
            .await?
            .filter(|organization| organization.is_auto_membership_enabled),
    };
    let Some(organization) = organization else {
        return Ok(None);
    };
    let roles = roles::default_roles(cx, tx).await?;
    let member = NewMember {
        organization: organization.id.clone(),
        user: user.clone(),
        roles: roles.into_iter().map(|role| role.id).collect(),
        permissions: Vec::new(),
    };
    add_members_many(cx, tx, &[member]).await?;
    Ok(Some(organization.id))
}

/// Remembers that a member signed in to the organization just now.
///
/// # Errors
/// When the database fails.
pub async fn record_sign_in(
    cx: &Context,
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
) -> Result<(), Error> {
    member_store::set_last_signed_in(tx, organization, user, cx.now()).await
}

async fn upsert(
    cx: &Context,
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
) -> Result<UpsertOutcome, MemberError> {
    store::find(tx, cx, organization).await?.ok_or(NotFound)?;
    if !member_store::user_exists(tx, cx, user).await? {
        return Err(MemberError::NoUser(user.clone()));
    }
    let was_added = member_store::insert(tx, organization, user, cx.now()).await?;
    Ok(if was_added {
        UpsertOutcome::Added
    } else {
        UpsertOutcome::Updated
    })
}
