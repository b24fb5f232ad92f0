//! The SQL of the journal: what people were before an import changed them, and who was left as they are when it was undone.

use db::{Error, FromRow, Row, Tx, Value, in_list, placeholders, sql};

use crate::context::Context;
use crate::id::{ImportRunId, UserId};
use crate::imports::undo::{Kept, KeptReason};

/// An entry of the journal.
pub(in crate::imports) struct Entry {
    pub(in crate::imports) user: UserId,
    /// What the person was, sealed; none when the import had made them.
    pub(in crate::imports) former: Option<String>,
    /// The person as the import left them.
    pub(in crate::imports) fingerprint: String,
}

impl FromRow for Entry {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            user: row.get("user_id")?,
            former: row.get("former")?,
            fingerprint: row.get("fingerprint")?,
        })
    }
}

/// Writes entries. Of somebody who has one, the first former state stays.
pub(in crate::imports) async fn insert_many(
    tx: &mut Tx,
    cx: &Context,
    run: &ImportRunId,
    entries: &[Entry],
) -> Result<(), Error> {
    for rows in entries.chunks(cx.db().rows_per_insert(4)) {
        sql(format!(
            "
            insert into import_journal (run_id, user_id, former, fingerprint)
            values {}
            on conflict (run_id, user_id) do update set fingerprint = excluded.fingerprint",
            placeholders(rows.len(), 4)
        ))
        .bind_all(rows.iter().flat_map(|entry| {
            [
                Value::from(run),
                Value::from(&entry.user),
                Value::from(&entry.former),
                Value::from(&entry.fingerprint),
            ]
        }))
        .execute(tx)
        .await?;
    }
    Ok(())
}

/// The first entries of a run after a person.
pub(in crate::imports) async fn page(
    tx: &mut Tx,
    run: &ImportRunId,
    after: &str,
    limit: i64,
) -> Result<Vec<Entry>, Error> {
    sql("
        select user_id, former, fingerprint
          from import_journal
         where run_id = $1
           and user_id > $2
         order by user_id
         limit $3")
    .bind(run)
    .bind(after)
    .bind(limit)
    .fetch_all(tx)
    .await
}

/// The entries of these people.
pub(in crate::imports) async fn of_people(
    tx: &mut Tx,
    run: &ImportRunId,
    people: &[UserId],
) -> Result<Vec<Entry>, Error> {
    sql(format!(
        "
        select user_id, former, fingerprint
          from import_journal
         where run_id = $1
           and user_id in ({})",
        in_list(2, people.len())
    ))
    .bind(run)
    .bind_all(people.iter().map(Value::from))
    .fetch_all(tx)
    .await
}

/// Forgets an entry: its person is what they were.
pub(in crate::imports) async fn delete(
    tx: &mut Tx,
    run: &ImportRunId,
    user: &UserId,
) -> Result<(), Error> {
    sql("delete from import_journal where run_id = $1 and user_id = $2")
        .bind(run)
        .bind(user)
        .execute(tx)
        .await?;
    Ok(())
}

/// Forgets all entries of a run.
pub(in crate::imports) async fn delete_all(tx: &mut Tx, run: &ImportRunId) -> Result<(), Error> {
    sql("delete from import_journal where run_id = $1")
        .bind(run)
        .execute(tx)
        .await?;
    Ok(())
}

/// The first people whom a run has made, after a person.
pub(in crate::imports) async fn people_of_run(
    tx: &mut Tx,
    cx: &Context,
    run: &ImportRunId,
    after: &str,
    limit: i64,
) -> Result<Vec<UserId>, Error> {
    sql("
        select id
          from users
         where environment_id = $1
           and id > $3
           and import_run_id = $2
         order by id
         limit $4")
    .bind(&cx.environment().id)
    .bind(run)
    .bind(after)
    .bind(limit)
    .fetch_all(tx)
    .await
}

/// How many people have an entry of a run, and how many the run has made who have none.
pub(in crate::imports) async fn count_people(
    tx: &mut Tx,
    cx: &Context,
    run: &ImportRunId,
) -> Result<(i64, i64), Error> {
    let entries = sql("select count(*) from import_journal where run_id = $1")
        .bind(run)
        .fetch_one(tx)
        .await?;
    let made = sql("
        select count(*)
          from users
         where environment_id = $1
           and import_run_id = $2
           and not exists (select 1 from import_journal where run_id = $2 and user_id = users.id)")
    .bind(&cx.environment().id)
    .bind(run)
    .fetch_one(tx)
    .await?;
    Ok((entries, made))
}

/// Remembers that somebody was left as they are.
pub(in crate::imports) async fn keep(
    tx: &mut Tx,
    run: &ImportRunId,
    user: &UserId,
    reason: KeptReason,
) -> Result<(), Error> {
    sql("
        insert into import_kept (run_id, user_id, reason)
        values ($1, $2, $3)
        on conflict do nothing")
    .bind(run)
    .bind(user)
    .bind(reason.as_str())
    .execute(tx)
    .await?;
    Ok(())
}

pub(in crate::imports) async fn count_kept(tx: &mut Tx, run: &ImportRunId) -> Result<i64, Error> {
    sql("select count(*) from import_kept where run_id = $1")
        .bind(run)
        .fetch_one(tx)
        .await
}

impl FromRow for Kept {
    fn from_row(row: &Row) -> Result<Self, Error> {
        let reason: String = row.get("reason")?;
        Ok(Self {
            user_id: row.get("user_id")?,
            given_name: row.get("given_name")?,
            family_name: row.get("family_name")?,
            email: row.get("email")?,
            was_created: row.get("was_created")?,
            reason: KeptReason::of(&reason),
        })
    }
}

/// Those who were left as they are, by id, after a person.
pub(in crate::imports) async fn kept(
    tx: &mut Tx,
    run: &ImportRunId,
    after: &str,
    limit: i64,
) -> Result<Vec<Kept>, Error> {
    sql("
        select import_kept.user_id,
               users.given_name,
               users.family_name,
               email.value as email,
               coalesce(users.import_run_id = $1, $4) as was_created,
               import_kept.reason
          from import_kept
          join users on users.id = import_kept.user_id
          left join identities email on email.user_id = users.id and email.kind = 'email' and email.is_primary
         where import_kept.run_id = $1
           and import_kept.user_id > $2
         order by import_kept.user_id
         limit $3")
    .bind(run)
    .bind(after)
    .bind(limit)
    .bind(false)
    .fetch_all(tx)
    .await
}
