//! Changing an organization, suspending it included.

use db::Tx;

use super::{NotFound, create::CreateError, parse_external_id, parse_handle, parse_name, store};
use crate::context::Context;
use crate::error::{Code, Coded};
use crate::id::OrganizationId;

/// What is to be changed of an organization; `None` leaves it as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Another name.
    pub name: Option<String>,
    /// Another handle; an empty one takes it away.
    pub handle: Option<String>,
    /// Another external id; an empty one takes it away.
    pub external_id: Option<String>,
    /// Whether people may join by themselves.
    pub is_auto_membership_enabled: Option<bool>,
    /// Whether its members are kept from signing in to it.
    pub is_suspended: Option<bool>,
}

/// Why an organization was not changed.
#[derive(Debug, thiserror::Error)]
pub enum UpdateError {
    /// There is no such organization.
    #[error(transparent)]
    NotFound(#[from] NotFound),
    /// It is the one for people without another one.
    #[error("the default organization can't be suspended")]
    DefaultCannotBeSuspended,
    /// A value breaks the rules or belongs to another organization, or the database failed.
    #[error(transparent)]
    Refused(#[from] CreateError),
}

impl Coded for UpdateError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound(error) => error.code(),
            Self::DefaultCannotBeSuspended => Code::DEFAULT_ORGANIZATION_CANNOT_BE_SUSPENDED,
            Self::Refused(error) => error.code(),
        }
    }
}

impl From<db::Error> for UpdateError {
    fn from(error: db::Error) -> Self {
        Self::Refused(error.into())
    }
}

impl From<super::InvalidText> for UpdateError {
    fn from(error: super::InvalidText) -> Self {
        Self::Refused(error.into())
    }
}

/// Changes an organization.
///
/// # Errors
/// [`UpdateError`], one variant for each reason.
pub async fn update(
    cx: &Context,
    tx: &mut Tx,
    id: &OrganizationId,
    changes: Changes,
) -> Result<(), UpdateError> {
    let mut organization = store::find(tx, cx, id).await?.ok_or(NotFound)?;
    if let Some(name) = changes.name {
        organization.name = parse_name(&name)?;
    }
    if let Some(handle) = changes.handle {
        organization.handle = parse_handle(&handle)?;
    }
    if let Some(external_id) = changes.external_id {
        organization.external_id = parse_external_id(&external_id)?;
    }
    if let Some(is_enabled) = changes.is_auto_membership_enabled {
        organization.is_auto_membership_enabled = is_enabled;
    }
    if let Some(is_suspended) = changes.is_suspended {
        if is_suspended && organization.is_default {
            return Err(UpdateError::DefaultCannotBeSuspended);
        }
        organization.suspended_at = match organization.suspended_at {
            since @ Some(_) if is_suspended => since,
            _ => is_suspended.then(|| cx.now()),
        };
        organization.is_suspended = is_suspended;
    }
    Ok(store::update(tx, cx, &organization).await?)
}
