//! Which source a file is of, told by its content. Names of files tell nothing: every provider's is `users.csv`.

use std::io::{Cursor, Read as _};

use serde_json::Value;

use super::{FileRole, SOURCES, Sample, Source};
use crate::header::folded;
use crate::input;
use crate::objects::Objects;
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
    let (sample, shown) = sample(head)?;
    for source in SOURCES {
        if let Some(saw) = (source.recognize)(&sample) {
            return Ok(Detected {
                source,
                role: saw.role,
                saw: format!("{}: {}", source.label, saw.what),
            });
        }
    }
    Err(FileError::UnknownSource { saw: shown })
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

/// What can be recognized in the text, and how to name it to a person.
fn sample(text: Vec<u8>) -> Result<(Sample, String), FileError> {
    let first = text.trim_ascii_start().first().copied();
    if !matches!(first, Some(b'{' | b'[')) {
        let (_, names) = Table::open(Box::new(Cursor::new(text)))?;
        let shown = format!("the columns {}", listed(names.iter().map(String::as_str)));
        return Ok((
            Sample::Header(names.iter().map(|name| folded(name)).collect()),
            shown,
        ));
    }
    let mut objects = Objects::open(Box::new(Cursor::new(text)))?;
    while let Some(found) = objects.next()? {
        if let Ok(object) = found.object {
            let shown = format!(
                "objects with the keys {}",
                listed(object.keys().map(String::as_str))
            );
            return Ok((Sample::Object(object), shown));
        }
    }
    Err(FileError::UnknownSource {
        saw: "JSON without one whole object".to_owned(),
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
