//! Codes, refresh tokens and secrets become tokens (RFC 6749 §3.2).

use axum::Extension;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use oauth::{ErrorCode, TokenRequest};
use serde::Serialize;

use super::cors::KnownOrigin;
use super::failure::OAuthFailure;
use super::form::Pairs;
use super::{client, cookies};
use crate::applications::{self, Client};
use crate::context::Context;
use crate::http;
use crate::secret::Secret;
use crate::tokens::{self, Redemption, Tokens};

/// The answer (RFC 6749 §5.1, OIDC Core §3.1.3.3).
#[derive(Serialize)]
struct Answer<'a> {
    access_token: &'a str,
    token_type: &'static str,
    expires_in: u64,
    scope: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<&'a str>,
}

/// `POST /oauth2/token`.
pub(super) async fn token(
    cx: Context,
    origin: Option<Extension<KnownOrigin>>,
    peer: http::Client,
    headers: HeaderMap,
    pairs: Pairs,
) -> Result<Response, OAuthFailure> {
    let cx = cx.asked_by(peer.address, &peer.user_agent);
    let client = client::authenticate(&cx, &headers, &pairs).await?;
    let request = TokenRequest::parse(&pairs.0)?;
    let page = match origin {
        Some(Extension(KnownOrigin(origin))) => own_origin(&cx, &client, origin).await?,
        None => None,
    };
    let tokens = match request {
        TokenRequest::AuthorizationCode {
            code,
            redirect_uri,
            code_verifier,
        } => {
            let shown = Redemption {
                code: &Secret::new(code.expose()),
                redirect_uri: &redirect_uri,
                verifier: code_verifier.as_ref(),
            };
            tokens::redeem_code(&cx, &client, shown).await?
        }
        TokenRequest::RefreshToken {
            refresh_token: Some(token),
            scope,
        } => {
            let token = Secret::new(token.expose());
            tokens::refresh(&cx, &client, &token, scope.as_ref()).await?
        }
        TokenRequest::RefreshToken {
            refresh_token: None,
            scope,
        } => {
            // Elsewhere than in a page of the application the cookie counts for nothing.
            let token = page
                .as_ref()
                .and_then(|_| cookies::refresh_token(&headers, &client.id))
                .ok_or_else(no_refresh_token)?;
            match tokens::refresh(&cx, &client, &token, scope.as_ref()).await {
                Ok(tokens) => tokens,
                Err(error) => return Ok(without_cookie(&cx, &client, error.into())),
            }
        }
        TokenRequest::ClientCredentials { audiences, scope } => {
            tokens::for_machine(&cx, &client, &audiences, scope.as_ref()).await?
        }
    };
    let mut response = answer(&tokens);
    if let Some(origin) = page {
        cookies::remember(&cx, (&client.id, &origin), &tokens, &mut response);
    }
    Ok(response)
}

fn no_refresh_token() -> OAuthFailure {
    OAuthFailure::new(
        ErrorCode::InvalidRequest,
        "the parameter refresh_token is missing, and no cookie of this application's page has it",
    )
}

/// The refusal. A cookie that was refused is taken away, so that the page doesn't ask for ever.
fn without_cookie(cx: &Context, client: &Client, failure: OAuthFailure) -> Response {
    let mut response = failure.into_response();
    if response.status().is_client_error() {
        cookies::forget(cx, Some(&client.id), &mut response);
    }
    response
}

/// The origin, if it is one of the application's own, and the application is one that runs in pages.
async fn own_origin(
    cx: &Context,
    client: &Client,
    origin: String,
) -> Result<Option<String>, OAuthFailure> {
    if client.kind != applications::Kind::FrontEnd {
        return Ok(None);
    }
    let mut tx = cx.db().read().await?;
    match applications::urls(cx, &mut tx, &client.id).await {
        Ok(urls) => Ok(Some(origin).filter(|origin| urls.allows_origin(origin))),
        Err(error) => Err(OAuthFailure::internal(error)),
    }
}

fn answer(tokens: &Tokens) -> Response {
    let answer = Answer {
        access_token: tokens.access_token.reveal(),
        token_type: "Bearer",
        expires_in: tokens.expires_in,
        scope: tokens.scopes.to_string(),
        id_token: tokens.id_token.as_ref().map(Secret::reveal),
        refresh_token: tokens.refresh_token.as_ref().map(Secret::reveal),
    };
    let mut response = axum::Json(answer).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    response
}
