//! ASP.NET Identity (`PasswordHasher<TUser>`): base64 of a block that begins with its version.
//!
//! - v2: `00`, 16 bytes of salt, 32 of key; PBKDF2-HMAC-SHA-1, 1000 iterations.
//! - v3: `01`, then as big-endian 32-bit numbers digest (0 SHA-1, 1 SHA-256, 2 SHA-512), iterations and length of the
//!   salt, then salt and key.

use super::pbkdf2::Verifier;
use super::{Parsed, Scheme, malformed};
use crate::ParseError;
use crate::digest::Digest;
use crate::encoding::base64;

pub(super) static V2: Scheme = Scheme {
    name: "aspnet-identity-v2",
    aliases: &[],
    parameters: &[],
    recognize: |encoded| {
        encoded.len() == 68 && encoded.starts_with('A') && read_v2(encoded).is_ok()
    },
    read: |encoded, _| read_v2(encoded),
};

pub(super) static V3: Scheme = Scheme {
    name: "aspnet-identity-v3",
    aliases: &["aspnet-identity"],
    parameters: &[],
    recognize: |encoded| encoded.starts_with("AQAAAA") && encoded.len() >= 60,
    read: |encoded, _| read_v3(encoded),
};

fn read_v2(encoded: &str) -> Result<Parsed, ParseError> {
    let wrong = |problem| malformed(V2.name, problem);
    let block = base64(encoded).ok_or(wrong("it is not base64"))?;
    match &block[..] {
        [0, rest @ ..] if rest.len() == 48 => {
            let (salt, key) = rest.split_at(16);
            Ok(Parsed::new(
                V2.name,
                Verifier::new(V2.name, Digest::Sha1, 1000, salt.to_vec(), key.to_vec())?,
            ))
        }
        [1, ..] => Err(wrong("it is of version 3: use aspnet-identity-v3")),
        _ => Err(wrong("it must be a zero byte, 16 of salt and 32 of key")),
    }
}

fn read_v3(encoded: &str) -> Result<Parsed, ParseError> {
    let wrong = |problem| malformed(V3.name, problem);
    let block = base64(encoded).ok_or(wrong("it is not base64"))?;
    let number = |at: usize| {
        let bytes = block
            .get(at..at + 4)
            .and_then(|bytes| bytes.try_into().ok());
        bytes
            .map(u32::from_be_bytes)
            .ok_or(wrong("it is cut short"))
    };
    match block.first() {
        Some(1) => {}
        Some(0) => return Err(wrong("it is of version 2: use aspnet-identity-v2")),
        _ => return Err(wrong("it does not begin with the version")),
    }
    let digest = match number(1)? {
        0 => Digest::Sha1,
        1 => Digest::Sha256,
        2 => Digest::Sha512,
        _ => return Err(wrong("its digest is not known")),
    };
    let iterations = number(5)?;
    let salt_length = usize::try_from(number(9)?).map_err(|_| wrong("it is cut short"))?;
    let (salt, key) = block[13..]
        .split_at_checked(salt_length)
        .ok_or(wrong("it is cut short"))?;
    // ASP.NET writes 16 and 32; less is a text that was cut.
    if salt.len() < 16 || key.len() < 32 {
        return Err(wrong("its salt is under 16 or its key under 32 bytes"));
    }
    Ok(Parsed::new(
        V3.name,
        Verifier::new(
            V3.name,
            digest,
            iterations.into(),
            salt.to_vec(),
            key.to_vec(),
        )?,
    ))
}

#[cfg(test)]
mod tests {
    use crate::{Hash, Params};

    const V2: &str = "ABAREhMUFRYXGBkaGxwdHh8ZO3YMj6LtRFZVuLOnXUPHQel/mBORsK2hpEKG+VfCmg==";
    const V3: &str =
        "AQAAAAEAACcQAAAAEBAREhMUFRYXGBkaGxwdHh+mVUzJG7D6juWnAMgA9Lx3WIFNWr6pLBiu2edTzcL8vw==";

    #[test]
    fn versions_are_recognized_and_not_mixed() {
        assert_eq!(Hash::recognize(V2).unwrap().scheme(), "aspnet-identity-v2");
        assert_eq!(Hash::recognize(V3).unwrap().scheme(), "aspnet-identity-v3");
        assert!(Hash::parse("aspnet-identity-v2", V3, &Params::default()).is_err());
        assert!(Hash::parse("aspnet-identity-v3", V2, &Params::default()).is_err());
    }

    #[test]
    fn version_2_takes_no_parameter() {
        for name in ["salt", "salt_position", "iterations", "variant"] {
            let mut params = Params::default();
            params.set(name, "1").unwrap();
            assert_eq!(
                Hash::parse("aspnet-identity-v2", V2, &params)
                    .unwrap_err()
                    .code(),
                "unexpected_parameter"
            );
        }
    }

    #[test]
    fn cut_and_hostile_blocks_are_refused() {
        for length in 1..81 {
            assert!(
                Hash::parse("aspnet-identity-v3", &V3[..length], &Params::default()).is_err(),
                "{length}"
            );
        }
        let hostile =
            "AQAAAAH/////AAAAEBAREhMUFRYXGBkaGxwdHh+mVUzJG7D6juWnAMgA9Lx3WIFNWr6pLBiu2edTzcL8vw==";
        assert_eq!(
            Hash::recognize(hostile).unwrap_err().code(),
            "cost_out_of_bounds"
        );
    }
}
