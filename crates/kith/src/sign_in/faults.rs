//! Pages for where it stops: errors, and the two ends that need no sign-in.

use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{Html, IntoResponse as _, Response};

use super::view::{ErrorPage, Fault, InvalidRedirectUrl, SignedOut, Success};
use crate::context::Context;
use crate::error::Code;
use crate::http::Failure;
use crate::mail::brand;
use crate::pages::{Layout, Page};

/// A page as an answer, in the language that the reader wants (a BCP 47 tag). `csrf` is empty for pages without forms.
pub(super) fn page<P: Page>(
    cx: &Context,
    (language, csrf): (&str, &str),
    status: StatusCode,
    page: &P,
) -> Response {
    let layout = Layout::hosted(language, brand(cx), csrf);
    (status, Html(cx.pages().render(&layout, page))).into_response()
}

/// The page that says that it doesn't go on here, and why. `restart_url` is where to begin again, if that is known.
///
/// The page shows an id that the log has, too.
#[must_use]
pub fn error_page(cx: &Context, fault: Fault, restart_url: Option<String>) -> Response {
    let support_id = support_id(cx);
    tracing::warn!(support_id, ?fault, "a hosted page stopped: {fault:?}");
    let view = ErrorPage::new(fault, &brand(cx).name, restart_url, support_id);
    page(cx, ("", ""), status(fault), &view)
}

/// The page for somebody whom a workflow refuses, with the reason that it gives.
#[must_use]
pub(super) fn denied_page(cx: &Context, reason: String) -> Response {
    let (fault, support_id) = (Fault::WorkflowDenied, support_id(cx));
    tracing::warn!(support_id, reason, "a workflow refused somebody");
    let view = ErrorPage {
        reason: Some(reason).filter(|reason| !reason.is_empty()),
        ..ErrorPage::new(fault, &brand(cx).name, None, support_id)
    };
    page(cx, ("", ""), status(fault), &view)
}

/// The page that says that the address to return to is not registered. It leads nowhere: the request may be an attack
/// (RFC 6749 §4.1.2.1).
#[must_use]
pub fn invalid_redirect_url_page(
    cx: &Context,
    redirect_uri: &str,
    client_id: Option<&str>,
) -> Response {
    let support_id = support_id(cx);
    tracing::warn!(
        support_id,
        redirect_uri,
        client_id,
        "an address to return to is not registered"
    );
    let view = InvalidRedirectUrl {
        redirect_uri: redirect_uri.to_owned(),
        client_id: client_id.map(str::to_owned),
        support_id,
    };
    page(cx, ("", ""), StatusCode::BAD_REQUEST, &view)
}

/// The page that says that somebody is signed out. `sign_in_url` is where to sign in again, if that is known.
#[must_use]
pub fn signed_out_page(cx: &Context, sign_in_url: Option<String>) -> Response {
    page(cx, ("", ""), StatusCode::OK, &SignedOut { sign_in_url })
}

/// The page that says that somebody is signed in, with the way back to the application.
#[must_use]
pub fn success_page(cx: &Context, continue_url: String) -> Response {
    page(cx, ("", ""), StatusCode::OK, &Success { continue_url })
}

/// What answers where nothing is: a page for people, an object for programs.
pub async fn not_found(cx: Context, uri: Uri, headers: HeaderMap) -> Response {
    let accepts = headers
        .get("accept")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if accepts.contains("text/html") && !uri.path().starts_with("/api/") {
        return error_page(&cx, Fault::NotFound, None);
    }
    Failure::new(Code::ROUTE_NOT_FOUND, "there is nothing at this address").into_response()
}

/// What a person can tell support, and the log says as well.
fn support_id(cx: &Context) -> String {
    format!("req_{}", hex::encode(cx.random_bytes::<6>()))
}

fn status(fault: Fault) -> StatusCode {
    match fault {
        Fault::BadRequest | Fault::OutOfOrder | Fault::Expired | Fault::NoPreview => {
            StatusCode::BAD_REQUEST
        }
        Fault::OtherBrowser
        | Fault::Suspended
        | Fault::NoAccess
        | Fault::SignUpClosed
        | Fault::StaleForm
        | Fault::Denied
        | Fault::WorkflowDenied
        | Fault::WorkflowStopped
        | Fault::NoMethod => StatusCode::FORBIDDEN,
        Fault::NotFound => StatusCode::NOT_FOUND,
        Fault::TooMany | Fault::TooManyCodes => StatusCode::TOO_MANY_REQUESTS,
        Fault::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
