//! Deploying a project over the network.

use std::collections::BTreeMap;

use axum::extract::multipart::MultipartError;
use axum::extract::{DefaultBodyLimit, FromRequest as _, Multipart, Request};
use axum::http::header::CONTENT_TYPE;
use script::Files;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use super::{CreateWorkflows, ReadWorkflows};
use crate::error::Code;
use crate::http::{Caller, Created, Failure, Json, Result, Success};
use crate::id::{DeploymentId, WorkflowVersionId};
use crate::routes;
use crate::workflows::check::Finding;
use crate::workflows::deploy::{self, Deployed, Source, Start};

/// The largest body, in bytes: the most text that can be deployed, and what JSON adds.
const MAX_BODY: usize = 32 * 1024 * 1024;

pub(super) fn routes() -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(create_workflow_deployment))
        .routes(routes!(check_workflow_files))
        .layer(DefaultBodyLimit::max(MAX_BODY))
}

/// A project's files.
#[derive(Debug, Default, Deserialize, ToSchema)]
struct WorkflowFiles {
    /// The text of each file by its path, `kinde.json` among them.
    #[serde(default)]
    #[schema(example = json!({"kinde.json": "{}", "kindeSrc/environment/workflows/drip/Workflow.ts": "export …"}))]
    files: BTreeMap<String, String>,
    /// Whether the workflows run at once; `false` to make them live later.
    #[schema(default = true)]
    is_live: Option<bool>,
}

#[derive(Debug, Serialize, ToSchema)]
struct WorkflowDeploymentResponse {
    #[serde(flatten)]
    success: Success,
    /// The deployment's id.
    deployment_id: DeploymentId,
    /// Each workflow of the project, with its new version.
    workflows: Vec<DeployedWorkflow>,
    /// What deserves a look.
    findings: Vec<Finding>,
}

/// A workflow that was deployed.
#[derive(Debug, Serialize, ToSchema)]
struct DeployedWorkflow {
    /// The id that its author gave it.
    workflow_id: String,
    /// What people call it.
    name: String,
    /// What fires it.
    #[schema(value_type = String)]
    trigger: &'static str,
    /// Whether the trigger fires yet.
    is_fired: bool,
    /// The new version.
    version_id: WorkflowVersionId,
    /// Its number.
    number: i64,
}

impl From<Deployed> for DeployedWorkflow {
    fn from(deployed: Deployed) -> Self {
        Self {
            workflow_id: deployed.code,
            name: deployed.name,
            trigger: deployed.trigger,
            is_fired: deployed.is_fired,
            version_id: deployed.version,
            number: deployed.number,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
struct WorkflowCheckResponse {
    #[serde(flatten)]
    success: Success,
    /// Whether the files can be deployed.
    is_deployable: bool,
    /// The ids of the workflows that were found.
    workflows: Vec<String>,
    /// What is wrong, and what deserves a look.
    findings: Vec<Finding>,
}

/// Deploy workflows
///
/// Checks a project and deploys every workflow in it, or none: all that is wrong is told at once. The files come as JSON, or as the
/// parts of `multipart/form-data` whose file names are their paths.
#[utoipa::path(post, path = "/api/v1/workflow_deployments", operation_id = "createWorkflowDeployment", tag = "Workflows",
    request_body(content((WorkflowFiles = "application/json"), (WorkflowFiles = "multipart/form-data"))),
    responses((status = 201, description = "The workflows were deployed.", body = WorkflowDeploymentResponse)),
    security(("kindeBearerAuth" = ["create:workflows"])))]
async fn create_workflow_deployment(
    Caller { cx, .. }: Caller<CreateWorkflows>,
    request: Request,
) -> Result<Created<WorkflowDeploymentResponse>> {
    let body = read(request).await?;
    let start = if body.is_live == Some(false) {
        Start::Waiting
    } else {
        Start::Live
    };
    let files: Files = body.files.into_iter().collect();
    let deployment = deploy::deploy(&cx, files, &Source::Upload, start).await?;
    Ok(Created(WorkflowDeploymentResponse {
        success: Success::default(),
        deployment_id: deployment.id,
        workflows: deployment.workflows.into_iter().map(Into::into).collect(),
        findings: deployment.findings,
    }))
}

/// Check workflows
///
/// Tells what is wrong with a project, and deploys nothing. The files come as to `createWorkflowDeployment`.
#[utoipa::path(post, path = "/api/v1/workflow_deployments/check", operation_id = "checkWorkflowFiles", tag = "Workflows",
    request_body(content((WorkflowFiles = "application/json"), (WorkflowFiles = "multipart/form-data"))),
    responses((status = 200, description = "What was found.", body = WorkflowCheckResponse)),
    security(("kindeBearerAuth" = ["read:workflows"])))]
async fn check_workflow_files(
    Caller { cx, .. }: Caller<ReadWorkflows>,
    request: Request,
) -> Result<Json<WorkflowCheckResponse>> {
    let body = read(request).await?;
    let checked = deploy::checked(&cx, body.files.into_iter().collect()).await?;
    Ok(Json(WorkflowCheckResponse {
        success: Success::default(),
        is_deployable: checked.is_deployable(),
        workflows: checked
            .workflows
            .into_iter()
            .map(|workflow| workflow.settings.id)
            .collect(),
        findings: checked.findings,
    }))
}

async fn read(request: Request) -> Result<WorkflowFiles> {
    let content_type = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    if !content_type.is_some_and(|value| value.starts_with("multipart/form-data")) {
        return Json::from_request(request, &())
            .await
            .map(|Json(body)| body);
    }
    let mut parts = Multipart::from_request(request, &())
        .await
        .map_err(|error| unreadable(&error.body_text()))?;
    let mut body = WorkflowFiles::default();
    let broken = |error: MultipartError| unreadable(&error.body_text());
    while let Some(part) = parts.next_field().await.map_err(broken)? {
        let path = part.file_name().map(str::to_owned);
        let name = part.name().unwrap_or_default().to_owned();
        let text = part.text().await.map_err(broken)?;
        match path {
            Some(path) => drop(body.files.insert(path, text)),
            None if name == "is_live" => body.is_live = Some(text.trim() != "false"),
            None => {}
        }
    }
    Ok(body)
}

fn unreadable(why: &str) -> Failure {
    Failure::new(Code::INVALID_BODY, format!("the form can't be read: {why}"))
}
