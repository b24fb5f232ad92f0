//! The SQL of people.

pub(super) mod identities;
pub(super) mod insert;
pub(super) mod list;
pub(super) mod matching;

use db::{Error, FromRow, Row, Tx, Value, in_list, sql};
use import::identifier::Identifier;

pub(super) use insert::insert_many;

use super::digest::digest;
use super::{User, folded_name};
use crate::context::Context;
use crate::id::UserId;
use crate::time::Timestamp;

impl FromRow for User {
    fn from_row(row: &Row) -> Result<Self, Error> {
        let is_true = |column| Ok::<_, Error>(row.get::<Option<bool>>(column)?.unwrap_or(false));
        Ok(Self {
            id: row.get("id")?,
            provided_id: row.get("provided_id")?,
            given_name: row.get("given_name")?,
            family_name: row.get("family_name")?,
            picture: row.get("picture")?,
            locale: row.get("locale")?,
            email: row.get("email")?,
            is_email_verified: is_true("is_email_verified")?,
            phone: row.get("phone")?,
            is_phone_verified: is_true("is_phone_verified")?,
            username: row.get("username")?,
            is_suspended: row.get("is_suspended")?,
            suspended_until: row.get("suspended_until")?,
            is_password_reset_requested: row.get("is_password_reset_requested")?,
            source: row.get("source")?,
            import_run_id: row.get("import_run_id")?,
            properties: row.get("properties")?,
            total_sign_ins: row.get("total_sign_ins")?,
            failed_sign_ins: row.get("failed_sign_ins")?,
            last_signed_in_at: row.get("last_signed_in_at")?,
            created_at: row.get("created_at")?,
            updated_at: row.get("updated_at")?,
        })
    }
}

/// What [`User`] is read from: the columns and the tables, up to the condition.
const USER: &str = "
               users.id,
               users.provided_id,
               users.given_name,
               users.family_name,
               users.picture,
               users.locale,
               email.value as email,
               email.is_verified as is_email_verified,
               phone.value as phone,
               phone.is_verified as is_phone_verified,
               username.value as username,
               users.is_suspended,
               users.suspended_until,
               users.is_password_reset_requested,
               users.source,
               users.import_run_id,
               users.properties,
               users.total_sign_ins,
               users.failed_sign_ins,
               users.last_signed_in_at,
               users.created_at,
               users.updated_at
          from users
          left join identities email    on email.user_id = users.id    and email.kind = 'email'       and email.is_primary
          left join identities phone    on phone.user_id = users.id    and phone.kind = 'phone'       and phone.is_primary
          left join identities username on username.user_id = users.id and username.kind = 'username' and username.is_primary";

pub(super) async fn is_anybody(tx: &mut Tx, cx: &Context) -> Result<bool, Error> {
    let found: Option<i64> = sql("select 1 from users where environment_id = $1 limit 1")
        .bind(&cx.environment().id)
        .fetch_optional(tx)
        .await?;
    Ok(found.is_some())
}

pub(super) async fn find(tx: &mut Tx, cx: &Context, id: &UserId) -> Result<Option<User>, Error> {
    sql(format!(
        "
        select {USER}
         where users.id = $1
           and users.environment_id = $2"
    ))
    .bind(id)
    .bind(&cx.environment().id)
    .fetch_optional(tx)
    .await
}

pub(super) async fn find_by_provided_id(
    tx: &mut Tx,
    cx: &Context,
    provided_id: &str,
) -> Result<Option<User>, Error> {
    sql(format!(
        "
        select {USER}
         where users.environment_id = $1
           and users.provided_id = $2"
    ))
    .bind(&cx.environment().id)
    .bind(provided_id)
    .fetch_optional(tx)
    .await
}

/// Who has one of these; of several people the one with the first of the identifiers.
pub(super) async fn owner_of_any(
    tx: &mut Tx,
    cx: &Context,
    identifiers: impl Iterator<Item = &Identifier>,
) -> Result<Option<UserId>, Error> {
    for identifier in identifiers {
        let owner = sql("
            select user_id
              from identities
             where digest = $1")
        .bind(digest(
            &cx.environment().id,
            &identifier.kind(),
            identifier.folded(),
        ))
        .fetch_optional(tx)
        .await?;
        if owner.is_some() {
            return Ok(owner);
        }
    }
    Ok(None)
}

pub(super) async fn count(tx: &mut Tx, cx: &Context) -> Result<i64, Error> {
    sql("select count(*) from users where environment_id = $1")
        .bind(&cx.environment().id)
        .fetch_one(tx)
        .await
}

/// How many of those whom an import brought have signed in; `users_arrived_idx` has just these.
pub(super) async fn count_arrived(tx: &mut Tx, cx: &Context) -> Result<i64, Error> {
    sql("
        select count(*)
          from users
         where environment_id = $1
           and import_run_id is not null
           and total_sign_ins > 0")
    .bind(&cx.environment().id)
    .fetch_one(tx)
    .await
}

pub(super) async fn delete(tx: &mut Tx, cx: &Context, id: &UserId) -> Result<bool, Error> {
    let n_deleted = sql("delete from users where id = $1 and environment_id = $2")
        .bind(id)
        .bind(&cx.environment().id)
        .execute(tx)
        .await?;
    Ok(n_deleted > 0)
}

pub(super) async fn delete_many(tx: &mut Tx, cx: &Context, ids: &[UserId]) -> Result<i64, Error> {
    let mut n_deleted = 0;
    for some in ids.chunks(500) {
        n_deleted += sql(format!(
            "delete from users where environment_id = $1 and id in ({})",
            in_list(2, some.len())
        ))
        .bind(&cx.environment().id)
        .bind_all(some.iter().map(Value::from))
        .execute(tx)
        .await?;
    }
    Ok(i64::try_from(n_deleted).unwrap_or(i64::MAX))
}

/// Marks the person as changed, which locks their row. Whether there is such a person.
pub(super) async fn touch(tx: &mut Tx, cx: &Context, id: &UserId) -> Result<bool, Error> {
    let n_touched = sql("update users set updated_at = $3 where id = $1 and environment_id = $2")
        .bind(id)
        .bind(&cx.environment().id)
        .bind(cx.now())
        .execute(tx)
        .await?;
    Ok(n_touched > 0)
}

pub(super) async fn update_profile(tx: &mut Tx, cx: &Context, user: &User) -> Result<(), Error> {
    sql("
        update users
           set given_name = $2,
               family_name = $3,
               folded_name = $4,
               picture = $5,
               provided_id = $6,
               properties = $7,
               locale = $8,
               updated_at = $9
         where id = $1")
    .bind(&user.id)
    .bind(&user.given_name)
    .bind(&user.family_name)
    .bind(folded_name(
        user.given_name.as_deref(),
        user.family_name.as_deref(),
    ))
    .bind(&user.picture)
    .bind(&user.provided_id)
    .bind(&user.properties)
    .bind(&user.locale)
    .bind(cx.now())
    .execute(tx)
    .await?;
    Ok(())
}

pub(super) async fn set_suspended(
    tx: &mut Tx,
    cx: &Context,
    id: &UserId,
    is_suspended: bool,
    until: Option<Timestamp>,
) -> Result<(), Error> {
    sql("update users set is_suspended = $2, suspended_until = $3, updated_at = $4 where id = $1")
        .bind(id)
        .bind(is_suspended)
        .bind(until)
        .bind(cx.now())
        .execute(tx)
        .await?;
    Ok(())
}

/// Lets in again those whose suspension has ended. The instant stays, by which a repeated import knows that it is nothing new.
pub(super) async fn end_suspensions(tx: &mut Tx, now: Timestamp) -> Result<u64, Error> {
    sql("
        update users
           set is_suspended = $2,
               updated_at = $1
         where is_suspended
           and suspended_until <= $1")
    .bind(now)
    .bind(false)
    .execute(tx)
    .await
}

pub(super) async fn set_reset_requested(
    tx: &mut Tx,
    cx: &Context,
    id: &UserId,
    is_requested: bool,
) -> Result<(), Error> {
    sql("update users set is_password_reset_requested = $2, updated_at = $3 where id = $1")
        .bind(id)
        .bind(is_requested)
        .bind(cx.now())
        .execute(tx)
        .await?;
    Ok(())
}

pub(super) async fn count_sign_in(tx: &mut Tx, cx: &Context, id: &UserId) -> Result<(), Error> {
    sql("
        update users
           set total_sign_ins = total_sign_ins + 1,
               failed_sign_ins = 0,
               last_signed_in_at = $3
         where id = $1
           and environment_id = $2")
    .bind(id)
    .bind(&cx.environment().id)
    .bind(cx.now())
    .execute(tx)
    .await?;
    Ok(())
}

pub(super) async fn count_failed_sign_in(
    tx: &mut Tx,
    cx: &Context,
    id: &UserId,
) -> Result<(), Error> {
    sql("
        update users
           set failed_sign_ins = failed_sign_ins + 1
         where id = $1
           and environment_id = $2")
    .bind(id)
    .bind(&cx.environment().id)
    .execute(tx)
    .await?;
    Ok(())
}
