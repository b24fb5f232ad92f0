//! The SQL of sessions.

use db::{Error, FromRow, Row, Tx, sql};

use super::Session;
use crate::context::Context;
use crate::http::Client;
use crate::id::{SessionId, UserId};
use crate::time::Timestamp;

impl FromRow for Session {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: row.get("id")?,
            user_id: row.get("user_id")?,
            application_id: row.get("application_id")?,
            organization_id: row.get("organization_id")?,
            authenticated_at: row.get("authenticated_at")?,
            last_seen_at: row.get("last_seen_at")?,
            idle_expires_at: row.get("idle_expires_at")?,
            expires_at: row.get("expires_at")?,
            initial_ip: row.get("initial_ip")?,
            initial_user_agent: row.get("initial_user_agent")?,
            last_ip: row.get("last_ip")?,
            last_user_agent: row.get("last_user_agent")?,
            created_at: row.get("created_at")?,
            is_persistent: row.get("is_persistent")?,
        })
    }
}

/// Sessions that live: not expired, of a person who may sign in.
const LIVING: &str = "
    select sessions.id,
           sessions.user_id,
           sessions.application_id,
           (select grants.organization_id
              from grants
             where grants.session_id = sessions.id
             order by grants.id desc
             limit 1) as organization_id,
           sessions.authenticated_at,
           sessions.last_seen_at,
           sessions.idle_expires_at,
           sessions.expires_at,
           sessions.initial_ip,
           sessions.initial_user_agent,
           sessions.last_ip,
           sessions.last_user_agent,
           sessions.created_at,
           sessions.is_persistent
      from sessions
      join users on users.id = sessions.user_id
     where sessions.environment_id = $1
       and sessions.idle_expires_at > $2
       and sessions.expires_at > $2
       and (not users.is_suspended or users.suspended_until <= $2)";

pub(super) async fn insert(
    tx: &mut Tx,
    cx: &Context,
    session: &Session,
    token_hash: &str,
) -> Result<(), Error> {
    sql("
        insert into sessions (
            id, environment_id, token_hash, user_id, application_id, is_persistent,
            authenticated_at, last_seen_at, idle_expires_at, expires_at,
            initial_ip, initial_user_agent, last_ip, last_user_agent, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)")
    .bind(&session.id)
    .bind(&cx.environment().id)
    .bind(token_hash)
    .bind(&session.user_id)
    .bind(session.application_id.clone())
    .bind(session.is_persistent)
    .bind(session.authenticated_at)
    .bind(session.last_seen_at)
    .bind(session.idle_expires_at)
    .bind(session.expires_at)
    .bind(&session.initial_ip)
    .bind(&session.initial_user_agent)
    .bind(&session.last_ip)
    .bind(&session.last_user_agent)
    .bind(session.created_at)
    .execute(tx)
    .await?;
    Ok(())
}

pub(super) async fn find_living(
    tx: &mut Tx,
    cx: &Context,
    token_hash: &str,
) -> Result<Option<Session>, Error> {
    sql(format!("{LIVING} and sessions.token_hash = $3"))
        .bind(&cx.environment().id)
        .bind(cx.now())
        .bind(token_hash)
        .fetch_optional(tx)
        .await
}

pub(super) async fn find_living_by_id(
    tx: &mut Tx,
    cx: &Context,
    id: &SessionId,
) -> Result<Option<Session>, Error> {
    sql(format!("{LIVING} and sessions.id = $3"))
        .bind(&cx.environment().id)
        .bind(cx.now())
        .bind(id)
        .fetch_optional(tx)
        .await
}

pub(super) async fn list(tx: &mut Tx, cx: &Context, user: &UserId) -> Result<Vec<Session>, Error> {
    sql(format!(
        "{LIVING} and sessions.user_id = $3 order by sessions.id desc"
    ))
    .bind(&cx.environment().id)
    .bind(cx.now())
    .bind(user)
    .fetch_all(tx)
    .await
}

pub(super) async fn touch(
    tx: &mut Tx,
    session: &Session,
    now: Timestamp,
    idle_expires_at: Timestamp,
    client: &Client,
) -> Result<(), Error> {
    sql("
        update sessions
           set last_seen_at = $2, idle_expires_at = $3, last_ip = $4, last_user_agent = $5
         where id = $1")
    .bind(&session.id)
    .bind(now)
    .bind(idle_expires_at)
    .bind(client.address.to_string())
    .bind(&client.user_agent)
    .execute(tx)
    .await?;
    Ok(())
}

pub(super) async fn prolong(
    tx: &mut Tx,
    cx: &Context,
    id: &SessionId,
    (seen_before, idle_expires_at): (Timestamp, Timestamp),
) -> Result<(), Error> {
    sql("
        update sessions
           set last_seen_at = $3, idle_expires_at = $5
         where environment_id = $1
           and id = $2
           and idle_expires_at > $3
           and expires_at > $3
           and last_seen_at <= $4")
    .bind(&cx.environment().id)
    .bind(id)
    .bind(cx.now())
    .bind(seen_before)
    .bind(idle_expires_at)
    .execute(tx)
    .await?;
    Ok(())
}

pub(super) async fn delete(tx: &mut Tx, cx: &Context, id: &SessionId) -> Result<(), Error> {
    sql("delete from sessions where environment_id = $1 and id = $2")
        .bind(&cx.environment().id)
        .bind(id)
        .execute(tx)
        .await?;
    Ok(())
}

pub(super) async fn delete_all(tx: &mut Tx, cx: &Context, user: &UserId) -> Result<u64, Error> {
    sql("delete from sessions where environment_id = $1 and user_id = $2")
        .bind(&cx.environment().id)
        .bind(user)
        .execute(tx)
        .await
}

pub(super) async fn delete_expired(tx: &mut Tx, now: Timestamp) -> Result<(), Error> {
    sql("
        delete from sessions
         where (expires_at <= $1 or idle_expires_at <= $1)
           and not exists (select 1 from grants where grants.session_id = sessions.id)")
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}
