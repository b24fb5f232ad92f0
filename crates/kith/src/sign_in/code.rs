//! The proof by a code that was sent to an address.

use std::time::Duration;

use db::{Error, Tx};

use super::advance::{Moved, StepError, proceed, step_to, step_to_within};
use super::identify::{folded, subject};
use super::start::PATIENCE;
use super::step::{Account, Candidate, Chooser, CodeStep, Letter, Proofs, Step, Who};
use super::view::ChooseReason;
use super::{SignIn, hooks, take_over};
use crate::context::Context;
use crate::credentials::email_code::{self, Judgment};
use crate::credentials::lockout::{self, CountError, Locked, Subject};
use crate::drip_feed;
use crate::events::{self, Event};
use crate::http::Client;
use crate::mail::{self, view};
use crate::settings::{self, Policies};
use crate::users;

/// How many codes may be sent to somebody who uses none of them, before there is a pause.
const CODES_IN_A_ROW: u32 = 10;

/// How long that pause lasts.
const PAUSE: Duration = Duration::from_mins(15);

/// A code did not lead on.
#[derive(Debug, thiserror::Error)]
pub(super) enum CodeError {
    /// It is wrong, or was never sent.
    #[error("the code is wrong")]
    Wrong,
    /// It came too late.
    #[error("the code has expired")]
    Expired,
    /// It was tried too often.
    #[error("the code was tried too often")]
    Exhausted,
    /// There were too many failures.
    #[error(transparent)]
    Locked(#[from] Locked),
    /// The next step can't be taken.
    #[error(transparent)]
    Step(#[from] StepError),
}

impl From<Error> for CodeError {
    fn from(error: Error) -> Self {
        Self::Step(error.into())
    }
}

impl From<CountError> for CodeError {
    fn from(error: CountError) -> Self {
        match error {
            CountError::Locked(locked) => Self::Locked(locked),
            CountError::Settings(error) => Self::Step(error.into()),
            CountError::Db(error) => Self::Step(error.into()),
        }
    }
}

/// Sends a code and asks for it. Where there is nobody to write to, the same is done and nothing sent.
pub(super) async fn ask(
    cx: &Context,
    tx: &mut Tx,
    sign_in: SignIn,
    step: CodeStep,
) -> Result<Moved, StepError> {
    ration(cx, tx, &step.who).await?;
    let policies: Policies = settings::get(tx, &cx.environment().id).await?;
    let minutes = policies.otp_minutes;
    let code = email_code::make(cx, tx, &code_subject(&sign_in))
        .await?
        .reveal()
        .to_owned();
    let to = step
        .mailbox
        .as_ref()
        .map(|mailbox| mailbox.address.as_str());
    match step.letter {
        Letter::Verification => {
            mail::send(cx, tx, to, &view::VerificationCode { code, minutes }).await
        }
        Letter::Reset => mail::send(cx, tx, to, &view::ResetCode { code, minutes }).await,
        Letter::ExistingAccount => {
            mail::send(cx, tx, to, &view::ExistingAccount { code, minutes }).await
        }
    }?;
    let patience = PATIENCE.max(Duration::from_secs(60 * u64::from(minutes)));
    step_to_within(cx, tx, sign_in, Step::Code(step), patience).await
}

/// Whoever is written to is not to be flooded, be it one sign-in that asks or a hundred.
async fn ration(cx: &Context, tx: &mut Tx, who: &Who) -> Result<(), StepError> {
    match lockout::ration(cx, tx, &codes_of(who), CODES_IN_A_ROW, PAUSE).await {
        Ok(()) => Ok(()),
        Err(CountError::Locked(locked)) => Err(StepError::TooManyCodes(locked)),
        Err(CountError::Settings(error)) => Err(error.into()),
        Err(CountError::Db(error)) => Err(error.into()),
    }
}

/// Sends another code in place of the last one.
pub(super) async fn resend(cx: &Context, tx: &mut Tx, sign_in: SignIn) -> Result<Moved, StepError> {
    match sign_in.step.clone() {
        Step::Code(step) => ask(cx, tx, sign_in, step).await,
        _ => Err(StepError::OutOfOrder),
    }
}

/// Goes on with whoever read the code. Opens its own transactions: a wrong try has to stay counted.
pub(super) async fn prove(
    cx: &Context,
    sign_in: SignIn,
    typed: &str,
    client: &Client,
) -> Result<Moved, CodeError> {
    let Step::Code(mut step) = sign_in.step.clone() else {
        return Err(StepError::OutOfOrder.into());
    };
    let attempts = attempts_of(&step.who);
    lockout::count(cx, &attempts).await?;
    let mut tx = cx.db().begin().await?;
    let judgment = email_code::redeem(cx, &mut tx, &code_subject(&sign_in), typed).await?;
    let failure = match judgment {
        Judgment::Right if is_somebody(&step.who) => None,
        // Six digits that nobody was sent can be guessed; they prove nothing.
        Judgment::Right | Judgment::Wrong => Some(CodeError::Wrong),
        Judgment::Expired => Some(CodeError::Expired),
        Judgment::Exhausted => Some(CodeError::Exhausted),
    };
    if let Some(failure) = failure {
        tx.commit().await?;
        if let Who::Candidate(who) = step.who {
            remember_failure(cx, who.account, "email_code");
        }
        return Err(failure);
    }
    lockout::forgive(cx, &mut tx, &attempts).await?;
    lockout::forgive(cx, &mut tx, &codes_of(&step.who)).await?;
    if let Who::Newcomer(newcomer) = &step.who
        && drip_feed::can_find(cx, &mut tx)
            .await
            .map_err(StepError::from)?
    {
        // The code is used up; the old system may take its time.
        tx.commit().await?;
        step.who = take_over::known_over_there(cx, newcomer, step.letter, client).await?;
        tx = cx.db().begin().await?;
    }
    if let Some(account) = first_proof_of(&step)
        && hooks::watches_authentication(cx, &mut tx, &sign_in).await?
    {
        // The code is used up; a workflow may take its time.
        tx.commit().await?;
        hooks::authenticated(cx, &sign_in, &account, false, client).await?;
        tx = cx.db().begin().await?;
    }
    let moved = accept(cx, &mut tx, sign_in, step, client).await?;
    tx.commit().await?;
    Ok(moved)
}

/// Whose first proof the code is; none of somebody who has given one before, or who has no account yet.
fn first_proof_of(step: &CodeStep) -> Option<Account> {
    match &step.who {
        Who::Candidate(candidate) if step.proofs.is_none() => candidate.account.clone(),
        _ => None,
    }
}

async fn accept(
    cx: &Context,
    tx: &mut Tx,
    sign_in: SignIn,
    step: CodeStep,
    client: &Client,
) -> Result<Moved, StepError> {
    match step.who {
        Who::Newcomer(newcomer) => {
            let next = Step::ChoosePassword {
                whose: Chooser::Newcomer(newcomer),
                reason: ChooseReason::First,
            };
            step_to(cx, tx, sign_in, next).await
        }
        Who::Candidate(Candidate {
            account: Some(account),
            ..
        }) => {
            if let Some(identity) = step.mailbox.and_then(|mailbox| mailbox.identity) {
                users::verify_identity(cx, tx, &identity).await?;
            }
            let proofs = step.proofs.map_or(Proofs::CODE, |proofs| Proofs {
                has_read_code: true,
                ..proofs
            });
            proceed(cx, tx, sign_in, account, proofs, client).await
        }
        Who::Candidate(Candidate { account: None, .. }) => Err(StepError::Gone),
    }
}

/// Writes down that somebody failed to sign in as a person: beside the answer, which must not take longer because of it.
pub(super) fn remember_failure(cx: &Context, account: Option<Account>, method: &'static str) {
    let Some(account) = account else { return };
    let own = cx.clone();
    cx.spawn(async move {
        if let Err(error) = record_failure(&own, &account, method).await {
            tracing::warn!(cause = %error, "a failed sign-in could not be written down");
        }
    });
}

async fn record_failure(cx: &Context, account: &Account, method: &str) -> Result<(), Error> {
    let mut tx = cx.db().begin().await?;
    users::record_failed_sign_in(cx, &mut tx, &account.user).await?;
    let event = Event::UserAuthenticationFailed {
        user_id: account.user.clone(),
        method: method.to_owned(),
    };
    events::record(cx, &mut tx, &event).await?;
    tx.commit().await
}

/// Whose code it is: that of this sign-in alone.
fn code_subject(sign_in: &SignIn) -> String {
    format!("sign_in:{}", sign_in.id)
}

/// Whom codes count for: whoever has the identifier, be it nobody.
fn codes_of(who: &Who) -> Subject {
    let typed = match who {
        Who::Newcomer(newcomer) => &newcomer.email,
        Who::Candidate(candidate) => &candidate.typed,
    };
    Subject::codes_for(&folded(typed).unwrap_or_default())
}

/// Whom attempts count for.
fn attempts_of(who: &Who) -> Subject {
    match who {
        Who::Newcomer(newcomer) => subject(&Candidate {
            typed: newcomer.email.clone(),
            account: None,
        }),
        Who::Candidate(candidate) => subject(candidate),
    }
}

fn is_somebody(who: &Who) -> bool {
    matches!(
        who,
        Who::Newcomer(_)
            | Who::Candidate(Candidate {
                account: Some(_),
                ..
            })
    )
}
