//! The targets: into which files records can be written, for Kith itself or for another provider to import.
//!
//! ```text
//! UserRecord ─▶ target ─▶ file
//! ```
//!
//! A [`Target`] is a value, as a [`Source`](crate::source::Source) is. A [`Writer`] writes the records of a file one by one
//! into a buffer that whoever calls it empties: a file of any size takes the memory of one record. What the format of a
//! provider cannot say of a person is left out and told as a [`Loss`], never bent into something else: an address that nobody
//! proved does not become a proven one because the format has no word for it.
//!
//! For each target of which there is a source, a test writes records and reads them again.

mod auth0;
mod clerk;
mod firebase;
mod fusionauth;
mod keycloak;
mod kith;
mod rest;

use std::fmt;

use crate::own::Definition;
use crate::record::UserRecord;

/// Every target, our own first.
pub const TARGETS: &[Target] = &[
    kith::TARGET,
    auth0::TARGET,
    clerk::TARGET,
    firebase::TARGET,
    fusionauth::TARGET,
    keycloak::TARGET,
];

/// A file that somebody imports.
#[derive(Debug)]
pub struct Target {
    /// The name on command lines, `auth0`. Stable.
    pub name: &'static str,
    /// The name for people, `Auth0`.
    pub label: &'static str,
    /// What the file is, and who takes it, in a sentence.
    pub about: &'static str,
    /// How names of such files end, without the dot.
    pub extension: &'static str,
    /// What stands before the first record, between two, and after the last.
    frame: Frame,
    write: fn(&UserRecord, &mut Settings, &mut Losses) -> Option<String>,
    define: Option<fn(&Definition) -> String>,
}

/// What stands around the records of a file.
#[derive(Debug)]
struct Frame {
    before: &'static str,
    between: &'static str,
    after: &'static str,
}

impl Frame {
    /// One record a line.
    const LINES: Self = Self {
        before: "",
        between: "\n",
        after: "\n",
    };
    /// The elements of one array.
    const ARRAY: Self = Self {
        before: "[\n",
        between: ",\n",
        after: "\n]\n",
    };
}

/// What holds for a whole file, and is settled by the first record that needs it.
#[derive(Debug, Default)]
struct Settings {
    hashing: Option<Hashing>,
}

/// The one way in which the passwords of a file are hashed, where a format knows only one.
#[derive(Clone, PartialEq, Eq)]
struct Hashing {
    /// What to tell whoever imports the file, without the key.
    options: String,
    /// The key, by which hashes of two projects are told apart.
    key: String,
}

impl fmt::Debug for Hashing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hashing({}, …)", self.options)
    }
}

/// Something of a person that a file does not hold.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Loss {
    /// What it is: `password`, `identities`, `organizations`, … Stable.
    pub field: &'static str,
    /// Which one, without the value: the scheme of a password, the kind of an identity. May be empty.
    pub detail: String,
}

impl Loss {
    /// The field of a loss that is the person as a whole.
    pub const PERSON: &'static str = "person";
}

/// What is left out of the record at hand.
#[derive(Debug, Default)]
struct Losses(Vec<Loss>);

impl Losses {
    fn add(&mut self, field: &'static str, detail: impl Into<String>) {
        let loss = Loss {
            field,
            detail: detail.into(),
        };
        if !self.0.contains(&loss) {
            self.0.push(loss);
        }
    }
}

/// Writes the records of one file.
#[derive(Debug)]
pub struct Writer {
    target: &'static Target,
    has_begun: bool,
    settings: Settings,
}

impl Target {
    /// Whether the file can hold what roles, permissions and organizations are, and not only their keys.
    #[must_use]
    pub fn takes_definitions(&self) -> bool {
        self.define.is_some()
    }

    /// Begins a file.
    #[must_use]
    pub fn writer(&'static self) -> Writer {
        Writer {
            target: self,
            has_begun: false,
            settings: Settings::default(),
        }
    }
}

impl Writer {
    /// Adds a record to the text, and tells what of it the file does not hold. A person of whom the format can say nothing
    /// at all is not in the file; the last of the losses is then [`Loss::PERSON`].
    pub fn record(&mut self, record: &UserRecord, text: &mut String) -> Vec<Loss> {
        let mut losses = Losses::default();
        match (self.target.write)(record, &mut self.settings, &mut losses) {
            Some(written) => self.add(&written, text),
            None => losses.add(Loss::PERSON, ""),
        }
        losses.0
    }

    /// Adds a definition to the text, where the format has definitions.
    pub fn definition(&mut self, definition: &Definition, text: &mut String) {
        if let Some(define) = self.target.define {
            self.add(&define(definition), text);
        }
    }

    /// What whoever imports the file has to say there about its passwords, where the first of them settled it.
    #[must_use]
    pub fn options(&self) -> Option<&str> {
        let hashing = self.settings.hashing.as_ref();
        hashing.map(|hashing| hashing.options.as_str())
    }

    /// Ends the file.
    pub fn end(&self, text: &mut String) {
        let frame = &self.target.frame;
        if !self.has_begun {
            text.push_str(frame.before);
        }
        if self.has_begun || !frame.before.is_empty() {
            text.push_str(frame.after);
        }
    }

    fn add(&mut self, written: &str, text: &mut String) {
        let frame = &self.target.frame;
        text.push_str(if self.has_begun {
            frame.between
        } else {
            frame.before
        });
        self.has_begun = true;
        text.push_str(written);
    }
}

/// The target called `name`.
#[must_use]
pub fn find(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}

/// An instant as files show it: RFC 3339 in UTC, with milliseconds.
fn instant(at: i64) -> String {
    let at = jiff::Timestamp::from_millisecond(at).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

/// A value in one line of JSON.
fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("texts, numbers and JSON values serialize")
}

/// Bytes in padded base64 (RFC 4648 §4).
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let mut group = [0; 4];
        group[1..=chunk.len()].copy_from_slice(chunk);
        let group = u32::from_be_bytes(group);
        for at in 0..4 {
            let index = (group >> (18 - 6 * at)) & 63;
            text.push(if at <= chunk.len() {
                char::from(ALPHABET[index as usize])
            } else {
                '='
            });
        }
    }
    text
}

/// The bytes of unpadded base32 in upper case (RFC 4648 §6).
fn from_base32(text: &str) -> Option<Vec<u8>> {
    let (mut bytes, mut group, mut n_bits) = (Vec::new(), 0_u32, 0);
    for byte in text.bytes() {
        let digit = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'2'..=b'7' => byte - b'2' + 26,
            _ => return None,
        };
        group = group << 5 | u32::from(digit);
        n_bits += 5;
        if n_bits >= 8 {
            n_bits -= 8;
            bytes.push(u8::try_from(group >> n_bits & 0xff).ok()?);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests;
