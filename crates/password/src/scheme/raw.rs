//! Plain digests of password and salt: MD4 (with UTF-16, Windows' NT hash), MD5, SHA-1, SHA-2.
//!
//! Fast to compute, so fast to guess: accepted so that people can move in, replaced at their first sign-in.

use zeroize::Zeroizing;

use super::{Parsed, Scheme, Verify, malformed, never};
use crate::describe::{Facts, Strength};
use crate::digest::Digest;
use crate::encoding::{base64, hex};
use crate::params::filled;
use crate::{Params, ParseError, Workspace};

const PARAMETERS: &[&str] = &[
    "salt",
    "salt_position",
    "salt_format",
    "hash_encoding",
    "password_encoding",
];

macro_rules! schemes {
    ($($static:ident $digest:ident $name:literal $aliases:expr;)+) => {
        $(pub(super) static $static: Scheme = Scheme {
            name: $name,
            aliases: $aliases,
            parameters: PARAMETERS,
            recognize: never,
            read: |encoded, params| read($name, Digest::$digest, encoded, params),
        };)+
    };
}

schemes! {
    MD4 Md4 "md4" &[];
    MD5 Md5 "md5" &[];
    SHA1 Sha1 "sha1" &["sha-1"];
    SHA224 Sha224 "sha224" &["sha-224"];
    SHA256 Sha256 "sha256" &["sha-256"];
    SHA384 Sha384 "sha384" &["sha-384"];
    SHA512 Sha512 "sha512" &["sha-512"];
}

/// Where a salt stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Position {
    /// Salt, then password.
    Prefix,
    /// Password, then salt.
    Suffix,
    /// The source does not say; both are tried.
    Either,
}

/// How a password becomes bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PasswordEncoding {
    Utf8,
    Utf16Le,
    Utf16Be,
    /// The low byte of each UTF-16 unit: what Node.js calls `latin1`, `ascii` and `binary`, as Auth0 does.
    LowBytes,
}

impl PasswordEncoding {
    pub(super) fn of(params: &Params) -> Result<Self, ParseError> {
        let Some(name) = filled(params.password_encoding.as_ref()) else {
            return Ok(Self::Utf8);
        };
        match name.to_ascii_lowercase().as_str() {
            "utf8" | "utf-8" => Ok(Self::Utf8),
            "utf16le" | "utf-16le" | "utf16-le" | "ucs2" | "ucs-2" => Ok(Self::Utf16Le),
            "utf16be" | "utf-16be" | "utf16-be" => Ok(Self::Utf16Be),
            "latin1" | "ascii" | "binary" => Ok(Self::LowBytes),
            _ => Err(ParseError::InvalidParameter {
                parameter: "password_encoding",
                expected: "utf8, utf16le, utf16be, latin1, ascii or binary",
            }),
        }
    }

    pub(super) fn encode(self, password: &str) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(match self {
            Self::Utf8 => password.as_bytes().to_vec(),
            Self::Utf16Le => password.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            Self::Utf16Be => password.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            Self::LowBytes => password
                .encode_utf16()
                .map(|unit| unit.to_le_bytes()[0])
                .collect(),
        })
    }
}

struct Verifier {
    digest: Digest,
    salt: Vec<u8>,
    position: Position,
    encoding: PasswordEncoding,
    expected: Vec<u8>,
}

impl Verify for Verifier {
    fn outcomes(&self, password: &str, _: &mut Workspace) -> Vec<Vec<u8>> {
        let password = self.encoding.encode(password);
        let prefixed = || self.digest.of(&[&self.salt, &password]);
        let suffixed = || self.digest.of(&[&password, &self.salt]);
        match self.position {
            Position::Prefix => vec![prefixed()],
            Position::Suffix => vec![suffixed()],
            Position::Either => vec![prefixed(), suffixed()],
        }
    }

    fn expected(&self) -> &[u8] {
        &self.expected
    }

    fn readings(&self) -> usize {
        if self.position == Position::Either {
            2
        } else {
            1
        }
    }

    fn facts(&self) -> Facts {
        let salted = !self.salt.is_empty();
        let facts = Facts::new(Strength::Weak, salted);
        let facts = if salted {
            let position = match self.position {
                Position::Prefix => "prefix",
                Position::Suffix => "suffix",
                Position::Either => "either",
            };
            facts
                .with("salt_position", position)
                .with("salt_bytes", self.salt.len())
        } else {
            facts
        };
        match self.encoding {
            PasswordEncoding::Utf8 => facts,
            PasswordEncoding::Utf16Le => facts.with("password_encoding", "utf16le"),
            PasswordEncoding::Utf16Be => facts.with("password_encoding", "utf16be"),
            PasswordEncoding::LowBytes => facts.with("password_encoding", "latin1"),
        }
    }
}

/// Reads a digest and its salt.
pub(super) fn read(
    scheme: &'static str,
    digest: Digest,
    encoded: &str,
    params: &Params,
) -> Result<Parsed, ParseError> {
    let expected = bytes_of(scheme, encoded, digest.len(), params)?;
    let salt = match position_name(params) {
        None if filled(params.salt.as_ref()).is_none() => None,
        Some("none") => None,
        Some(_) if filled(params.salt.as_ref()).is_none() => {
            return Err(ParseError::MissingParameter {
                scheme,
                parameter: "salt",
            });
        }
        _ => salt_bytes(params)?,
    };
    let position = if salt.is_some() {
        position(scheme, params)?
    } else {
        Position::Prefix
    };
    let mut used = Params {
        password_encoding: params.password_encoding.clone(),
        ..Params::EMPTY
    };
    used.hash_encoding.clone_from(&params.hash_encoding);
    if salt.is_some() {
        used.salt.clone_from(&params.salt);
        used.salt_position.clone_from(&params.salt_position);
        used.salt_format.clone_from(&params.salt_format);
    }
    let encoding = PasswordEncoding::of(params)?;
    let verifier = Verifier {
        digest,
        salt: salt.unwrap_or_default(),
        position,
        encoding,
        expected,
    };
    Ok(Parsed::new(scheme, verifier).with_params(used))
}

/// A digest of `length` bytes, written as the parameters say or else as its length shows.
pub(super) fn bytes_of(
    scheme: &'static str,
    encoded: &str,
    length: usize,
    params: &Params,
) -> Result<Vec<u8>, ParseError> {
    let bytes = match filled(params.hash_encoding.as_ref()) {
        None if encoded.len() == 2 * length => hex(encoded),
        None => base64(encoded),
        Some(name) if name.eq_ignore_ascii_case("hex") => hex(encoded),
        Some(name) if name.eq_ignore_ascii_case("base64") => base64(encoded),
        Some(_) => {
            return Err(ParseError::InvalidParameter {
                parameter: "hash_encoding",
                expected: "hex or base64",
            });
        }
    };
    match bytes {
        None => Err(malformed(
            scheme,
            "it is neither hexadecimal nor base64, or not what hash_encoding says",
        )),
        Some(bytes) if bytes.len() != length => {
            Err(malformed(scheme, "it has not the length of its digest"))
        }
        Some(bytes) => Ok(bytes),
    }
}

fn position_name(params: &Params) -> Option<&str> {
    filled(params.salt_position.as_ref())
}

/// Where the salt stands; it must be said.
pub(super) fn position(scheme: &'static str, params: &Params) -> Result<Position, ParseError> {
    let Some(name) = position_name(params) else {
        return Err(ParseError::MissingParameter {
            scheme,
            parameter: "salt_position",
        });
    };
    match name.to_ascii_lowercase().as_str() {
        "prefix" => Ok(Position::Prefix),
        "suffix" | "postfix" => Ok(Position::Suffix),
        "either" => Ok(Position::Either),
        _ => Err(ParseError::InvalidParameter {
            parameter: "salt_position",
            expected: "prefix or suffix",
        }),
    }
}

/// The bytes of the salt, if there is one. `string` is the default; its backslashes are literal.
pub(super) fn salt_bytes(params: &Params) -> Result<Option<Vec<u8>>, ParseError> {
    let Some(salt) = filled(params.salt.as_ref()) else {
        return Ok(None);
    };
    decode(salt, params.salt_format.as_ref(), "salt", "salt_format").map(Some)
}

/// The bytes of a text that is written as another parameter says: `string` (or `utf8`), `hex` or `base64`.
pub(super) fn decode(
    text: &str,
    format: Option<&String>,
    name: &'static str,
    format_name: &'static str,
) -> Result<Vec<u8>, ParseError> {
    let Some(format) = filled(format) else {
        return Ok(text.as_bytes().to_vec());
    };
    let (bytes, expected) = match format.to_ascii_lowercase().as_str() {
        "string" | "utf8" | "utf-8" | "text" | "ascii" => (Some(text.as_bytes().to_vec()), "text"),
        "hex" => (hex(text.trim()), "hexadecimal, as its format says"),
        "base64" => (base64(text.trim()), "base64, as its format says"),
        _ => {
            return Err(ParseError::InvalidParameter {
                parameter: format_name,
                expected: "string, hex or base64",
            });
        }
    };
    bytes.ok_or(ParseError::InvalidParameter {
        parameter: name,
        expected,
    })
}

#[cfg(test)]
mod tests {
    use crate::{Hash, Params};

    fn parse(scheme: &str, encoded: &str, set: &[(&str, &str)]) -> Result<Hash, crate::ParseError> {
        let mut params = Params::default();
        for (name, value) in set {
            params.set(name, value).unwrap();
        }
        Hash::parse(scheme, encoded, &params)
    }

    #[test]
    fn related_columns_must_agree() {
        let md5 = "a3c68e193330b110c76ba1a5098cc64c";
        let code = |set: &[(&str, &str)]| parse("md5", md5, set).unwrap_err().code();
        assert_eq!(code(&[("salt", "abc")]), "missing_parameter");
        assert_eq!(code(&[("salt_position", "prefix")]), "missing_parameter");
        assert_eq!(
            code(&[("salt", "abc"), ("salt_position", "middle")]),
            "invalid_parameter"
        );
        assert_eq!(
            code(&[
                ("salt", "xyz"),
                ("salt_position", "prefix"),
                ("salt_format", "hex")
            ]),
            "invalid_parameter"
        );
        assert_eq!(code(&[("iterations", "1")]), "unexpected_parameter");
        assert!(
            parse("md5", md5, &[("salt", "abc"), ("salt_position", "none")])
                .unwrap()
                .verify("Correct-Horse_42")
        );
    }

    #[test]
    fn the_encoding_is_found_by_length() {
        for encoded in [
            "a3c68e193330b110c76ba1a5098cc64c",
            "o8aOGTMwsRDHa6GlCYzGTA==",
            "o8aOGTMwsRDHa6GlCYzGTA",
        ] {
            assert!(
                parse("md5", encoded, &[])
                    .unwrap()
                    .verify("Correct-Horse_42"),
                "{encoded}"
            );
        }
        assert!(
            parse(
                "md5",
                "o8aOGTMwsRDHa6GlCYzGTA==",
                &[("hash_encoding", "hex")]
            )
            .is_err()
        );
    }

    #[test]
    fn md4_of_utf16_is_the_nt_hash() {
        // The NT hash of "password", in every book on the subject.
        let hash = parse(
            "md4",
            "8846F7EAEE8FB117AD06BDD830B7586C",
            &[("password_encoding", "utf16le")],
        )
        .unwrap();
        assert!(hash.verify("password"));
    }

    #[test]
    fn a_salt_on_either_side_is_found() {
        for encoded in [
            "641667a22c9dec5d6159b514a0d9c702",
            "f9931767020d314ca953df2899b6017e",
        ] {
            let hash = parse(
                "md5",
                encoded,
                &[("salt", "s4lty"), ("salt_position", "either")],
            )
            .unwrap();
            assert!(hash.verify("Correct-Horse_42"));
            assert!(!hash.verify("correct-horse_42"));
        }
    }
}
