//! The repository that workflows come from.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use super::{CreateWorkflows, DeleteWorkflows, ReadWorkflows, UpdateWorkflows};
use crate::context::Context;
use crate::http::{Caller, Created, Json, Result, Success};
use crate::id::{DeploymentId, WorkflowRepositoryId, WorkflowSyncId};
use crate::routes;
use crate::workflows::WorkflowsError;
use crate::workflows::repository::change::{self, Changes};
use crate::workflows::repository::{self, Cause, NewRepository, Repository, Sync};

pub(super) fn routes() -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(
            get_workflow_repository,
            connect_workflow_repository,
            update_workflow_repository,
            disconnect_workflow_repository
        ))
        .routes(routes!(sync_workflow_repository))
        .routes(routes!(rotate_workflow_repository_secret))
}

/// A repository to connect.
#[derive(Debug, Deserialize, ToSchema)]
struct ConnectWorkflowRepository {
    /// Its address; it begins with `https://`.
    #[schema(example = "https://github.com/example/workflows")]
    url: String,
    /// The branch that is followed.
    #[serde(default)]
    #[schema(default = "main")]
    branch: String,
    /// What a private repository asks for: an access token that may read it. It is never shown again.
    #[serde(default)]
    #[schema(write_only)]
    access_token: String,
    /// Whether the branch is looked at every five minutes, without being told of pushes.
    #[schema(default = true)]
    is_polled: Option<bool>,
}

/// What is to be changed of the repository; what is left out stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
struct UpdateWorkflowRepository {
    /// The branch that is followed.
    #[schema(example = "main")]
    branch: Option<String>,
    /// Whether the branch is looked at every five minutes, without being told of pushes.
    is_polled: Option<bool>,
    /// Another access token; empty where the repository asks for none any more. It is never shown again.
    #[schema(write_only)]
    access_token: Option<String>,
}

/// The repository that is connected.
#[derive(Debug, Serialize, ToSchema)]
struct WorkflowRepositoryBody {
    /// Its id.
    id: WorkflowRepositoryId,
    /// Its address.
    url: String,
    /// The branch that is followed.
    branch: String,
    /// Whether it is fetched with a token.
    has_access_token: bool,
    /// Whether the branch is looked at every five minutes.
    is_polled: bool,
    /// Whether a sync was asked for and is not done yet.
    is_syncing: bool,
    /// The last commit that was deployed.
    commit: Option<String>,
    /// Where the repository's server tells of pushes.
    webhook_url: String,
    /// When the branch was last looked at, ISO 8601.
    checked_on: Option<String>,
    /// When it was connected, ISO 8601.
    created_on: String,
}

impl WorkflowRepositoryBody {
    fn new(cx: &Context, repository: Repository) -> Self {
        Self {
            webhook_url: repository.hook_url(cx),
            id: repository.id,
            url: repository.url,
            branch: repository.branch,
            has_access_token: repository.has_token,
            is_polled: repository.is_polled,
            is_syncing: repository.is_waiting,
            commit: repository.commit,
            checked_on: repository.checked_at.map(crate::time::Timestamp::iso),
            created_on: repository.created_at.iso(),
        }
    }
}

/// A sync with the repository.
#[derive(Debug, Serialize, ToSchema)]
struct WorkflowSyncBody {
    /// Its id.
    id: WorkflowSyncId,
    /// What made it begin.
    cause: Cause,
    /// The commit; none where the repository could not be read.
    commit: Option<String>,
    /// Why nothing was deployed, a stable code; none where it was.
    error_code: Option<String>,
    /// The same in words.
    error_message: Option<String>,
    /// The build log.
    #[schema(value_type = Vec<Object>)]
    findings: Value,
    /// What was deployed.
    deployment_id: Option<DeploymentId>,
    /// When it began, ISO 8601.
    started_on: String,
    /// When it ended, ISO 8601.
    ended_on: String,
}

impl From<Sync> for WorkflowSyncBody {
    fn from(sync: Sync) -> Self {
        let (error_code, error_message) = sync
            .trouble
            .map(|trouble| (trouble.code.to_uppercase(), trouble.message))
            .unzip();
        Self {
            id: sync.id,
            cause: sync.cause,
            commit: sync.commit,
            error_code,
            error_message,
            findings: sync.findings,
            deployment_id: sync.deployment,
            started_on: sync.started_at.iso(),
            ended_on: sync.ended_at.iso(),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
struct WorkflowRepositoryResponse {
    #[serde(flatten)]
    success: Success,
    /// The repository.
    repository: WorkflowRepositoryBody,
    /// The last syncs, newest first.
    syncs: Vec<WorkflowSyncBody>,
}

#[derive(Debug, Serialize, ToSchema)]
struct ConnectWorkflowRepositoryResponse {
    #[serde(flatten)]
    success: Success,
    /// The repository.
    repository: WorkflowRepositoryBody,
    /// What its server signs its messages with. It is shown this once.
    webhook_secret: String,
}

/// Get the workflow repository
///
/// The repository that the environment's workflows come from, with its last syncs.
#[utoipa::path(get, path = "/api/v1/workflow_repository", operation_id = "getWorkflowRepository", tag = "Workflows",
    responses(
        (status = 200, description = "The repository.", body = WorkflowRepositoryResponse),
        (status = 404, description = "None is connected.")),
    security(("kindeBearerAuth" = ["read:workflows"])))]
async fn get_workflow_repository(
    Caller { cx, .. }: Caller<ReadWorkflows>,
) -> Result<Json<WorkflowRepositoryResponse>> {
    let mut tx = cx.db().read().await?;
    let found = repository::find(&cx, &mut tx).await?;
    let syncs = repository::syncs(&mut tx, &found).await?;
    Ok(Json(WorkflowRepositoryResponse {
        success: Success::default(),
        repository: WorkflowRepositoryBody::new(&cx, found),
        syncs: syncs.into_iter().map(Into::into).collect(),
    }))
}

/// Connect a workflow repository
///
/// Follows a branch of a git repository: what is pushed to it is built and made live. Where it can't be built, what was live stays
/// live. The first sync begins at once.
#[utoipa::path(post, path = "/api/v1/workflow_repository", operation_id = "connectWorkflowRepository", tag = "Workflows",
    request_body = ConnectWorkflowRepository,
    responses(
        (status = 201, description = "The repository is connected.", body = ConnectWorkflowRepositoryResponse),
        (status = 409, description = "One is connected already.")),
    security(("kindeBearerAuth" = ["create:workflows"])))]
async fn connect_workflow_repository(
    Caller { cx, .. }: Caller<CreateWorkflows>,
    Json(body): Json<ConnectWorkflowRepository>,
) -> Result<Created<ConnectWorkflowRepositoryResponse>> {
    let said = (&*body.url, &*body.branch, &*body.access_token);
    let new = NewRepository::parse(&cx, said, body.is_polled != Some(false))
        .map_err(WorkflowsError::from)?;
    let mut tx = cx.db().begin().await?;
    let (connected, secret) = repository::connect(&cx, &mut tx, &new).await?;
    tx.commit().await?;
    cx.wake_worker();
    Ok(Created(ConnectWorkflowRepositoryResponse {
        success: Success::new("REPOSITORY_CONNECTED", "The repository is connected"),
        repository: WorkflowRepositoryBody::new(&cx, connected),
        webhook_secret: secret.reveal().to_owned(),
    }))
}

/// Update the workflow repository
///
/// Changes the branch, the polling or the access token, without connecting the repository anew. Another branch or token begins a sync.
#[utoipa::path(patch, path = "/api/v1/workflow_repository", operation_id = "updateWorkflowRepository", tag = "Workflows",
    request_body = UpdateWorkflowRepository,
    responses(
        (status = 200, description = "The repository is changed.", body = WorkflowRepositoryResponse),
        (status = 404, description = "None is connected.")),
    security(("kindeBearerAuth" = ["update:workflows"])))]
async fn update_workflow_repository(
    Caller { cx, .. }: Caller<UpdateWorkflows>,
    Json(body): Json<UpdateWorkflowRepository>,
) -> Result<Json<WorkflowRepositoryResponse>> {
    let (branch, token) = (body.branch.as_deref(), body.access_token.as_deref());
    let changes = Changes::parse(branch, body.is_polled, token).map_err(WorkflowsError::from)?;
    let mut tx = cx.db().begin().await?;
    let found = change::change(&cx, &mut tx, changes).await?;
    let syncs = repository::syncs(&mut tx, &found).await?;
    tx.commit().await?;
    cx.wake_worker();
    Ok(Json(WorkflowRepositoryResponse {
        success: Success::new("REPOSITORY_UPDATED", "The repository is changed"),
        repository: WorkflowRepositoryBody::new(&cx, found),
        syncs: syncs.into_iter().map(Into::into).collect(),
    }))
}

/// Rotate the webhook's secret
///
/// Makes another secret and tells it once. Messages that are signed with the old one are refused from now on.
#[utoipa::path(post, path = "/api/v1/workflow_repository/rotate_webhook_secret", operation_id = "rotateWorkflowRepositorySecret",
    tag = "Workflows",
    responses(
        (status = 200, description = "The new secret.", body = ConnectWorkflowRepositoryResponse),
        (status = 404, description = "No repository is connected.")),
    security(("kindeBearerAuth" = ["update:workflows"])))]
async fn rotate_workflow_repository_secret(
    Caller { cx, .. }: Caller<UpdateWorkflows>,
) -> Result<Json<ConnectWorkflowRepositoryResponse>> {
    let mut tx = cx.db().begin().await?;
    let (connected, secret) = change::rotate_secret(&cx, &mut tx).await?;
    tx.commit().await?;
    Ok(Json(ConnectWorkflowRepositoryResponse {
        success: Success::new("SECRET_ROTATED", "The webhook has another secret"),
        repository: WorkflowRepositoryBody::new(&cx, connected),
        webhook_secret: secret.reveal().to_owned(),
    }))
}

/// Disconnect the workflow repository
///
/// What was deployed from it stays and runs on.
#[utoipa::path(delete, path = "/api/v1/workflow_repository", operation_id = "disconnectWorkflowRepository", tag = "Workflows",
    responses(
        (status = 200, description = "No repository is connected any more.", body = Success),
        (status = 404, description = "None is connected.")),
    security(("kindeBearerAuth" = ["delete:workflows"])))]
async fn disconnect_workflow_repository(
    Caller { cx, .. }: Caller<DeleteWorkflows>,
) -> Result<Json<Success>> {
    let mut tx = cx.db().begin().await?;
    repository::disconnect(&cx, &mut tx).await?;
    tx.commit().await?;
    Ok(Json(Success::new(
        "REPOSITORY_DISCONNECTED",
        "The repository is disconnected",
    )))
}

/// Sync workflows
///
/// Asks for a sync with the repository: the branch is fetched, built and made live, also where this commit was deployed before. The
/// answer comes before the sync is done; `getWorkflowRepository` tells how it went.
#[utoipa::path(post, path = "/api/v1/workflow_repository/sync", operation_id = "syncWorkflowRepository", tag = "Workflows",
    responses(
        (status = 200, description = "The sync begins.", body = Success),
        (status = 404, description = "No repository is connected.")),
    security(("kindeBearerAuth" = ["update:workflows"])))]
async fn sync_workflow_repository(
    Caller { cx, .. }: Caller<UpdateWorkflows>,
) -> Result<Json<Success>> {
    let mut tx = cx.db().begin().await?;
    repository::request_sync(&cx, &mut tx).await?;
    tx.commit().await?;
    cx.wake_worker();
    Ok(Json(Success::new("SYNC_REQUESTED", "The sync begins")))
}
