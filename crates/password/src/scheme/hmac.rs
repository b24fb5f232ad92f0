//! HMAC of the password under a secret key (Auth0's custom hashes).

use super::raw::{self, PasswordEncoding};
use super::{Parsed, Scheme, Verify, never};
use crate::describe::{Facts, Strength};
use crate::digest::Digest;
use crate::params::required;
use crate::{Params, ParseError, Workspace};

pub(super) static SCHEME: Scheme = Scheme {
    name: "hmac",
    aliases: &[],
    parameters: &[
        "digest",
        "key",
        "key_encoding",
        "hash_encoding",
        "password_encoding",
    ],
    recognize: never,
    read,
};

/// An HMAC, however it was written.
pub(super) struct Verifier {
    pub(super) digest: Digest,
    pub(super) key: Vec<u8>,
    pub(super) encoding: PasswordEncoding,
    pub(super) expected: Vec<u8>,
    /// Whether the key is one per person, so that it works as a salt.
    pub(super) salted: bool,
}

impl Verify for Verifier {
    fn outcomes(&self, password: &str, _: &mut Workspace) -> Vec<Vec<u8>> {
        vec![self.digest.hmac(&self.key, &self.encoding.encode(password))]
    }

    fn expected(&self) -> &[u8] {
        &self.expected
    }

    fn facts(&self) -> Facts {
        Facts::new(Strength::Weak, self.salted).variant(self.digest.name())
    }
}

fn read(encoded: &str, params: &Params) -> Result<Parsed, ParseError> {
    let name = required(SCHEME.name, "digest", params.digest.as_ref())?;
    let digest = Digest::named(name).ok_or(ParseError::InvalidParameter {
        parameter: "digest",
        expected: "md5, sha1, sha256 or sha512",
    })?;
    let key = required(SCHEME.name, "key", params.key.as_ref())?;
    let verifier = Verifier {
        digest,
        key: raw::decode(key, params.key_encoding.as_ref(), "key", "key_encoding")?,
        encoding: PasswordEncoding::of(params)?,
        expected: raw::bytes_of(SCHEME.name, encoded, digest.len(), params)?,
        salted: false,
    };
    Ok(Parsed::new(SCHEME.name, verifier).with_params(params.clone()))
}

#[cfg(test)]
mod tests {
    use crate::{Hash, Params};

    #[test]
    fn the_key_is_needed_and_never_shown() {
        let encoded = "5ihGqOLM203e8a5YyUGCIa/Fo/AxWIoocmuR3Z/GPl4=";
        let mut params = Params {
            digest: Some("sha256".to_owned()),
            ..Params::default()
        };
        assert_eq!(
            Hash::parse("hmac", encoded, &params).unwrap_err().code(),
            "missing_parameter"
        );
        params.key = Some("shh".to_owned());
        let hash = Hash::parse("hmac", encoded, &params).unwrap();
        assert!(hash.verify("Correct-Horse_42"));
        assert!(!format!("{hash:?} {:?} {:?}", hash.params(), hash.describe()).contains("shh"));
    }
}
