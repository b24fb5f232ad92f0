//! phpass "portable" hashes (Openwall): `$P$` (or `$H$`, phpBB), one character of cost, 8 of salt, 22 of MD5.
//!
//! The cost is the base-2 logarithm of the rounds. Drupal has the same structure over SHA-512, see `drupal.rs`.

use super::{Parsed, Scheme, Verify, malformed, never};
use crate::describe::{Facts, Strength};
use crate::digest::Digest;
use crate::encoding::{crypt64_value, is_crypt64, to_crypt64};
use crate::{ParseError, Workspace, limits};

pub(super) static SCHEME: Scheme = Scheme {
    name: "phpass",
    aliases: &[],
    parameters: &[],
    recognize: |encoded| {
        encoded.len() == 34 && (encoded.starts_with("$P$") || encoded.starts_with("$H$"))
    },
    read: |encoded, _| read_md5(SCHEME.name, &[Input::Password], encoded),
};

/// Clerk names `md5_phpass` and publishes no form. Forums that moved to phpass hashed their MD5 digests, so a text is
/// tried both ways.
pub(super) static MD5: Scheme = Scheme {
    name: "md5_phpass",
    aliases: &[],
    parameters: &[],
    recognize: never,
    read: |encoded, _| read_md5(MD5.name, &[Input::Md5Hex, Input::Password], encoded),
};

/// What is hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Input {
    Password,
    /// The lowercase hex MD5 digest of the password.
    Md5Hex,
}

/// A hash of phpass's structure.
pub(super) struct Verifier {
    pub(super) digest: Digest,
    pub(super) inputs: &'static [Input],
    pub(super) exponent: u8,
    pub(super) salt: String,
    pub(super) expected: String,
}

impl Verify for Verifier {
    fn outcomes(&self, password: &str, _: &mut Workspace) -> Vec<Vec<u8>> {
        if !limits::is_affordable(1 << self.exponent, password) {
            return Vec::new();
        }
        let outcome = |input: &[u8]| {
            let rounds = (1 << self.exponent) + 1;
            let output = self
                .digest
                .repeated(&[self.salt.as_bytes(), input], input, rounds);
            // Drupal cuts what it stores.
            let mut output = to_crypt64(&output).into_bytes();
            output.truncate(self.expected.len());
            output
        };
        let outcomes = self.inputs.iter().map(|input| match input {
            Input::Password => outcome(password.as_bytes()),
            Input::Md5Hex => {
                outcome(hex::encode(Digest::Md5.of(&[password.as_bytes()])).as_bytes())
            }
        });
        outcomes.collect()
    }

    fn expected(&self) -> &[u8] {
        self.expected.as_bytes()
    }

    fn readings(&self) -> usize {
        self.inputs.len()
    }

    fn facts(&self) -> Facts {
        // Even the highest costs are minutes of a graphics card's time.
        Facts::new(Strength::by_cost(self.exponent.into(), 15, u64::MAX), true)
            .variant(self.digest.name())
            .with("rounds", 1_u64 << self.exponent)
    }
}

fn read_md5(
    scheme: &'static str,
    inputs: &'static [Input],
    encoded: &str,
) -> Result<Parsed, ParseError> {
    let rest = encoded
        .strip_prefix("$P$")
        .or_else(|| encoded.strip_prefix("$H$"));
    match rest {
        Some(rest) if rest.len() == 31 && is_crypt64(rest) => {
            read(scheme, Digest::Md5, inputs, rest)
        }
        _ => Err(malformed(
            scheme,
            "it must be $P$ or $H$ and 31 characters of ./0-9A-Za-z",
        )),
    }
}

/// Reads what follows the mark: cost, salt, digest. The characters were checked.
pub(super) fn read(
    scheme: &'static str,
    digest: Digest,
    inputs: &'static [Input],
    rest: &str,
) -> Result<Parsed, ParseError> {
    let exponent = crypt64_value(rest.as_bytes()[0]).expect("the characters were checked");
    limits::check(
        scheme,
        "logarithm of rounds",
        exponent.into(),
        &limits::PHPASS_EXPONENT,
    )?;
    let (salt, expected) = (rest[1..9].to_owned(), rest[9..].to_owned());
    Ok(Parsed::new(
        scheme,
        Verifier {
            digest,
            inputs,
            exponent,
            salt,
            expected,
        },
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Hash, Params};

    #[test]
    fn rounds_are_bounded() {
        let code = |cost: char| {
            Hash::recognize(&format!("$P${cost}4d9sKs1/dnhuyW1zKsS9Yd3AclG4L/"))
                .map_err(|e| e.code())
        };
        assert!(code('B').is_ok());
        assert_eq!(code('4').unwrap_err(), "cost_out_of_bounds");
        assert_eq!(code('z').unwrap_err(), "cost_out_of_bounds");
        assert_eq!(code('!').unwrap_err(), "malformed_hash");
    }

    #[test]
    fn md5_phpass_is_tried_with_and_without_the_digest() {
        let plain = "$P$B4d9sKs1/dnhuyW1zKsS9Yd3AclG4L/";
        let digest = hex::encode(Digest::Md5.of(&[b"Correct-Horse_42"]));
        let output = to_crypt64(&Digest::Md5.repeated(
            &[b"saltsalt", digest.as_bytes()],
            digest.as_bytes(),
            257,
        ));
        for encoded in [plain, &format!("$P$6saltsalt{output}")] {
            let hash = Hash::parse("md5_phpass", encoded, &Params::default()).unwrap();
            assert!(hash.verify("Correct-Horse_42"));
            assert!(!hash.verify("correct-horse_42"));
        }
    }
}
