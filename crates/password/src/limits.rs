//! What a stored hash may cost at each sign-in.
//!
//! A hash string carries its own cost, and whoever writes the import file writes the hash string. Without a bound,
//! one row could ask for a terabyte of memory each time somebody types a password. Bounds are checked when the hash
//! is parsed, so that the import report names the row, and never later: what is stored can be computed.
//!
//! The bounds are far above what any provider uses, and low enough that one verification stays in seconds.

use std::ops::RangeInclusive;

use crate::ParseError;

/// Passwords longer than this (in bytes) match nothing: some old schemes take time quadratic in the length.
pub const MAX_PASSWORD_BYTES: usize = 4096;

/// Hash texts longer than this (in bytes) are refused unread.
pub(crate) const MAX_ENCODED_BYTES: usize = 8192;

/// bcrypt: 2^16 expansions take about four seconds.
pub(crate) const BCRYPT_COST: RangeInclusive<u64> = 4..=16;
/// PBKDF2, of any digest.
pub(crate) const PBKDF2_ITERATIONS: RangeInclusive<u64> = 1..=5_000_000;
/// argon2: at least 8 KiB by RFC 9106 §3.1, at most 1 GiB.
pub(crate) const ARGON2_MEMORY_KIB: RangeInclusive<u64> = 8..=1_048_576;
/// argon2: passes over the memory.
pub(crate) const ARGON2_PASSES: RangeInclusive<u64> = 1..=16;
/// argon2: lanes.
pub(crate) const ARGON2_LANES: RangeInclusive<u64> = 1..=16;
/// scrypt and yescrypt: 128 · N · r bytes of memory.
pub(crate) const SCRYPT_MEMORY: RangeInclusive<u64> = 1..=1 << 30;
/// scrypt: p multiplies the time, not the memory.
pub(crate) const SCRYPT_LANES: RangeInclusive<u64> = 1..=16;
/// SHA-crypt: the least is the specification's, the most is ours (the specification allows 999,999,999).
pub(crate) const SHA_CRYPT_ROUNDS: RangeInclusive<u64> = 1000..=5_000_000;
/// BSDi crypt: iterations of DES.
pub(crate) const BSDI_ROUNDS: RangeInclusive<u64> = 1..=5_000_000;
/// phpass and Drupal: the base-2 logarithm of the rounds. The least is phpass's own.
pub(crate) const PHPASS_EXPONENT: RangeInclusive<u64> = 7..=24;
/// Digests applied again and again (FusionAuth, Symfony).
pub(crate) const DIGEST_ROUNDS: RangeInclusive<u64> = 1..=5_000_000;
/// A derived key, in bytes. More than any scheme keeps; PBKDF2's time grows with it.
pub(crate) const KEY_BYTES: RangeInclusive<u64> = 4..=512;

/// Bytes that the rounds of one verification may digest: about four seconds.
pub(crate) const ROUNDS_BYTES: u64 = 1 << 31;

/// Whether a scheme that digests the whole password in each round may do so. At the highest cost passwords of up to
/// 64 bytes pass; at any usual cost all do that are within [`MAX_PASSWORD_BYTES`].
pub(crate) fn is_affordable(rounds: u64, password: &str) -> bool {
    rounds.saturating_mul(64 + password.len() as u64) <= ROUNDS_BYTES
}

/// Refuses a cost outside its bounds.
pub(crate) fn check(
    scheme: &'static str,
    parameter: &'static str,
    value: u64,
    bounds: &RangeInclusive<u64>,
) -> Result<(), ParseError> {
    if bounds.contains(&value) {
        return Ok(());
    }
    Err(ParseError::CostOutOfBounds {
        scheme,
        parameter,
        value,
        min: *bounds.start(),
        max: *bounds.end(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_passwords_and_many_rounds_are_affordable_one_at_a_time() {
        let long = "x".repeat(MAX_PASSWORD_BYTES);
        assert!(is_affordable(1 << PHPASS_EXPONENT.end(), &long[..64]));
        assert!(is_affordable(*SHA_CRYPT_ROUNDS.end(), &long[..256]));
        assert!(is_affordable(1 << 18, &long));
        assert!(!is_affordable(*SHA_CRYPT_ROUNDS.end(), &long));
    }
}
