//! Signing out (OpenID Connect RP-Initiated Logout 1.0).

use axum::extract::RawQuery;
use axum::http::HeaderMap;
use axum::response::Response;

use super::failure::OAuthFailure;
use super::form::{Pairs, decode};
use super::stop::Stop;
use super::{cookies, redirect};
use crate::applications::{self, Application, FindError};
use crate::context::Context;
use crate::id::ApplicationId;
use crate::sign_in::{self, Fault};
use crate::{keys, sessions};

/// What is asked for.
struct Request {
    /// Where to go afterwards.
    redirect: Option<String>,
    /// Given back with the redirect.
    state: Option<String>,
    /// Who asks, if it says so.
    client: Option<ApplicationId>,
    /// Whether every browser of the person is meant.
    is_everywhere: bool,
}

/// `GET /logout`.
pub(super) async fn by_query(
    cx: Context,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let pairs = Pairs(decode(query.unwrap_or_default().as_bytes()));
    answer(&cx, &headers, Ok(pairs)).await
}

/// `POST /logout`, which RP-Initiated Logout 1.0 §2 wants too.
pub(super) async fn by_form(
    cx: Context,
    headers: HeaderMap,
    pairs: Result<Pairs, OAuthFailure>,
) -> Response {
    answer(&cx, &headers, pairs).await
}

/// Ends the session first: whatever is wrong with the rest of the request, the person wants to be signed out.
async fn answer(cx: &Context, headers: &HeaderMap, pairs: Result<Pairs, OAuthFailure>) -> Response {
    let request = match pairs {
        Ok(pairs) => read(cx, &pairs).await,
        Err(_) => Err(Stop::Fault(Fault::BadRequest)),
    };
    let is_everywhere = request.as_ref().is_ok_and(|request| request.is_everywhere);
    let client = request
        .as_ref()
        .ok()
        .and_then(|request| request.client.clone());
    let answered = match end_session(cx, headers, is_everywhere).await {
        Ok(()) => match request {
            Ok(request) => leave(cx, request).await,
            Err(stop) => Err(stop),
        },
        Err(error) => Err(error.into()),
    };
    let mut response = answered.unwrap_or_else(|stop| stop.into_response(cx));
    sessions::forget_cookie(cx, &mut response);
    cookies::forget(cx, client.as_ref(), &mut response);
    response
}

/// Reads the request. SDKs name the address in three ways, and leave it empty where there is none.
async fn read(cx: &Context, pairs: &Pairs) -> Result<Request, Stop> {
    let one = |name| {
        let value = pairs.one(name).map_err(|_| Stop::Fault(Fault::BadRequest));
        value.map(|value| value.map(str::to_owned))
    };
    let mut redirect = None;
    for name in ["redirect", "redirect_uri", "post_logout_redirect_uri"] {
        redirect = redirect.or(one(name)?);
    }
    let named = one("client_id")?.and_then(|id| id.parse().ok());
    let client = match one("id_token_hint")? {
        Some(hint) if named.is_none() => {
            let keys = keys::verifying(cx).await.map_err(Stop::failed)?;
            let hint = oauth::hint::read(&hint, &keys, &cx.environment().base_url);
            hint.ok().and_then(|hint| hint.client_id.parse().ok())
        }
        _ => named,
    };
    Ok(Request {
        redirect,
        state: one("state")?,
        client,
        is_everywhere: one("all_sessions")?.is_some_and(|value| value.eq_ignore_ascii_case("true")),
    })
}

/// Ends the browser's session and what applications got in it, or all of the person.
async fn end_session(
    cx: &Context,
    headers: &HeaderMap,
    is_everywhere: bool,
) -> Result<(), db::Error> {
    let mut tx = cx.db().begin().await?;
    if let Some(session) = sessions::find(cx, &mut tx, headers).await? {
        if is_everywhere {
            sessions::end_all(cx, &mut tx, &session.user_id).await?;
        } else {
            sessions::end(cx, &mut tx, &session.id).await?;
        }
    }
    tx.commit().await
}

/// Sends the person on, if the address is registered for signing out.
async fn leave(cx: &Context, request: Request) -> Result<Response, Stop> {
    let mut tx = cx.db().read().await?;
    let application = match &request.client {
        Some(id) => match applications::find(cx, &mut tx, id).await {
            Ok(application) => Some(application),
            Err(FindError::NotFound(_)) => None,
            Err(error) => return Err(Stop::failed(error)),
        },
        None => None,
    };
    let Some(url) = request.redirect else {
        let sign_in_url = application.and_then(|application| application.login_uri);
        return Ok(sign_in::signed_out_page(cx, sign_in_url));
    };
    if is_registered(cx, &mut tx, application.as_ref(), &url).await? {
        return Ok(redirect::to(&with_state(url, request.state.as_deref())));
    }
    Err(Stop::InvalidRedirectUrl {
        redirect_uri: url,
        client_id: application.map(|application| application.id),
    })
}

/// Most SDKs don't say for whom they ask; then any application of the environment may have registered the address.
async fn is_registered(
    cx: &Context,
    tx: &mut db::Tx,
    application: Option<&Application>,
    url: &str,
) -> Result<bool, Stop> {
    match application {
        Some(application) => {
            let urls = applications::urls(cx, tx, &application.id).await;
            Ok(urls.map_err(Stop::failed)?.allows_logout(url))
        }
        None => Ok(applications::allows_logout(cx, tx, url).await?),
    }
}

fn with_state(url: String, state: Option<&str>) -> String {
    let Some(state) = state else { return url };
    let separator = if url.contains('?') { '&' } else { '?' };
    let state: String = url::form_urlencoded::byte_serialize(state.as_bytes()).collect();
    format!("{url}{separator}state={}", state.replace('+', "%20"))
}
