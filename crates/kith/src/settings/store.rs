//! The SQL of settings.

use db::{Error, Tx, sql};

use crate::id::EnvironmentId;
use crate::time::Timestamp;

pub(super) async fn find(
    tx: &mut Tx,
    environment: &EnvironmentId,
    name: &str,
) -> Result<Option<String>, Error> {
    sql("select document from settings where environment_id = $1 and name = $2")
        .bind(environment)
        .bind(name)
        .fetch_optional(tx)
        .await
}

pub(super) async fn put(
    tx: &mut Tx,
    environment: &EnvironmentId,
    (name, document): (&str, &str),
    now: Timestamp,
) -> Result<(), Error> {
    sql("
        insert into settings (environment_id, name, document, updated_at)
        values ($1, $2, $3, $4)
        on conflict (environment_id, name)
        do update set document = excluded.document, updated_at = excluded.updated_at")
    .bind(environment)
    .bind(name)
    .bind(document)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

pub(super) async fn put_first(
    tx: &mut Tx,
    environment: &EnvironmentId,
    (name, document): (&str, &str),
    now: Timestamp,
) -> Result<bool, Error> {
    let inserted = sql("
        insert into settings (environment_id, name, document, updated_at)
        values ($1, $2, $3, $4)
        on conflict (environment_id, name) do nothing")
    .bind(environment)
    .bind(name)
    .bind(document)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(inserted == 1)
}
