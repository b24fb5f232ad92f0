//! What of a row may be the digest, and what the salt.

use super::Known;
use crate::encoding::{base64, hex};

/// Bytes that may be a digest, and where they stand in the text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Target {
    pub(super) bytes: Vec<u8>,
    /// Where hash and salt share the text.
    pub(super) layout: Option<String>,
    /// The salt that the text has by this layout.
    pub(super) salt: Option<String>,
}

/// A text that may be the salt, read in one way.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Salt {
    /// The column that it is of; none if it is in the text of the hash.
    pub(super) column: Option<String>,
    /// `hex` or `base64`; none for text.
    pub(super) format: Option<&'static str>,
    pub(super) bytes: Vec<u8>,
}

/// 16 to 512 bytes, what digests and derived keys have.
const LENGTHS: std::ops::RangeInclusive<usize> = 16..=512;

/// 12 columns that may be a salt are tried, those that are called so first.
const MAX_SALTS: usize = 12;

/// The readings of the text as a digest, with and without a salt beside it.
pub(super) fn targets(text: &str) -> Vec<Target> {
    let mut targets = Vec::new();
    let mut add = |bytes: Option<Vec<u8>>, layout: Option<String>, salt: Option<&str>| {
        if let Some(bytes) = bytes.filter(|bytes| LENGTHS.contains(&bytes.len())) {
            targets.push(Target {
                bytes,
                layout,
                salt: salt.map(str::to_owned),
            });
        }
    };
    add(bytes_of(text), None, None);
    for prefix in ["0x", "0X", "\\x"] {
        if let Some(rest) = text.strip_prefix(prefix) {
            add(bytes_of(rest), Some(format!("{prefix}{{hash}}")), None);
        }
    }
    // Pieces between marks: one is the digest, one the salt, and the rest is the same in every row.
    for mark in [
        ":", "$", "|", ";", "#", "@", ",", ".", "-", "_", "*", "!", "~", " ",
    ] {
        let pieces: Vec<&str> = text.split(mark).collect();
        if !(2..=6).contains(&pieces.len()) {
            continue;
        }
        for (at, piece) in pieces.iter().enumerate() {
            let Some(bytes) = bytes_of(piece) else {
                continue;
            };
            for (other, salt) in pieces.iter().enumerate() {
                if other != at && !salt.is_empty() {
                    let layout = written(&pieces, mark, at, other);
                    add(Some(bytes.clone()), Some(layout), Some(salt));
                }
            }
        }
    }
    // A salt of fixed length before or behind, without a mark.
    for length in [32, 40, 64, 96, 128] {
        let Some(more) = text
            .len()
            .checked_sub(length)
            .filter(|more| (1..=64).contains(more))
        else {
            continue;
        };
        if let Some((salt, digest)) = text.split_at_checked(more) {
            add(
                hex(digest),
                Some(format!("{{salt:{more}}}{{hash}}")),
                Some(salt),
            );
        }
        if let Some((digest, salt)) = text.split_at_checked(length) {
            add(
                hex(digest),
                Some(format!("{{hash:{length}}}{{salt}}")),
                Some(salt),
            );
        }
    }
    targets
}

/// The layout of pieces, two of which change from row to row.
fn written(pieces: &[&str], mark: &str, hash: usize, salt: usize) -> String {
    let name = |(at, piece): (usize, &&str)| match at {
        at if at == hash => "{hash}".to_owned(),
        at if at == salt => "{salt}".to_owned(),
        _ => (*piece).to_owned(),
    };
    let named: Vec<String> = pieces.iter().enumerate().map(name).collect();
    named.join(mark)
}

/// Bytes in hexadecimal, or else in base64 of any alphabet.
fn bytes_of(text: &str) -> Option<Vec<u8>> {
    if text.len() < 22 {
        return None;
    }
    hex(text).or_else(|| base64(text))
}

/// What of the other columns may be the salt.
pub(super) fn salts(row: &Known<'_>) -> Vec<Salt> {
    let mut columns: Vec<(&str, &str)> = row
        .columns
        .iter()
        .copied()
        .filter(|(_, value)| {
            let value = value.trim();
            !value.is_empty() && value.len() <= 512 && value != row.hash && value != row.password
        })
        .collect();
    columns.sort_by_key(|(name, _)| {
        let name = name.to_lowercase();
        let is_salt = ["salt", "sel", "nonce", "salz"]
            .iter()
            .any(|word| name.contains(word));
        let names_somebody = ["user", "mail", "login", "id"]
            .iter()
            .any(|word| name.contains(word));
        (!is_salt, !names_somebody)
    });
    columns.truncate(MAX_SALTS);
    columns
        .into_iter()
        .flat_map(|(name, value)| readings(Some(name), value))
        .collect()
}

/// The readings of one text as a salt.
pub(super) fn readings(column: Option<&str>, value: &str) -> Vec<Salt> {
    let salt = |format, bytes| Salt {
        column: column.map(str::to_owned),
        format,
        bytes,
    };
    let mut readings = vec![salt(None, value.as_bytes().to_vec())];
    let value = value.trim();
    if value.len() >= 4 {
        readings.extend(hex(value).map(|bytes| salt(Some("hex"), bytes)));
        readings.extend(base64(value).map(|bytes| salt(Some("base64"), bytes)));
    }
    readings
}
