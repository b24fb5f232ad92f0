//! Words that several screens need.

use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;

use crate::credentials::password::PolicyError;
use crate::pages::Message;

/// Why a password may not be one.
#[must_use]
pub fn password(error: PolicyError) -> Message {
    match error {
        PolicyError::TooShort => Message::new("choose-password-error-short"),
        PolicyError::TooLong => Message::new("choose-password-error-long").with(
            "limit",
            u64::try_from(::password::MAX_PASSWORD_BYTES).unwrap_or(u64::MAX),
        ),
        PolicyError::TooCommon => Message::new("choose-password-error-common"),
    }
}

/// The language that the browser names first.
pub(super) fn language(headers: &HeaderMap) -> String {
    let header = headers
        .get(ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok());
    let first = header.and_then(|value| value.split([',', ';']).next());
    first.unwrap_or_default().trim().to_owned()
}
