//! The sources: who writes which files, how to know one, and what its rows mean.
//!
//! A [`Source`] is a value. What reads it is the same for all: [`detect`] asks each whether it knows the file, and
//! [`open`] gives a [`Reader`] of its rows.

mod auth0;
mod clerk;
mod detect;
mod kinde_csv;
mod kinde_ndjson;
mod reader;

use std::collections::BTreeMap;
use std::io::Read;

use password::Params;

pub use detect::{Detected, detect};
pub use reader::{Reader, Row};

use crate::draft::Draft;
use crate::header::Header;
use crate::input;
use crate::objects::Object;
use crate::problem::{FileError, Refusal};
use crate::table;

/// Every source, those that are surest of their files first.
pub const SOURCES: &[Source] = &[
    auth0::SOURCE,
    clerk::SOURCE,
    kinde_ndjson::SOURCE,
    kinde_csv::SOURCE,
];

/// A provider's export, or a layout that people prepare by hand.
#[derive(Debug)]
pub struct Source {
    /// The name on command lines and in addresses, `auth0`. Stable.
    pub name: &'static str,
    /// The name for people, `Auth0`.
    pub label: &'static str,
    /// Which files it reads, in a sentence or two.
    pub about: &'static str,
    /// Whether people prepare the file by hand, so that columns may be mistaken for one another.
    is_prepared: bool,
    recognize: fn(&Sample) -> Option<Saw>,
    format: Format,
}

/// How a source's files are laid out, and how to read a row of them.
#[derive(Debug)]
enum Format {
    /// A table with a header, which decides how rows are read.
    Table(fn(&mut Header, &Options) -> Result<ReadRow, FileError>),
    /// JSON objects.
    Objects(fn(&Object, &Options) -> Result<Draft, Refusal>),
}

/// Reads one row of a table.
type ReadRow = Box<dyn Fn(&table::Row<'_>) -> Result<Draft, Refusal> + Send>;

/// The start of a file, by which it is recognized.
enum Sample {
    /// The names in a table's header, folded for comparison.
    Header(Vec<String>),
    /// The first JSON object.
    Object(Object),
}

impl Sample {
    /// Whether a table has all these columns, given by their folded names.
    fn has_columns(&self, names: &[&str]) -> bool {
        match self {
            Self::Header(columns) => names
                .iter()
                .all(|name| columns.iter().any(|column| column == name)),
            Self::Object(_) => false,
        }
    }
}

/// What a source saw in a file that it knows.
struct Saw {
    role: FileRole,
    /// What gave it away, as a noun phrase.
    what: &'static str,
}

/// What a file brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileRole {
    /// People, with or without their passwords.
    Users,
    /// Passwords of people who are here already.
    Passwords,
}

/// What a person may say about a file that it does not say itself.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Columns of a table by their names in the file, and the names of the fields that they are to be read as.
    pub columns: BTreeMap<String, String>,
    /// Parameters of all hashes, such as a project's signer key. What a row says goes before it.
    pub hash: Params,
}

/// The source called `name`.
#[must_use]
pub fn find(name: &str) -> Option<&'static Source> {
    SOURCES.iter().find(|source| source.name == name)
}

/// Begins to read a file: plain or gzip, UTF-8 or UTF-16 with a byte order mark.
///
/// # Errors
///
/// [`FileError`] when nothing of the file can be read; what is wrong with single rows comes from the [`Reader`].
pub fn open(
    source: &'static Source,
    input: impl Read + Send + 'static,
    options: &Options,
) -> Result<Reader, FileError> {
    Reader::open(source, input::plain(input)?, options)
}

#[cfg(test)]
mod tests;
