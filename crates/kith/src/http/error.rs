//! The one answer for failures.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::error::{Code, Coded, Kind};

/// What a handler answers, or why not.
pub type Result<T, E = Failure> = std::result::Result<T, E>;

/// A failure on its way out: a code for programs, a sentence for people. The cause is logged, never sent.
#[derive(Debug)]
pub struct Failure {
    /// The stable code.
    pub code: Code,
    /// What went wrong and what to do, for the caller.
    pub message: String,
    /// Seconds after which a throttled caller may come back.
    pub retry_after: Option<u64>,
    cause: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Failure {
    /// A failure that has no other cause.
    #[must_use]
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            retry_after: None,
            cause: None,
        }
    }

    /// The same failure, telling when to come back.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// The status of the code's kind.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self.code.kind {
            Kind::Invalid if self.code == Code::METHOD_NOT_ALLOWED => {
                StatusCode::METHOD_NOT_ALLOWED
            }
            Kind::Invalid => StatusCode::BAD_REQUEST,
            Kind::Unauthenticated => StatusCode::UNAUTHORIZED,
            Kind::Denied => StatusCode::FORBIDDEN,
            Kind::Missing => StatusCode::NOT_FOUND,
            Kind::Conflict => StatusCode::CONFLICT,
            Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Kind::Throttled => StatusCode::TOO_MANY_REQUESTS,
            Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// Logs what is our own fault, with its cause. Called once, where the answer is made.
    pub fn log(&self) {
        if matches!(self.code.kind, Kind::Internal | Kind::Unavailable) {
            let cause = self.cause.as_deref().map(chain).unwrap_or_default();
            tracing::error!(
                code = self.code.name,
                cause,
                "a request failed: {}",
                self.message
            );
        }
    }

    /// Adds the headers that tell a throttled caller when to come back.
    pub fn add_headers(&self, response: &mut Response) {
        if let Some(seconds) = self.retry_after {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            response
                .headers_mut()
                .insert("ratelimit-reset", HeaderValue::from(seconds));
        }
    }
}

/// An error and its causes, in one line.
fn chain(error: &(dyn std::error::Error + Send + Sync + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

impl<E: Coded> From<E> for Failure {
    fn from(error: E) -> Self {
        let code = error.code();
        // What is our fault is no concern of the caller, and might tell more than it should.
        let message = match code.kind {
            Kind::Internal => {
                "something failed on our side; try again, and tell us if it happens again"
                    .to_owned()
            }
            Kind::Unavailable => {
                "the service is not available right now; try again in a moment".to_owned()
            }
            _ => error.to_string(),
        };
        let retry_after = matches!(code.kind, Kind::Throttled | Kind::Unavailable).then_some(2);
        Self {
            code,
            message,
            retry_after,
            cause: Some(Box::new(error)),
        }
    }
}

/// Rides on the answer that tells a failure, so that a layer above can tell it in another way: as a page, where people look at
/// it.
#[derive(Debug, Clone, Copy)]
pub struct Told(pub Code);

/// The management API's shape: `{"errors":[{"code","message"}]}`.
impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        self.log();
        let body =
            json!({"errors": [{"code": self.code.name.to_uppercase(), "message": self.message}]});
        let mut response = (self.status(), axum::Json(body)).into_response();
        self.add_headers(&mut response);
        response.extensions_mut().insert(Told(self.code));
        response
    }
}
