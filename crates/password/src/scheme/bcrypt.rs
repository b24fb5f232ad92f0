//! bcrypt in modular crypt form: `$2b$12$`, 22 characters of salt, 31 of digest.
//!
//! The versions `2a`, `2b` and `2y` compute the same. `2x` marks hashes of an old flaw: bytes from 0x80 on were
//! sign-extended when the key words were built, so passwords beyond ASCII have another digest. The `bcrypt` library
//! reads `2x` but computes `2y`; we build the flawed key ourselves and let it do the rest.
//!
//! All versions read 72 bytes of the password, the final NUL included, and repeat shorter ones.

use zeroize::Zeroizing;

use super::{Parsed, Scheme, Verify, malformed};
use crate::describe::{Facts, Strength};
use crate::encoding::{bcrypt64, to_bcrypt64};
use crate::params::filled;
use crate::scheme::raw::{Position, position, salt_bytes};
use crate::{Hash, Params, ParseError, Workspace, limits};

pub(super) static SCHEME: Scheme = Scheme {
    name: "bcrypt",
    aliases: &["bcrypt_peppered", "devise-bcrypt", "devise"],
    parameters: &[
        "salt",
        "salt_position",
        "salt_format",
        "pepper",
        "pepper_position",
    ],
    recognize: |encoded| encoded.len() == 60 && version(encoded).is_some(),
    read,
};

const NAME: &str = "bcrypt";

/// The parts of a bcrypt text.
pub(super) struct Digest {
    /// Whether the sign-extension flaw is to be reproduced.
    flawed: bool,
    version: &'static str,
    cost: u32,
    salt: [u8; 16],
    output: Vec<u8>,
}

impl Digest {
    /// Reads `$2b$12$…`.
    pub(super) fn read(encoded: &str) -> Result<Self, ParseError> {
        let wrong = |problem| Err(malformed(NAME, problem));
        let Some(version) = version(encoded) else {
            return wrong("it does not start with $2a$, $2b$, $2x$ or $2y$");
        };
        if encoded.len() != 60 || !encoded.is_ascii() || encoded.as_bytes()[6] != b'$' {
            return wrong(
                "it must have 60 characters: version, two digits of cost, 22 of salt, 31 of digest",
            );
        }
        let Ok(cost) = encoded[4..6].parse() else {
            return wrong("its cost is not two digits");
        };
        Self::from_parts(version, cost, &encoded[7..29], &encoded[29..])
    }

    /// Puts together what some sources store apart: cost, salt and digest in bcrypt's alphabet.
    pub(super) fn from_parts(
        version: &'static str,
        cost: u64,
        salt: &str,
        digest: &str,
    ) -> Result<Self, ParseError> {
        limits::check(NAME, "cost", cost, &limits::BCRYPT_COST)?;
        let salt = bcrypt64(salt).and_then(|salt| salt.try_into().ok());
        let digest = bcrypt64(digest).filter(|digest| digest.len() == 23);
        let (Some(salt), Some(digest)) = (salt, digest) else {
            return Err(malformed(
                NAME,
                "its salt or digest is not 22 and 31 characters of bcrypt's alphabet",
            ));
        };
        let cost = u32::try_from(cost).expect("it is within bounds");
        Ok(Self {
            flawed: version == "2x",
            version,
            cost,
            salt,
            output: digest,
        })
    }

    /// The digest of these bytes.
    pub(super) fn of(&self, password: &[u8]) -> Vec<u8> {
        let key = if self.flawed {
            flawed_key(password)
        } else {
            key(password)
        };
        ::bcrypt::bcrypt(self.cost, self.salt, &key)[..23].to_vec()
    }

    /// The digest that was read.
    pub(super) fn output(&self) -> &[u8] {
        &self.output
    }

    pub(super) fn facts(&self) -> Facts {
        // OWASP: a cost of 10 at least.
        let strength = Strength::by_cost(self.cost.into(), 6, 10);
        Facts::new(strength, true)
            .variant(self.version)
            .with("cost", self.cost)
    }
}

fn version(encoded: &str) -> Option<&'static str> {
    ["2a", "2b", "2x", "2y"].into_iter().find(|version| {
        encoded
            .strip_prefix('$')
            .and_then(|rest| rest.strip_prefix(version))
            .is_some_and(|rest| rest.starts_with('$'))
    })
}

/// The bytes that bcrypt reads: the password and a NUL, 72 at most.
fn key(password: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut key = Zeroizing::new(Vec::with_capacity(73));
    key.extend_from_slice(&password[..password.len().min(72)]);
    key.push(0);
    key.truncate(72);
    key
}

/// The 18 key words of the flawed implementation, as the 72 bytes that make a correct one build the same words.
fn flawed_key(password: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut words = Zeroizing::new(Vec::with_capacity(72));
    let mut bytes = password.iter().copied().chain([0]).cycle();
    for _ in 0..18 {
        let word = bytes.by_ref().take(4).fold(0_u32, |word, byte| {
            word << 8 | i32::from(byte.cast_signed()).cast_unsigned()
        });
        words.extend_from_slice(&word.to_be_bytes());
    }
    words
}

struct Verifier {
    digest: Digest,
    before: Vec<u8>,
    after: Vec<u8>,
}

impl Verify for Verifier {
    fn outcomes(&self, password: &str, _: &mut Workspace) -> Vec<Vec<u8>> {
        let input = Zeroizing::new([&self.before, password.as_bytes(), &self.after].concat());
        vec![self.digest.of(&input)]
    }

    fn expected(&self) -> &[u8] {
        self.digest.output()
    }

    fn facts(&self) -> Facts {
        let facts = self.digest.facts();
        if self.before.is_empty() && self.after.is_empty() {
            facts
        } else {
            facts.with("extra_text", true)
        }
    }
}

fn read(encoded: &str, params: &Params) -> Result<Parsed, ParseError> {
    // Clerk appends the pepper to the text: `$2a$…$pepper`.
    let (encoded, own_pepper) = match encoded.split_at_checked(60) {
        Some((text, rest)) if rest.starts_with('$') => {
            (text, filled(Some(&rest[1..].to_owned())).map(str::to_owned))
        }
        _ => (encoded, None),
    };
    let digest = Digest::read(encoded)?;
    let mut verifier = Verifier {
        digest,
        before: Vec::new(),
        after: Vec::new(),
    };
    let mut used = Params::EMPTY;
    if let Some(salt) = extra_salt(encoded, params)? {
        match position(NAME, params)? {
            Position::Prefix => verifier.before = salt,
            Position::Suffix => verifier.after = salt,
            Position::Either => {
                return Err(ParseError::InvalidParameter {
                    parameter: "salt_position",
                    expected: "prefix or suffix",
                });
            }
        }
        used.salt.clone_from(&params.salt);
        used.salt_position.clone_from(&params.salt_position);
        used.salt_format.clone_from(&params.salt_format);
    }
    if let Some(pepper) = own_pepper.as_deref().or(filled(params.pepper.as_ref())) {
        match filled(params.pepper_position.as_ref()).unwrap_or("suffix") {
            "suffix" => verifier.after.splice(0..0, pepper.bytes()).for_each(drop),
            "prefix" => verifier.before.extend_from_slice(pepper.as_bytes()),
            _ => {
                return Err(ParseError::InvalidParameter {
                    parameter: "pepper_position",
                    expected: "prefix or suffix",
                });
            }
        }
        used.pepper = Some(pepper.to_owned());
        used.pepper_position.clone_from(&params.pepper_position);
    }
    Ok(Parsed::new(NAME, verifier)
        .stored_as(encoded)
        .with_params(used))
}

/// Salt that goes over bcrypt in addition to its own (Auth0 allows it).
///
/// Exports often repeat bcrypt's own salt in a column. So a salt counts only with a position, and if it is another.
fn extra_salt(encoded: &str, params: &Params) -> Result<Option<Vec<u8>>, ParseError> {
    let salt = filled(params.salt.as_ref())
        .filter(|salt| *salt != &encoded[..29] && *salt != &encoded[7..29]);
    match filled(params.salt_position.as_ref()) {
        None => Ok(None),
        Some(position) if position.eq_ignore_ascii_case("none") => Ok(None),
        Some(_) if salt.is_none() => Ok(None),
        Some(_) => salt_bytes(params),
    }
}

/// Makes a hash of a password that bcrypt reads in full. Costs outside the bounds are moved inside.
pub(crate) fn hash(password: &str, salt: &[u8; 16], cost: u32) -> Hash {
    let digest = compute(password.as_bytes(), salt, cost);
    let encoded = format!(
        "$2b${cost:02}${}{}",
        to_bcrypt64(salt),
        to_bcrypt64(&digest.output)
    );
    Hash::from_parsed(
        &encoded,
        Parsed::new(
            NAME,
            Verifier {
                digest,
                before: Vec::new(),
                after: Vec::new(),
            },
        ),
    )
}

/// Makes the parts of a `2b` hash.
pub(super) fn compute(password: &[u8], salt: &[u8; 16], cost: u32) -> Digest {
    let output = ::bcrypt::bcrypt(cost, *salt, &key(password))[..23].to_vec();
    Digest {
        flawed: false,
        version: "2b",
        cost,
        salt: *salt,
        output,
    }
}

impl Digest {
    /// Salt and digest, in bcrypt's alphabet.
    pub(super) fn text(&self) -> (String, String) {
        (to_bcrypt64(&self.salt), to_bcrypt64(&self.output))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HASH: &str = "$2a$04$abcdefghijklmnopqrstuusdRCN/1WmgUHC4msDXrQGy7cAU8.Va.";

    fn parse(encoded: &str, set: &[(&str, &str)]) -> Result<Hash, ParseError> {
        let mut params = Params::default();
        for (name, value) in set {
            params.set(name, value).unwrap();
        }
        Hash::parse("bcrypt", encoded, &params)
    }

    #[test]
    fn bcrypts_own_salt_in_a_column_is_ignored() {
        for salt in ["abcdefghijklmnopqrstuu", "$2a$04$abcdefghijklmnopqrstuu"] {
            for position in ["", "prefix", "none"] {
                let hash = parse(HASH, &[("salt", salt), ("salt_position", position)]).unwrap();
                assert!(hash.verify("Correct-Horse_42"));
                assert_eq!(*hash.params(), Params::EMPTY);
            }
        }
        assert!(
            parse(HASH, &[("salt", "unrelated")])
                .unwrap()
                .verify("Correct-Horse_42")
        );
    }

    #[test]
    fn clerks_pepper_at_the_end_is_taken_off() {
        let hash = Hash::parse(
            "bcrypt_peppered",
            "$2a$11$abcdefghijklmnopqrstuufvOjVQl5U4e23/do/ImPssJJsnL8p9a$pepper-0123456789abcdef",
            &Params::EMPTY,
        )
        .unwrap();
        assert!(hash.verify("Correct-Horse_42"));
        assert_eq!(hash.encoded().len(), 60);
        assert!(
            !format!("{hash:?} {:?} {:?}", hash.params(), hash.describe()).contains("0123456789")
        );
    }

    #[test]
    fn costs_are_bounded() {
        for cost in ["03", "17", "31"] {
            let encoded = HASH.replace("$04$", &format!("${cost}$"));
            assert_eq!(
                parse(&encoded, &[]).unwrap_err().code(),
                "cost_out_of_bounds"
            );
        }
        assert_eq!(
            parse(&HASH.replace("$04$", "$4x$"), &[])
                .unwrap_err()
                .code(),
            "malformed_hash"
        );
    }

    #[test]
    fn parameters_of_other_schemes_are_refused() {
        assert_eq!(
            parse(HASH, &[("iterations", "24000")]).unwrap_err().code(),
            "unexpected_parameter"
        );
        assert_eq!(
            parse(HASH, &[("signer_key", "a2V5")]).unwrap_err().code(),
            "unexpected_parameter"
        );
    }
}
