//! The SQL of imports.

pub(super) mod chunks;
pub(super) mod cohorts;
pub(super) mod former;
pub(super) mod gone;
pub(super) mod journal;
pub(super) mod notes;
pub(super) mod parts;
pub(super) mod people;
pub(super) mod refusals;
pub(super) mod states;
pub(super) mod uploads;

use db::{Error, FromRow, Row, Tx, sql};

use super::upload::KEPT;
use super::{Failed, Position, Run, State, Tally, Totals};
use crate::context::{App, Context};
use crate::id::{EnvironmentId, ImportRunId};
use crate::paging::Wanted;
use crate::time::Timestamp;

const COLUMNS: &str = "
    id, source, state, is_dry_run, files, n_records, n_created, n_updated, n_unchanged, n_refused, n_warnings,
    findings, bytes_read, file_position, record_position, error_code, error_message, started_by, created_at,
    started_at, finished_at, lease_until,
    exists (select 1
              from import_uploads
             where run_id = import_runs.id
               and state not in ('finished', 'failed', 'cancelled')) as is_uploaded";

impl FromRow for Run {
    fn from_row(row: &Row) -> Result<Self, Error> {
        let (files, summary): (String, String) = (row.get("files")?, row.get("findings")?);
        let failed: Option<(String, String)> = row
            .get::<Option<String>>("error_code")?
            .zip(row.get("error_message")?);
        Ok(Self {
            id: row.get("id")?,
            source: row.get("source")?,
            state: row.get("state")?,
            is_dry_run: row.get("is_dry_run")?,
            files: serde_json::from_str(&files).unwrap_or_default(),
            tally: Tally {
                records: row.get("n_records")?,
                created: row.get("n_created")?,
                updated: row.get("n_updated")?,
                unchanged: row.get("n_unchanged")?,
                refused: row.get("n_refused")?,
                warnings: row.get("n_warnings")?,
            },
            summary: serde_json::from_str(&summary).unwrap_or_default(),
            position: Position {
                file: row.get("file_position")?,
                record: row.get("record_position")?,
            },
            bytes_read: row.get("bytes_read")?,
            failure: failed.map(|(code, message)| Failed { code, message }),
            is_uploaded: row.get("is_uploaded")?,
            lease_until: row.get("lease_until")?,
            started_by: row.get("started_by")?,
            created_at: row.get("created_at")?,
            started_at: row.get("started_at")?,
            finished_at: row.get("finished_at")?,
        })
    }
}

pub(super) async fn insert(
    tx: &mut Tx,
    cx: &Context,
    run: &Run,
    sealed_options: &str,
) -> Result<(), Error> {
    sql("
        insert into import_runs
               (id, environment_id, source, state, is_dry_run, options, files, n_records, n_created, n_updated,
                n_unchanged, n_refused, n_warnings, findings, bytes_read, file_position, record_position,
                started_by, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, 0, 0, 0, 0, 0, 0, $8, 0, 0, 0, $9, $10)")
    .bind(&run.id)
    .bind(&cx.environment().id)
    .bind(&run.source)
    .bind(run.state.as_str())
    .bind(run.is_dry_run)
    .bind(sealed_options)
    .bind(json(&run.files))
    .bind(json(&run.summary))
    .bind(&run.started_by)
    .bind(run.created_at)
    .execute(tx)
    .await?;
    Ok(())
}

pub(super) async fn find(
    tx: &mut Tx,
    cx: &Context,
    id: &ImportRunId,
) -> Result<Option<Run>, Error> {
    sql(format!(
        "select {COLUMNS} from import_runs where id = $1 and environment_id = $2"
    ))
    .bind(id)
    .bind(&cx.environment().id)
    .fetch_optional(tx)
    .await
}

/// The sealed options of a run.
pub(super) async fn options(tx: &mut Tx, id: &ImportRunId) -> Result<String, Error> {
    sql("select options from import_runs where id = $1")
        .bind(id)
        .fetch_one(tx)
        .await
}

/// Puts other sealed options in their place.
pub(super) async fn set_options(tx: &mut Tx, id: &ImportRunId, sealed: &str) -> Result<(), Error> {
    sql("update import_runs set options = $2 where id = $1")
        .bind(id)
        .bind(sealed)
        .execute(tx)
        .await?;
    Ok(())
}

/// Newest first.
pub(super) async fn page(tx: &mut Tx, cx: &Context, wanted: &Wanted) -> Result<Vec<Run>, Error> {
    let (clause, values) = wanted.clause(None, "id", 2);
    sql(format!(
        "
        select {COLUMNS}
          from import_runs
         where environment_id = $1 {clause}"
    ))
    .bind(&cx.environment().id)
    .bind_all(values)
    .fetch_all(tx)
    .await
}

impl FromRow for Totals {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            created: row.get("created")?,
            refused: row.get("refused")?,
        })
    }
}

/// The sums over the runs that have written something.
pub(super) async fn totals(tx: &mut Tx, cx: &Context) -> Result<Totals, Error> {
    sql("
        select cast(coalesce(sum(n_created), 0) as bigint) as created,
               cast(coalesce(sum(n_refused), 0) as bigint) as refused
          from import_runs
         where environment_id = $1
           and not is_dry_run
           and state in ('running', 'stopped', 'finished')")
    .bind(&cx.environment().id)
    .fetch_one(tx)
    .await
}

/// Takes a run over, whoever had it: from now on only `owner` can move it on. Says whether it is still in its state.
pub(super) async fn take_over(
    tx: &mut Tx,
    cx: &Context,
    run: &Run,
    (owner, until): (&str, Timestamp),
) -> Result<bool, Error> {
    let n_taken = sql("
        update import_runs
           set owner = $3,
               lease_until = $4,
               started_at = coalesce(started_at, $5)
         where id = $1
           and state = $2")
    .bind(&run.id)
    .bind(run.state.as_str())
    .bind(owner)
    .bind(until)
    .bind(cx.now())
    .execute(tx)
    .await?;
    Ok(n_taken > 0)
}

/// Takes over a run whose files are here and that nobody works on, the oldest first.
pub(super) async fn claim(
    tx: &mut Tx,
    app: &App,
    (owner, until): (&str, Timestamp),
) -> Result<Option<(ImportRunId, EnvironmentId)>, Error> {
    sql(format!(
        "
        update import_runs
           set owner = $1,
               lease_until = $2,
               started_at = coalesce(started_at, $3)
         where id = (select id
                       from import_runs
                      where state in ('checking', 'running', 'undoing')
                        and (lease_until is null or lease_until < $3)
                        and (state = 'undoing' or exists (select 1 from import_uploads where run_id = import_runs.id))
                      order by id
                      limit 1{})
        returning id, environment_id",
        app.db().skip_locked()
    ))
    .bind(owner)
    .bind(until)
    .bind(app.now())
    .fetch_optional(tx)
    .await
}

/// Moves a run on to where a batch ends. Says whether `owner` still has it.
pub(super) async fn advance(
    tx: &mut Tx,
    run: &Run,
    (owner, until): (&str, Timestamp),
) -> Result<bool, Error> {
    let n_advanced = sql("
        update import_runs
           set n_records = $3,
               n_created = $4,
               n_updated = $5,
               n_unchanged = $6,
               n_refused = $7,
               n_warnings = $8,
               findings = $9,
               bytes_read = $10,
               file_position = $11,
               record_position = $12,
               lease_until = $13
         where id = $1
           and owner = $2")
    .bind(&run.id)
    .bind(owner)
    .bind(run.tally.records)
    .bind(run.tally.created)
    .bind(run.tally.updated)
    .bind(run.tally.unchanged)
    .bind(run.tally.refused)
    .bind(run.tally.warnings)
    .bind(json(&run.summary))
    .bind(run.bytes_read)
    .bind(run.position.file)
    .bind(run.position.record)
    .bind(until)
    .execute(tx)
    .await?;
    Ok(n_advanced > 0)
}

/// Keeps a run for longer. Says whether `owner` still has it.
pub(super) async fn renew(
    tx: &mut Tx,
    id: &ImportRunId,
    (owner, until): (&str, Timestamp),
) -> Result<bool, Error> {
    let n_renewed = sql("update import_runs set lease_until = $3 where id = $1 and owner = $2")
        .bind(id)
        .bind(owner)
        .bind(until)
        .execute(tx)
        .await?;
    Ok(n_renewed > 0)
}

/// Ends the work on a run. Says whether `owner` still had it.
pub(super) async fn end(tx: &mut Tx, run: &Run, owner: &str) -> Result<bool, Error> {
    let n_ended = sql("
        update import_runs
           set state = $3,
               error_code = $4,
               error_message = $5,
               finished_at = $6,
               owner = null,
               lease_until = null
         where id = $1
           and owner = $2")
    .bind(&run.id)
    .bind(owner)
    .bind(run.state.as_str())
    .bind(run.failure.as_ref().map(|failed| failed.code.clone()))
    .bind(run.failure.as_ref().map(|failed| failed.message.clone()))
    .bind(run.finished_at)
    .execute(tx)
    .await?;
    Ok(n_ended > 0)
}

/// Keeps what was found out about uploaded files, and hands the run to the worker. Says whether it still waited for files.
pub(super) async fn set_uploaded(tx: &mut Tx, run: &Run) -> Result<bool, Error> {
    let n_changed = sql("
        update import_runs
           set source = $2,
               files = $3,
               state = $4,
               is_dry_run = $5,
               lease_until = null
         where id = $1
           and state = 'uploading'")
    .bind(&run.id)
    .bind(&run.source)
    .bind(json(&run.files))
    .bind(run.state.as_str())
    .bind(run.is_dry_run)
    .execute(tx)
    .await?;
    Ok(n_changed > 0)
}

/// Brings a run into the state that it says, with its counters, and takes it from whoever works on it. Says whether it was in
/// the state `before`.
pub(super) async fn set_state(
    tx: &mut Tx,
    cx: &Context,
    run: &Run,
    before: State,
) -> Result<bool, Error> {
    let is_waiting = run.state == State::Stopped;
    let finished_at = (is_waiting || run.state.is_over()).then(|| cx.now());
    let n_changed = sql("
        update import_runs
           set state = $3,
               is_dry_run = $4,
               finished_at = $5,
               lease_until = $6,
               owner = null
         where id = $1
           and state = $2")
    .bind(&run.id)
    .bind(before.as_str())
    .bind(run.state.as_str())
    .bind(run.is_dry_run)
    .bind(finished_at)
    .bind(is_waiting.then(|| cx.now() + KEPT))
    .execute(tx)
    .await?;
    Ok(n_changed > 0)
}

/// Sets a run's counters back to nothing, with only this summary.
pub(super) async fn set_back(tx: &mut Tx, run: &Run) -> Result<(), Error> {
    sql("
        update import_runs
           set n_records = 0,
               n_created = 0,
               n_updated = 0,
               n_unchanged = 0,
               n_refused = 0,
               n_warnings = 0,
               findings = $2,
               bytes_read = 0,
               file_position = 0,
               record_position = 0,
               started_at = null
         where id = $1")
    .bind(&run.id)
    .bind(json(&run.summary))
    .execute(tx)
    .await?;
    Ok(())
}

/// Keeps the files of a run until then, if nobody decides before.
pub(super) async fn keep_until(
    tx: &mut Tx,
    id: &ImportRunId,
    until: Timestamp,
) -> Result<(), Error> {
    sql("update import_runs set lease_until = $2 where id = $1")
        .bind(id)
        .bind(until)
        .execute(tx)
        .await?;
    Ok(())
}

/// Keeps the files of a run that are on their way until then. Says whether they are.
pub(super) async fn keep_uploading(
    tx: &mut Tx,
    cx: &Context,
    id: &ImportRunId,
    until: Timestamp,
) -> Result<bool, Error> {
    let n_kept = sql("
        update import_runs
           set lease_until = $3
         where id = $1
           and environment_id = $2
           and state = 'uploading'")
    .bind(id)
    .bind(&cx.environment().id)
    .bind(until)
    .execute(tx)
    .await?;
    Ok(n_kept > 0)
}

/// Gives up imports that nobody has decided about in time. Their files are left over then.
pub(super) async fn cancel_undecided(tx: &mut Tx, app: &App) -> Result<(), Error> {
    sql("
        update import_runs
           set state = 'cancelled',
               finished_at = $1,
               lease_until = null
         where state in ('uploading', 'checked', 'stopped')
           and lease_until < $1")
    .bind(app.now())
    .execute(tx)
    .await?;
    Ok(())
}

/// Forgets a run altogether.
pub(super) async fn delete(tx: &mut Tx, id: &ImportRunId) -> Result<(), Error> {
    sql("delete from import_runs where id = $1")
        .bind(id)
        .execute(tx)
        .await?;
    Ok(())
}

fn json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("plain data serializes")
}
