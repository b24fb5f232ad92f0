//! Firebase's modified scrypt: scrypt makes a key, and the hash is the project's signer key encrypted with it.
//!
//! `AES-256-CTR(scrypt(password, salt ‖ separator, 2^mem_cost, rounds, 1)[..32], signer key)`; see
//! `firebase/scrypt` on GitHub. Signer key, separator and costs belong to the project. Others write all of it as one
//! string; those are taken apart here and stored like Firebase's own.

use aes::Aes256;
use ctr::Ctr128BE;
use ctr::cipher::{KeyIvInit as _, StreamCipher as _};
use scrypt::scrypt;
use zeroize::Zeroizing;

use super::scrypt::Costs;
use super::{Parsed, Scheme, Verify, malformed, never};
use crate::describe::Facts;
use crate::encoding::base64;
use crate::params::{filled, required};
use crate::{Params, ParseError, Workspace};

pub(super) static SCHEME: Scheme = Scheme {
    name: "firebase-scrypt",
    aliases: &["firebase_scrypt", "firebase"],
    parameters: &["salt", "signer_key", "salt_separator", "rounds", "mem_cost"],
    recognize: never,
    read,
};

/// Clerk: `hash$salt$signer key$salt separator$rounds$memory cost`.
pub(super) static CLERK: Scheme = Scheme {
    name: "scrypt_firebase",
    aliases: &[],
    parameters: &[],
    recognize: never,
    read: |encoded, _| {
        let fields: Vec<&str> = encoded.split('$').collect();
        let [hash, salt, signer_key, separator, rounds, mem_cost] = fields[..] else {
            return Err(malformed(
                CLERK.name,
                "it must be hash$salt$signer key$salt separator$rounds$memory cost",
            ));
        };
        read_parts(
            hash,
            &[
                ("salt", salt),
                ("signer_key", signer_key),
                ("salt_separator", separator),
                ("rounds", rounds),
                ("mem_cost", mem_cost),
            ],
        )
    },
};

/// Ory: `$firescrypt$ln=14,r=8,p=1$salt$hash$separator$signer key`.
pub(super) static ORY: Scheme = Scheme {
    name: "firescrypt",
    aliases: &["firescrypt-ory"],
    parameters: &[],
    recognize: |encoded| encoded.starts_with("$firescrypt$"),
    read: |encoded, _| {
        let wrong = malformed(
            ORY.name,
            "it must be $firescrypt$ln=…,r=…,p=1$salt$hash$separator$signer key",
        );
        let fields: Vec<&str> = encoded.split('$').collect();
        let ["", "firescrypt", costs, salt, hash, separator, signer_key] = fields[..] else {
            return Err(wrong);
        };
        let costs: Vec<&str> = costs.split(',').collect();
        let (mem_cost, rounds) = match costs[..] {
            [mem_cost, rounds, "p=1"] => (mem_cost.strip_prefix("ln="), rounds.strip_prefix("r=")),
            _ => (None, None),
        };
        let (Some(mem_cost), Some(rounds)) = (mem_cost, rounds) else {
            return Err(wrong);
        };
        read_parts(
            hash,
            &[
                ("salt", salt),
                ("signer_key", signer_key),
                ("salt_separator", separator),
                ("rounds", rounds),
                ("mem_cost", mem_cost),
            ],
        )
    },
};

/// SuperTokens: `$f_scrypt$hash$salt$m=14$r=8$s=separator`; the signer key is in its configuration.
pub(super) static SUPERTOKENS: Scheme = Scheme {
    name: "supertokens",
    aliases: &["f_scrypt"],
    parameters: &["signer_key"],
    recognize: |encoded| encoded.starts_with("$f_scrypt$"),
    read: |encoded, params| {
        let wrong = malformed(
            SUPERTOKENS.name,
            "it must be $f_scrypt$hash$salt$m=…$r=…$s=separator",
        );
        let fields: Vec<&str> = encoded.split('$').collect();
        let ["", "f_scrypt", hash, salt, rest @ ..] = &fields[..] else {
            return Err(wrong);
        };
        let mut parts = vec![
            ("salt", *salt),
            (
                "signer_key",
                filled(params.signer_key.as_ref()).unwrap_or_default(),
            ),
        ];
        for field in rest {
            parts.push(match field.split_once('=') {
                Some(("m", value)) => ("mem_cost", value),
                Some(("r", value)) => ("rounds", value),
                Some(("s", value)) => ("salt_separator", value),
                _ => return Err(wrong),
            });
        }
        read_parts(hash, &parts)
    },
};

/// Reads what a string held, as if it had come in fields.
fn read_parts(hash: &str, parts: &[(&str, &str)]) -> Result<Parsed, ParseError> {
    let mut params = Params::default();
    for (name, value) in parts {
        params.set(name, value)?;
    }
    Ok(read(hash, &params)?.stored_as(hash))
}

struct Verifier {
    costs: Costs,
    cost: scrypt::Params,
    /// The person's salt, then the project's separator.
    salt: Vec<u8>,
    signer_key: Vec<u8>,
    hash: Vec<u8>,
}

impl Verify for Verifier {
    fn outcomes(&self, password: &str, _: &mut Workspace) -> Vec<Vec<u8>> {
        // The derived key has 64 bytes, of which the first 32 are used; they do not depend on the length.
        let mut key = Zeroizing::new([0; 32]);
        if scrypt(password.as_bytes(), &self.salt, &self.cost, &mut *key).is_err() {
            return Vec::new();
        }
        let mut output = self.signer_key.clone();
        Ctr128BE::<Aes256>::new(&(*key).into(), &[0; 16].into()).apply_keystream(&mut output);
        vec![output]
    }

    fn expected(&self) -> &[u8] {
        &self.hash
    }

    fn facts(&self) -> Facts {
        super::scrypt::facts(self.costs, true)
    }
}

fn read(encoded: &str, params: &Params) -> Result<Parsed, ParseError> {
    let decode =
        |parameter: Option<&String>| filled(parameter).and_then(|text| base64(text.trim()));
    let signer_key = decode(params.signer_key.as_ref()).ok_or(ParseError::InvalidSignerKey)?;
    let separator =
        decode(params.salt_separator.as_ref()).ok_or(ParseError::InvalidSaltSeparator)?;
    let rounds = params
        .rounds
        .filter(|rounds| (1..=16).contains(rounds))
        .ok_or(ParseError::InvalidRounds)?;
    let mem_cost = params
        .mem_cost
        .filter(|cost| (1..=20).contains(cost))
        .ok_or(ParseError::InvalidMemCost)?;
    let salt = required(SCHEME.name, "salt", params.salt.as_ref())?;
    let mut salt = base64(salt.trim()).ok_or(ParseError::InvalidParameter {
        parameter: "salt",
        expected: "base64",
    })?;
    salt.extend_from_slice(&separator);
    let hash = base64(encoded).ok_or(malformed(SCHEME.name, "it is not base64"))?;
    // The hash is the encrypted signer key, so the two are equally long.
    if hash.len() != signer_key.len() {
        return Err(malformed(
            SCHEME.name,
            "it has not the length of the signer key",
        ));
    }
    let costs = Costs {
        n: 1 << mem_cost,
        r: rounds,
        p: 1,
    };
    let cost = costs.check(SCHEME.name)?;
    let verifier = Verifier {
        costs,
        cost,
        salt,
        signer_key,
        hash,
    };
    Ok(Parsed::new(SCHEME.name, verifier).with_params(params.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Hash;

    /// The example of `firebase/scrypt`'s README.
    fn published() -> (&'static str, Params) {
        let params = serde_json::json!({
            "salt": "42xEC+ixf3L2lw==",
            "base64_signer_key": "jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==",
            "base64_salt_separator": "Bw==",
            "rounds": 8,
            "mem_cost": 14,
        });
        let hash = "lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==";
        (hash, serde_json::from_value(params).unwrap())
    }

    #[test]
    fn each_bad_parameter_has_its_code() {
        let (hash, params) = published();
        for (name, value, code) in [
            ("signer_key", "", "invalid_signer_key"),
            ("signer_key", "no!", "invalid_signer_key"),
            ("salt_separator", "no!", "invalid_salt_separator"),
            ("rounds", "0", "invalid_rounds"),
            ("rounds", "17", "invalid_rounds"),
            ("rounds", "", "invalid_rounds"),
            ("mem_cost", "21", "invalid_mem_cost"),
            ("mem_cost", "", "invalid_mem_cost"),
            ("salt", "", "missing_parameter"),
            ("variant", "x", "unexpected_parameter"),
        ] {
            let mut params = params.clone();
            params.set(name, value).unwrap();
            assert_eq!(
                Hash::parse("firebase-scrypt", hash, &params)
                    .unwrap_err()
                    .code(),
                code,
                "{name} {value}"
            );
        }
    }

    #[test]
    fn single_strings_are_stored_as_firebases_own() {
        let (hash, params) = published();
        let own = Hash::parse("firebase-scrypt", hash, &params).unwrap();
        let [salt, signer_key] = [params.salt.unwrap(), params.signer_key.unwrap()];
        let clerk = format!("{hash}${salt}${signer_key}$Bw==$8$14");
        assert_eq!(
            Hash::parse("scrypt_firebase", &clerk, &Params::default()).unwrap(),
            own
        );
        let ory = format!("$firescrypt$ln=14,r=8,p=1${salt}${hash}$Bw==${signer_key}");
        assert_eq!(Hash::recognize(&ory).unwrap(), own);
    }

    #[test]
    fn supertokens_without_its_signer_key_says_so() {
        let encoded = "$f_scrypt$lSrfV15c$42xEC+ixf3L2lw==$m=14$r=8$s=Bw==";
        assert_eq!(
            Hash::recognize(encoded).unwrap_err().code(),
            "invalid_signer_key"
        );
    }
}
