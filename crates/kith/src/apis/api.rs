//! Management operations on APIs, their scopes, and the applications that are authorized for them.

mod applications;
mod scopes;

use axum::extract::Path;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use super::{Api, AuthorizedApplication, NewApi, Scope};
use crate::error::Code;
use crate::http::{Caller, Failure, Json, Query, Result, Success};
use crate::id::{ApiId, ApiScopeId, ApplicationId};
use crate::routes;

crate::scopes! {
    ReadApis = "read:apis";
    CreateApis = "create:apis";
    DeleteApis = "delete:apis";
    ReadApiScopes = "read:api_scopes";
    CreateApiScopes = "create:api_scopes";
    UpdateApiScopes = "update:api_scopes";
    DeleteApiScopes = "delete:apis_scopes" | "delete:api_scopes";
    UpdateApis = "update:apis";
    CreateApplicationScopes = "create:api_application_scopes";
    DeleteApplicationScopes = "delete:apis_application_scopes" | "delete:api_application_scopes";
}

/// The operations of this slice.
#[must_use]
pub fn routes() -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(get_apis, add_api))
        .routes(routes!(get_api, delete_api))
        .merge(scopes::routes())
        .merge(applications::routes())
}

#[derive(Deserialize)]
struct ExpandQuery {
    expand: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct ApisResponse {
    #[serde(flatten)]
    success: Success,
    /// The APIs, by name.
    apis: Vec<ListedApi>,
}

#[derive(Serialize, ToSchema)]
struct ListedApi {
    id: ApiId,
    name: String,
    /// What tokens for the API name in `aud`.
    #[schema(example = "https://api.example.com")]
    audience: String,
    /// Whether it is Kith's own.
    is_management_api: bool,
    /// Its scopes; present with `expand=scopes`.
    #[serde(skip_serializing_if = "Option::is_none")]
    scopes: Option<Vec<ApiScopeKey>>,
}

#[derive(Serialize, ToSchema)]
struct ApiScopeKey {
    id: ApiScopeId,
    #[schema(example = "read:orders")]
    key: String,
}

impl From<Scope> for ApiScopeKey {
    fn from(scope: Scope) -> Self {
        Self {
            id: scope.id,
            key: scope.key,
        }
    }
}

/// List APIs
///
/// Every API of the environment, by name.
#[utoipa::path(
    get,
    path = "/api/v1/apis",
    operation_id = "getAPIs",
    tag = "APIs",
    params(("expand" = Option<String>, Query, description = "`scopes` to see the scopes of each API.")),
    responses((status = 200, description = "The APIs.", body = ApisResponse)),
    security(("kindeBearerAuth" = ["read:apis"]))
)]
async fn get_apis(
    caller: Caller<ReadApis>,
    Query(query): Query<ExpandQuery>,
) -> Result<Json<ApisResponse>> {
    let is_expanded = match query.expand.as_deref() {
        None => false,
        Some("scopes") => true,
        Some(_) => {
            return Err(Failure::new(
                Code::INVALID_REQUEST,
                "expand is scopes, or left out",
            ));
        }
    };
    let cx = caller.cx;
    let mut tx = cx.db().read().await?;
    let apis = super::list(&cx, &mut tx).await?;
    let scopes = if is_expanded {
        Some(super::scopes_of_all(&cx, &mut tx).await?)
    } else {
        None
    };
    let scopes_of = |api: &ApiId| {
        let own = |scope: &&Scope| scope.api_id == *api;
        scopes
            .as_ref()
            .map(|scopes| scopes.iter().filter(own).cloned().map(Into::into).collect())
    };
    Ok(Json(ApisResponse {
        success: Success::default(),
        apis: apis
            .into_iter()
            .map(|api| ListedApi {
                scopes: scopes_of(&api.id),
                id: api.id,
                name: api.name,
                audience: api.audience,
                is_management_api: api.is_management_api,
            })
            .collect(),
    }))
}

#[derive(Deserialize, ToSchema)]
struct NewApiBody {
    /// What people call it: 1 to 64 characters.
    #[schema(example = "Orders")]
    name: String,
    /// What tokens for it name in `aud`: 1 to 64 characters without spaces. It can't be changed later.
    #[schema(example = "https://api.example.com")]
    audience: String,
}

#[derive(Serialize, ToSchema)]
struct AddedApiResponse {
    #[serde(flatten)]
    success: Success,
    api: AddedApi,
}

#[derive(Serialize, ToSchema)]
struct AddedApi {
    id: ApiId,
}

/// Create API
///
/// Registers an API. It has no scopes yet, and no application is authorized for it.
#[utoipa::path(
    post,
    path = "/api/v1/apis",
    operation_id = "addAPIs",
    tag = "APIs",
    request_body = NewApiBody,
    responses((status = 200, description = "The API was registered.", body = AddedApiResponse)),
    security(("kindeBearerAuth" = ["create:apis"]))
)]
async fn add_api(
    caller: Caller<CreateApis>,
    Json(body): Json<NewApiBody>,
) -> Result<Json<AddedApiResponse>> {
    let cx = caller.cx;
    let mut tx = cx.db().begin().await?;
    let new = NewApi {
        name: body.name,
        audience: body.audience,
    };
    let api = super::create(&cx, &mut tx, new).await?;
    tx.commit().await?;
    Ok(Json(AddedApiResponse {
        success: Success::default(),
        api: AddedApi { id: api.id },
    }))
}

#[derive(Serialize, ToSchema)]
struct ApiResponse {
    #[serde(flatten)]
    success: Success,
    api: ApiDetails,
}

#[derive(Serialize, ToSchema)]
struct ApiDetails {
    id: ApiId,
    name: String,
    /// What tokens for the API name in `aud`.
    audience: String,
    /// Whether it is Kith's own.
    is_management_api: bool,
    /// Its scopes.
    scopes: Vec<ApiScopeKey>,
    /// The applications that are authorized for it.
    applications: Vec<ApiApplication>,
}

#[derive(Serialize, ToSchema)]
struct ApiApplication {
    id: ApplicationId,
    name: String,
    #[schema(value_type = String, example = "Machine to machine (M2M)")]
    r#type: &'static str,
    /// Whether it is authorized.
    is_active: bool,
}

impl From<AuthorizedApplication> for ApiApplication {
    fn from(application: AuthorizedApplication) -> Self {
        Self {
            id: application.id,
            name: application.name,
            // This one answer shows the names that people see, where all others show the short ones.
            r#type: match application.kind.as_str() {
                "m2m" => "Machine to machine (M2M)",
                "reg" => "Back-end web",
                "spa" => "Front-end and mobile",
                _ => "Device and IoT",
            },
            is_active: true,
        }
    }
}

/// Get API
///
/// One API with its scopes and the applications that are authorized for it.
#[utoipa::path(
    get,
    path = "/api/v1/apis/{api_id}",
    operation_id = "getAPI",
    tag = "APIs",
    params(("api_id" = String, Path, description = "The API's id.")),
    responses((status = 200, description = "The API.", body = ApiResponse)),
    security(("kindeBearerAuth" = ["read:apis"]))
)]
async fn get_api(caller: Caller<ReadApis>, Path(id): Path<String>) -> Result<Json<ApiResponse>> {
    let cx = caller.cx;
    let mut tx = cx.db().read().await?;
    let api = super::find(&cx, &mut tx, &read_id(&id)?).await?;
    let scopes = super::scopes(&cx, &mut tx, &api.id).await?;
    let applications = super::applications(&cx, &mut tx, &api.id).await?;
    let Api {
        id,
        name,
        audience,
        is_management_api,
        ..
    } = api;
    Ok(Json(ApiResponse {
        success: Success::default(),
        api: ApiDetails {
            id,
            name,
            audience,
            is_management_api,
            scopes: scopes.into_iter().map(Into::into).collect(),
            applications: applications.into_iter().map(Into::into).collect(),
        },
    }))
}

/// Delete API
///
/// Deletes an API with its scopes and every authorization for it.
#[utoipa::path(
    delete,
    path = "/api/v1/apis/{api_id}",
    operation_id = "deleteAPI",
    tag = "APIs",
    params(("api_id" = String, Path, description = "The API's id.")),
    responses((status = 200, description = "The API was deleted.", body = Success)),
    security(("kindeBearerAuth" = ["delete:apis"]))
)]
async fn delete_api(caller: Caller<DeleteApis>, Path(id): Path<String>) -> Result<Json<Success>> {
    let cx = caller.cx;
    let mut tx = cx.db().begin().await?;
    super::delete(&cx, &mut tx, &read_id(&id)?).await?;
    tx.commit().await?;
    Ok(Json(Success::new(
        "API_DELETED",
        "API successfully deleted",
    )))
}

/// The API's id in a path. What can't be one is answered like one that nobody has.
fn read_id(text: &str) -> Result<ApiId> {
    text.parse()
        .map_err(|_| Failure::new(Code::API_NOT_FOUND, format!("there is no API {text}")))
}

/// A scope's id in a path, likewise.
fn read_scope_id(text: &str) -> Result<ApiScopeId> {
    text.parse().map_err(|_| {
        Failure::new(
            Code::SCOPE_NOT_FOUND,
            format!("the API has no scope {text}"),
        )
    })
}

/// An application's id in a path or a body, likewise.
fn read_application_id(text: &str) -> Result<ApplicationId> {
    text.parse().map_err(|_| {
        Failure::new(
            Code::APPLICATION_NOT_FOUND,
            format!("there is no application {text}"),
        )
    })
}
