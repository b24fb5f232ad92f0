//! The hash as a value: parsed once, ready to verify, and still able to say what to store.

use std::fmt;
use std::sync::Arc;

use crate::describe::{Description, Strength};
use crate::limits::{MAX_ENCODED_BYTES, MAX_PASSWORD_BYTES};
use crate::scheme::{self, Parsed, Verify};
use crate::{Params, ParseError, Workspace};

/// A password hash that was parsed and found complete and affordable.
///
/// Cloning is cheap. Two are equal if the same would be stored for both. `Debug` shows the scheme only.
#[derive(Clone)]
pub struct Hash {
    scheme: &'static str,
    encoded: Arc<str>,
    /// Absent for the many hashes whose text says everything.
    params: Option<Arc<Params>>,
    verifier: Arc<dyn Verify>,
}

impl Hash {
    /// Reads a hash whose scheme is known, by any of the scheme's names, in any case.
    ///
    /// Forms that several schemes share are settled here: `crypt`, `wordpress` or `clerk` become the scheme that the
    /// text turns out to be, and forms whose parts come apart (`fusionauth`, `okta`) are put together. So what is
    /// stored are [`scheme`](Self::scheme), [`encoded`](Self::encoded) and [`params`](Self::params) of the outcome;
    /// parsing these again gives an equal hash.
    ///
    /// # Errors
    /// [`ParseError`], which tells what to do. Among them [`ParseError::CostOutOfBounds`] for a hash that would cost
    /// too much to check, and [`ParseError::UnexpectedParameter`] for a parameter that belongs to another scheme:
    /// ignoring it could lock the person out.
    pub fn parse(scheme: &str, encoded: &str, params: &Params) -> Result<Hash, ParseError> {
        let scheme = scheme::find(scheme)?;
        let encoded = encoded.trim();
        if encoded.len() > MAX_ENCODED_BYTES {
            return Err(ParseError::Malformed {
                scheme: scheme.name,
                problem: "it is too long",
            });
        }
        if encoded.is_empty() {
            return Err(ParseError::Malformed {
                scheme: scheme.name,
                problem: "it is empty",
            });
        }
        scheme
            .parse(encoded, params)
            .map(|parsed| Self::from_parsed(encoded, parsed))
    }

    /// Reads a hash that says itself what it is.
    ///
    /// # Errors
    /// [`ParseError::Ambiguous`] with the candidates for texts such as bare digests, which several schemes write
    /// alike; [`ParseError::NoPassword`] for the markers of locked accounts; [`ParseError::Unrecognized`]; and those of
    /// [`parse`](Self::parse).
    pub fn recognize(encoded: &str) -> Result<Hash, ParseError> {
        let scheme = scheme::recognize(encoded.trim())?;
        Self::parse(scheme.name, encoded, &Params::EMPTY)
    }

    pub(crate) fn from_parsed(encoded: &str, parsed: Parsed) -> Hash {
        Hash {
            scheme: parsed.scheme,
            encoded: parsed.encoded.map_or_else(|| encoded.into(), Into::into),
            params: (parsed.params != Params::EMPTY).then(|| Arc::new(parsed.params)),
            verifier: parsed.verifier,
        }
    }

    /// Whether the password is the one that was hashed. Slow by design: never call it on an async thread.
    ///
    /// False for the empty password and for those over [`MAX_PASSWORD_BYTES`](crate::MAX_PASSWORD_BYTES).
    #[must_use]
    pub fn verify(&self, password: &str) -> bool {
        self.verify_in(password, &mut Workspace::new())
    }

    /// As [`verify`](Self::verify), with memory that is kept from one call to the next.
    #[must_use]
    pub fn verify_in(&self, password: &str, workspace: &mut Workspace) -> bool {
        !password.is_empty()
            && password.len() <= MAX_PASSWORD_BYTES
            && scheme::verifies(&*self.verifier, password, workspace)
    }

    /// The stable name of the scheme, such as `bcrypt`, `argon2id` or `sha256`.
    #[must_use]
    pub fn scheme(&self) -> &'static str {
        self.scheme
    }

    /// The text to store.
    #[must_use]
    pub fn encoded(&self) -> &str {
        &self.encoded
    }

    /// The parameters to store beside the text: those that the scheme uses, and no other.
    #[must_use]
    pub fn params(&self) -> &Params {
        self.params.as_deref().unwrap_or(&Params::EMPTY)
    }

    /// The parts of a PBKDF2 hash, in whatever layout it came; none of a hash of another kind.
    #[must_use]
    pub fn pbkdf2(&self) -> Option<crate::Pbkdf2> {
        self.verifier.pbkdf2()
    }

    /// How well it keeps its password if it is stolen.
    #[must_use]
    pub fn strength(&self) -> Strength {
        self.verifier.facts().strength
    }

    /// How many times the function of the hash is computed to check one password: once, save where the source left open on
    /// which side a salt goes.
    #[must_use]
    pub fn verifications(&self) -> usize {
        self.verifier.readings()
    }

    /// The same password's hash with argon2id over it, if this one is [weak](Strength::Weak) and not wrapped yet. The old
    /// digest is in no part of the new hash; [`verify`](Self::verify) goes on as before.
    ///
    /// Takes as long as a native hash. The salt is 16 random bytes that were never used before.
    #[must_use]
    pub fn wrap(&self, salt: &[u8; 16], workspace: &mut Workspace) -> Option<Hash> {
        scheme::wrap(self, salt, workspace)
    }

    pub(crate) fn verifier(&self) -> &dyn Verify {
        &*self.verifier
    }

    /// What kind of hash this is and how well it protects, without any part of it.
    #[must_use]
    pub fn describe(&self) -> Description {
        Description::new(self.scheme, self.verifier.facts())
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({}, …)", self.scheme)
    }
}

impl PartialEq for Hash {
    fn eq(&self, other: &Self) -> bool {
        self.scheme == other.scheme && self.encoded == other.encoded && self.params == other.params
    }
}

impl Eq for Hash {}

#[cfg(test)]
mod tests;
