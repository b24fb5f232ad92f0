//! The names by which a person is known.

use db::{Error, Tx};

use super::store::identities as store;
use super::{Identity, NewIdentity, NotFound};
use crate::context::Context;
use crate::error::{Code, Coded};
use crate::events::{self, Event};
use crate::id::{IdentityId, UserId};

/// There is no such identity in this environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there is no identity with this id")]
pub struct IdentityNotFound;

impl Coded for IdentityNotFound {
    fn code(&self) -> Code {
        Code::IDENTITY_NOT_FOUND
    }
}

/// Why an identity was not added.
#[derive(Debug, thiserror::Error)]
pub enum AddIdentityError {
    /// There is no such person.
    #[error(transparent)]
    NotFound(#[from] NotFound),
    /// Somebody has it already, be it the same person.
    #[error("a user has this e-mail address, phone number or username already")]
    Taken,
    /// The database failed.
    #[error(transparent)]
    Db(db::Error),
}

impl From<db::Error> for AddIdentityError {
    fn from(error: db::Error) -> Self {
        if error.is_unique_violation("identities_digest_key") {
            Self::Taken
        } else {
            Self::Db(error)
        }
    }
}

impl Coded for AddIdentityError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound(error) => error.code(),
            Self::Taken => Code::IDENTITY_TAKEN,
            Self::Db(error) => Coded::code(error),
        }
    }
}

/// The identities of a person, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn identities(tx: &mut Tx, user: &UserId) -> Result<Vec<Identity>, Error> {
    store::of_users(tx, &[user]).await
}

/// The identities of several people, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn identities_of(tx: &mut Tx, users: &[&UserId]) -> Result<Vec<Identity>, Error> {
    if users.is_empty() {
        return Ok(Vec::new());
    }
    store::of_users(tx, users).await
}

/// The identity with this id.
///
/// # Errors
/// When the database fails.
pub async fn find_identity(
    cx: &Context,
    tx: &mut Tx,
    id: &IdentityId,
) -> Result<Option<Identity>, Error> {
    store::find(tx, cx, id).await
}

/// Adds an identity to a person. The first of its kind is primary, and so is one that says so.
///
/// # Errors
/// [`AddIdentityError`], one variant for each reason.
pub async fn add_identity(
    cx: &Context,
    tx: &mut Tx,
    user: &UserId,
    new: NewIdentity,
) -> Result<Identity, AddIdentityError> {
    lock(cx, tx, user).await?;
    let kind = new.identifier.kind();
    let is_first = !store::has_kind(tx, user, &kind).await?;
    if new.is_primary && !is_first {
        store::demote(tx, user, &kind).await?;
    }
    let identity = Identity {
        id: cx.new_id(),
        user_id: user.clone(),
        kind,
        value: new.identifier.value().to_owned(),
        folded: new.identifier.folded().to_owned(),
        is_verified: new.is_verified,
        is_primary: new.is_primary || is_first,
        profile: new.profile,
        total_sign_ins: 0,
        last_signed_in_at: None,
        created_at: cx.now(),
    };
    store::insert(tx, cx, &identity).await?;
    record_update(cx, tx, user).await?;
    Ok(identity)
}

/// Takes an identity from a person. Where it was primary, the oldest of its kind follows. Says whether there was one.
///
/// # Errors
/// When the database fails.
pub async fn remove_identity(cx: &Context, tx: &mut Tx, id: &IdentityId) -> Result<bool, Error> {
    let Some(identity) = locked(cx, tx, id).await? else {
        return Ok(false);
    };
    store::delete(tx, id).await?;
    if identity.is_primary {
        store::promote_oldest(tx, &identity.user_id, &identity.kind).await?;
    }
    record_update(cx, tx, &identity.user_id).await?;
    Ok(true)
}

/// Makes an identity the one of its kind that is shown. Says whether there was one.
///
/// # Errors
/// When the database fails.
pub async fn make_primary(cx: &Context, tx: &mut Tx, id: &IdentityId) -> Result<bool, Error> {
    let Some(identity) = locked(cx, tx, id).await? else {
        return Ok(false);
    };
    if !identity.is_primary {
        store::demote(tx, &identity.user_id, &identity.kind).await?;
        store::promote(tx, id).await?;
        record_update(cx, tx, &identity.user_id).await?;
    }
    Ok(true)
}

/// Remembers that the person proved to own an identity. Says whether there was one.
///
/// # Errors
/// When the database fails.
pub async fn verify_identity(cx: &Context, tx: &mut Tx, id: &IdentityId) -> Result<bool, Error> {
    let Some(identity) = locked(cx, tx, id).await? else {
        return Ok(false);
    };
    if !identity.is_verified {
        store::set_verified(tx, id).await?;
        let event = Event::IdentityVerified {
            user_id: identity.user_id,
            identity: identity.kind.to_string(),
        };
        events::record(cx, tx, &event).await?;
    }
    Ok(true)
}

/// The identity, with its person's row locked: what another transaction does to the person's identities waits, so that
/// each kind keeps one primary.
async fn locked(cx: &Context, tx: &mut Tx, id: &IdentityId) -> Result<Option<Identity>, Error> {
    let Some(identity) = store::find(tx, cx, id).await? else {
        return Ok(None);
    };
    super::store::touch(tx, cx, &identity.user_id).await?;
    store::find(tx, cx, id).await
}

async fn lock(cx: &Context, tx: &mut Tx, user: &UserId) -> Result<(), AddIdentityError> {
    if super::store::touch(tx, cx, user).await? {
        Ok(())
    } else {
        Err(NotFound.into())
    }
}

async fn record_update(cx: &Context, tx: &mut Tx, user: &UserId) -> Result<(), Error> {
    let event = Event::UserUpdated {
        user_id: user.clone(),
    };
    events::record(cx, tx, &event).await
}
