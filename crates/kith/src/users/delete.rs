//! Deleting a person.

use db::{Error, Tx};

use super::store;
use crate::context::Context;
use crate::events::{self, Event};
use crate::id::UserId;

/// Deletes a person with all that hangs on them: identities, password, memberships, sessions. Says whether there was one.
/// What happened stays recorded, under an id that means nobody any more.
///
/// # Errors
/// When the database fails.
pub async fn delete(cx: &Context, tx: &mut Tx, id: &UserId) -> Result<bool, Error> {
    let was_there = store::delete(tx, cx, id).await?;
    if was_there {
        let event = Event::UserDeleted {
            user_id: id.clone(),
        };
        events::record(cx, tx, &event).await?;
    }
    Ok(was_there)
}

/// Deletes people with all that hangs on them, and says how many there were. No event tells of each: it is for whoever tells
/// once of all of them, such as the undoing of an import.
///
/// # Errors
/// When the database fails.
pub async fn delete_many(cx: &Context, tx: &mut Tx, ids: &[UserId]) -> Result<i64, Error> {
    store::delete_many(tx, cx, ids).await
}
