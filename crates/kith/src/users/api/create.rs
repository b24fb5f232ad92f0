//! Creating people.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::CreateUsers;
use super::people::unless_empty;
use crate::context::Context;
use crate::error::Code;
use crate::http::{Caller, Failure, Json, Result};
use crate::id::{OrganizationId, UserId};
use crate::organizations;
use crate::users::{
    self, CreateError, Created, EmailAddress, Identifier, NewIdentity, NewUser, PhoneNumber,
    Source, Username,
};

/// A user to be.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct UserInput {
    /// What the user is called.
    profile: Option<ProfileInput>,
    /// The code of the organization to join; without one it is the default organization.
    organization_code: Option<String>,
    /// The id that the user had in the former system.
    provided_id: Option<String>,
    /// What the user is known by.
    identities: Option<Vec<IdentityInput>>,
}

/// What a user to be is called.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub(super) struct ProfileInput {
    /// First name.
    given_name: Option<String>,
    /// Last name.
    family_name: Option<String>,
    /// Address of a portrait.
    picture: Option<String>,
    /// An e-mail address, read only where there are no `identities`.
    email: Option<String>,
}

/// One thing that a user to be is known by.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct IdentityInput {
    /// `email`, `phone` or `username`.
    #[serde(rename = "type")]
    #[schema(example = "email")]
    kind: Option<String>,
    /// Whether it is known to be the user's: then no code is asked for.
    is_verified: Option<bool>,
    /// The address, number or name, under its type.
    details: Option<IdentityDetails>,
}

/// The value of an identity, under its type.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub(super) struct IdentityDetails {
    /// An e-mail address.
    #[schema(example = "ada@example.com")]
    email: Option<String>,
    /// A phone number in international form.
    #[schema(example = "+61426148233")]
    phone: Option<String>,
    /// The country of the phone number; the number tells it already.
    #[schema(example = "au")]
    #[expect(dead_code, reason = "documented, and told by the number")]
    phone_country_id: Option<String>,
    /// A username.
    username: Option<String>,
}

/// What became of a user to be.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CreatedUser {
    /// The user's id: the new one's, or that of the user who has one of the identities already.
    id: UserId,
    /// Whether the user is new.
    created: bool,
    /// What became of each identity, in the order of the request.
    identities: Vec<CreatedIdentity>,
    /// The user's id again, for the published snippets that send `profile.email` and look for the id here. Others don't get it:
    /// Kinde's schema of this answer is closed, and clients that check answers against it would refuse.
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<UserReference>,
}

/// The id of a user.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct UserReference {
    /// The user's id.
    id: UserId,
}

/// What became of an identity.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CreatedIdentity {
    /// `email`, `phone` or `username`.
    #[serde(rename = "type")]
    kind: String,
    /// Whether it is new.
    result: CreatedResult,
}

/// Whether something was created.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CreatedResult {
    /// Whether it is new.
    created: bool,
}

/// Create user
///
/// Creates a user, who joins the organization of `organization_code` or else the default one. Nobody is sent a message.
///
/// Where a user has one of the identities already, nothing changes: the answer names that user and says `created: false`.
#[utoipa::path(post, path = "/api/v1/user", operation_id = "createUser", tag = "Users",
    request_body = UserInput,
    responses((status = 200, description = "The user is created, or was there already.", body = CreatedUser)),
    security(("kindeBearerAuth" = ["create:users"])))]
pub(super) async fn create_user(
    Caller { cx, .. }: Caller<CreateUsers>,
    Json(body): Json<UserInput>,
) -> Result<Json<CreatedUser>> {
    let organization = organization(body.organization_code.as_deref())?;
    let is_snippet = body
        .profile
        .as_ref()
        .is_some_and(|profile| profile.email.is_some());
    let new = new_user(body)?;
    let kinds: Vec<String> = new
        .identities
        .iter()
        .map(|identity| identity.identifier.kind().to_string())
        .collect();
    let created = create(&cx, new, organization.as_ref()).await?;
    let identity = |kind| CreatedIdentity {
        kind,
        result: CreatedResult {
            created: created.is_new,
        },
    };
    Ok(Json(CreatedUser {
        user: is_snippet.then(|| UserReference {
            id: created.id.clone(),
        }),
        created: created.is_new,
        identities: kinds.into_iter().map(identity).collect(),
        id: created.id,
    }))
}

/// Creates the user. When another request creates the same one at the same moment, a second look finds them.
async fn create(
    cx: &Context,
    new: NewUser,
    organization: Option<&OrganizationId>,
) -> Result<Created, CreateError> {
    let mut is_first_look = true;
    loop {
        let mut tx = cx.db().begin().await?;
        match users::create(cx, &mut tx, new.clone(), organization).await {
            Err(CreateError::IdentityTaken) if is_first_look => is_first_look = false,
            outcome => {
                let created = outcome?;
                tx.commit().await?;
                return Ok(created);
            }
        }
    }
}

fn organization(code: Option<&str>) -> Result<Option<OrganizationId>, organizations::NotFound> {
    code.filter(|code| !code.is_empty())
        .map(|code| code.parse().map_err(|_| organizations::NotFound))
        .transpose()
}

fn new_user(body: UserInput) -> Result<NewUser> {
    let profile = body.profile.unwrap_or_default();
    let inputs = body.identities.unwrap_or_default();
    let mut identities: Vec<NewIdentity> = Vec::with_capacity(inputs.len());
    for input in inputs {
        let identity = NewIdentity::new(
            identifier(input.kind.as_deref(), input.details.unwrap_or_default())?,
            input.is_verified.unwrap_or_default(),
        );
        if !identities
            .iter()
            .any(|one| one.identifier == identity.identifier)
        {
            identities.push(identity);
        }
    }
    if let (true, Some(email)) = (identities.is_empty(), profile.email.and_then(unless_empty)) {
        identities.push(NewIdentity::new(parse_email(&email)?, false));
    }
    Ok(NewUser {
        provided_id: body.provided_id.and_then(unless_empty),
        given_name: profile.given_name.and_then(unless_empty),
        family_name: profile.family_name.and_then(unless_empty),
        picture: profile.picture.and_then(unless_empty),
        identities,
        ..NewUser::from(Source::Api)
    })
}

fn identifier(kind: Option<&str>, details: IdentityDetails) -> Result<Identifier> {
    let (value, field) = match kind {
        Some("email") => (details.email, "email"),
        Some("phone") => (details.phone, "phone"),
        Some("username") => (details.username, "username"),
        _ => return Err(unknown_kind()),
    };
    let value = value.ok_or_else(|| {
        Failure::new(
            Code::INVALID_REQUEST,
            format!("an identity of the type {field} needs `details.{field}`"),
        )
    })?;
    match field {
        "email" => parse_email(&value),
        "phone" => parse_phone(&value),
        _ => parse_username(&value),
    }
}

/// The e-mail address in a request.
pub(super) fn parse_email(text: &str) -> Result<Identifier> {
    EmailAddress::parse(text)
        .map(Identifier::Email)
        .map_err(|error| Failure::new(Code::INVALID_EMAIL, error.to_string()))
}

/// The phone number in a request.
pub(super) fn parse_phone(text: &str) -> Result<Identifier> {
    PhoneNumber::parse(text)
        .map(Identifier::Phone)
        .map_err(|error| Failure::new(Code::INVALID_PHONE, error.to_string()))
}

/// The username in a request.
pub(super) fn parse_username(text: &str) -> Result<Identifier> {
    Username::parse(text)
        .map(Identifier::Username)
        .map_err(|error| Failure::new(Code::INVALID_USERNAME, error.to_string()))
}

/// The failure for a type that we don't know.
pub(super) fn unknown_kind() -> Failure {
    Failure::new(
        Code::INVALID_REQUEST,
        "the `type` of an identity is email, phone or username",
    )
}
