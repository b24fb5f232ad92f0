//! Scopes: what a client asks for, and what of it a sign-in can give.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::{ErrorCode, OAuthError};

/// The scopes of a sign-in, in the order in which discovery lists them.
///
/// `offline` asks for a refresh token. The standard's own word, `offline_access`, is accepted and yields none: clients
/// of the hosted service rely on asking for both and getting what the first one means.
pub const SIGN_IN: &[&str] = &["openid", "profile", "email", "offline"];

/// A list of scopes without repetition, in the order of the request; one text with spaces on the wire.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scopes(Vec<String>);

impl Scopes {
    /// Reads a list separated by spaces. An empty text is an empty list.
    ///
    /// # Errors
    /// `invalid_scope` when a name has characters that RFC 6749 §3.3 keeps out of scopes.
    pub fn parse(text: &str) -> Result<Self, OAuthError> {
        let is_scope_character = |c: char| matches!(c, '!' | '#'..='[' | ']'..='~');
        if !text
            .chars()
            .all(|c| is_scope_character(c) || c.is_ascii_whitespace())
        {
            return Err(OAuthError::new(
                ErrorCode::InvalidScope,
                "scope has characters that no scope can have; separate names by single spaces",
            ));
        }
        Ok(text.split_ascii_whitespace().collect())
    }

    /// Whether `name` is among them, exactly.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.0.iter().any(|scope| scope == name)
    }

    /// Whether a refresh token was asked for. Only `offline` does; see [`SIGN_IN`].
    #[must_use]
    pub fn wants_refresh_token(&self) -> bool {
        self.contains("offline")
    }

    /// The part that a person's sign-in can grant: [`SIGN_IN`], without unknown names and without `offline_access`.
    #[must_use]
    pub fn granted_by_sign_in(&self) -> Self {
        self.iter()
            .filter(|scope| SIGN_IN.contains(scope))
            .collect()
    }

    /// Whether each of these is also in `other`: a refresh may narrow its scopes and never widen them (RFC 6749 §6).
    #[must_use]
    pub fn is_within(&self, other: &Self) -> bool {
        self.iter().all(|scope| other.contains(scope))
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The names, in the order of the request.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// The names as the `scp` claim lists them.
    #[must_use]
    pub fn to_vec(&self) -> Vec<String> {
        self.0.clone()
    }
}

impl<S: AsRef<str>> FromIterator<S> for Scopes {
    /// Collects names that are known to be well formed, once each.
    fn from_iter<I: IntoIterator<Item = S>>(names: I) -> Self {
        let mut scopes = Self::default();
        for name in names {
            if !scopes.contains(name.as_ref()) {
                scopes.0.push(name.as_ref().to_owned());
            }
        }
        scopes
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(" "))
    }
}

impl Serialize for Scopes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Scopes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_their_order_and_come_once() {
        let scopes = Scopes::parse("email  openid email\tprofile").unwrap();
        assert_eq!(scopes.to_string(), "email openid profile");
    }

    #[test]
    fn offline_asks_for_a_refresh_token_and_offline_access_asks_for_nothing() {
        assert!(
            Scopes::parse("openid offline")
                .unwrap()
                .wants_refresh_token()
        );
        let scopes = Scopes::parse("openid offline_access").unwrap();
        assert!(!scopes.wants_refresh_token());
        assert_eq!(scopes.granted_by_sign_in().to_string(), "openid");
    }

    #[test]
    fn names_are_case_sensitive() {
        assert!(!Scopes::parse("OpenID").unwrap().contains("openid")); // RFC 6749 §3.3
    }

    #[test]
    fn quotes_and_backslashes_and_letters_beyond_ascii_are_refused() {
        for text in ["a\"b", "a\\b", "é", "a\u{0}"] {
            assert_eq!(
                Scopes::parse(text).unwrap_err().code(),
                ErrorCode::InvalidScope
            );
        }
    }

    #[test]
    fn a_refresh_may_narrow_and_never_widen() {
        let granted = Scopes::parse("openid email").unwrap();
        assert!(Scopes::parse("openid").unwrap().is_within(&granted));
        assert!(!Scopes::parse("openid profile").unwrap().is_within(&granted));
    }

    #[test]
    fn it_is_stored_as_one_text() {
        let scopes = Scopes::parse("openid email").unwrap();
        let text = serde_json::to_string(&scopes).unwrap();
        assert_eq!(text, r#""openid email""#);
        assert_eq!(serde_json::from_str::<Scopes>(&text).unwrap(), scopes);
    }
}
