//! Ory Kratos: mostly the strings of others, some with marks of its own, and two forms that nobody else has.
//!
//! - `$sha256$pf=base64 of a template$salt$hash`, the template having `{SALT}` and `{PASSWORD}`; also `$md5$hash`.
//! - `$hmac-sha256$hash$key`, where the hash is base64 of hexadecimal text.
//!
//! See `hash/hash_comparator.go` of `ory/kratos`.

use super::raw::PasswordEncoding;
use super::{Parsed, Scheme, Verify, hmac, malformed};
use crate::describe::{Facts, Strength};
use crate::digest::Digest;
use crate::encoding::{base64, hex};
use crate::{ParseError, Workspace, scheme};

/// Anything that Kratos stores.
pub(super) static SCHEME: Scheme = Scheme {
    name: "ory",
    aliases: &["kratos"],
    parameters: &[],
    recognize: |encoded| MARKS.iter().any(|(mark, _)| encoded.starts_with(mark)),
    read: |encoded, _| read(encoded),
};

pub(super) static TEMPLATE: Scheme = Scheme {
    name: "ory-sha",
    aliases: &["ory-md5", "ory-digest"],
    parameters: &[],
    recognize: |encoded| {
        let mark = encoded.split('$').nth(1).unwrap_or_default();
        encoded.starts_with('$') && ["md5", "sha1", "sha256", "sha512"].contains(&mark)
    },
    read: |encoded, _| read_template(encoded),
};

pub(super) static HMAC: Scheme = Scheme {
    name: "ory-hmac",
    aliases: &[],
    parameters: &[],
    recognize: |encoded| encoded.starts_with("$hmac-"),
    read: |encoded, _| read_hmac(encoded),
};

/// Kratos's marks for the schemes of crypt(3), and theirs.
const MARKS: [(&str, &str); 3] = [
    ("$md5-crypt$", "$1$"),
    ("$sha256-crypt$", "$5$"),
    ("$sha512-crypt$", "$6$"),
];

fn read(encoded: &str) -> Result<Parsed, ParseError> {
    let renamed = MARKS
        .iter()
        .find_map(|(mark, theirs)| Some(format!("{theirs}{}", encoded.strip_prefix(mark)?)));
    let text = renamed.as_deref().unwrap_or(encoded);
    let found = scheme::recognize(text)?;
    if found.name == SCHEME.name {
        return Err(malformed(SCHEME.name, "its mark is there twice"));
    }
    let parsed = (found.read)(text, &crate::Params::EMPTY)?;
    Ok(if parsed.encoded.is_none() {
        parsed.stored_as(text)
    } else {
        parsed
    })
}

/// A piece of what is digested.
pub(super) enum Piece {
    Text(Vec<u8>),
    Password,
}

/// A digest of texts with the password among them.
pub(super) struct Template {
    pub(super) digest: Digest,
    pub(super) pieces: Vec<Piece>,
    pub(super) expected: Vec<u8>,
}

impl Verify for Template {
    fn outcomes(&self, password: &str, _: &mut Workspace) -> Vec<Vec<u8>> {
        let parts: Vec<&[u8]> = self
            .pieces
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => text,
                Piece::Password => password.as_bytes(),
            })
            .collect();
        vec![self.digest.of(&parts)]
    }

    fn expected(&self) -> &[u8] {
        &self.expected
    }

    fn facts(&self) -> Facts {
        let salted = self
            .pieces
            .iter()
            .any(|piece| matches!(piece, Piece::Text(text) if !text.is_empty()));
        Facts::new(Strength::Weak, salted).variant(self.digest.name())
    }
}

fn read_template(encoded: &str) -> Result<Parsed, ParseError> {
    let wrong = |problem| malformed(TEMPLATE.name, problem);
    let fields: Vec<&str> = encoded.split('$').collect();
    let (name, pieces, expected) = match fields[..] {
        ["", name, expected] => (name, vec![Piece::Password], expected),
        ["", name, template, salt, expected] => {
            let template = template
                .strip_prefix("pf=")
                .and_then(base64)
                .and_then(|bytes| String::from_utf8(bytes).ok());
            let (Some(template), Some(salt)) = (template, base64(salt)) else {
                return Err(wrong("its template or salt is not base64"));
            };
            (name, pieces(&template, &salt), expected)
        }
        _ => return Err(wrong("it must be $sha256$pf=template$salt$hash")),
    };
    if !pieces.iter().any(|piece| matches!(piece, Piece::Password)) {
        return Err(wrong("its template has no {PASSWORD}"));
    }
    let digest = Digest::named(name).ok_or(wrong("its digest is not known"))?;
    match base64(expected) {
        Some(expected) if expected.len() == digest.len() => Ok(Parsed::new(
            TEMPLATE.name,
            Template {
                digest,
                pieces,
                expected,
            },
        )),
        _ => Err(wrong("its hash is not base64 of the length of its digest")),
    }
}

/// The pieces of a template: whichever mark comes first, again and again.
fn pieces(template: &str, salt: &[u8]) -> Vec<Piece> {
    const MARKS: [&str; 2] = ["{PASSWORD}", "{SALT}"];
    let mut pieces = Vec::new();
    let mut rest = template;
    while let Some((at, mark)) = MARKS
        .iter()
        .filter_map(|mark| Some((rest.find(mark)?, mark)))
        .min()
    {
        pieces.push(Piece::Text(rest[..at].into()));
        pieces.push(if *mark == MARKS[0] {
            Piece::Password
        } else {
            Piece::Text(salt.to_vec())
        });
        rest = &rest[at + mark.len()..];
    }
    pieces.push(Piece::Text(rest.into()));
    pieces
}

fn read_hmac(encoded: &str) -> Result<Parsed, ParseError> {
    let wrong = |problem| malformed(HMAC.name, problem);
    let fields: Vec<&str> = encoded
        .strip_prefix("$hmac-")
        .unwrap_or_default()
        .split('$')
        .collect();
    let [name, expected, key] = fields[..] else {
        return Err(wrong("it must be $hmac-sha256$hash$key"));
    };
    let digest = Digest::named(name).ok_or(wrong("its digest is not known"))?;
    let (Some(expected), Some(key)) = (base64(expected), base64(key)) else {
        return Err(wrong("its hash or key is not base64"));
    };
    let expected = if expected.len() == digest.len() {
        Some(expected)
    } else {
        String::from_utf8(expected)
            .ok()
            .and_then(|text| hex(&text))
            .filter(|bytes| bytes.len() == digest.len())
    };
    let expected = expected.ok_or(wrong("its hash has not the length of its digest"))?;
    let encoding = PasswordEncoding::Utf8;
    Ok(Parsed::new(
        HMAC.name,
        hmac::Verifier {
            digest,
            key,
            encoding,
            expected,
            salted: false,
        },
    ))
}

#[cfg(test)]
mod tests {
    use crate::encoding::to_base64;
    use crate::{Hash, Params};

    #[test]
    fn the_marks_of_crypt_are_put_right() {
        let hash = Hash::recognize("$md5-crypt$28772684$zUiNm8xBHzDBLiSO7OMt4/").unwrap();
        assert_eq!(
            (hash.scheme(), hash.encoded()),
            ("md5-crypt", "$1$28772684$zUiNm8xBHzDBLiSO7OMt4/")
        );
        assert!(hash.verify("Correct-Horse_42"));
        let bcrypt = "$2a$04$abcdefghijklmnopqrstuusdRCN/1WmgUHC4msDXrQGy7cAU8.Va.";
        assert_eq!(
            Hash::parse("ory", bcrypt, &Params::default()).unwrap(),
            Hash::recognize(bcrypt).unwrap()
        );
    }

    #[test]
    fn hmac_is_base64_of_hexadecimal() {
        let expected =
            to_base64(b"e62846a8e2ccdb4ddef1ae58c9418221afc5a3f031588a28726b91dd9fc63e5e");
        let hash =
            Hash::recognize(&format!("$hmac-sha256${expected}${}", to_base64(b"shh"))).unwrap();
        assert!(hash.verify("Correct-Horse_42"));
        assert!(!hash.verify("correct-horse_42"));
    }

    #[test]
    fn a_template_without_the_password_is_refused() {
        let encoded = format!(
            "$md5$pf={}$TmFDbA==$SZ5HEsbMG50gxteNgW/aLg==",
            to_base64(b"{SALT}")
        );
        assert_eq!(
            Hash::recognize(&encoded).unwrap_err().code(),
            "malformed_hash"
        );
    }

    #[test]
    fn what_kratos_does_not_know_is_not_guessed() {
        assert_eq!(
            Hash::parse(
                "ory",
                "a3c68e193330b110c76ba1a5098cc64c",
                &Params::default()
            )
            .unwrap_err()
            .code(),
            "ambiguous_hash"
        );
        assert_eq!(
            Hash::parse("ory", "$md5-crypt$", &Params::default())
                .unwrap_err()
                .code(),
            "malformed_hash"
        );
    }
}
