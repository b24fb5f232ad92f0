//! Management operations on the addresses of applications.

use axum::extract::Path;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use super::{
    CreateCallbacks, CreateLogouts, DeleteCallbacks, DeleteLogouts, ReadCallbacks, ReadLogouts,
    UpdateCallbacks, UpdateLogouts, read_id,
};
use crate::applications::{UrlKind, add_urls, remove_urls, replace_urls, urls};
use crate::context::Context;
use crate::error::Code;
use crate::http::{Caller, Failure, Json, Query, Result, Success};
use crate::routes;

pub(super) fn routes() -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(
            get_callbacks,
            add_callbacks,
            replace_callbacks,
            delete_callbacks
        ))
        .routes(routes!(
            get_logouts,
            add_logouts,
            replace_logouts,
            delete_logouts
        ))
}

#[derive(Deserialize, ToSchema)]
struct ApplicationUrlsBody {
    /// The addresses.
    #[schema(example = json!(["https://app.example.com/callback"]))]
    urls: Option<Vec<String>>,
}

impl ApplicationUrlsBody {
    /// The addresses. Without any said, a replacement would delete them all.
    fn said(self) -> Result<Vec<String>> {
        self.urls.ok_or_else(|| {
            Failure::new(
                Code::INVALID_REQUEST,
                r#"send the addresses as {"urls": [...]}"#,
            )
        })
    }
}

#[derive(Deserialize)]
struct UrlsQuery {
    urls: String,
}

#[derive(Serialize, ToSchema)]
struct CallbackUrlsResponse {
    /// The addresses.
    redirect_urls: Vec<String>,
}

#[derive(Serialize, ToSchema)]
struct LogoutUrlsResponse {
    #[serde(flatten)]
    success: Success,
    /// The addresses.
    logout_urls: Vec<String>,
}

/// List callback URLs
///
/// The addresses that may receive the answer to a sign-in.
#[utoipa::path(
    get,
    path = "/api/v1/applications/{app_id}/auth_redirect_urls",
    operation_id = "getCallbackURLs",
    tag = "Callbacks",
    params(("app_id" = String, Path, description = "The application's id.")),
    responses((status = 200, description = "The callback URLs.", body = CallbackUrlsResponse)),
    security(("kindeBearerAuth" = ["read:applications_redirect_uris"]))
)]
async fn get_callbacks(
    caller: Caller<ReadCallbacks>,
    Path(id): Path<String>,
) -> Result<Json<CallbackUrlsResponse>> {
    let cx = caller.cx;
    let found = urls(&cx, &mut cx.db().read().await?, &read_id(&id)?).await?;
    Ok(Json(CallbackUrlsResponse {
        redirect_urls: found.callback,
    }))
}

/// Add callback URLs
///
/// Adds addresses that may receive the answer to a sign-in. Those that are there stay.
#[utoipa::path(
    post,
    path = "/api/v1/applications/{app_id}/auth_redirect_urls",
    operation_id = "addRedirectCallbackURLs",
    tag = "Callbacks",
    params(("app_id" = String, Path, description = "The application's id.")),
    request_body = ApplicationUrlsBody,
    responses((status = 200, description = "The callback URLs were added.", body = Success)),
    security(("kindeBearerAuth" = ["create:applications_redirect_uris"]))
)]
async fn add_callbacks(
    caller: Caller<CreateCallbacks>,
    Path(id): Path<String>,
    Json(body): Json<ApplicationUrlsBody>,
) -> Result<Json<Success>> {
    add(&caller.cx, &id, UrlKind::Callback, &body.said()?).await
}

/// Replace callback URLs
///
/// Lets these addresses receive the answer to a sign-in, and no other.
#[utoipa::path(
    put,
    path = "/api/v1/applications/{app_id}/auth_redirect_urls",
    operation_id = "replaceRedirectCallbackURLs",
    tag = "Callbacks",
    params(("app_id" = String, Path, description = "The application's id.")),
    request_body = ApplicationUrlsBody,
    responses((status = 200, description = "The callback URLs were replaced.", body = Success)),
    security(("kindeBearerAuth" = ["update:applications_redirect_uris"]))
)]
async fn replace_callbacks(
    caller: Caller<UpdateCallbacks>,
    Path(id): Path<String>,
    Json(body): Json<ApplicationUrlsBody>,
) -> Result<Json<Success>> {
    replace(&caller.cx, &id, UrlKind::Callback, &body.said()?).await
}

/// Delete callback URLs
///
/// Takes addresses off the list of those that may receive the answer to a sign-in.
#[utoipa::path(
    delete,
    path = "/api/v1/applications/{app_id}/auth_redirect_urls",
    operation_id = "deleteCallbackURLs",
    tag = "Callbacks",
    params(
        ("app_id" = String, Path, description = "The application's id."),
        ("urls" = String, Query, description = "The addresses, separated by commas."),
    ),
    responses((status = 200, description = "The callback URLs were deleted.", body = Success)),
    security(("kindeBearerAuth" = ["delete:applications_redirect_uris"]))
)]
async fn delete_callbacks(
    caller: Caller<DeleteCallbacks>,
    Path(id): Path<String>,
    Query(query): Query<UrlsQuery>,
) -> Result<Json<Success>> {
    remove(&caller.cx, &id, UrlKind::Callback, &query.urls).await
}

/// List logout URLs
///
/// The addresses to which people may be sent after they signed out.
#[utoipa::path(
    get,
    path = "/api/v1/applications/{app_id}/auth_logout_urls",
    operation_id = "getLogoutURLs",
    tag = "Callbacks",
    params(("app_id" = String, Path, description = "The application's id.")),
    responses((status = 200, description = "The logout URLs.", body = LogoutUrlsResponse)),
    security(("kindeBearerAuth" = ["read:application_logout_uris"]))
)]
async fn get_logouts(
    caller: Caller<ReadLogouts>,
    Path(id): Path<String>,
) -> Result<Json<LogoutUrlsResponse>> {
    let cx = caller.cx;
    let found = urls(&cx, &mut cx.db().read().await?, &read_id(&id)?).await?;
    Ok(Json(LogoutUrlsResponse {
        success: Success::default(),
        logout_urls: found.logout,
    }))
}

/// Add logout URLs
///
/// Adds addresses to which people may be sent after they signed out. Those that are there stay.
#[utoipa::path(
    post,
    path = "/api/v1/applications/{app_id}/auth_logout_urls",
    operation_id = "addLogoutRedirectURLs",
    tag = "Callbacks",
    params(("app_id" = String, Path, description = "The application's id.")),
    request_body = ApplicationUrlsBody,
    responses((status = 200, description = "The logout URLs were added.", body = Success)),
    security(("kindeBearerAuth" = ["create:application_logout_uris"]))
)]
async fn add_logouts(
    caller: Caller<CreateLogouts>,
    Path(id): Path<String>,
    Json(body): Json<ApplicationUrlsBody>,
) -> Result<Json<Success>> {
    add(&caller.cx, &id, UrlKind::Logout, &body.said()?).await
}

/// Replace logout URLs
///
/// Lets people be sent to these addresses after they signed out, and to no other.
#[utoipa::path(
    put,
    path = "/api/v1/applications/{app_id}/auth_logout_urls",
    operation_id = "replaceLogoutRedirectURLs",
    tag = "Callbacks",
    params(("app_id" = String, Path, description = "The application's id.")),
    request_body = ApplicationUrlsBody,
    responses((status = 200, description = "The logout URLs were replaced.", body = Success)),
    security(("kindeBearerAuth" = ["update:application_logout_uris"]))
)]
async fn replace_logouts(
    caller: Caller<UpdateLogouts>,
    Path(id): Path<String>,
    Json(body): Json<ApplicationUrlsBody>,
) -> Result<Json<Success>> {
    replace(&caller.cx, &id, UrlKind::Logout, &body.said()?).await
}

/// Delete logout URLs
///
/// Takes addresses off the list of those to which people may be sent after they signed out.
#[utoipa::path(
    delete,
    path = "/api/v1/applications/{app_id}/auth_logout_urls",
    operation_id = "deleteLogoutURLs",
    tag = "Callbacks",
    params(
        ("app_id" = String, Path, description = "The application's id."),
        ("urls" = String, Query, description = "The addresses, separated by commas."),
    ),
    responses((status = 200, description = "The logout URLs were deleted.", body = Success)),
    security(("kindeBearerAuth" = ["delete:application_logout_uris"]))
)]
async fn delete_logouts(
    caller: Caller<DeleteLogouts>,
    Path(id): Path<String>,
    Query(query): Query<UrlsQuery>,
) -> Result<Json<Success>> {
    remove(&caller.cx, &id, UrlKind::Logout, &query.urls).await
}

async fn add(cx: &Context, id: &str, kind: UrlKind, urls: &[String]) -> Result<Json<Success>> {
    let mut tx = cx.db().begin().await?;
    add_urls(cx, &mut tx, (&read_id(id)?, kind), urls).await?;
    tx.commit().await?;
    Ok(Json(Success::default()))
}

async fn replace(cx: &Context, id: &str, kind: UrlKind, urls: &[String]) -> Result<Json<Success>> {
    let mut tx = cx.db().begin().await?;
    replace_urls(cx, &mut tx, (&read_id(id)?, kind), urls).await?;
    tx.commit().await?;
    Ok(Json(Success::default()))
}

async fn remove(cx: &Context, id: &str, kind: UrlKind, list: &str) -> Result<Json<Success>> {
    let id = read_id(id)?;
    let mut tx = cx.db().begin().await?;
    let known = urls(cx, &mut tx, &id).await?;
    let known = match kind {
        UrlKind::Callback => known.callback,
        UrlKind::Logout => known.logout,
    };
    remove_urls(cx, &mut tx, (&id, kind), &listed(list, &known)).await?;
    tx.commit().await?;
    Ok(Json(Success::default()))
}

/// Those of the known addresses that the list names. It is separated by commas, and an address may have commas of its own: it
/// is taken as the longest known address that begins where the one before ended.
fn listed(list: &str, known: &[String]) -> Vec<String> {
    let mut rest = list;
    let mut found = Vec::new();
    while !rest.is_empty() {
        let longest = known
            .iter()
            .filter(|url| {
                rest.strip_prefix(url.as_str())
                    .is_some_and(|after| after.is_empty() || after.starts_with(','))
            })
            .max_by_key(|url| url.len());
        let length = match longest {
            Some(url) => {
                found.push(url.clone());
                url.len()
            }
            None => rest.find(',').unwrap_or(rest.len()),
        };
        rest = rest[length..].trim_start_matches([',', ' ']);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_names_known_addresses_commas_and_all() {
        let known: Vec<String> = [
            "https://a.example.com",
            "https://a.example.com,x",
            "https://b.example.com/?q=1,2",
        ]
        .map(str::to_owned)
        .into();
        for (list, expected) in [
            ("https://a.example.com", vec![0]),
            ("https://a.example.com,x", vec![1]),
            (
                "https://b.example.com/?q=1,2, https://a.example.com",
                vec![2, 0],
            ),
            ("https://nobody.example.com,https://a.example.com", vec![0]),
            ("https://a.example.com.evil.example", vec![]),
            (",,", vec![]),
        ] {
            let expected: Vec<String> = expected
                .into_iter()
                .map(|n: usize| known[n].clone())
                .collect();
            assert_eq!(listed(list, &known), expected, "{list}");
        }
    }
}
