//! The passwords that everybody tries first, as a filter of two bytes each.
//!
//! NIST SP 800-63B §3.1.1.2 asks to refuse passwords that are commonly used, expected or compromised, and to ask for
//! nothing else. A list of a million is 8 MB as text; a binary fuse filter (Graf and Lemire, 2022) with 16 bits per
//! entry is 2.2 MB, holds every entry for certain, and takes one other password in 65,536 for one of them.
//!
//! **Case does not count.** Entries and questions are folded to lowercase: whoever guesses `password1` also guesses
//! `Password1`, and lists hold only some of the spellings. Beyond that, passwords are compared as typed.
//!
//! The filter is a file: one is embedded (`common-passwords.md` tells what it is made of), and any other list can
//! take its place. The file begins with a mark, the version of its layout and a check over all that follows, so that
//! a foreign, cut or damaged file is an error and not a filter that lets everything pass.

use sha2::{Digest as _, Sha256};
use xorf::{BinaryFuse16, Descriptor, Filter as _};

/// A set of common passwords.
#[derive(Clone)]
pub struct CommonPasswords {
    count: u64,
    filter: BinaryFuse16,
}

/// Why there is no filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FilterError {
    /// The list has no passwords.
    #[error("the list has no passwords: give a file with one password per line")]
    Empty,
    /// The list could not be made into a filter.
    #[error("the list is too long for a filter: use the most common four billion at most")]
    TooLong,
    /// The file is something else.
    #[error("this is not a filter of common passwords: build one with `kith passwords build`")]
    NotAFilter,
    /// The file is of a later layout.
    #[error("the filter has layout {0}, which this version does not know: build it again")]
    UnknownLayout(u8),
    /// The file is cut or damaged.
    #[error("the filter is cut or damaged: copy or build it again")]
    Damaged,
}

impl FilterError {
    /// The stable code for programs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty_password_list",
            Self::TooLong => "password_list_too_long",
            Self::NotAFilter => "not_a_password_filter",
            Self::UnknownLayout(_) => "unknown_password_filter_layout",
            Self::Damaged => "damaged_password_filter",
        }
    }
}

/// The file's first bytes.
const MARK: [u8; 7] = *b"KITHPWF";
/// The file's layout, of which there is one so far.
///
/// Mark (7 bytes), layout (1), check (8, the first of the SHA-256 of what follows), passwords (8), then the filter:
/// seed (8), segment length (4), its mask (4), length of all segments (4), and the fingerprints (2 each). Numbers are
/// little-endian.
const LAYOUT: u8 = 1;
/// What the check covers before the fingerprints: the number of passwords and the filter's own numbers.
const NUMBERS: usize = 8 + 8 + 3 * 4;

impl CommonPasswords {
    /// The filter that comes with the program.
    #[must_use]
    #[expect(
        clippy::missing_panics_doc,
        reason = "a test reads the same embedded bytes"
    )]
    pub fn embedded() -> Self {
        Self::from_bytes(include_bytes!("../common-passwords.bin"))
            .expect("a test reads the embedded filter")
    }

    /// Makes a filter of a list. The same passwords in any order, repeated or not, make the same filter.
    ///
    /// # Errors
    /// [`FilterError::Empty`] and [`FilterError::TooLong`].
    pub fn build(passwords: impl IntoIterator<Item = String>) -> Result<Self, FilterError> {
        let (mut typed, mut folded) = (Vec::new(), Vec::new());
        for password in passwords
            .into_iter()
            .filter(|password| !password.is_empty())
        {
            typed.push(key(&password));
            folded.push(key(&password.to_lowercase()));
        }
        for keys in [&mut typed, &mut folded] {
            keys.sort_unstable();
            keys.dedup();
        }
        if folded.is_empty() {
            return Err(FilterError::Empty);
        }
        let filter = BinaryFuse16::try_from(&folded).map_err(|_| FilterError::TooLong)?;
        Ok(Self {
            count: typed.len() as u64,
            filter,
        })
    }

    /// Whether the password is common, in whatever case. Wrongly yes for one in 65,536 that are not.
    #[must_use]
    pub fn contains(&self, password: &str) -> bool {
        self.filter.contains(&key(&password.to_lowercase()))
    }

    /// How many different passwords the list had, before case was folded.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.count
    }

    /// Never: a list without passwords makes no filter.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The filter as a file.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let Descriptor {
            seed,
            segment_length,
            segment_length_mask,
            segment_count_length,
        } = self.filter.descriptor;
        let mut rest = Vec::with_capacity(NUMBERS + 2 * self.filter.fingerprints.len());
        rest.extend(self.count.to_le_bytes());
        rest.extend(seed.to_le_bytes());
        for number in [segment_length, segment_length_mask, segment_count_length] {
            rest.extend(number.to_le_bytes());
        }
        rest.extend(
            self.filter
                .fingerprints
                .iter()
                .flat_map(|fingerprint| fingerprint.to_le_bytes()),
        );
        [&MARK[..], &[LAYOUT], &check(&rest), &rest].concat()
    }

    /// Reads a file that [`to_bytes`](Self::to_bytes) made.
    ///
    /// # Errors
    /// [`FilterError::NotAFilter`], [`FilterError::UnknownLayout`] and [`FilterError::Damaged`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, FilterError> {
        let rest = bytes.strip_prefix(&MARK).ok_or(FilterError::NotAFilter)?;
        let (layout, rest) = rest.split_first().ok_or(FilterError::Damaged)?;
        if *layout != LAYOUT {
            return Err(FilterError::UnknownLayout(*layout));
        }
        let (found, rest) = rest.split_at_checked(8).ok_or(FilterError::Damaged)?;
        if found != check(rest) {
            return Err(FilterError::Damaged);
        }
        read(rest).ok_or(FilterError::Damaged)
    }
}

impl std::fmt::Debug for CommonPasswords {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CommonPasswords({})", self.count)
    }
}

/// The first eight bytes of the SHA-256.
fn check(bytes: &[u8]) -> [u8; 8] {
    let digest = Sha256::digest(bytes);
    std::array::from_fn(|index| digest[index])
}

/// What stands for a password in the filter.
fn key(password: &str) -> u64 {
    u64::from_le_bytes(check(password.as_bytes()))
}

/// Reads what follows the check.
fn read(rest: &[u8]) -> Option<CommonPasswords> {
    let (count, rest) = rest.split_first_chunk()?;
    let (seed, rest) = rest.split_first_chunk()?;
    let (segment_length, rest) = rest.split_first_chunk()?;
    let (segment_length_mask, rest) = rest.split_first_chunk()?;
    let (segment_count_length, rest) = rest.split_first_chunk()?;
    let descriptor = Descriptor {
        seed: u64::from_le_bytes(*seed),
        segment_length: u32::from_le_bytes(*segment_length),
        segment_length_mask: u32::from_le_bytes(*segment_length_mask),
        segment_count_length: u32::from_le_bytes(*segment_count_length),
    };
    let (pairs, odd) = rest.as_chunks();
    // Each question looks into three neighboring segments; with these lengths none is outside.
    let length =
        u64::from(descriptor.segment_count_length) + 2 * u64::from(descriptor.segment_length);
    let is_sound = odd.is_empty()
        && descriptor.segment_length.is_power_of_two()
        && descriptor.segment_length_mask == descriptor.segment_length - 1
        && descriptor
            .segment_count_length
            .is_multiple_of(descriptor.segment_length)
        && descriptor.segment_count_length > 0
        && length == pairs.len() as u64;
    let fingerprints = pairs.iter().map(|pair| u16::from_le_bytes(*pair)).collect();
    is_sound.then(|| CommonPasswords {
        count: u64::from_le_bytes(*count),
        filter: BinaryFuse16 {
            descriptor,
            fingerprints,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> CommonPasswords {
        CommonPasswords::build((0..1000).map(|number| format!("password{number}"))).unwrap()
    }

    #[test]
    fn the_embedded_filter_has_the_million_most_common() {
        let filter = CommonPasswords::embedded();
        assert!(filter.len() >= 1_000_000, "{}", filter.len());
        for common in [
            "password",
            "12345678",
            "iloveyou",
            "qwertyuiop",
            "password1",
            "football",
            "princess",
            "trustno1",
            "vjht008",
        ] {
            assert!(filter.contains(common), "{common}");
        }
    }

    #[test]
    fn case_does_not_count_and_spaces_do() {
        let filter = CommonPasswords::embedded();
        for common in ["Password", "PASSWORD1", "QwertyUiop", "TrustNo1"] {
            assert!(filter.contains(common), "{common}");
        }
        let filter = CommonPasswords::build(["Straße1234".to_owned()]).unwrap();
        assert!(filter.contains("straße1234"));
        assert!(!filter.contains(" straße1234"));
    }

    #[test]
    fn hardly_any_other_password_is_refused() {
        let filter = CommonPasswords::embedded();
        let refused = (0..100_000)
            .filter(|number| filter.contains(&format!("uncommon passphrase {number}")))
            .count();
        assert!(refused < 10, "{refused} of 100,000");
    }

    #[test]
    fn the_same_list_makes_the_same_file() {
        let forth = sample().to_bytes();
        let back = CommonPasswords::build((0..1000).rev().flat_map(|number| {
            let password = format!("password{number}");
            [password.clone(), password]
        }));
        assert_eq!(back.unwrap().to_bytes(), forth);
        assert_eq!(
            CommonPasswords::from_bytes(&forth).unwrap().to_bytes(),
            forth
        );
    }

    #[test]
    fn small_lists_work_too() {
        for size in 1..20 {
            let filter =
                CommonPasswords::build((0..size).map(|number| format!("password{number}")))
                    .unwrap();
            let filter = CommonPasswords::from_bytes(&filter.to_bytes()).unwrap();
            assert!(
                (0..size).all(|number| filter.contains(&format!("password{number}"))),
                "{size}"
            );
            assert_eq!(filter.len(), size);
        }
        assert_eq!(
            CommonPasswords::build([String::new()]).unwrap_err(),
            FilterError::Empty
        );
    }

    #[test]
    fn foreign_cut_and_damaged_files_are_told_apart() {
        let file = sample().to_bytes();
        let error = |bytes: &[u8]| CommonPasswords::from_bytes(bytes).unwrap_err();
        assert_eq!(error(b""), FilterError::NotAFilter);
        assert_eq!(error(b"123456\npassword\n"), FilterError::NotAFilter);
        let mut later = file.clone();
        later[7] = 2;
        assert_eq!(error(&later), FilterError::UnknownLayout(2));
        for length in 7..file.len() {
            assert_eq!(error(&file[..length]), FilterError::Damaged, "{length}");
        }
        for at in 8..file.len() {
            let mut damaged = file.clone();
            damaged[at] ^= 1;
            assert_eq!(error(&damaged), FilterError::Damaged, "{at}");
        }
    }

    #[test]
    fn a_forged_header_cannot_reach_outside() {
        let file = sample().to_bytes();
        for at in 32..44 {
            let mut forged = file.clone();
            forged[at] ^= 1;
            let check = check(&forged[16..]);
            forged[8..16].copy_from_slice(&check);
            assert_eq!(
                CommonPasswords::from_bytes(&forged).unwrap_err(),
                FilterError::Damaged,
                "{at}"
            );
        }
    }
}
