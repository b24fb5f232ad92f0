//! What people are known by.

use axum::extract::Path;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::create::{parse_email, parse_phone, parse_username, unknown_kind};
use super::{
    CreateUserIdentities, DeleteIdentities, ReadIdentities, ReadUserIdentities, UpdateIdentities,
    parse_identity, parse_user,
};
use crate::error::Code;
use crate::http::{Caller, Created, Failure, Json, Query, Result, Success};
use crate::id::IdentityId;
use crate::time::Timestamp;
use crate::users::{self, Identity, IdentityKind, IdentityNotFound, NewIdentity, NotFound};

/// An identity.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct IdentityBody {
    /// Its id.
    id: IdentityId,
    /// `email`, `phone`, `username`, or `oauth2:` with a provider.
    #[serde(rename = "type")]
    #[schema(example = "email")]
    kind: String,
    /// Whether the user proved to own it.
    is_confirmed: bool,
    /// When it was added, ISO 8601.
    created_on: String,
    /// When it last served to sign in, ISO 8601.
    last_login_on: Option<String>,
    /// How often it served to sign in.
    total_logins: i64,
    /// The address, number or name.
    name: String,
    /// The address, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    /// Whether it is the one of its type that is shown.
    is_primary: bool,
}

impl From<Identity> for IdentityBody {
    fn from(identity: Identity) -> Self {
        Self {
            id: identity.id,
            is_confirmed: identity.is_verified,
            created_on: identity.created_at.iso(),
            last_login_on: identity.last_signed_in_at.map(Timestamp::iso),
            total_logins: identity.total_sign_ins,
            email: (identity.kind == IdentityKind::Email).then(|| identity.value.clone()),
            kind: identity.kind.to_string(),
            name: identity.value,
            is_primary: identity.is_primary,
        }
    }
}

/// The identities of a user.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct IdentitiesBody {
    #[serde(flatten)]
    success: Success,
    /// The identities, oldest first.
    identities: Vec<IdentityBody>,
    /// Always false: a user's identities come at once.
    has_more: bool,
}

/// Which of a user's identities are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct IdentitiesQuery {
    /// Only identities that were added after the one with this id.
    starting_after: Option<String>,
    /// Only identities that were added before the one with this id.
    ending_before: Option<String>,
}

/// An identity to be.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct NewIdentityInput {
    /// The address, number or name.
    #[schema(example = "ada@example.com")]
    value: Option<String>,
    /// `email`, `phone` or `username`.
    #[serde(rename = "type")]
    #[schema(example = "email")]
    kind: Option<String>,
    /// The country of a phone number; the number tells it already.
    #[schema(example = "au")]
    #[expect(dead_code, reason = "documented, and told by the number")]
    phone_country_id: Option<String>,
}

/// An identity that was added.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AddedIdentity {
    #[serde(flatten)]
    success: Success,
    /// The identity.
    identity: IdentityReference,
}

/// The id of an identity.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct IdentityReference {
    /// Its id.
    id: IdentityId,
}

/// What is to be changed of an identity.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct IdentityChanges {
    /// Whether it is the one of its type that is shown.
    is_primary: Option<bool>,
}

/// Get identities
///
/// What a user is known by.
#[utoipa::path(get, path = "/api/v1/users/{user_id}/identities", operation_id = "GetUserIdentities", tag = "Users",
    params(("user_id" = String, Path, description = "The user's id."), IdentitiesQuery),
    responses((status = 200, description = "The identities.", body = IdentitiesBody)),
    security(("kindeBearerAuth" = ["read:user_identities"])))]
pub(super) async fn get_user_identities(
    Caller { cx, .. }: Caller<ReadUserIdentities>,
    Path(user): Path<String>,
    Query(query): Query<IdentitiesQuery>,
) -> Result<Json<IdentitiesBody>> {
    let user = parse_user(&user)?;
    let mut tx = cx.db().read().await?;
    users::find(&cx, &mut tx, &user).await?.ok_or(NotFound)?;
    let is_wanted = |identity: &Identity| {
        let id = identity.id.as_str();
        query
            .starting_after
            .as_deref()
            .is_none_or(|after| id > after)
            && query
                .ending_before
                .as_deref()
                .is_none_or(|before| id < before)
    };
    let identities = users::identities(&mut tx, &user).await?;
    Ok(Json(IdentitiesBody {
        success: Success::default(),
        identities: identities
            .into_iter()
            .filter(is_wanted)
            .map(Into::into)
            .collect(),
        has_more: false,
    }))
}

/// Create identity
///
/// Adds something that a user is known by. It is not verified until the user proves to own it.
#[utoipa::path(post, path = "/api/v1/users/{user_id}/identities", operation_id = "CreateUserIdentity", tag = "Users",
    params(("user_id" = String, Path, description = "The user's id.")),
    request_body = NewIdentityInput,
    responses((status = 201, description = "The identity is added.", body = AddedIdentity)),
    security(("kindeBearerAuth" = ["create:user_identities"])))]
pub(super) async fn create_user_identity(
    Caller { cx, .. }: Caller<CreateUserIdentities>,
    Path(user): Path<String>,
    Json(body): Json<NewIdentityInput>,
) -> Result<Created<AddedIdentity>> {
    let value = body.value.unwrap_or_default();
    let identifier = match body.kind.as_deref() {
        Some("email") => parse_email(&value)?,
        Some("phone") => parse_phone(&value)?,
        Some("username") => parse_username(&value)?,
        _ => return Err(unknown_kind()),
    };
    let new = NewIdentity::new(identifier, false);
    let mut tx = cx.db().begin().await?;
    let identity = users::add_identity(&cx, &mut tx, &parse_user(&user)?, new).await?;
    tx.commit().await?;
    Ok(Created(AddedIdentity {
        success: Success::default(),
        identity: IdentityReference { id: identity.id },
    }))
}

/// Get identity
///
/// One identity.
#[utoipa::path(get, path = "/api/v1/identities/{identity_id}", operation_id = "GetIdentity", tag = "Identities",
    params(("identity_id" = String, Path, description = "The identity's id.")),
    responses((status = 200, description = "The identity.", body = IdentityBody)),
    security(("kindeBearerAuth" = ["read:identities"])))]
pub(super) async fn get_identity(
    Caller { cx, .. }: Caller<ReadIdentities>,
    Path(id): Path<String>,
) -> Result<Json<IdentityBody>> {
    let mut tx = cx.db().read().await?;
    let identity = users::find_identity(&cx, &mut tx, &parse_identity(&id)?).await?;
    Ok(Json(identity.ok_or(IdentityNotFound)?.into()))
}

/// Update identity
///
/// Makes an identity the one of its type that is shown.
#[utoipa::path(patch, path = "/api/v1/identities/{identity_id}", operation_id = "UpdateIdentity", tag = "Identities",
    params(("identity_id" = String, Path, description = "The identity's id.")),
    request_body = IdentityChanges,
    responses((status = 200, description = "The identity is changed.", body = Success)),
    security(("kindeBearerAuth" = ["update:identities"])))]
pub(super) async fn update_identity(
    Caller { cx, .. }: Caller<UpdateIdentities>,
    Path(id): Path<String>,
    Json(body): Json<IdentityChanges>,
) -> Result<Json<Success>> {
    let id = parse_identity(&id)?;
    let mut tx = cx.db().begin().await?;
    let identity = users::find_identity(&cx, &mut tx, &id).await?;
    let identity = identity.ok_or(IdentityNotFound)?;
    match body.is_primary {
        Some(true) => {
            users::make_primary(&cx, &mut tx, &id).await?;
        }
        Some(false) if identity.is_primary => {
            return Err(Failure::new(
                Code::INVALID_REQUEST,
                "each type has one primary identity; make another one primary instead",
            ));
        }
        _ => {}
    }
    tx.commit().await?;
    Ok(Json(Success::default()))
}

/// Delete identity
///
/// Takes an identity from its user. Where it was primary, the oldest of its type follows.
#[utoipa::path(delete, path = "/api/v1/identities/{identity_id}", operation_id = "DeleteIdentity", tag = "Identities",
    params(("identity_id" = String, Path, description = "The identity's id.")),
    responses((status = 200, description = "The identity is deleted.", body = Success)),
    security(("kindeBearerAuth" = ["delete:identities"])))]
pub(super) async fn delete_identity(
    Caller { cx, .. }: Caller<DeleteIdentities>,
    Path(id): Path<String>,
) -> Result<Json<Success>> {
    let mut tx = cx.db().begin().await?;
    if !users::remove_identity(&cx, &mut tx, &parse_identity(&id)?).await? {
        return Err(IdentityNotFound.into());
    }
    tx.commit().await?;
    Ok(Json(Success::default()))
}
