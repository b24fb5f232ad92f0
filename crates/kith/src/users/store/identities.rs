//! The SQL of identities.

use db::{Error, FromRow, Row, Tx, Value, in_list, sql};
use import::identifier::IdentityKind;

use crate::context::Context;
use crate::id::{IdentityId, UserId};
use crate::time::Timestamp;
use crate::users::Identity;
use crate::users::digest::digest;

impl FromRow for Identity {
    fn from_row(row: &Row) -> Result<Self, Error> {
        let kind: String = row.get("kind")?;
        Ok(Self {
            id: row.get("id")?,
            user_id: row.get("user_id")?,
            kind: kind.parse().map_err(|error| Error::Column {
                name: "kind".to_owned(),
                source: Box::<import::identifier::UnknownKind>::new(error),
            })?,
            value: row.get("value")?,
            folded: row.get("folded")?,
            is_verified: row.get("is_verified")?,
            is_primary: row.get("is_primary")?,
            profile: row.get("profile")?,
            total_sign_ins: row.get("total_sign_ins")?,
            last_signed_in_at: row.get("last_signed_in_at")?,
            created_at: row.get("created_at")?,
        })
    }
}

/// What [`Identity`] is read from.
const COLUMNS: &str =
    "id, user_id, kind, value, folded, is_verified, is_primary, profile, total_sign_ins,
               last_signed_in_at, created_at";

pub(in crate::users) async fn insert(
    tx: &mut Tx,
    cx: &Context,
    identity: &Identity,
) -> Result<(), Error> {
    sql("
        insert into identities
               (id, environment_id, user_id, kind, value, folded, digest, is_verified, is_primary,
                profile, total_sign_ins, last_signed_in_at, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)")
    .bind(&identity.id)
    .bind(&cx.environment().id)
    .bind(&identity.user_id)
    .bind(identity.kind.to_string())
    .bind(&identity.value)
    .bind(&identity.folded)
    .bind(digest(
        &cx.environment().id,
        &identity.kind,
        &identity.folded,
    ))
    .bind(identity.is_verified)
    .bind(identity.is_primary)
    .bind(&identity.profile)
    .bind(identity.total_sign_ins)
    .bind(identity.last_signed_in_at)
    .bind(identity.created_at)
    .execute(tx)
    .await?;
    Ok(())
}

pub(in crate::users) async fn find(
    tx: &mut Tx,
    cx: &Context,
    id: &IdentityId,
) -> Result<Option<Identity>, Error> {
    sql(format!(
        "
        select {COLUMNS}
          from identities
         where id = $1
           and environment_id = $2"
    ))
    .bind(id)
    .bind(&cx.environment().id)
    .fetch_optional(tx)
    .await
}

pub(in crate::users) async fn find_by_folded(
    tx: &mut Tx,
    cx: &Context,
    kind: &IdentityKind,
    folded: &str,
) -> Result<Option<Identity>, Error> {
    sql(format!(
        "
        select {COLUMNS}
          from identities
         where digest = $1"
    ))
    .bind(digest(&cx.environment().id, kind, folded))
    .fetch_optional(tx)
    .await
}

pub(in crate::users) async fn of_users(
    tx: &mut Tx,
    users: &[&UserId],
) -> Result<Vec<Identity>, Error> {
    sql(format!(
        "
        select {COLUMNS}
          from identities
         where user_id in ({})
         order by id",
        in_list(1, users.len())
    ))
    .bind_all(users.iter().map(|user| Value::from(*user)))
    .fetch_all(tx)
    .await
}

pub(in crate::users) async fn has_kind(
    tx: &mut Tx,
    user: &UserId,
    kind: &IdentityKind,
) -> Result<bool, Error> {
    let found: Option<i64> =
        sql("select 1 from identities where user_id = $1 and kind = $2 limit 1")
            .bind(user)
            .bind(kind.to_string())
            .fetch_optional(tx)
            .await?;
    Ok(found.is_some())
}

pub(in crate::users) async fn delete(tx: &mut Tx, id: &IdentityId) -> Result<(), Error> {
    sql("delete from identities where id = $1")
        .bind(id)
        .execute(tx)
        .await?;
    Ok(())
}

/// Leaves the kind without a primary.
pub(in crate::users) async fn demote(
    tx: &mut Tx,
    user: &UserId,
    kind: &IdentityKind,
) -> Result<(), Error> {
    sql("
        update identities
           set is_primary = false
         where user_id = $1
           and kind = $2
           and is_primary")
    .bind(user)
    .bind(kind.to_string())
    .execute(tx)
    .await?;
    Ok(())
}

pub(in crate::users) async fn promote(tx: &mut Tx, id: &IdentityId) -> Result<(), Error> {
    sql("update identities set is_primary = true where id = $1")
        .bind(id)
        .execute(tx)
        .await?;
    Ok(())
}

pub(in crate::users) async fn promote_oldest(
    tx: &mut Tx,
    user: &UserId,
    kind: &IdentityKind,
) -> Result<(), Error> {
    sql("
        update identities
           set is_primary = true
         where id = (select id
                       from identities
                      where user_id = $1
                        and kind = $2
                      order by id
                      limit 1)")
    .bind(user)
    .bind(kind.to_string())
    .execute(tx)
    .await?;
    Ok(())
}

pub(in crate::users) async fn set_verified(tx: &mut Tx, id: &IdentityId) -> Result<(), Error> {
    sql("update identities set is_verified = true where id = $1")
        .bind(id)
        .execute(tx)
        .await?;
    Ok(())
}

pub(in crate::users) async fn count_sign_in(
    tx: &mut Tx,
    user: &UserId,
    id: &IdentityId,
    now: Timestamp,
) -> Result<(), Error> {
    sql("
        update identities
           set total_sign_ins = total_sign_ins + 1,
               last_signed_in_at = $3
         where id = $1
           and user_id = $2")
    .bind(id)
    .bind(user)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}
