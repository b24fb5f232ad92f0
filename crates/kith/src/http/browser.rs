//! The browser-trust cookie and the CSRF tokens that hang on it.
//!
//! The first hosted page gives a browser a random token in a cookie. Two promises rest on it: a sign-in can go on only in
//! the browser that began it (error 8809 elsewhere), and a form counts only if it was made for the browser that sends it: its
//! CSRF token is an HMAC of the cookie, so there is nothing to store. On top, a browser that says that a form was sent by
//! another site is believed (`Sec-Fetch-Site`, `Origin`).

use aws_lc_rs::hmac;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use subtle::ConstantTimeEq as _;

use super::body::Form;
use super::error::Failure;
use crate::context::Context;
use crate::error::Code;
use crate::secret::Secret;

/// The browser that sent a request, known by its trust cookie.
pub struct Browser {
    token: Secret,
    is_new: bool,
    csrf: String,
    /// What `Sec-Fetch-Site` and `Origin` say.
    is_cross_site: bool,
    cookie: String,
    is_https: bool,
}

impl Browser {
    /// SHA-256 of the trust token: what a sign-in keeps to recognize its browser.
    #[must_use]
    pub fn digest(&self) -> String {
        self.token.digest()
    }

    /// The CSRF token for this browser's forms.
    #[must_use]
    pub fn csrf(&self) -> &str {
        &self.csrf
    }

    /// Whether the form was made for this browser and sent from our own page.
    ///
    /// # Errors
    /// [`Code::CSRF_MISMATCH`] otherwise; nothing may have changed before this was asked.
    pub fn check(&self, form: &Form) -> Result<(), Failure> {
        self.check_token(form.raw("csrf"))
    }

    /// [`Browser::check`] for forms that aren't URL-encoded: the token by itself.
    ///
    /// # Errors
    /// As [`Browser::check`].
    pub fn check_token(&self, token: &str) -> Result<(), Failure> {
        let matches: bool = self.csrf.as_bytes().ct_eq(token.as_bytes()).into();
        if matches && !self.is_new && !self.is_cross_site {
            return Ok(());
        }
        Err(Failure::new(
            Code::CSRF_MISMATCH,
            "this form was made for another browser or has expired; reload the page and try again",
        ))
    }

    /// Sets the trust cookie on the answer where the browser had none.
    pub fn remember(&self, response: &mut Response) {
        if self.is_new {
            add_cookie(
                response,
                &cookie(&self.cookie, self.token.reveal(), self.is_https, None),
            );
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Browser {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let cx = Context::from_request_parts(parts, state).await?;
        let name = cookie_name(&cx, "browser");
        let sent = read_cookie(&parts.headers, &name).filter(|token| token.len() == 64);
        let is_new = sent.is_none();
        let token = sent.map_or_else(|| cx.random_token(), Secret::new);
        let key = hmac::Key::new(hmac::HMAC_SHA256, token.reveal().as_bytes());
        let csrf = hex::encode(hmac::sign(
            &key,
            format!("csrf:{}", cx.environment().id).as_bytes(),
        ));
        Ok(Self {
            is_cross_site: is_cross_site(&parts.headers, &cx.environment().base_url),
            is_https: cx.environment().is_https(),
            cookie: name,
            token,
            is_new,
            csrf,
        })
    }
}

/// The full name of one of our cookies: bound to the host (RFC 6265bis §4.1.3.2) where there is TLS, and one an environment,
/// since two may share a host.
#[must_use]
pub fn cookie_name(cx: &Context, purpose: &str) -> String {
    let prefix = if cx.environment().is_https() {
        "__Host-"
    } else {
        ""
    };
    let suffix = if cx.environment().is_team() {
        "_team"
    } else {
        ""
    };
    format!("{prefix}kith_{purpose}{suffix}")
}

/// A cookie's value.
#[must_use]
pub fn read_cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(found, _)| *found == name)
        .map(|(_, value)| value.to_owned())
}

/// A `Set-Cookie` value: HTTP-only, for the whole host, same-site. `max_age` in seconds; without it the cookie ends with the browser.
///
/// `SameSite` is Lax, not Strict: a person who comes back from an application's link must still be recognized, and every change
/// is guarded by a CSRF token.
#[must_use]
pub fn cookie(name: &str, value: &str, is_https: bool, max_age: Option<u64>) -> String {
    let secure = if is_https { "; Secure" } else { "" };
    let age = max_age
        .map(|seconds| format!("; Max-Age={seconds}"))
        .unwrap_or_default();
    format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}")
}

/// Adds a `Set-Cookie` header.
pub fn add_cookie(response: &mut Response, cookie: &str) {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

/// Whether the browser says that another site sent this. Silence is no proof either way; the token decides then.
fn is_cross_site(headers: &HeaderMap, base_url: &str) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return !matches!(site, "same-origin" | "none");
    }
    let scheme_end = base_url.find("://").map_or(0, |at| at + 3);
    let origin_end = base_url[scheme_end..]
        .find('/')
        .map_or(base_url.len(), |at| scheme_end + at);
    text("origin").is_some_and(|origin| origin != &base_url[..origin_end])
}
