//! The question itself: may this password move somebody, and if so, the move.

use std::net::IpAddr;
use std::time::{Duration, Instant};

use import::identifier::{EmailAddress, Identifier, PhoneNumber, Username};
use import::{Identity, UserRecord};

use super::configuration::{self, Configuration, ConfigureError};
use super::connector::{Lookup, NotRight, Question};
use super::log::{self, Came};
use super::once::{self, Claim, Turn};
use super::store;
use crate::context::Context;
use crate::credentials::lockout::{self, CountError, Locked, Subject};
use crate::credentials::password;
use crate::error::{Code, Coded};
use crate::id::UserId;
use crate::imports::{self, Arrival, ArriveError, ArrivingPassword};
use crate::secret::Secret;
use crate::settings::SettingsError;

/// How long the old system may take.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// How many passwords in a row may be wrong that come from one address, be it that of a whole office, before there is a pause.
const WRONG_IN_A_ROW: u32 = 50;

/// How long that pause lasts.
const PAUSE: Duration = Duration::from_mins(5);

/// Where a person stands who typed a password that we can't judge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// They sign in.
    SignIn,
    /// They make an account: with the password that they had, or with an address that the old system knows.
    SignUp,
    /// They forgot the password, and have read a code at an address that the old system knows.
    Reset,
}

impl Door {
    /// As it is stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::SignUp => "sign_up",
            Self::Reset => "reset",
        }
    }
}

/// Somebody without a password here, who typed one.
#[derive(Debug, Clone)]
pub struct Asked {
    /// As they typed who they are.
    pub identifier: String,
    /// As it is compared.
    pub folded: String,
    /// Where they stand.
    pub door: Door,
    /// Where they sit.
    pub caller: IpAddr,
}

/// Somebody moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// The person.
    pub user: UserId,
}

/// What came of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Move {
    /// The password is right; the person is here now, and has it.
    Moved(Moved),
    /// The same question has moved the person a moment ago. By now what is stored here counts.
    Here,
    /// The password is wrong, or may not move anybody.
    Wrong,
    /// Nobody knows: the old system is down, slow, or left alone. Not to be held against the person.
    Unanswered,
    /// No old system is asked.
    NotAsked,
}

/// A question could not be asked.
#[derive(Debug, thiserror::Error)]
pub enum MoveError {
    /// Too many wrong passwords came from the person's address.
    #[error(transparent)]
    Locked(Locked),
    /// What is configured can't be read.
    #[error(transparent)]
    Configuration(#[from] ConfigureError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl From<CountError> for MoveError {
    fn from(error: CountError) -> Self {
        match error {
            CountError::Locked(locked) => Self::Locked(locked),
            CountError::Settings(error) => Self::Configuration(error.into()),
            CountError::Db(error) => Self::Db(error),
        }
    }
}

impl From<SettingsError> for MoveError {
    fn from(error: SettingsError) -> Self {
        Self::Configuration(error.into())
    }
}

impl Coded for MoveError {
    fn code(&self) -> Code {
        match self {
            Self::Locked(_) => Code::LOCKED,
            Self::Configuration(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }
}

/// Asks the old system, once, whether the password is right, and moves the person if it is. Slow: opens its own transactions
/// around the call. Goes on to its end even if whoever waits for it goes away.
///
/// # Errors
/// [`MoveError`]; that the old system has no answer is [`Move::Unanswered`].
pub async fn moved(cx: &Context, asked: Asked, password: &Secret) -> Result<Move, MoveError> {
    let mut tx = cx.db().read().await?;
    let configuration = configuration::configuration(cx, &mut tx).await?;
    let Some(configuration) = configuration.filter(|configuration| configuration.is_on) else {
        return Ok(Move::NotAsked);
    };
    if store::health(&mut tx, cx).await?.is_paused(cx.now()) {
        return Ok(Move::Unanswered);
    }
    drop(tx);
    match once::turn(
        cx,
        configuration.connector.name,
        (&asked.folded, password),
        PATIENCE,
    )
    .await?
    {
        Turn::Theirs(answer) => Ok(read(answer.as_deref())),
        Turn::Ours(claim) => {
            let (own, password) = (cx.clone(), password.clone());
            let (tell, told) = tokio::sync::oneshot::channel();
            cx.spawn(async move {
                let outcome = ask(&own, &configuration, &asked, &password, &claim).await;
                // Nobody may be waiting any more.
                let _ = tell.send(outcome);
            });
            // The task ends without telling only when the process does.
            told.await.unwrap_or(Ok(Move::Unanswered))
        }
    }
}

async fn ask(
    cx: &Context,
    configuration: &Configuration,
    asked: &Asked,
    password: &Secret,
    claim: &Claim,
) -> Result<Move, MoveError> {
    let from = Subject::asking_from(&asked.caller.to_string());
    let mut tx = cx.db().begin().await?;
    let allowed = lockout::ration(cx, &mut tx, &from, WRONG_IN_A_ROW, PAUSE).await;
    if let Err(refused) = allowed {
        tx.rollback().await;
        once::answer(cx, claim, "unanswered").await?;
        return Err(refused.into());
    }
    tx.commit().await?;
    let question = Question {
        whose: Lookup {
            app: cx,
            values: &configuration.values,
            identifier: &asked.identifier,
            caller: Some(asked.caller),
            patience: PATIENCE,
        },
        password,
    };
    let begun = Instant::now();
    let told = configuration.connector.ask(&question).await;
    let took = begun.elapsed();
    let judged = match &told {
        Ok(_) => Ok(()),
        Err(not_right) => Err(not_right),
    };
    let verdict = match &told {
        Ok(record) => {
            let record = record_of(
                record.clone(),
                &asked.identifier,
                configuration.trusts_addresses,
            );
            settle(cx, configuration, record, password).await
        }
        Err(not_right) => Verdict::of(not_right),
    };
    let mut tx = cx.db().begin().await?;
    if told.is_ok() || !told.as_ref().is_err_and(NotRight::is_an_answer) {
        lockout::forgive(cx, &mut tx, &from).await?;
    }
    let on = (configuration.connector.name, asked.door);
    log::note(cx, &mut tx, on, (judged, took), verdict.came()).await?;
    tx.commit().await?;
    once::answer(cx, claim, verdict.answer()).await?;
    Ok(verdict.outcome)
}

/// What becomes of somebody whose password is right over there.
async fn settle(
    cx: &Context,
    configuration: &Configuration,
    record: UserRecord,
    password: &Secret,
) -> Verdict {
    let refused = |outcome, reason: String| Verdict {
        outcome,
        name: "refused",
        reason: Some(reason),
    };
    let Ok(hash) = cx.hashing().hash(password, cx.random_bytes()).await else {
        let reason = "too many passwords are hashed at once; the person can try again".to_owned();
        return refused(Move::Unanswered, reason);
    };
    let arrival = Arrival {
        record,
        password: Some(ArrivingPassword {
            hash,
            is_temporary: password::accept(cx, password).is_err(),
        }),
        provider: configuration.connector.name,
    };
    match imports::arrive(cx, &arrival).await {
        Ok(user) => Verdict {
            outcome: Move::Moved(Moved { user }),
            name: "moved",
            reason: None,
        },
        Err(ArriveError::HasPassword) => {
            let reason =
                "the person is here under another address and has a password here, which counts";
            refused(Move::Wrong, reason.to_owned())
        }
        Err(ArriveError::Conflict(conflict)) => refused(Move::Wrong, conflict.reason),
        Err(error @ (ArriveError::Overtaken | ArriveError::Db(_))) => {
            tracing::error!(cause = %error, "somebody whose old password was right could not be moved");
            refused(Move::Unanswered, error.to_string())
        }
    }
}

/// What came of a question, and what is remembered of it.
struct Verdict {
    outcome: Move,
    name: &'static str,
    reason: Option<String>,
}

impl Verdict {
    fn of(not_right: &NotRight) -> Self {
        Self {
            outcome: if not_right.is_an_answer() {
                Move::Wrong
            } else {
                Move::Unanswered
            },
            name: not_right.as_str(),
            reason: not_right.reason().map(str::to_owned),
        }
    }

    /// As those read it who wait.
    fn answer(&self) -> &'static str {
        match &self.outcome {
            Move::Moved(_) | Move::Here => "moved",
            Move::Wrong => "wrong",
            Move::Unanswered | Move::NotAsked => "unanswered",
        }
    }

    fn came(&self) -> Came {
        Came {
            outcome: self.name,
            reason: self.reason.clone(),
            moved: match &self.outcome {
                Move::Moved(moved) => Some(moved.user.clone()),
                _ => None,
            },
        }
    }
}

/// The answer that another task has got.
fn read(answer: Option<&str>) -> Move {
    match answer {
        Some("moved") => Move::Here,
        Some("wrong") => Move::Wrong,
        _ => Move::Unanswered,
    }
}

/// The record with the name by which the person came, which the old system took for theirs.
pub(super) fn record_of(
    mut record: UserRecord,
    identifier: &str,
    trusts_addresses: bool,
) -> UserRecord {
    let Some(typed) = parsed(identifier) else {
        return record;
    };
    let is_typed = |identity: &Identity| identity.identifier.is(&typed.kind(), typed.folded());
    if !record.identities.iter().any(is_typed) {
        record.identities.push(Identity::new(typed.clone()));
    }
    if trusts_addresses {
        for identity in record
            .identities
            .iter_mut()
            .filter(|identity| is_typed(identity))
        {
            identity.verified = identity.verified.or(Some(true));
        }
    }
    record
}

fn parsed(identifier: &str) -> Option<Identifier> {
    EmailAddress::parse(identifier)
        .map(Identifier::Email)
        .ok()
        .or_else(|| PhoneNumber::parse(identifier).map(Identifier::Phone).ok())
        .or_else(|| Username::parse(identifier).map(Identifier::Username).ok())
}
