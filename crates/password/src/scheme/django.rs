//! Django's `auth_user.password`: `algorithm$…`, the salt being plain text.
//!
//! Argon2 and bcrypt are handed on, without Django's mark, to their schemes. `!` in front means no usable password.

use super::pbkdf2::Verifier as Pbkdf2;
use super::{
    Parsed, Scheme, Verify, argon2, bcrypt, bcrypt_prehashed, crypt, delegate, malformed, raw,
    scrypt,
};
use crate::describe::{Facts, Strength};
use crate::digest::Digest;
use crate::encoding::{base64, hex};
use crate::{Params, ParseError, Workspace};

pub(super) static SCHEME: Scheme = Scheme {
    name: "django",
    aliases: &["pbkdf2_sha256_django"],
    parameters: &[],
    recognize: |encoded| match encoded.split_once('$') {
        Some(("pbkdf2_sha256" | "pbkdf2_sha1", _)) => !is_ambiguous(encoded) && !is_clerks(encoded),
        Some((mark, _)) => ["argon2", "bcrypt", "scrypt", "md5", "sha1"].contains(&mark),
        None => false,
    },
    read: |encoded, _| read(encoded),
};

/// Whether it could be Clerk's `pbkdf2_sha256` as well, which decodes the salt from base64. Django draws its salts
/// from letters and digits.
pub(super) fn is_ambiguous(encoded: &str) -> bool {
    let mut fields = encoded.split('$');
    fields.next() == Some("pbkdf2_sha256")
        && fields
            .nth(1)
            .is_some_and(|salt| salt.bytes().any(|byte| !byte.is_ascii_alphanumeric()))
}

/// Whether it is Clerk's `pbkdf2_sha1`, whose digest is hexadecimal.
fn is_clerks(encoded: &str) -> bool {
    encoded.starts_with("pbkdf2_sha1$")
        && encoded.split('$').nth(3).is_some_and(|key| key.len() == 40)
}

/// H(salt ‖ password), as Django's long-gone fast hashers.
struct Salted {
    digest: Digest,
    salt: String,
    expected: Vec<u8>,
}

impl Verify for Salted {
    fn outcomes(&self, password: &str, _: &mut Workspace) -> Vec<Vec<u8>> {
        vec![self.digest.of(&[self.salt.as_bytes(), password.as_bytes()])]
    }

    fn expected(&self) -> &[u8] {
        &self.expected
    }

    fn facts(&self) -> Facts {
        Facts::new(Strength::Weak, !self.salt.is_empty()).variant(self.digest.name())
    }
}

fn read(encoded: &str) -> Result<Parsed, ParseError> {
    if crypt::is_locked(encoded) {
        return Err(ParseError::NoPassword);
    }
    let wrong = |problem| malformed(SCHEME.name, problem);
    let Some((mark, rest)) = encoded.split_once('$') else {
        // Before salts there was a bare MD5.
        return if encoded.len() == 32 {
            (raw::MD5.read)(encoded, &Params::EMPTY)
        } else {
            Err(wrong(
                "it must be algorithm$salt$hash, with the parameters of the algorithm between",
            ))
        };
    };
    match mark {
        "argon2" | "bcrypt" => {
            // `argon2$argon2id$…` lacks the dollar that PHC strings start with; the mark's own serves.
            let text = if mark == "argon2" {
                &encoded[mark.len()..]
            } else {
                rest
            };
            return delegate(text, &[&argon2::SCHEME, &bcrypt::SCHEME])
                .unwrap_or_else(|| Err(wrong("what follows its algorithm is not a hash of it")));
        }
        "bcrypt_sha256" => return bcrypt_prehashed::read_django(encoded),
        _ => {}
    }
    let fields: Vec<&str> = rest.split('$').collect();
    let number = |text: &str| {
        text.parse::<u64>()
            .map_err(|_| wrong("a cost is not a number"))
    };
    let bytes = |text: &str| base64(text).ok_or(wrong("its hash is not base64"));
    match (mark, &fields[..]) {
        ("pbkdf2_sha256" | "pbkdf2_sha1", [iterations, salt, key]) => {
            let digest = if mark == "pbkdf2_sha1" {
                Digest::Sha1
            } else {
                Digest::Sha256
            };
            let key = bytes(key)?;
            if key.len() != digest.len() {
                return Err(wrong("its hash has not the length of its digest"));
            }
            let verifier = Pbkdf2::new(
                SCHEME.name,
                digest,
                number(iterations)?,
                salt.as_bytes().to_vec(),
                key,
            )?;
            Ok(Parsed::new(SCHEME.name, verifier))
        }
        ("scrypt", [n, salt, r, p, key]) => {
            let costs = scrypt::Costs {
                n: number(n)?,
                r: number(r)?,
                p: number(p)?,
            };
            let verifier =
                scrypt::Verifier::new(SCHEME.name, costs, salt.as_bytes().to_vec(), bytes(key)?)?;
            Ok(Parsed::new(SCHEME.name, verifier))
        }
        ("md5" | "sha1", [salt, expected]) => {
            let digest = if mark == "md5" {
                Digest::Md5
            } else {
                Digest::Sha1
            };
            match hex(expected) {
                Some(expected) if expected.len() == digest.len() => Ok(Parsed::new(
                    SCHEME.name,
                    Salted {
                        digest,
                        salt: (*salt).to_owned(),
                        expected,
                    },
                )),
                _ => Err(wrong("its hash is not hexadecimal of the right length")),
            }
        }
        _ => Err(wrong(
            "its algorithm is not known, or has another number of fields",
        )),
    }
}

#[cfg(test)]
mod tests {
    use crate::{Hash, Params};

    #[test]
    fn argon2_and_bcrypt_are_stored_without_djangos_mark() {
        let encoded = "argon2$argon2id$v=19$m=1024,t=2,p=8$EBESExQVFhcYGRobHB0eHw$ST2gQdwTN3YHzys3xgHlabcFnRL0s8I/7rPp+eW7ouo";
        let hash = Hash::recognize(encoded).unwrap();
        assert_eq!((hash.scheme(), hash.encoded()), ("argon2id", &encoded[6..]));
        let encoded = "bcrypt$$2b$04$abcdefghijklmnopqrstuusdRCN/1WmgUHC4msDXrQGy7cAU8.Va.";
        let hash = Hash::recognize(encoded).unwrap();
        assert_eq!((hash.scheme(), hash.encoded()), ("bcrypt", &encoded[7..]));
    }

    #[test]
    fn a_salt_that_may_be_base64_is_not_guessed() {
        let encoded = "pbkdf2_sha256$260000$EBESExQVFhcYGRobHB0eHw==$9p2Vnl8APVsINCKJRHs+tSISeiryTpIB+BC/pkO/GlU=";
        assert_eq!(
            Hash::recognize(encoded).unwrap_err().code(),
            "ambiguous_hash"
        );
        assert!(Hash::parse("django", encoded, &Params::default()).is_ok());
        assert!(Hash::parse("pbkdf2_sha256", encoded, &Params::default()).is_ok());
    }

    #[test]
    fn unusable_passwords_are_none() {
        assert_eq!(
            Hash::parse("django", "!aBcDeF", &Params::default())
                .unwrap_err()
                .code(),
            "no_password"
        );
    }
}
