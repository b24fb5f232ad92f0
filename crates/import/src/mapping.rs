//! What the columns of somebody's own table mean: guessed from their names and values, shown, and corrected by hand.
//!
//! [`guess`] looks at the first rows of a file and says for each column which [`Field`] it is, how sure that is, and why.
//! Only what is at least [likely](Confidence::Likely) is taken; what is unsure is only suggested. Two rules keep a guess from
//! letting strangers in: whether an address is proven is never guessed from a column that may say something else (`active`,
//! `confirmed`), and never taken from a column whose values don't look it.
//!
//! A [`Mapping`] is what somebody decided: columns by name, and constants for what all rows have in common. It goes before
//! every guess. It is a small file for the command line, and a form in the dashboard:
//!
//! ```toml
//! "E-Mail-Adresse" = "email"
//! "profile.phone" = "phone"
//! notes = "ignore"
//!
//! [constants]
//! hashing_method = "sha256"
//! salt_position = "suffix"
//! ```

mod fields;
mod guess;
mod looks;
mod own;
mod person;
mod sample;

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};

pub use fields::{FIELDS, Field, find};
pub use guess::{Column, Confidence, Guess, Note, guess};
pub(crate) use guess::{guess_text, is_field_name};
pub(crate) use own::Own;

/// How a file is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// A table.
    Table {
        /// What separates its cells.
        delimiter: char,
    },
    /// JSON objects.
    Objects,
}

/// What somebody decided about a file's columns.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Mapping {
    /// Columns by their names in the file, or JSON fields by their paths, and the names of the fields that they are.
    pub columns: BTreeMap<String, String>,
    /// Fields by their names, and what all rows have there.
    pub constants: BTreeMap<String, String>,
}

/// As it is written by hand: a line a column, and a table of constants.
impl<'de> Deserialize<'de> for Mapping {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Entry {
            Field(String),
            Table(BTreeMap<String, String>),
        }
        let mut mapping = Self::default();
        for (name, entry) in BTreeMap::<String, Entry>::deserialize(deserializer)? {
            match entry {
                Entry::Field(field) => {
                    mapping.columns.insert(name, field);
                }
                Entry::Table(constants) if name == "constants" => mapping.constants = constants,
                Entry::Table(columns) if name == "columns" => mapping.columns.extend(columns),
                Entry::Table(_) => {
                    return Err(serde::de::Error::custom(format!(
                        "[{name}] is no table of a mapping; write [constants], or a line \"column\" = \"field\""
                    )));
                }
            }
        }
        Ok(mapping)
    }
}

#[cfg(test)]
mod tests;
