//! The organizations that a person belongs to.

use axum::extract::Path;
use axum::response::Response;

use super::{find, head};
use crate::http::Result;
use crate::team::Member;
use crate::users::view::{UserOrganization, UserOrganizations};
use crate::{organizations, roles};

pub(super) async fn show(member: Member, Path(id): Path<String>) -> Result<Response> {
    let mut tx = member.cx.db().read().await?;
    let user = find(&member, &mut tx, &id).await?;
    let mut rows = Vec::new();
    for membership in organizations::of_user(&mut tx, &user.id).await? {
        let organization = membership.organization;
        let roles = roles::of_member(&mut tx, &organization.id, &user.id).await?;
        rows.push(UserOrganization {
            url: member.url(&format!("/organizations/{}", organization.id)),
            code: organization.id.to_string(),
            name: organization.name,
            roles: roles.into_iter().map(|role| role.name).collect(),
        });
    }
    let head = head(&member, &user, "/organizations");
    Ok(member.show(&UserOrganizations { head, rows }))
}
