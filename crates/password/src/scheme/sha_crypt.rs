//! SHA-crypt (Ulrich Drepper, "Unix crypt using SHA-256 and SHA-512"): `$5$rounds=10000$salt$digest`, `$6$…`.

use sha_crypt::{Params as Rounds, sha256_crypt, sha512_crypt};

use super::{Parsed, Scheme, Verify, malformed};
use crate::describe::{Facts, Strength};
use crate::encoding::{is_crypt64, to_crypt64};
use crate::{ParseError, Workspace, limits};

pub(super) static SHA256: Scheme = Scheme {
    name: "sha256-crypt",
    aliases: &["sha256crypt"],
    parameters: &[],
    recognize: |encoded| encoded.starts_with("$5$"),
    read: |encoded, _| read("sha256-crypt", Size::Sha256, encoded),
};

pub(super) static SHA512: Scheme = Scheme {
    name: "sha512-crypt",
    aliases: &["sha512crypt"],
    parameters: &[],
    recognize: |encoded| encoded.starts_with("$6$"),
    read: |encoded, _| read("sha512-crypt", Size::Sha512, encoded),
};

/// The order in which the bytes of a SHA-256 digest are written.
const ORDER_256: [usize; 32] = [
    20, 10, 0, 11, 1, 21, 2, 22, 12, 23, 13, 3, 14, 4, 24, 5, 25, 15, 26, 16, 6, 17, 7, 27, 8, 28,
    18, 29, 19, 9, 30, 31,
];

/// The order in which the bytes of a SHA-512 digest are written.
const ORDER_512: [usize; 64] = [
    42, 21, 0, 1, 43, 22, 23, 2, 44, 45, 24, 3, 4, 46, 25, 26, 5, 47, 48, 27, 6, 7, 49, 28, 29, 8,
    50, 51, 30, 9, 10, 52, 31, 32, 11, 53, 54, 33, 12, 13, 55, 34, 35, 14, 56, 57, 36, 15, 16, 58,
    37, 38, 17, 59, 60, 39, 18, 19, 61, 40, 41, 20, 62, 63,
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Size {
    Sha256,
    Sha512,
}

struct Verifier {
    size: Size,
    rounds: u32,
    salt: String,
    digest: String,
}

impl Verify for Verifier {
    fn outcomes(&self, password: &str, _: &mut Workspace) -> Vec<Vec<u8>> {
        if !limits::is_affordable(self.rounds.into(), password) {
            return Vec::new();
        }
        let rounds = Rounds::new(self.rounds).expect("the rounds are within bounds");
        let (password, salt) = (password.as_bytes(), self.salt.as_bytes());
        let digest = match self.size {
            Size::Sha256 => {
                let digest = sha256_crypt(password, salt, rounds);
                to_crypt64(&ORDER_256.map(|index| digest[index]))
            }
            Size::Sha512 => {
                let digest = sha512_crypt(password, salt, rounds);
                to_crypt64(&ORDER_512.map(|index| digest[index]))
            }
        };
        vec![digest.into_bytes()]
    }

    fn expected(&self) -> &[u8] {
        self.digest.as_bytes()
    }

    fn facts(&self) -> Facts {
        // As slow as PBKDF2 with as many iterations would be, roughly; OWASP does not list it.
        Facts::new(
            Strength::by_cost(self.rounds.into(), 5000, 500_000),
            !self.salt.is_empty(),
        )
        .with("rounds", self.rounds)
    }
}

fn read(scheme: &'static str, size: Size, encoded: &str) -> Result<Parsed, ParseError> {
    let (mark, length) = match size {
        Size::Sha256 => ("$5$", 43),
        Size::Sha512 => ("$6$", 86),
    };
    let wrong = || {
        malformed(
            scheme,
            "it must be its mark, up to 16 characters of salt, $ and the digest",
        )
    };
    let mut rest = encoded.strip_prefix(mark).ok_or_else(wrong)?;
    let mut rounds = u64::from(Rounds::RECOMMENDED_ROUNDS);
    if let Some((number, after)) = rest
        .strip_prefix("rounds=")
        .and_then(|rest| rest.split_once('$'))
    {
        rounds = number
            .parse()
            .map_err(|_| malformed(scheme, "its rounds are not a number"))?;
        rest = after;
    }
    limits::check(scheme, "rounds", rounds, &limits::SHA_CRYPT_ROUNDS)?;
    let (salt, digest) = rest.split_once('$').ok_or_else(wrong)?;
    if salt.len() > 16 || digest.len() != length || !is_crypt64(digest) {
        return Err(wrong());
    }
    let rounds = u32::try_from(rounds).expect("they are within bounds");
    Ok(Parsed::new(
        scheme,
        Verifier {
            size,
            rounds,
            salt: salt.to_owned(),
            digest: digest.to_owned(),
        },
    ))
}

#[cfg(test)]
mod tests {
    use crate::Hash;

    #[test]
    fn rounds_are_bounded() {
        let code = |rounds: &str| {
            let digest = "xVsivkLKDo/WWHjlSvzbgCQ6JcI4VjHH.vXZ.LjRuK2";
            Hash::recognize(&format!("$5$rounds={rounds}$saltstring16byte${digest}"))
                .map_err(|error| error.code())
        };
        assert!(code("5000").unwrap().verify("Correct-Horse_42"));
        assert_eq!(code("999").unwrap_err(), "cost_out_of_bounds");
        assert_eq!(code("5000001").unwrap_err(), "cost_out_of_bounds");
        assert_eq!(code("many").unwrap_err(), "malformed_hash");
    }
}
