//! Operations on the members of an organization.

use axum::extract::Path;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    CreateOrganizationUsers, DeleteOrganizationUsers, ReadOrganizationUsers,
    UpdateOrganizationUsers, parse,
};
use crate::error::Code;
use crate::http::paging::{comma_separated, next_token};
use crate::http::{Caller, Failure, Json, Paging, Query, Result, Success};
use crate::id::UserId;
use crate::organizations::{self, Filter, Listed, NotFound, Rights, UpsertOutcome};
use crate::paging::Key;
use crate::time::Timestamp;

/// The most members that one request may add or change.
const MAX_USERS: usize = 100;

/// Which members a list is of.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct MembersQuery {
    /// Only members who have all permissions with these keys, separated by commas.
    permissions: Option<String>,
    /// Only members who have all roles with these keys, separated by commas.
    roles: Option<String>,
}

/// A member.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MemberBody {
    /// The user's id.
    id: UserId,
    /// The primary e-mail address.
    email: Option<String>,
    /// Both names.
    full_name: String,
    /// Last name.
    last_name: Option<String>,
    /// First name.
    first_name: Option<String>,
    /// Address of a portrait.
    picture: Option<String>,
    /// Since when the user is a member, ISO 8601.
    joined_on: String,
    /// When the user last signed in to the organization, ISO 8601.
    last_accessed_on: Option<String>,
    /// Whether the user is kept from signing in.
    is_suspended: bool,
    /// The keys of the user's roles here.
    roles: Vec<String>,
}

impl From<Listed> for MemberBody {
    fn from(member: Listed) -> Self {
        let names = [member.given_name.as_deref(), member.family_name.as_deref()];
        Self {
            full_name: names.into_iter().flatten().collect::<Vec<_>>().join(" "),
            id: member.user,
            email: member.email,
            last_name: member.family_name,
            first_name: member.given_name,
            picture: member.picture,
            joined_on: member.joined_at.iso(),
            last_accessed_on: member.last_signed_in_at.map(Timestamp::iso),
            is_suspended: member.is_suspended,
            roles: member.roles,
        }
    }
}

/// A page of members.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MembersBody {
    #[serde(flatten)]
    success: Success,
    /// The members.
    organization_users: Vec<MemberBody>,
    /// Where the next page begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// Users to add to an organization, or members to change.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct MembersInput {
    /// The users, 100 at most.
    users: Option<Vec<MemberInput>>,
}

/// A user to add to an organization, or a member to change.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct MemberInput {
    /// The user's id.
    id: String,
    /// In an update, `delete` ends the membership.
    #[schema(example = "delete")]
    operation: Option<String>,
    /// Keys of roles.
    roles: Option<Vec<String>>,
    /// Keys of permissions beyond those of the roles.
    permissions: Option<Vec<String>>,
}

/// Who was added.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MembersAdded {
    #[serde(flatten)]
    success: Success,
    /// The ids of the users who were no members before.
    users_added: Vec<UserId>,
}

/// Who was added, changed and removed.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MembersUpdated {
    #[serde(flatten)]
    success: Success,
    /// The ids of the users who were no members before.
    users_added: Vec<UserId>,
    /// The ids of the members who were changed.
    users_updated: Vec<UserId>,
    /// The ids of the users who are members no more.
    users_removed: Vec<UserId>,
}

/// Get organization users
///
/// The members of an organization, sorted by `name_asc`, `name_desc`, `email_asc`, `email_desc`, `id_asc` or `id_desc`.
#[utoipa::path(get, path = "/api/v1/organizations/{org_code}/users", operation_id = "GetOrganizationUsers", tag = "Organizations",
    params(("org_code" = String, Path, description = "The organization's code."), Paging, MembersQuery),
    responses((status = 200, description = "The members.", body = MembersBody)),
    security(("kindeBearerAuth" = ["read:organization_users"])))]
pub(super) async fn get_organization_users(
    Caller { cx, .. }: Caller<ReadOrganizationUsers>,
    Path(code): Path<String>,
    Query(paging): Query<Paging>,
    Query(query): Query<MembersQuery>,
) -> Result<Json<MembersBody>> {
    let id = parse(&code)?;
    let wanted = paging.wanted(&[Key::Name, Key::Email, Key::Id])?;
    let keys = |list: Option<String>| {
        comma_separated(list.as_deref().unwrap_or_default())
            .map(str::to_owned)
            .collect()
    };
    let filter = Filter {
        roles: keys(query.roles),
        permissions: keys(query.permissions),
    };
    let mut tx = cx.db().read().await?;
    organizations::find(&cx, &mut tx, &id)
        .await?
        .ok_or(NotFound)?;
    let page = organizations::members(&mut tx, &id, &filter, &wanted).await?;
    Ok(Json(MembersBody {
        success: Success::default(),
        next_token: next_token(&page),
        organization_users: page.items.into_iter().map(Into::into).collect(),
    }))
}

/// Add organization users
///
/// Makes users members of an organization, with roles and permissions. Members stay members and get what they lack. All of it
/// happens, or nothing.
#[utoipa::path(post, path = "/api/v1/organizations/{org_code}/users", operation_id = "AddOrganizationUsers", tag = "Organizations",
    params(("org_code" = String, Path, description = "The organization's code.")),
    request_body = MembersInput,
    responses((status = 200, description = "The users are members.", body = MembersAdded)),
    security(("kindeBearerAuth" = ["create:organization_users"])))]
pub(super) async fn add_organization_users(
    Caller { cx, .. }: Caller<CreateOrganizationUsers>,
    Path(code): Path<String>,
    Json(body): Json<MembersInput>,
) -> Result<Json<MembersAdded>> {
    let id = parse(&code)?;
    let users = few_enough(body)?;
    let mut added = Vec::new();
    let mut tx = cx.db().begin().await?;
    organizations::find(&cx, &mut tx, &id)
        .await?
        .ok_or(NotFound)?;
    for input in users {
        let user = parse_user(&input.id)?;
        let outcome =
            organizations::add_member(&cx, &mut tx, &id, &user, &input.into_rights()).await?;
        if outcome == UpsertOutcome::Added {
            added.push(user);
        }
    }
    tx.commit().await?;
    Ok(Json(MembersAdded {
        success: Success::default(),
        users_added: added,
    }))
}

/// Update organization users
///
/// Gives members of an organization other roles and permissions: those that are listed replace those that they had, and a list
/// that is left out changes nothing. `delete` ends a membership. All of it happens, or nothing.
#[utoipa::path(patch, path = "/api/v1/organizations/{org_code}/users", operation_id = "UpdateOrganizationUsers", tag = "Organizations",
    params(("org_code" = String, Path, description = "The organization's code.")),
    request_body = MembersInput,
    responses((status = 200, description = "The members are changed.", body = MembersUpdated)),
    security(("kindeBearerAuth" = ["update:organization_users"])))]
pub(super) async fn update_organization_users(
    Caller { cx, .. }: Caller<UpdateOrganizationUsers>,
    Path(code): Path<String>,
    Json(body): Json<MembersInput>,
) -> Result<Json<MembersUpdated>> {
    let id = parse(&code)?;
    let users = few_enough(body)?;
    let (mut added, mut updated, mut removed) = (Vec::new(), Vec::new(), Vec::new());
    let mut tx = cx.db().begin().await?;
    organizations::find(&cx, &mut tx, &id)
        .await?
        .ok_or(NotFound)?;
    for input in users {
        let user = parse_user(&input.id)?;
        if input.operation.as_deref() == Some("delete") {
            organizations::remove_member(&cx, &mut tx, &id, &user).await?;
            removed.push(user);
            continue;
        }
        match organizations::set_member(&cx, &mut tx, &id, &user, &input.into_rights()).await? {
            UpsertOutcome::Added => added.push(user),
            UpsertOutcome::Updated => updated.push(user),
        }
    }
    tx.commit().await?;
    Ok(Json(MembersUpdated {
        success: Success::default(),
        users_added: added,
        users_updated: updated,
        users_removed: removed,
    }))
}

/// Remove organization user
///
/// Ends a membership, with its roles and permissions.
#[utoipa::path(delete, path = "/api/v1/organizations/{org_code}/users/{user_id}", operation_id = "RemoveOrganizationUser", tag = "Organizations",
    params(("org_code" = String, Path, description = "The organization's code."),
           ("user_id" = String, Path, description = "The user's id.")),
    responses((status = 200, description = "The user is no member any more.", body = Success)),
    security(("kindeBearerAuth" = ["delete:organization_users"])))]
pub(super) async fn remove_organization_user(
    Caller { cx, .. }: Caller<DeleteOrganizationUsers>,
    Path((code, user)): Path<(String, String)>,
) -> Result<Json<Success>> {
    let (id, user) = (parse(&code)?, parse_user(&user)?);
    let mut tx = cx.db().begin().await?;
    organizations::remove_member(&cx, &mut tx, &id, &user).await?;
    tx.commit().await?;
    Ok(Json(Success::default()))
}

impl MemberInput {
    fn into_rights(self) -> Rights {
        Rights {
            roles: self.roles,
            permissions: self.permissions,
        }
    }
}

fn few_enough(body: MembersInput) -> Result<Vec<MemberInput>> {
    let users = body.users.unwrap_or_default();
    if users.len() > MAX_USERS {
        return Err(Failure::new(
            Code::INVALID_REQUEST,
            format!("a request takes {MAX_USERS} users at most; send the rest in another one"),
        ));
    }
    Ok(users)
}

/// The id in a request; what is no id is nobody's.
pub(super) fn parse_user(id: &str) -> Result<UserId> {
    id.parse().map_err(|_| {
        Failure::new(
            Code::USER_NOT_FOUND,
            "there is no user with the id that was sent",
        )
    })
}
