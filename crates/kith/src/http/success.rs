//! What every success of the management API says.

use serde::Serialize;
use utoipa::ToSchema;

/// A success. Answers that carry something flatten this beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Success {
    /// For programs.
    #[schema(example = "OK")]
    pub code: &'static str,
    /// For people.
    #[schema(example = "Success")]
    pub message: &'static str,
}

impl Success {
    /// It is done.
    pub const OK: Self = Self {
        code: "OK",
        message: "Success",
    };
}
