//! Deleting an application.

use db::Tx;

use super::{FindError, find_editable, store};
use crate::context::Context;
use crate::events::{self, Event};
use crate::id::ApplicationId;

/// Deletes the application with its addresses, its authorizations and all that people were given through it. It can't be
/// undone.
///
/// # Errors
/// [`FindError::NotFound`] when there is none; [`FindError::Builtin`] for Kith's own.
pub async fn delete(cx: &Context, tx: &mut Tx, id: &ApplicationId) -> Result<(), FindError> {
    let application = find_editable(cx, tx, id).await?;
    store::delete(tx, id).await?;
    let event = Event::ApplicationDeleted {
        application_id: application.id,
    };
    Ok(events::record(cx, tx, &event).await?)
}
