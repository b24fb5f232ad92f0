//! Werkzeug (Flask): `method$salt$hash`, the salt being plain text and the hash hexadecimal.
//!
//! `scrypt:N:r:p` and `pbkdf2:digest:iterations`; before 2.3 also a bare digest, which means HMAC keyed with the salt.

use super::pbkdf2::Verifier as Pbkdf2;
use super::raw::PasswordEncoding;
use super::scrypt::{Costs, Verifier as Scrypt};
use super::{Parsed, Scheme, hmac, malformed};
use crate::ParseError;
use crate::digest::Digest;
use crate::encoding::{base64, hex};

pub(super) static SCHEME: Scheme = Scheme {
    name: "werkzeug",
    aliases: &["scrypt_werkzeug"],
    parameters: &[],
    recognize: |encoded| encoded.starts_with("scrypt:") || encoded.starts_with("pbkdf2:"),
    read: |encoded, _| read(encoded),
};

fn read(encoded: &str) -> Result<Parsed, ParseError> {
    let wrong = |problem| malformed(SCHEME.name, problem);
    let fields: Vec<&str> = encoded.split('$').collect();
    let [method, salt, hash] = fields[..] else {
        return Err(wrong("it must be method$salt$hash"));
    };
    let key = hex(hash)
        .or_else(|| base64(hash))
        .ok_or(wrong("its hash is not hexadecimal"))?;
    let salt = salt.as_bytes().to_vec();
    let number = |text: &str| text.parse().map_err(|_| wrong("a cost is not a number"));
    let method: Vec<&str> = method.split(':').collect();
    match method[..] {
        ["scrypt", n, r, p] => {
            let costs = Costs {
                n: number(n)?,
                r: number(r)?,
                p: number(p)?,
            };
            Ok(Parsed::new(
                SCHEME.name,
                Scrypt::new(SCHEME.name, costs, salt, key)?,
            ))
        }
        ["pbkdf2", digest, iterations] => {
            let digest = Digest::named(digest).ok_or(wrong("its digest is not known"))?;
            Ok(Parsed::new(
                SCHEME.name,
                Pbkdf2::new(SCHEME.name, digest, number(iterations)?, salt, key)?,
            ))
        }
        [digest] => match Digest::named(digest).filter(|digest| digest.len() == key.len()) {
            Some(digest) => {
                let (encoding, expected) = (PasswordEncoding::Utf8, key);
                Ok(Parsed::new(
                    SCHEME.name,
                    hmac::Verifier {
                        digest,
                        key: salt,
                        encoding,
                        expected,
                        salted: true,
                    },
                ))
            }
            None => Err(wrong(
                "its method is not known, or its hash has another length",
            )),
        },
        _ => Err(wrong("its method is not known, or lacks a cost")),
    }
}

#[cfg(test)]
mod tests {
    use crate::{Hash, Params};

    #[test]
    fn costs_are_bounded_and_needed() {
        let code = |encoded: &str| Hash::recognize(encoded).unwrap_err().code();
        assert_eq!(
            code("pbkdf2:sha256:6000000$salt$00112233"),
            "cost_out_of_bounds"
        );
        assert_eq!(
            code("scrypt:33554432:8:1$salt$00112233"),
            "cost_out_of_bounds"
        );
        assert_eq!(code("pbkdf2:sha256$salt$00112233"), "malformed_hash");
        assert_eq!(
            code("pbkdf2:whirlpool:1000$salt$00112233"),
            "malformed_hash"
        );
    }

    #[test]
    fn a_bare_digest_is_keyed_with_the_salt() {
        // HMAC-SHA-256 with the key "shh", as in the vectors of hmac.
        let expected = "e62846a8e2ccdb4ddef1ae58c9418221afc5a3f031588a28726b91dd9fc63e5e";
        let hash = Hash::parse(
            "werkzeug",
            &format!("sha256$shh${expected}"),
            &Params::default(),
        )
        .unwrap();
        assert!(hash.verify("Correct-Horse_42"));
    }
}
