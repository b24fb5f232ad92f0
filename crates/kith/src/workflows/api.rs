//! Management operations on workflows, their keys and runs, and on environment variables.

mod deployments;
mod keys;
mod preview;
pub mod push;
mod repository;
mod runs;
mod variables;

use axum::extract::Path;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use super::versions::{self, State, Version, Workflow};
use super::{WorkflowsError, changed};
use crate::http::{Caller, Json, Result, Success};
use crate::id::{DeploymentId, WorkflowId, WorkflowVersionId};
use crate::routes;

crate::scopes! {
    ReadWorkflows = "read:workflows";
    CreateWorkflows = "create:workflows";
    UpdateWorkflows = "update:workflows";
    DeleteWorkflows = "delete:workflows";
    ReadVariables = "read:environment_variables";
    CreateVariables = "create:environment_variables";
    UpdateVariables = "update:environment_variables";
    DeleteVariables = "delete:environment_variables";
}

/// The operations of this slice.
#[must_use]
pub fn routes() -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(get_workflows))
        .routes(routes!(get_workflow, delete_workflow))
        .routes(routes!(activate_workflow_version))
        .routes(routes!(deactivate_workflow))
        .merge(deployments::routes())
        .merge(keys::routes())
        .merge(preview::routes())
        .merge(repository::routes())
        .merge(runs::routes())
        .merge(variables::routes())
}

/// A workflow.
#[derive(Debug, Serialize, ToSchema)]
struct WorkflowBody {
    /// Kith's own id.
    id: WorkflowId,
    /// The id that its author gave it.
    #[schema(example = "dripFeedMigration")]
    workflow_id: String,
    /// What people call it.
    name: String,
    /// What fires it.
    #[schema(example = "user:existing_password_provided")]
    trigger: String,
    /// Whether the trigger fires yet. What it doesn't can be deployed and tried all the same.
    is_fired: bool,
    /// The version that runs; none while none does.
    live_version_id: Option<WorkflowVersionId>,
    /// When it was first deployed, ISO 8601.
    created_on: String,
    /// When what runs last changed, ISO 8601.
    updated_on: String,
}

impl From<Workflow> for WorkflowBody {
    fn from(workflow: Workflow) -> Self {
        Self {
            is_fired: workflow.is_fired(),
            id: workflow.id,
            workflow_id: workflow.code,
            name: workflow.name,
            trigger: workflow.trigger,
            live_version_id: workflow.live_version,
            created_on: workflow.created_at.iso(),
            updated_on: workflow.updated_at.iso(),
        }
    }
}

/// A version of a workflow.
#[derive(Debug, Serialize, ToSchema)]
struct WorkflowVersionBody {
    /// Its id.
    id: WorkflowVersionId,
    /// From 1, in the order of deployment.
    number: i64,
    /// What was deployed together with it.
    deployment_id: DeploymentId,
    /// What it is for now.
    state: State,
    /// The file that is the workflow.
    file: String,
    /// What the workflow says of itself in this version.
    #[schema(value_type = Object)]
    settings: Value,
    /// What deserved a look when it was built.
    #[schema(value_type = Vec<Object>)]
    build_log: Value,
    /// Where the files came from.
    #[schema(value_type = Object)]
    source: Value,
    /// Who deployed it.
    deployed_by: String,
    /// When, ISO 8601.
    created_on: String,
}

impl WorkflowVersionBody {
    fn new(version: Version) -> Result<Self, WorkflowsError> {
        Ok(Self {
            settings: serde_json::to_value(version.settings()?)?,
            build_log: version.build_log(),
            source: version.source(),
            id: version.id,
            number: version.number,
            deployment_id: version.deployment,
            state: version.state,
            file: version.entry,
            deployed_by: version.deployed_by,
            created_on: version.created_at.iso(),
        })
    }
}

#[derive(Debug, Serialize, ToSchema)]
struct WorkflowsResponse {
    #[serde(flatten)]
    success: Success,
    /// The workflows, oldest first.
    workflows: Vec<WorkflowBody>,
}

#[derive(Debug, Serialize, ToSchema)]
struct WorkflowResponse {
    #[serde(flatten)]
    success: Success,
    /// The workflow.
    workflow: WorkflowBody,
    /// Its versions, newest first.
    versions: Vec<WorkflowVersionBody>,
}

/// List workflows
///
/// Every workflow of the environment, oldest first.
#[utoipa::path(get, path = "/api/v1/workflows", operation_id = "getWorkflows", tag = "Workflows",
    responses((status = 200, description = "The workflows.", body = WorkflowsResponse)),
    security(("kindeBearerAuth" = ["read:workflows"])))]
async fn get_workflows(
    Caller { cx, .. }: Caller<ReadWorkflows>,
) -> Result<Json<WorkflowsResponse>> {
    let workflows = versions::list(&cx, &mut cx.db().read().await?).await?;
    Ok(Json(WorkflowsResponse {
        success: Success::default(),
        workflows: workflows.into_iter().map(Into::into).collect(),
    }))
}

/// Get workflow
///
/// One workflow with its versions, by Kith's id or by that of its author.
#[utoipa::path(get, path = "/api/v1/workflows/{workflow_id}", operation_id = "getWorkflow", tag = "Workflows",
    params(("workflow_id" = String, Path, description = "The workflow's id.")),
    responses((status = 200, description = "The workflow.", body = WorkflowResponse)),
    security(("kindeBearerAuth" = ["read:workflows"])))]
async fn get_workflow(
    Caller { cx, .. }: Caller<ReadWorkflows>,
    Path(id): Path<String>,
) -> Result<Json<WorkflowResponse>> {
    let mut tx = cx.db().read().await?;
    let workflow = versions::find(&cx, &mut tx, &id).await?;
    let versions = versions::versions(&cx, &mut tx, &id).await?;
    let versions = versions.into_iter().map(WorkflowVersionBody::new);
    Ok(Json(WorkflowResponse {
        success: Success::default(),
        workflow: workflow.into(),
        versions: versions.collect::<Result<_, _>>()?,
    }))
}

/// Delete workflow
///
/// Deletes a workflow with its versions, encryption keys and runs. It runs no more.
#[utoipa::path(delete, path = "/api/v1/workflows/{workflow_id}", operation_id = "deleteWorkflow", tag = "Workflows",
    params(("workflow_id" = String, Path, description = "The workflow's id.")),
    responses((status = 200, description = "The workflow was deleted.", body = Success)),
    security(("kindeBearerAuth" = ["delete:workflows"])))]
async fn delete_workflow(
    Caller { cx, .. }: Caller<DeleteWorkflows>,
    Path(id): Path<String>,
) -> Result<Json<Success>> {
    let mut tx = cx.db().begin().await?;
    versions::delete(&cx, &mut tx, &id).await?;
    tx.commit().await?;
    changed(&cx).await;
    Ok(Json(Success::new(
        "WORKFLOW_DELETED",
        "Workflow successfully deleted",
    )))
}

/// Make a version live
///
/// The version runs from now on, in place of the one that did. So an older deployment is taken back.
#[utoipa::path(post, path = "/api/v1/workflows/{workflow_id}/versions/{version_id}/activate",
    operation_id = "activateWorkflowVersion", tag = "Workflows",
    params(
        ("workflow_id" = String, Path, description = "The workflow's id."),
        ("version_id" = String, Path, description = "The version's id."),
    ),
    responses((status = 200, description = "The version is live.", body = Success)),
    security(("kindeBearerAuth" = ["update:workflows"])))]
async fn activate_workflow_version(
    Caller { cx, .. }: Caller<UpdateWorkflows>,
    Path((workflow, version)): Path<(String, String)>,
) -> Result<Json<Success>> {
    let mut tx = cx.db().begin().await?;
    versions::activate(&cx, &mut tx, &workflow, &version).await?;
    tx.commit().await?;
    changed(&cx).await;
    Ok(Json(Success::new(
        "WORKFLOW_ACTIVATED",
        "The version is live",
    )))
}

/// Deactivate workflow
///
/// The workflow runs no more, until a version of it is made live again.
#[utoipa::path(post, path = "/api/v1/workflows/{workflow_id}/deactivate", operation_id = "deactivateWorkflow", tag = "Workflows",
    params(("workflow_id" = String, Path, description = "The workflow's id.")),
    responses((status = 200, description = "The workflow runs no more.", body = Success)),
    security(("kindeBearerAuth" = ["update:workflows"])))]
async fn deactivate_workflow(
    Caller { cx, .. }: Caller<UpdateWorkflows>,
    Path(id): Path<String>,
) -> Result<Json<Success>> {
    let mut tx = cx.db().begin().await?;
    versions::deactivate(&cx, &mut tx, &id).await?;
    tx.commit().await?;
    changed(&cx).await;
    Ok(Json(Success::new(
        "WORKFLOW_DEACTIVATED",
        "The workflow runs no more",
    )))
}
