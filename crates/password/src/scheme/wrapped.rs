//! A weak hash under a strong one: argon2id over what the weak function comes to.
//!
//! A bare MD5 that was imported could lie for years until its owner signs in, and whoever steals the database in the
//! meantime has most passwords in a day. The owner is not needed to mend that: the digest goes under argon2id, and the
//! digest itself is thrown away. A password is then checked by computing the old function, salt and all, and argon2id
//! over its outcome. What a thief finds costs one argon2id a guess, as a native hash does.
//!
//! Text: the argon2id hash as a PHC string. Parameters: those of the weak hash, its scheme (`inner_scheme`), and its
//! text with zeros in the place of the digest (`inner_hash`), which says what the function is and nothing of the outcome.

use std::sync::Arc;

use super::{Parsed, Scheme, Verify, argon2, malformed, never};
use crate::describe::{Facts, Strength};
use crate::encoding::{
    adapted_base64, crypt64, is_crypt64, to_base64, to_base64_unpadded, to_bcrypt64,
};
use crate::params::required;
use crate::{Hash, Params, ParseError, Workspace, scheme};

pub(super) static SCHEME: Scheme = Scheme {
    name: "wrapped",
    aliases: &[],
    // Its own two, and those of whatever it is over.
    parameters: Params::NAMES,
    recognize: never,
    read,
};

/// Costs in KiB, passes and lanes: those of native argon2id, whatever new passwords are hashed with. A policy that asks for
/// bcrypt asks it of passwords; this is not a password's last hash.
const COSTS: [u32; 3] = [19 * 1024, 2, 1];

struct Verifier {
    inner: Arc<dyn Verify>,
    inner_scheme: &'static str,
    outer: argon2::Verifier,
}

impl Verify for Verifier {
    fn outcomes(&self, password: &str, workspace: &mut Workspace) -> Vec<Vec<u8>> {
        let inner = self.inner.outcomes(password, workspace);
        inner
            .iter()
            .filter_map(|outcome| self.outer.compute(outcome, workspace))
            .collect()
    }

    fn expected(&self) -> &[u8] {
        self.outer.expected()
    }

    fn facts(&self) -> Facts {
        let facts = self.outer.facts();
        facts
            .variant(format!("argon2id over {}", self.inner_scheme))
            .with("inner_scheme", self.inner_scheme)
    }

    fn readings(&self) -> usize {
        self.inner.readings()
    }
}

fn read(encoded: &str, params: &Params) -> Result<Parsed, ParseError> {
    let name = required(SCHEME.name, "inner_scheme", params.inner_scheme.as_ref())?;
    let blank = required(SCHEME.name, "inner_hash", params.inner_hash.as_ref())?;
    let scheme = scheme::find(name)?;
    if scheme.name == SCHEME.name {
        return Err(malformed(SCHEME.name, "it is wrapped twice"));
    }
    let own = Params {
        inner_scheme: None,
        inner_hash: None,
        ..params.clone()
    };
    let inner = scheme.parse(blank, &own)?;
    let verifier = Verifier {
        inner: inner.verifier,
        inner_scheme: inner.scheme,
        outer: argon2::Verifier::read(encoded)?,
    };
    Ok(Parsed::new(SCHEME.name, verifier).with_params(params.clone()))
}

/// The hash under argon2id, if it is weak. The salt is 16 random bytes that were never used before.
pub(crate) fn wrap(hash: &Hash, salt: &[u8; 16], workspace: &mut Workspace) -> Option<Hash> {
    if hash.strength() != Strength::Weak || hash.scheme() == SCHEME.name {
        return None;
    }
    let blank = blank(hash, workspace)?;
    let (encoded, _) = argon2::make(hash.verifier().expected(), salt, COSTS, workspace);
    let params = Params {
        inner_scheme: Some(hash.scheme().to_owned()),
        inner_hash: Some(blank),
        ..hash.params().clone()
    };
    Hash::parse(SCHEME.name, &encoded, &params).ok()
}

/// The hash's text without its digest, if what is left still computes the same.
fn blank(hash: &Hash, workspace: &mut Workspace) -> Option<String> {
    const PROBE: &str = "a password to compare by";
    let expected = hash.verifier().expected();
    let text = blanked(hash.encoded(), expected)?;
    let blank = Hash::parse(hash.scheme(), &text, hash.params()).ok()?;
    let mut outcomes = |hash: &Hash| hash.verifier().outcomes(PROBE, workspace);
    let is_same = blank.scheme() == hash.scheme()
        && blank.verifier().expected() != expected
        && outcomes(&blank) == outcomes(hash);
    is_same.then(|| blank.encoded().to_owned())
}

/// The text with zeros where the digest is, however the scheme writes it.
fn blanked(text: &str, digest: &[u8]) -> Option<String> {
    let lowercase = text.to_ascii_lowercase();
    let as_text = std::str::from_utf8(digest).unwrap_or_default();
    // What is a zero in each way of writing.
    for (haystack, needle, zero) in [
        (text, as_text.to_owned(), "."),
        (&lowercase, hex::encode(digest), "0"),
        (text, to_base64_unpadded(digest), "A"),
        (text, to_bcrypt64(digest), "."),
    ] {
        if let Some(at) = haystack.rfind(&needle).filter(|_| !needle.is_empty()) {
            let zeros = zero.repeat(needle.len());
            return Some([&text[..at], &zeros, &text[at + needle.len()..]].concat());
        }
    }
    // Packed together with a salt, or in another alphabet: each piece between marks may hold it.
    let is_mark = |c: char| !c.is_ascii_alphanumeric() && !"+/=-_.".contains(c);
    let mut start = 0;
    for piece in text.split(is_mark) {
        let at = start;
        start += piece.len() + 1;
        if let Some(blank) = blanked_piece(piece, digest) {
            return Some([&text[..at], &blank, &text[at + piece.len()..]].concat());
        }
    }
    None
}

fn blanked_piece(piece: &str, digest: &[u8]) -> Option<String> {
    if !piece.is_empty() && is_crypt64(piece) && crypt64(piece).is_some_and(|bytes| bytes == digest)
    {
        return Some(".".repeat(piece.len()));
    }
    let mut bytes = adapted_base64(piece)?;
    for (needle, zero) in [(digest, 0), (hex::encode(digest).as_bytes(), b'0')] {
        let found = bytes
            .windows(needle.len().max(1))
            .rposition(|window| window == needle);
        if let Some(at) = found {
            bytes[at..at + needle.len()].fill(zero);
            return Some(to_base64(&bytes));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::Digest;

    fn wrapped(hash: &Hash) -> Hash {
        hash.wrap(&[7; 16], &mut Workspace::new()).unwrap()
    }

    #[test]
    fn a_bare_digest_is_nowhere_in_what_is_stored() {
        let digest = "a3c68e193330b110c76ba1a5098cc64c";
        let hash = wrapped(&Hash::parse("md5", digest, &Params::default()).unwrap());
        assert!(hash.verify("Correct-Horse_42"));
        assert!(!hash.verify("correct-horse_42"));
        assert!(!hash.verify(digest), "the digest is no password");
        let stored = format!(
            "{}{:?}",
            hash.encoded(),
            serde_json::to_string(hash.params())
        );
        assert!(!stored.contains(&digest[..8]), "{stored}");
        assert!(
            hash.encoded()
                .starts_with("$argon2id$v=19$m=19456,t=2,p=1$")
        );
    }

    #[test]
    fn salts_and_positions_stay_with_the_function() {
        for (encoded, position) in [
            ("641667a22c9dec5d6159b514a0d9c702", "prefix"),
            ("f9931767020d314ca953df2899b6017e", "suffix"),
            ("f9931767020d314ca953df2899b6017e", "either"),
        ] {
            let params = Params {
                salt: Some("s4lty".to_owned()),
                salt_position: Some(position.to_owned()),
                ..Params::default()
            };
            let hash = wrapped(&Hash::parse("md5", encoded, &params).unwrap());
            assert!(hash.verify("Correct-Horse_42"), "{position}");
            assert!(!hash.verify("correct-horse_42"), "{position}");
            assert_eq!(
                hash.verifications(),
                if position == "either" { 2 } else { 1 }
            );
        }
    }

    #[test]
    fn a_strong_or_wrapped_hash_is_left_alone() {
        let mut workspace = Workspace::new();
        let bcrypt =
            Hash::recognize("$2a$10$N9qo8uLOickgx2ZMRZoMye523wyQDvdvMv.I4a2/IIf55jokMUeVG");
        assert_eq!(bcrypt.unwrap().wrap(&[7; 16], &mut workspace), None);
        let hash = Hash::recognize("{SHA}JRpFXYfCg/HkHZKLY/pog/qAO34=").unwrap();
        let once = wrapped(&hash);
        assert_eq!(once.wrap(&[7; 16], &mut workspace), None);
        let twice = Params {
            inner_scheme: Some("wrapped".to_owned()),
            ..once.params().clone()
        };
        let error = Hash::parse("wrapped", once.encoded(), &twice).unwrap_err();
        assert_eq!(error.code(), "malformed_hash");
    }

    #[test]
    fn what_it_is_over_is_bounded_too() {
        let once = wrapped(&Hash::recognize("_J9..CCCCNsA.JhZa9nA").unwrap());
        let hostile = Params {
            inner_hash: Some("_zzzzCCCCNsA.JhZa9nA".to_owned()),
            ..once.params().clone()
        };
        let error = Hash::parse("wrapped", once.encoded(), &hostile).unwrap_err();
        assert_eq!(error.code(), "cost_out_of_bounds");
    }

    #[test]
    fn a_digest_is_found_however_it_is_written() {
        let digest = Digest::Sha1.of(&[b"x"]);
        let packed = to_base64(&[&digest[..], b"salt"].concat());
        for text in [
            hex::encode(&digest),
            hex::encode_upper(&digest),
            to_base64(&digest),
            format!("{{SSHA}}{packed}"),
            format!("$1${}", to_base64(hex::encode(&digest).as_bytes())),
        ] {
            let blank = blanked(&text, &digest).unwrap();
            assert_ne!(blank, text);
            assert_eq!(blank.len(), text.len());
            assert_eq!(blanked(&blank, &digest), None, "{text}");
        }
    }
}
