//! Organizations and memberships as an export tells them and an import takes them.
//!
//! An import knows an organization by its code, then by its external id; the default one is the default one. What is new gets
//! the code that it had, if that is free. The default organization exists from the first start under a code of its own; as long
//! as nobody is a member of it, it takes over the code of the one in the file, since applications may have that in their links.

use db::{Error, Tx};
use import::own;

use super::{Organization, store};
use crate::context::Context;
use crate::error::{Code, Coded};
use crate::events::{self, Event};
use crate::id::{OrganizationId, UserId};
use crate::time::Timestamp;

/// Why an organization was not defined.
#[derive(Debug, thiserror::Error)]
pub enum DefineError {
    /// Another organization has this handle.
    #[error("another organization has this handle; change one of the two")]
    HandleTaken,
    /// Another organization has this external id.
    #[error("another organization has this external id; change one of the two")]
    ExternalIdTaken,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] Error),
}

impl Coded for DefineError {
    fn code(&self) -> Code {
        match self {
            Self::HandleTaken => Code::HANDLE_TAKEN,
            Self::ExternalIdTaken => Code::EXTERNAL_ID_TAKEN,
            Self::Db(error) => Coded::code(error),
        }
    }
}

/// An organization, as an export tells it.
#[must_use]
pub fn whole(organization: &Organization) -> own::Organization {
    own::Organization {
        code: organization.id.to_string(),
        name: organization.name.clone(),
        handle: organization.handle.clone(),
        external_id: organization.external_id.clone(),
        is_default: organization.is_default,
        is_auto_membership_enabled: organization.is_auto_membership_enabled,
        suspended_at: organization.suspended_at.map(Timestamp::millis),
        created_at: organization.created_at.millis(),
    }
}

/// The organization here that an organization of an export is.
///
/// # Errors
/// When the database fails.
pub async fn defined(
    cx: &Context,
    tx: &mut Tx,
    new: &own::Organization,
) -> Result<Option<Organization>, Error> {
    if new.is_default {
        return store::default(tx, cx).await;
    }
    if let Ok(id) = new.code.parse()
        && let Some(found) = store::find(tx, cx, &id).await?
    {
        return Ok(Some(found));
    }
    match &new.external_id {
        Some(external_id) => store::find_by_external_id(tx, cx, external_id).await,
        None => Ok(None),
    }
}

/// Whether another organization than `existing` has the handle or the external id of `new`.
///
/// # Errors
/// [`DefineError::HandleTaken`], [`DefineError::ExternalIdTaken`], and when the database fails.
pub async fn check_definition(
    cx: &Context,
    tx: &mut Tx,
    new: &own::Organization,
    existing: Option<&Organization>,
) -> Result<(), DefineError> {
    let is_other = |found: Option<Organization>| {
        found.is_some_and(|found| existing.is_none_or(|existing| existing.id != found.id))
    };
    if let Some(handle) = &new.handle
        && is_other(store::find_by_handle(tx, cx, handle).await?)
    {
        return Err(DefineError::HandleTaken);
    }
    if let Some(external_id) = &new.external_id
        && is_other(store::find_by_external_id(tx, cx, external_id).await?)
    {
        return Err(DefineError::ExternalIdTaken);
    }
    Ok(())
}

/// Makes the organization, or changes the one that it is to what the export says.
///
/// # Errors
/// When the database fails; [`check_definition`] tells beforehand what else can be wrong.
pub async fn define(
    cx: &Context,
    tx: &mut Tx,
    new: &own::Organization,
    existing: Option<Organization>,
) -> Result<(), Error> {
    let created_at = Timestamp::from_millis(new.created_at);
    let code: Option<OrganizationId> = new.code.parse().ok();
    let is_new = existing.is_none();
    let mut organization = match existing {
        Some(existing) => existing,
        None => Organization {
            id: match code.clone() {
                Some(code) if !store::definition::has_id(tx, &code).await? => code,
                _ => cx.new_id(),
            },
            name: String::new(),
            handle: None,
            external_id: None,
            is_default: false,
            is_auto_membership_enabled: false,
            is_suspended: false,
            suspended_at: None,
            created_at,
        },
    };
    organization.name.clone_from(&new.name);
    organization.handle.clone_from(&new.handle);
    organization.external_id.clone_from(&new.external_id);
    organization.is_auto_membership_enabled = new.is_auto_membership_enabled;
    organization.suspended_at = new.suspended_at.map(Timestamp::from_millis);
    organization.is_suspended = organization.suspended_at.is_some();
    if is_new {
        store::insert(tx, cx, &organization).await?;
        let event = Event::OrganizationCreated {
            organization_id: organization.id,
        };
        return events::record(cx, tx, &event).await;
    }
    store::update(tx, cx, &organization).await?;
    match code {
        Some(code) if code != organization.id && organization.is_default => {
            store::definition::take_over_code(tx, &organization.id, &code, created_at).await
        }
        _ => Ok(()),
    }
}

/// Those of these codes that organizations have, each with the organization's external id.
///
/// # Errors
/// When the database fails.
pub async fn find_many_by_codes(
    cx: &Context,
    tx: &mut Tx,
    codes: &[&str],
) -> Result<Vec<(OrganizationId, Option<String>)>, Error> {
    let mut found = Vec::new();
    for some in codes.chunks(500) {
        found.append(&mut store::definition::by_codes(tx, cx, some).await?);
    }
    Ok(found)
}

/// A person's membership, as an export tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The person.
    pub user: UserId,
    /// The organization.
    pub organization: OrganizationId,
    /// The organization's id in another system.
    pub external_id: Option<String>,
    /// Whether it is the default one.
    pub is_default: bool,
    /// Since when they are a member.
    pub joined_at: Timestamp,
    /// When they last signed in to it.
    pub last_signed_in_at: Option<Timestamp>,
}

/// The memberships of these people, by the organization's code.
///
/// # Errors
/// When the database fails.
pub async fn standings(tx: &mut Tx, users: &[&UserId]) -> Result<Vec<Standing>, Error> {
    store::definition::standings(tx, users).await
}

/// Makes memberships with the instants that they had elsewhere. Those that exist stay as they are.
///
/// # Errors
/// When the database fails, or something that is named doesn't exist.
pub async fn add_standings(cx: &Context, tx: &mut Tx, new: &[Standing]) -> Result<(), Error> {
    store::definition::insert_standings(tx, cx, new).await
}
