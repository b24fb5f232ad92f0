//! One person, who has just shown that the password is theirs: the batch of one.
//!
//! They go the way of everybody who is imported, by record, plan and writer, so that whoever arrives by either door is the same
//! person in the same tables, and is refused for the same reasons.

use std::time::Duration;

use db::Tx;
use import::UserRecord;
use import::plan::{Conflict, Plan};

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
    /// The password that they typed, hashed as ours are.
    pub password: password::Hash,
    /// Whether they must choose another one now.
    pub is_temporary: bool,
    /// The old system, such as `auth0`.
    pub provider: &'static str,
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

/// Makes the person, or gives the password to the person that they are here already. Opens its own transaction.
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
        password: Some(arrival.password.clone()),
        ..arrival.record.clone()
    };
    let directory = Directory::load(cx, tx, [&record].into_iter()).await?;
    directory.keep_known(&mut record);
    let found = find_people(cx, tx, None, &[&record]).await?;
    let here: Vec<_> = found.iter().map(|found| &found.person).collect();
    let planned = with_policy(cx, &Options::default(), |policy| {
        import::plan::plan(record, &here, policy)
    });
    let mut load = Load::default();
    match planned {
        Plan::Create(new) => {
            let source = Source::DripFeed {
                provider: arrival.provider,
            };
            load.create(cx, tx, &source, &directory, vec![new.record])
                .await?;
        }
        Plan::Update(changes) if changes.password.is_some() => {
            let person = found
                .into_iter()
                .find(|found| found.person.user_id == changes.user_id);
            let user = person.expect("a plan changes people that it was given").id;
            load.change(cx, tx, &directory, user, *changes).await?;
        }
        Plan::Update(_) | Plan::Unchanged { .. } => {
            return Err(Stop::Refused(ArriveError::HasPassword));
        }
        Plan::Conflict(conflict) => return Err(Stop::Refused(ArriveError::Conflict(conflict))),
    }
    let passwords = std::mem::take(&mut load.passwords);
    load.write(cx, tx).await?;
    let (user, hash) = passwords
        .into_iter()
        .next()
        .expect("the record has a password");
    let new = if arrival.is_temporary {
        NewPassword::temporary(SetBy::DripFeed)
    } else {
        NewPassword::set_by(SetBy::DripFeed)
    };
    passwords::put(cx, tx, &user, &hash, &new).await?;
    Ok(user)
}
