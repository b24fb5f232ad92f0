//! From one step to the next.

use std::time::Duration;

use db::{Error, Tx};

use super::start::PATIENCE;
use super::step::{Account, Chooser, CodeStep, Next, Proofs, Step, Who, next};
use super::{SignIn, code, organization, person, store};
use crate::context::Context;
use crate::credentials::lockout::Locked;
use crate::error::{Code, Coded};
use crate::http::Client;
use crate::mail::MailError;
use crate::sessions::Started;
use crate::settings::SettingsError;
use crate::workflows::FireError;

/// A sign-in at its next step, and the session that has begun if that was the last one.
pub(super) struct Moved {
    pub(super) sign_in: SignIn,
    pub(super) session: Option<Started>,
}

/// The next step can't be taken.
#[derive(Debug, thiserror::Error)]
pub enum StepError {
    /// Another answer to the same page was faster. What it led to stands.
    #[error("another answer to this page came first")]
    Overtaken,
    /// The answer belongs to another step.
    #[error("the answer belongs to another step of the sign-in")]
    OutOfOrder,
    /// The person is kept from signing in.
    #[error("the account has been suspended")]
    Suspended,
    /// The person may not sign in to the organization that was asked for, or to any of theirs.
    #[error("the account doesn't belong to the organization")]
    NoAccess,
    /// The person was deleted meanwhile.
    #[error("the account was deleted")]
    Gone,
    /// Nobody has the address that was proved, neither here nor at the old system, and nobody may make an account.
    #[error("sign-up is closed")]
    SignUpClosed,
    /// A workflow refuses the person; what it says is for them.
    #[error("a workflow refused: {0}")]
    Denied(String),
    /// A workflow failed and stops the flow, or could not be run.
    #[error(transparent)]
    Workflow(#[from] FireError),
    /// One code after the other was asked for.
    #[error("too many codes were asked for; wait a few minutes")]
    TooManyCodes(Locked),
    /// The settings could not be read.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// A mail could not be written.
    #[error(transparent)]
    Mail(#[from] MailError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] Error),
}

impl Coded for StepError {
    fn code(&self) -> Code {
        match self {
            Self::Overtaken | Self::OutOfOrder => Code::INVALID_REQUEST,
            Self::Suspended
            | Self::NoAccess
            | Self::Gone
            | Self::SignUpClosed
            | Self::Denied(_) => Code::FORBIDDEN,
            Self::Workflow(error) => error.code(),
            Self::TooManyCodes(_) => Code::RATE_LIMITED,
            Self::Settings(error) => error.code(),
            Self::Mail(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }
}

/// Stores the next step.
pub(super) async fn step_to(
    cx: &Context,
    tx: &mut Tx,
    sign_in: SignIn,
    step: Step,
) -> Result<Moved, StepError> {
    step_to_within(cx, tx, sign_in, step, PATIENCE).await
}

/// Stores the next step, which may be left alone for so long.
pub(super) async fn step_to_within(
    cx: &Context,
    tx: &mut Tx,
    sign_in: SignIn,
    step: Step,
    patience: Duration,
) -> Result<Moved, StepError> {
    let expires_at = cx.now() + patience;
    if !store::advance(tx, &sign_in, &step, expires_at).await? {
        return Err(StepError::Overtaken);
    }
    let revision = sign_in.revision + 1;
    Ok(Moved {
        sign_in: SignIn {
            step,
            revision,
            expires_at,
            ..sign_in
        },
        session: None,
    })
}

/// Goes on with somebody who has proved this much.
pub(super) async fn proceed(
    cx: &Context,
    tx: &mut Tx,
    sign_in: SignIn,
    account: Account,
    proofs: Proofs,
    client: &Client,
) -> Result<Moved, StepError> {
    let person = person::load(cx, tx, &account)
        .await?
        .ok_or(StepError::Gone)?;
    match next(person.facts, proofs) {
        Next::Suspended => Err(StepError::Suspended),
        Next::ReadCode(letter) => {
            let typed = sign_in.step.typed().to_owned();
            let code = CodeStep {
                shown: person.shown(&typed),
                who: Who::Candidate(super::step::Candidate {
                    typed,
                    account: Some(account),
                }),
                mailbox: person.mailbox,
                letter,
                proofs: Some(proofs),
            };
            code::ask(cx, tx, sign_in, code).await
        }
        Next::ChoosePassword(reason) => {
            let whose = Chooser::User {
                account,
                name: person.name,
                proofs,
            };
            step_to(cx, tx, sign_in, Step::ChoosePassword { whose, reason }).await
        }
        Next::Organization => organization::decide(cx, tx, sign_in, account, proofs, client).await,
    }
}
