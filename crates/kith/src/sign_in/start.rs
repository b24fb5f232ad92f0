//! Beginning a sign-in, and finding it again.

use std::time::Duration;

use db::{Error, Tx};
use oauth::authorization::{LoginHint, Screen};

use super::{Purpose, SignIn, step::Step, store};
use crate::context::Context;
use crate::http::Browser;
use crate::id::SignInId;

/// How long a sign-in may be left alone.
pub(super) const PATIENCE: Duration = Duration::from_hours(1);

/// How long afterwards it is known that it was left alone, so that the page can say so.
pub(super) const REMEMBERED: Duration = Duration::from_hours(24);

/// Begins a sign-in in this browser, which previews what the context does. Returns path and query of its first page, relative to the host.
///
/// The answer must set the browser's cookie ([`Browser::remember`]): only this browser can go on.
///
/// # Errors
/// When the database fails.
pub async fn start(
    cx: &Context,
    tx: &mut Tx,
    browser: &Browser,
    purpose: Purpose,
) -> Result<String, Error> {
    let (hint, path) = match &purpose {
        Purpose::Authorize(request) => {
            let path = if request.screen() == Screen::SignUp {
                "/register"
            } else {
                "/login"
            };
            (
                request.login_hint.as_ref().map(hint).unwrap_or_default(),
                path,
            )
        }
        Purpose::Dashboard { .. } => (String::new(), "/login"),
    };
    let sign_in = SignIn {
        id: cx.new_id(),
        purpose,
        preview: cx.preview().cloned(),
        step: Step::Identify { hint },
        revision: 0,
        browser_digest: browser.digest(),
        expires_at: cx.now() + PATIENCE,
    };
    store::insert(tx, cx, &sign_in).await?;
    Ok(sign_in.url(cx, path))
}

/// What fills in the first field.
fn hint(hint: &LoginHint) -> String {
    match hint {
        LoginHint::Email(text)
        | LoginHint::Username(text)
        | LoginHint::Phone { number: text, .. } => text.clone(),
    }
}

/// The path below the dashboard's base to which somebody returns: its home page, where the wish is no such path. Another host
/// (`//example.com`, `/\example.com`) is none.
pub(super) fn dashboard_path(return_to: &str) -> &str {
    let is_path = return_to.starts_with('/') && !return_to.starts_with("//");
    if is_path && !return_to.contains(['\\', '\n', '\r', '\t']) {
        return_to
    } else {
        "/"
    }
}

/// Why a sign-in can't go on.
#[derive(Debug, thiserror::Error)]
pub(super) enum OpenError {
    /// There is none with this id, or it has ended.
    #[error("the page belongs to no sign-in")]
    Unknown,
    /// Another browser began it.
    #[error("another browser began this sign-in")]
    OtherBrowser,
    /// It was left alone for too long.
    #[error("the sign-in was left alone for too long")]
    Expired,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] Error),
}

/// The sign-in with this id, if this browser began it and it may go on.
///
/// # Errors
/// [`OpenError`], one variant for each reason.
pub(super) async fn open(
    cx: &Context,
    tx: &mut Tx,
    browser_digest: &str,
    id: &SignInId,
) -> Result<SignIn, OpenError> {
    let sign_in = store::find(tx, cx, id).await?.ok_or(OpenError::Unknown)?;
    if sign_in.browser_digest != browser_digest {
        Err(OpenError::OtherBrowser)
    } else if sign_in.expires_at <= cx.now() {
        Err(OpenError::Expired)
    } else {
        Ok(sign_in)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dashboard_returns_to_its_own_paths_only() {
        for own in ["/", "/users", "/users?name=%2F%2Fx"] {
            assert_eq!(dashboard_path(own), own);
        }
        for other in [
            "",
            "users",
            "//example.com",
            "https://example.com",
            "/\\example.com",
            "/a\r\nb",
        ] {
            assert_eq!(dashboard_path(other), "/");
        }
    }
}
