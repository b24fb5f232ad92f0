//! Which scripts may read our answers (Fetch standard, "CORS protocol").
//!
//! Discovery and public keys are for anyone. Tokens and profiles are for scripts of the environment's own applications,
//! with their cookies: the origins are those of the addresses that the applications registered. The header is always
//! the asking origin itself, never `*`, which browsers refuse beside cookies.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::failure::OAuthFailure;
use crate::applications;
use crate::context::Context;

/// The headers that SDKs send.
const HEADERS: &str = "Authorization, Content-Type, Kinde-SDK, framework, frameworkVersion";

/// For how many seconds a browser may remember the answer to its question.
const MAX_AGE: &str = "600";

/// The origin of the script that asks; an application of the environment is at home there.
#[derive(Debug, Clone)]
pub(super) struct KnownOrigin(pub(super) String);

/// Lets every script read the answer.
pub(super) async fn open(request: Request, next: Next) -> Response {
    let mut response = if is_preflight(&request) {
        preflight()
    } else {
        next.run(request).await
    };
    let headers = response.headers_mut();
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_ORIGIN,
        HeaderValue::from_static("*"),
    );
    response
}

/// Lets the scripts of the environment's applications read the answer, cookies included. Whoever else asks is answered as
/// ever: it is the browser that keeps the answer from the script.
pub(super) async fn for_known_origins(cx: Context, mut request: Request, next: Next) -> Response {
    let Some(origin) = request.headers().get(header::ORIGIN).cloned() else {
        return next.run(request).await;
    };
    let is_known = match origin.to_str() {
        Ok(text) => match is_known(&cx, text).await {
            Ok(true) => {
                request
                    .extensions_mut()
                    .insert(KnownOrigin(text.to_owned()));
                true
            }
            Ok(false) => false,
            Err(error) => return OAuthFailure::from(error).into_response(),
        },
        Err(_) => false,
    };
    let mut response = if is_preflight(&request) {
        preflight()
    } else {
        next.run(request).await
    };
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    if is_known {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(
            header::ACCESS_CONTROL_ALLOW_CREDENTIALS,
            HeaderValue::from_static("true"),
        );
    }
    response
}

async fn is_known(cx: &Context, origin: &str) -> Result<bool, db::Error> {
    let mut tx = cx.db().read().await?;
    applications::allows_origin(cx, &mut tx, origin).await
}

fn is_preflight(request: &Request) -> bool {
    request.method() == Method::OPTIONS
        && request
            .headers()
            .contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

fn preflight() -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let mut add = |name: HeaderName, value: &'static str| {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    };
    add(header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST");
    add(header::ACCESS_CONTROL_ALLOW_HEADERS, HEADERS);
    add(header::ACCESS_CONTROL_MAX_AGE, MAX_AGE);
    response
}
