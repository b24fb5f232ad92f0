//! Operations on the keys with which workflows encrypt what they send.

use axum::extract::Path;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use super::{ReadWorkflows, UpdateWorkflows};
use crate::http::{Caller, Created, Json, Result, Success};
use crate::id::WorkflowKeyId;
use crate::routes;
use crate::workflows::changed;
use crate::workflows::encryption_keys::{self, Key};
use crate::workflows::secure::Encoding;

pub(super) fn routes() -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(get_workflow_keys, add_workflow_key))
        .routes(routes!(delete_workflow_key))
        .routes(routes!(activate_workflow_key))
        .routes(routes!(deactivate_workflow_key))
}

/// A key that encrypts what a workflow sends.
#[derive(Debug, Serialize, ToSchema)]
struct WorkflowKeyBody {
    /// Its id.
    id: WorkflowKeyId,
    /// How messages are written.
    encoding: Encoding,
    /// Whether it encrypts now.
    is_active: bool,
    /// When it was made, ISO 8601.
    created_on: String,
}

impl From<Key> for WorkflowKeyBody {
    fn from(key: Key) -> Self {
        Self {
            id: key.id,
            encoding: key.encoding,
            is_active: key.is_active,
            created_on: key.created_at.iso(),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
struct WorkflowKeysResponse {
    #[serde(flatten)]
    success: Success,
    /// The keys, oldest first.
    keys: Vec<WorkflowKeyBody>,
}

/// A key to be.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
struct NewWorkflowKey {
    /// How messages are written: `base64url` unless said otherwise; `base64` for receivers that read the standard alphabet only.
    encoding: Option<Encoding>,
}

#[derive(Debug, Serialize, ToSchema)]
struct AddedWorkflowKeyResponse {
    #[serde(flatten)]
    success: Success,
    /// The key's id.
    id: WorkflowKeyId,
    /// The key, 32 bytes in base64. It is told here and never again.
    key: String,
}

/// List encryption keys
///
/// The keys of a workflow, oldest first; never the keys themselves.
#[utoipa::path(get, path = "/api/v1/workflows/{workflow_id}/keys", operation_id = "getWorkflowKeys", tag = "Workflows",
    params(("workflow_id" = String, Path, description = "The workflow's id.")),
    responses((status = 200, description = "The keys.", body = WorkflowKeysResponse)),
    security(("kindeBearerAuth" = ["read:workflows"])))]
async fn get_workflow_keys(
    Caller { cx, .. }: Caller<ReadWorkflows>,
    Path(workflow): Path<String>,
) -> Result<Json<WorkflowKeysResponse>> {
    let keys = encryption_keys::list(&cx, &mut cx.db().read().await?, &workflow).await?;
    Ok(Json(WorkflowKeysResponse {
        success: Success::default(),
        keys: keys.into_iter().map(Into::into).collect(),
    }))
}

/// Add encryption key
///
/// Makes a key and tells it once. The first key of a workflow is active at once.
#[utoipa::path(post, path = "/api/v1/workflows/{workflow_id}/keys", operation_id = "addWorkflowKey", tag = "Workflows",
    params(("workflow_id" = String, Path, description = "The workflow's id.")),
    request_body = NewWorkflowKey,
    responses((status = 201, description = "The key.", body = AddedWorkflowKeyResponse)),
    security(("kindeBearerAuth" = ["update:workflows"])))]
async fn add_workflow_key(
    Caller { cx, .. }: Caller<UpdateWorkflows>,
    Path(workflow): Path<String>,
    Json(body): Json<NewWorkflowKey>,
) -> Result<Created<AddedWorkflowKeyResponse>> {
    let mut tx = cx.db().begin().await?;
    let encoding = body.encoding.unwrap_or_default();
    let (id, key) = encryption_keys::add(&cx, &mut tx, &workflow, encoding).await?;
    tx.commit().await?;
    changed(&cx).await;
    Ok(Created(AddedWorkflowKeyResponse {
        success: Success::default(),
        id,
        key: key.reveal().to_owned(),
    }))
}

/// Make an encryption key active
///
/// The key encrypts from now on; the one that did does no more.
#[utoipa::path(post, path = "/api/v1/workflows/{workflow_id}/keys/{key_id}/activate",
    operation_id = "activateWorkflowKey", tag = "Workflows",
    params(
        ("workflow_id" = String, Path, description = "The workflow's id."),
        ("key_id" = String, Path, description = "The key's id."),
    ),
    responses((status = 200, description = "The key is active.", body = Success)),
    security(("kindeBearerAuth" = ["update:workflows"])))]
async fn activate_workflow_key(
    Caller { cx, .. }: Caller<UpdateWorkflows>,
    Path((workflow, key)): Path<(String, String)>,
) -> Result<Json<Success>> {
    let mut tx = cx.db().begin().await?;
    encryption_keys::activate(&cx, &mut tx, &workflow, &key).await?;
    tx.commit().await?;
    changed(&cx).await;
    Ok(Json(Success::new("KEY_ACTIVATED", "The key is active")))
}

/// Deactivate an encryption key
///
/// Takes the active key out of use. Until another one is active, `secureFetch` sends nothing and fails.
#[utoipa::path(post, path = "/api/v1/workflows/{workflow_id}/keys/{key_id}/deactivate",
    operation_id = "deactivateWorkflowKey", tag = "Workflows",
    params(
        ("workflow_id" = String, Path, description = "The workflow's id."),
        ("key_id" = String, Path, description = "The key's id."),
    ),
    responses((status = 200, description = "No key is active.", body = Success)),
    security(("kindeBearerAuth" = ["update:workflows"])))]
async fn deactivate_workflow_key(
    Caller { cx, .. }: Caller<UpdateWorkflows>,
    Path((workflow, key)): Path<(String, String)>,
) -> Result<Json<Success>> {
    let mut tx = cx.db().begin().await?;
    encryption_keys::deactivate(&cx, &mut tx, &workflow, &key).await?;
    tx.commit().await?;
    changed(&cx).await;
    Ok(Json(Success::new("KEY_DEACTIVATED", "No key is active")))
}

/// Delete an encryption key
///
/// Deletes a key that is not active.
#[utoipa::path(delete, path = "/api/v1/workflows/{workflow_id}/keys/{key_id}",
    operation_id = "deleteWorkflowKey", tag = "Workflows",
    params(
        ("workflow_id" = String, Path, description = "The workflow's id."),
        ("key_id" = String, Path, description = "The key's id."),
    ),
    responses((status = 200, description = "The key was deleted.", body = Success)),
    security(("kindeBearerAuth" = ["update:workflows"])))]
async fn delete_workflow_key(
    Caller { cx, .. }: Caller<UpdateWorkflows>,
    Path((workflow, key)): Path<(String, String)>,
) -> Result<Json<Success>> {
    let mut tx = cx.db().begin().await?;
    encryption_keys::delete(&cx, &mut tx, &workflow, &key).await?;
    tx.commit().await?;
    Ok(Json(Success::new("KEY_DELETED", "The key was deleted")))
}
