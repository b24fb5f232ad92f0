//! Management operations on applications.

mod callbacks;

use axum::extract::Path;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use super::{Application, Changes, Kind, LifetimeChanges, NewApplication};
use crate::error::Code;
use crate::http::paging::next_token;
use crate::http::{Caller, Created, Failure, Json, Paging, Query, Result, Success};
use crate::id::ApplicationId;
use crate::paging::Key;
use crate::routes;
use crate::scopes;

scopes! {
    ReadApplications = "read:applications";
    CreateApplications = "create:applications";
    UpdateApplications = "update:applications";
    DeleteApplications = "delete:applications";
    UpdateApplicationTokens = "update:application_tokens";
    ReadCallbacks = "read:applications_redirect_uris";
    CreateCallbacks = "create:applications_redirect_uris";
    UpdateCallbacks = "update:applications_redirect_uris";
    DeleteCallbacks = "delete:applications_redirect_uris";
    ReadLogouts = "read:application_logout_uris";
    CreateLogouts = "create:application_logout_uris";
    UpdateLogouts = "update:application_logout_uris";
    DeleteLogouts = "delete:application_logout_uris";
}

/// The operations of this slice.
#[must_use]
pub fn routes() -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(get_applications, create_application))
        .routes(routes!(
            get_application,
            update_application,
            delete_application
        ))
        .routes(routes!(update_application_tokens))
        .merge(callbacks::routes())
}

/// What an application is.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum ApplicationType {
    /// Back-end web: has a server, which keeps a secret.
    Reg,
    /// Front-end and mobile: runs in people's hands, keeps no secret.
    Spa,
    /// Machine to machine: acts for itself, without a person.
    M2m,
    /// Device: runs where there is no browser, such as a television.
    Device,
}

impl From<ApplicationType> for Kind {
    fn from(kind: ApplicationType) -> Self {
        match kind {
            ApplicationType::Reg => Self::BackEnd,
            ApplicationType::Spa => Self::FrontEnd,
            ApplicationType::M2m => Self::MachineToMachine,
            ApplicationType::Device => Self::Device,
        }
    }
}

impl From<Kind> for ApplicationType {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::BackEnd => Self::Reg,
            Kind::FrontEnd => Self::Spa,
            Kind::MachineToMachine => Self::M2m,
            Kind::Device => Self::Device,
        }
    }
}

#[derive(Serialize, ToSchema)]
struct ApplicationsResponse {
    #[serde(flatten)]
    success: Success,
    /// The applications of this page.
    applications: Vec<ListedApplication>,
    /// Where the next page begins; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct ListedApplication {
    #[schema(example = "3b0b5c6c8fcc464fab397f4969b5f482")]
    id: ApplicationId,
    #[schema(example = "Web shop")]
    name: String,
    r#type: ApplicationType,
}

/// List applications
///
/// The applications of the environment, the oldest first unless `sort` says `name_asc` or `name_desc`.
#[utoipa::path(
    get,
    path = "/api/v1/applications",
    operation_id = "getApplications",
    tag = "Applications",
    params(Paging),
    responses((status = 200, description = "A page of applications.", body = ApplicationsResponse)),
    security(("kindeBearerAuth" = ["read:applications"]))
)]
async fn get_applications(
    caller: Caller<ReadApplications>,
    Query(paging): Query<Paging>,
) -> Result<Json<ApplicationsResponse>> {
    let wanted = paging.wanted(&[Key::Name])?;
    let cx = caller.cx;
    let page = super::page(&cx, &mut cx.db().read().await?, &wanted).await?;
    Ok(Json(ApplicationsResponse {
        success: Success::default(),
        next_token: next_token(&page),
        applications: page
            .items
            .into_iter()
            .map(|application| ListedApplication {
                id: application.id,
                name: application.name,
                r#type: application.kind.into(),
            })
            .collect(),
    }))
}

#[derive(Deserialize, ToSchema)]
struct NewApplicationBody {
    /// What people call it.
    #[schema(example = "Web shop")]
    name: String,
    /// What it is; it can't be changed later.
    r#type: ApplicationType,
    /// An organization to which a machine to machine application is confined. Not supported: leave it out.
    org_code: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct CreatedApplicationResponse {
    #[serde(flatten)]
    success: Success,
    application: CreatedApplication,
}

#[derive(Serialize, ToSchema)]
struct CreatedApplication {
    id: ApplicationId,
    /// The same as the id.
    client_id: ApplicationId,
    /// Absent for kinds that keep no secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret: Option<String>,
}

/// Create application
///
/// Adds an application. A back-end or machine to machine application gets a secret.
#[utoipa::path(
    post,
    path = "/api/v1/applications",
    operation_id = "createApplication",
    tag = "Applications",
    request_body = NewApplicationBody,
    responses((status = 201, description = "The application was added.", body = CreatedApplicationResponse)),
    security(("kindeBearerAuth" = ["create:applications"]))
)]
async fn create_application(
    caller: Caller<CreateApplications>,
    Json(body): Json<NewApplicationBody>,
) -> Result<Created<CreatedApplicationResponse>> {
    if body.org_code.is_some_and(|code| !code.is_empty()) {
        return Err(Failure::new(
            Code::INVALID_REQUEST,
            "applications can't be confined to an organization; leave `org_code` out",
        ));
    }
    let cx = caller.cx;
    let mut tx = cx.db().begin().await?;
    let new = NewApplication {
        name: body.name,
        kind: body.r#type.into(),
    };
    let (application, secret) = super::create(&cx, &mut tx, new).await?;
    tx.commit().await?;
    Ok(Created(CreatedApplicationResponse {
        success: Success::default(),
        application: CreatedApplication {
            client_id: application.id.clone(),
            id: application.id,
            client_secret: secret.map(|secret| secret.reveal().to_owned()),
        },
    }))
}

#[derive(Serialize, ToSchema)]
struct ApplicationResponse {
    #[serde(flatten)]
    success: Success,
    application: ApplicationDetails,
}

#[derive(Serialize, ToSchema)]
struct ApplicationDetails {
    id: ApplicationId,
    name: String,
    r#type: ApplicationType,
    /// The same as the id.
    client_id: ApplicationId,
    /// Absent for kinds that keep no secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret: Option<String>,
    /// Where people begin to sign in to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    login_uri: Option<String>,
    /// Its home page.
    #[serde(skip_serializing_if = "Option::is_none")]
    homepage_uri: Option<String>,
    /// Whether its sign-in pages offer to cancel.
    has_cancel_button: bool,
}

/// Get application
///
/// One application with its secret.
#[utoipa::path(
    get,
    path = "/api/v1/applications/{application_id}",
    operation_id = "getApplication",
    tag = "Applications",
    params(("application_id" = String, Path, description = "The application's id.")),
    responses((status = 200, description = "The application.", body = ApplicationResponse)),
    security(("kindeBearerAuth" = ["read:applications"]))
)]
async fn get_application(
    caller: Caller<ReadApplications>,
    Path(id): Path<String>,
) -> Result<Json<ApplicationResponse>> {
    let cx = caller.cx;
    let mut tx = cx.db().read().await?;
    let application = super::find(&cx, &mut tx, &read_id(&id)?).await?;
    let secret = super::reveal_secret(&cx, &mut tx, &application.id).await?;
    let Application {
        id,
        name,
        kind,
        login_uri,
        homepage_uri,
        ..
    } = application;
    Ok(Json(ApplicationResponse {
        success: Success::default(),
        application: ApplicationDetails {
            client_id: id.clone(),
            id,
            name,
            r#type: kind.into(),
            client_secret: secret.map(|secret| secret.reveal().to_owned()),
            login_uri,
            homepage_uri,
            has_cancel_button: false,
        },
    }))
}

#[derive(Deserialize, ToSchema)]
struct ApplicationChangesBody {
    /// What people call it.
    name: Option<String>,
    /// The language of its pages; `en` is the only one.
    language_key: Option<String>,
    /// All addresses to which people may be sent after they signed out.
    logout_uris: Option<Vec<String>>,
    /// All addresses that may receive the answer to a sign-in.
    redirect_uris: Option<Vec<String>>,
    /// Where people begin to sign in to it; empty for nowhere.
    login_uri: Option<String>,
    /// Its home page; empty for none.
    homepage_uri: Option<String>,
}

/// Update application
///
/// Changes what the body says, and nothing else.
#[utoipa::path(
    patch,
    path = "/api/v1/applications/{application_id}",
    operation_id = "updateApplication",
    tag = "Applications",
    params(("application_id" = String, Path, description = "The application's id.")),
    request_body = ApplicationChangesBody,
    responses((status = 200, description = "The application was changed.", body = Success)),
    security(("kindeBearerAuth" = ["update:applications"]))
)]
async fn update_application(
    caller: Caller<UpdateApplications>,
    Path(id): Path<String>,
    Json(body): Json<ApplicationChangesBody>,
) -> Result<Json<Success>> {
    let language = body.language_key.as_deref().unwrap_or("en");
    if !(language.is_empty() || language == "en" || language.starts_with("en-")) {
        return Err(Failure::new(
            Code::INVALID_REQUEST,
            "the pages are in English only; leave `language_key` out or send en",
        ));
    }
    let cx = caller.cx;
    let mut tx = cx.db().begin().await?;
    let changes = Changes {
        name: body.name,
        login_uri: body.login_uri,
        homepage_uri: body.homepage_uri,
        callback_urls: body.redirect_uris,
        logout_urls: body.logout_uris,
    };
    super::update(&cx, &mut tx, &read_id(&id)?, changes).await?;
    tx.commit().await?;
    Ok(Json(Success::default()))
}

/// Delete application
///
/// Deletes the application and all that people were given through it. It can't be undone.
#[utoipa::path(
    delete,
    path = "/api/v1/applications/{application_id}",
    operation_id = "deleteApplication",
    tag = "Applications",
    params(("application_id" = String, Path, description = "The application's id.")),
    responses((status = 200, description = "The application was deleted.", body = Success)),
    security(("kindeBearerAuth" = ["delete:applications"]))
)]
async fn delete_application(
    caller: Caller<DeleteApplications>,
    Path(id): Path<String>,
) -> Result<Json<Success>> {
    let cx = caller.cx;
    let mut tx = cx.db().begin().await?;
    super::delete(&cx, &mut tx, &read_id(&id)?).await?;
    tx.commit().await?;
    Ok(Json(Success::default()))
}

#[derive(Deserialize, ToSchema)]
struct TokenLifetimesBody {
    /// Seconds for which an access token is valid.
    #[schema(example = 3600)]
    access_token_lifetime: Option<u64>,
    /// Seconds for which a refresh token is valid; more than an access token.
    #[schema(example = 1_296_000)]
    refresh_token_lifetime: Option<u64>,
    /// Seconds for which an ID token is valid.
    #[schema(example = 3600)]
    id_token_lifetime: Option<u64>,
    /// Seconds for which a session lasts without being used.
    #[schema(example = 86400)]
    authenticated_session_lifetime: Option<u64>,
    /// Whether claims get the names that Hasura reads. Not supported: leave it out or send `false`.
    is_hasura_mapping_enabled: Option<bool>,
}

/// Update application tokens
///
/// Changes how long what the application gets from now on is valid.
#[utoipa::path(
    patch,
    path = "/api/v1/applications/{application_id}/tokens",
    operation_id = "updateApplicationTokens",
    tag = "Applications",
    params(("application_id" = String, Path, description = "The application's id.")),
    request_body = TokenLifetimesBody,
    responses((status = 200, description = "The lifetimes were changed.", body = Success)),
    security(("kindeBearerAuth" = ["update:application_tokens"]))
)]
async fn update_application_tokens(
    caller: Caller<UpdateApplicationTokens>,
    Path(id): Path<String>,
    Json(body): Json<TokenLifetimesBody>,
) -> Result<Json<Success>> {
    if body.is_hasura_mapping_enabled == Some(true) {
        return Err(Failure::new(
            Code::INVALID_REQUEST,
            "claims can't be renamed for Hasura; leave `is_hasura_mapping_enabled` out or send false",
        ));
    }
    let cx = caller.cx;
    let mut tx = cx.db().begin().await?;
    let changes = LifetimeChanges {
        access_token: body.access_token_lifetime,
        id_token: body.id_token_lifetime,
        refresh_token: body.refresh_token_lifetime,
        authenticated_session: body.authenticated_session_lifetime,
    };
    super::update_lifetimes(&cx, &mut tx, &read_id(&id)?, changes).await?;
    tx.commit().await?;
    Ok(Json(Success::default()))
}

/// The id in a path. What can't be one is answered like one that nobody has.
fn read_id(text: &str) -> Result<ApplicationId> {
    text.parse().map_err(|_| {
        Failure::new(
            Code::APPLICATION_NOT_FOUND,
            format!("there is no application {text}"),
        )
    })
}
