//! Keeping people from signing in, and asking them for a new password.

use db::{Error, Tx};

use super::store;
use crate::context::{App, Context};
use crate::events::{self, Event};
use crate::id::UserId;
use crate::time::Timestamp;

/// Keeps a person from signing in, until somebody lets them in again. Says whether there is such a person.
///
/// Their sessions and tokens are dead with it: whoever looks at one looks at the person as well.
///
/// # Errors
/// When the database fails.
pub async fn suspend(cx: &Context, tx: &mut Tx, id: &UserId) -> Result<bool, Error> {
    set_suspended(cx, tx, id, true, |_| None).await
}

/// Keeps a person from signing in until an instant. One that is over already is only remembered. Says whether there is such a
/// person.
///
/// # Errors
/// When the database fails.
pub async fn suspend_until(
    cx: &Context,
    tx: &mut Tx,
    id: &UserId,
    until: Timestamp,
) -> Result<bool, Error> {
    set_suspended(cx, tx, id, cx.now() < until, |_| Some(until)).await
}

/// Lets in again everybody whose suspension has ended by itself. Sign-ins don't wait for it; lists do.
///
/// # Errors
/// When the database fails.
pub async fn end_suspensions(app: &App) -> Result<(), Error> {
    let mut tx = app.db().begin().await?;
    store::end_suspensions(&mut tx, app.now()).await?;
    tx.commit().await
}

/// Lets a person sign in again. Says whether there is such a person.
///
/// # Errors
/// When the database fails.
pub async fn unsuspend(cx: &Context, tx: &mut Tx, id: &UserId) -> Result<bool, Error> {
    set_suspended(cx, tx, id, false, |until| until).await
}

/// Makes a person choose a new password at the next sign-in. Says whether there is such a person.
///
/// # Errors
/// When the database fails.
pub async fn request_password_reset(cx: &Context, tx: &mut Tx, id: &UserId) -> Result<bool, Error> {
    set_reset_requested(cx, tx, id, true).await
}

/// No longer asks a person for a new password: they chose one, or needn't. Says whether there is such a person.
///
/// # Errors
/// When the database fails.
pub async fn clear_password_reset(cx: &Context, tx: &mut Tx, id: &UserId) -> Result<bool, Error> {
    set_reset_requested(cx, tx, id, false).await
}

async fn set_suspended(
    cx: &Context,
    tx: &mut Tx,
    id: &UserId,
    is_suspended: bool,
    until: impl Fn(Option<Timestamp>) -> Option<Timestamp>,
) -> Result<bool, Error> {
    let Some(user) = store::find(tx, cx, id).await? else {
        return Ok(false);
    };
    let until = until(user.suspended_until);
    if user.is_suspended == is_suspended && user.suspended_until == until {
        return Ok(true);
    }
    store::set_suspended(tx, cx, id, is_suspended, until).await?;
    if user.is_suspended != is_suspended {
        let user_id = id.clone();
        let event = if is_suspended {
            Event::UserSuspended { user_id }
        } else {
            Event::UserUnsuspended { user_id }
        };
        events::record(cx, tx, &event).await?;
    }
    Ok(true)
}

async fn set_reset_requested(
    cx: &Context,
    tx: &mut Tx,
    id: &UserId,
    is_requested: bool,
) -> Result<bool, Error> {
    let Some(user) = store::find(tx, cx, id).await? else {
        return Ok(false);
    };
    if user.is_password_reset_requested != is_requested {
        store::set_reset_requested(tx, cx, id, is_requested).await?;
        let event = Event::UserUpdated {
            user_id: id.clone(),
        };
        events::record(cx, tx, &event).await?;
    }
    Ok(true)
}
