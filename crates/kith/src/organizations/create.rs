//! Creating an organization.

use db::Tx;

use super::{InvalidText, Organization, parse_external_id, parse_handle, parse_name, store};
use crate::context::Context;
use crate::error::{Code, Coded};
use crate::events::{self, Event};

/// An organization to be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewOrganization {
    /// What people call it.
    pub name: String,
    /// A short name for addresses; an empty one is none.
    pub handle: Option<String>,
    /// Its id in another system; an empty one is none.
    pub external_id: Option<String>,
    /// Whether whoever passes its code may join.
    pub is_auto_membership_enabled: bool,
}

/// Why an organization was not created.
#[derive(Debug, thiserror::Error)]
pub enum CreateError {
    /// The name, handle or external id breaks the rules.
    #[error(transparent)]
    Invalid(#[from] InvalidText),
    /// Another organization has this handle.
    #[error("another organization has this handle; choose another one")]
    HandleTaken,
    /// Another organization has this external id.
    #[error("another organization has this external id; choose another one")]
    ExternalIdTaken,
    /// The database failed.
    #[error(transparent)]
    Db(db::Error),
}

impl From<db::Error> for CreateError {
    fn from(error: db::Error) -> Self {
        if error.is_unique_violation("organizations_handle_key") {
            Self::HandleTaken
        } else if error.is_unique_violation("organizations_external_id_key") {
            Self::ExternalIdTaken
        } else {
            Self::Db(error)
        }
    }
}

impl Coded for CreateError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(_) => Code::INVALID_REQUEST,
            Self::HandleTaken => Code::HANDLE_TAKEN,
            Self::ExternalIdTaken => Code::EXTERNAL_ID_TAKEN,
            Self::Db(error) => Coded::code(error),
        }
    }
}

/// Whether the name, handle and external id keep the rules.
///
/// # Errors
/// [`InvalidText`] for the first that does not.
pub(super) fn check(new: &NewOrganization) -> Result<(), InvalidText> {
    parse_name(&new.name)?;
    parse_handle(new.handle.as_deref().unwrap_or_default())?;
    parse_external_id(new.external_id.as_deref().unwrap_or_default())?;
    Ok(())
}

/// Creates an organization without members.
///
/// # Errors
/// [`CreateError`], one variant for each reason.
pub async fn create(
    cx: &Context,
    tx: &mut Tx,
    new: NewOrganization,
) -> Result<Organization, CreateError> {
    let organization = Organization {
        id: cx.new_id(),
        name: parse_name(&new.name)?,
        handle: parse_handle(&new.handle.unwrap_or_default())?,
        external_id: parse_external_id(&new.external_id.unwrap_or_default())?,
        is_default: false,
        is_auto_membership_enabled: new.is_auto_membership_enabled,
        is_suspended: false,
        suspended_at: None,
        created_at: cx.now(),
    };
    store::insert(tx, cx, &organization).await?;
    let event = Event::OrganizationCreated {
        organization_id: organization.id.clone(),
    };
    events::record(cx, tx, &event).await?;
    Ok(organization)
}
