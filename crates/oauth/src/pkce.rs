//! Proof Key for Code Exchange (RFC 7636): whoever redeems a code is whoever asked for it.
//!
//! Only `S256`. The `plain` method protects nobody whose request can be read, and RFC 9700 §2.1.1 tells servers how a
//! downgrade looks: a verifier for a request without challenge, or a challenge whose verifier never comes. [`check`]
//! refuses both.

use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use subtle::ConstantTimeEq;

use crate::{
    error::{ErrorCode, OAuthError},
    secret::Secret,
};

/// What a client committed to at the start: the SHA-256 of a verifier that only it knows. Not secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge([u8; 32]);

/// What a client shows when it redeems the code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verifier(Secret);

/// Why a challenge or a verifier cannot be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PkceError {
    /// Not 32 bytes in base64url.
    #[error("code_challenge must be the base64url of a SHA-256, 43 characters without padding")]
    Challenge,
    /// Not 43 to 128 unreserved characters.
    #[error("code_verifier must be 43 to 128 letters, digits, or one of - . _ ~")]
    Verifier,
}

impl Challenge {
    /// Reads the `code_challenge` of a request whose method is `S256` (RFC 7636 §4.2).
    ///
    /// # Errors
    /// [`PkceError::Challenge`] unless it is exactly 32 bytes in base64url without padding.
    pub fn parse(text: &str) -> Result<Self, PkceError> {
        let bytes = URL_SAFE_NO_PAD
            .decode(text)
            .map_err(|_| PkceError::Challenge)?;
        bytes.try_into().map(Self).map_err(|_| PkceError::Challenge)
    }

    /// Whether `verifier` is the one that this was made from. Compares in constant time.
    #[must_use]
    pub fn verify(&self, verifier: &Verifier) -> bool {
        self.0.ct_eq(&verifier.challenge().0).into()
    }
}

impl fmt::Display for Challenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl Serialize for Challenge {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Challenge {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

impl Verifier {
    /// Reads the `code_verifier` of a token request (RFC 7636 §4.1).
    ///
    /// # Errors
    /// [`PkceError::Verifier`] unless it is 43 to 128 unreserved characters.
    pub fn parse(text: &str) -> Result<Self, PkceError> {
        let is_unreserved =
            |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'.' | b'_' | b'~');
        if (43..=128).contains(&text.len()) && text.bytes().all(is_unreserved) {
            Ok(Self(Secret::new(text)))
        } else {
            Err(PkceError::Verifier)
        }
    }

    /// The challenge that a client sends for this verifier: its SHA-256 (RFC 7636 §4.2).
    #[must_use]
    pub fn challenge(&self) -> Challenge {
        let hash = digest(&SHA256, self.0.expose().as_bytes());
        let mut bytes = [0; 32];
        bytes.copy_from_slice(hash.as_ref());
        Challenge(bytes)
    }
}

/// Decides whether a redemption belongs to the request that began it.
///
/// Neither a challenge nor a verifier is fine here: whether the client had to send one was decided at authorization.
///
/// # Errors
/// `invalid_grant` when the verifier is wrong, missing, or was never announced (RFC 7636 §4.6, RFC 9700 §4.8.2).
pub fn check(challenge: Option<&Challenge>, verifier: Option<&Verifier>) -> Result<(), OAuthError> {
    let refusal = match (challenge, verifier) {
        (None, None) => return Ok(()),
        (Some(challenge), Some(verifier)) if challenge.verify(verifier) => return Ok(()),
        (Some(_), Some(_)) => "code_verifier does not belong to the code_challenge of this code",
        (Some(_), None) => "code_verifier is missing; the code was requested with a code_challenge",
        (None, Some(_)) => {
            "code_verifier was sent for a code that was requested without a code_challenge"
        }
    };
    Err(OAuthError::new(ErrorCode::InvalidGrant, refusal))
}

#[cfg(test)]
mod tests {
    use super::*;

    // RFC 7636, Appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn the_vector_of_the_standard_verifies() {
        let verifier = Verifier::parse(VERIFIER).unwrap();
        assert_eq!(verifier.challenge().to_string(), CHALLENGE);
        assert!(Challenge::parse(CHALLENGE).unwrap().verify(&verifier));
    }

    #[test]
    fn a_verifier_has_43_to_128_unreserved_characters() {
        for (text, good) in [
            ("a".repeat(42), false),
            ("a".repeat(43), true),
            ("a".repeat(128), true),
            ("a".repeat(129), false),
            ("-._~".repeat(11), true),
            (format!("{}+", "a".repeat(43)), false),
            (format!("{}é", "a".repeat(43)), false),
        ] {
            assert_eq!(Verifier::parse(&text).is_ok(), good, "{text}");
        }
    }

    #[test]
    fn a_challenge_is_32_bytes_in_base64url_without_padding() {
        for text in [
            "",
            "E9Melhoa",
            &CHALLENGE.replace('-', "+"),
            &format!("{CHALLENGE}="),
            &CHALLENGE[1..],
        ] {
            assert_eq!(Challenge::parse(text), Err(PkceError::Challenge), "{text}");
        }
    }

    #[test]
    fn another_verifier_fails_and_so_does_each_downgrade() {
        let challenge = Challenge::parse(CHALLENGE).unwrap();
        let right = Verifier::parse(VERIFIER).unwrap();
        let wrong = Verifier::parse(&"a".repeat(43)).unwrap();
        assert!(check(Some(&challenge), Some(&right)).is_ok());
        assert!(check(None, None).is_ok());
        for (challenge, verifier) in [
            (Some(&challenge), Some(&wrong)),
            (Some(&challenge), None),
            (None, Some(&right)),
        ] {
            let error = check(challenge, verifier).unwrap_err();
            assert_eq!(error.code(), ErrorCode::InvalidGrant);
        }
    }

    #[test]
    fn a_verifier_never_shows_in_debug_output() {
        let verifier = Verifier::parse(VERIFIER).unwrap();
        assert!(!format!("{verifier:?}").contains("dBjft"));
    }

    #[test]
    fn a_challenge_is_stored_as_it_was_sent() {
        let challenge = Challenge::parse(CHALLENGE).unwrap();
        let text = serde_json::to_string(&challenge).unwrap();
        assert_eq!(text, format!("\"{CHALLENGE}\""));
        assert_eq!(serde_json::from_str::<Challenge>(&text).unwrap(), challenge);
    }
}
