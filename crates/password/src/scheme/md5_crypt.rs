//! md5-crypt (Poul-Henning Kamp, FreeBSD 1994) and Apache's `apr1`, which differs in its mark only.
//!
//! `$1$salt$digest`: up to 8 characters of salt, 22 of digest, 1000 rounds.

use md5::{Digest as _, Md5};

use super::{Parsed, Scheme, Verify, malformed};
use crate::ParseError;
use crate::Workspace;
use crate::describe::{Facts, Strength};
use crate::encoding::{is_crypt64, to_crypt64};

pub(super) static MD5: Scheme = Scheme {
    name: "md5-crypt",
    aliases: &["md5crypt"],
    parameters: &[],
    recognize: |encoded| encoded.starts_with("$1$"),
    read: |encoded, _| read("md5-crypt", "$1$", encoded),
};

pub(super) static APR1: Scheme = Scheme {
    name: "apr1",
    aliases: &["apache-md5"],
    parameters: &[],
    recognize: |encoded| encoded.starts_with("$apr1$"),
    read: |encoded, _| read("apr1", "$apr1$", encoded),
};

const ROUNDS: usize = 1000;

struct Verifier {
    mark: &'static str,
    salt: String,
    digest: String,
}

impl Verify for Verifier {
    fn outcomes(&self, password: &str, _: &mut Workspace) -> Vec<Vec<u8>> {
        let digest = compute(self.mark, self.salt.as_bytes(), password.as_bytes());
        vec![digest.into_bytes()]
    }

    fn expected(&self) -> &[u8] {
        self.digest.as_bytes()
    }

    fn facts(&self) -> Facts {
        Facts::new(Strength::Weak, !self.salt.is_empty()).with("rounds", ROUNDS)
    }
}

pub(super) fn read(
    scheme: &'static str,
    mark: &'static str,
    encoded: &str,
) -> Result<Parsed, ParseError> {
    match encoded
        .strip_prefix(mark)
        .and_then(|rest| rest.split_once('$'))
    {
        Some((salt, digest)) if salt.len() <= 8 && digest.len() == 22 && is_crypt64(digest) => {
            Ok(Parsed::new(
                scheme,
                Verifier {
                    mark,
                    salt: salt.to_owned(),
                    digest: digest.to_owned(),
                },
            ))
        }
        _ => Err(malformed(
            scheme,
            "it must be its mark, up to 8 characters of salt, $ and 22 of digest",
        )),
    }
}

fn compute(mark: &str, salt: &[u8], password: &[u8]) -> String {
    let inner = Md5::new()
        .chain_update(password)
        .chain_update(salt)
        .chain_update(password)
        .finalize();
    let mut state = Md5::new()
        .chain_update(password)
        .chain_update(mark)
        .chain_update(salt);
    for chunk in password.chunks(inner.len()) {
        state.update(&inner[..chunk.len()]);
    }
    let mut bits = password.len();
    while bits != 0 {
        // The original meant to mix in a byte of the digest, but had cleared it.
        state.update(if bits & 1 == 1 { &[0] } else { &password[..1] });
        bits >>= 1;
    }
    let mut digest = state.finalize();
    for round in 0..ROUNDS {
        let mut state = Md5::new();
        let odd = round % 2 == 1;
        state.update(if odd { password } else { &digest });
        if round % 3 != 0 {
            state.update(salt);
        }
        if round % 7 != 0 {
            state.update(password);
        }
        state.update(if odd { &digest } else { password });
        digest = state.finalize();
    }
    to_crypt64(
        &[12, 6, 0, 13, 7, 1, 14, 8, 2, 15, 9, 3, 5, 10, 4, 11].map(|index: usize| digest[index]),
    )
}

#[cfg(test)]
mod tests {
    use crate::Hash;

    #[test]
    fn salts_are_at_most_eight_characters() {
        assert!(
            Hash::recognize("$1$28772684$zUiNm8xBHzDBLiSO7OMt4/")
                .unwrap()
                .verify("Correct-Horse_42")
        );
        for encoded in [
            "$1$287726841$zUiNm8xBHzDBLiSO7OMt4/",
            "$1$28772684$zUiNm8xBHzDBLiSO7OMt4",
            "$1$28772684",
        ] {
            assert_eq!(
                Hash::recognize(encoded).unwrap_err().code(),
                "malformed_hash"
            );
        }
    }
}
