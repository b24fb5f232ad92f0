//! PBKDF2 as one string.
//!
//! - PHC (Auth0, Ory, RustCrypto): `$pbkdf2-sha256$i=100000,l=32$salt$hash`, base64. Without `i` Auth0 means 100,000.
//! - passlib: `$pbkdf2-sha256$25000$salt$hash`, base64 with `.` for `+`. `$pbkdf2$` is SHA-1.

use super::pbkdf2::Verifier;
use super::{Parsed, Scheme, malformed};
use crate::ParseError;
use crate::digest::Digest;
use crate::encoding::{adapted_base64, base64, to_base64_unpadded};

pub(super) static PHC: Scheme = Scheme {
    name: "phc-pbkdf2",
    aliases: &["pbkdf2-phc"],
    parameters: &[],
    recognize: |encoded| encoded.starts_with("$pbkdf2-"),
    read: |encoded, _| read_phc(encoded),
};

pub(super) static PASSLIB: Scheme = Scheme {
    name: "passlib-pbkdf2",
    aliases: &["pbkdf2-passlib"],
    parameters: &[],
    recognize: |encoded| encoded.starts_with("$pbkdf2") && is_number(encoded.split('$').nth(2)),
    read: |encoded, _| read_passlib(encoded),
};

const DEFAULT_ITERATIONS: u64 = 100_000;

fn is_number(field: Option<&str>) -> bool {
    field.is_some_and(|field| !field.is_empty() && field.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Writes the parts as a PHC string, for sources that keep them apart.
pub(crate) fn phc(digest: Digest, iterations: u64, salt: &[u8], key: &[u8]) -> String {
    let (salt, length, key) = (to_base64_unpadded(salt), key.len(), to_base64_unpadded(key));
    format!(
        "$pbkdf2-{}$i={iterations},l={length}${salt}${key}",
        digest.name()
    )
}

pub(super) fn read_phc(encoded: &str) -> Result<Parsed, ParseError> {
    let wrong = |problem| malformed(PHC.name, problem);
    let shape = "it must be $pbkdf2-sha256$i=…,l=…$salt$hash";
    let mut fields = encoded
        .strip_prefix("$pbkdf2-")
        .ok_or(wrong(shape))?
        .split('$')
        .peekable();
    let digest = fields
        .next()
        .and_then(Digest::named)
        .ok_or(wrong("its digest is not known"))?;
    let (mut iterations, mut length) = (DEFAULT_ITERATIONS, None);
    if let Some(costs) = fields.next_if(|field| field.contains('=') && !field.ends_with('=')) {
        for cost in costs.split(',') {
            let number = |text: &str| {
                text.parse::<u64>()
                    .map_err(|_| wrong("i or l is not a number"))
            };
            match cost.split_once('=') {
                Some(("i", value)) => iterations = number(value)?,
                Some(("l", value)) => length = Some(number(value)?),
                _ => return Err(wrong(shape)),
            }
        }
    }
    let (Some(salt), Some(key), None) = (fields.next(), fields.next(), fields.next()) else {
        return Err(wrong(shape));
    };
    let (Some(salt), Some(key)) = (base64(salt), base64(key)) else {
        return Err(wrong("its salt or hash is not base64"));
    };
    if length.is_some_and(|length| length != key.len() as u64) {
        return Err(wrong("its hash has not the length that l says"));
    }
    Ok(Parsed::new(
        PHC.name,
        Verifier::new(PHC.name, digest, iterations, salt, key)?,
    ))
}

pub(super) fn read_passlib(encoded: &str) -> Result<Parsed, ParseError> {
    let wrong = |problem| malformed(PASSLIB.name, problem);
    let fields: Vec<&str> = encoded.split('$').collect();
    let ["", name, iterations, salt, key] = fields[..] else {
        return Err(wrong("it must be $pbkdf2-sha256$iterations$salt$hash"));
    };
    let digest = match name {
        "pbkdf2" => Some(Digest::Sha1),
        _ => name.strip_prefix("pbkdf2-").and_then(Digest::named),
    };
    let digest = digest.ok_or(wrong("its digest is not known"))?;
    let iterations = iterations
        .parse()
        .map_err(|_| wrong("its iterations are not a number"))?;
    let (Some(salt), Some(key)) = (adapted_base64(salt), adapted_base64(key)) else {
        return Err(wrong("its salt or hash is not base64"));
    };
    Ok(Parsed::new(
        PASSLIB.name,
        Verifier::new(PASSLIB.name, digest, iterations, salt, key)?,
    ))
}

#[cfg(test)]
mod tests {
    use crate::Hash;

    #[test]
    fn length_and_iterations_are_checked() {
        let code = |costs: &str| {
            let key = "IzByfJeCSIr0gOlcrPArHB2ZjN2hCGfeyxtJmUlT9Tc";
            Hash::recognize(&format!(
                "$pbkdf2-sha256${costs}$EBESExQVFhcYGRobHB0eHw${key}"
            ))
            .map_err(|e| e.code())
        };
        assert!(code("i=100000,l=32").unwrap().verify("Correct-Horse_42"));
        assert_eq!(code("i=100000,l=64").unwrap_err(), "malformed_hash");
        assert_eq!(code("i=5000001,l=32").unwrap_err(), "cost_out_of_bounds");
        assert_eq!(code("i=many").unwrap_err(), "malformed_hash");
        assert_eq!(code("99999999999999999999").unwrap_err(), "malformed_hash");
    }
}
