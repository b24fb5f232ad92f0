//! How the person is to be asked.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::error::{ErrorCode, OAuthError};

/// A wish about the interaction (OIDC Core §3.1.2.1, Initiating User Registration 1.0 §4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prompt {
    /// Show nothing: answer from the session, or with an error.
    None,
    /// Ask again who it is.
    Login,
    /// Begin with signing up.
    Create,
    /// Ask for consent. Applications of the same business need none, so this changes nothing.
    Consent,
    /// Let the person choose an account.
    SelectAccount,
}

/// The first screen, in the words of older SDKs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StartPage {
    /// Signing in.
    Login,
    /// Signing up.
    Registration,
}

/// The screen that a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Screen {
    /// Signing in.
    SignIn,
    /// Signing up.
    SignUp,
    /// No screen at all: `prompt=none`.
    None,
}

impl Prompt {
    /// Every value, for the metadata.
    pub const ALL: &[Self] = &[
        Self::None,
        Self::Login,
        Self::Create,
        Self::Consent,
        Self::SelectAccount,
    ];

    /// The value on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Login => "login",
            Self::Create => "create",
            Self::Consent => "consent",
            Self::SelectAccount => "select_account",
        }
    }

    /// Reads a list separated by spaces.
    pub(super) fn parse(list: &str) -> Result<BTreeSet<Self>, OAuthError> {
        let mut prompts = BTreeSet::new();
        for word in list.split_ascii_whitespace() {
            // Initiating User Registration 1.0 §4.1: a value that we do not announce is refused, not skipped.
            let prompt = Self::ALL.iter().find(|prompt| prompt.as_str() == word).ok_or_else(|| {
                OAuthError::new(
                    ErrorCode::InvalidRequest,
                    "prompt must be none, or one or more of login, create, consent, select_account",
                )
            })?;
            prompts.insert(*prompt);
        }
        if prompts.contains(&Self::None) && prompts.len() > 1 {
            return Err(OAuthError::new(
                ErrorCode::InvalidRequest,
                "prompt none cannot be combined with other values",
            ));
        }
        Ok(prompts)
    }
}

impl StartPage {
    /// Anything else than the two known values says nothing.
    pub(super) fn parse(text: &str) -> Option<Self> {
        match text {
            "login" => Some(Self::Login),
            "registration" => Some(Self::Registration),
            _ => None,
        }
    }

    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Registration => "registration",
        }
    }
}
