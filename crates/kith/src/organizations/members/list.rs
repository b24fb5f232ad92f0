//! Reading memberships.

use db::{Error, Tx};

use crate::context::Context;
use crate::id::{OrganizationId, UserId};
use crate::organizations::Organization;
use crate::organizations::store::members as store;
use crate::paging::{Page, Wanted};
use crate::roles;
use crate::time::Timestamp;

/// A person's membership, seen from the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// Of which organization.
    pub organization: Organization,
    /// Since when.
    pub joined_at: Timestamp,
    /// When they last signed in to it.
    pub last_signed_in_at: Option<Timestamp>,
}

/// A person's membership, seen from the organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Who.
    pub user: UserId,
    /// Their primary e-mail address.
    pub email: Option<String>,
    /// Their first name.
    pub given_name: Option<String>,
    /// Their last name.
    pub family_name: Option<String>,
    /// Address of a portrait.
    pub picture: Option<String>,
    /// Whether they are kept from signing in anywhere.
    pub is_suspended: bool,
    /// Since when they are a member.
    pub joined_at: Timestamp,
    /// When they last signed in to this organization.
    pub last_signed_in_at: Option<Timestamp>,
    /// The keys of their roles here, sorted.
    pub roles: Vec<String>,
    /// By what the list is sorted.
    pub(in crate::organizations) sort_key: String,
}

/// Which members are wanted: those who have all of these.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Keys of roles.
    pub roles: Vec<String>,
    /// Keys of permissions, by roles or directly.
    pub permissions: Vec<String>,
}

/// A page of an organization's members, by name, e-mail address or id.
///
/// # Errors
/// When the database fails.
pub async fn members(
    tx: &mut Tx,
    organization: &OrganizationId,
    filter: &Filter,
    wanted: &Wanted,
) -> Result<Page<Listed>, Error> {
    let rows = store::page(tx, organization, filter, wanted).await?;
    let mut page = wanted.page(rows, |member| (&member.sort_key, member.user.as_str()));
    let users: Vec<&UserId> = page.items.iter().map(|member| &member.user).collect();
    let roles = roles::of_members(tx, organization, &users).await?;
    for member in &mut page.items {
        let own = roles.iter().filter(|(user, _)| *user == member.user);
        member.roles = own.map(|(_, key)| key.clone()).collect();
    }
    Ok(page)
}

/// How many members an organization has.
///
/// # Errors
/// When the database fails.
pub async fn count_members(tx: &mut Tx, organization: &OrganizationId) -> Result<i64, Error> {
    store::count(tx, organization).await
}

/// Whether the person belongs to the organization.
///
/// # Errors
/// When the database fails.
pub async fn is_member(
    cx: &Context,
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
) -> Result<bool, Error> {
    store::exists(tx, cx, organization, user).await
}

/// The organizations of a person, by name.
///
/// # Errors
/// When the database fails.
pub async fn of_user(tx: &mut Tx, user: &UserId) -> Result<Vec<Membership>, Error> {
    store::of_user(tx, user).await
}

/// The organizations of several people, each with the moment of the last sign-in there.
///
/// # Errors
/// When the database fails.
pub async fn of_users(
    tx: &mut Tx,
    users: &[&UserId],
) -> Result<Vec<(UserId, OrganizationId, Option<Timestamp>)>, Error> {
    if users.is_empty() {
        return Ok(Vec::new());
    }
    store::of_users(tx, users).await
}
