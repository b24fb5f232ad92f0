//! Management operations on what applications may ask of an API.

use axum::extract::Path;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use super::{
    CreateApplicationScopes, DeleteApplicationScopes, UpdateApis, read_application_id, read_id,
    read_scope_id,
};
use crate::apis;
use crate::error::Code;
use crate::http::{Caller, Failure, Json, Result, Success};
use crate::id::ApplicationId;
use crate::routes;

/// The most applications that one request may name.
const MAX_APPLICATIONS: usize = 100;

pub(super) fn routes() -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(update_applications))
        .routes(routes!(enable_scope, disable_scope))
}

#[derive(Deserialize, ToSchema)]
struct ApiApplicationsBody {
    /// The applications, 100 at most.
    applications: Vec<ApiApplicationChange>,
}

#[derive(Deserialize, ToSchema)]
struct ApiApplicationChange {
    /// The application's id.
    id: String,
    /// `delete` to revoke the authorization; left out to authorize.
    #[schema(example = "delete")]
    operation: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct ApiApplicationsResponse {
    #[serde(flatten)]
    success: Success,
    /// The ids of those that were authorized and are no more.
    applications_disconnected: Vec<ApplicationId>,
    /// The ids of those that are authorized now and were not.
    applications_connected: Vec<ApplicationId>,
}

/// Authorize API applications
///
/// Lets applications ask for tokens for the API, or ends that. Either all of it is done or nothing. A newly authorized
/// application has no scopes yet.
#[utoipa::path(
    patch,
    path = "/api/v1/apis/{api_id}/applications",
    operation_id = "updateAPIApplications",
    tag = "APIs",
    params(("api_id" = String, Path, description = "The API's id.")),
    request_body = ApiApplicationsBody,
    responses((status = 200, description = "The authorizations were changed.", body = ApiApplicationsResponse)),
    security(("kindeBearerAuth" = ["update:apis"]))
)]
async fn update_applications(
    caller: Caller<UpdateApis>,
    Path(api): Path<String>,
    Json(body): Json<ApiApplicationsBody>,
) -> Result<Json<ApiApplicationsResponse>> {
    if body.applications.len() > MAX_APPLICATIONS {
        return Err(Failure::new(
            Code::INVALID_REQUEST,
            format!("name {MAX_APPLICATIONS} applications at most in one request"),
        ));
    }
    let cx = caller.cx;
    let mut tx = cx.db().begin().await?;
    let api = read_id(&api)?;
    apis::find(&cx, &mut tx, &api).await?;
    let (mut connected, mut disconnected) = (Vec::new(), Vec::new());
    for change in body.applications {
        let id = read_application_id(&change.id)?;
        let pair = (&api, &id);
        match change.operation.as_deref() {
            None | Some("") => {
                if apis::authorize(&cx, &mut tx, pair).await? {
                    connected.push(id);
                }
            }
            Some("delete") => {
                if apis::unauthorize(&cx, &mut tx, pair).await? {
                    disconnected.push(id);
                }
            }
            Some(other) => {
                return Err(Failure::new(
                    Code::INVALID_REQUEST,
                    format!(
                        "there is no operation {other}; send delete, or leave it out to authorize"
                    ),
                ));
            }
        }
    }
    tx.commit().await?;
    Ok(Json(ApiApplicationsResponse {
        success: Success::new("API_APPLICATIONS_UPDATED", "API applications updated"),
        applications_disconnected: disconnected,
        applications_connected: connected,
    }))
}

/// Add API application scope
///
/// Lets an application that is authorized for the API use one of its scopes. Can be repeated.
#[utoipa::path(
    post,
    path = "/api/v1/apis/{api_id}/applications/{application_id}/scopes/{scope_id}",
    operation_id = "addAPIApplicationScope",
    tag = "APIs",
    params(
        ("api_id" = String, Path, description = "The API's id."),
        ("application_id" = String, Path, description = "The application's id."),
        ("scope_id" = String, Path, description = "The scope's id."),
    ),
    responses((status = 200, description = "The application may use the scope.", body = Success)),
    security(("kindeBearerAuth" = ["create:api_application_scopes"]))
)]
async fn enable_scope(
    caller: Caller<CreateApplicationScopes>,
    Path((api, application, scope)): Path<(String, String, String)>,
) -> Result<Json<Success>> {
    let cx = caller.cx;
    let mut tx = cx.db().begin().await?;
    let pair = (&read_id(&api)?, &read_application_id(&application)?);
    apis::enable_scope(&cx, &mut tx, pair, &read_scope_id(&scope)?).await?;
    tx.commit().await?;
    Ok(Json(Success::default()))
}

/// Delete API application scope
///
/// Forbids an application one of the API's scopes. Can be repeated.
#[utoipa::path(
    delete,
    path = "/api/v1/apis/{api_id}/applications/{application_id}/scopes/{scope_id}",
    operation_id = "deleteAPIApplicationScope",
    tag = "APIs",
    params(
        ("api_id" = String, Path, description = "The API's id."),
        ("application_id" = String, Path, description = "The application's id."),
        ("scope_id" = String, Path, description = "The scope's id."),
    ),
    responses((status = 200, description = "The application can't use the scope any more.", body = Success)),
    security(("kindeBearerAuth" = ["delete:apis_application_scopes"]))
)]
async fn disable_scope(
    caller: Caller<DeleteApplicationScopes>,
    Path((api, application, scope)): Path<(String, String, String)>,
) -> Result<Json<Success>> {
    let cx = caller.cx;
    let mut tx = cx.db().begin().await?;
    let pair = (&read_id(&api)?, &read_application_id(&application)?);
    apis::disable_scope(&cx, &mut tx, pair, &read_scope_id(&scope)?).await?;
    tx.commit().await?;
    Ok(Json(Success::default()))
}
