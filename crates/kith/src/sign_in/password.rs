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
    let mut asked_for = None;
    let judged = judge(cx, &sign_in, (who, password), client, &mut asked_for).await;
    let account = match judged {
        Ok(account) => {
            remember_workflow(cx, asked_for, Ok(account.user.clone()));
            account
        }
        Err(no @ (PasswordError::Wrong | PasswordError::Invalid(_))) => {
            code::remember_failure(cx, who.account.clone(), "password");
            return Err(said_alike(cx, &sign_in, no, (begun, asked_for)).await?);
        }
        Err(error) => return Err(error),
    };
    hooks::authenticated(cx, &sign_in, &account, false, client).await?;
    let mut tx = cx.db().begin().await.map_err(StepError::from)?;
    let moved = proceed(cx, &mut tx, sign_in, account, Proofs::PASSWORD, client).await?;
    tx.commit().await.map_err(StepError::from)?;
    Ok(moved)
}

/// The no as everybody gets it: who has moved must not be told apart by a quicker answer, or by other words, from who is still asked
/// about at the old system.
async fn said_alike(
    cx: &Context,
    sign_in: &SignIn,
    no: PasswordError,
    (begun, asked_for): (Instant, Option<Duration>),
) -> Result<PasswordError, StepError> {
    let usual = hooks::no_to_a_password(cx, sign_in).await?;
    let mut says = None;
    if let PasswordError::Invalid(fields) = &no
        && let [(_, text)] = fields.as_slice()
        && hooks::are_its_words(cx, sign_in, text).await?
    {
        says = Some(text.clone());
    }
    let takes = begun.elapsed();
    remember_workflow(cx, asked_for, Err(drip_feed::No { takes, says }));
    tokio::time::sleep(usual.takes.saturating_sub(takes)).await;
    Ok(match (no, usual.says) {
        (PasswordError::Wrong, Some(text)) if asked_for.is_none() => {
            PasswordError::Invalid(vec![("p_password".to_owned(), text)])
        }
        (no, _) => no,
    })
}

/// Whose password it is: by what is stored here, else by what the old system says. A workflow is asked first, and may have made the
/// person by the time that it is done; where it was asked by this very call about somebody without a password here, `asked_for` tells
/// how long that took.
async fn judge(
    cx: &Context,
    sign_in: &SignIn,
    (who, password): (&Candidate, &Secret),
    client: &Client,
    asked_for: &mut Option<Duration>,
) -> Result<Account, PasswordError> {
    let mut tx = cx.db().read().await.map_err(StepError::from)?;
    let locked = lockout::locked_until(cx, &mut tx, &subject(who)).await;
    drop(tx);
    if let Some(until) = locked.map_err(StepError::from)? {
        return Err(PasswordError::Locked(Locked { until }));
    }
    let said = hooks::password_typed(cx, sign_in, who, password, client).await?;
    let now = match said {
        None => who.clone(),
        Some(said) if said.fields.is_empty() => {
            *asked_for = said.asked_for;
            let mut tx = cx.db().read().await.map_err(StepError::from)?;
            let found = candidate(cx, &mut tx, &who.typed).await;
            found.map_err(|_| StepError::OutOfOrder)?
        }
        Some(said) => {
            *asked_for = said.asked_for;
            // Counted, and hashed for nobody: it takes as long as a password that is wrong here.
            return match password::check(cx, None, &subject(who), password).await {
                Err(CheckError::Wrong) | Ok(_) => Err(PasswordError::Invalid(said.fields)),
                Err(error) => Err(error.into()),
            };
        }
    };
    let user = now.account.as_ref().map(|account| &account.user);
    if is_for_the_old_system(cx, user).await? {
        return ask_the_old_system(cx, &now, password, client).await;
    }
    password::check(cx, user, &subject(&now), password).await?;
    now.account.ok_or(PasswordError::Wrong)
}

/// Writes down what a workflow made of a password that could not be judged here: beside the answer, which must not take longer
/// because of it.
fn remember_workflow(
    cx: &Context,
    asked_for: Option<Duration>,
    came: Result<UserId, drip_feed::No>,
) {
    let Some(took) = asked_for else { return };
    let own = cx.clone();
    cx.spawn(async move {
        let judged = drip_feed::ByWorkflow { took, came };
        if let Err(error) = drip_feed::note_workflow(&own, judged).await {
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
