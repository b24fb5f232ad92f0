//! Failures as programs see them (RFC 6749 §5.2, RFC 6750 §3).

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use oauth::{ErrorCode, OAuthError};

use crate::error::Coded;
use crate::http::Failure;
use crate::tokens::{GrantError, TokenError};
use crate::workflows::FireError;

/// A refusal on its way out: `{"error": …, "error_description": …}`.
#[derive(Debug)]
pub(super) struct OAuthFailure {
    status: StatusCode,
    error: OAuthError,
    challenge: Option<Challenge>,
}

/// How the caller should have proved itself.
#[derive(Debug, Clone, Copy)]
enum Challenge {
    Basic,
    Bearer,
}

impl OAuthFailure {
    /// A refusal with this code, and what to do.
    pub(super) fn new(code: ErrorCode, description: impl Into<String>) -> Self {
        OAuthError::new(code, description.into()).into()
    }

    /// The endpoint takes another method.
    pub(super) fn method_not_allowed() -> Self {
        Self {
            status: StatusCode::METHOD_NOT_ALLOWED,
            ..Self::new(
                ErrorCode::InvalidRequest,
                "this address takes another method; see the API's documentation",
            )
        }
    }

    /// Whoever sent no good bearer token hears how to send one (RFC 6750 §3).
    pub(super) fn bearer(description: impl Into<String>) -> Self {
        Self {
            challenge: Some(Challenge::Bearer),
            ..Self::new(ErrorCode::InvalidToken, description)
        }
    }

    /// A client that tried the header hears that it is the header that was wrong (RFC 6749 §5.2).
    pub(super) fn with_basic_challenge(mut self) -> Self {
        if self.status == StatusCode::UNAUTHORIZED {
            self.challenge = Some(Challenge::Basic);
        }
        self
    }

    /// Our own fault: logged with its cause, told without it.
    pub(super) fn internal(error: impl Coded) -> Self {
        let failure = Failure::from(error);
        failure.log();
        let code = if failure.status() == StatusCode::SERVICE_UNAVAILABLE {
            ErrorCode::TemporarilyUnavailable
        } else {
            ErrorCode::ServerError
        };
        Self::new(code, failure.message)
    }
}

impl From<OAuthError> for OAuthFailure {
    fn from(error: OAuthError) -> Self {
        Self {
            status: StatusCode::from_u16(error.status()).unwrap_or(StatusCode::BAD_REQUEST),
            error,
            challenge: None,
        }
    }
}

impl From<GrantError> for OAuthFailure {
    fn from(error: GrantError) -> Self {
        match error {
            GrantError::Refused(error) => error.into(),
            GrantError::Workflow(FireError::Busy(busy)) => {
                Self::new(ErrorCode::TemporarilyUnavailable, busy.to_string())
            }
            GrantError::Workflow(
                FireError::Stopped { workflow, .. } | FireError::TooDeep { workflow },
            ) => {
                let number = FireError::STOPPED;
                let what = format!(
                    "the workflow {workflow} failed, and no tokens are given then ({number}); see its runs"
                );
                Self::new(ErrorCode::ServerError, what)
            }
            error => Self::internal(error),
        }
    }
}

impl From<TokenError> for OAuthFailure {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Keys(error) => Self::internal(error),
            TokenError::Db(error) => Self::internal(error),
            error => Self::bearer(error.to_string()),
        }
    }
}

impl From<db::Error> for OAuthFailure {
    fn from(error: db::Error) -> Self {
        // What a client sends may hold what no database can keep.
        if matches!(error, db::Error::NulInText) {
            return Self::new(
                ErrorCode::InvalidRequest,
                "a parameter holds a NUL character",
            );
        }
        Self::internal(error)
    }
}

impl IntoResponse for OAuthFailure {
    fn into_response(self) -> Response {
        let mut response = (self.status, axum::Json(&self.error)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
        let challenge = match self.challenge {
            None => return response,
            Some(Challenge::Basic) => HeaderValue::from_static("Basic realm=\"oauth2\""),
            Some(Challenge::Bearer) => {
                let error = self.error.code();
                let text = format!("Bearer realm=\"oauth2\", error=\"{error}\"");
                HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("Bearer"))
            }
        };
        headers.insert(header::WWW_AUTHENTICATE, challenge);
        response
    }
}
