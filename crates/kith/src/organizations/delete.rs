//! Deleting an organization.

use db::Tx;

use super::{NotFound, store};
use crate::context::Context;
use crate::error::{Code, Coded};
use crate::events::{self, Event};
use crate::id::OrganizationId;

/// Why an organization was not deleted.
#[derive(Debug, thiserror::Error)]
pub enum DeleteError {
    /// There is no such organization.
    #[error(transparent)]
    NotFound(#[from] NotFound),
    /// It is the one for people without another one.
    #[error("the default organization can't be deleted")]
    IsDefault,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Coded for DeleteError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound(error) => error.code(),
            Self::IsDefault => Code::DEFAULT_ORGANIZATION_CANNOT_BE_DELETED,
            Self::Db(error) => Coded::code(error),
        }
    }
}

/// Deletes an organization with its memberships. The people stay.
///
/// # Errors
/// [`DeleteError`], one variant for each reason.
pub async fn delete(cx: &Context, tx: &mut Tx, id: &OrganizationId) -> Result<(), DeleteError> {
    let organization = store::find(tx, cx, id).await?.ok_or(NotFound)?;
    if organization.is_default {
        return Err(DeleteError::IsDefault);
    }
    store::delete(tx, id).await?;
    let event = Event::OrganizationDeleted {
        organization_id: organization.id,
    };
    Ok(events::record(cx, tx, &event).await?)
}
