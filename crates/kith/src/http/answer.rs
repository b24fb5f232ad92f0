//! The management API's envelope.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

/// It worked: `{"message": "Success", "code": "OK"}`, alone or around a result (`#[serde(flatten)]`).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Success {
    /// A sentence for people.
    #[schema(example = "Success", value_type = String)]
    pub message: &'static str,
    /// A code for programs.
    #[schema(example = "OK", value_type = String)]
    pub code: &'static str,
}

impl Success {
    /// Success with a code of its own.
    #[must_use]
    pub const fn new(code: &'static str, message: &'static str) -> Self {
        Self { message, code }
    }
}

impl Default for Success {
    fn default() -> Self {
        Self::new("OK", "Success")
    }
}

/// A JSON answer with status 201.
pub struct Created<T>(pub T);

impl<T: Serialize> IntoResponse for Created<T> {
    fn into_response(self) -> Response {
        (StatusCode::CREATED, axum::Json(self.0)).into_response()
    }
}
