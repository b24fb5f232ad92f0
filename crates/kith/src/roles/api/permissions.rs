//! Operations on permissions.

use axum::extract::Path;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{CreatePermissions, DeletePermissions, ReadPermissions, UpdatePermissions};
use crate::http::paging::next_token;
use crate::http::{Caller, Created, Json, Paging, Query, Result, Success};
use crate::id::PermissionId;
use crate::paging::{Key, Page};
use crate::roles::permissions::{self, Changes, NewPermission, NotFound, Permission};

/// A permission.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PermissionBody {
    /// Its id.
    id: PermissionId,
    /// The key by which programs know it.
    #[schema(example = "read:reports")]
    key: String,
    /// What people call it.
    name: String,
    /// What it allows.
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
}

impl From<Permission> for PermissionBody {
    fn from(permission: Permission) -> Self {
        Self {
            id: permission.id,
            key: permission.key,
            name: permission.name,
            description: permission.description,
        }
    }
}

/// A page of permissions.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PermissionsBody {
    #[serde(flatten)]
    success: Success,
    /// The permissions.
    permissions: Vec<PermissionBody>,
    /// Where the next page begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

impl From<Page<Permission>> for PermissionsBody {
    fn from(page: Page<Permission>) -> Self {
        Self {
            success: Success::default(),
            next_token: next_token(&page),
            permissions: page.items.into_iter().map(Into::into).collect(),
        }
    }
}

/// A permission to be, or its new values.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct PermissionInput {
    /// What people call it.
    name: Option<String>,
    /// What it allows.
    description: Option<String>,
    /// The key by which programs know it.
    #[schema(example = "read:reports")]
    key: Option<String>,
}

/// List permissions
///
/// The permissions of the business, sorted by `name_asc`, `name_desc`, `id_asc` or `id_desc`.
#[utoipa::path(get, path = "/api/v1/permissions", operation_id = "GetPermissions", tag = "Permissions",
    params(Paging),
    responses((status = 200, description = "The permissions.", body = PermissionsBody)),
    security(("kindeBearerAuth" = ["read:permissions"])))]
pub(super) async fn get_permissions(
    Caller { cx, .. }: Caller<ReadPermissions>,
    Query(paging): Query<Paging>,
) -> Result<Json<PermissionsBody>> {
    let wanted = paging.wanted(&[Key::Name, Key::Id])?;
    let page = permissions::list(&cx, &mut cx.db().read().await?, &wanted).await?;
    Ok(Json(page.into()))
}

/// Create permission
///
/// Creates a permission that nobody has yet.
#[utoipa::path(post, path = "/api/v1/permissions", operation_id = "CreatePermission", tag = "Permissions",
    request_body = PermissionInput,
    responses((status = 201, description = "The permission is created.", body = Success)),
    security(("kindeBearerAuth" = ["create:permissions"])))]
pub(super) async fn create_permission(
    Caller { cx, .. }: Caller<CreatePermissions>,
    Json(body): Json<PermissionInput>,
) -> Result<Created<Success>> {
    let new = NewPermission {
        key: body.key.unwrap_or_default(),
        name: body.name.unwrap_or_default(),
        description: body.description,
    };
    let mut tx = cx.db().begin().await?;
    permissions::create(&cx, &mut tx, new).await?;
    tx.commit().await?;
    Ok(Created(Success::default()))
}

/// Update permission
///
/// Changes a permission. Whoever has it keeps it, under its new key.
#[utoipa::path(patch, path = "/api/v1/permissions/{permission_id}", operation_id = "UpdatePermissions", tag = "Permissions",
    params(("permission_id" = String, Path, description = "The permission's id.")),
    request_body = PermissionInput,
    responses((status = 200, description = "The permission is changed.", body = Success)),
    security(("kindeBearerAuth" = ["update:permissions"])))]
pub(super) async fn update_permission(
    Caller { cx, .. }: Caller<UpdatePermissions>,
    Path(id): Path<String>,
    Json(body): Json<PermissionInput>,
) -> Result<Json<Success>> {
    let changes = Changes {
        key: body.key,
        name: body.name,
        description: body.description,
    };
    let mut tx = cx.db().begin().await?;
    permissions::update(&cx, &mut tx, &parse(&id)?, changes).await?;
    tx.commit().await?;
    Ok(Json(Success::default()))
}

/// Delete permission
///
/// Deletes a permission and takes it from every role and every user.
#[utoipa::path(delete, path = "/api/v1/permissions/{permission_id}", operation_id = "DeletePermission", tag = "Permissions",
    params(("permission_id" = String, Path, description = "The permission's id.")),
    responses((status = 200, description = "The permission is deleted.", body = Success)),
    security(("kindeBearerAuth" = ["delete:permissions"])))]
pub(super) async fn delete_permission(
    Caller { cx, .. }: Caller<DeletePermissions>,
    Path(id): Path<String>,
) -> Result<Json<Success>> {
    let mut tx = cx.db().begin().await?;
    if !permissions::delete(&cx, &mut tx, &parse(&id)?).await? {
        return Err(NotFound.into());
    }
    tx.commit().await?;
    Ok(Json(Success::default()))
}

/// The id in a path; what is no id is nobody's.
pub(super) fn parse(id: &str) -> Result<PermissionId, NotFound> {
    id.parse().map_err(|_| NotFound)
}
