//! The password hashes of the former provider: real ones of [`PASSWORDS`], each made once.
//!
//! Their cost is the lowest that is still honest work: the demo shows that old hashes are verified and replaced, and need not
//! make anybody wait for it.

use aws_lc_rs::digest::{SHA256, digest};
use password::{Native, Workspace};

use super::people::PASSWORDS;

/// 64 rounds; providers use 1,024 to 4,096.
const BCRYPT_COST: u32 = 6;

/// A password hash as an export holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hashed {
    /// The name that exports give the scheme.
    pub(super) hasher: &'static str,
    /// The hash.
    pub(super) digest: String,
}

/// The bcrypt hash of each password.
pub(super) fn bcrypt() -> Vec<Hashed> {
    let native = Native::Bcrypt { cost: BCRYPT_COST };
    with_salts(|password, salt| Hashed {
        hasher: "bcrypt",
        digest: native
            .hash(password, salt, &mut Workspace::default())
            .encoded()
            .to_owned(),
    })
}

/// The hash of each password at a provider whose customers once came from elsewhere, and brought older schemes along.
pub(super) fn of_several_schemes() -> Vec<Hashed> {
    let argon2 = Native::Argon2id {
        memory_kib: 1024,
        iterations: 2,
        parallelism: 1,
    };
    let mut hashes = bcrypt();
    for (index, password) in PASSWORDS.iter().enumerate() {
        match index {
            5 => {
                let hash = argon2.hash(password, &salt(index), &mut Workspace::default());
                hashes[index] = Hashed {
                    hasher: "argon2id",
                    digest: hash.encoded().to_owned(),
                };
            }
            6 => {
                let hash = digest(&SHA256, password.as_bytes());
                hashes[index] = Hashed {
                    hasher: "sha256",
                    digest: hex::encode(hash),
                };
            }
            _ => {}
        }
    }
    hashes
}

fn with_salts(hash: impl Fn(&str, &[u8; 16]) -> Hashed) -> Vec<Hashed> {
    PASSWORDS
        .iter()
        .enumerate()
        .map(|(index, password)| hash(password, &salt(index)))
        .collect()
}

/// The same at every start, so that the exports are, too. Nobody's real password is behind them.
fn salt(index: usize) -> [u8; 16] {
    [0x50 + u8::try_from(index).unwrap_or(0); 16]
}

#[cfg(test)]
mod tests {
    use password::{Hash, Params};

    use super::*;

    #[test]
    fn every_hash_is_of_its_password() {
        for hashes in [bcrypt(), of_several_schemes()] {
            for (hashed, password) in hashes.iter().zip(PASSWORDS) {
                let hash = Hash::parse(hashed.hasher, &hashed.digest, &Params::default()).unwrap();
                assert!(hash.verify(password), "{password}");
            }
        }
    }
}
