//! Proofs: whether the hashes that an import brought were ever seen to let somebody in.
//!
//! Passwords that came in together and are hashed alike are a [`Cohort`]. If one of them works, the hash was understood; if
//! none was tried yet, nobody knows. So the first time that an imported password is right is remembered, be it at a sign-in or
//! for a known password that somebody gave, and it stays remembered when the person chooses another one.

use std::collections::HashMap;

use db::{Error, Tx};

use super::password::CheckError;
use super::store;
use crate::context::Context;
use crate::id::UserId;
use crate::secret::Secret;

/// The number of a cohort.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cohort(i64);

impl Cohort {
    /// The cohort with this number.
    #[must_use]
    pub const fn new(number: i64) -> Self {
        Self(number)
    }
}

impl db::Bind for Cohort {
    const NULL: db::Value = db::Value::Int(None);

    fn into_value(self) -> db::Value {
        self.0.into()
    }
}

impl db::Column for Cohort {
    fn from_value(value: db::Value) -> Result<Self, db::BoxError> {
        i64::from_value(value).map(Self)
    }
}

/// What showed that a password is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProvedBy {
    /// The person signed in with it.
    SignIn,
    /// Somebody knows it, and gave it to try.
    Pair,
}

impl ProvedBy {
    /// As it is stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::Pair => "pair",
        }
    }
}

/// What trying a known password has shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tried {
    /// It is right, and it is the one that came with an import.
    Right(Cohort),
    /// It is right, and was set here: that shows nothing of an import.
    SetHere,
    /// It is wrong.
    Wrong,
    /// There is no password to try it against.
    NoPassword,
}

/// Tries a password that is known to be somebody's. It is no sign-in: no failure is counted, nobody is locked out, and the
/// stored hash stays as it is.
///
/// # Errors
/// [`CheckError::Busy`] when the hashing threads have no room, [`CheckError::Stored`] when the hash can't be read, and when the
/// database fails.
pub async fn try_known(
    cx: &Context,
    user: &UserId,
    password: &Secret,
) -> Result<Tried, CheckError> {
    let stored = store::find_password(&mut cx.db().read().await?, user).await?;
    let Some(stored) = stored else {
        return Ok(Tried::NoPassword);
    };
    let hash = super::password::open(cx, &stored)?;
    if !cx.hashing().verify(Some(hash), password).await? {
        return Ok(Tried::Wrong);
    }
    let Some(cohort) = stored.cohort else {
        return Ok(Tried::SetHere);
    };
    let mut tx = cx.db().begin().await?;
    record(cx, &mut tx, user, cohort, ProvedBy::Pair).await?;
    tx.commit().await?;
    Ok(Tried::Right(cohort))
}

/// Remembers that a person's imported password was right. Once is enough.
///
/// # Errors
/// When the database fails.
pub(super) async fn record(
    cx: &Context,
    tx: &mut Tx,
    user: &UserId,
    cohort: Cohort,
    by: ProvedBy,
) -> Result<(), Error> {
    store::proofs::insert(tx, cx, user, cohort, by).await
}

/// How many people of each cohort were proved. One without proof is missing.
///
/// # Errors
/// When the database fails.
pub async fn count(tx: &mut Tx, cohorts: &[Cohort]) -> Result<HashMap<Cohort, i64>, Error> {
    store::proofs::count(tx, cohorts).await
}

/// The cohorts of these people's passwords. Who has no imported password is missing.
///
/// # Errors
/// When the database fails.
pub async fn cohorts_of(tx: &mut Tx, users: &[&UserId]) -> Result<HashMap<UserId, Cohort>, Error> {
    store::proofs::cohorts_of(tx, users).await
}
