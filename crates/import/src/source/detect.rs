//! Which source a file is of, told by its content. Names of files tell nothing: every provider's is `users.csv`.

use std::io::{Cursor, Read as _};

use serde_json::Value;

use super::{FileRole, Kind, SOURCES, Sample, Source};
use crate::header::folded;
use crate::input;
use crate::objects::{Nesting, Objects};
use crate::problem::FileError;
use crate::table::Table;

/// 64 KiB: the part of a packed file that is unpacked to look at.
const MAX_UNPACKED: u64 = 64 * 1024;

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

/// Recognizes a file by its first bytes; 64 KiB are plenty.
///
/// # Errors
///
/// [`FileError::UnknownSource`] when no source knows it; [`FileError::Empty`], [`FileError::UnsupportedEncoding`] and
/// the like when it cannot be read.
pub fn detect(head: &[u8]) -> Result<Detected, FileError> {
    let head = unpacked(head)?;
    let kind = Kind::of(&head);
    let first = sample(kind, &head, &Nesting::FLAT)?;
    for source in SOURCES {
        let nesting = source.format(kind).nesting();
        let recognized = if nesting.is_flat() {
            first.as_ref().and_then(source.recognize)
        } else {
            sample(kind, &head, nesting)?
                .as_ref()
                .and_then(source.recognize)
        };
        if let Some(saw) = recognized {
            return Ok(Detected {
                source,
                role: saw.role,
                saw: format!("{}: {}", source.label, saw.what),
            });
        }
    }
    Err(FileError::UnknownSource {
        saw: shown(kind, &head)?,
    })
}

/// The text at the start. A packed file that was cut where `head` ends gives what it can.
fn unpacked(head: &[u8]) -> Result<Vec<u8>, FileError> {
    let mut text = Vec::new();
    let mut plain = input::plain(Cursor::new(head.to_vec()))?.take(MAX_UNPACKED);
    let mut chunk = [0; 4096];
    loop {
        match plain.read(&mut chunk) {
            Ok(0) => return Ok(text),
            Ok(n_bytes) => text.extend_from_slice(&chunk[..n_bytes]),
            Err(error) if text.is_empty() => return Err(input::unreadable(error, 1)),
            Err(_) => return Ok(text),
        }
    }
}

/// What can be recognized in the text; `None` for JSON without one whole object.
fn sample(kind: Kind, text: &[u8], nesting: &'static Nesting) -> Result<Option<Sample>, FileError> {
    let input = Box::new(Cursor::new(text.to_vec()));
    if kind == Kind::Table {
        let (_, names) = Table::open(input)?;
        let folded = names.iter().map(|name| folded(name)).collect();
        return Ok(Some(Sample::Header(folded)));
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
fn shown(kind: Kind, text: &[u8]) -> Result<String, FileError> {
    if kind == Kind::Table {
        let (_, names) = Table::open(Box::new(Cursor::new(text.to_vec())))?;
        return Ok(format!(
            "the columns {}",
            listed(names.iter().map(String::as_str))
        ));
    }
    Ok(
        match sample(kind, text, &Nesting::FLAT)?
            .as_ref()
            .and_then(Sample::object)
        {
            None => "JSON without one whole object".to_owned(),
            Some(object) => format!(
                "objects with the keys {}",
                listed(object.keys().map(String::as_str))
            ),
        },
    )
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
