//! The proof by password.

use std::time::{Duration, Instant};

use db::Tx;

use super::advance::{Moved, StepError, proceed};
use super::identify::{candidate, folded, subject};
use super::step::{Account, Candidate, Proofs, Step};
use super::{SignIn, code, hooks};
use crate::context::Context;
use crate::credentials::lockout::{self, CountError, Locked};
use crate::credentials::password::{self, CheckError};
use crate::drip_feed::{self, Asked, Door, Move, MoveError};
use crate::hashing::Busy;
use crate::http::Client;
use crate::id::UserId;
use crate::secret::Secret;
use crate::users;

/// A password did not lead on.
#[derive(Debug, thiserror::Error)]
pub(super) enum PasswordError {
    /// It is wrong, or nobody has the identifier.
    #[error("the password is wrong")]
    Wrong,
    /// A workflow says so: fields with the messages under them.
    #[error("a workflow did not accept the password")]
    Invalid(Vec<(String, String)>),
    /// There were too many failures.
    #[error(transparent)]
    Locked(Locked),
    /// Too many sign-ins at once.
    #[error(transparent)]
    Busy(Busy),
    /// It could not be checked.
    #[error(transparent)]
    Check(CheckError),
    /// The old system could not be asked.
    #[error(transparent)]
    Move(MoveError),
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

impl From<CountError> for PasswordError {
    fn from(error: CountError) -> Self {
        CheckError::from(error).into()
    }
}

impl From<MoveError> for PasswordError {
    fn from(error: MoveError) -> Self {
        match error {
            MoveError::Locked(locked) => Self::Locked(locked),
            error => Self::Move(error),
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
    let begun = Instant::now();
    let account = match judge(cx, &sign_in, who, password, client).await {
        Err(PasswordError::Wrong) => {
            code::remember_failure(cx, who.account.clone(), "password");
            // Who has moved must not be told apart by a quicker answer from who is still asked about at the old system.
            if let Some(time) = drip_feed::time_of_a_no(cx).await.map_err(StepError::from)? {
                tokio::time::sleep(time.saturating_sub(begun.elapsed())).await;
            }
            return Err(PasswordError::Wrong);
        }
        judged => judged?,
    };
    hooks::authenticated(cx, &sign_in, &account, false, client).await?;
    let mut tx = cx.db().begin().await.map_err(StepError::from)?;
    let moved = proceed(cx, &mut tx, sign_in, account, Proofs::PASSWORD, client).await?;
    tx.commit().await.map_err(StepError::from)?;
    Ok(moved)
}

/// Whose password it is: by what is stored here, else by what the old system says. A workflow is asked first, and may have made the
/// person by the time that it is done.
async fn judge(
    cx: &Context,
    sign_in: &SignIn,
    who: &Candidate,
    password: &Secret,
    client: &Client,
) -> Result<Account, PasswordError> {
    let mut tx = cx.db().read().await.map_err(StepError::from)?;
    let locked = lockout::locked_until(cx, &mut tx, &subject(who)).await;
    drop(tx);
    if let Some(until) = locked.map_err(StepError::from)? {
        return Err(PasswordError::Locked(Locked { until }));
    }
    let said = hooks::password_typed(cx, sign_in, who, password, client).await?;
    let (now, asked_for) = match said {
        None => (who.clone(), None),
        Some(said) if said.fields.is_empty() => {
            let mut tx = cx.db().read().await.map_err(StepError::from)?;
            let found = candidate(cx, &mut tx, &who.typed).await;
            let found = found.map_err(|_| StepError::OutOfOrder)?;
            (found, said.asked_for)
        }
        Some(said) => {
            lockout::count(cx, &subject(who)).await?;
            remember_workflow(cx, None, said.asked_for);
            return Err(PasswordError::Invalid(said.fields));
        }
    };
    let user = now.account.as_ref().map(|account| &account.user);
    if is_for_the_old_system(cx, user).await? {
        return ask_the_old_system(cx, &now, password, client).await;
    }
    let checked = password::check(cx, user, &subject(&now), password).await;
    match &checked {
        Ok(_) => remember_workflow(cx, user, asked_for),
        Err(CheckError::Wrong) => remember_workflow(cx, None, asked_for),
        Err(_) => {}
    }
    checked?;
    now.account.ok_or(PasswordError::Wrong)
}

/// Writes down what a workflow made of a password that could not be judged here: beside the answer, which must not take longer
/// because of it.
fn remember_workflow(cx: &Context, moved: Option<&UserId>, asked_for: Option<Duration>) {
    let Some(took) = asked_for else { return };
    let (own, moved) = (cx.clone(), moved.cloned());
    cx.spawn(async move {
        if let Err(error) = drip_feed::note_workflow(&own, moved, took).await {
            tracing::warn!(cause = %error, "what a workflow said of a password could not be written down");
        }
    });
}

/// Whether only the old system can tell: there is no password here, and it is asked.
async fn is_for_the_old_system(cx: &Context, user: Option<&UserId>) -> Result<bool, StepError> {
    let mut tx = cx.db().read().await?;
    if let Some(user) = user
        && password::status(&mut tx, user).await?.is_some()
    {
        return Ok(false);
    }
    Ok(drip_feed::is_on(cx, &mut tx).await?)
}

async fn ask_the_old_system(
    cx: &Context,
    who: &Candidate,
    password: &Secret,
    client: &Client,
) -> Result<Account, PasswordError> {
    let subject = subject(who);
    lockout::count(cx, &subject).await?;
    let asked = Asked {
        identifier: who.typed.clone(),
        folded: folded(&who.typed).unwrap_or_default(),
        door: Door::SignIn,
        caller: client.address,
    };
    let outcome = drip_feed::moved(cx, asked, password).await;
    let is_judged = matches!(outcome, Ok(Move::Moved(_) | Move::Wrong));
    let mut tx = cx.db().begin().await.map_err(StepError::from)?;
    if !is_judged {
        lockout::take_back(cx, &mut tx, &subject)
            .await
            .map_err(StepError::from)?;
    }
    let moved = match outcome? {
        Move::Moved(moved) => moved,
        Move::Here => {
            let now = candidate(cx, &mut tx, &who.typed).await;
            let now = now.map_err(|_| StepError::OutOfOrder)?;
            tx.commit().await.map_err(StepError::from)?;
            let user = now.account.as_ref().map(|account| &account.user);
            password::check(cx, user, &super::identify::subject(&now), password).await?;
            return now.account.ok_or(PasswordError::Wrong);
        }
        Move::Wrong | Move::Unanswered | Move::NotAsked => {
            tx.commit().await.map_err(StepError::from)?;
            return Err(PasswordError::Wrong);
        }
    };
    lockout::forgive(cx, &mut tx, &subject)
        .await
        .map_err(StepError::from)?;
    let account = account_of(cx, &mut tx, &moved.user, &who.typed)
        .await
        .map_err(StepError::from)?;
    tx.commit().await.map_err(StepError::from)?;
    account.ok_or(StepError::Gone.into())
}

/// The person who has moved, by the name that they typed; by another one of theirs where that one is not known here.
pub(super) async fn account_of(
    cx: &Context,
    tx: &mut Tx,
    user: &UserId,
    typed: &str,
) -> Result<Option<Account>, db::Error> {
    let found = users::find_by_any_identifier(cx, tx, typed).await?;
    let identity = match found.filter(|(found, _)| found.id == *user) {
        Some((_, identity)) => Some(identity),
        None => users::identities(tx, user)
            .await?
            .into_iter()
            .find(|identity| identity.is_primary),
    };
    Ok(identity.map(|identity| Account {
        user: user.clone(),
        identity: identity.id,
    }))
}
