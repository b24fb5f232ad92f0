//! The sources: who writes which files, how to know one, and what its rows mean.
//!
//! A [`Source`] is a value. What reads it is the same for all: [`detect`] asks each whether it knows the file, and
//! [`open`] gives a [`Reader`] of its rows. A file may hold several tables: [`survey`] tells which, and in which order they
//! are to be read.

mod aspnet;
mod auth0;
mod azure;
mod clerk;
mod cognito;
mod database;
mod detect;
mod devise;
mod django;
mod drupal;
mod firebase;
mod frameworks;
mod fusionauth;
mod head;
mod keycloak;
mod kinde_csv;
mod kinde_ndjson;
mod kith;
mod kratos;
mod laravel;
mod ldap;
mod logto;
mod okta;
mod own;
mod reader;
mod rows;
mod supabase;
mod supertokens;
mod wordpress;
mod zitadel;

use std::collections::BTreeMap;
use std::io::Read;

use password::Params;

pub use detect::{Detected, Part, Survey, detect, survey};
pub use reader::{Reader, Row};

use crate::draft::Draft;
use crate::header::Header;
use crate::input;
use crate::ldif;
use crate::mapping::{DateFormat, Separator};
use crate::objects::{Nesting, Object, Place};
use crate::problem::{FileError, Refusal};
use crate::sql::{self, Block};
use crate::table;

/// Every source, those that are surest of their files first.
pub const SOURCES: &[Source] = &[
    kith::SOURCE,
    cognito::SOURCE,
    firebase::SOURCE,
    keycloak::SOURCE,
    zitadel::SOURCE,
    supertokens::SOURCE,
    kratos::SOURCE,
    okta::SOURCE,
    azure::SOURCE,
    fusionauth::SOURCE,
    logto::SOURCE,
    auth0::SOURCE,
    clerk::SOURCE,
    supabase::SOURCE,
    wordpress::SOURCE,
    django::SOURCE,
    drupal::SOURCE,
    aspnet::SOURCE,
    devise::SOURCE,
    laravel::SOURCE,
    frameworks::PHPBB,
    frameworks::JOOMLA,
    frameworks::SYMFONY,
    ldap::SOURCE,
    kinde_ndjson::SOURCE,
    kinde_csv::SOURCE,
    own::TABLE,
    own::OBJECTS,
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
    /// Parameters of hashes that belong to a whole project, so that the provider's files do not hold them. They are to
    /// be given as [`Options::hash`] with files that have passwords.
    pub project_params: &'static [&'static str],
    recognize: fn(&Sample) -> Option<Saw>,
    /// How its files are laid out: no two of one kind.
    formats: &'static [Format],
}

impl Source {
    /// Whether the meaning of its columns is guessed, and can be decided by hand: see [`mapping`](crate::mapping).
    #[must_use]
    pub fn is_mapped(&self) -> bool {
        matches!(self.formats, [Format::Mapped(_), ..])
    }

    /// The format for a file that begins so; the first where none fits, which then says what it misses.
    fn format(&self, kind: Kind) -> &Format {
        let fitting = self.formats.iter().find(|format| format.reads(kind));
        fitting.unwrap_or(&self.formats[0])
    }
}

/// How a file of a source is laid out, and how to read a row of it.
#[derive(Debug)]
enum Format {
    /// A table with a header, which decides how rows are read.
    Table(ReadHeader),
    /// A table without a header, whose columns have these names.
    Bare(&'static [&'static str], ReadHeader),
    /// JSON objects, in lines or in an array.
    Objects(fn(&Object, &Options) -> Result<Draft, Refusal>),
    /// JSON objects in lists inside other objects; alone and in an array as well.
    Nested(
        &'static Nesting,
        fn(&Object, Place<'_>, &Options) -> Result<Draft, Refusal>,
    ),
    /// Tables of a database, each as a table with a header or as JSON objects, or several in a SQL dump.
    Database(&'static [database::Kind]),
    /// Entries of a directory, as LDIF. `None` is an entry that is no person.
    Directory(fn(&Object, &Options) -> Result<Option<Draft>, Refusal>),
    /// A table or JSON objects whose columns are guessed, or mapped by hand.
    Mapped(Kind),
}

/// What the start of a file tells of its layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Table,
    Json,
    /// A SQL dump.
    Dump,
    /// LDIF.
    Directory,
}

impl Kind {
    fn of(text: &[u8]) -> Self {
        match text.trim_ascii_start().first() {
            Some(b'{' | b'[') => Self::Json,
            _ if ldif::is_ldif(text) => Self::Directory,
            _ if sql::is_dump(text) => Self::Dump,
            _ => Self::Table,
        }
    }
}

impl Format {
    fn reads(&self, kind: Kind) -> bool {
        match self {
            Self::Table(_) | Self::Bare(..) => kind == Kind::Table,
            Self::Objects(_) | Self::Nested(..) => kind == Kind::Json,
            Self::Database(_) => kind != Kind::Directory,
            Self::Directory(_) => kind == Kind::Directory,
            Self::Mapped(mapped) => *mapped == kind,
        }
    }

    /// Where the records are in JSON.
    fn nesting(&self) -> &'static Nesting {
        match self {
            Self::Nested(nesting, _) => nesting,
            _ => &Nesting::FLAT,
        }
    }
}

/// Reads a table's header, and finds how its rows are to be read.
type ReadHeader = fn(&mut Header, &Options) -> Result<ReadRow, FileError>;

/// Reads one row of a table.
type ReadRow = Box<dyn Fn(&table::Row<'_>) -> Result<Draft, Refusal> + Send>;

/// The start of a file, by which it is recognized.
enum Sample {
    /// The names in a table's header, folded for comparison.
    Header(Vec<String>),
    /// The first JSON object, alone or in an array.
    Object(Object),
    /// What stands around a list of JSON objects, and the first of them. In a large configuration the list may begin
    /// only far behind.
    Nested {
        /// The members around the list, up to it.
        around: Object,
        /// The first of its elements, if it is near enough.
        object: Option<Object>,
    },
    /// The tables of a SQL dump.
    Tables(Vec<Block>),
    /// An LDIF file.
    Directory,
}

impl Sample {
    /// The first JSON object, wherever it stands.
    fn object(&self) -> Option<&Object> {
        match self {
            Self::Header(_) | Self::Tables(_) | Self::Directory => None,
            Self::Object(object) => Some(object),
            Self::Nested { object, .. } => object.as_ref(),
        }
    }

    /// Whether a table has all these columns, given by their folded names.
    fn has_columns(&self, names: &[&str]) -> bool {
        match self {
            Self::Header(columns) => names
                .iter()
                .all(|name| columns.iter().any(|column| column == name)),
            _ => false,
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
/// Their order is the order in which they are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileRole {
    /// People, with or without their passwords.
    Users,
    /// What people who are here already had: accounts elsewhere, authenticators, roles.
    Additions,
    /// Passwords of people who are here already.
    Passwords,
}

/// What a person may say about a file that it does not say itself.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Columns of a table by their names in the file, and the names of the fields that they are to be read as.
    pub columns: BTreeMap<String, String>,
    /// Fields by their names, and what all rows have there unless they say otherwise. Only of sources whose columns are mapped.
    pub constants: BTreeMap<String, String>,
    /// The same as `columns`, decided for several files at once: those that this one doesn't have are passed over. What `columns`
    /// says goes before it. Only of sources whose columns are mapped.
    pub shared_columns: BTreeMap<String, String>,
    /// Columns by their names, and the form of their dates. Only of sources whose columns are mapped.
    pub dates: BTreeMap<String, DateFormat>,
    /// What separates the cells of a table; none to tell it from the header. Only of sources whose columns are mapped.
    pub separator: Option<Separator>,
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
/// [`FileError`] when nothing of the file can be read, or none of its passwords could be taken; what is wrong with
/// single rows comes from the [`Reader`].
pub fn open(
    source: &'static Source,
    input: impl Read + Send + 'static,
    options: &Options,
) -> Result<Reader, FileError> {
    open_table(source, None, input, options)
}

/// As [`open`], of one table of several in the file: see [`Part::table`].
///
/// # Errors
///
/// As [`open`].
pub fn open_table(
    source: &'static Source,
    table: Option<&str>,
    input: impl Read + Send + 'static,
    options: &Options,
) -> Result<Reader, FileError> {
    let (head, input) = input::head(input::plain(input)?, input::HEAD)?;
    head::check(source, &head, options)?;
    Reader::open(source, Kind::of(&head), table, input, options)
}

#[cfg(test)]
mod tests;
