//! Operations on roles.

use axum::extract::Path;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::permissions::{PermissionsBody, parse as parse_permission};
use super::{
    CreateRoles, DeleteRolePermissions, DeleteRoles, ReadRolePermissions, ReadRoles,
    UpdateRolePermissions, UpdateRoles,
};
use crate::http::paging::next_token;
use crate::http::{Caller, Created, Json, Paging, Query, Result, Success};
use crate::id::{PermissionId, RoleId};
use crate::paging::Key;
use crate::roles::{self, Assignment, Changes, ContentsError, NewRole, NotFound, Role};

/// What clients send to say that giving a role to others asks for no permission any more.
const NO_PERMISSION_REQUIRED: &str = "NO_PERMISSION_REQUIRED";

/// A role.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RoleBody {
    /// Its id.
    id: RoleId,
    /// The key by which programs know it.
    #[schema(example = "admin")]
    key: String,
    /// What people call it.
    name: String,
    /// What it is for.
    description: Option<String>,
    /// Whether people get it when they sign up.
    is_default_role: bool,
}

impl From<Role> for RoleBody {
    fn from(role: Role) -> Self {
        Self {
            id: role.id,
            key: role.key,
            name: role.name,
            description: role.description,
            is_default_role: role.is_default_role,
        }
    }
}

/// A page of roles.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RolesBody {
    #[serde(flatten)]
    success: Success,
    /// The roles.
    roles: Vec<RoleBody>,
    /// Where the next page begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// One role.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OneRoleBody {
    #[serde(flatten)]
    success: Success,
    /// The role.
    role: RoleBody,
}

/// A role that was created.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CreatedRoleBody {
    #[serde(flatten)]
    success: Success,
    /// The role.
    role: RoleReference,
}

/// The id of a role.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RoleReference {
    /// Its id.
    id: RoleId,
}

/// A role to be, or its new values.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct RoleInput {
    /// What people call it.
    name: Option<String>,
    /// What it is for.
    description: Option<String>,
    /// The key by which programs know it.
    #[schema(example = "admin")]
    key: Option<String>,
    /// Whether people get it when they sign up.
    is_default_role: Option<bool>,
    /// The permission that giving the role to others asks for; `NO_PERMISSION_REQUIRED` asks for none any more.
    assignment_permission_id: Option<String>,
}

/// What to do with permissions of a role.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct RolePermissionsInput {
    /// The permissions to add or remove.
    permissions: Option<Vec<RolePermissionInput>>,
}

/// What to do with one permission of a role.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct RolePermissionInput {
    /// The permission's id.
    id: String,
    /// `delete` removes the permission; otherwise it is added.
    #[schema(example = "delete")]
    operation: Option<String>,
}

/// What became of the permissions of a role.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RolePermissionsChanged {
    #[serde(flatten)]
    success: Success,
    /// The ids of the permissions that the role didn't have.
    permissions_added: Vec<PermissionId>,
    /// The ids of the permissions that the role had.
    permissions_removed: Vec<PermissionId>,
}

/// List roles
///
/// The roles of the business, sorted by `name_asc`, `name_desc`, `id_asc` or `id_desc`.
#[utoipa::path(get, path = "/api/v1/roles", operation_id = "GetRoles", tag = "Roles",
    params(Paging),
    responses((status = 200, description = "The roles.", body = RolesBody)),
    security(("kindeBearerAuth" = ["read:roles"])))]
pub(super) async fn get_roles(
    Caller { cx, .. }: Caller<ReadRoles>,
    Query(paging): Query<Paging>,
) -> Result<Json<RolesBody>> {
    let wanted = paging.wanted(&[Key::Name, Key::Id])?;
    let page = roles::list(&cx, &mut cx.db().read().await?, &wanted).await?;
    Ok(Json(RolesBody {
        success: Success::default(),
        next_token: next_token(&page),
        roles: page.items.into_iter().map(Into::into).collect(),
    }))
}

/// Create role
///
/// Creates a role without permissions.
#[utoipa::path(post, path = "/api/v1/roles", operation_id = "CreateRole", tag = "Roles",
    request_body = RoleInput,
    responses((status = 201, description = "The role is created.", body = CreatedRoleBody)),
    security(("kindeBearerAuth" = ["create:roles"])))]
pub(super) async fn create_role(
    Caller { cx, .. }: Caller<CreateRoles>,
    Json(body): Json<RoleInput>,
) -> Result<Created<CreatedRoleBody>> {
    let assignment = assignment(body.assignment_permission_id.as_deref())?;
    let new = NewRole {
        key: body.key.unwrap_or_default(),
        name: body.name.unwrap_or_default(),
        description: body.description,
        is_default_role: body.is_default_role.unwrap_or_default(),
        assignment: assignment.unwrap_or_default(),
    };
    let mut tx = cx.db().begin().await?;
    let role = roles::create(&cx, &mut tx, new).await?;
    tx.commit().await?;
    let body = CreatedRoleBody {
        success: Success::default(),
        role: RoleReference { id: role.id },
    };
    Ok(Created(body))
}

/// Get role
///
/// One role.
#[utoipa::path(get, path = "/api/v1/roles/{role_id}", operation_id = "GetRole", tag = "Roles",
    params(("role_id" = String, Path, description = "The role's id.")),
    responses((status = 200, description = "The role.", body = OneRoleBody)),
    security(("kindeBearerAuth" = ["read:roles"])))]
pub(super) async fn get_role(
    Caller { cx, .. }: Caller<ReadRoles>,
    Path(id): Path<String>,
) -> Result<Json<OneRoleBody>> {
    let mut tx = cx.db().read().await?;
    let role = roles::find(&cx, &mut tx, &parse(&id)?).await?;
    Ok(Json(OneRoleBody {
        success: Success::default(),
        role: role.ok_or(NotFound)?.into(),
    }))
}

/// Update role
///
/// Changes a role. What is left out stays as it is.
#[utoipa::path(patch, path = "/api/v1/roles/{role_id}", operation_id = "UpdateRoles", tag = "Roles",
    params(("role_id" = String, Path, description = "The role's id.")),
    request_body = RoleInput,
    responses((status = 201, description = "The role is changed.", body = Success)),
    security(("kindeBearerAuth" = ["update:roles"])))]
pub(super) async fn update_role(
    Caller { cx, .. }: Caller<UpdateRoles>,
    Path(id): Path<String>,
    Json(body): Json<RoleInput>,
) -> Result<Created<Success>> {
    let changes = Changes {
        assignment: assignment(body.assignment_permission_id.as_deref())?,
        key: body.key,
        name: body.name,
        description: body.description,
        is_default_role: body.is_default_role,
    };
    let mut tx = cx.db().begin().await?;
    roles::update(&cx, &mut tx, &parse(&id)?, changes).await?;
    tx.commit().await?;
    Ok(Created(Success::default()))
}

/// Delete role
///
/// Deletes a role and takes it from everyone who has it.
#[utoipa::path(delete, path = "/api/v1/roles/{role_id}", operation_id = "DeleteRole", tag = "Roles",
    params(("role_id" = String, Path, description = "The role's id.")),
    responses((status = 200, description = "The role is deleted.", body = Success)),
    security(("kindeBearerAuth" = ["delete:roles"])))]
pub(super) async fn delete_role(
    Caller { cx, .. }: Caller<DeleteRoles>,
    Path(id): Path<String>,
) -> Result<Json<Success>> {
    let mut tx = cx.db().begin().await?;
    if !roles::delete(&cx, &mut tx, &parse(&id)?).await? {
        return Err(NotFound.into());
    }
    tx.commit().await?;
    Ok(Json(Success::default()))
}

/// List role permissions
///
/// The permissions of a role, sorted by `name_asc`, `name_desc`, `id_asc` or `id_desc`.
#[utoipa::path(get, path = "/api/v1/roles/{role_id}/permissions", operation_id = "GetRolePermissions", tag = "Roles",
    params(("role_id" = String, Path, description = "The role's id."), Paging),
    responses((status = 200, description = "The permissions of the role.", body = PermissionsBody)),
    security(("kindeBearerAuth" = ["read:role_permissions"])))]
pub(super) async fn get_role_permissions(
    Caller { cx, .. }: Caller<ReadRolePermissions>,
    Path(id): Path<String>,
    Query(paging): Query<Paging>,
) -> Result<Json<PermissionsBody>> {
    let wanted = paging.wanted(&[Key::Name, Key::Id])?;
    let mut tx = cx.db().read().await?;
    let page = roles::permissions_of(&cx, &mut tx, &parse(&id)?, &wanted).await?;
    Ok(Json(page.into()))
}

/// Update role permissions
///
/// Adds permissions to a role, or removes those whose `operation` is `delete`. All of it happens, or nothing.
#[utoipa::path(patch, path = "/api/v1/roles/{role_id}/permissions", operation_id = "UpdateRolePermissions", tag = "Roles",
    params(("role_id" = String, Path, description = "The role's id.")),
    request_body = RolePermissionsInput,
    responses((status = 200, description = "The permissions of the role are changed.", body = RolePermissionsChanged)),
    security(("kindeBearerAuth" = ["update:role_permissions"])))]
pub(super) async fn update_role_permissions(
    Caller { cx, .. }: Caller<UpdateRolePermissions>,
    Path(id): Path<String>,
    Json(body): Json<RolePermissionsInput>,
) -> Result<Json<RolePermissionsChanged>> {
    let role = parse(&id)?;
    let (mut added, mut removed) = (Vec::new(), Vec::new());
    let mut tx = cx.db().begin().await?;
    for input in body.permissions.unwrap_or_default() {
        let permission = parse_permission(&input.id)?;
        if input.operation.as_deref() == Some("delete") {
            match roles::remove_permission(&cx, &mut tx, &role, &permission).await {
                Ok(()) => removed.push(permission),
                Err(ContentsError::NotInRole) => {}
                Err(error) => return Err(error.into()),
            }
        } else {
            added.append(&mut roles::add_permissions(&cx, &mut tx, &role, &[permission]).await?);
        }
    }
    tx.commit().await?;
    Ok(Json(RolePermissionsChanged {
        success: Success::default(),
        permissions_added: added,
        permissions_removed: removed,
    }))
}

/// Remove role permission
///
/// Removes a permission from a role.
#[utoipa::path(delete, path = "/api/v1/roles/{role_id}/permissions/{permission_id}", operation_id = "RemoveRolePermission", tag = "Roles",
    params(("role_id" = String, Path, description = "The role's id."),
           ("permission_id" = String, Path, description = "The permission's id.")),
    responses((status = 200, description = "The permission is removed from the role.", body = Success)),
    security(("kindeBearerAuth" = ["delete:role_permissions"])))]
pub(super) async fn remove_role_permission(
    Caller { cx, .. }: Caller<DeleteRolePermissions>,
    Path((role, permission)): Path<(String, String)>,
) -> Result<Json<Success>> {
    let (role, permission) = (parse(&role)?, parse_permission(&permission)?);
    let mut tx = cx.db().begin().await?;
    roles::remove_permission(&cx, &mut tx, &role, &permission).await?;
    tx.commit().await?;
    Ok(Json(Success::default()))
}

/// What a request says about who may give a role to others, if anything.
fn assignment(text: Option<&str>) -> Result<Option<Assignment>, roles::permissions::NotFound> {
    match text {
        None | Some("") => Ok(None),
        Some(NO_PERMISSION_REQUIRED) => Ok(Some(Assignment::Anyone)),
        Some(id) => parse_permission(id).map(|id| Some(Assignment::Holders(id))),
    }
}

/// The id in a path; what is no id is nobody's.
fn parse(id: &str) -> Result<RoleId, NotFound> {
    id.parse().map_err(|_| NotFound)
}
