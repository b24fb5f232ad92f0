//! Deleting an API.

use db::Tx;

use super::{FindError, find, store};
use crate::context::Context;
use crate::error::{Code, Coded};
use crate::events::{self, Event};
use crate::id::ApiId;

/// The API was not deleted.
#[derive(Debug, thiserror::Error)]
pub enum DeleteError {
    /// It is our own.
    #[error("the management API can't be deleted")]
    Builtin,
    /// There is none.
    #[error(transparent)]
    Find(#[from] FindError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Coded for DeleteError {
    fn code(&self) -> Code {
        match self {
            Self::Builtin => Code::API_BUILTIN,
            Self::Find(error) => error.code(),
            Self::Db(error) => Coded::code(error),
        }
    }
}

/// Deletes the API with its scopes and every authorization for it. Tokens that are out live until they expire.
///
/// # Errors
/// [`DeleteError::Builtin`] for the management API; [`DeleteError::Find`] when there is none.
pub async fn delete(cx: &Context, tx: &mut Tx, id: &ApiId) -> Result<(), DeleteError> {
    let api = find(cx, tx, id).await?;
    if api.is_management_api {
        return Err(DeleteError::Builtin);
    }
    store::delete(tx, id).await?;
    events::record(cx, tx, &Event::ApiDeleted { api_id: api.id }).await?;
    Ok(())
}
