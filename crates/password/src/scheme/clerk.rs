//! Clerk's hashers: the column `password_hasher` names them. Most are schemes of others under Clerk's name, which
//! are aliases there; here are those that only Clerk writes.
//!
//! The forms are those of Clerk's reference of `createUser`.

use super::pbkdf2::Verifier as Pbkdf2;
use super::{Parsed, Scheme, malformed, never, raw};
use crate::digest::Digest;
use crate::encoding::{base64, hex};
use crate::params::required;
use crate::{Params, ParseError, scheme};

pub(super) static SCHEME: Scheme = Scheme {
    name: "clerk",
    aliases: &[],
    parameters: &[
        "password_hasher",
        "pepper",
        "salt",
        "salt_position",
        "salt_format",
    ],
    recognize: never,
    read: |encoded, params| {
        let hasher = required(
            SCHEME.name,
            "password_hasher",
            params.password_hasher.as_ref(),
        )?;
        let found = scheme::find(hasher)?;
        if found.name == SCHEME.name {
            return Err(ParseError::UnknownScheme(hasher.to_owned()));
        }
        found.parse(
            encoded,
            &Params {
                password_hasher: None,
                ..params.clone()
            },
        )
    },
};

macro_rules! schemes {
    ($($static:ident $name:literal $recognize:expr, $read:expr;)+) => {
        $(pub(super) static $static: Scheme = Scheme {
            name: $name,
            aliases: &[],
            parameters: &[],
            recognize: $recognize,
            read: |encoded, _| $read(&$static, encoded),
        };)+
    };
}

schemes! {
    MD5_SALTED "md5_salted" never, |scheme, encoded| read_salted(scheme, "md5", Digest::Md5, encoded);
    SHA256_SALTED "sha256_salted" never, |scheme, encoded| read_salted(scheme, "sha256", Digest::Sha256, encoded);
    PBKDF2_SHA1 "pbkdf2_sha1" |encoded| encoded.starts_with("pbkdf2_sha1$"), |scheme, encoded| {
        read_pbkdf2(scheme, Digest::Sha1, hex_or_text, hex, encoded)
    };
    PBKDF2_SHA256 "pbkdf2_sha256" never, |scheme, encoded| {
        read_pbkdf2(scheme, Digest::Sha256, base64, base64, encoded)
    };
    PBKDF2_SHA512 "pbkdf2_sha512" |encoded| encoded.starts_with("pbkdf2_sha512$"), |scheme, encoded| {
        read_pbkdf2(scheme, Digest::Sha512, |salt| Some(salt.as_bytes().to_vec()), hex, encoded)
    };
    PBKDF2_SHA512_HEX "pbkdf2_sha512_hex" |encoded| encoded.starts_with("pbkdf2_sha512_hex$"), |scheme, encoded| {
        read_pbkdf2(scheme, Digest::Sha512, hex, hex, encoded)
    };
    COGNITO "awscognito" |encoded| encoded.starts_with("awscognito#"), |_, _| {
        Err(ParseError::UnsupportedScheme { scheme: "awscognito", reason: "they were never taken out of Cognito" })
    };
    HMAC_UTF16 "hmac_sha256_utf16_b64" never, |_, _| {
        Err(ParseError::UnsupportedScheme { scheme: "hmac_sha256_utf16_b64", reason: "Clerk does not publish their form" })
    };
}

/// `salt$hash`. Clerk does not say on which side of the password the salt goes, so both are tried.
fn read_salted(
    scheme: &Scheme,
    stored_as: &'static str,
    digest: Digest,
    encoded: &str,
) -> Result<Parsed, ParseError> {
    let Some((salt, hash)) = encoded.rsplit_once('$') else {
        return Err(malformed(scheme.name, "it must be salt$hash"));
    };
    let fields = Params {
        salt: Some(salt.to_owned()),
        salt_position: Some("either".to_owned()),
        hash_encoding: Some("hex".to_owned()),
        ..Params::EMPTY
    };
    Ok(raw::read(stored_as, digest, hash, &fields)?.stored_as(hash))
}

/// Clerk reads a salt as hexadecimal if it can be that.
fn hex_or_text(salt: &str) -> Option<Vec<u8>> {
    hex(salt).or_else(|| Some(salt.as_bytes().to_vec()))
}

/// `name$iterations$salt$hash`, for one of them with the length of the key behind.
fn read_pbkdf2(
    scheme: &'static Scheme,
    digest: Digest,
    read_salt: fn(&str) -> Option<Vec<u8>>,
    read_key: fn(&str) -> Option<Vec<u8>>,
    encoded: &str,
) -> Result<Parsed, ParseError> {
    let wrong = |problem| malformed(scheme.name, problem);
    let fields: Vec<&str> = encoded.split('$').collect();
    let (mark, iterations, salt, key, length) = match fields[..] {
        [mark, iterations, salt, key] => (mark, iterations, salt, key, None),
        [mark, iterations, salt, key, length] => (mark, iterations, salt, key, Some(length)),
        _ => {
            return Err(wrong(
                "it must be its name, iterations, salt and hash, with $ between",
            ));
        }
    };
    if mark != scheme.name {
        return Err(wrong("it does not start with its name"));
    }
    let iterations = iterations
        .parse()
        .map_err(|_| wrong("its iterations are not a number"))?;
    let (Some(salt), Some(key)) = (read_salt(salt), read_key(key)) else {
        return Err(wrong("its salt or hash is not encoded as Clerk wants it"));
    };
    if length.is_some_and(|length| length.parse() != Ok(key.len())) {
        return Err(wrong("its hash has not the length that it says"));
    }
    Ok(Parsed::new(
        scheme.name,
        Pbkdf2::new(scheme.name, digest, iterations, salt, key)?,
    ))
}

#[cfg(test)]
mod tests {
    use crate::digest::Digest;
    use crate::{Hash, Params};

    /// Every hasher of Clerk's reference.
    const HASHERS: [&str; 23] = [
        "argon2i",
        "argon2id",
        "awscognito",
        "bcrypt",
        "bcrypt_peppered",
        "bcrypt_sha256_django",
        "hmac_sha256_utf16_b64",
        "ldap_ssha",
        "md5",
        "md5_phpass",
        "md5_salted",
        "pbkdf2_sha1",
        "pbkdf2_sha256",
        "pbkdf2_sha256_django",
        "pbkdf2_sha512",
        "pbkdf2_sha512_hex",
        "phpass",
        "scrypt_firebase",
        "scrypt_werkzeug",
        "sha256",
        "sha256_salted",
        "sha512_symfony",
        "argon2",
    ];

    fn parse(hasher: &str, encoded: &str) -> Result<Hash, crate::ParseError> {
        let params = Params {
            password_hasher: Some(hasher.to_owned()),
            ..Params::default()
        };
        let hash = Hash::parse("clerk", encoded, &params);
        assert_eq!(
            hash,
            Hash::parse(hasher, encoded, &Params::default()),
            "the hasher is a scheme's name, too"
        );
        hash
    }

    #[test]
    fn every_hasher_is_known() {
        for hasher in HASHERS {
            assert_ne!(
                parse(hasher, "nonsense").unwrap_err().code(),
                "unknown_scheme",
                "{hasher}"
            );
        }
        assert_eq!(
            parse("rot13", "nonsense").unwrap_err().code(),
            "unknown_scheme"
        );
    }

    #[test]
    fn clerk_within_clerk_is_refused() {
        let params = Params {
            password_hasher: Some("Clerk".to_owned()),
            ..Params::default()
        };
        assert_eq!(
            Hash::parse("clerk", "x", &params).unwrap_err().code(),
            "unknown_scheme"
        );
    }

    #[test]
    fn a_salted_digest_verifies_with_the_salt_on_either_side() {
        for parts in [
            [&b"na$cl"[..], b"correct horse"],
            [b"correct horse", b"na$cl"],
        ] {
            let digest = hex::encode(Digest::Sha256.of(&parts));
            let hash = parse("sha256_salted", &format!("na$cl${digest}")).unwrap();
            assert!(hash.verify("correct horse"));
            assert!(!hash.verify("wrong horse"));
            assert_eq!((hash.scheme(), hash.encoded()), ("sha256", digest.as_str()));
        }
    }

    #[test]
    fn pbkdf2_salts_are_text_or_hexadecimal_as_the_name_says() {
        let key = |salt: &[u8]| hex::encode(Digest::Sha512.pbkdf2(b"correct horse", salt, 10, 64));
        for (name, written, salt) in [
            ("pbkdf2_sha512", "beef", &b"beef"[..]),
            ("pbkdf2_sha512_hex", "beef", &[0xbe, 0xef]),
        ] {
            let encoded = format!("{name}$10${written}${}", key(salt));
            assert!(
                parse(name, &encoded).unwrap().verify("correct horse"),
                "{name}"
            );
            assert_eq!(Hash::recognize(&encoded).unwrap().scheme(), name);
        }
    }

    #[test]
    fn cognito_passwords_stay_in_cognito() {
        let error = Hash::recognize("awscognito#eu-west-1_abc#client#mara").unwrap_err();
        assert_eq!(error.code(), "unsupported_scheme");
    }
}
