//! Recovery codes: one-time passwords on a slip of paper, for the day the phone is lost.

use std::fmt;

use password::{Hash, Params};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A recovery code, as the former provider kept it.
#[derive(Clone, PartialEq)]
pub enum RecoveryCode {
    /// The code itself.
    Plain(String),
    /// A hash of it, of a scheme that is recognized by its form.
    Hashed(Hash),
}

/// The text is no recovery code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a recovery code is at most 64 printable characters, or a hash that says its scheme")]
pub struct InvalidRecoveryCode;

/// How a hashed one is written as JSON; a plain one is a string.
#[derive(Serialize, Deserialize)]
struct Hashed {
    scheme: String,
    encoded: String,
    #[serde(default, skip_serializing_if = "is_nothing")]
    params: Params,
}

impl RecoveryCode {
    /// The code in `text`; a hash of one if it has the form of a hash that says its scheme, such as `$2a$…`.
    ///
    /// # Errors
    ///
    /// When it is empty, too long for a code that somebody types, or has control characters.
    pub fn parse(text: &str) -> Result<Self, InvalidRecoveryCode> {
        let text = text.trim();
        if text.starts_with('$') {
            return Hash::recognize(text)
                .map(Self::Hashed)
                .map_err(|_| InvalidRecoveryCode);
        }
        let is_typed = !text.is_empty() && text.len() <= 64 && !text.chars().any(char::is_control);
        if is_typed {
            Ok(Self::Plain(text.to_owned()))
        } else {
            Err(InvalidRecoveryCode)
        }
    }

    /// What [`to_json`](Self::to_json) gave.
    ///
    /// # Errors
    ///
    /// When it is of another form, or the hash cannot be checked.
    pub fn from_json(value: &Value) -> Result<Self, InvalidRecoveryCode> {
        if let Value::String(code) = value {
            return Self::parse(code);
        }
        let hashed = Hashed::deserialize(value).map_err(|_| InvalidRecoveryCode)?;
        Self::hashed(&hashed.scheme, &hashed.encoded, &hashed.params)
            .map_err(|_| InvalidRecoveryCode)
    }

    /// The code, or the parts of its hash, as JSON.
    #[must_use]
    pub fn to_json(&self) -> Value {
        match self {
            Self::Plain(code) => code.as_str().into(),
            Self::Hashed(hash) => {
                let hashed = Hashed {
                    scheme: hash.scheme().to_owned(),
                    encoded: hash.encoded().to_owned(),
                    params: hash.params().clone(),
                };
                serde_json::to_value(hashed).unwrap_or_default()
            }
        }
    }

    /// A hash of a code, of the scheme that the source names.
    ///
    /// # Errors
    ///
    /// When it is not of that scheme.
    pub fn hashed(
        scheme: &str,
        encoded: &str,
        params: &Params,
    ) -> Result<Self, password::ParseError> {
        Hash::parse(scheme, encoded, params).map(Self::Hashed)
    }
}

fn is_nothing(params: &Params) -> bool {
    *params == Params::default()
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plain(_) => f.write_str("RecoveryCode(…)"),
            Self::Hashed(hash) => write!(f, "RecoveryCode({} …)", hash.scheme()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_plain_or_says_its_scheme_and_is_never_printed() {
        let plain = RecoveryCode::parse(" abcd-efgh ").unwrap();
        assert_eq!(plain, RecoveryCode::Plain("abcd-efgh".to_owned()));
        assert_eq!(format!("{plain:?}"), "RecoveryCode(…)");
        let hashed =
            RecoveryCode::parse("$2b$04$abcdefghijklmnopqrstuusdRCN/1WmgUHC4msDXrQGy7cAU8.Va.")
                .unwrap();
        assert_eq!(format!("{hashed:?}"), "RecoveryCode(bcrypt …)");
    }

    #[test]
    fn json_keeps_a_code_as_it_is() {
        let mut salted = Params::default();
        salted.set("salt", "s4lty").unwrap();
        salted.set("salt_position", "prefix").unwrap();
        let digest = "641667a22c9dec5d6159b514a0d9c702";
        for code in [
            RecoveryCode::parse("abcd-efgh").unwrap(),
            RecoveryCode::hashed("md5", digest, &salted).unwrap(),
        ] {
            assert_eq!(RecoveryCode::from_json(&code.to_json()), Ok(code));
        }
        assert_eq!(
            RecoveryCode::from_json(&Value::Null),
            Err(InvalidRecoveryCode)
        );
    }

    #[test]
    fn what_nobody_types_is_no_code() {
        for text in ["", "  ", "a\nb", &"x".repeat(65), "$9$unknown"] {
            assert_eq!(RecoveryCode::parse(text), Err(InvalidRecoveryCode));
        }
    }
}
