//! Operations on what a member may do.

use axum::extract::Path;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::members::parse_user;
use super::{
    CreateOrganizationUserPermissions, CreateOrganizationUserRoles,
    DeleteOrganizationUserPermissions, DeleteOrganizationUserRoles,
    ReadOrganizationUserPermissions, ReadOrganizationUserRoles, parse,
};
use crate::context::Context;
use crate::http::{Caller, Json, Query, Result, Success};
use crate::id::{OrganizationId, PermissionId, RoleId, UserId};
use crate::organizations::{self, MemberError};
use crate::roles::{self, Held, Role, permissions};

/// A role of a member.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MemberRole {
    /// The role's id.
    id: RoleId,
    /// The key by which programs know it.
    key: String,
    /// What people call it.
    name: String,
}

impl From<Role> for MemberRole {
    fn from(role: Role) -> Self {
        Self {
            id: role.id,
            key: role.key,
            name: role.name,
        }
    }
}

/// The roles of a member.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MemberRoles {
    #[serde(flatten)]
    success: Success,
    /// The roles, by name.
    roles: Vec<MemberRole>,
}

/// A permission of a member.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MemberPermission {
    /// The permission's id.
    id: PermissionId,
    /// The key by which programs know it.
    key: String,
    /// What people call it.
    name: String,
    /// What it allows.
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    /// The roles that it comes from; with `expand=roles`.
    #[serde(skip_serializing_if = "Option::is_none")]
    roles: Option<Vec<SourceRole>>,
}

/// A role that a permission comes from.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SourceRole {
    /// The role's id.
    id: RoleId,
    /// The key by which programs know it.
    key: String,
}

impl MemberPermission {
    fn new(held: Held, is_expanded: bool) -> Self {
        let roles = held.roles.into_iter().map(|role| SourceRole {
            id: role.id,
            key: role.key,
        });
        Self {
            id: held.permission.id,
            key: held.permission.key,
            name: held.permission.name,
            description: held.permission.description,
            roles: is_expanded.then(|| roles.collect()),
        }
    }
}

/// The permissions of a member.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MemberPermissions {
    #[serde(flatten)]
    success: Success,
    /// The permissions, by name: by roles and directly.
    permissions: Vec<MemberPermission>,
}

/// What to show of permissions.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct PermissionsQuery {
    /// `roles` shows the roles that a permission comes from.
    expand: Option<String>,
}

/// A role to give.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct RoleToGive {
    /// The role's id.
    role_id: Option<String>,
}

/// A permission to give.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct PermissionToGive {
    /// The permission's id.
    permission_id: Option<String>,
}

/// List organization user roles
///
/// The roles of a member.
#[utoipa::path(get, path = "/api/v1/organizations/{org_code}/users/{user_id}/roles", operation_id = "GetOrganizationUserRoles", tag = "Organizations",
    params(("org_code" = String, Path, description = "The organization's code."),
           ("user_id" = String, Path, description = "The user's id.")),
    responses((status = 200, description = "The roles.", body = MemberRoles)),
    security(("kindeBearerAuth" = ["read:organization_user_roles"])))]
pub(super) async fn get_organization_user_roles(
    Caller { cx, .. }: Caller<ReadOrganizationUserRoles>,
    Path((code, user)): Path<(String, String)>,
) -> Result<Json<MemberRoles>> {
    let mut tx = cx.db().read().await?;
    let (organization, user) = member(&cx, &mut tx, &code, &user).await?;
    let roles = roles::of_member(&mut tx, &organization, &user).await?;
    Ok(Json(MemberRoles {
        success: Success::default(),
        roles: roles.into_iter().map(Into::into).collect(),
    }))
}

/// Add organization user role
///
/// Gives a role to a member. Nothing changes when they have it.
#[utoipa::path(post, path = "/api/v1/organizations/{org_code}/users/{user_id}/roles", operation_id = "CreateOrganizationUserRole", tag = "Organizations",
    params(("org_code" = String, Path, description = "The organization's code."),
           ("user_id" = String, Path, description = "The user's id.")),
    request_body = RoleToGive,
    responses((status = 200, description = "The member has the role.", body = Success)),
    security(("kindeBearerAuth" = ["create:organization_user_roles"])))]
pub(super) async fn create_organization_user_role(
    Caller { cx, .. }: Caller<CreateOrganizationUserRoles>,
    Path((code, user)): Path<(String, String)>,
    Json(body): Json<RoleToGive>,
) -> Result<Json<Success>> {
    let role = parse_role(&body.role_id.unwrap_or_default())?;
    let mut tx = cx.db().begin().await?;
    let (organization, user) = (parse(&code)?, parse_user(&user)?);
    roles::assign(&cx, &mut tx, &organization, &user, &role).await?;
    tx.commit().await?;
    Ok(Json(Success::default()))
}

/// Delete organization user role
///
/// Takes a role from a member.
#[utoipa::path(delete, path = "/api/v1/organizations/{org_code}/users/{user_id}/roles/{role_id}", operation_id = "DeleteOrganizationUserRole", tag = "Organizations",
    params(("org_code" = String, Path, description = "The organization's code."),
           ("user_id" = String, Path, description = "The user's id."),
           ("role_id" = String, Path, description = "The role's id.")),
    responses((status = 200, description = "The member doesn't have the role.", body = Success)),
    security(("kindeBearerAuth" = ["delete:organization_user_roles"])))]
pub(super) async fn delete_organization_user_role(
    Caller { cx, .. }: Caller<DeleteOrganizationUserRoles>,
    Path((code, user, role)): Path<(String, String, String)>,
) -> Result<Json<Success>> {
    let (organization, user) = (parse(&code)?, parse_user(&user)?);
    let mut tx = cx.db().begin().await?;
    roles::unassign(&cx, &mut tx, &organization, &user, &parse_role(&role)?).await?;
    tx.commit().await?;
    Ok(Json(Success::default()))
}

/// List organization user permissions
///
/// What a member may do, by roles and directly.
#[utoipa::path(get, path = "/api/v1/organizations/{org_code}/users/{user_id}/permissions", operation_id = "GetOrganizationUserPermissions", tag = "Organizations",
    params(("org_code" = String, Path, description = "The organization's code."),
           ("user_id" = String, Path, description = "The user's id."), PermissionsQuery),
    responses((status = 200, description = "The permissions.", body = MemberPermissions)),
    security(("kindeBearerAuth" = ["read:organization_user_permissions"])))]
pub(super) async fn get_organization_user_permissions(
    Caller { cx, .. }: Caller<ReadOrganizationUserPermissions>,
    Path((code, user)): Path<(String, String)>,
    Query(query): Query<PermissionsQuery>,
) -> Result<Json<MemberPermissions>> {
    let is_expanded = query.expand.as_deref() == Some("roles");
    let mut tx = cx.db().read().await?;
    let (organization, user) = member(&cx, &mut tx, &code, &user).await?;
    let held = roles::held_by_member(&mut tx, &organization, &user).await?;
    Ok(Json(MemberPermissions {
        success: Success::default(),
        permissions: held
            .into_iter()
            .map(|one| MemberPermission::new(one, is_expanded))
            .collect(),
    }))
}

/// Add organization user permission
///
/// Gives a permission to a member, beyond those of their roles. Nothing changes when they have it so already.
#[utoipa::path(post, path = "/api/v1/organizations/{org_code}/users/{user_id}/permissions", operation_id = "CreateOrganizationUserPermission", tag = "Organizations",
    params(("org_code" = String, Path, description = "The organization's code."),
           ("user_id" = String, Path, description = "The user's id.")),
    request_body = PermissionToGive,
    responses((status = 200, description = "The member has the permission.", body = Success)),
    security(("kindeBearerAuth" = ["create:organization_user_permissions"])))]
pub(super) async fn create_organization_user_permission(
    Caller { cx, .. }: Caller<CreateOrganizationUserPermissions>,
    Path((code, user)): Path<(String, String)>,
    Json(body): Json<PermissionToGive>,
) -> Result<Json<Success>> {
    let permission = parse_permission(&body.permission_id.unwrap_or_default())?;
    let (organization, user) = (parse(&code)?, parse_user(&user)?);
    let mut tx = cx.db().begin().await?;
    roles::grant(&cx, &mut tx, &organization, &user, &permission).await?;
    tx.commit().await?;
    Ok(Json(Success::default()))
}

/// Delete organization user permission
///
/// Takes a permission that a member has beyond those of their roles.
#[utoipa::path(delete, path = "/api/v1/organizations/{org_code}/users/{user_id}/permissions/{permission_id}", operation_id = "DeleteOrganizationUserPermission", tag = "Organizations",
    params(("org_code" = String, Path, description = "The organization's code."),
           ("user_id" = String, Path, description = "The user's id."),
           ("permission_id" = String, Path, description = "The permission's id.")),
    responses((status = 200, description = "The member doesn't have the permission directly.", body = Success)),
    security(("kindeBearerAuth" = ["delete:organization_user_permissions"])))]
pub(super) async fn delete_organization_user_permission(
    Caller { cx, .. }: Caller<DeleteOrganizationUserPermissions>,
    Path((code, user, permission)): Path<(String, String, String)>,
) -> Result<Json<Success>> {
    let (organization, user) = (parse(&code)?, parse_user(&user)?);
    let permission = parse_permission(&permission)?;
    let mut tx = cx.db().begin().await?;
    roles::revoke(&cx, &mut tx, &organization, &user, &permission).await?;
    tx.commit().await?;
    Ok(Json(Success::default()))
}

/// The member whom a path names.
async fn member(
    cx: &Context,
    tx: &mut db::Tx,
    code: &str,
    user: &str,
) -> Result<(OrganizationId, UserId)> {
    let (organization, user) = (parse(code)?, parse_user(user)?);
    if organizations::is_member(cx, tx, &organization, &user).await? {
        Ok((organization, user))
    } else {
        Err(MemberError::NotAMember(user).into())
    }
}

fn parse_role(id: &str) -> Result<RoleId, roles::NotFound> {
    id.parse().map_err(|_| roles::NotFound)
}

fn parse_permission(id: &str) -> Result<PermissionId, permissions::NotFound> {
    id.parse().map_err(|_| permissions::NotFound)
}
