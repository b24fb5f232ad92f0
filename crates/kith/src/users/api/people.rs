//! Reading, changing and deleting people.

use axum::extract::Path;
use db::Tx;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::body::{self, ListedUser, UserBody};
use super::{DeleteUsers, ReadUsers, UpdateUsers, parse_user};
use crate::context::Context;
use crate::error::Code;
use crate::http::paging::{comma_separated, next_token};
use crate::http::{Caller, Failure, Json, Paging, Query, Result, Success};
use crate::id::UserId;
use crate::paging::Key;
use crate::sessions;
use crate::time::Timestamp;
use crate::users::{self, Changes, EmailAddress, Filter, NotFound, PhoneNumber, User, Username};

/// Which users a list is of.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct UsersQuery {
    /// Only users with one of these ids, separated by commas.
    user_id: Option<String>,
    /// Only users with one of these e-mail addresses, separated by commas.
    email: Option<String>,
    /// Only users with one of these usernames, separated by commas.
    username: Option<String>,
    /// Only users with one of these phone numbers, separated by commas.
    phone: Option<String>,
    /// What else to show, separated by commas: `organizations`, `identities`.
    expand: Option<String>,
    /// Only users who are members of an organization, or only those who are of none.
    has_organization: Option<bool>,
    /// Only users who have signed in at this moment or later, ISO 8601.
    active_since: Option<String>,
}

impl UsersQuery {
    fn filter(&self) -> Result<Filter> {
        // What is no address is nobody's, so it narrows the list to nothing and is no error.
        let folded = |list: &Option<String>, fold: fn(&str) -> Option<String>| {
            list.as_deref()
                .map(|list| comma_separated(list).filter_map(fold).collect())
        };
        let fold_email = |text: &str| Some(EmailAddress::parse(text).ok()?.folded().to_owned());
        let fold_phone = |text: &str| Some(PhoneNumber::parse(text).ok()?.folded().to_owned());
        let fold_username = |text: &str| Some(Username::parse(text).ok()?.folded().to_owned());
        Ok(Filter {
            ids: self.user_id.as_deref().map(|list| {
                comma_separated(list)
                    .filter_map(|id| id.parse().ok())
                    .collect()
            }),
            emails: folded(&self.email, fold_email),
            phones: folded(&self.phone, fold_phone),
            usernames: folded(&self.username, fold_username),
            has_organization: self.has_organization,
            active_since: self.active_since.as_deref().map(moment).transpose()?,
            ..Filter::default()
        })
    }
}

/// Which user is meant, and what to show.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct OneUserQuery {
    /// The user's id.
    id: String,
    /// What else to show, separated by commas: `organizations`, `identities`.
    expand: Option<String>,
}

/// Which user is meant.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct UserQuery {
    /// The user's id.
    id: String,
}

/// Which user is to be deleted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct DeleteUserQuery {
    /// The user's id.
    id: String,
    /// Accepted from clients that send it. A user's profile lies in one place here and goes with the user either way.
    #[serde(rename = "is_delete_profile")]
    #[expect(dead_code, reason = "documented, and without effect")]
    is_delete_profile: Option<bool>,
}

/// A page of users.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct UsersBody {
    #[serde(flatten)]
    success: Success,
    /// The users.
    users: Vec<ListedUser>,
    /// Where the next page begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// What is to be changed of a user. What is left out stays as it is; an empty text is taken away.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct UserChanges {
    /// First name.
    given_name: Option<String>,
    /// Last name.
    family_name: Option<String>,
    /// Address of a portrait.
    picture: Option<String>,
    /// Whether the user is kept from signing in.
    is_suspended: Option<bool>,
    /// Whether the user must choose a new password at the next sign-in.
    is_password_reset_requested: Option<bool>,
    /// The id that the user had in the former system.
    provided_id: Option<String>,
}

/// A user after a change.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ChangedUser {
    /// The user's id.
    id: UserId,
    /// First name.
    #[serde(skip_serializing_if = "Option::is_none")]
    given_name: Option<String>,
    /// Last name.
    #[serde(skip_serializing_if = "Option::is_none")]
    family_name: Option<String>,
    /// The primary e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    /// Whether the user is kept from signing in.
    is_suspended: bool,
    /// Whether the user must choose a new password at the next sign-in.
    is_password_reset_requested: bool,
    /// Address of a portrait.
    picture: Option<String>,
}

impl From<User> for ChangedUser {
    fn from(user: User) -> Self {
        Self {
            id: user.id,
            given_name: user.given_name,
            family_name: user.family_name,
            email: user.email,
            is_suspended: user.is_suspended,
            is_password_reset_requested: user.is_password_reset_requested,
            picture: user.picture,
        }
    }
}

/// Get users
///
/// The users who pass every filter that is given, oldest first. Also sorted by `name_asc`, `name_desc`, `email_asc`,
/// `email_desc`, `id_asc`, `id_desc`.
#[utoipa::path(get, path = "/api/v1/users", operation_id = "getUsers", tag = "Users",
    params(Paging, UsersQuery),
    responses((status = 200, description = "The users.", body = UsersBody)),
    security(("kindeBearerAuth" = ["read:users"])))]
pub(super) async fn get_users(
    Caller { cx, .. }: Caller<ReadUsers>,
    Query(paging): Query<Paging>,
    Query(query): Query<UsersQuery>,
) -> Result<Json<UsersBody>> {
    let wanted = paging.wanted(&[Key::Name, Key::Email, Key::Id])?;
    let mut tx = cx.db().read().await?;
    let page = users::list(&cx, &mut tx, &query.filter()?, &wanted).await?;
    Ok(Json(UsersBody {
        success: Success::default(),
        next_token: next_token(&page),
        users: body::listed(&mut tx, page.items, query.expand.as_deref()).await?,
    }))
}

/// Get user
///
/// One user.
#[utoipa::path(get, path = "/api/v1/user", operation_id = "getUserData", tag = "Users",
    params(OneUserQuery),
    responses((status = 200, description = "The user.", body = UserBody)),
    security(("kindeBearerAuth" = ["read:users"])))]
pub(super) async fn get_user_data(
    Caller { cx, .. }: Caller<ReadUsers>,
    Query(query): Query<OneUserQuery>,
) -> Result<Json<UserBody>> {
    let mut tx = cx.db().read().await?;
    let user = users::find(&cx, &mut tx, &parse_user(&query.id)?).await?;
    let user = user.ok_or(NotFound)?;
    Ok(Json(
        body::single(&mut tx, user, query.expand.as_deref()).await?,
    ))
}

/// Update user
///
/// Changes a user. Also reached as `PATCH /api/v1/users/{user_id}`.
#[utoipa::path(patch, path = "/api/v1/user", operation_id = "updateUser", tag = "Users",
    params(UserQuery),
    request_body = UserChanges,
    responses((status = 200, description = "The user after the change.", body = ChangedUser)),
    security(("kindeBearerAuth" = ["update:users"])))]
pub(super) async fn update_user(
    Caller { cx, .. }: Caller<UpdateUsers>,
    Query(query): Query<UserQuery>,
    Json(body): Json<UserChanges>,
) -> Result<Json<ChangedUser>> {
    change(&cx, &query.id, body).await
}

/// [`update_user`] with the id in the path.
pub(super) async fn update_user_at(
    Caller { cx, .. }: Caller<UpdateUsers>,
    Path(id): Path<String>,
    Json(body): Json<UserChanges>,
) -> Result<Json<ChangedUser>> {
    change(&cx, &id, body).await
}

/// Delete user
///
/// Deletes a user with all that belongs to them: identities, password, memberships, sessions.
#[utoipa::path(delete, path = "/api/v1/user", operation_id = "deleteUser", tag = "Users",
    params(DeleteUserQuery),
    responses((status = 200, description = "The user is deleted.", body = Success)),
    security(("kindeBearerAuth" = ["delete:users"])))]
pub(super) async fn delete_user(
    Caller { cx, .. }: Caller<DeleteUsers>,
    Query(query): Query<DeleteUserQuery>,
) -> Result<Json<Success>> {
    let mut tx = cx.db().begin().await?;
    if !users::delete(&cx, &mut tx, &parse_user(&query.id)?).await? {
        return Err(NotFound.into());
    }
    tx.commit().await?;
    Ok(Json(Success::default()))
}

async fn change(cx: &Context, id: &str, body: UserChanges) -> Result<Json<ChangedUser>> {
    let id = parse_user(id)?;
    let changes = Changes {
        given_name: body.given_name.map(unless_empty),
        family_name: body.family_name.map(unless_empty),
        picture: body.picture.map(unless_empty),
        provided_id: body.provided_id.map(unless_empty),
        ..Changes::default()
    };
    let mut tx = cx.db().begin().await?;
    users::update(cx, &mut tx, &id, changes).await?;
    set_suspended(cx, &mut tx, &id, body.is_suspended).await?;
    match body.is_password_reset_requested {
        Some(true) => users::request_password_reset(cx, &mut tx, &id).await?,
        Some(false) => users::clear_password_reset(cx, &mut tx, &id).await?,
        None => true,
    };
    let user = users::find(cx, &mut tx, &id).await?.ok_or(NotFound)?;
    tx.commit().await?;
    Ok(Json(user.into()))
}

async fn set_suspended(
    cx: &Context,
    tx: &mut Tx,
    id: &UserId,
    is_suspended: Option<bool>,
) -> Result<(), db::Error> {
    match is_suspended {
        Some(true) => {
            users::suspend(cx, tx, id).await?;
            // Who comes back later has to prove who they are again.
            sessions::end_all(cx, tx, id).await?;
        }
        Some(false) => {
            users::unsuspend(cx, tx, id).await?;
        }
        None => {}
    }
    Ok(())
}

/// The text without the spaces around it; none when nothing is left.
pub(super) fn unless_empty(text: String) -> Option<String> {
    let trimmed = text.trim();
    match trimmed.len() {
        0 => None,
        length if length == text.len() => Some(text),
        _ => Some(trimmed.to_owned()),
    }
}

/// The moment that a text in ISO 8601 names; without an offset it is UTC, without a time it is midnight.
fn moment(text: &str) -> Result<Timestamp> {
    // An unencoded `+` of an offset arrives as a space.
    let text = text.trim().replace(' ', "+");
    Timestamp::parse_iso(&text).ok_or_else(|| {
        Failure::new(
            Code::INVALID_REQUEST,
            "active_since is no moment in ISO 8601, such as 2026-01-31T09:30:00Z",
        )
    })
}
