//! What somebody's own program wrote, told by a [formula](crate::formula): `sha1(salt + md5(password) + pepper)`.
//!
//! The text is the digest in hexadecimal or base64, or exactly what the formula writes. Where digest and salt share the text,
//! a layout says where they stand: `{hash}:{salt}`, `{salt:9}{hash}`. With `crypt(…)` around it, the formula says what was
//! hashed again by a scheme whose texts tell themselves what they are: `bcrypt(md5(password))`.

use std::sync::Arc;

use super::{
    Parsed, Scheme, Verify, argon2, bcrypt, crypt, delegate, malformed, never, pbkdf2_strings,
    phpass, raw, scrypt,
};
use crate::describe::{Facts, Strength};
use crate::formula::{self, Formula, Inputs, Outcome, Setting};
use crate::params::{filled, required};
use crate::scheme::raw::PasswordEncoding;
use crate::{Params, ParseError, Workspace};

pub(super) static SCHEME: Scheme = Scheme {
    name: "custom",
    aliases: &["formula"],
    parameters: &[
        "formula",
        "layout",
        "salt",
        "salt_format",
        "pepper",
        "iterations",
        "hash_encoding",
        "password_encoding",
    ],
    recognize: never,
    read,
};

struct Verifier {
    formula: Formula,
    salt: Vec<u8>,
    pepper: Vec<u8>,
    encoding: PasswordEncoding,
    expected: Expected,
}

enum Expected {
    Bytes(Vec<u8>),
    /// What the formula comes to is the password of this hash.
    Hash(Arc<dyn Verify>),
}

impl Verify for Verifier {
    fn outcomes(&self, password: &str, workspace: &mut Workspace) -> Vec<Vec<u8>> {
        let Some(value) = self.formula.evaluate(&Inputs {
            password: &self.encoding.encode(password),
            salt: &self.salt,
            pepper: &self.pepper,
        }) else {
            return Vec::new();
        };
        match &self.expected {
            Expected::Bytes(_) => vec![value.to_vec()],
            Expected::Hash(hash) => match std::str::from_utf8(&value) {
                Ok(text) => hash.outcomes(text, workspace),
                Err(_) => Vec::new(),
            },
        }
    }

    fn expected(&self) -> &[u8] {
        match &self.expected {
            Expected::Bytes(bytes) => bytes,
            Expected::Hash(hash) => hash.expected(),
        }
    }

    fn readings(&self) -> usize {
        match &self.expected {
            Expected::Bytes(_) => 1,
            Expected::Hash(hash) => hash.readings(),
        }
    }

    fn facts(&self) -> Facts {
        match &self.expected {
            Expected::Hash(hash) => hash.facts().with("over_a_formula", true),
            Expected::Bytes(_) => {
                let digests = self.formula.digests();
                // As for other digests that are applied again and again, see `fusionauth.rs`.
                Facts::new(
                    Strength::by_cost(digests, 20_000, u64::MAX),
                    self.formula.is_salted,
                )
                .with("digests", digests)
            }
        }
    }
}

fn read(encoded: &str, params: &Params) -> Result<Parsed, ParseError> {
    let text = required(SCHEME.name, "formula", params.formula.as_ref())?;
    let mut params = params.clone();
    let encoded = without_layout(SCHEME.name, encoded, &mut params)?;
    let salt = raw::salt_bytes(&params)?;
    let encoding = PasswordEncoding::of(&params)?;
    let pepper = filled(params.pepper.as_ref()).map(|pepper| pepper.as_bytes().to_vec());
    let setting = Setting {
        salt: salt
            .as_ref()
            .map(|salt| (salt.len(), std::str::from_utf8(salt).is_ok())),
        pepper: pepper.as_ref().map(Vec::len),
        is_text: encoding == PasswordEncoding::Utf8,
        iterations: params.iterations,
    };
    let formula = formula::parse(text, setting)?;
    let expected = match formula.outcome {
        Outcome::Digest(length, _) => {
            Expected::Bytes(raw::bytes_of(SCHEME.name, encoded, length, &params)?)
        }
        Outcome::Text => Expected::Bytes(encoded.as_bytes().to_vec()),
        Outcome::Input => Expected::Hash(read_outer(encoded)?),
    };
    let verifier = Verifier {
        formula,
        salt: salt.unwrap_or_default(),
        pepper: pepper.unwrap_or_default(),
        encoding,
        expected,
    };
    Ok(Parsed::new(SCHEME.name, verifier)
        .stored_as(encoded)
        .with_params(params))
}

/// Reads a hash that says itself what it is.
fn read_outer(encoded: &str) -> Result<Arc<dyn Verify>, ParseError> {
    let known = [
        &bcrypt::SCHEME,
        &argon2::SCHEME,
        &scrypt::SCHEME,
        &phpass::SCHEME,
        &pbkdf2_strings::PASSLIB,
        &pbkdf2_strings::PHC,
    ];
    let parsed = delegate(encoded, &known).unwrap_or_else(|| crypt::read(encoded))?;
    Ok(parsed.verifier)
}

/// The hash alone, where the parameters say how hash and salt share the text; the salt is a parameter then.
pub(super) fn without_layout<'a>(
    scheme: &'static str,
    encoded: &'a str,
    params: &mut Params,
) -> Result<&'a str, ParseError> {
    match params
        .layout
        .take()
        .filter(|layout| !layout.trim().is_empty())
    {
        Some(layout) => take_apart(scheme, &layout, encoded, params),
        None => Ok(encoded),
    }
}

/// Takes hash and salt out of a text in which both are, and returns the hash.
fn take_apart<'a>(
    scheme: &'static str,
    layout: &str,
    text: &'a str,
    params: &mut Params,
) -> Result<&'a str, ParseError> {
    const WRONG: ParseError = ParseError::InvalidParameter {
        parameter: "layout",
        expected: "a text with {hash}, and {salt} where the salt is in it, such as {hash}:{salt} or {salt:9}{hash}",
    };
    let other = malformed(scheme, "it has not the layout that was given");
    if !layout.contains("{hash") {
        return Err(WRONG);
    }
    let (mut rest, mut pattern) = (text, layout.trim());
    let (mut hash, mut salt) = (None, None);
    while !pattern.is_empty() {
        let (literal, after) = pattern.split_once('{').unwrap_or((pattern, ""));
        rest = rest.strip_prefix(literal).ok_or(other.clone())?;
        if after.is_empty() {
            pattern = "";
            continue;
        }
        let (name, after) = after.split_once('}').ok_or(WRONG)?;
        let (name, length) = match name.split_once(':') {
            Some((name, length)) => (name, Some(length.parse::<usize>().map_err(|_| WRONG)?)),
            None => (name, None),
        };
        let mark = after.split('{').next().unwrap_or_default();
        let end = match length {
            Some(length) => Some(length),
            None if after.is_empty() => Some(rest.len()),
            None if mark.is_empty() => return Err(WRONG),
            // A salt may hold the mark; a digest in hexadecimal or base64 does not.
            None if name == "salt" && after[mark.len()..] == *"{hash}" => rest.rfind(mark),
            None => rest.find(mark),
        };
        let (piece, remaining) = end
            .and_then(|end| rest.split_at_checked(end))
            .ok_or(other.clone())?;
        let place = match name {
            "hash" => &mut hash,
            "salt" => &mut salt,
            _ => return Err(WRONG),
        };
        if place.replace(piece).is_some() {
            return Err(WRONG);
        }
        (rest, pattern) = (remaining, after);
    }
    if !rest.is_empty() {
        return Err(other);
    }
    if let Some(salt) = salt {
        if filled(params.salt.as_ref()).is_some() {
            return Err(ParseError::UnexpectedParameter {
                scheme,
                parameter: "salt",
            });
        }
        params.salt = Some(salt.to_owned());
    }
    hash.filter(|hash| !hash.is_empty()).ok_or(WRONG)
}

#[cfg(test)]
mod tests;
