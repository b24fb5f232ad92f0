//! The hashes that we make ourselves, for new passwords and to replace imported hashes.
//!
//! argon2id is the default. bcrypt is a setting, for those whose policy asks for it. bcrypt reads 72 bytes of a
//! password and stops at a NUL; rather than cut silently, longer passwords (and those with a NUL) are hashed as
//! passlib's published `bcrypt-sha256` (version 2), which digests all of the password first. Refusing them was the
//! alternative; long passwords are welcome, so we did not.

use std::ops::RangeInclusive;

use argon2::Block;

use crate::{Hash, limits, scheme};

/// How new passwords are hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Native {
    /// argon2id (RFC 9106).
    Argon2id {
        /// Memory in KiB.
        memory_kib: u32,
        /// Passes over the memory.
        iterations: u32,
        /// Lanes.
        parallelism: u32,
    },
    /// bcrypt.
    Bcrypt {
        /// The base-2 logarithm of the rounds, 4 to 16.
        cost: u32,
    },
}

impl Default for Native {
    /// 19 MiB, 2 passes, 1 lane: OWASP Password Storage Cheat Sheet, 2025.
    fn default() -> Self {
        Self::Argon2id {
            memory_kib: 19 * 1024,
            iterations: 2,
            parallelism: 1,
        }
    }
}

impl Native {
    /// Hashes a password with a salt of 16 random bytes that was never used before.
    ///
    /// Costs outside of what [`Hash::parse`] accepts are moved to the nearest accepted one, so that every hash made
    /// here can be read again.
    #[must_use]
    pub fn hash(&self, password: &str, salt: &[u8; 16], workspace: &mut Workspace) -> Hash {
        match self.within_bounds() {
            Self::Argon2id {
                memory_kib,
                iterations,
                parallelism,
            } => scheme::encode_argon2(
                password,
                salt,
                [memory_kib, iterations, parallelism],
                workspace,
            ),
            Self::Bcrypt { cost } if fits_bcrypt(password) => {
                scheme::bcrypt_hash(password, salt, cost)
            }
            Self::Bcrypt { cost } => scheme::bcrypt_sha256_hash(password, salt, cost),
        }
    }

    /// Whether checking a password against the hash is the work of checking one against a native hash: it is
    /// [current](Self::is_current), or a digest wrapped in just that.
    #[must_use]
    pub fn costs_as_much(&self, hash: &Hash) -> bool {
        let is_wrapped = matches!(
            self.within_bounds(),
            Self::Argon2id { memory_kib, iterations, parallelism }
                if hash.scheme() == "wrapped"
                    && hash.verifications() == 1
                    && hash.encoded().starts_with(&format!(
                        "$argon2id$v=19$m={memory_kib},t={iterations},p={parallelism}$"
                    ))
        );
        is_wrapped || self.is_current(hash)
    }

    fn within_bounds(self) -> Self {
        let clamp = |cost: u32, bounds: &RangeInclusive<u64>| {
            u32::try_from(u64::from(cost).clamp(*bounds.start(), *bounds.end()))
                .expect("bounds are small")
        };
        match self {
            Self::Argon2id {
                memory_kib,
                iterations,
                parallelism,
            } => {
                let parallelism = clamp(parallelism, &limits::ARGON2_LANES);
                Self::Argon2id {
                    // RFC 9106 §3.1: 8 KiB for each lane.
                    memory_kib: clamp(memory_kib, &limits::ARGON2_MEMORY_KIB).max(8 * parallelism),
                    iterations: clamp(iterations, &limits::ARGON2_PASSES),
                    parallelism,
                }
            }
            Self::Bcrypt { cost } => Self::Bcrypt {
                cost: clamp(cost, &limits::BCRYPT_COST),
            },
        }
    }

    /// Whether a hash is what [`hash`](Self::hash) would make now. If not, replace it when the password is at hand.
    #[must_use]
    pub fn is_current(&self, hash: &Hash) -> bool {
        let starts_with = |prefix: String| hash.encoded().starts_with(&prefix);
        if *hash.params() != crate::Params::EMPTY {
            return false;
        }
        match (self.within_bounds(), hash.scheme()) {
            (
                Self::Argon2id {
                    memory_kib,
                    iterations,
                    parallelism,
                },
                "argon2id",
            ) => starts_with(format!(
                "$argon2id$v=19$m={memory_kib},t={iterations},p={parallelism}$"
            )),
            (Self::Bcrypt { cost }, "bcrypt") => ["2a", "2b", "2y"]
                .iter()
                .any(|version| starts_with(format!("${version}${cost:02}$"))),
            (Self::Bcrypt { cost }, "bcrypt-sha256") => {
                starts_with(format!("$bcrypt-sha256$v=2,t=2b,r={cost}$"))
            }
            _ => false,
        }
    }
}

/// Whether bcrypt itself reads all of the password.
fn fits_bcrypt(password: &str) -> bool {
    password.len() <= 72 && !password.contains('\0')
}

/// Memory for argon2, kept from one hash to the next. One per hashing thread.
///
/// Asking the system for tens of megabytes per sign-in costs more than half of the throughput, and many at once
/// cost gigabytes. What one hash leaves in it is overwritten by the next; it is never read across.
#[derive(Default)]
pub struct Workspace {
    blocks: Vec<Block>,
}

impl Workspace {
    /// Memory above this (in KiB) is given back after use: an imported hash may ask for a gigabyte, once.
    const KEPT_KIB: usize = 64 * 1024;

    /// An empty one, which grows when it is first used.
    #[must_use]
    pub const fn new() -> Self {
        Self { blocks: Vec::new() }
    }

    /// Lends as many blocks of one KiB.
    pub(crate) fn lend<T>(&mut self, count: usize, run: impl FnOnce(&mut [Block]) -> T) -> T {
        if self.blocks.len() < count {
            self.blocks.resize(count, Block::default());
        }
        let outcome = run(&mut self.blocks[..count]);
        if self.blocks.len() > Self::KEPT_KIB {
            self.blocks = Vec::new();
        }
        outcome
    }
}

impl std::fmt::Debug for Workspace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Workspace({} KiB)", self.blocks.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHEAP: Native = Native::Argon2id {
        memory_kib: 64,
        iterations: 1,
        parallelism: 1,
    };
    const BCRYPT: Native = Native::Bcrypt { cost: 4 };

    fn hash(native: Native, password: &str) -> Hash {
        native.hash(password, &[7; 16], &mut Workspace::new())
    }

    #[test]
    fn what_is_hashed_verifies_and_reads_back_equal() {
        for native in [CHEAP, BCRYPT] {
            for password in [
                "correct horse",
                "pässwörd-日本-🔑",
                &"x".repeat(72),
                &"x".repeat(73),
                "nul\0inside",
            ] {
                let made = hash(native, password);
                assert!(made.verify(password), "{made:?}");
                assert!(!made.verify("wrong horse"));
                assert!(native.is_current(&made), "{made:?}");
                assert_eq!(
                    Hash::parse(made.scheme(), made.encoded(), made.params()).unwrap(),
                    made
                );
                assert_eq!(Hash::recognize(made.encoded()).unwrap(), made);
            }
        }
    }

    #[test]
    fn bcrypt_never_cuts_a_password() {
        let long = "x".repeat(73);
        assert_eq!(hash(BCRYPT, &long[..72]).scheme(), "bcrypt");
        let made = hash(BCRYPT, &long);
        assert_eq!(made.scheme(), "bcrypt-sha256");
        assert!(!made.verify(&long[..72]));
        assert!(!hash(BCRYPT, "nul\0inside").verify("nul"));
    }

    #[test]
    fn costs_out_of_bounds_are_moved_inside() {
        let native = Native::Argon2id {
            memory_kib: 1,
            iterations: 0,
            parallelism: 2,
        };
        let made = hash(native, "correct horse");
        assert!(made.encoded().starts_with("$argon2id$v=19$m=16,t=1,p=2$"));
        assert!(native.is_current(&made));
        assert!(
            Hash::recognize(made.encoded())
                .unwrap()
                .verify("correct horse")
        );
        assert!(
            hash(Native::Bcrypt { cost: 0 }, "correct horse")
                .encoded()
                .starts_with("$2b$04$")
        );
    }

    #[test]
    fn a_wrapped_hash_costs_what_a_native_one_does_and_is_not_current() {
        let params = crate::Params::default();
        let weak = Hash::parse("md5", "a3c68e193330b110c76ba1a5098cc64c", &params).unwrap();
        let wrapped = weak.wrap(&[7; 16], &mut Workspace::new()).unwrap();
        let native = Native::default();
        assert!(native.costs_as_much(&wrapped) && !native.is_current(&wrapped));
        assert!(!native.costs_as_much(&weak));
        assert!(!CHEAP.costs_as_much(&wrapped) && !BCRYPT.costs_as_much(&wrapped));
    }

    #[test]
    fn another_cost_or_scheme_is_not_current() {
        let made = hash(CHEAP, "correct horse");
        assert!(!Native::default().is_current(&made));
        assert!(!BCRYPT.is_current(&made));
        assert!(!Native::Bcrypt { cost: 5 }.is_current(&hash(BCRYPT, "correct horse")));
        assert!(!CHEAP.is_current(&hash(BCRYPT, "correct horse")));
    }

    #[test]
    fn a_workspace_is_used_again_and_large_ones_are_given_back() {
        let mut workspace = Workspace::new();
        let made = CHEAP.hash("correct horse", &[7; 16], &mut workspace);
        assert_eq!(workspace.blocks.len(), 64);
        assert!(made.verify_in("correct horse", &mut workspace));
        assert_eq!(made, CHEAP.hash("correct horse", &[7; 16], &mut workspace));
        workspace.lend(Workspace::KEPT_KIB + 1, |_| ());
        assert_eq!(workspace.blocks.len(), 0);
    }
}
