//! The failures of the protocol, as clients see them.
//!
//! One shape for every endpoint: `{"error": …, "error_description": …}` in a body (RFC 6749 §5.2), or the same two as
//! query parameters of a redirect (§4.1.2.1). The code is for programs and stable; the description tells the
//! developer what to do.

use std::borrow::Cow;

use serde::{Serialize, Serializer, ser::SerializeStruct};

/// A refusal, in the shape that RFC 6749 §5.2 gives it; serializes to `error` and `error_description`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {description}")]
pub struct OAuthError {
    code: ErrorCode,
    description: Cow<'static, str>,
}

impl OAuthError {
    /// A refusal with `code`, and a sentence for the client's developer.
    ///
    /// RFC 6749 §5.2 keeps quotes, backslashes and everything outside printable ASCII out of descriptions; such
    /// characters become `'` and `?`, so that a careless message cannot break a header or a page.
    #[must_use]
    pub fn new(code: ErrorCode, description: impl Into<Cow<'static, str>>) -> Self {
        let mut description = description.into();
        if !description.chars().all(is_description_character) {
            description = description
                .chars()
                .map(printable)
                .collect::<String>()
                .into();
        }
        Self { code, description }
    }

    /// The stable code, for programs.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        self.code
    }

    /// The sentence for the client's developer: printable ASCII, without quotes and backslashes.
    #[must_use]
    pub fn description(&self) -> &str {
        &self.description
    }

    /// The HTTP status for a body with this error; redirects ignore it.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.code.status()
    }
}

impl Serialize for OAuthError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut body = serializer.serialize_struct("OAuthError", 2)?;
        body.serialize_field("error", self.code.as_str())?;
        body.serialize_field("error_description", &self.description)?;
        body.end()
    }
}

fn is_description_character(c: char) -> bool {
    matches!(c, ' '..='~') && !matches!(c, '"' | '\\')
}

fn printable(c: char) -> char {
    match c {
        '"' | '\\' => '\'',
        c if is_description_character(c) => c,
        _ => '?',
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $status:literal;)*) => {
        /// What went wrong, for programs: the `error` parameter. Stable for ever.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum ErrorCode {
            $($(#[$doc])* $name,)*
        }

        impl ErrorCode {
            /// Every code, in the order of definition.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The code as it is written on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// The HTTP status for a body with this code.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status,)* }
            }
        }
    };
}

codes! {
    /// A parameter is missing, repeated, malformed or at odds with another one (RFC 6749 §4.1.2.1, §5.2).
    InvalidRequest = "invalid_request", 400;
    /// The client is unknown, or did not prove who it is (RFC 6749 §5.2).
    InvalidClient = "invalid_client", 401;
    /// The code, refresh token or verifier is wrong, expired, used, or somebody else's (RFC 6749 §5.2).
    InvalidGrant = "invalid_grant", 400;
    /// The client may not use this grant or this audience (RFC 6749 §5.2).
    UnauthorizedClient = "unauthorized_client", 400;
    /// The grant type is not offered (RFC 6749 §5.2).
    UnsupportedGrantType = "unsupported_grant_type", 400;
    /// The response type is not offered (RFC 6749 §4.1.2.1).
    UnsupportedResponseType = "unsupported_response_type", 400;
    /// A scope is malformed, or not the client's to ask for (RFC 6749 §5.2).
    InvalidScope = "invalid_scope", 400;
    /// The person, or a rule, said no (RFC 6749 §4.1.2.1).
    AccessDenied = "access_denied", 400;
    /// Something broke on our side (RFC 6749 §4.1.2.1).
    ServerError = "server_error", 500;
    /// We cannot answer now; later may do (RFC 6749 §4.1.2.1).
    TemporarilyUnavailable = "temporarily_unavailable", 503;
    /// `prompt=none`, and nobody is signed in (OpenID Connect Core §3.1.2.6).
    LoginRequired = "login_required", 400;
    /// `prompt=none`, and a question is open that needs a page (OpenID Connect Core §3.1.2.6).
    InteractionRequired = "interaction_required", 400;
    /// Request objects are not read here (OpenID Connect Core §3.1.2.6).
    RequestNotSupported = "request_not_supported", 400;
    /// Request objects by reference are not read here (OpenID Connect Core §3.1.2.6).
    RequestUriNotSupported = "request_uri_not_supported", 400;
    /// A link in the middle of a sign-in is too old or belongs to another browser; begin again with `reauth_state`.
    LoginLinkExpired = "login_link_expired", 400;
    /// The organization that was asked for is suspended.
    OrganizationSuspended = "organization_suspended", 400;
    /// The bearer token is malformed, expired, revoked or of the wrong kind (RFC 6750 §3.1).
    InvalidToken = "invalid_token", 401;
    /// The bearer token is good, and lacks the scope (RFC 6750 §3.1).
    InsufficientScope = "insufficient_scope", 403;
    /// This kind of token cannot be revoked here (RFC 7009 §2.2.1).
    UnsupportedTokenType = "unsupported_token_type", 400;
    /// The person has not answered on the other device yet (RFC 8628 §3.5).
    AuthorizationPending = "authorization_pending", 400;
    /// The device asks too often (RFC 8628 §3.5).
    SlowDown = "slow_down", 400;
    /// The device code is too old (RFC 8628 §3.5).
    ExpiredToken = "expired_token", 400;
}

impl std::fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_body_has_the_two_fields_that_clients_read() {
        let error = OAuthError::new(ErrorCode::InvalidGrant, "the code was used before");
        let body = serde_json::to_string(&error).unwrap();
        assert_eq!(
            body,
            r#"{"error":"invalid_grant","error_description":"the code was used before"}"#
        );
    }

    #[test]
    fn a_description_cannot_carry_quotes_or_control_characters() {
        let error = OAuthError::new(ErrorCode::InvalidRequest, "bad \"name\"\r\nSet-Cookie: \\é");
        assert_eq!(error.description(), "bad 'name'??Set-Cookie: '?");
    }

    #[test]
    fn codes_are_distinct_and_statuses_are_errors() {
        let texts: HashSet<_> = ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(texts.len(), ErrorCode::ALL.len());
        assert!(
            ErrorCode::ALL
                .iter()
                .all(|code| (400..600).contains(&code.status()))
        );
    }

    #[test]
    fn a_client_that_does_not_prove_itself_gets_401() {
        assert_eq!(ErrorCode::InvalidClient.status(), 401); // RFC 6749 §5.2
    }
}
