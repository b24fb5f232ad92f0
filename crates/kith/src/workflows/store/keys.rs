//! The SQL of encryption keys.

use db::{Error, FromRow, Row, Tx, sql};

use crate::id::{WorkflowId, WorkflowKeyId};
use crate::time::Timestamp;

/// A key as it is stored.
pub(in crate::workflows) struct StoredKey {
    pub(in crate::workflows) id: WorkflowKeyId,
    /// Sealed.
    pub(in crate::workflows) secret: String,
    pub(in crate::workflows) encoding: String,
    pub(in crate::workflows) is_active: bool,
    pub(in crate::workflows) created_at: Timestamp,
}

impl FromRow for StoredKey {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: row.get("id")?,
            secret: row.get("secret")?,
            encoding: row.get("encoding")?,
            is_active: row.get("is_active")?,
            created_at: row.get("created_at")?,
        })
    }
}

/// A key that was just made.
pub(in crate::workflows) struct NewKey<'a> {
    pub(in crate::workflows) id: &'a WorkflowKeyId,
    pub(in crate::workflows) workflow: &'a WorkflowId,
    pub(in crate::workflows) sealed: &'a str,
    pub(in crate::workflows) encoding: &'static str,
    pub(in crate::workflows) created_at: Timestamp,
}

const KEYS: &str = "select id, secret, encoding, is_active, created_at from workflow_keys";

pub(in crate::workflows) async fn keys_of(
    tx: &mut Tx,
    workflow: &WorkflowId,
) -> Result<Vec<StoredKey>, Error> {
    sql(format!("{KEYS} where workflow_id = $1 order by id"))
        .bind(workflow)
        .fetch_all(tx)
        .await
}

pub(in crate::workflows) async fn active_key(
    tx: &mut Tx,
    workflow: &WorkflowId,
) -> Result<Option<StoredKey>, Error> {
    sql(format!("{KEYS} where workflow_id = $1 and is_active"))
        .bind(workflow)
        .fetch_optional(tx)
        .await
}

pub(in crate::workflows) async fn find_key(
    tx: &mut Tx,
    workflow: &WorkflowId,
    id: &WorkflowKeyId,
) -> Result<Option<StoredKey>, Error> {
    sql(format!("{KEYS} where workflow_id = $1 and id = $2"))
        .bind(workflow)
        .bind(id)
        .fetch_optional(tx)
        .await
}

/// Stores a key: active where it is the workflow's first.
pub(in crate::workflows) async fn insert_key(tx: &mut Tx, key: &NewKey<'_>) -> Result<(), Error> {
    sql(
        "
        insert into workflow_keys (id, workflow_id, secret, encoding, is_active, created_at)
        select cast($1 as text), cast($2 as text), cast($3 as text), cast($4 as text),
               not exists (select 1 from workflow_keys where workflow_id = $2), cast($5 as bigint)",
    )
    .bind(key.id)
    .bind(key.workflow)
    .bind(key.sealed)
    .bind(key.encoding)
    .bind(key.created_at)
    .execute(tx)
    .await?;
    Ok(())
}

pub(in crate::workflows) async fn deactivate_keys(
    tx: &mut Tx,
    workflow: &WorkflowId,
) -> Result<(), Error> {
    sql("update workflow_keys set is_active = false where workflow_id = $1 and is_active")
        .bind(workflow)
        .execute(tx)
        .await?;
    Ok(())
}

pub(in crate::workflows) async fn activate_key(
    tx: &mut Tx,
    id: &WorkflowKeyId,
) -> Result<(), Error> {
    sql("update workflow_keys set is_active = true where id = $1")
        .bind(id)
        .execute(tx)
        .await?;
    Ok(())
}

pub(in crate::workflows) async fn delete_key(tx: &mut Tx, id: &WorkflowKeyId) -> Result<(), Error> {
    sql("delete from workflow_keys where id = $1 and not is_active")
        .bind(id)
        .execute(tx)
        .await?;
    Ok(())
}
