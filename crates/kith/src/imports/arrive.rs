//! One person, who has just shown that the password is theirs: the batch of one.
//!
//! They go the way of everybody who is imported, by record, plan and writer, so that whoever arrives by either door is the same
//! person in the same tables, and is refused for the same reasons.

use std::time::Duration;

use db::Tx;
use import::UserRecord;
use import::plan::{Conflict, KnownPassword, Plan};

use super::Options;
use super::batch::{find_people, with_policy};
use super::resolve::Directory;
use super::writer::{Load, WriteError};
use crate::context::Context;
use crate::credentials::password::{self as passwords, NewPassword, SetBy};
use crate::id::UserId;
use crate::users::Source;

/// How often it is tried again because somebody else was faster.
const ATTEMPTS: u32 = 5;

/// How much longer to wait before each further attempt.
const PAUSE: Duration = Duration::from_millis(20);

/// Somebody who moves.
pub struct Arrival {
    /// Who they are, as the old system tells.
    pub record: UserRecord,
    /// The password that they typed; none where they have proved an address instead, and choose one next.
    pub password: Option<ArrivingPassword>,
    /// The old system, such as `auth0`.
    pub provider: &'static str,
}

/// A password that somebody brings.
pub struct ArrivingPassword {
    /// Hashed as ours are.
    pub hash: password::Hash,
    /// Whether they must choose another one now.
    pub is_temporary: bool,
}

/// Somebody could not move.
#[derive(Debug, thiserror::Error)]
pub enum ArriveError {
    /// They contradict somebody who is here.
    #[error("{}", .0.reason)]
    Conflict(Conflict),
    /// They are here already, and the password that they have here counts.
    #[error("the person has a password here")]
    HasPassword,
    /// Others took what the record brings, again and again.
    #[error("somebody else was faster")]
    Overtaken,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// Makes the person, or gives the password and the profile to the person that they are here already, unless that one has a
/// password. Opens its own transaction.
///
/// # Errors
/// [`ArriveError`]; nothing has changed then.
pub async fn arrive(cx: &Context, arrival: &Arrival) -> Result<UserId, ArriveError> {
    for attempt in 1..=ATTEMPTS {
        let mut tx = cx.db().begin().await?;
        match write(cx, &mut tx, arrival).await {
            Ok(user) => {
                tx.commit().await?;
                return Ok(user);
            }
            Err(Stop::Refused(error)) => return Err(error),
            Err(Stop::Overtaken) => {
                tx.rollback().await;
                tokio::time::sleep(PAUSE * attempt).await;
            }
        }
    }
    Err(ArriveError::Overtaken)
}

/// Why an attempt was not the last, or was.
enum Stop {
    Overtaken,
    Refused(ArriveError),
}

impl From<WriteError> for Stop {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Overtaken | WriteError::TakenOver => Self::Overtaken,
            WriteError::Db(error) => Self::Refused(error.into()),
        }
    }
}

impl From<db::Error> for Stop {
    fn from(error: db::Error) -> Self {
        WriteError::from(error).into()
    }
}

async fn write(cx: &Context, tx: &mut Tx, arrival: &Arrival) -> Result<UserId, Stop> {
    let mut record = UserRecord {
        password: arrival.password.as_ref().map(|new| new.hash.clone()),
        ..arrival.record.clone()
    };
    let directory = Directory::load(cx, tx, [&record].into_iter()).await?;
    directory.keep_known(&mut record);
    let found = find_people(cx, tx, None, &[&record]).await?;
    let here: Vec<_> = found.iter().map(|found| &found.person).collect();
    let planned = with_policy(cx, &Options::default(), |policy| {
        import::plan::plan(record, &here, policy)
    });
    let is_open = |user_id: &str| {
        let person = here.iter().find(|person| person.user_id == user_id);
        person.is_some_and(|person| person.password == KnownPassword::None)
    };
    let mut load = Load::default();
    let id_of = |user_id: &str| {
        let person = found.iter().find(|found| found.person.user_id == user_id);
        let person = person.expect("a plan is about people that it was given");
        person.id.clone()
    };
    let user = match planned {
        Plan::Create(new) => {
            let source = Source::DripFeed {
                provider: arrival.provider,
            };
            load.create(cx, tx, &source, &directory, vec![new.record])
                .await?
                .remove(0)
        }
        Plan::Update(changes)
            if changes.password.is_some()
                || (arrival.password.is_none() && is_open(&changes.user_id)) =>
        {
            let user = id_of(&changes.user_id);
            load.change(cx, tx, &directory, user.clone(), *changes)
                .await?;
            user
        }
        Plan::Unchanged { user_id } if arrival.password.is_none() && is_open(&user_id) => {
            id_of(&user_id)
        }
        Plan::Update(_) | Plan::Unchanged { .. } => {
            return Err(Stop::Refused(ArriveError::HasPassword));
        }
        Plan::Conflict(conflict) => return Err(Stop::Refused(ArriveError::Conflict(conflict))),
    };
    let passwords = std::mem::take(&mut load.passwords);
    load.write(cx, tx).await?;
    let brought = passwords.into_iter().next().map(|(_, hash)| hash);
    if let (Some(hash), Some(new)) = (brought, &arrival.password) {
        let new = if new.is_temporary {
            NewPassword::temporary(SetBy::DripFeed)
        } else {
            NewPassword::set_by(SetBy::DripFeed)
        };
        passwords::put(cx, tx, &user, &hash, &new).await?;
    }
    Ok(user)
}
