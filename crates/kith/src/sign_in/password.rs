//! The proof by password.

use super::advance::{Moved, StepError, proceed};
use super::identify::subject;
use super::step::{Proofs, Step};
use super::{SignIn, code};
use crate::context::Context;
use crate::credentials::lockout::Locked;
use crate::credentials::password::{self, CheckError};
use crate::hashing::Busy;
use crate::http::Client;
use crate::secret::Secret;

/// A password did not lead on.
#[derive(Debug, thiserror::Error)]
pub(super) enum PasswordError {
    /// It is wrong, or nobody has the identifier.
    #[error("the password is wrong")]
    Wrong,
    /// There were too many failures.
    #[error(transparent)]
    Locked(Locked),
    /// Too many sign-ins at once.
    #[error(transparent)]
    Busy(Busy),
    /// It could not be checked.
    #[error(transparent)]
    Check(CheckError),
    /// The next step can't be taken.
    #[error(transparent)]
    Step(#[from] StepError),
}

impl From<CheckError> for PasswordError {
    fn from(error: CheckError) -> Self {
        match error {
            CheckError::Wrong => Self::Wrong,
            CheckError::Locked(locked) => Self::Locked(locked),
            CheckError::Busy(busy) => Self::Busy(busy),
            other => Self::Check(other),
        }
    }
}

/// Goes on with whoever knows the password. Slow: opens its own transactions around the hashing.
pub(super) async fn prove(
    cx: &Context,
    sign_in: SignIn,
    password: &Secret,
    client: &Client,
) -> Result<Moved, PasswordError> {
    let Step::Password { who } = &sign_in.step else {
        return Err(StepError::OutOfOrder.into());
    };
    let (who, user) = (
        who.clone(),
        who.account.as_ref().map(|account| &account.user),
    );
    if let Err(error) = password::check(cx, user, &subject(&who), password).await {
        if matches!(error, CheckError::Wrong) {
            code::remember_failure(cx, who.account, "password");
        }
        return Err(error.into());
    }
    let account = who.account.ok_or(PasswordError::Wrong)?;
    let mut tx = cx.db().begin().await.map_err(StepError::from)?;
    let moved = proceed(cx, &mut tx, sign_in, account, Proofs::PASSWORD, client).await?;
    tx.commit().await.map_err(StepError::from)?;
    Ok(moved)
}
