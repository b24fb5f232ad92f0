//! FusionAuth: hash, salt, factor and the name of the scheme in fields of their own.
//!
//! PBKDF2 and bcrypt are put together as their schemes write them. What is FusionAuth's own is here: digests that are
//! applied *factor* times, and HMAC with the salt as its key.

use super::bcrypt::Digest as Bcrypt;
use super::raw::PasswordEncoding;
use super::{Parsed, Scheme, Verify, bcrypt, hmac, malformed, never, pbkdf2};
use crate::describe::{Facts, Strength};
use crate::digest::Digest;
use crate::encoding::base64;
use crate::params::required;
use crate::{Params, ParseError, Workspace, limits};

pub(super) static SCHEME: Scheme = Scheme {
    name: "fusionauth",
    aliases: &[],
    parameters: &["encryption_scheme", "salt", "factor", "iterations"],
    recognize: never,
    read,
};

macro_rules! schemes {
    ($($static:ident $name:literal $read:expr;)+) => {
        $(pub(super) static $static: Scheme = Scheme {
            name: $name,
            aliases: &[],
            parameters: &["salt", "factor", "iterations"],
            recognize: never,
            read: $read,
        };)+
    };
}

schemes! {
    SALTED_MD5 "salted-md5" |encoded, params| read_rounds(&SALTED_MD5, Digest::Md5, false, encoded, params);
    SALTED_SHA256 "salted-sha256" |encoded, params| read_rounds(&SALTED_SHA256, Digest::Sha256, false, encoded, params);
    PHPASS_MD5 "phpass-md5" |encoded, params| read_rounds(&PHPASS_MD5, Digest::Md5, true, encoded, params);
    PHPASS_SHA512 "phpass-sha512" |encoded, params| read_rounds(&PHPASS_SHA512, Digest::Sha512, true, encoded, params);
    SALTED_HMAC_SHA256 "salted-hmac-sha256" read_hmac;
}

fn read(encoded: &str, params: &Params) -> Result<Parsed, ParseError> {
    let name = required(
        SCHEME.name,
        "encryption_scheme",
        params.encryption_scheme.as_ref(),
    )?;
    let salt = params.salt.clone();
    let factor = params.factor.or(params.iterations);
    let own = [
        &SALTED_MD5,
        &SALTED_SHA256,
        &SALTED_HMAC_SHA256,
        &PHPASS_MD5,
        &PHPASS_SHA512,
    ];
    if let Some(scheme) = own.into_iter().find(|scheme| scheme.name == name) {
        return (scheme.read)(
            encoded,
            &Params {
                salt,
                factor,
                ..Params::EMPTY
            },
        );
    }
    if name == "bcrypt" {
        let factor = factor.ok_or(ParseError::MissingParameter {
            scheme: SCHEME.name,
            parameter: "factor",
        })?;
        let salt = required(SCHEME.name, "salt", params.salt.as_ref())?;
        return assemble_bcrypt(factor, salt.trim(), encoded);
    }
    if name.starts_with("salted-pbkdf2-") {
        let params = Params {
            salt,
            iterations: factor,
            variant: Some(name.to_owned()),
            ..Params::EMPTY
        };
        return (pbkdf2::SCHEME.read)(encoded, &params);
    }
    Err(ParseError::InvalidParameter {
        parameter: "encryption_scheme",
        expected: "bcrypt, salted-md5, salted-sha256, salted-hmac-sha256, phpass-md5, phpass-sha512 or a salted-pbkdf2-…",
    })
}

/// Puts together a bcrypt text whose parts were stored apart, as FusionAuth and Okta do.
pub(super) fn assemble_bcrypt(cost: u64, salt: &str, digest: &str) -> Result<Parsed, ParseError> {
    if digest.starts_with('$') {
        return (bcrypt::SCHEME.read)(digest, &Params::EMPTY);
    }
    Bcrypt::from_parts("2a", cost, salt, digest)?;
    (bcrypt::SCHEME.read)(&format!("$2a${cost:02}${salt}{digest}"), &Params::EMPTY)
}

/// A digest of password and salt, applied again and again.
struct Verifier {
    digest: Digest,
    salt: Vec<u8>,
    factor: u64,
    /// Whether it is phpass: the salt first, and the password again in each round.
    is_phpass: bool,
    expected: Vec<u8>,
}

impl Verify for Verifier {
    fn outcomes(&self, password: &str, _: &mut Workspace) -> Vec<Vec<u8>> {
        if self.is_phpass && !limits::is_affordable(self.factor, password) {
            return Vec::new();
        }
        let password = password.as_bytes();
        let output = if self.is_phpass {
            self.digest
                .repeated(&[&self.salt, password], password, self.factor + 1)
        } else {
            self.digest
                .repeated(&[password, &self.salt], &[], self.factor)
        };
        vec![output]
    }

    fn expected(&self) -> &[u8] {
        &self.expected
    }

    fn facts(&self) -> Facts {
        Facts::new(Strength::by_cost(self.factor, 20_000, u64::MAX), true)
            .with("rounds", self.factor)
    }
}

fn read_rounds(
    scheme: &Scheme,
    digest: Digest,
    is_phpass: bool,
    encoded: &str,
    params: &Params,
) -> Result<Parsed, ParseError> {
    let salt = required(scheme.name, "salt", params.salt.as_ref())?;
    let salt = if is_phpass {
        salt.as_bytes().to_vec()
    } else {
        decode(salt)?
    };
    // FusionAuth's own default.
    let factor = params.factor.or(params.iterations).unwrap_or(20_000);
    limits::check(scheme.name, "rounds", factor, &limits::DIGEST_ROUNDS)?;
    let expected = read_digest(scheme.name, digest, encoded)?;
    let verifier = Verifier {
        digest,
        salt,
        factor,
        is_phpass,
        expected,
    };
    Ok(Parsed::new(scheme.name, verifier).with_params(params.clone()))
}

fn read_hmac(encoded: &str, params: &Params) -> Result<Parsed, ParseError> {
    let name = SALTED_HMAC_SHA256.name;
    let key = decode(required(name, "salt", params.salt.as_ref())?)?;
    let digest = Digest::Sha256;
    let expected = read_digest(name, digest, encoded)?;
    // The factor is always 1 and means nothing.
    let used = Params {
        salt: params.salt.clone(),
        ..Params::EMPTY
    };
    let verifier = hmac::Verifier {
        digest,
        key,
        encoding: PasswordEncoding::Utf8,
        expected,
        salted: true,
    };
    Ok(Parsed::new(name, verifier).with_params(used))
}

fn decode(salt: &str) -> Result<Vec<u8>, ParseError> {
    base64(salt.trim()).ok_or(ParseError::InvalidParameter {
        parameter: "salt",
        expected: "base64",
    })
}

fn read_digest(scheme: &'static str, digest: Digest, encoded: &str) -> Result<Vec<u8>, ParseError> {
    base64(encoded)
        .filter(|bytes| bytes.len() == digest.len())
        .ok_or(malformed(
            scheme,
            "it is not base64 of the length of its digest",
        ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Hash;

    fn parse(encoded: &str, scheme: &str, salt: &str, factor: u64) -> Result<Hash, ParseError> {
        let params = Params {
            encryption_scheme: Some(scheme.to_owned()),
            salt: Some(salt.to_owned()),
            factor: Some(factor),
            ..Params::default()
        };
        Hash::parse("fusionauth", encoded, &params)
    }

    #[test]
    fn what_others_write_too_is_stored_as_they_do() {
        let bcrypt = parse(
            "njMI/I2Qa.arDj6yXmBQu43x738OS9.",
            "bcrypt",
            "abcdefghijklmnopqrstuu",
            10,
        )
        .unwrap();
        assert_eq!(
            bcrypt.encoded(),
            "$2a$10$abcdefghijklmnopqrstuunjMI/I2Qa.arDj6yXmBQu43x738OS9."
        );
        let salt = "QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8=";
        let key = "Mdi6v9CEccLjrIT6k3tK/IMgLZPvgGBEeA7YIllcy8c=";
        let pbkdf2 = parse(key, "salted-pbkdf2-hmac-sha256", salt, 24_000).unwrap();
        assert_eq!(pbkdf2.scheme(), "pbkdf2");
        assert!(pbkdf2.verify("Correct-Horse_42"));
    }

    #[test]
    fn hostile_factors_and_unknown_names_are_refused() {
        let code = |scheme: &str, factor| {
            parse("3R7DxhN6rE2Vtte+ceBFzg==", scheme, "EBES", factor)
                .unwrap_err()
                .code()
        };
        assert_eq!(code("salted-md5", 5_000_001), "cost_out_of_bounds");
        assert_eq!(code("salted-md5", 0), "cost_out_of_bounds");
        assert_eq!(code("salted-md6", 1), "invalid_parameter");
        assert_eq!(code("bcrypt", 10), "malformed_hash");
    }
}
