//! Operations on organizations.

use axum::extract::Path;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    CreateOrganizations, DeleteOrganizationHandles, DeleteOrganizations, ReadOrganizations,
    UpdateOrganizations, parse,
};
use crate::error::Code;
use crate::http::paging::next_token;
use crate::http::{Caller, Failure, Json, Paging, Query, Result, Success};
use crate::id::OrganizationId;
use crate::organizations::{self, Changes, NewOrganization, NotFound, Organization};
use crate::paging::Key;
use crate::time::Timestamp;

/// An organization. Its look is that of its environment until organizations have one of their own, so the colors are null.
#[expect(clippy::struct_excessive_bools, reason = "the shape is the API's")]
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OrganizationBody {
    /// The organization's code.
    code: OrganizationId,
    /// What people call it.
    name: String,
    /// A short name for addresses.
    handle: Option<String>,
    /// Whether it is the one for people without another one.
    is_default: bool,
    /// Its id in another system.
    external_id: Option<String>,
    /// Whether people may join by themselves.
    is_auto_membership_enabled: bool,
    /// The same under its former name.
    is_allow_registrations: bool,
    /// Address of a logo.
    logo: Option<String>,
    /// Address of a logo for dark pages.
    logo_dark: Option<String>,
    /// Address of a small icon.
    favicon_svg: Option<String>,
    /// Address of a small icon for old browsers.
    favicon_fallback: Option<String>,
    /// E-mail domains whose people join by themselves.
    allowed_domains: Vec<String>,
    /// The color of links.
    link_color: Option<OrganizationColor>,
    /// The color of the page.
    background_color: Option<OrganizationColor>,
    /// The color of buttons.
    button_color: Option<OrganizationColor>,
    /// The color of text on buttons.
    button_text_color: Option<OrganizationColor>,
    /// The color of links on dark pages.
    link_color_dark: Option<OrganizationColor>,
    /// The color of dark pages.
    background_color_dark: Option<OrganizationColor>,
    /// The color of text on buttons on dark pages.
    button_text_color_dark: Option<OrganizationColor>,
    /// The color of buttons on dark pages.
    button_color_dark: Option<OrganizationColor>,
    /// The radius of buttons in pixels.
    button_border_radius: Option<i64>,
    /// The radius of cards in pixels.
    card_border_radius: Option<i64>,
    /// The radius of fields in pixels.
    input_border_radius: Option<i64>,
    /// `light`, `dark` or `user_preference`.
    #[schema(value_type = String)]
    theme_code: &'static str,
    /// `light`, `dark` or `light dark`.
    #[schema(value_type = String)]
    color_scheme: &'static str,
    /// When it was created, ISO 8601.
    created_on: String,
    /// The sender of its mail.
    sender_name: Option<String>,
    /// The address that its mail is sent from.
    sender_email: Option<String>,
    /// Whether its members are kept from signing in to it.
    is_suspended: bool,
    /// Since when they are, ISO 8601.
    suspended_on: Option<String>,
}

/// A color in three notations.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OrganizationColor {
    /// As it was given.
    raw: String,
    /// `#rrggbb`
    hex: String,
    /// `hsl(…)`
    hsl: String,
}

impl From<Organization> for OrganizationBody {
    fn from(organization: Organization) -> Self {
        Self {
            code: organization.id,
            name: organization.name,
            handle: organization.handle,
            is_default: organization.is_default,
            external_id: organization.external_id,
            is_auto_membership_enabled: organization.is_auto_membership_enabled,
            is_allow_registrations: organization.is_auto_membership_enabled,
            logo: None,
            logo_dark: None,
            favicon_svg: None,
            favicon_fallback: None,
            allowed_domains: Vec::new(),
            link_color: None,
            background_color: None,
            button_color: None,
            button_text_color: None,
            link_color_dark: None,
            background_color_dark: None,
            button_text_color_dark: None,
            button_color_dark: None,
            button_border_radius: None,
            card_border_radius: None,
            input_border_radius: None,
            theme_code: "user_preference",
            color_scheme: "light dark",
            created_on: organization.created_at.iso(),
            sender_name: None,
            sender_email: None,
            is_suspended: organization.is_suspended,
            suspended_on: organization.suspended_at.map(Timestamp::iso),
        }
    }
}

/// An organization in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ListedOrganization {
    /// The organization's code.
    code: OrganizationId,
    /// What people call it.
    name: String,
    /// A short name for addresses.
    handle: Option<String>,
    /// Whether it is the one for people without another one.
    is_default: bool,
    /// Its id in another system.
    external_id: Option<String>,
    /// Whether people may join by themselves.
    is_auto_membership_enabled: bool,
}

impl From<Organization> for ListedOrganization {
    fn from(organization: Organization) -> Self {
        Self {
            code: organization.id,
            name: organization.name,
            handle: organization.handle,
            is_default: organization.is_default,
            external_id: organization.external_id,
            is_auto_membership_enabled: organization.is_auto_membership_enabled,
        }
    }
}

/// A page of organizations.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OrganizationsBody {
    #[serde(flatten)]
    success: Success,
    /// The organizations.
    organizations: Vec<ListedOrganization>,
    /// Where the next page begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// Which organization is meant.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct OrganizationQuery {
    /// The organization's code; without one it is the default organization.
    code: Option<String>,
}

/// An organization to be, or its new values. Colors, flags and billing fields of clients are passed over.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct OrganizationInput {
    /// What people call it.
    name: Option<String>,
    /// A short name for addresses: letters, digits, `-` and `_`. An empty one is taken away.
    handle: Option<String>,
    /// Its id in another system. An empty one is taken away.
    external_id: Option<String>,
    /// Whether people may join by themselves.
    is_auto_membership_enabled: Option<bool>,
    /// The same under its former name.
    is_allow_registrations: Option<bool>,
    /// Whether its members are kept from signing in to it. The default organization's can't be.
    is_suspended: Option<bool>,
    /// Not known yet: `true` is refused.
    is_enforce_mfa: Option<bool>,
    /// Not known yet: `true` is refused.
    is_auto_join_domain_list: Option<bool>,
}

impl OrganizationInput {
    /// What would make an organization safer or more open must not be passed over in silence.
    fn refuse_unknown(&self) -> Result<()> {
        let asked_for = [
            ("is_enforce_mfa", self.is_enforce_mfa),
            ("is_auto_join_domain_list", self.is_auto_join_domain_list),
        ];
        match asked_for.iter().find(|(_, value)| *value == Some(true)) {
            Some((name, _)) => Err(Failure::new(
                Code::INVALID_REQUEST,
                format!("organizations don't know `{name}` yet; leave it out"),
            )),
            None => Ok(()),
        }
    }

    fn is_auto_membership_enabled(&self) -> Option<bool> {
        self.is_auto_membership_enabled
            .or(self.is_allow_registrations)
    }
}

/// An organization that was created.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CreatedOrganization {
    #[serde(flatten)]
    success: Success,
    /// The organization.
    organization: OrganizationReference,
}

/// The code of an organization.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OrganizationReference {
    /// The organization's code.
    code: OrganizationId,
}

/// Get organization
///
/// One organization.
#[utoipa::path(get, path = "/api/v1/organization", operation_id = "getOrganization", tag = "Organizations",
    params(OrganizationQuery),
    responses((status = 200, description = "The organization.", body = OrganizationBody)),
    security(("kindeBearerAuth" = ["read:organizations"])))]
pub(super) async fn get_organization(
    Caller { cx, .. }: Caller<ReadOrganizations>,
    Query(query): Query<OrganizationQuery>,
) -> Result<Json<OrganizationBody>> {
    let mut tx = cx.db().read().await?;
    let organization = match query.code {
        Some(code) => organizations::find(&cx, &mut tx, &parse(&code)?).await?,
        None => organizations::default(&cx, &mut tx).await?,
    };
    Ok(Json(organization.ok_or(NotFound)?.into()))
}

/// List organizations
///
/// The organizations, sorted by `name_asc` or `name_desc`; oldest first when nothing is said.
#[utoipa::path(get, path = "/api/v1/organizations", operation_id = "getOrganizations", tag = "Organizations",
    params(Paging),
    responses((status = 200, description = "The organizations.", body = OrganizationsBody)),
    security(("kindeBearerAuth" = ["read:organizations"])))]
pub(super) async fn get_organizations(
    Caller { cx, .. }: Caller<ReadOrganizations>,
    Query(paging): Query<Paging>,
) -> Result<Json<OrganizationsBody>> {
    let wanted = paging.wanted(&[Key::Name, Key::Email, Key::Id])?;
    let mut tx = cx.db().read().await?;
    let page = organizations::list(&cx, &mut tx, &wanted).await?;
    Ok(Json(OrganizationsBody {
        success: Success::default(),
        next_token: next_token(&page),
        organizations: page.items.into_iter().map(Into::into).collect(),
    }))
}

/// Create organization
///
/// Creates an organization without members.
#[utoipa::path(post, path = "/api/v1/organization", operation_id = "createOrganization", tag = "Organizations",
    request_body = OrganizationInput,
    responses((status = 200, description = "The organization is created.", body = CreatedOrganization)),
    security(("kindeBearerAuth" = ["create:organizations"])))]
pub(super) async fn create_organization(
    Caller { cx, .. }: Caller<CreateOrganizations>,
    Json(body): Json<OrganizationInput>,
) -> Result<Json<CreatedOrganization>> {
    body.refuse_unknown()?;
    let new = NewOrganization {
        is_auto_membership_enabled: body.is_auto_membership_enabled().unwrap_or_default(),
        name: body.name.unwrap_or_default(),
        handle: body.handle,
        external_id: body.external_id,
    };
    let mut tx = cx.db().begin().await?;
    let organization = organizations::create(&cx, &mut tx, new).await?;
    tx.commit().await?;
    Ok(Json(CreatedOrganization {
        success: Success::default(),
        organization: OrganizationReference {
            code: organization.id,
        },
    }))
}

/// Update organization
///
/// Changes an organization. What is left out stays as it is.
#[utoipa::path(patch, path = "/api/v1/organization/{org_code}", operation_id = "updateOrganization", tag = "Organizations",
    params(("org_code" = String, Path, description = "The organization's code.")),
    request_body = OrganizationInput,
    responses((status = 200, description = "The organization is changed.", body = Success)),
    security(("kindeBearerAuth" = ["update:organizations"])))]
pub(super) async fn update_organization(
    Caller { cx, .. }: Caller<UpdateOrganizations>,
    Path(code): Path<String>,
    Json(body): Json<OrganizationInput>,
) -> Result<Json<Success>> {
    body.refuse_unknown()?;
    let changes = Changes {
        is_auto_membership_enabled: body.is_auto_membership_enabled(),
        name: body.name,
        handle: body.handle,
        external_id: body.external_id,
        is_suspended: body.is_suspended,
    };
    let mut tx = cx.db().begin().await?;
    organizations::update(&cx, &mut tx, &parse(&code)?, changes).await?;
    tx.commit().await?;
    Ok(Json(Success::default()))
}

/// Delete organization
///
/// Deletes an organization with its memberships. The users stay. The default organization can't be deleted.
#[utoipa::path(delete, path = "/api/v1/organization/{org_code}", operation_id = "deleteOrganization", tag = "Organizations",
    params(("org_code" = String, Path, description = "The organization's code.")),
    responses((status = 200, description = "The organization is deleted.", body = Success)),
    security(("kindeBearerAuth" = ["delete:organizations"])))]
pub(super) async fn delete_organization(
    Caller { cx, .. }: Caller<DeleteOrganizations>,
    Path(code): Path<String>,
) -> Result<Json<Success>> {
    let mut tx = cx.db().begin().await?;
    organizations::delete(&cx, &mut tx, &parse(&code)?).await?;
    tx.commit().await?;
    Ok(Json(Success::default()))
}

/// Delete organization handle
///
/// Takes the handle from an organization.
#[utoipa::path(delete, path = "/api/v1/organization/{org_code}/handle", operation_id = "DeleteOrganizationHandle", tag = "Organizations",
    params(("org_code" = String, Path, description = "The organization's code.")),
    responses((status = 200, description = "The organization has no handle.", body = Success)),
    security(("kindeBearerAuth" = ["delete:organization_handles"])))]
pub(super) async fn delete_organization_handle(
    Caller { cx, .. }: Caller<DeleteOrganizationHandles>,
    Path(code): Path<String>,
) -> Result<Json<Success>> {
    let changes = Changes {
        handle: Some(String::new()),
        ..Changes::default()
    };
    let mut tx = cx.db().begin().await?;
    organizations::update(&cx, &mut tx, &parse(&code)?, changes).await?;
    tx.commit().await?;
    Ok(Json(Success::default()))
}
