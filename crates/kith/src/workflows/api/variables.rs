//! Operations on environment variables, as Kinde has them.

use axum::extract::Path;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use super::{CreateVariables, DeleteVariables, ReadVariables, UpdateVariables};
use crate::error::Code;
use crate::http::{Caller, Created, Failure, Json, Result, Success};
use crate::id::VariableId;
use crate::routes;
use crate::secret::Secret;
use crate::workflows::changed;
use crate::workflows::variables::{self, Change, Sensitivity, Variable};

pub(super) fn routes() -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(
            get_environment_variables,
            create_environment_variable
        ))
        .routes(routes!(
            get_environment_variable,
            update_environment_variable,
            delete_environment_variable
        ))
}

/// A variable.
#[derive(Debug, Serialize, ToSchema)]
struct EnvironmentVariableBody {
    /// Its id.
    id: VariableId,
    /// Its name, as programs ask for it.
    #[schema(example = "AUTH0_DOMAIN")]
    key: String,
    /// The value; null where it is sensitive.
    value: Option<String>,
    /// Whether it is sensitive.
    is_secret: bool,
    /// When it was made, ISO 8601.
    created_on: String,
}

impl From<Variable> for EnvironmentVariableBody {
    fn from(variable: Variable) -> Self {
        Self {
            value: variable.shown().map(str::to_owned),
            id: variable.id,
            key: variable.key,
            is_secret: variable.is_secret,
            created_on: variable.created_at.iso(),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
struct EnvironmentVariablesResponse {
    #[serde(flatten)]
    success: Success,
    /// Whether there are more; there never are.
    has_more: bool,
    /// The variables, oldest first.
    environment_variables: Vec<EnvironmentVariableBody>,
}

#[derive(Debug, Serialize, ToSchema)]
struct EnvironmentVariableResponse {
    #[serde(flatten)]
    success: Success,
    /// The variable.
    environment_variable: EnvironmentVariableBody,
}

#[derive(Debug, Serialize, ToSchema)]
struct CreatedVariableResponse {
    #[serde(flatten)]
    success: Success,
    /// The variable.
    environment_variable: CreatedVariable,
}

/// A variable that was made.
#[derive(Debug, Serialize, ToSchema)]
struct CreatedVariable {
    /// Its id.
    id: VariableId,
}

/// A variable to be, or what changes of one.
#[derive(Debug, Deserialize, ToSchema)]
struct EnvironmentVariableInput {
    /// Its name: letters, digits, `_`, `-` and `.`.
    #[schema(example = "AUTH0_DOMAIN")]
    key: Option<String>,
    /// The value.
    #[schema(value_type = Option<String>)]
    value: Option<Secret>,
    /// Whether it is sensitive: then it is never shown again, and is taken out of what is kept of runs.
    is_secret: Option<bool>,
}

/// Get environment variables
///
/// Every variable that workflows of the environment can read. Values that are sensitive are not shown.
#[utoipa::path(get, path = "/api/v1/environment_variables", operation_id = "getEnvironmentVariables",
    tag = "Environment variables",
    responses((status = 200, description = "The variables.", body = EnvironmentVariablesResponse)),
    security(("kindeBearerAuth" = ["read:environment_variables"])))]
async fn get_environment_variables(
    Caller { cx, .. }: Caller<ReadVariables>,
) -> Result<Json<EnvironmentVariablesResponse>> {
    let all = variables::all(&cx, &mut cx.db().read().await?).await?;
    Ok(Json(EnvironmentVariablesResponse {
        success: Success::default(),
        has_more: false,
        environment_variables: all.into_iter().map(Into::into).collect(),
    }))
}

/// Create environment variable
///
/// Makes a variable that workflows can read from now on.
#[utoipa::path(post, path = "/api/v1/environment_variables", operation_id = "createEnvironmentVariable",
    tag = "Environment variables",
    request_body = EnvironmentVariableInput,
    responses((status = 201, description = "The variable was made.", body = CreatedVariableResponse)),
    security(("kindeBearerAuth" = ["create:environment_variables"])))]
async fn create_environment_variable(
    Caller { cx, .. }: Caller<CreateVariables>,
    Json(body): Json<EnvironmentVariableInput>,
) -> Result<Created<CreatedVariableResponse>> {
    let (Some(key), Some(value)) = (&body.key, &body.value) else {
        return Err(Failure::new(
            Code::INVALID_REQUEST,
            "a variable needs a key and a value",
        ));
    };
    let sensitivity = if body.is_secret == Some(true) {
        Sensitivity::Sensitive
    } else {
        Sensitivity::Plain
    };
    let mut tx = cx.db().begin().await?;
    let variable = variables::create(&cx, &mut tx, key, value, sensitivity).await?;
    tx.commit().await?;
    changed(&cx).await;
    Ok(Created(CreatedVariableResponse {
        success: Success::new("VARIABLE_CREATED", "Environment variable created"),
        environment_variable: CreatedVariable { id: variable.id },
    }))
}

/// Get environment variable
///
/// One variable. A value that is sensitive is not shown.
#[utoipa::path(get, path = "/api/v1/environment_variables/{variable_id}", operation_id = "getEnvironmentVariable",
    tag = "Environment variables",
    params(("variable_id" = String, Path, description = "The variable's id.")),
    responses((status = 200, description = "The variable.", body = EnvironmentVariableResponse)),
    security(("kindeBearerAuth" = ["read:environment_variables"])))]
async fn get_environment_variable(
    Caller { cx, .. }: Caller<ReadVariables>,
    Path(id): Path<String>,
) -> Result<Json<EnvironmentVariableResponse>> {
    let variable = variables::find(&cx, &mut cx.db().read().await?, &id).await?;
    Ok(Json(EnvironmentVariableResponse {
        success: Success::default(),
        environment_variable: variable.into(),
    }))
}

/// Update environment variable
///
/// Changes a variable. A value that is sensitive can't be changed: delete the variable and make it again.
#[utoipa::path(patch, path = "/api/v1/environment_variables/{variable_id}", operation_id = "updateEnvironmentVariable",
    tag = "Environment variables",
    params(("variable_id" = String, Path, description = "The variable's id.")),
    request_body = EnvironmentVariableInput,
    responses((status = 200, description = "The variable was changed.", body = Success)),
    security(("kindeBearerAuth" = ["update:environment_variables"])))]
async fn update_environment_variable(
    Caller { cx, .. }: Caller<UpdateVariables>,
    Path(id): Path<String>,
    Json(body): Json<EnvironmentVariableInput>,
) -> Result<Json<Success>> {
    let change = Change {
        key: body.key,
        value: body.value,
        is_secret: body.is_secret,
    };
    let mut tx = cx.db().begin().await?;
    variables::update(&cx, &mut tx, &id, change).await?;
    tx.commit().await?;
    changed(&cx).await;
    Ok(Json(Success::new(
        "ENVIRONMENT_VARIABLE_UPDATED",
        "Environment variable updated",
    )))
}

/// Delete environment variable
///
/// Deletes a variable. Workflows that read it get `undefined` from now on.
#[utoipa::path(delete, path = "/api/v1/environment_variables/{variable_id}", operation_id = "deleteEnvironmentVariable",
    tag = "Environment variables",
    params(("variable_id" = String, Path, description = "The variable's id.")),
    responses((status = 200, description = "The variable was deleted.", body = Success)),
    security(("kindeBearerAuth" = ["delete:environment_variables"])))]
async fn delete_environment_variable(
    Caller { cx, .. }: Caller<DeleteVariables>,
    Path(id): Path<String>,
) -> Result<Json<Success>> {
    let mut tx = cx.db().begin().await?;
    variables::delete(&cx, &mut tx, &id).await?;
    tx.commit().await?;
    changed(&cx).await;
    Ok(Json(Success::new(
        "ENVIRONMENT_VARIABLE_DELETED",
        "Environment variable deleted",
    )))
}
