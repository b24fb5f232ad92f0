//! The SQL of runs.

use db::{Error, FromRow, Row, Tx, Value, escape_like, rows, sql};

use crate::id::{EnvironmentId, WorkflowId, WorkflowRunId, WorkflowVersionId};
use crate::paging::Wanted;
use crate::time::Timestamp;
use crate::workflows::runs::{Filter, Finished, Run};

const COLUMNS: &[&str] = &[
    "id",
    "environment_id",
    "workflow_id",
    "version_id",
    "fires_on",
    "outcome",
    "is_preview",
    "duration_ms",
    "document",
    "search",
    "created_at",
];

/// Writes runs, those of workflows that were deleted meanwhile excepted.
pub(in crate::workflows) async fn insert_runs(tx: &mut Tx, runs: &[Finished]) -> Result<(), Error> {
    let known: Vec<WorkflowId> = sql("select id from workflows").fetch_all(tx).await?;
    let mut all = rows("workflow_runs", COLUMNS);
    for run in runs.iter().filter(|run| known.contains(&run.workflow)) {
        let (document, search) = run.document();
        all.push([
            Value::from(&run.id),
            Value::from(&run.environment),
            Value::from(&run.workflow),
            Value::from(&run.version),
            Value::from(run.trigger.id()),
            Value::from(run.outcome.as_str()),
            Value::from(run.is_preview),
            Value::from(i64::try_from(run.trial.cost.wall_ms).unwrap_or(i64::MAX)),
            Value::from(document),
            Value::from(search),
            Value::from(run.trial.started_at),
        ]);
    }
    if all.is_empty() {
        return Ok(());
    }
    all.insert(tx).await
}

/// A run as it is stored.
pub(in crate::workflows) struct StoredRun {
    id: WorkflowRunId,
    workflow: WorkflowId,
    code: String,
    version: WorkflowVersionId,
    trigger: String,
    outcome: String,
    is_preview: bool,
    duration_ms: i64,
    document: String,
    created_at: Timestamp,
}

impl FromRow for StoredRun {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: row.get("id")?,
            workflow: row.get("workflow_id")?,
            code: row.get("code")?,
            version: row.get("version_id")?,
            trigger: row.get("fires_on")?,
            outcome: row.get("outcome")?,
            is_preview: row.get("is_preview")?,
            duration_ms: row.get("duration_ms")?,
            document: row.get("document")?,
            created_at: row.get("created_at")?,
        })
    }
}

impl StoredRun {
    pub(in crate::workflows) fn read(self) -> Result<Run, crate::workflows::WorkflowsError> {
        Ok(Run {
            document: serde_json::from_str(&self.document)?,
            id: self.id,
            workflow: self.workflow,
            code: self.code,
            version: self.version,
            trigger: self.trigger,
            outcome: self.outcome,
            is_preview: self.is_preview,
            duration_ms: self.duration_ms,
            created_at: self.created_at,
        })
    }
}

const RUNS: &str = "
    select r.id, r.workflow_id, w.code, r.version_id, r.fires_on, r.outcome, r.is_preview, r.duration_ms, r.document, r.created_at
      from workflow_runs r
      join workflows w on w.id = r.workflow_id";

pub(in crate::workflows) async fn page_of_runs(
    tx: &mut Tx,
    environment: &EnvironmentId,
    filter: &Filter,
    wanted: &Wanted,
) -> Result<Vec<StoredRun>, Error> {
    let mut clauses = Vec::new();
    let mut values = Vec::new();
    if let Some(workflow) = &filter.workflow {
        values.push(Value::from(workflow));
        clauses.push(format!("and r.workflow_id = ${} ", values.len() + 1));
    }
    if let Some(outcome) = &filter.outcome {
        values.push(Value::from(outcome));
        clauses.push(format!("and r.outcome = ${} ", values.len() + 1));
    }
    if let Some(text) = &filter.text {
        values.push(Value::from(format!(
            "%{}%",
            escape_like(&text.to_lowercase())
        )));
        clauses.push(format!(
            "and r.search like ${} escape '\\' ",
            values.len() + 1
        ));
    }
    let (rest, more) = wanted.clause(None, "r.id", values.len() + 2);
    let clauses = clauses.concat();
    sql(format!(
        "{RUNS} where r.environment_id = $1 {clauses}{rest}"
    ))
    .bind(environment)
    .bind_all(values)
    .bind_all(more)
    .fetch_all(tx)
    .await
}

pub(in crate::workflows) async fn find_run(
    tx: &mut Tx,
    environment: &EnvironmentId,
    id: &WorkflowRunId,
) -> Result<Option<StoredRun>, Error> {
    sql(format!("{RUNS} where r.environment_id = $1 and r.id = $2"))
        .bind(environment)
        .bind(id)
        .fetch_optional(tx)
        .await
}

/// How many runs of a workflow ended so.
pub(in crate::workflows) struct Tallied {
    pub(in crate::workflows) workflow: WorkflowId,
    pub(in crate::workflows) outcome: String,
    pub(in crate::workflows) count: i64,
}

impl FromRow for Tallied {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            workflow: row.get("workflow_id")?,
            outcome: row.get("outcome")?,
            count: row.get("n_runs")?,
        })
    }
}

/// The runs since a moment, those of previews left out, counted. Ids begin with their moment, so this reads no others.
pub(in crate::workflows) async fn tally_runs(
    tx: &mut Tx,
    environment: &EnvironmentId,
    since: Timestamp,
) -> Result<Vec<Tallied>, Error> {
    sql("
        select workflow_id, outcome, count(*) as n_runs
          from workflow_runs
         where environment_id = $1 and id >= $2 and not is_preview
         group by workflow_id, outcome")
    .bind(environment)
    .bind(format!("wfrun_{:012x}", since.millis()))
    .fetch_all(tx)
    .await
}

/// Ids begin with their moment, so this reads no more than it deletes.
pub(in crate::workflows) async fn delete_runs_before(
    tx: &mut Tx,
    before: Timestamp,
) -> Result<(), Error> {
    sql("delete from workflow_runs where id < $1")
        .bind(format!("wfrun_{:012x}", before.millis()))
        .execute(tx)
        .await?;
    Ok(())
}

/// Deletes the oldest of each environment where there are more than so many.
pub(in crate::workflows) async fn delete_runs_beyond(tx: &mut Tx, most: i64) -> Result<(), Error> {
    let environments: Vec<EnvironmentId> = sql("select id from environments").fetch_all(tx).await?;
    for environment in environments {
        let oldest_kept: Option<WorkflowRunId> = sql("
            select id from workflow_runs where environment_id = $1 order by id desc limit 1 offset $2")
        .bind(&environment)
        .bind(most)
        .fetch_optional(tx)
        .await?;
        if let Some(id) = oldest_kept {
            sql("delete from workflow_runs where environment_id = $1 and id <= $2")
                .bind(&environment)
                .bind(id)
                .execute(tx)
                .await?;
        }
    }
    Ok(())
}
