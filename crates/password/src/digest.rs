//! The digests, chosen at run time, and what is built from them: HMAC and PBKDF2.

use hmac::{Hmac, KeyInit as _, Mac as _};
use md4::Md4;
use md5::Md5;
use sha1::Sha1;
use sha2::digest::Digest as _;
use sha2::{Sha224, Sha256, Sha384, Sha512};

/// A digest function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Digest {
    Md4,
    Md5,
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

/// Runs the expression with `$D` as the type of the digest.
macro_rules! with_type {
    ($digest:expr, $D:ident => $run:expr) => {
        match $digest {
            Digest::Md4 => {
                type $D = Md4;
                $run
            }
            Digest::Md5 => {
                type $D = Md5;
                $run
            }
            Digest::Sha1 => {
                type $D = Sha1;
                $run
            }
            Digest::Sha224 => {
                type $D = Sha224;
                $run
            }
            Digest::Sha256 => {
                type $D = Sha256;
                $run
            }
            Digest::Sha384 => {
                type $D = Sha384;
                $run
            }
            Digest::Sha512 => {
                type $D = Sha512;
                $run
            }
        }
    };
}

impl Digest {
    /// The digest of that name, any case, with or without the hyphen of `SHA-256`.
    pub(crate) fn named(name: &str) -> Option<Self> {
        const NAMES: [(&str, Digest); 11] = [
            ("md4", Digest::Md4),
            ("md5", Digest::Md5),
            ("sha1", Digest::Sha1),
            ("sha224", Digest::Sha224),
            ("sha256", Digest::Sha256),
            ("sha384", Digest::Sha384),
            ("sha512", Digest::Sha512),
            ("sha-1", Digest::Sha1),
            ("sha-256", Digest::Sha256),
            ("sha-384", Digest::Sha384),
            ("sha-512", Digest::Sha512),
        ];
        NAMES
            .into_iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, digest)| digest)
    }

    /// Its name in lowercase, without hyphen.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Md4 => "md4",
            Self::Md5 => "md5",
            Self::Sha1 => "sha1",
            Self::Sha224 => "sha224",
            Self::Sha256 => "sha256",
            Self::Sha384 => "sha384",
            Self::Sha512 => "sha512",
        }
    }

    /// The length of its output, in bytes.
    pub(crate) fn len(self) -> usize {
        with_type!(self, D => D::output_size())
    }

    /// The digest of the parts, one after another.
    pub(crate) fn of(self, parts: &[&[u8]]) -> Vec<u8> {
        with_type!(self, D => {
            let mut state = D::new();
            for part in parts {
                state.update(part);
            }
            state.finalize().to_vec()
        })
    }

    /// The digest of `first`, then of the outcome and `again`, until it was applied `rounds` times in all.
    pub(crate) fn repeated(self, first: &[&[u8]], again: &[u8], rounds: u64) -> Vec<u8> {
        with_type!(self, D => {
            let mut state = D::new();
            for part in first {
                state.update(part);
            }
            let mut output = state.finalize();
            for _ in 1..rounds {
                output = D::new().chain_update(output).chain_update(again).finalize();
            }
            output.to_vec()
        })
    }

    /// HMAC (RFC 2104) of the message.
    pub(crate) fn hmac(self, key: &[u8], message: &[u8]) -> Vec<u8> {
        with_type!(self, D => {
            let mut mac = Hmac::<D>::new_from_slice(key).expect("HMAC takes keys of every length");
            mac.update(message);
            mac.finalize().into_bytes().to_vec()
        })
    }

    /// Goes on with the first block of PBKDF2 (RFC 8018 §5.2), round by round until `end`, or until it is the one. `last` is
    /// what the round before came to, `sum` all of them together. Whether it was found.
    pub(crate) fn pbkdf2_rounds(
        self,
        password: &[u8],
        (last, sum): (&mut [u8], &mut [u8]),
        rounds: &mut u64,
        end: u64,
        is_it: impl Fn(&[u8]) -> bool,
    ) -> bool {
        with_type!(self, D => {
            let keyed = Hmac::<D>::new_from_slice(password).expect("HMAC takes keys of every length");
            while !is_it(sum) {
                if *rounds >= end {
                    return false;
                }
                let mut mac = keyed.clone();
                mac.update(last);
                last.copy_from_slice(&mac.finalize().into_bytes());
                for (sum, byte) in sum.iter_mut().zip(last.iter()) {
                    *sum ^= byte;
                }
                *rounds += 1;
            }
            true
        })
    }

    /// PBKDF2-HMAC (RFC 8018 §5.2): a key of `length` bytes.
    pub(crate) fn pbkdf2(
        self,
        password: &[u8],
        salt: &[u8],
        iterations: u32,
        length: usize,
    ) -> Vec<u8> {
        let mut key = vec![0; length];
        with_type!(self, D => pbkdf2::pbkdf2_hmac::<D>(password, salt, iterations, &mut key));
        key
    }
}
