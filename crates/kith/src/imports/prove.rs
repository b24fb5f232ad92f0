//! Proving cohorts with passwords that somebody knows: those of a few colleagues or test accounts, tried against what is
//! stored before anybody else has to sign in.
//!
//! It is no sign-in: nobody is locked out, nothing changes but the proof. And since whoever may do it could try guesses, a
//! person can be tried wrongly a few times an hour and no more.

use std::time::Duration;

use db::Tx;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Run, cohorts};
use crate::context::Context;
use crate::credentials::lockout::{self, CountError, Locked, Subject};
use crate::credentials::password::CheckError;
use crate::credentials::proofs::{self, Tried};
use crate::error::{Code, Coded};
use crate::id::UserId;
use crate::secret::Secret;
use crate::users;

/// How many passwords may be tried with one call, or one form.
pub const MAX_PAIRS: usize = 20;

/// How many wrong passwords may be tried of one person.
const MAX_WRONG: u32 = 5;

/// How long it takes until more may be.
const PAUSE: Duration = Duration::from_hours(1);

/// Somebody's identifier, and the password that they are known to have.
#[derive(Debug, Clone)]
pub struct Pair {
    /// What they type to sign in, or their id at the former provider.
    pub identifier: String,
    /// The password.
    pub password: Secret,
}

/// What a pair has shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "outcome", rename_all = "snake_case")]
#[schema(as = import_proof)]
pub enum Proof {
    /// The password is right: the cohort works.
    Proved {
        /// As people name it: `clerk · bcrypt · cost 10`.
        cohort: String,
    },
    /// The password is right, and came with another import.
    OtherImport,
    /// The password is right, and was set here: it shows nothing of the import.
    SetHere,
    /// The password is wrong: it is not theirs, or the hash was not understood.
    Wrong,
    /// They have no password here.
    NoPassword,
    /// Nobody here has the identifier.
    NoPerson,
}

/// A pair was not tried.
#[derive(Debug, thiserror::Error)]
pub enum ProveError {
    /// Too many wrong passwords of one person.
    #[error("too many wrong passwords were tried of this person; try again in an hour")]
    TooMany(Locked),
    /// The stored password could not be checked.
    #[error(transparent)]
    Check(#[from] CheckError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Coded for ProveError {
    fn code(&self) -> Code {
        match self {
            Self::TooMany(_) => Code::LOCKED,
            Self::Check(error) => error.code(),
            Self::Db(error) => Coded::code(error),
        }
    }
}

/// Tries a known password against what an import has brought.
///
/// # Errors
/// [`ProveError::TooMany`] when the person was tried wrongly too often; [`ProveError::Check`] when the hashing threads have no
/// room.
pub async fn prove(cx: &Context, run: &Run, pair: &Pair) -> Result<Proof, ProveError> {
    let mut tx = cx.db().read().await?;
    let Some(user) = find(cx, &mut tx, &pair.identifier).await? else {
        return Ok(Proof::NoPerson);
    };
    drop(tx);
    ration(cx, &user).await?;
    let tried = proofs::try_known(cx, &user, &pair.password).await?;
    if tried != Tried::Wrong {
        let mut tx = cx.db().begin().await?;
        lockout::forgive(cx, &mut tx, &Subject::proof_of(&user)).await?;
        tx.commit().await?;
    }
    Ok(match tried {
        Tried::Right(cohort) => match cohorts::label(run, cohort) {
            Some(cohort) => Proof::Proved { cohort },
            None => Proof::OtherImport,
        },
        Tried::SetHere => Proof::SetHere,
        Tried::Wrong => Proof::Wrong,
        Tried::NoPassword => Proof::NoPassword,
    })
}

async fn find(cx: &Context, tx: &mut Tx, identifier: &str) -> Result<Option<UserId>, db::Error> {
    let known = users::find_by_any_identifier(cx, tx, identifier).await?;
    if let Some((user, _)) = known {
        return Ok(Some(user.id));
    }
    let known = users::find_by_provided_id(cx, tx, identifier).await?;
    Ok(known.map(|user| user.id))
}

/// Counts the attempt as wrong until it was right.
async fn ration(cx: &Context, user: &UserId) -> Result<(), ProveError> {
    let subject = Subject::proof_of(user);
    let mut tx = cx.db().begin().await?;
    match lockout::ration(cx, &mut tx, &subject, MAX_WRONG, PAUSE).await {
        Ok(()) => Ok(tx.commit().await?),
        Err(CountError::Locked(locked)) => Err(ProveError::TooMany(locked)),
        Err(CountError::Settings(error)) => Err(CheckError::Settings(error).into()),
        Err(CountError::Db(error)) => Err(error.into()),
    }
}
