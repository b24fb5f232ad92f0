//! The management API of organizations and their members.

mod members;
mod organizations;
mod rights;

use utoipa_axum::router::OpenApiRouter;

use super::NotFound;
use crate::http::Result;
use crate::id::OrganizationId;
use crate::routes;

crate::scopes! {
    ReadOrganizations = "read:organizations";
    CreateOrganizations = "create:organizations";
    UpdateOrganizations = "update:organizations";
    DeleteOrganizations = "delete:organizations";
    DeleteOrganizationHandles = "delete:organization_handles";
    ReadOrganizationUsers = "read:organization_users";
    CreateOrganizationUsers = "create:organization_users";
    UpdateOrganizationUsers = "update:organization_users";
    DeleteOrganizationUsers = "delete:organization_users";
    ReadOrganizationUserRoles = "read:organization_user_roles";
    CreateOrganizationUserRoles = "create:organization_user_roles";
    DeleteOrganizationUserRoles = "delete:organization_user_roles";
    ReadOrganizationUserPermissions = "read:organization_user_permissions";
    CreateOrganizationUserPermissions = "create:organization_user_permissions";
    DeleteOrganizationUserPermissions = "delete:organization_user_permissions";
}

/// The operations.
#[must_use]
pub fn routes() -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(
            organizations::get_organization,
            organizations::create_organization
        ))
        .routes(routes!(organizations::get_organizations))
        .routes(routes!(
            organizations::update_organization,
            organizations::delete_organization
        ))
        .routes(routes!(organizations::delete_organization_handle))
        .routes(routes!(
            members::get_organization_users,
            members::add_organization_users,
            members::update_organization_users
        ))
        .routes(routes!(members::remove_organization_user))
        .routes(routes!(
            rights::get_organization_user_roles,
            rights::create_organization_user_role
        ))
        .routes(routes!(rights::delete_organization_user_role))
        .routes(routes!(
            rights::get_organization_user_permissions,
            rights::create_organization_user_permission
        ))
        .routes(routes!(rights::delete_organization_user_permission))
}

/// The code in a request; what is no code is no organization's.
fn parse(code: &str) -> Result<OrganizationId, NotFound> {
    code.parse().map_err(|_| NotFound)
}
