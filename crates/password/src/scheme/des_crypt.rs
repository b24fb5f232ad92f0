//! The oldest crypt(3): a block of zeros, encrypted again and again with the password as the key.
//!
//! - DES: 2 characters of salt, 11 of result. Reads 8 characters of the password, 7 bits each.
//! - BSDi: `_`, 4 characters of count, 4 of salt, 11 of result. Reads all of the password.

use super::{Parsed, Scheme, Verify, malformed, never};
use crate::des::Key;
use crate::describe::{Facts, Strength};
use crate::encoding::{crypt64_number, is_crypt64, to_crypt64_big_endian};
use crate::{ParseError, Workspace, limits};

pub(super) static DES: Scheme = Scheme {
    name: "des-crypt",
    aliases: &["des"],
    parameters: &[],
    recognize: never,
    read: |encoded, _| read_des(encoded),
};

pub(super) static BSDI: Scheme = Scheme {
    name: "bsdi-crypt",
    aliases: &["bsdi", "ext-des-crypt"],
    parameters: &[],
    recognize: |encoded| {
        encoded.len() == 20 && encoded.starts_with('_') && is_crypt64(&encoded[1..])
    },
    read: |encoded, _| read_bsdi(encoded),
};

struct Verifier {
    scheme: &'static str,
    count: u32,
    salt: u32,
    result: String,
}

impl Verify for Verifier {
    fn outcomes(&self, password: &str, _: &mut Workspace) -> Vec<Vec<u8>> {
        let folds = self.scheme == BSDI.name;
        let output = key(password, folds).encrypt(0, self.salt, self.count);
        vec![to_crypt64_big_endian(output).into_bytes()]
    }

    fn expected(&self) -> &[u8] {
        self.result.as_bytes()
    }

    fn facts(&self) -> Facts {
        let facts = Facts::new(Strength::Weak, true).with("iterations", self.count);
        if self.scheme == DES.name {
            facts.with("significant_characters", 8)
        } else {
            facts
        }
    }
}

/// The key of a password, of which only 7 bits a character count. It ends at a NUL, as it did in C.
///
/// When folding, each further 8 characters are mixed into the key, encrypted with itself.
fn key(password: &str, folds: bool) -> Key {
    let bytes = password.split('\0').next().unwrap_or_default().as_bytes();
    let mut blocks = bytes.chunks(8).map(|chunk| {
        let mut block = [0; 8];
        for (target, byte) in block.iter_mut().zip(chunk) {
            *target = byte << 1;
        }
        u64::from_be_bytes(block)
    });
    let mut folded = blocks.next().unwrap_or_default();
    if folds {
        folded = blocks.fold(folded, |folded, block| {
            Key::new(folded).encrypt(folded, 0, 1) ^ block
        });
    }
    Key::new(folded)
}

pub(super) fn read_des(encoded: &str) -> Result<Parsed, ParseError> {
    if encoded.len() != 13 || !is_crypt64(encoded) {
        return Err(malformed(
            DES.name,
            "it must have 13 characters of ./0-9A-Za-z",
        ));
    }
    let salt = crypt64_number(&encoded[..2]).expect("the characters were checked");
    Ok(Parsed::new(
        DES.name,
        Verifier {
            scheme: DES.name,
            count: 25,
            salt,
            result: encoded[2..].to_owned(),
        },
    ))
}

pub(super) fn read_bsdi(encoded: &str) -> Result<Parsed, ParseError> {
    if encoded.len() != 20 || !encoded.starts_with('_') || !is_crypt64(&encoded[1..]) {
        return Err(malformed(
            BSDI.name,
            "it must be an underscore and 19 characters of ./0-9A-Za-z",
        ));
    }
    let number = |text| crypt64_number(text).expect("the characters were checked");
    let (count, salt) = (number(&encoded[1..5]), number(&encoded[5..9]));
    limits::check(BSDI.name, "iterations", count.into(), &limits::BSDI_ROUNDS)?;
    Ok(Parsed::new(
        BSDI.name,
        Verifier {
            scheme: BSDI.name,
            count,
            salt,
            result: encoded[9..].to_owned(),
        },
    ))
}

#[cfg(test)]
mod tests {
    use crate::{Hash, Params};

    #[test]
    fn des_reads_eight_characters_and_bsdi_all() {
        let des = Hash::parse("crypt", "483LBceCUpea.", &Params::default()).unwrap();
        assert!(des.verify("Correct-Horse_42") && des.verify("Correct-"));
        let bsdi = Hash::recognize("_J9..CCCCNsA.JhZa9nA").unwrap();
        assert!(bsdi.verify("Correct-Horse_42") && !bsdi.verify("Correct-"));
    }

    #[test]
    fn a_huge_count_is_refused() {
        let error = Hash::recognize("_zzzzCCCCNsA.JhZa9nA").unwrap_err();
        assert_eq!(error.code(), "cost_out_of_bounds");
        assert_eq!(
            Hash::recognize("_....CCCCNsA.JhZa9nA").unwrap_err().code(),
            "cost_out_of_bounds"
        );
    }
}
