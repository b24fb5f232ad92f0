//! The SQL of uploaded files: how much of each is here.

use db::{Error, FromRow, Row, Tx, sql};

use crate::context::Context;
use crate::id::ImportRunId;
use crate::imports::Arrived;

impl FromRow for Arrived {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            number: row.get("file")?,
            name: row.get("name")?,
            received: row.get("received")?,
            bytes: row.get("bytes")?,
        })
    }
}

pub(in crate::imports) async fn insert(
    tx: &mut Tx,
    run: &ImportRunId,
    file: &Arrived,
) -> Result<(), Error> {
    sql("insert into import_uploads (run_id, file, name, received, bytes) values ($1, $2, $3, $4, $5)")
        .bind(run)
        .bind(file.number)
        .bind(&file.name)
        .bind(file.received)
        .bind(file.bytes)
        .execute(tx)
        .await?;
    Ok(())
}

/// The files of a run, in the order in which they were begun.
pub(in crate::imports) async fn of_run(
    tx: &mut Tx,
    run: &ImportRunId,
) -> Result<Vec<Arrived>, Error> {
    sql("select file, name, received, bytes from import_uploads where run_id = $1 order by file")
        .bind(run)
        .fetch_all(tx)
        .await
}

/// How much of a file is here, if it is still on its way.
pub(in crate::imports) async fn find(
    tx: &mut Tx,
    cx: &Context,
    run: &ImportRunId,
    file: i64,
) -> Result<Option<Arrived>, Error> {
    sql("
        select file, name, received, bytes
          from import_uploads
          join import_runs on import_runs.id = run_id
         where run_id = $1
           and file = $2
           and state = 'uploading'
           and environment_id = $3")
    .bind(run)
    .bind(file)
    .bind(&cx.environment().id)
    .fetch_optional(tx)
    .await
}

/// Counts bytes that have arrived, in the transaction that keeps them. Says whether so many were here before, and not more: of
/// two who bring the same bytes, one is told no.
pub(in crate::imports) async fn advance(
    tx: &mut Tx,
    run: &ImportRunId,
    file: i64,
    (before, after): (i64, i64),
) -> Result<bool, Error> {
    let n_advanced = sql("
        update import_uploads
           set received = $4
         where run_id = $1
           and file = $2
           and received = $3
           and exists (select 1 from import_runs where id = $1 and state = 'uploading')")
    .bind(run)
    .bind(file)
    .bind(before)
    .bind(after)
    .execute(tx)
    .await?;
    Ok(n_advanced > 0)
}

/// Forgets which files a run had, when their pieces are gone.
pub(in crate::imports) async fn delete(tx: &mut Tx, run: &ImportRunId) -> Result<(), Error> {
    sql("delete from import_uploads where run_id = $1")
        .bind(run)
        .execute(tx)
        .await?;
    Ok(())
}

/// A run that is over and whose files are still here.
pub(in crate::imports) async fn first_left_over(tx: &mut Tx) -> Result<Option<ImportRunId>, Error> {
    sql("
        select id
          from import_runs
         where state in ('finished', 'failed', 'cancelled', 'undoing', 'undone')
           and exists (select 1 from import_uploads where run_id = import_runs.id)
         limit 1")
    .fetch_optional(tx)
    .await
}
