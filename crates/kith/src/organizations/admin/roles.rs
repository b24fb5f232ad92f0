//! The roles of a member.

use axum::extract::Path;
use axum::response::Response;

use super::users::find_user;
use super::{find, url};
use crate::http::{Form, Result};
use crate::id::RoleId;
use crate::organizations::view::{MemberRole, MemberRoles};
use crate::organizations::{self, MemberError};
use crate::pages::{Message, Notice};
use crate::paging::{Order, Wanted};
use crate::roles;
use crate::team::Member;

/// Roles that the form offers at most.
const MAX_ROLES: u32 = 1000;

pub(super) async fn show(
    member: Member,
    Path((id, user)): Path<(String, String)>,
) -> Result<Response> {
    let mut tx = member.cx.db().read().await?;
    let organization = find(&member, &mut tx, &id).await?;
    let user = find_user(&member, &mut tx, &user).await?;
    let held = roles::of_member(&mut tx, &organization.id, &user.id).await?;
    let all = Wanted::first(Order::BY_NAME, MAX_ROLES);
    let all = roles::list(&member.cx, &mut tx, &all).await?;
    let choice = |role: roles::Role| MemberRole {
        is_assigned: held.iter().any(|held| held.id == role.id),
        id: role.id.to_string(),
        name: role.name,
        description: role.description.unwrap_or_default(),
    };
    let url = format!("{}/users", url(&member, &organization));
    Ok(member.show(&MemberRoles {
        name: user.display_name(),
        organization: organization.name,
        action: format!("{url}/{}/roles", user.id),
        cancel_url: url,
        roles: all.items.into_iter().map(choice).collect(),
    }))
}

pub(super) async fn save(
    member: Member,
    Path((id, user)): Path<(String, String)>,
    form: Form,
) -> Result<Response> {
    member.check(&form)?;
    let mut tx = member.cx.db().begin().await?;
    let organization = find(&member, &mut tx, &id).await?;
    let user = find_user(&member, &mut tx, &user).await?;
    if !organizations::is_member(&member.cx, &mut tx, &organization.id, &user.id).await? {
        return Err(MemberError::NotAMember(user.id).into());
    }
    // Of the roles that exist here, those that are ticked: a role of another business is none.
    let all = roles::list(
        &member.cx,
        &mut tx,
        &Wanted::first(Order::BY_NAME, MAX_ROLES),
    )
    .await?;
    let is_ticked = |id: &RoleId| form.all("role").any(|ticked| ticked == id.as_str());
    let ticked: Vec<RoleId> = all
        .items
        .into_iter()
        .map(|role| role.id)
        .filter(is_ticked)
        .collect();
    roles::set_roles(&member.cx, &mut tx, &organization.id, &user.id, &ticked).await?;
    tx.commit().await?;
    let said = Message::new("member-roles-notice").with("name", user.display_name());
    Ok(member.done(
        &format!("/organizations/{}/users", organization.id),
        &Notice::good(said),
    ))
}
