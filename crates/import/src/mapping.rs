//! What the columns of somebody's own table mean: guessed from their names and values, shown, and corrected by hand.
//!
//! [`guess`] looks at the first rows of a file and says for each column which [`Field`] it is, how sure that is, and why.
//! Only what is at least [likely](Confidence::Likely) is taken; what is unsure is only suggested. Two rules keep a guess from
//! letting strangers in: whether an address is proven is never guessed from a column that may say something else (`active`,
//! `confirmed`), and never taken from a column whose values don't look it.
//!
//! A [`Mapping`] is what somebody decided of a file: columns by name, constants for what all rows have in common, the form of
//! dates, and what separates the cells. It goes before every guess. It is a small file for the command line ([`MapFile`]), and a
//! form in the dashboard:
//!
//! ```toml
//! "E-Mail-Adresse" = "email"
//! "profile.phone" = "phone"
//! notes = "ignore"
//!
//! [constants]
//! hashing_method = "sha256"
//! salt_position = "suffix"
//!
//! [dates]
//! Registriert = "d/m/y"
//!
//! [format]
//! separator = "semicolon"
//!
//! [files."logins.csv"]
//! kennung = "username"
//! ```

mod dates;
mod fields;
mod guess;
mod looks;
mod own;
mod person;
mod sample;
mod separator;
mod written;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use dates::{DateFormat, Dates, UnknownDateFormat};
pub use fields::{FIELDS, Field, find};
pub use guess::{Column, Confidence, Guess, Note, guess};
pub(crate) use guess::{guess_text, is_field_name};
pub(crate) use own::Own;
pub use separator::{Separator, UnknownSeparator};
pub use written::MapFile;

/// How a file is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// A table.
    Table {
        /// What separates its cells.
        separator: Separator,
    },
    /// JSON objects.
    Objects,
}

/// What somebody decided about a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Mapping {
    /// Columns by their names in the file, or JSON fields by their paths, and the names of the fields that they are.
    pub columns: BTreeMap<String, String>,
    /// Fields by their names, and what all rows have there.
    pub constants: BTreeMap<String, String>,
    /// Columns by their names, and the form of their dates.
    pub dates: BTreeMap<String, DateFormat>,
    /// What separates the cells of a table; none to tell it from the header.
    pub separator: Option<Separator>,
}

impl Mapping {
    /// This, where it says something, and otherwise what holds for all files.
    #[must_use]
    pub fn over(&self, all: &Self) -> Self {
        let mut both = all.clone();
        both.columns.extend(self.columns.clone());
        both.constants.extend(self.constants.clone());
        both.dates.extend(self.dates.clone());
        both.separator = self.separator.or(all.separator);
        both
    }
}

#[cfg(test)]
mod tests;
