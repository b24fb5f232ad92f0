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
    let (cx, language) = (
        parts.extensions.get::<Context>().cloned(),
        words::language(&parts.headers),
    );
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
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, when.clone());
    }
    response
}

fn page(cx: &Context, code: Code, support_id: String) -> ErrorPage {
    let base = cx.environment().base_path();
    let home = Some(format!("{base}/"));
    let fault = match code {
        Code::CSRF_MISMATCH => Fault::StaleForm,
        // Whoever is signed in and yet no member would come back here for ever: let them sign out.
        Code::FORBIDDEN => {
            let sign_out = Some(format!("{base}/logout"));
            return ErrorPage::new(Fault::Denied, &Brand::kith().name, sign_out, support_id);
        }
        Code::SETUP_LINK_INVALID => {
            return told_so(
                [
                    "failure-link-title",
                    "failure-link-what",
                    "failure-link-remedy",
                ],
                home,
                support_id,
            );
        }
        code => match code.kind {
            Kind::Missing => Fault::NotFound,
            Kind::Throttled => Fault::TooMany,
            Kind::Internal | Kind::Unavailable => Fault::Internal,
            _ => {
                return told_so(
                    [
                        "fault-title",
                        "failure-request-what",
                        "failure-request-remedy",
                    ],
                    home,
                    support_id,
                );
            }
        },
    };
    ErrorPage::new(fault, &Brand::kith().name, home, support_id)
}

/// A page with words of the dashboard's own: title, what happened, what to do.
fn told_so(words: [&'static str; 3], restart_url: Option<String>, support_id: String) -> ErrorPage {
    let [title, what, remedy] = words.map(Message::new);
    ErrorPage {
        reason: None,
        code: None,
        title,
        what,
        remedy,
        restart_url,
        support_id,
    }
}
