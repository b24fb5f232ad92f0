//! What was just done, told once on the next page: the way from a form's answer to the page after the redirect.
//!
//! The notice travels in a cookie, sealed, so that nobody can put words of theirs on our pages.

use axum::http::HeaderMap;
use axum::response::Response;

use crate::context::Context;
use crate::http::browser::{add_cookie, cookie, cookie_name, read_cookie};
use crate::pages::Notice;

/// What the cookie is called and sealed for.
const PURPOSE: &str = "notice";

/// Seconds in which the next page must be asked for.
const LIFETIME: u64 = 60;

/// Tells it on the next page.
pub(super) fn remember(team: &Context, response: &mut Response, notice: &Notice) {
    if let Ok(text) = serde_json::to_string(notice) {
        set(team, response, &team.seal(PURPOSE, &text), LIFETIME);
    }
}

/// What the next page tells; none when there is nothing, or when it is not ours.
pub(super) fn read(team: &Context, headers: &HeaderMap) -> Option<Notice> {
    let sealed = read_cookie(headers, &cookie_name(team, PURPOSE))?;
    let text = team.sealer().open(PURPOSE, &sealed).ok()?;
    serde_json::from_slice(&text).ok()
}

/// It was told.
pub(super) fn forget(team: &Context, response: &mut Response) {
    set(team, response, "", 0);
}

fn set(team: &Context, response: &mut Response, value: &str, seconds: u64) {
    let is_https = team.environment().is_https();
    add_cookie(
        response,
        &cookie(&cookie_name(team, PURPOSE), value, is_https, Some(seconds)),
    );
}
