//! crypt(3): whatever the system's password file holds. The text itself says which scheme it is.
//!
//! A `salt` column beside it is ignored: these texts carry their salt.

use super::{
    Parsed, Scheme, bcrypt, delegate, des_crypt, malformed, md5_crypt, never, sha_crypt, yescrypt,
};
use crate::ParseError;

pub(super) static SCHEME: Scheme = Scheme {
    name: "crypt",
    aliases: &["unix-crypt"],
    parameters: &["salt", "salt_position", "salt_format"],
    recognize: never,
    read: |encoded, _| read(encoded),
};

/// Whether the text stands for no password: `!` and `*` in front, as `passwd --lock` and Django write them, or the
/// `x` that points to the shadow file.
pub(super) fn is_locked(encoded: &str) -> bool {
    encoded.starts_with(['!', '*']) || encoded == "x"
}

pub(super) fn read(encoded: &str) -> Result<Parsed, ParseError> {
    if is_locked(encoded) {
        return Err(ParseError::NoPassword);
    }
    let schemes = [
        &sha_crypt::SHA512,
        &sha_crypt::SHA256,
        &md5_crypt::MD5,
        &md5_crypt::APR1,
        &bcrypt::SCHEME,
        &yescrypt::SCHEME,
        &des_crypt::BSDI,
    ];
    delegate(encoded, &schemes).unwrap_or_else(|| match encoded.len() {
        13 => des_crypt::read_des(encoded),
        _ => Err(malformed(
            SCHEME.name,
            "it starts with none of $1$, $2b$, $5$, $6$, $y$, $apr1$, _ and is no DES crypt",
        )),
    })
}

#[cfg(test)]
mod tests {
    use crate::{Hash, Params};

    #[test]
    fn every_crypt_text_finds_its_scheme() {
        for (encoded, scheme) in [
            ("483LBceCUpea.", "des-crypt"),
            ("_J9..CCCCNsA.JhZa9nA", "bsdi-crypt"),
            ("$1$28772684$zUiNm8xBHzDBLiSO7OMt4/", "md5-crypt"),
            (
                "$5$saltstring16byte$xVsivkLKDo/WWHjlSvzbgCQ6JcI4VjHH.vXZ.LjRuK2",
                "sha256-crypt",
            ),
            (
                "$2y$04$abcdefghijklmnopqrstuusdRCN/1WmgUHC4msDXrQGy7cAU8.Va.",
                "bcrypt",
            ),
        ] {
            let mut params = Params::default();
            params.set("salt", "28772684").unwrap();
            let hash = Hash::parse("crypt", encoded, &params).unwrap();
            assert_eq!(hash.scheme(), scheme);
            assert_eq!(*hash.params(), Params::default());
            assert!(hash.verify("Correct-Horse_42"));
        }
    }

    #[test]
    fn locked_accounts_have_no_password() {
        for encoded in ["!", "*", "!!", "x", "!$6$salt$digest", "*LK*"] {
            assert_eq!(
                Hash::parse("crypt", encoded, &Params::default())
                    .unwrap_err()
                    .code(),
                "no_password"
            );
            assert_eq!(Hash::recognize(encoded).unwrap_err().code(), "no_password");
        }
    }
}
