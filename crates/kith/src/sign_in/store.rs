//! The SQL of sign-ins.

use db::{Error, Row, Tx, sql};

use super::{SignIn, step::Step};
use crate::context::Context;
use crate::id::SignInId;
use crate::time::Timestamp;

impl db::FromRow for SignIn {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: row.get("id")?,
            purpose: row.get::<Document<_>>("request")?.0,
            preview: row.get("preview_deployment_id")?,
            step: row.get::<Document<_>>("step")?.0,
            revision: row.get("revision")?,
            browser_digest: row.get("browser_hash")?,
            expires_at: row.get("expires_at")?,
        })
    }
}

/// A value that is stored as JSON.
struct Document<T>(T);

impl<T: serde::de::DeserializeOwned> db::Column for Document<T> {
    fn from_value(value: db::Value) -> Result<Self, db::BoxError> {
        Ok(Self(serde_json::from_str(
            &<String as db::Column>::from_value(value)?,
        )?))
    }
}

fn document<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("steps and purposes are plain data")
}

pub(super) async fn insert(tx: &mut Tx, cx: &Context, sign_in: &SignIn) -> Result<(), Error> {
    sql("
        insert into sign_ins (id, environment_id, browser_hash, step, request, revision, expires_at, created_at, preview_deployment_id)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
    .bind(&sign_in.id)
    .bind(&cx.environment().id)
    .bind(&sign_in.browser_digest)
    .bind(document(&sign_in.step))
    .bind(document(&sign_in.purpose))
    .bind(sign_in.revision)
    .bind(sign_in.expires_at)
    .bind(cx.now())
    .bind(sign_in.preview.clone())
    .execute(tx)
    .await?;
    Ok(())
}

pub(super) async fn find(
    tx: &mut Tx,
    cx: &Context,
    id: &SignInId,
) -> Result<Option<SignIn>, Error> {
    sql("
        select id, browser_hash, step, request, revision, expires_at, preview_deployment_id
          from sign_ins
         where id = $1 and environment_id = $2")
    .bind(id)
    .bind(&cx.environment().id)
    .fetch_optional(tx)
    .await
}

/// Stores the next step over the one at `revision`; no when another answer was faster.
pub(super) async fn advance(
    tx: &mut Tx,
    sign_in: &SignIn,
    step: &Step,
    expires_at: Timestamp,
) -> Result<bool, Error> {
    let changed = sql("
        update sign_ins
           set step = $3, revision = revision + 1, expires_at = $4
         where id = $1 and revision = $2")
    .bind(&sign_in.id)
    .bind(sign_in.revision)
    .bind(document(step))
    .bind(expires_at)
    .execute(tx)
    .await?;
    Ok(changed == 1)
}

/// Deletes the sign-in at its revision; no when another was faster.
pub(super) async fn delete(tx: &mut Tx, sign_in: &SignIn) -> Result<bool, Error> {
    let deleted = sql("delete from sign_ins where id = $1 and revision = $2")
        .bind(&sign_in.id)
        .bind(sign_in.revision)
        .execute(tx)
        .await?;
    Ok(deleted == 1)
}

pub(super) async fn delete_expired(tx: &mut Tx, before: Timestamp) -> Result<(), Error> {
    sql("delete from sign_ins where expires_at < $1")
        .bind(before)
        .execute(tx)
        .await?;
    Ok(())
}

/// Whether anybody in the environment signs in with a username.
pub(super) async fn has_usernames(tx: &mut Tx, cx: &Context) -> Result<bool, Error> {
    let found: Option<i64> = sql("select cast(1 as bigint) from identities where environment_id = $1 and kind = 'username' limit 1")
        .bind(&cx.environment().id)
        .fetch_optional(tx)
        .await?;
    Ok(found.is_some())
}
