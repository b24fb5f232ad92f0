//! Failures as pages: what went wrong, and where to go from there.

use axum::extract::Request;
use axum::http::header;
use axum::middleware::Next;
use axum::response::{Html, IntoResponse as _, Response};

use super::words;
use crate::context::Context;
use crate::error::{Code, Kind};
use crate::http::Told;
use crate::pages::{Brand, Layout, Message};
use crate::sign_in::view::{ErrorPage, Fault};

/// Turns answers that tell a failure into pages that do.
pub(super) async fn as_pages(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let (cx, language) = (parts.extensions.get::<Context>().cloned(), words::language(&parts.headers));
    let response = next.run(Request::from_parts(parts, body)).await;
    match (response.extensions().get::<Told>(), cx) {
        (Some(Told(code)), Some(cx)) => told(&cx, &language, *code, &response),
        _ => response,
    }
}

fn told(cx: &Context, language: &str, code: Code, failed: &Response) -> Response {
    let support_id = format!("req_{}", hex::encode(cx.random_bytes::<8>()));
    tracing::info!(
        support_id,
        code = code.name,
        "told a member of the team: {}",
        code.name
    );
    let page = page(cx, code, support_id);
    let layout = Layout::hosted(language, Brand::kith(), String::new());
    let html = cx.pages().render(&layout, &page);
    let mut response = (failed.status(), Html(html)).into_response();
    if let Some(when) = failed.headers().get(header::RETRY_AFTER) {
        response.headers_mut().insert(header::RETRY_AFTER, when.clone());
    }
    response
}

fn page(cx: &Context, code: Code, support_id: String) -> ErrorPage {
    let base = cx.environment().base_path();
    let home = Some(format!("{base}/"));
    let own = |title, what, remedy, restart_url| ErrorPage {
        code: None,
        title: Message::new(title),
        what: Message::new(what),
        remedy: Message::new(remedy),
        restart_url,
        support_id: support_id.clone(),
    };
    match code {
        Code::CSRF_MISMATCH => own(
            "failure-form-title",
            "failure-form-what",
            "failure-form-remedy",
            home,
        ),
        Code::SETUP_LINK_INVALID => own(
            "failure-link-title",
            "failure-link-what",
            "failure-link-remedy",
            home,
        ),
        // Somebody who is signed in and yet no member would find themselves here for ever: let them sign out.
        Code::FORBIDDEN => own(
            "failure-member-title",
            "failure-member-what",
            "failure-member-remedy",
            Some(format!("{base}/logout")),
        ),
        _ => {
            let fault = match code.kind {
                Kind::Missing => Fault::NotFound,
                Kind::Throttled => Fault::TooMany,
                Kind::Internal | Kind::Unavailable => Fault::Internal,
                _ => {
                    return own(
                        "fault-title",
                        "failure-request-what",
                        "failure-request-remedy",
                        home,
                    );
                }
            };
            ErrorPage::new(fault, &Brand::kith().name, home, support_id)
        }
    }
}
