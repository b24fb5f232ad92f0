//! Logto's `Legacy` digests: `["algorithm", ["argument", …], "hex"]`, where `@` stands for the password.
//!
//! For digests the arguments are joined; for `pbkdf2` they are salt, iterations, length and digest.

use serde_json::Value;

use super::ory::{Piece, Template};
use super::{Parsed, Scheme, malformed, pbkdf2_strings};
use crate::ParseError;
use crate::digest::Digest;
use crate::encoding::hex;

pub(super) static SCHEME: Scheme = Scheme {
    name: "logto-legacy",
    aliases: &["legacy", "logto"],
    parameters: &[],
    recognize: |encoded| encoded.starts_with('['),
    read: |encoded, _| read(encoded),
};

fn read(encoded: &str) -> Result<Parsed, ParseError> {
    let wrong = |problem| malformed(SCHEME.name, problem);
    let shape = "it must be [\"algorithm\", [\"argument\", …], \"hex\"]";
    let (name, arguments, expected): (String, Vec<Value>, String) =
        serde_json::from_str(encoded).map_err(|_| wrong(shape))?;
    let arguments: Option<Vec<String>> = arguments
        .into_iter()
        .map(|argument| match argument {
            Value::String(text) => Some(text),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        })
        .collect();
    let arguments = arguments.ok_or(wrong(shape))?;
    if !arguments.iter().any(|argument| argument == "@") {
        return Err(wrong("none of its arguments is @, the password"));
    }
    let expected = hex(&expected).ok_or(wrong("its hash is not hexadecimal"))?;
    if name.eq_ignore_ascii_case("pbkdf2") {
        return read_pbkdf2(&arguments, &expected);
    }
    let digest = Digest::named(&name).ok_or(wrong("its algorithm is not known"))?;
    if expected.len() != digest.len() {
        return Err(wrong("its hash has not the length of its digest"));
    }
    let pieces = arguments
        .into_iter()
        .map(|argument| {
            if argument == "@" {
                Piece::Password
            } else {
                Piece::Text(argument.into())
            }
        })
        .collect();
    Ok(Parsed::new(
        SCHEME.name,
        Template {
            digest,
            pieces,
            expected,
        },
    ))
}

fn read_pbkdf2(arguments: &[String], key: &[u8]) -> Result<Parsed, ParseError> {
    let wrong = |problem| malformed(SCHEME.name, problem);
    let others: Vec<&str> = arguments
        .iter()
        .map(String::as_str)
        .filter(|argument| *argument != "@")
        .collect();
    let [salt, iterations, length, digest] = others[..] else {
        return Err(wrong("pbkdf2 takes salt, iterations, length, digest and @"));
    };
    let iterations = iterations
        .parse()
        .map_err(|_| wrong("its iterations are not a number"))?;
    if length.parse() != Ok(key.len()) {
        return Err(wrong("its hash has not the length that it says"));
    }
    let digest = Digest::named(digest).ok_or(wrong("its digest is not known"))?;
    let text = pbkdf2_strings::phc(digest, iterations, salt.as_bytes(), key);
    Ok(pbkdf2_strings::read_phc(&text)?.stored_as(text))
}

#[cfg(test)]
mod tests {
    use crate::Hash;

    #[test]
    fn other_documents_are_malformed() {
        for encoded in [
            "[]",
            "[1,2,3]",
            r#"["sha256",["salt"],"00"]"#,
            r#"["sha256",["@"],"00"]"#,
            r#"["md6",["@"],"00"]"#,
            r#"["pbkdf2",["@"],"00"]"#,
            r#"["sha256",[["@"]],"00"]"#,
        ] {
            assert_eq!(
                Hash::recognize(encoded).unwrap_err().code(),
                "malformed_hash",
                "{encoded}"
            );
        }
    }
}
