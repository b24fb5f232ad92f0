//! Rows as they stand in the files.

use import::FileError;

use super::{DetectError, Known};
use crate::imports::reading::Files;
use crate::imports::start::StartError;

/// A row that has a known identifier: its values by the names of their columns.
#[derive(Clone)]
pub(super) struct Found {
    /// Which file it is of.
    file: usize,
    /// How many rows of the file lie before.
    number: usize,
    values: Vec<(String, String)>,
}

impl Found {
    /// The value in a column.
    pub(super) fn value(&self, column: &str) -> Option<&str> {
        let mut values = self.values.iter();
        values
            .find(|(name, _)| name == column)
            .map(|(_, value)| value.as_str())
    }

    /// All other columns.
    pub(super) fn without(&self, column: &str) -> Vec<(&str, &str)> {
        let others = self.values.iter().filter(|(name, _)| name != column);
        others
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect()
    }
}

/// The row of each person, in their order.
pub(super) fn find(files: &Files, known: &[Known]) -> Result<Vec<Found>, DetectError> {
    let mut found: Vec<Option<Found>> = vec![None; known.len()];
    for (at, (file, _)) in files.files.iter().enumerate() {
        let refuse = |error: FileError| StartError::File {
            name: file.name.clone(),
            error,
        };
        let (mut reader, _) = files.open(at).map_err(refuse)?;
        for number in 0.. {
            if found.iter().all(Option::is_some) {
                break;
            }
            let Some(row) = reader.next_raw() else { break };
            for (place, known) in found.iter_mut().zip(known) {
                if place.is_none()
                    && let Some(values) = row.values_if_any_is(&known.identifier)
                {
                    *place = Some(Found {
                        file: at,
                        number,
                        values,
                    });
                }
            }
        }
    }
    let missing = |known: &Known| DetectError::NoRow(known.identifier.clone());
    found
        .into_iter()
        .zip(known)
        .map(|(found, known)| found.ok_or_else(|| missing(known)))
        .collect()
}

/// The columns that may be the hash, the likeliest first.
pub(super) fn hash_columns(row: &Found) -> Vec<String> {
    const NAMES: [&str; 9] = [
        "hash", "digest", "passw", "pwd", "crypt", "secret", "kennwort", "contras", "passe",
    ];
    let is_named = |name: &str| {
        let name = name.to_lowercase();
        let is_about = NAMES.iter().any(|word| name.contains(word));
        is_about && !name.contains("salt") && !name.contains("method") && !name.contains("algo")
    };
    // DES crypt has 13 characters; nothing that is shorter is a hash.
    let values = row
        .values
        .iter()
        .filter(|(_, value)| value.trim().len() >= 13);
    let mut names: Vec<String> = values.map(|(name, _)| name.clone()).collect();
    names.sort_by_key(|name| !is_named(name));
    names
}

/// Whether the source reads each row to a person whose hash takes the password.
pub(super) fn accepts(files: &Files, found: &[Found], known: &[Known]) -> bool {
    found.iter().zip(known).all(|(found, known)| {
        let Ok((mut reader, _)) = files.open(found.file) else {
            return false;
        };
        let row = reader.nth(found.number);
        let hash = row.and_then(Result::ok).and_then(|row| row.record.password);
        hash.is_some_and(|hash| hash.verify(known.password.reveal()))
    })
}
