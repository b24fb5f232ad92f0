//! The SQL of campaigns that write to those who are left.

use db::{Error, FromRow, Row, Tx, sql};

use super::WAITING;
use crate::context::Context;
use crate::drip_feed::resets::{Campaign, Left, State};
use crate::id::{ResetCampaignId, UserId};
use crate::time::Timestamp;

const COLUMNS: &str =
    "id, link, per_minute, state, last_user_id, n_written, next_at, started_at, ended_at";

/// Whoever is still to move, may sign in, and has an address to write to.
fn left_from() -> String {
    format!(
        "from users
         join identities on identities.user_id = users.id
                        and identities.kind = 'email'
                        and identities.is_primary
        where users.environment_id = $1
          and users.id > $2
          and not users.is_suspended
          and {WAITING}"
    )
}

impl FromRow for Campaign {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: row.get("id")?,
            link: row.get("link")?,
            per_minute: row.get("per_minute")?,
            state: row.get("state")?,
            n_written: row.get("n_written")?,
            started_at: row.get("started_at")?,
            ended_at: row.get("ended_at")?,
            last_user_id: row.get("last_user_id")?,
            next_at: row.get("next_at")?,
        })
    }
}

impl FromRow for Left {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: row.get("id")?,
            email: row.get("value")?,
        })
    }
}

/// Begins a campaign; not where one is running.
pub(in crate::drip_feed) async fn insert(
    tx: &mut Tx,
    cx: &Context,
    id: &ResetCampaignId,
    (link, per_minute): (&str, u32),
) -> Result<bool, Error> {
    let n_rows = sql("
        insert into reset_campaigns (id, environment_id, link, per_minute, state, last_user_id, n_written, next_at, started_at, ended_at)
        values ($1, $2, $3, $4, 'running', '', 0, $5, $5, null)
        on conflict do nothing")
    .bind(id)
    .bind(&cx.environment().id)
    .bind(link)
    .bind(i64::from(per_minute))
    .bind(cx.now())
    .execute(tx)
    .await?;
    Ok(n_rows > 0)
}

/// The campaign that was begun last.
pub(in crate::drip_feed) async fn last(
    tx: &mut Tx,
    cx: &Context,
) -> Result<Option<Campaign>, Error> {
    sql(format!(
        "select {COLUMNS}
           from reset_campaigns
          where environment_id = $1
          order by id desc
          limit 1"
    ))
    .bind(&cx.environment().id)
    .fetch_optional(tx)
    .await
}

/// Takes the turn to write, where it is due; until then nobody else has it.
pub(in crate::drip_feed) async fn claim(
    tx: &mut Tx,
    cx: &Context,
    id: &ResetCampaignId,
    until: Timestamp,
) -> Result<Option<Campaign>, Error> {
    sql(format!(
        "update reset_campaigns
            set next_at = $3
          where id = $1
            and state = 'running'
            and next_at <= $2
         returning {COLUMNS}"
    ))
    .bind(id)
    .bind(cx.now())
    .bind(until)
    .fetch_optional(tx)
    .await
}

/// The next people to write to, in the order of their ids.
pub(in crate::drip_feed) async fn left(
    tx: &mut Tx,
    cx: &Context,
    after: &str,
    at_most: i64,
) -> Result<Vec<Left>, Error> {
    sql(format!(
        "select users.id, identities.value {} order by users.id limit $3",
        left_from()
    ))
    .bind(&cx.environment().id)
    .bind(after)
    .bind(at_most)
    .fetch_all(tx)
    .await
}

pub(in crate::drip_feed) async fn count_left(
    tx: &mut Tx,
    cx: &Context,
    after: &str,
) -> Result<i64, Error> {
    sql(format!("select count(*) {}", left_from()))
        .bind(&cx.environment().id)
        .bind(after)
        .fetch_one(tx)
        .await
}

/// So many more were written to, this one last.
pub(in crate::drip_feed) async fn reach(
    tx: &mut Tx,
    id: &ResetCampaignId,
    (last, n_written): (&UserId, i64),
) -> Result<(), Error> {
    sql("
        update reset_campaigns
           set last_user_id = $2,
               n_written = n_written + $3
         where id = $1")
    .bind(id)
    .bind(last)
    .bind(n_written)
    .execute(tx)
    .await?;
    Ok(())
}

/// It is over, if it was running.
pub(in crate::drip_feed) async fn end(
    tx: &mut Tx,
    cx: &Context,
    id: &ResetCampaignId,
    state: State,
) -> Result<bool, Error> {
    let n_rows = sql("
        update reset_campaigns
           set state = $2,
               ended_at = $3
         where id = $1
           and state = 'running'")
    .bind(id)
    .bind(state)
    .bind(cx.now())
    .execute(tx)
    .await?;
    Ok(n_rows > 0)
}
