//! Symfony's legacy `MessageDigestPasswordEncoder`: m = `password{salt}`, d = SHA-512(m), then again SHA-512(d ‖ m).

use super::{Parsed, Scheme, Verify, malformed, never};
use crate::describe::{Facts, Strength};
use crate::digest::Digest;
use crate::encoding::base64;
use crate::params::filled;
use crate::{Params, ParseError, Workspace, limits};

pub(super) static SCHEME: Scheme = Scheme {
    name: "symfony-legacy",
    aliases: &["symfony"],
    parameters: &["salt", "iterations"],
    recognize: never,
    read,
};

/// Clerk: `sha512_symfony$iterations$salt$hash`.
pub(super) static CLERK: Scheme = Scheme {
    name: "sha512_symfony",
    aliases: &[],
    parameters: &[],
    recognize: |encoded| encoded.starts_with("sha512_symfony$"),
    read: |encoded, _| {
        let fields: Vec<&str> = encoded.split('$').collect();
        let wrong = malformed(CLERK.name, "it must be sha512_symfony$iterations$salt$hash");
        let ["sha512_symfony", iterations, salt, hash] = fields[..] else {
            return Err(wrong);
        };
        let iterations = Some(iterations.parse().map_err(|_| wrong)?);
        let params = Params {
            salt: Some(salt.to_owned()),
            iterations,
            ..Params::EMPTY
        };
        Ok(read(hash, &params)?.stored_as(hash))
    },
};

struct Verifier {
    salt: String,
    iterations: u64,
    expected: Vec<u8>,
}

impl Verify for Verifier {
    fn outcomes(&self, password: &str, _: &mut Workspace) -> Vec<Vec<u8>> {
        if !limits::is_affordable(self.iterations, password) {
            return Vec::new();
        }
        // `mergePasswordAndSalt`: no braces without a salt, and no braces within one.
        let message = match self.salt.as_str() {
            "" => password.to_owned(),
            salt => format!("{password}{{{salt}}}"),
        };
        let message = message.as_bytes();
        vec![Digest::Sha512.repeated(&[message], message, self.iterations)]
    }

    fn expected(&self) -> &[u8] {
        &self.expected
    }

    fn facts(&self) -> Facts {
        Facts::new(Strength::Weak, !self.salt.is_empty())
            .variant("sha512")
            .with("iterations", self.iterations)
    }
}

fn read(encoded: &str, params: &Params) -> Result<Parsed, ParseError> {
    // Symfony's own default.
    let iterations = params.iterations.unwrap_or(5000);
    limits::check(
        SCHEME.name,
        "iterations",
        iterations,
        &limits::DIGEST_ROUNDS,
    )?;
    let expected = base64(encoded)
        .filter(|bytes| bytes.len() == Digest::Sha512.len())
        .ok_or(malformed(SCHEME.name, "it is not base64 of 64 bytes"))?;
    let salt = filled(params.salt.as_ref()).unwrap_or_default().to_owned();
    Ok(Parsed::new(
        SCHEME.name,
        Verifier {
            salt,
            iterations,
            expected,
        },
    )
    .with_params(params.clone()))
}

#[cfg(test)]
mod tests {
    use crate::{Hash, Params};

    #[test]
    fn clerks_string_is_taken_apart() {
        let hash = "q74hcVFG7mt86LFQzklj15okWet/87wCG5vTtVQgNleYmAie0CzVDhcVrauvaOssIR+rLlTv5Pd3uDETk2tskg==";
        let clerk = Hash::recognize(&format!("sha512_symfony$5000$abcSALTdef${hash}")).unwrap();
        assert!(clerk.verify("Correct-Horse_42"));
        let params = Params {
            salt: Some("abcSALTdef".to_owned()),
            iterations: Some(5000),
            ..Params::default()
        };
        assert_eq!(clerk, Hash::parse("symfony", hash, &params).unwrap());
    }
}
