//! What a check found.

use serde::Serialize;

/// What a check found, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Finding {
    /// The check.
    pub(super) name: &'static str,
    /// How it went.
    pub(super) state: State,
    /// What was seen.
    pub(super) message: String,
    /// What to do about it.
    pub(super) remedy: Option<String>,
}

/// How a check went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum State {
    /// All is well.
    Ok,
    /// It works, and deserves a thought.
    Warning,
    /// It doesn't work.
    Failed,
}

impl Finding {
    pub(super) fn ok(name: &'static str, message: impl Into<String>) -> Self {
        Self {
            name,
            state: State::Ok,
            message: message.into(),
            remedy: None,
        }
    }

    pub(super) fn warning(
        name: &'static str,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            name,
            state: State::Warning,
            message: message.into(),
            remedy: Some(remedy.into()),
        }
    }

    pub(super) fn failed(
        name: &'static str,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            name,
            state: State::Failed,
            message: message.into(),
            remedy: Some(remedy.into()),
        }
    }
}

impl State {
    /// As people read it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Failed => "FAILED",
        }
    }
}
