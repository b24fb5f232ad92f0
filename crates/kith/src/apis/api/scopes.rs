//! Management operations on the scopes of an API.

use axum::extract::Path;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use super::{
    CreateApiScopes, DeleteApiScopes, ReadApiScopes, UpdateApiScopes, read_id, read_scope_id,
};
use crate::apis::{self, NewScope, Scope};
use crate::http::{Caller, Json, Result, Success};
use crate::id::ApiScopeId;
use crate::routes;

pub(super) fn routes() -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(get_scopes, add_scope))
        .routes(routes!(get_scope, update_scope, delete_scope))
}

#[derive(Serialize, ToSchema)]
struct ApiScopesResponse {
    #[serde(flatten)]
    success: Success,
    /// The scopes, by key.
    scopes: Vec<ApiScope>,
}

#[derive(Serialize, ToSchema)]
struct ApiScope {
    id: ApiScopeId,
    #[schema(example = "read:orders")]
    key: String,
    #[schema(example = "Read orders")]
    description: String,
}

impl From<Scope> for ApiScope {
    fn from(scope: Scope) -> Self {
        Self {
            id: scope.id,
            key: scope.key,
            description: scope.description.unwrap_or_default(),
        }
    }
}

/// List API scopes
///
/// The scopes that an API knows.
#[utoipa::path(
    get,
    path = "/api/v1/apis/{api_id}/scopes",
    operation_id = "getAPIScopes",
    tag = "APIs",
    params(("api_id" = String, Path, description = "The API's id.")),
    responses((status = 200, description = "The scopes.", body = ApiScopesResponse)),
    security(("kindeBearerAuth" = ["read:api_scopes"]))
)]
async fn get_scopes(
    caller: Caller<ReadApiScopes>,
    Path(api): Path<String>,
) -> Result<Json<ApiScopesResponse>> {
    let cx = caller.cx;
    let scopes = apis::scopes(&cx, &mut cx.db().read().await?, &read_id(&api)?).await?;
    Ok(Json(ApiScopesResponse {
        success: Success::default(),
        scopes: scopes.into_iter().map(Into::into).collect(),
    }))
}

#[derive(Deserialize, ToSchema)]
struct NewApiScopeBody {
    /// Its name in tokens: 1 to 64 characters without spaces. It can't be changed later.
    #[schema(example = "read:orders")]
    key: String,
    /// What it allows, for people.
    #[schema(example = "Read orders")]
    description: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct AddedApiScopeResponse {
    #[serde(flatten)]
    success: Success,
    scope: AddedApiScope,
}

#[derive(Serialize, ToSchema)]
struct AddedApiScope {
    id: ApiScopeId,
}

/// Create API scope
///
/// Adds a scope to an API. No application may use it yet.
#[utoipa::path(
    post,
    path = "/api/v1/apis/{api_id}/scopes",
    operation_id = "addAPIScope",
    tag = "APIs",
    params(("api_id" = String, Path, description = "The API's id.")),
    request_body = NewApiScopeBody,
    responses((status = 200, description = "The scope was added.", body = AddedApiScopeResponse)),
    security(("kindeBearerAuth" = ["create:api_scopes"]))
)]
async fn add_scope(
    caller: Caller<CreateApiScopes>,
    Path(api): Path<String>,
    Json(body): Json<NewApiScopeBody>,
) -> Result<Json<AddedApiScopeResponse>> {
    let cx = caller.cx;
    let mut tx = cx.db().begin().await?;
    let new = NewScope {
        key: body.key,
        description: body.description,
    };
    let scope = apis::add_scope(&cx, &mut tx, &read_id(&api)?, new).await?;
    tx.commit().await?;
    Ok(Json(AddedApiScopeResponse {
        success: Success::default(),
        scope: AddedApiScope { id: scope.id },
    }))
}

#[derive(Serialize, ToSchema)]
struct ApiScopeResponse {
    #[serde(flatten)]
    success: Success,
    scope: ApiScope,
}

/// Get API scope
///
/// One scope of an API.
#[utoipa::path(
    get,
    path = "/api/v1/apis/{api_id}/scopes/{scope_id}",
    operation_id = "getAPIScope",
    tag = "APIs",
    params(
        ("api_id" = String, Path, description = "The API's id."),
        ("scope_id" = String, Path, description = "The scope's id."),
    ),
    responses((status = 200, description = "The scope.", body = ApiScopeResponse)),
    security(("kindeBearerAuth" = ["read:api_scopes"]))
)]
async fn get_scope(
    caller: Caller<ReadApiScopes>,
    Path((api, scope)): Path<(String, String)>,
) -> Result<Json<ApiScopeResponse>> {
    let cx = caller.cx;
    let mut tx = cx.db().read().await?;
    let pair = (&read_id(&api)?, &read_scope_id(&scope)?);
    let scope = apis::find_scope(&cx, &mut tx, pair).await?;
    Ok(Json(ApiScopeResponse {
        success: Success::default(),
        scope: scope.into(),
    }))
}

#[derive(Deserialize, ToSchema)]
struct ApiScopeChangesBody {
    /// What it allows, for people.
    #[schema(example = "Read orders and returns")]
    description: Option<String>,
}

/// Update API scope
///
/// Changes what is said of a scope. Without a description nothing changes.
#[utoipa::path(
    patch,
    path = "/api/v1/apis/{api_id}/scopes/{scope_id}",
    operation_id = "updateAPIScope",
    tag = "APIs",
    params(
        ("api_id" = String, Path, description = "The API's id."),
        ("scope_id" = String, Path, description = "The scope's id."),
    ),
    request_body = ApiScopeChangesBody,
    responses((status = 200, description = "The scope was changed.", body = Success)),
    security(("kindeBearerAuth" = ["update:api_scopes"]))
)]
async fn update_scope(
    caller: Caller<UpdateApiScopes>,
    Path((api, scope)): Path<(String, String)>,
    Json(body): Json<ApiScopeChangesBody>,
) -> Result<Json<Success>> {
    let cx = caller.cx;
    let mut tx = cx.db().begin().await?;
    let (api, scope) = (read_id(&api)?, read_scope_id(&scope)?);
    let before = apis::find_scope(&cx, &mut tx, (&api, &scope)).await?;
    let description = body.description.or(before.description);
    apis::update_scope(&cx, &mut tx, (&api, &scope), description.as_deref()).await?;
    tx.commit().await?;
    Ok(Json(Success::default()))
}

/// Delete API scope
///
/// Deletes a scope of an API. Applications that used it can't any more.
#[utoipa::path(
    delete,
    path = "/api/v1/apis/{api_id}/scopes/{scope_id}",
    operation_id = "deleteAPIScope",
    tag = "APIs",
    params(
        ("api_id" = String, Path, description = "The API's id."),
        ("scope_id" = String, Path, description = "The scope's id."),
    ),
    responses((status = 200, description = "The scope was deleted.", body = Success)),
    security(("kindeBearerAuth" = ["delete:apis_scopes"]))
)]
async fn delete_scope(
    caller: Caller<DeleteApiScopes>,
    Path((api, scope)): Path<(String, String)>,
) -> Result<Json<Success>> {
    let cx = caller.cx;
    let mut tx = cx.db().begin().await?;
    let pair = (&read_id(&api)?, &read_scope_id(&scope)?);
    apis::delete_scope(&cx, &mut tx, pair).await?;
    tx.commit().await?;
    Ok(Json(Success::default()))
}
