//! The SQL of team members and set-up links.

use db::{Error, FromRow, Row, Tx, sql};

use super::Role;
use crate::context::Context;
use crate::id::{BusinessId, UserId};
use crate::time::Timestamp;

pub(super) async fn role(
    tx: &mut Tx,
    cx: &Context,
    user: &UserId,
) -> Result<Option<String>, Error> {
    sql("
        select role
          from team_members
         where business_id = $1
           and user_id = $2")
    .bind(&cx.environment().business_id)
    .bind(user)
    .fetch_optional(tx)
    .await
}

pub(super) async fn has_owner(tx: &mut Tx, business: &BusinessId) -> Result<bool, Error> {
    let n: i64 = sql("
        select count(*)
          from team_members
         where business_id = $1
           and role = $2")
    .bind(business)
    .bind(Role::Owner.as_str())
    .fetch_one(tx)
    .await?;
    Ok(n > 0)
}

pub(super) async fn insert_member(
    tx: &mut Tx,
    cx: &Context,
    user: &UserId,
    role: Role,
) -> Result<(), Error> {
    sql("
        insert into team_members (business_id, user_id, role, created_at)
        values ($1, $2, $3, $4)")
    .bind(&cx.environment().business_id)
    .bind(user)
    .bind(role.as_str())
    .bind(cx.now())
    .execute(tx)
    .await?;
    Ok(())
}

/// A link as it is stored.
pub(super) struct Link {
    pub token_hash: String,
    pub sealed_token: String,
    pub expires_at: Timestamp,
}

impl FromRow for Link {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            token_hash: row.get("token_hash")?,
            sealed_token: row.get("sealed_token")?,
            expires_at: row.get("expires_at")?,
        })
    }
}

pub(super) async fn insert_link(
    tx: &mut Tx,
    business: &BusinessId,
    link: &Link,
    now: Timestamp,
) -> Result<(), Error> {
    sql("
        insert into setup_links (token_hash, business_id, sealed_token, used_at, expires_at, created_at)
        values ($1, $2, $3, null, $4, $5)")
    .bind(&link.token_hash)
    .bind(business)
    .bind(&link.sealed_token)
    .bind(link.expires_at)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// The business's unused link that lives longest.
pub(super) async fn newest_link(
    tx: &mut Tx,
    business: &BusinessId,
    now: Timestamp,
) -> Result<Option<Link>, Error> {
    sql("
        select token_hash,
               sealed_token,
               expires_at
          from setup_links
         where business_id = $1
           and used_at is null
           and expires_at > $2
         order by expires_at desc
         limit 1")
    .bind(business)
    .bind(now)
    .fetch_optional(tx)
    .await
}

/// Whether this link of the business can be used.
pub(super) async fn is_usable(
    tx: &mut Tx,
    business: &BusinessId,
    token_hash: &str,
    now: Timestamp,
) -> Result<bool, Error> {
    let n: i64 = sql("
        select count(*)
          from setup_links
         where business_id = $1
           and token_hash = $2
           and used_at is null
           and expires_at > $3")
    .bind(business)
    .bind(token_hash)
    .bind(now)
    .fetch_one(tx)
    .await?;
    Ok(n > 0)
}

/// Marks every unused link of the business as used, and says which they were.
pub(super) async fn spend_links(
    tx: &mut Tx,
    business: &BusinessId,
    now: Timestamp,
) -> Result<Vec<String>, Error> {
    sql("
        update setup_links
           set used_at = $2
         where business_id = $1
           and used_at is null
        returning token_hash")
    .bind(business)
    .bind(now)
    .fetch_all(tx)
    .await
}
