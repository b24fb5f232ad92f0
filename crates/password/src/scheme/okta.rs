//! Okta's import object: value, salt and the rest in fields of their own, base64 save for bcrypt.

use super::{Parsed, Scheme, fusionauth, malformed, never, pbkdf2_strings, raw};
use crate::digest::Digest;
use crate::encoding::base64;
use crate::params::{filled, required};
use crate::{Params, ParseError};

pub(super) static SCHEME: Scheme = Scheme {
    name: "okta",
    aliases: &[],
    parameters: &[
        "algorithm",
        "salt",
        "salt_position",
        "work_factor",
        "iterations",
        "digest",
        "keylen",
    ],
    recognize: never,
    read,
};

fn read(encoded: &str, params: &Params) -> Result<Parsed, ParseError> {
    let missing = |parameter| ParseError::MissingParameter {
        scheme: SCHEME.name,
        parameter,
    };
    match required(SCHEME.name, "algorithm", params.algorithm.as_ref())?
        .to_ascii_uppercase()
        .as_str()
    {
        "BCRYPT" => {
            let salt = filled(params.salt.as_ref()).unwrap_or_default();
            fusionauth::assemble_bcrypt(
                params.work_factor.unwrap_or_default(),
                salt.trim(),
                encoded,
            )
        }
        "PBKDF2" => {
            let name = required(SCHEME.name, "digest", params.digest.as_ref())?;
            // Okta writes `SHA256_HMAC`.
            let digest = Digest::named(name.split('_').next().unwrap_or_default()).ok_or(
                ParseError::InvalidParameter {
                    parameter: "digest",
                    expected: "SHA256_HMAC or SHA512_HMAC",
                },
            )?;
            let salt = required(SCHEME.name, "salt", params.salt.as_ref())?;
            let salt = base64(salt.trim()).ok_or(ParseError::InvalidParameter {
                parameter: "salt",
                expected: "base64",
            })?;
            let key = base64(encoded).ok_or(malformed(SCHEME.name, "its value is not base64"))?;
            let text = pbkdf2_strings::phc(
                digest,
                params.iterations.ok_or(missing("iterations"))?,
                &salt,
                &key,
            );
            Ok(pbkdf2_strings::read_phc(&text)?.stored_as(text))
        }
        name => {
            let (scheme, digest) = match Digest::named(name) {
                Some(digest @ (Digest::Md5 | Digest::Sha1 | Digest::Sha256 | Digest::Sha512)) => {
                    (digest.name(), digest)
                }
                _ => {
                    return Err(ParseError::InvalidParameter {
                        parameter: "algorithm",
                        expected: "BCRYPT, SHA-512, SHA-256, SHA-1, MD5 or PBKDF2",
                    });
                }
            };
            let mut fields = Params {
                hash_encoding: Some("base64".to_owned()),
                ..Params::EMPTY
            };
            if filled(params.salt.as_ref()).is_some() {
                fields.salt.clone_from(&params.salt);
                fields.salt_format = Some("base64".to_owned());
                // Okta's default order.
                fields.salt_position = params
                    .salt_position
                    .clone()
                    .or_else(|| Some("postfix".to_owned()));
            }
            raw::read(scheme, digest, encoded, &fields)
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Hash, Params};

    #[test]
    fn pbkdf2_becomes_a_string() {
        let params: Params = serde_json::from_value(serde_json::json!({
            "algorithm": "PBKDF2", "salt": "EBESExQVFhcYGRobHB0eHw==", "iterationCount": 100_000,
            "keySize": 32, "digestAlgorithm": "SHA256_HMAC",
        }))
        .unwrap();
        let hash = Hash::parse(
            "okta",
            "IzByfJeCSIr0gOlcrPArHB2ZjN2hCGfeyxtJmUlT9Tc=",
            &params,
        )
        .unwrap();
        assert!(hash.verify("Correct-Horse_42"));
        assert_eq!(hash.scheme(), "phc-pbkdf2");
    }

    #[test]
    fn an_unknown_algorithm_is_named() {
        let params = Params {
            algorithm: Some("SCRYPT".to_owned()),
            ..Params::default()
        };
        assert_eq!(
            Hash::parse("okta", "abcd", &params).unwrap_err().code(),
            "invalid_parameter"
        );
    }
}
