//! Sending a person to sign in (RFC 6749 §4.1.1, OIDC Core §3.1.2).
//!
//! Somebody who is signed in already, freshly enough for the application, goes straight back with a code; everybody else goes
//! through the pages of [`crate::sign_in`] and comes back to [`super::resume`]. `prompt=none` never shows a page: it is
//! answered with a code or with the reason why not.

use axum::extract::RawQuery;
use axum::http::HeaderMap;
use axum::response::Response;
use oauth::authorization::{Prompt, RequestError, Screen};
use oauth::{AuthorizationRequest, ErrorCode, OAuthError};

use super::failure::OAuthFailure;
use super::form::{Pairs, decode};
use super::organization::{self, Choice};
use super::redirect::{self, Destination};
use super::stop::Stop;
use crate::context::Context;
use crate::http::{Browser, Client};
use crate::sessions::{self, Session};
use crate::sign_in::{self, Fault, Purpose};
use crate::tokens::{self, SignedIn};
use crate::workflows::preview::{self, PassError};
use crate::{keys, organizations};

/// `GET /oauth2/auth`.
pub(super) async fn by_query(
    cx: Context,
    browser: Browser,
    client: Client,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let pairs = decode(query.unwrap_or_default().as_bytes());
    answer(&cx, (&browser, &client, &headers), &pairs).await
}

/// `POST /oauth2/auth`, which OIDC Core §3.1.2.1 wants too.
pub(super) async fn by_form(
    cx: Context,
    browser: Browser,
    client: Client,
    headers: HeaderMap,
    pairs: Result<Pairs, OAuthFailure>,
) -> Response {
    match pairs {
        Ok(Pairs(pairs)) => answer(&cx, (&browser, &client, &headers), &pairs).await,
        Err(_) => Stop::Fault(Fault::BadRequest).into_response(&cx),
    }
}

async fn answer(cx: &Context, caller: Caller<'_>, pairs: &[(String, String)]) -> Response {
    let mut response = match authorize(cx, caller, pairs).await {
        Ok(response) => response,
        Err(stop) => stop.into_response(cx),
    };
    caller.0.remember(&mut response);
    response
}

type Caller<'a> = (&'a Browser, &'a Client, &'a HeaderMap);

/// A code, a page, or the reason why there is neither.
async fn authorize(
    cx: &Context,
    (browser, client, headers): Caller<'_>,
    pairs: &[(String, String)],
) -> Result<Response, Stop> {
    let (destination, request) = read(cx, pairs).await?;
    let cx = &previewing(cx, &destination, &request).await?;
    let session = sessions::find(cx, &mut cx.db().read().await?, headers).await?;
    let session = match session {
        Some(session) if is_usable(cx, &request, &session).await? => session,
        _ if request.prompts.contains(&Prompt::None) => {
            let error =
                OAuthError::new(ErrorCode::LoginRequired, "User authentication is required");
            return Err(refuse(cx, &destination, &request, &error));
        }
        _ => return begin_sign_in(cx, browser, request).await,
    };

    let mut tx = cx.db().begin().await?;
    let organization = match organization::choose(cx, &mut tx, &request, &session.user_id).await? {
        Choice::Organization(organization) => organization,
        Choice::Ask(error) => {
            tx.rollback().await;
            if request.prompts.contains(&Prompt::None) {
                return Err(refuse(cx, &destination, &request, &error));
            }
            return begin_sign_in(cx, browser, request).await;
        }
        Choice::Refuse(error) => return Err(refuse(cx, &destination, &request, &error)),
    };
    destination
        .check_organization(cx, &mut tx, organization.as_ref())
        .await?;
    if let Some(organization) = &organization {
        organizations::record_sign_in(cx, &mut tx, organization, &session.user_id).await?;
    }
    let who = SignedIn {
        user_id: session.user_id.clone(),
        session_id: session.id.clone(),
        organization_id: organization,
        authenticated_at: session.authenticated_at,
    };
    let code = tokens::issue_code(cx, &mut tx, &destination.application, &request, who).await?;
    tx.commit().await?;
    sessions::touch(cx, &session, client).await?;
    Ok(redirect::deliver(cx, &destination, &request, &code))
}

/// The request, and where its answer may go.
async fn read(
    cx: &Context,
    pairs: &[(String, String)],
) -> Result<(Destination, AuthorizationRequest), Stop> {
    let mut tx = cx.db().read().await?;
    match AuthorizationRequest::parse(pairs) {
        Ok(request) => {
            let (client_id, redirect_uri) = (&request.client_id, &request.redirect_uri);
            let destination = Destination::find(cx, &mut tx, client_id, redirect_uri).await?;
            // RFC 9700 §2.1.1: who has no secret proves by PKCE that it is who began.
            if !destination.application.kind.has_secret()
                && let Err(error) = request.require_challenge()
            {
                return Err(refuse(cx, &destination, &request, &error));
            }
            Ok((destination, request))
        }
        Err(RequestError::Redirect(refusal)) => {
            let (client_id, redirect_uri) = (&refusal.client_id, &refusal.redirect_uri);
            let destination = Destination::find(cx, &mut tx, client_id, redirect_uri).await?;
            let answer = destination.answer(cx, refusal.state.as_deref());
            Err(Stop::Redirect(answer.error(&refusal.error)))
        }
        Err(RequestError::Page(_)) => Err(Stop::Fault(Fault::BadRequest)),
    }
}

/// The context in which the request goes on: in a preview, where it brings a pass to one. A request with anything else in that place
/// doesn't go on: whoever sent it would take what is live for the version that they meant to try.
async fn previewing(
    cx: &Context,
    destination: &Destination,
    request: &AuthorizationRequest,
) -> Result<Context, Stop> {
    let Some(pass) = &request.workflow_deployment_id else {
        return Ok(cx.clone());
    };
    let mut tx = cx.db().read().await?;
    match preview::admit(cx, &mut tx, pass).await {
        Ok(deployment) => Ok(cx.previewing(Some(deployment))),
        Err(PassError::Db(error)) => Err(error.into()),
        Err(error) if request.prompts.contains(&Prompt::None) => {
            let error = OAuthError::new(ErrorCode::InvalidRequest, error.to_string());
            Err(refuse(cx, destination, request, &error))
        }
        Err(_) => Err(Stop::Fault(Fault::NoPreview)),
    }
}

/// Whether the application takes somebody who is signed in like this.
async fn is_usable(
    cx: &Context,
    request: &AuthorizationRequest,
    session: &Session,
) -> Result<bool, Stop> {
    let (proved_at, now) = (session.authenticated_at.seconds(), cx.now().seconds());
    if request.screen() == Screen::SignUp || !request.accepts_session_of(proved_at, now) {
        return Ok(false);
    }
    let Some(hint) = &request.id_token_hint else {
        return Ok(true);
    };
    let keys = keys::verifying(cx).await.map_err(Stop::failed)?;
    // A hint that can't be read is none; one about somebody else means that somebody else is to sign in.
    let hint = oauth::hint::read(hint.expose(), &keys, &cx.environment().base_url);
    Ok(hint.map_or(true, |hint| hint.subject == session.user_id.as_str()))
}

async fn begin_sign_in(
    cx: &Context,
    browser: &Browser,
    request: AuthorizationRequest,
) -> Result<Response, Stop> {
    let mut tx = cx.db().begin().await?;
    let purpose = Purpose::Authorize(Box::new(request));
    let url = sign_in::start(cx, &mut tx, browser, purpose).await?;
    tx.commit().await?;
    Ok(redirect::to(&url))
}

fn refuse(
    cx: &Context,
    destination: &Destination,
    request: &AuthorizationRequest,
    error: &OAuthError,
) -> Stop {
    Stop::Redirect(
        destination
            .answer(cx, request.state.as_deref())
            .error(error),
    )
}
