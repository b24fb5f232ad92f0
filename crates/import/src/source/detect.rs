//! Which source a file is of, told by its content. Names of files tell nothing: every provider's is `users.csv`.

use std::io::{Cursor, Read};

use serde_json::Value;

use super::{FileRole, Format, Kind, SOURCES, Sample, Saw, Source, database, own};
use crate::header::folded;
use crate::input;
use crate::mapping;
use crate::objects::{Nesting, Objects};
use crate::problem::FileError;
use crate::sql::Dump;
use crate::table::Table;

/// A file that was recognized.
#[derive(Debug)]
pub struct Detected {
    /// Whose it is.
    pub source: &'static Source,
    /// What it brings.
    pub role: FileRole,
    /// What gave it away, as a sentence to show.
    pub saw: String,
}

/// A file that was recognized, and everything in it that is to be read.
#[derive(Debug)]
pub struct Survey {
    /// Whose it is.
    pub source: &'static Source,
    /// What is in it, in the order in which it is to be read. Never empty.
    pub parts: Vec<Part>,
}

/// Something to be read of a file, in a pass of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// For [`open_table`](super::open_table): its table in a SQL dump.
    pub table: Option<String>,
    /// What it brings.
    pub role: FileRole,
    /// What gave it away, as a sentence to show.
    pub saw: String,
}

/// Recognizes a file by its first bytes; 64 KiB are plenty, save for SQL dumps: see [`survey`].
///
/// # Errors
///
/// [`FileError::UnknownSource`] when no source knows it; [`FileError::Empty`], [`FileError::UnsupportedEncoding`] and
/// the like when it cannot be read.
pub fn detect(head: &[u8]) -> Result<Detected, FileError> {
    let Survey { source, mut parts } = survey(Cursor::new(head.to_vec()), None)?;
    let Part { role, saw, .. } = parts.swap_remove(0);
    Ok(Detected { source, role, saw })
}

/// Recognizes a file and tells what is in it. Reads the beginning; the whole, if it is a SQL dump. With `told`, only that
/// source is asked.
///
/// # Errors
///
/// As [`detect`].
pub fn survey(
    input: impl Read + Send + 'static,
    told: Option<&'static Source>,
) -> Result<Survey, FileError> {
    let (head, input) = input::head(input::plain(input)?, input::HEAD)?;
    let kind = Kind::of(&head);
    let first = match kind {
        Kind::Dump => Some(Sample::Tables(Dump::open(input)?.tables()?)),
        _ => sample(kind, &head, &Nesting::FLAT)?,
    };
    let is_asked = |source: &&Source| told.is_none_or(|told| told.name == source.name);
    for source in SOURCES.iter().filter(is_asked) {
        let nesting = source.format(kind).nesting();
        let of_source = if nesting.is_flat() {
            None
        } else {
            sample(kind, &head, nesting)?
        };
        let Some(sample) = of_source
            .as_ref()
            .or(first.as_ref().filter(|_| nesting.is_flat()))
        else {
            continue;
        };
        if let Some(saw) = (source.recognize)(sample) {
            let parts = parts(source, sample, &saw);
            return Ok(Survey { source, parts });
        }
    }
    if let Some(source) = own_source(kind, told, &head) {
        let saw = format!("{}: columns that say who people are", source.label);
        let part = Part {
            table: None,
            role: FileRole::Users,
            saw,
        };
        return Ok(Survey {
            source,
            parts: vec![part],
        });
    }
    Err(FileError::UnknownSource {
        saw: shown(kind, &head, first.as_ref())?,
    })
}

/// The source of people's own tables, where no provider wrote the file and somebody can be found in it, or where it was told.
fn own_source(kind: Kind, told: Option<&'static Source>, head: &[u8]) -> Option<&'static Source> {
    let own = match kind {
        Kind::Table => own::TABLE.name,
        Kind::Json => own::OBJECTS.name,
        _ => return None,
    };
    if told.is_some() {
        return told.filter(|told| told.is_mapped());
    }
    let is_whole = head.len() < input::HEAD;
    let guess = mapping::guess_text(head.to_vec(), is_whole, None).ok()?;
    super::find(own).filter(|_| guess.is_about_people())
}

fn parts(source: &'static Source, sample: &Sample, saw: &Saw) -> Vec<Part> {
    if let (Format::Database(kinds), Sample::Tables(tables)) = (source.format(Kind::Dump), sample) {
        return database::parts(kinds, source.label, tables);
    }
    vec![Part {
        table: None,
        role: saw.role,
        saw: format!("{}: {}", source.label, saw.what),
    }]
}

/// What can be recognized in the text; `None` for JSON without one whole object.
fn sample(kind: Kind, text: &[u8], nesting: &'static Nesting) -> Result<Option<Sample>, FileError> {
    let input = Box::new(Cursor::new(text.to_vec()));
    match kind {
        Kind::Json => {}
        Kind::Directory => return Ok(Some(Sample::Directory)),
        Kind::Table | Kind::Dump => {
            let (_, names) = Table::open(input)?;
            let folded = names.iter().map(|name| folded(name)).collect();
            return Ok(Some(Sample::Header(folded)));
        }
    }
    let mut objects = Objects::open(input, nesting)?;
    while let Some(found) = objects.next()? {
        let Ok(object) = found.object else { continue };
        return Ok(Some(if found.place.list.is_empty() {
            Sample::Object(object)
        } else {
            Sample::Nested {
                around: found.place.around.clone(),
                object: Some(object),
            }
        }));
    }
    let around = objects.left().clone();
    Ok((!around.is_empty()).then_some(Sample::Nested {
        around,
        object: None,
    }))
}

/// How to name to a person what nobody knows.
fn shown(kind: Kind, text: &[u8], sample: Option<&Sample>) -> Result<String, FileError> {
    let names = |names: &[String]| listed(names.iter().map(String::as_str));
    Ok(match sample {
        Some(Sample::Header(_)) if kind == Kind::Table => {
            let (_, columns) = Table::open(Box::new(Cursor::new(text.to_vec())))?;
            format!("the columns {}", names(&columns))
        }
        Some(Sample::Tables(tables)) => {
            let tables = tables.iter().map(|block| block.table.as_str());
            format!("a SQL dump of the tables {}", listed(tables))
        }
        Some(Sample::Directory) => "entries of a directory".to_owned(),
        sample => match sample.and_then(Sample::object) {
            None => "JSON without one whole object".to_owned(),
            Some(object) => format!(
                "objects with the keys {}",
                listed(object.keys().map(String::as_str))
            ),
        },
    })
}

/// The first few names, each cut to what a name may be long: an unknown file may have anything there.
fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<String> = names
        .take(12)
        .map(|name| name.chars().filter(|c| !c.is_control()).take(40).collect())
        .collect();
    names.join(", ")
}

/// The string under the first of `keys` that the object has.
pub(super) fn text_of<'a>(object: &'a crate::objects::Object, keys: &[&str]) -> Option<&'a str> {
    keys.iter()
        .find_map(|key| object.get(*key).and_then(Value::as_str))
}
