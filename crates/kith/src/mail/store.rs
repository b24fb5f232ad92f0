//! The SQL of mail.

use db::{Error, FromRow, Row, Tx, sql};

use super::{Message, State};
use crate::context::Context;
use crate::id::{EnvironmentId, MessageId};
use crate::paging::Wanted;
use crate::time::Timestamp;

impl FromRow for Message {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: row.get("id")?,
            kind: row.get("kind")?,
            recipient: row.get("recipient")?,
            subject: row.get("subject")?,
            state: row.get("state")?,
            attempts: row.get("attempts")?,
            last_error: row.get("last_error")?,
            next_attempt_at: row.get("next_attempt_at")?,
            sent_at: row.get("sent_at")?,
            created_at: row.get("created_at")?,
        })
    }
}

const COLUMNS: &str = "
    select id, kind, recipient, subject, state, attempts, last_error, next_attempt_at, sent_at, created_at
      from messages";

/// A mail that was just written.
pub(super) struct NewMessage<'a> {
    pub(super) id: MessageId,
    pub(super) kind: &'static str,
    pub(super) subject: &'a str,
    pub(super) body: String,
    pub(super) state: State,
}

/// Writes a mail. Without a recipient the same statement runs and writes nothing.
pub(super) async fn insert(
    tx: &mut Tx,
    cx: &Context,
    message: &NewMessage<'_>,
    recipient: Option<&str>,
) -> Result<(), Error> {
    sql("
        insert into messages (id, environment_id, kind, recipient, subject, body, state, attempts, next_attempt_at, created_at)
        select cast($1 as text), cast($2 as text), cast($3 as text), cast($4 as text), cast($5 as text), cast($6 as text),
               cast($7 as text), 0, cast($8 as bigint), cast($8 as bigint)
         where cast($4 as text) is not null")
    .bind(&message.id)
    .bind(&cx.environment().id)
    .bind(message.kind)
    .bind(recipient)
    .bind(message.subject)
    .bind(&message.body)
    .bind(message.state)
    .bind(cx.now())
    .execute(tx)
    .await?;
    Ok(())
}

/// A page of mails and one row more.
pub(super) async fn page(
    tx: &mut Tx,
    cx: &Context,
    wanted: &Wanted,
) -> Result<Vec<Message>, Error> {
    let (rest, values) = wanted.clause(None, "id", 2);
    sql(format!("{COLUMNS} where environment_id = $1 {rest}"))
        .bind(&cx.environment().id)
        .bind_all(values)
        .fetch_all(tx)
        .await
}

pub(super) async fn find(
    tx: &mut Tx,
    cx: &Context,
    id: &MessageId,
) -> Result<Option<Message>, Error> {
    sql(format!("{COLUMNS} where environment_id = $1 and id = $2"))
        .bind(&cx.environment().id)
        .bind(id)
        .fetch_optional(tx)
        .await
}

/// The sealed text; none once it was forgotten.
pub(super) async fn body(tx: &mut Tx, id: &MessageId) -> Result<Option<String>, Error> {
    sql("select body from messages where id = $1 and body <> ''")
        .bind(id)
        .fetch_optional(tx)
        .await
}

/// A mail that a node has taken to send it.
pub(super) struct Claimed {
    pub(super) id: MessageId,
    pub(super) environment: EnvironmentId,
    pub(super) recipient: String,
    pub(super) subject: String,
    pub(super) body: String,
    /// This one included.
    pub(super) attempts: i64,
}

impl FromRow for Claimed {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: row.get("id")?,
            environment: row.get("environment_id")?,
            recipient: row.get("recipient")?,
            subject: row.get("subject")?,
            body: row.get("body")?,
            attempts: row.get("attempts")?,
        })
    }
}

/// Takes mails that are due; until `until` no other node takes them.
pub(super) async fn claim(
    tx: &mut Tx,
    skip_locked: &str,
    (now, until): (Timestamp, Timestamp),
    limit: u32,
) -> Result<Vec<Claimed>, Error> {
    sql(format!(
        "update messages
            set attempts = attempts + 1, next_attempt_at = $2
          where id in (
                select id
                  from messages
                 where state = 'queued' and next_attempt_at <= $1
                 order by next_attempt_at, id
                 limit $3 {skip_locked})
        returning id, environment_id, recipient, subject, body, attempts"
    ))
    .bind(now)
    .bind(until)
    .bind(i64::from(limit))
    .fetch_all(tx)
    .await
}

/// The server has taken it. Its text is forgotten: there may be a code in it.
pub(super) async fn sent(tx: &mut Tx, id: &MessageId, now: Timestamp) -> Result<(), Error> {
    sql("
        update messages
           set state = 'sent', sent_at = $2, body = '', last_error = null, next_attempt_at = null
         where id = $1")
    .bind(id)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// It was not taken; it is tried again then, or given up.
pub(super) async fn failed(
    tx: &mut Tx,
    id: &MessageId,
    why: &str,
    again: Option<Timestamp>,
) -> Result<(), Error> {
    let state = if again.is_some() {
        State::Queued
    } else {
        State::Failed
    };
    sql("update messages set state = $2, last_error = $3, next_attempt_at = $4 where id = $1")
        .bind(id)
        .bind(state)
        .bind(why)
        .bind(again)
        .execute(tx)
        .await?;
    Ok(())
}

/// There is no server any more: it stays in the outbox.
pub(super) async fn keep(tx: &mut Tx, id: &MessageId) -> Result<(), Error> {
    sql("update messages set state = 'outbox', next_attempt_at = null where id = $1")
        .bind(id)
        .execute(tx)
        .await?;
    Ok(())
}

/// Deletes the mails that were written before then: ids begin with their moment, so this reads no more than it deletes.
pub(super) async fn delete_older(tx: &mut Tx, before: Timestamp) -> Result<(), Error> {
    sql("delete from messages where id < $1")
        .bind(format!("mail_{:012x}", before.millis()))
        .execute(tx)
        .await?;
    Ok(())
}
