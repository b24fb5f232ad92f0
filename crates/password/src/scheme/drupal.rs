//! Drupal 7 and later: `$S$`, phpass's structure over SHA-512, the whole cut to 55 characters.
//!
//! `U$S$` was computed over the hex MD5 that Drupal 6 had stored. Drupal 10.1 and later write bcrypt.

use super::phpass::{self, Input};
use super::{Parsed, Scheme, argon2, bcrypt, delegate, malformed};
use crate::ParseError;
use crate::digest::Digest;
use crate::encoding::is_crypt64;

pub(super) static SCHEME: Scheme = Scheme {
    name: "drupal",
    aliases: &["drupal7"],
    parameters: &[],
    recognize: |encoded| encoded.starts_with("$S$") || encoded.starts_with("U$S$"),
    read: |encoded, _| read(encoded),
};

fn read(encoded: &str) -> Result<Parsed, ParseError> {
    if let Some(parsed) = delegate(
        encoded,
        &[&phpass::SCHEME, &bcrypt::SCHEME, &argon2::SCHEME],
    ) {
        return parsed;
    }
    let (inputs, text): (&[Input], _) = match encoded.strip_prefix('U') {
        Some(rest) => (&[Input::Md5Hex], rest),
        None => (&[Input::Password], encoded),
    };
    // The prefixed text was cut to the same 55 characters, so its digest is one shorter.
    let length = if text.len() == encoded.len() { 52 } else { 51 };
    match text.strip_prefix("$S$") {
        Some(rest) if (length..=52).contains(&rest.len()) && is_crypt64(rest) => {
            phpass::read(SCHEME.name, Digest::Sha512, inputs, rest)
        }
        _ => Err(malformed(
            SCHEME.name,
            "it must be $S$ or U$S$, 55 characters in all",
        )),
    }
}

#[cfg(test)]
mod tests {
    use crate::{Hash, Params};

    #[test]
    fn shorter_texts_are_malformed() {
        for encoded in [
            "$S$D5Z9pQ2xK",
            "U$S$",
            "$S$D5Z9pQ2xKxoPEhdoQAXEXneausWQwGkfGWB59Hk/mvJ0ZVvIWNO",
        ] {
            assert_eq!(
                Hash::recognize(encoded).unwrap_err().code(),
                "malformed_hash",
                "{encoded}"
            );
        }
        assert_eq!(
            Hash::parse("drupal", "plain", &Params::default())
                .unwrap_err()
                .code(),
            "malformed_hash"
        );
    }
}
