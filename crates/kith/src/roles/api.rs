//! The management API of roles and permissions.

mod permissions;
mod roles;

use utoipa_axum::router::OpenApiRouter;

use crate::routes;

crate::scopes! {
    ReadRoles = "read:roles";
    CreateRoles = "create:roles";
    UpdateRoles = "update:roles";
    DeleteRoles = "delete:roles";
    ReadRolePermissions = "read:role_permissions";
    UpdateRolePermissions = "update:role_permissions";
    DeleteRolePermissions = "delete:role_permissions";
    ReadPermissions = "read:permissions";
    CreatePermissions = "create:permissions";
    UpdatePermissions = "update:permissions";
    DeletePermissions = "delete:permissions";
}

/// The operations.
#[must_use]
pub fn routes() -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(roles::get_roles, roles::create_role))
        .routes(routes!(
            roles::get_role,
            roles::update_role,
            roles::delete_role
        ))
        .routes(routes!(
            roles::get_role_permissions,
            roles::update_role_permissions
        ))
        .routes(routes!(roles::remove_role_permission))
        .routes(routes!(
            permissions::get_permissions,
            permissions::create_permission
        ))
        .routes(routes!(
            permissions::update_permission,
            permissions::delete_permission
        ))
}
