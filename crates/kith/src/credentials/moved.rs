//! Passwords that move from one installation of Kith to another: out with everything that is known of them, and in the same way.
//!
//! Hashes leave the database only here. Whoever calls [`of_users`] writes them to a file that somebody asked for by name.

use db::{Error, Tx};
use import::own::OwnPassword;
use password::Hash;

use super::password::{StoredError, close_moved, open};
use super::store::{self, StoredPassword};
use crate::context::Context;
use crate::error::{Code, Coded};
use crate::id::UserId;
use crate::time::Timestamp;

/// A password with everything that is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// The hash.
    pub hash: Hash,
    /// The rest.
    pub own: OwnPassword,
}

/// Passwords could not be read.
#[derive(Debug, thiserror::Error)]
pub enum MoveError {
    /// The hash of this person's password can't be opened or read.
    #[error("the password of {0}: {1}")]
    Stored(UserId, #[source] StoredError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] Error),
}

impl Coded for MoveError {
    fn code(&self) -> Code {
        match self {
            Self::Stored(..) => Code::INTERNAL,
            Self::Db(error) => Coded::code(error),
        }
    }
}

/// The passwords of those of these people who have one, in no order.
///
/// # Errors
/// [`MoveError::Stored`] when a hash was sealed with another key; [`MoveError::Db`] when the database fails.
pub async fn of_users(
    cx: &Context,
    tx: &mut Tx,
    users: &[&UserId],
) -> Result<Vec<(UserId, Moved)>, MoveError> {
    let mut moved = Vec::new();
    for (user, stored) in store::find_passwords(tx, users).await? {
        let hash = open(cx, &stored).map_err(|error| MoveError::Stored(user.clone(), error))?;
        moved.push((
            user,
            Moved {
                hash,
                own: own(stored),
            },
        ));
    }
    Ok(moved)
}

fn own(stored: StoredPassword) -> OwnPassword {
    let digest = stored.imported_digest;
    OwnPassword {
        is_temporary: stored.is_temporary,
        is_proved: stored.is_proved,
        set_by: stored.set_by,
        imported_digest: digest.and_then(|text| hex::decode(text).ok()?.try_into().ok()),
        updated_at: stored.updated_at.millis(),
    }
}

/// Stores passwords of people who are new, as they were elsewhere. Nothing is set by anybody, so no event tells of it.
///
/// # Errors
/// When the database fails.
pub async fn put_moved(
    cx: &Context,
    tx: &mut Tx,
    passwords: Vec<(UserId, Moved)>,
) -> Result<(), Error> {
    let rows = passwords
        .into_iter()
        .map(|(user, moved)| {
            let own = moved.own;
            let stored = StoredPassword {
                is_temporary: own.is_temporary,
                is_proved: own.is_proved,
                imported_digest: own.imported_digest.map(hex::encode),
                set_by: own.set_by,
                updated_at: Timestamp::from_millis(own.updated_at),
                ..close_moved(cx, &moved.hash)
            };
            (user, stored)
        })
        .collect();
    store::put_passwords(tx, rows).await
}
