//! The SQL of mail.

use db::{Error, FromRow, Row, Tx, sql};

use super::{Message, State};
use crate::context::Context;
use crate::id::MessageId;

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

pub(super) async fn newest(tx: &mut Tx, cx: &Context, limit: u32) -> Result<Vec<Message>, Error> {
    sql(format!(
        "{COLUMNS} where environment_id = $1 order by id desc limit $2"
    ))
    .bind(&cx.environment().id)
    .bind(i64::from(limit))
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
