//! PBKDF2 (RFC 8018) with salt, variant and iterations in fields of their own, as FusionAuth stores it and Kinde
//! takes it. The other ways of writing PBKDF2 share the verifier that is here.

use super::{Parsed, Scheme, Verify, delegate, malformed, never, pbkdf2_strings};
use crate::describe::{Facts, Strength};
use crate::digest::Digest;
use crate::encoding::base64;
use crate::params::required;
use crate::{Params, ParseError, Pbkdf2, Workspace, limits};

pub(super) static SCHEME: Scheme = Scheme {
    name: "pbkdf2",
    aliases: &[],
    parameters: &["salt", "variant", "iterations"],
    recognize: never,
    read,
};

/// 24,000 iterations where none are given: FusionAuth's factor for these schemes.
const DEFAULT_ITERATIONS: u64 = 24_000;

/// A PBKDF2 hash, however it was written.
pub(super) struct Verifier {
    digest: Digest,
    iterations: u32,
    salt: Vec<u8>,
    key: Vec<u8>,
}

impl Verifier {
    /// Checks the costs and prepares. The length of the key is the length to derive.
    pub(super) fn new(
        scheme: &'static str,
        digest: Digest,
        iterations: u64,
        salt: Vec<u8>,
        key: Vec<u8>,
    ) -> Result<Self, ParseError> {
        limits::check(scheme, "iterations", iterations, &limits::PBKDF2_ITERATIONS)?;
        limits::check(scheme, "bytes of key", key.len() as u64, &limits::KEY_BYTES)?;
        let iterations = u32::try_from(iterations).expect("they are within bounds");
        Ok(Self {
            digest,
            iterations,
            salt,
            key,
        })
    }
}

impl Verify for Verifier {
    fn outcomes(&self, password: &str, _: &mut Workspace) -> Vec<Vec<u8>> {
        vec![self.digest.pbkdf2(
            password.as_bytes(),
            &self.salt,
            self.iterations,
            self.key.len(),
        )]
    }

    fn expected(&self) -> &[u8] {
        &self.key
    }

    fn facts(&self) -> Facts {
        // OWASP Password Storage Cheat Sheet, 2023. A shorter digest is a cheaper round for the attacker.
        let strong = match self.digest {
            Digest::Sha512 | Digest::Sha384 => 210_000,
            Digest::Sha256 | Digest::Sha224 => 600_000,
            Digest::Sha1 => 1_300_000,
            Digest::Md4 | Digest::Md5 => u64::MAX,
        };
        Facts::new(
            Strength::by_cost(self.iterations.into(), 10_000, strong),
            !self.salt.is_empty(),
        )
        .variant(format!("hmac-{}", self.digest.name()))
        .with("iterations", self.iterations)
        .with("key_bytes", self.key.len())
    }

    fn pbkdf2(&self) -> Option<Pbkdf2> {
        Some(Pbkdf2 {
            digest: self.digest.name(),
            iterations: self.iterations,
            salt: self.salt.clone(),
            key: self.key.clone(),
        })
    }
}

fn read(encoded: &str, params: &Params) -> Result<Parsed, ParseError> {
    // Auth0 calls its strings by this name, too.
    if let Some(parsed) = delegate(encoded, &[&pbkdf2_strings::PASSLIB, &pbkdf2_strings::PHC]) {
        return parsed;
    }
    let salt = required(SCHEME.name, "salt", params.salt.as_ref())?;
    let salt = base64(salt.trim()).ok_or(ParseError::InvalidParameter {
        parameter: "salt",
        expected: "base64",
    })?;
    let (digest, length) = match required(SCHEME.name, "variant", params.variant.as_ref())? {
        "salted-pbkdf2-hmac-sha256" => (Digest::Sha256, 32),
        "salted-pbkdf2-hmac-sha256-512" => (Digest::Sha256, 64),
        "salted-pbkdf2-hmac-sha512-512" => (Digest::Sha512, 64),
        _ => {
            return Err(ParseError::InvalidParameter {
                parameter: "variant",
                expected: "salted-pbkdf2-hmac-sha256, salted-pbkdf2-hmac-sha256-512 or salted-pbkdf2-hmac-sha512-512",
            });
        }
    };
    let key = base64(encoded).ok_or(malformed(SCHEME.name, "it is not base64"))?;
    if key.len() != length {
        return Err(malformed(
            SCHEME.name,
            "it has not the length of its variant",
        ));
    }
    let iterations = params.iterations.unwrap_or(DEFAULT_ITERATIONS);
    let verifier = Verifier::new(SCHEME.name, digest, iterations, salt, key)?;
    Ok(Parsed::new(SCHEME.name, verifier).with_params(params.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Hash;

    fn params() -> Params {
        Params {
            salt: Some("QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8=".to_owned()),
            variant: Some("salted-pbkdf2-hmac-sha256".to_owned()),
            ..Params::default()
        }
    }

    fn code(params: &Params) -> &'static str {
        Hash::parse(
            "pbkdf2",
            "Mdi6v9CEccLjrIT6k3tK/IMgLZPvgGBEeA7YIllcy8c=",
            params,
        )
        .unwrap_err()
        .code()
    }

    #[test]
    fn salt_and_variant_are_needed_and_iterations_bounded() {
        assert_eq!(
            code(&Params {
                salt: None,
                ..params()
            }),
            "missing_parameter"
        );
        assert_eq!(
            code(&Params {
                variant: None,
                ..params()
            }),
            "missing_parameter"
        );
        assert_eq!(
            code(&Params {
                variant: Some("sha256".to_owned()),
                ..params()
            }),
            "invalid_parameter"
        );
        assert_eq!(
            code(&Params {
                salt: Some("not base64!".to_owned()),
                ..params()
            }),
            "invalid_parameter"
        );
        assert_eq!(
            code(&Params {
                iterations: Some(5_000_001),
                ..params()
            }),
            "cost_out_of_bounds"
        );
        assert_eq!(
            code(&Params {
                iterations: Some(0),
                ..params()
            }),
            "cost_out_of_bounds"
        );
        assert_eq!(
            code(&Params {
                rounds: Some(8),
                ..params()
            }),
            "unexpected_parameter"
        );
        let long = Params {
            variant: Some("salted-pbkdf2-hmac-sha256-512".to_owned()),
            ..params()
        };
        assert_eq!(code(&long), "malformed_hash");
    }
}
