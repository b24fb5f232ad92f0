//! The SQL of questions, checks and the old system's health.

pub(super) mod resets;

use db::{Error, FromRow, Row, Tx, sql};

use super::health::{Health, WorkflowNo};
use super::statistics::Counted;
use crate::context::Context;
use crate::id::UserId;
use crate::time::Timestamp;

/// Takes a question that nobody asks now, or whose answer is old.
pub(super) async fn claim(
    tx: &mut Tx,
    cx: &Context,
    (fingerprint, owner): (&str, &str),
    until: Timestamp,
) -> Result<bool, Error> {
    let n_rows = sql("
        insert into drip_feed_questions (environment_id, fingerprint, asked_by, answer, expires_at)
        values ($1, $2, $3, null, $4)
        on conflict (environment_id, fingerprint) do update
           set asked_by = excluded.asked_by,
               answer = null,
               expires_at = excluded.expires_at
         where drip_feed_questions.expires_at < $5")
    .bind(&cx.environment().id)
    .bind(fingerprint)
    .bind(owner)
    .bind(until)
    .bind(cx.now())
    .execute(tx)
    .await?;
    Ok(n_rows > 0)
}

/// The answer to a question, once there is one.
pub(super) async fn answer(
    tx: &mut Tx,
    cx: &Context,
    fingerprint: &str,
) -> Result<Option<String>, Error> {
    let found: Option<Answer> = sql("
        select answer
          from drip_feed_questions
         where environment_id = $1
           and fingerprint = $2")
    .bind(&cx.environment().id)
    .bind(fingerprint)
    .fetch_optional(tx)
    .await?;
    Ok(found.and_then(|found| found.0))
}

struct Answer(Option<String>);

impl FromRow for Answer {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self(row.get("answer")?))
    }
}

pub(super) async fn put_answer(
    tx: &mut Tx,
    cx: &Context,
    (fingerprint, owner): (&str, &str),
    (answer, until): (&str, Timestamp),
) -> Result<(), Error> {
    sql("
        update drip_feed_questions
           set answer = $4,
               expires_at = $5
         where environment_id = $1
           and fingerprint = $2
           and asked_by = $3")
    .bind(&cx.environment().id)
    .bind(fingerprint)
    .bind(owner)
    .bind(answer)
    .bind(until)
    .execute(tx)
    .await?;
    Ok(())
}

pub(super) async fn forget_old_questions(tx: &mut Tx, now: Timestamp) -> Result<(), Error> {
    sql("delete from drip_feed_questions where expires_at < $1")
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

impl FromRow for Health {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            failures: row.get("failures")?,
            paused_until: row.get("paused_until")?,
            typical_ms: row.get("typical_ms")?,
        })
    }
}

pub(super) async fn health(tx: &mut Tx, cx: &Context) -> Result<Health, Error> {
    let found = sql("
        select failures, paused_until, typical_ms
          from drip_feed_health
         where environment_id = $1")
    .bind(&cx.environment().id)
    .fetch_optional(tx)
    .await?;
    Ok(found.unwrap_or_default())
}

pub(super) async fn put_health(tx: &mut Tx, cx: &Context, health: Health) -> Result<(), Error> {
    sql("
        insert into drip_feed_health (environment_id, failures, paused_until, typical_ms)
        values ($1, $2, $3, $4)
        on conflict (environment_id) do update
           set failures = excluded.failures,
               paused_until = excluded.paused_until,
               typical_ms = excluded.typical_ms")
    .bind(&cx.environment().id)
    .bind(health.failures)
    .bind(health.paused_until)
    .bind(health.typical_ms)
    .execute(tx)
    .await?;
    Ok(())
}

impl FromRow for WorkflowNo {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            takes_ms: row.get("workflow_ms")?,
            says: row.get("workflow_says")?,
        })
    }
}

pub(super) async fn workflow_no(tx: &mut Tx, cx: &Context) -> Result<WorkflowNo, Error> {
    let found = sql("
        select workflow_ms, workflow_says
          from drip_feed_health
         where environment_id = $1")
    .bind(&cx.environment().id)
    .fetch_optional(tx)
    .await?;
    Ok(found.unwrap_or_default())
}

pub(super) async fn put_workflow_no(
    tx: &mut Tx,
    cx: &Context,
    no: &WorkflowNo,
) -> Result<(), Error> {
    sql("
        insert into drip_feed_health (environment_id, failures, typical_ms, workflow_ms, workflow_says)
        values ($1, 0, 0, $2, $3)
        on conflict (environment_id) do update
           set workflow_ms = excluded.workflow_ms,
               workflow_says = excluded.workflow_says")
    .bind(&cx.environment().id)
    .bind(no.takes_ms)
    .bind(no.says.as_deref())
    .execute(tx)
    .await?;
    Ok(())
}

/// A check of a password at the old system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// How it was asked: a connector's name.
    pub connector: String,
    /// Where the person stood: `sign_in`, `sign_up` or `reset`.
    pub door: String,
    /// `moved`, `wrong`, `unknown`, `locked`, `too_many`, `slow`, `down`, `unclear`, or `refused` by what is here.
    pub outcome: String,
    /// What happened, where that helps.
    pub reason: Option<String>,
    /// Who was moved.
    pub user_id: Option<UserId>,
    /// How long it took, in milliseconds.
    pub took_ms: i64,
    /// When.
    pub checked_at: Timestamp,
}

impl FromRow for Check {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            connector: row.get("connector")?,
            door: row.get("door")?,
            outcome: row.get("outcome")?,
            reason: row.get("reason")?,
            user_id: row.get("user_id")?,
            took_ms: row.get("took_ms")?,
            checked_at: row.get("checked_at")?,
        })
    }
}

pub(super) async fn insert_check(tx: &mut Tx, cx: &Context, check: &Check) -> Result<(), Error> {
    sql("
        insert into drip_feed_checks (id, environment_id, connector, door, outcome, reason, user_id, took_ms, checked_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
    .bind(cx.new_id::<crate::id::DripFeedCheckId>())
    .bind(&cx.environment().id)
    .bind(&check.connector)
    .bind(&check.door)
    .bind(&check.outcome)
    .bind(check.reason.as_deref())
    .bind(check.user_id.as_ref())
    .bind(check.took_ms)
    .bind(check.checked_at)
    .execute(tx)
    .await?;
    Ok(())
}

/// The newest checks, newest first, at most so many.
///
/// # Errors
/// When the database fails.
pub async fn checks(cx: &Context, tx: &mut Tx, at_most: i64) -> Result<Vec<Check>, Error> {
    sql("
        select connector, door, outcome, reason, user_id, took_ms, checked_at
          from drip_feed_checks
         where environment_id = $1
         order by checked_at desc, id desc
         limit $2")
    .bind(&cx.environment().id)
    .bind(at_most)
    .fetch_all(tx)
    .await
}

/// The newest checks that moved nobody for another reason than a wrong password, newest first, at most so many.
///
/// # Errors
/// When the database fails.
pub async fn failures(cx: &Context, tx: &mut Tx, at_most: i64) -> Result<Vec<Check>, Error> {
    sql("
        select connector, door, outcome, reason, user_id, took_ms, checked_at
          from drip_feed_checks
         where environment_id = $1
           and outcome not in ('moved', 'wrong', 'unknown')
         order by checked_at desc, id desc
         limit $2")
    .bind(&cx.environment().id)
    .bind(at_most)
    .fetch_all(tx)
    .await
}

/// Forgets checks that moved nobody and are older than this.
pub(super) async fn forget_old_checks(tx: &mut Tx, before: Timestamp) -> Result<u64, Error> {
    sql("delete from drip_feed_checks where checked_at < $1 and outcome <> 'moved'")
        .bind(before)
        .execute(tx)
        .await
}

/// Who is still to move, of the table `users`: people who were brought here, have no password, and have not signed in.
const WAITING: &str = "
               users.import_run_id is not null
           and users.total_sign_ins = 0
           and not exists (select 1 from passwords where passwords.user_id = users.id)";

/// How many are still to move.
pub(super) async fn count_waiting(tx: &mut Tx, cx: &Context) -> Result<i64, Error> {
    sql(format!(
        "select count(*)
           from users
          where users.environment_id = $1
            and {WAITING}"
    ))
    .bind(&cx.environment().id)
    .fetch_one(tx)
    .await
}

/// Somebody whom the old system is still needed for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Their id.
    pub id: UserId,
    /// Their id at the old system.
    pub provided_id: Option<String>,
    /// Their primary address.
    pub email: Option<String>,
}

impl FromRow for Waiting {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: row.get("id")?,
            provided_id: row.get("provided_id")?,
            email: row.get("email")?,
        })
    }
}

/// Those who are still to come, in the order of their ids, after this one.
pub(super) async fn waiting(
    tx: &mut Tx,
    cx: &Context,
    after: &str,
    at_most: i64,
) -> Result<Vec<Waiting>, Error> {
    sql(format!(
        "select users.id,
                users.provided_id,
                (select identities.value
                   from identities
                  where identities.user_id = users.id
                    and identities.kind = 'email'
                    and identities.is_primary) as email
           from users
          where users.environment_id = $1
            and users.id > $2
            and {WAITING}
          order by users.id
          limit $3"
    ))
    .bind(&cx.environment().id)
    .bind(after)
    .bind(at_most)
    .fetch_all(tx)
    .await
}

pub(super) async fn count_moved(tx: &mut Tx, cx: &Context) -> Result<i64, Error> {
    sql("select count(*) from drip_feed_checks where environment_id = $1 and outcome = 'moved'")
        .bind(&cx.environment().id)
        .fetch_one(tx)
        .await
}

/// Moves by number of the day since the epoch.
pub(super) async fn moves_by_day(
    tx: &mut Tx,
    cx: &Context,
    since: Timestamp,
    day: i64,
) -> Result<Vec<(i64, i64)>, Error> {
    let rows: Vec<Pair> = sql("
        select checked_at / $3 as number, count(*) as moved
          from drip_feed_checks
         where environment_id = $1
           and outcome = 'moved'
           and checked_at >= $2
         group by 1")
    .bind(&cx.environment().id)
    .bind(since)
    .bind(day)
    .fetch_all(tx)
    .await?;
    Ok(rows.into_iter().map(|pair| (pair.0, pair.1)).collect())
}

struct Pair(i64, i64);

impl FromRow for Pair {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self(row.get("number")?, row.get("moved")?))
    }
}

impl FromRow for Counted {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            name: row.get("name")?,
            count: row.get("n")?,
        })
    }
}

pub(super) async fn moves_by_door(tx: &mut Tx, cx: &Context) -> Result<Vec<Counted>, Error> {
    sql("
        select door as name, count(*) as n
          from drip_feed_checks
         where environment_id = $1
           and outcome = 'moved'
         group by door
         order by 2 desc, 1")
    .bind(&cx.environment().id)
    .fetch_all(tx)
    .await
}

pub(super) async fn checks_by_outcome(
    tx: &mut Tx,
    cx: &Context,
    since: Timestamp,
) -> Result<Vec<Counted>, Error> {
    sql("
        select outcome as name, count(*) as n
          from drip_feed_checks
         where environment_id = $1
           and checked_at >= $2
         group by outcome
         order by 2 desc, 1")
    .bind(&cx.environment().id)
    .bind(since)
    .fetch_all(tx)
    .await
}
