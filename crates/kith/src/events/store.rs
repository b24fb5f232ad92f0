//! The SQL of events.

use db::{Error, FromRow, Row, Tx, Value, in_list, sql};

use super::Recorded;
use crate::context::Context;
use crate::id::{EventId, UserId};
use crate::paging::Wanted;
use crate::time::Timestamp;

impl FromRow for Recorded {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: row.get("id")?,
            kind: row.get("kind")?,
            actor: row.get("actor")?,
            created_at: row.get("created_at")?,
        })
    }
}

pub(super) async fn insert(
    tx: &mut Tx,
    cx: &Context,
    id: &EventId,
    (kind, user, payload): (&str, Option<&UserId>, &str),
) -> Result<(), Error> {
    sql("
        insert into events (id, environment_id, kind, user_id, actor, payload, created_at)
        values ($1, $2, $3, $4, $5, $6, $7)")
    .bind(id)
    .bind(&cx.environment().id)
    .bind(kind)
    .bind(user.map(UserId::as_str))
    .bind(cx.actor().to_string())
    .bind(payload)
    .bind(cx.now())
    .execute(tx)
    .await?;
    Ok(())
}

pub(super) async fn newest(tx: &mut Tx, cx: &Context) -> Result<Option<Timestamp>, Error> {
    sql("
        select created_at
          from events
         where environment_id = $1
         order by id desc
         limit 1")
    .bind(&cx.environment().id)
    .fetch_optional(tx)
    .await
}

pub(super) async fn of_user(
    tx: &mut Tx,
    cx: &Context,
    user: &UserId,
    wanted: &Wanted,
) -> Result<Vec<Recorded>, Error> {
    let (end, values) = wanted.clause(None, "id", 3);
    sql(format!(
        "
        select id, kind, actor, created_at
          from events
         where environment_id = $1
           and user_id = $2 {end}"
    ))
    .bind(&cx.environment().id)
    .bind(user)
    .bind_all(values)
    .fetch_all(tx)
    .await
}

pub(super) async fn edits(tx: &mut Tx, users: &[&UserId]) -> Result<Vec<(UserId, String)>, Error> {
    let mut found = Vec::new();
    for some in users.chunks(500) {
        let mut edits = sql(format!(
            "
            select distinct user_id, kind
              from events
             where user_id in ({})
               and kind in ('user_updated', 'user_unsuspended')",
            in_list(1, some.len())
        ))
        .bind_all(some.iter().map(|user| Value::from(*user)))
        .fetch_all(tx)
        .await?;
        found.append(&mut edits);
    }
    Ok(found)
}
