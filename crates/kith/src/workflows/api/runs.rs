//! Operations on runs.

use axum::extract::Path;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;

use super::ReadWorkflows;
use crate::error::Code;
use crate::http::paging::next_token;
use crate::http::{Caller, Failure, Json, Paging, Query, Result, Success};
use crate::id::{WorkflowId, WorkflowRunId, WorkflowVersionId};
use crate::paging::Key;
use crate::routes;
use crate::workflows::runs::{self, Filter, Run};
use crate::workflows::versions;

pub(super) fn routes() -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(get_workflow_runs))
        .routes(routes!(get_workflow_run))
}

/// A run of a workflow.
#[derive(Debug, Serialize, ToSchema)]
struct WorkflowRunBody {
    /// Its id.
    id: WorkflowRunId,
    /// Kith's id of the workflow.
    workflow: WorkflowId,
    /// The id that its author gave it.
    workflow_id: String,
    /// The version that ran.
    version_id: WorkflowVersionId,
    /// What fired it.
    trigger: String,
    /// `succeeded`, `denied`, `invalidated`, `failed`, or `failed_and_went_on`.
    outcome: String,
    /// Whether it was one of a preview, and not what was live.
    is_preview: bool,
    /// How long it took, in milliseconds.
    duration_ms: i64,
    /// When it began, ISO 8601.
    created_on: String,
    /// Event, lines, calls, effects, failure and cost; secrets were taken out before they were kept.
    #[schema(value_type = Object)]
    details: Value,
}

impl From<Run> for WorkflowRunBody {
    fn from(run: Run) -> Self {
        Self {
            id: run.id,
            workflow: run.workflow,
            workflow_id: run.code,
            version_id: run.version,
            trigger: run.trigger,
            outcome: run.outcome,
            is_preview: run.is_preview,
            duration_ms: run.duration_ms,
            created_on: run.created_at.iso(),
            details: run.document,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
struct WorkflowRunsResponse {
    #[serde(flatten)]
    success: Success,
    /// The runs, oldest first unless `sort` says otherwise.
    runs: Vec<WorkflowRunBody>,
    /// Where the next page begins; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
struct WorkflowRunResponse {
    #[serde(flatten)]
    success: Success,
    /// The run.
    run: WorkflowRunBody,
}

/// Which runs are wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct WorkflowRunsQuery {
    /// Of this workflow only.
    workflow_id: Option<String>,
    /// That ended so only: `succeeded`, `denied`, `invalidated`, `failed`, or `failed_and_went_on`.
    outcome: Option<String>,
    /// That have this text in a line, an address or their failure, in small or capital letters.
    text: Option<String>,
}

/// List runs
///
/// What workflows have done, as far as it is still kept: thirty days, and 100,000 runs at most.
#[utoipa::path(get, path = "/api/v1/workflow_runs", operation_id = "getWorkflowRuns", tag = "Workflows",
    params(WorkflowRunsQuery, Paging),
    responses((status = 200, description = "The runs.", body = WorkflowRunsResponse)),
    security(("kindeBearerAuth" = ["read:workflows"])))]
async fn get_workflow_runs(
    Caller { cx, .. }: Caller<ReadWorkflows>,
    Query(query): Query<WorkflowRunsQuery>,
    Query(paging): Query<Paging>,
) -> Result<Json<WorkflowRunsResponse>> {
    let workflow = match &query.workflow_id {
        Some(id) => Some(
            versions::find(&cx, &mut cx.db().read().await?, id)
                .await?
                .id,
        ),
        None => None,
    };
    let filter = Filter {
        workflow,
        outcome: query.outcome,
        text: query.text,
    };
    let page = runs::list(&cx, &filter, &paging.wanted(&[Key::Id])?).await?;
    Ok(Json(WorkflowRunsResponse {
        success: Success::default(),
        next_token: next_token(&page),
        runs: page.items.into_iter().map(Into::into).collect(),
    }))
}

/// Get run
///
/// One run: what the program was told, what it printed and called, what it wanted done.
#[utoipa::path(get, path = "/api/v1/workflow_runs/{run_id}", operation_id = "getWorkflowRun", tag = "Workflows",
    params(("run_id" = String, Path, description = "The run's id.")),
    responses((status = 200, description = "The run.", body = WorkflowRunResponse)),
    security(("kindeBearerAuth" = ["read:workflows"])))]
async fn get_workflow_run(
    Caller { cx, .. }: Caller<ReadWorkflows>,
    Path(id): Path<String>,
) -> Result<Json<WorkflowRunResponse>> {
    let parsed = id.parse().map_err(|_| {
        Failure::new(
            Code::WORKFLOW_RUN_NOT_FOUND,
            format!("there is no run {id}"),
        )
    })?;
    let run = runs::find(&cx, &parsed).await?;
    Ok(Json(WorkflowRunResponse {
        success: Success::default(),
        run: run.into(),
    }))
}
