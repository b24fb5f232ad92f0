//! Trying a version that is not live.

use axum::extract::Path;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use super::UpdateWorkflows;
use crate::http::{Caller, Created, Json, Result, Success};
use crate::id::{ApplicationId, DeploymentId};
use crate::routes;
use crate::workflows::preview::{self, PARAMETER};

pub(super) fn routes() -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(preview_workflow_version))
}

/// What a preview is wanted for.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
struct NewWorkflowPreview {
    /// The application whose sign-in a link leads to; without one there is no link, but the parameter for an application's own request.
    #[schema(value_type = Option<String>)]
    application_id: Option<ApplicationId>,
}

/// How a version is previewed.
#[derive(Debug, Serialize, ToSchema)]
struct WorkflowPreviewResponse {
    #[serde(flatten)]
    success: Success,
    /// What was deployed together, and is previewed together.
    deployment_id: DeploymentId,
    /// The parameter of an authorization request that opens the preview.
    #[schema(example = "workflow_deployment_id")]
    parameter: &'static str,
    /// Its value. Whoever has it can run the version.
    value: String,
    /// An address that begins a previewed sign-in to the application.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    /// Until when both are good, ISO 8601.
    expires_on: String,
}

/// Preview a version
///
/// Makes a link, good for a day. Whoever opens it signs in with this version, and with the others of its deployment, in place of the live
/// ones, and so does the exchange of the code at its end. Nobody else notices.
#[utoipa::path(post, path = "/api/v1/workflows/{workflow_id}/versions/{version_id}/preview",
    operation_id = "previewWorkflowVersion", tag = "Workflows",
    params(
        ("workflow_id" = String, Path, description = "The workflow's id."),
        ("version_id" = String, Path, description = "The version's id."),
    ),
    request_body = NewWorkflowPreview,
    responses((status = 201, description = "How it is previewed.", body = WorkflowPreviewResponse)),
    security(("kindeBearerAuth" = ["update:workflows"])))]
async fn preview_workflow_version(
    Caller { cx, .. }: Caller<UpdateWorkflows>,
    Path((workflow, version)): Path<(String, String)>,
    Json(body): Json<NewWorkflowPreview>,
) -> Result<Created<WorkflowPreviewResponse>> {
    let mut tx = cx.db().read().await?;
    let pass = preview::pass(&cx, &mut tx, &workflow, &version).await?;
    let url = match &body.application_id {
        Some(id) => Some(preview::link(&cx, &mut tx, id, &pass).await?),
        None => None,
    };
    Ok(Created(WorkflowPreviewResponse {
        success: Success::default(),
        deployment_id: pass.deployment,
        parameter: PARAMETER,
        value: pass.text,
        url,
        expires_on: pass.expires_at.iso(),
    }))
}
