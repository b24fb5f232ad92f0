//! Joomla before 3.2: `md5hex:salt`, MD5 of password and salt. Later versions write phpass and bcrypt.

use super::{Parsed, Scheme, argon2, bcrypt, delegate, malformed, never, phpass, raw};
use crate::digest::Digest;
use crate::{Params, ParseError};

pub(super) static SCHEME: Scheme = Scheme {
    name: "joomla",
    aliases: &[],
    parameters: &[],
    recognize: never,
    read: |encoded, _| read(encoded),
};

/// Whether it has the shape; but others write salts behind a colon, too, and put them in front of the password.
pub(super) fn is_ambiguous(encoded: &str) -> bool {
    encoded.split_once(':').is_some_and(|(digest, salt)| {
        digest.len() == 32
            && !salt.is_empty()
            && digest.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

fn read(encoded: &str) -> Result<Parsed, ParseError> {
    if let Some(parsed) = delegate(
        encoded,
        &[&phpass::SCHEME, &bcrypt::SCHEME, &argon2::SCHEME],
    ) {
        return parsed;
    }
    let (digest, salt) = encoded.split_once(':').unwrap_or((encoded, ""));
    if digest.len() != 32 {
        return Err(malformed(
            SCHEME.name,
            "it must be 32 hexadecimal digits, a colon and the salt",
        ));
    }
    let mut fields = Params::EMPTY;
    if !salt.is_empty() {
        fields.salt = Some(salt.to_owned());
        fields.salt_position = Some("suffix".to_owned());
    }
    Ok(raw::read("md5", Digest::Md5, digest, &fields)?.stored_as(digest))
}

#[cfg(test)]
mod tests {
    use crate::{Hash, Params};

    #[test]
    fn it_is_md5_with_the_salt_behind() {
        let hash = Hash::parse(
            "joomla",
            "470b1945bad3777e27c9a1642a3040ec:NaClNaClNaClNaCl",
            &Params::default(),
        )
        .unwrap();
        assert!(hash.verify("Correct-Horse_42"));
        assert_eq!(
            (hash.scheme(), hash.encoded()),
            ("md5", "470b1945bad3777e27c9a1642a3040ec")
        );
        assert_eq!(hash.params().salt.as_deref(), Some("NaClNaClNaClNaCl"));
    }
}
