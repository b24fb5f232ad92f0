//! What became of runs: kept for a while, so that authors see what their programs did.
//!
//! A run is written after its flow has gone on, together with others: hundreds of sign-ins a second cost a transaction a second, and
//! nobody waits for it. What a process had not written when it was killed is lost.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::Serialize;
use serde_json::Value;

use super::WorkflowsError;
use super::run::Trial;
use super::runtime::runtime;
use super::store;
use super::trigger::Trigger;
use crate::context::{App, Context};
use crate::id::{EnvironmentId, WorkflowId, WorkflowRunId, WorkflowVersionId};
use crate::paging::{Page, Wanted};
use crate::time::Timestamp;

/// For how long a run is kept.
pub const KEPT: Duration = Duration::from_hours(30 * 24);

/// How many runs of an environment are kept at most.
pub const MOST_KEPT: i64 = 100_000;

/// How many may wait to be written. Past that the newest are dropped, and the log says how many.
const MOST_WAITING: usize = 10_000;

/// The largest document of a run, in bytes; of a larger one the event and lines are left out.
const MAX_DOCUMENT: usize = 256 * 1024;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The flow went on, perhaps with more in its tokens.
    Succeeded,
    /// Somebody was refused.
    Denied,
    /// A field of the form got a message.
    Invalidated,
    /// It failed, and the flow stopped.
    Failed,
    /// It failed, and the flow went on.
    FailedAndWentOn,
}

impl Outcome {
    /// As it is stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Denied => "denied",
            Self::Invalidated => "invalidated",
            Self::Failed => "failed",
            Self::FailedAndWentOn => "failed_and_went_on",
        }
    }
}

/// A run that waits to be written.
#[derive(Debug)]
pub(super) struct Finished {
    pub(super) id: WorkflowRunId,
    pub(super) environment: EnvironmentId,
    pub(super) workflow: WorkflowId,
    pub(super) version: WorkflowVersionId,
    pub(super) trigger: Trigger,
    pub(super) outcome: Outcome,
    pub(super) is_preview: bool,
    pub(super) trial: Trial,
}

impl Finished {
    /// What is stored of it, and what people search in.
    pub(super) fn document(&self) -> (String, String) {
        let mut shown = serde_json::to_value(&self.trial).unwrap_or_default();
        let mut document = shown.to_string();
        if document.len() > MAX_DOCUMENT {
            shown["event"] = Value::Null;
            shown["lines"] = serde_json::json!([{"after_ms": 0, "level": "warn", "text": "the run printed too much to be kept"}]);
            document = shown.to_string();
        }
        let lines = self.trial.lines.iter().map(|line| line.text.as_str());
        let failure = self
            .trial
            .failure
            .iter()
            .map(|failure| failure.message.as_str());
        let addresses = self.trial.calls.iter().map(|call| call.url.as_str());
        let words: Vec<_> = lines.chain(failure).chain(addresses).collect();
        let mut search = words.join("\n").to_lowercase();
        search.truncate(search.floor_char_boundary(16 * 1024));
        (document.replace('\0', ""), search.replace('\0', ""))
    }
}

/// A run as it was kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// Its id.
    pub id: WorkflowRunId,
    /// The workflow.
    pub workflow: WorkflowId,
    /// The workflow's id, as its author gave it.
    pub code: String,
    /// The version that ran.
    pub version: WorkflowVersionId,
    /// What fired it.
    pub trigger: String,
    /// How it ended, as it is stored.
    pub outcome: String,
    /// Whether it was one of a preview, and not what was live.
    pub is_preview: bool,
    /// How long it took, in milliseconds.
    pub duration_ms: i64,
    /// When it began.
    pub created_at: Timestamp,
    /// Event, lines, calls, effects, failure and cost.
    pub document: Value,
}

/// Which runs are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of one workflow only.
    pub workflow: Option<WorkflowId>,
    /// That ended so only.
    pub outcome: Option<String>,
    /// That have this text in a line, an address or their failure.
    pub text: Option<String>,
}

/// Runs that wait to be written.
#[derive(Default)]
pub(super) struct Recorder(Mutex<Waiting>);

#[derive(Default)]
struct Waiting {
    runs: Vec<Finished>,
    n_dropped: u64,
}

impl Recorder {
    pub(super) fn keep(&self, run: Finished) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.runs.len() < MOST_WAITING {
            waiting.runs.push(run);
        } else {
            waiting.n_dropped += 1;
        }
    }

    fn take(&self) -> Waiting {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Writes the runs that wait. For the worker, and before somebody looks.
///
/// # Errors
/// When the database fails. The runs are lost then.
pub async fn write_waiting(app: &App) -> Result<(), db::Error> {
    let Waiting { runs, n_dropped } = runtime(app).recorder.take();
    if n_dropped > 0 {
        tracing::warn!(
            n_dropped,
            "more workflows ran than could be written down; {n_dropped} runs are not in the log"
        );
    }
    if runs.is_empty() {
        return Ok(());
    }
    let mut tx = app.db().begin().await?;
    store::insert_runs(&mut tx, &runs).await?;
    tx.commit().await
}

/// Forgets runs that are old, and the oldest where there are too many.
///
/// # Errors
/// When the database fails.
pub async fn forget_old(app: &App) -> Result<(), db::Error> {
    let mut tx = app.db().begin().await?;
    store::delete_runs_before(&mut tx, app.now() - KEPT).await?;
    store::delete_runs_beyond(&mut tx, MOST_KEPT).await?;
    tx.commit().await
}

/// A page of runs, as the filter wants them. Writes those that wait first, so not to be called with a transaction open.
///
/// # Errors
/// When the database fails, or what is stored can't be read.
pub async fn list(
    cx: &Context,
    filter: &Filter,
    wanted: &Wanted,
) -> Result<Page<Run>, WorkflowsError> {
    write_waiting(cx).await?;
    let mut tx = cx.db().read().await?;
    let rows = store::page_of_runs(&mut tx, &cx.environment().id, filter, wanted).await?;
    let runs = rows
        .into_iter()
        .map(store::StoredRun::read)
        .collect::<Result<Vec<_>, _>>()?;
    Ok(wanted.page(runs, |run| ("", run.id.as_str())))
}

/// How the last day's runs of a workflow ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many did what their author meant, refusals among them.
    pub n_right: i64,
    /// How many failed.
    pub n_failed: i64,
}

/// The runs of the last 24 hours, previews left out, counted by workflow. Writes those that wait first, so not to be called with a transaction open.
///
/// # Errors
/// When the database fails.
pub async fn tally(cx: &Context) -> Result<HashMap<WorkflowId, Tally>, db::Error> {
    write_waiting(cx).await?;
    let mut tx = cx.db().read().await?;
    let since = cx.now() - Duration::from_hours(24);
    let mut tallies: HashMap<WorkflowId, Tally> = HashMap::new();
    for counted in store::tally_runs(&mut tx, &cx.environment().id, since).await? {
        let tally = tallies.entry(counted.workflow).or_default();
        let has_failed = [Outcome::Failed, Outcome::FailedAndWentOn]
            .iter()
            .any(|failed| failed.as_str() == counted.outcome);
        if has_failed {
            tally.n_failed += counted.count;
        } else {
            tally.n_right += counted.count;
        }
    }
    Ok(tallies)
}

/// One run.
///
/// # Errors
/// [`WorkflowsError::UnknownRun`]; when the database fails, or what is stored can't be read.
pub async fn find(cx: &Context, id: &WorkflowRunId) -> Result<Run, WorkflowsError> {
    write_waiting(cx).await?;
    let mut tx = cx.db().read().await?;
    let found = store::find_run(&mut tx, &cx.environment().id, id).await?;
    found
        .ok_or_else(|| WorkflowsError::UnknownRun(id.to_string()))?
        .read()
}
