//! bcrypt over a digest of the password, so that all of a long password counts.
//!
//! - Django: `bcrypt_sha256$$2b$12$…`, over the lowercase hex SHA-256 (`BCryptSHA256PasswordHasher`).
//! - passlib version 2: `$bcrypt-sha256$v=2,t=2b,r=12$salt$digest`, over base64 of HMAC-SHA-256 keyed with the salt's
//!   text; version 1: `$bcrypt-sha256$2b,12$salt$digest`, over base64 of plain SHA-256 (`passlib.hash.bcrypt_sha256`).

use super::bcrypt::{self, Digest};
use super::{Parsed, Scheme, Verify, malformed};
use crate::describe::Facts;
use crate::encoding::{to_base64, to_bcrypt64};
use crate::{Hash, ParseError, Workspace, digest};

pub(super) static DJANGO: Scheme = Scheme {
    name: "bcrypt_sha256",
    aliases: &["bcrypt_sha256_django", "django-bcrypt-sha256"],
    parameters: &[],
    recognize: |encoded| encoded.starts_with("bcrypt_sha256$"),
    read: |encoded, _| read_django(encoded),
};

pub(super) static PASSLIB: Scheme = Scheme {
    name: "bcrypt-sha256",
    aliases: &["passlib-bcrypt-sha256"],
    parameters: &[],
    recognize: |encoded| encoded.starts_with("$bcrypt-sha256$"),
    read: |encoded, _| read_passlib(encoded),
};

/// How the password is digested before bcrypt.
enum Before {
    /// Lowercase hex of SHA-256.
    Hex,
    /// Base64 of SHA-256.
    Base64,
    /// Base64 of HMAC-SHA-256 with this key.
    Keyed(String),
}

impl Before {
    fn apply(&self, password: &str) -> String {
        let sha256 = digest::Digest::Sha256;
        match self {
            Self::Hex => hex::encode(sha256.of(&[password.as_bytes()])),
            Self::Base64 => to_base64(&sha256.of(&[password.as_bytes()])),
            Self::Keyed(key) => to_base64(&sha256.hmac(key.as_bytes(), password.as_bytes())),
        }
    }
}

struct Verifier {
    before: Before,
    digest: Digest,
}

impl Verify for Verifier {
    fn outcomes(&self, password: &str, _: &mut Workspace) -> Vec<Vec<u8>> {
        vec![self.digest.of(self.before.apply(password).as_bytes())]
    }

    fn expected(&self) -> &[u8] {
        self.digest.output()
    }

    fn facts(&self) -> Facts {
        self.digest.facts()
    }
}

pub(super) fn read_django(encoded: &str) -> Result<Parsed, ParseError> {
    let Some(rest) = encoded.strip_prefix("bcrypt_sha256$") else {
        return Err(malformed(
            DJANGO.name,
            "it does not start with bcrypt_sha256$$2b$",
        ));
    };
    Ok(Parsed::new(
        DJANGO.name,
        Verifier {
            before: Before::Hex,
            digest: Digest::read(rest)?,
        },
    ))
}

fn read_passlib(encoded: &str) -> Result<Parsed, ParseError> {
    let wrong = || {
        malformed(
            PASSLIB.name,
            "it must be $bcrypt-sha256$v=2,t=2b,r=12$salt$digest",
        )
    };
    let fields: Vec<&str> = encoded
        .strip_prefix("$bcrypt-sha256$")
        .ok_or_else(wrong)?
        .split('$')
        .collect();
    let [costs, salt, digest] = fields[..] else {
        return Err(wrong());
    };
    let costs: Vec<&str> = costs.split(',').collect();
    let (before, version, cost) = match costs[..] {
        ["v=2", version, cost] => (
            Before::Keyed(salt.to_owned()),
            version.strip_prefix("t=").ok_or_else(wrong)?,
            cost.strip_prefix("r=").ok_or_else(wrong)?,
        ),
        [version, cost] => (Before::Base64, version, cost),
        _ => return Err(wrong()),
    };
    let version = ["2a", "2b", "2y"]
        .into_iter()
        .find(|known| *known == version)
        .ok_or_else(wrong)?;
    let cost = cost.parse().map_err(|_| wrong())?;
    let digest = Digest::from_parts(version, cost, salt, digest)?;
    Ok(Parsed::new(PASSLIB.name, Verifier { before, digest }))
}

/// Makes a hash in passlib's version 2.
pub(crate) fn hash_passlib(password: &str, salt: &[u8; 16], cost: u32) -> Hash {
    let before = Before::Keyed(to_bcrypt64(salt));
    let digest = bcrypt::compute(before.apply(password).as_bytes(), salt, cost);
    let (salt, text) = digest.text();
    let encoded = format!("$bcrypt-sha256$v=2,t=2b,r={cost}${salt}${text}");
    Hash::from_parsed(
        &encoded,
        Parsed::new(PASSLIB.name, Verifier { before, digest }),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passlib_version_1_is_bcrypt_over_base64_of_sha256() {
        let inner = bcrypt::compute(
            to_base64(&digest::Digest::Sha256.of(&[b"correct horse"])).as_bytes(),
            &[9; 16],
            4,
        );
        let (salt, text) = inner.text();
        let hash = Hash::recognize(&format!("$bcrypt-sha256$2b,4${salt}${text}")).unwrap();
        assert!(hash.verify("correct horse"));
        assert!(!hash.verify("wrong horse"));
    }

    #[test]
    fn odd_fields_are_malformed() {
        for encoded in [
            "$bcrypt-sha256$v=3,t=2b,r=4$a$b",
            "$bcrypt-sha256$2b$a$b",
            "$bcrypt-sha256$v=2,t=2q,r=4$a$b",
            "$bcrypt-sha256$",
        ] {
            assert_eq!(
                Hash::recognize(encoded).unwrap_err().code(),
                "malformed_hash",
                "{encoded}"
            );
        }
    }
}
