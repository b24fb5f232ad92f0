//! LDIF (RFC 2849): the entries of a directory, as `ldapsearch` and `slapcat` write them.
//!
//! An entry becomes an object whose keys are the attributes, in lower case, and whose values are lists of texts, so that
//! it is read and shown as other objects are. Values that are no text (portraits, certificates) and values of more than
//! 64 KiB are left out as they go by; what is kept of one entry is at most 1 MiB. Attributes with options
//! (`cn;lang-de`) are left out as well: the one without options says the same.

use std::io;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::Value;

use crate::input::{Bytes, MAX_ROW, Window};
use crate::objects::Object;
use crate::problem::{ProblemCode, Refusal};

/// 64 KiB: no value that is of use here is longer.
const MAX_VALUE: usize = 64 * 1024;

/// The entries of a file.
pub(crate) struct Entries {
    window: Window,
    /// The line that was read last, from 1.
    line: u64,
    /// The logical line at hand: its physical lines joined.
    text: Vec<u8>,
    is_too_long: bool,
}

/// What is at a place in the file.
pub(crate) struct Found {
    /// The line where it begins, from 1.
    pub(crate) line: u64,
    /// The attributes, as far as they could be read, as JSON.
    pub(crate) text: String,
    /// The entry, or why there is none.
    pub(crate) entry: Result<Object, Refusal>,
}

/// Whether a text begins as LDIF does: with a version or a name, perhaps after comments.
pub(crate) fn is_ldif(head: &[u8]) -> bool {
    let mut lines = head.split(|&b| b == b'\n');
    let first = lines.find(|line| {
        !line.trim_ascii().is_empty() && !line.starts_with(b"#") && !line.starts_with(b" ")
    });
    let begins = |line: &[u8], word: &str| {
        line.split_at_checked(word.len())
            .is_some_and(|(start, _)| start.eq_ignore_ascii_case(word.as_bytes()))
    };
    first.is_some_and(|line| begins(line, "dn:") || begins(line, "version:"))
}

/// A logical line, taken apart.
enum Line<'a> {
    /// Between two entries.
    Blank,
    /// A comment, or something else that says nothing here.
    Nothing,
    Attribute {
        name: String,
        value: &'a [u8],
        is_base64: bool,
    },
    Malformed,
}

impl Entries {
    pub(crate) fn open(input: Bytes) -> Self {
        Self {
            window: Window::new(input),
            line: 0,
            text: Vec::new(),
            is_too_long: false,
        }
    }

    /// The line that reading has come to.
    pub(crate) fn line(&self) -> u64 {
        self.line.max(1)
    }

    /// The next entry, or what stands in the place of one; `None` at the end.
    ///
    /// # Errors
    ///
    /// When the input cannot be read.
    pub(crate) fn next(&mut self) -> io::Result<Option<Found>> {
        let mut entry = Entry::default();
        let mut begins_at = 0;
        loop {
            let line = self.line + 1;
            if !self.next_line()? {
                break;
            }
            match parse(&self.text) {
                _ if self.is_too_long => {}
                Line::Blank if entry.is_begun => break,
                Line::Blank | Line::Nothing => continue,
                Line::Malformed => entry.is_malformed(),
                Line::Attribute { name, .. } if name == "version" && !entry.is_begun => continue,
                Line::Attribute {
                    name,
                    value,
                    is_base64,
                } => entry.add(name, value, is_base64),
            }
            if !entry.is_begun {
                entry.is_begun = true;
                begins_at = line;
            }
        }
        Ok(entry.is_begun.then(|| entry.found(begins_at)))
    }

    /// Reads a logical line into `text`: a line and those after it that begin with a space (RFC 2849 §2). Whether there is one.
    fn next_line(&mut self) -> io::Result<bool> {
        self.text.clear();
        self.is_too_long = false;
        if self.first_byte()?.is_none() {
            return Ok(false);
        }
        self.take_line()?;
        // A blank line folds nothing.
        while !self.text.is_empty() && self.first_byte()? == Some(b' ') {
            self.window.consume(1);
            self.take_line()?;
        }
        Ok(true)
    }

    fn first_byte(&mut self) -> io::Result<Option<u8>> {
        while self.window.pending().is_empty() && !self.window.has_ended() {
            self.window.grow()?;
        }
        Ok(self.window.pending().first().copied())
    }

    /// Adds the rest of the physical line to `text`, without its break.
    fn take_line(&mut self) -> io::Result<()> {
        self.line += 1;
        loop {
            let pending = self.window.pending();
            let end = pending.iter().position(|&b| b == b'\n');
            let piece = &pending[..end.unwrap_or(pending.len())];
            // Base64 takes four bytes for three.
            if self.text.len() + piece.len() > 2 * MAX_VALUE {
                self.is_too_long = true;
            } else {
                self.text.extend_from_slice(piece);
            }
            let n_bytes = end.map_or(pending.len(), |end| end + 1);
            self.window.consume(n_bytes);
            if end.is_some() || self.window.has_ended() {
                if self.text.last() == Some(&b'\r') {
                    self.text.pop();
                }
                return Ok(());
            }
            self.window.grow()?;
        }
    }
}

fn parse(text: &[u8]) -> Line<'_> {
    if text.is_empty() {
        return Line::Blank;
    }
    // RFC 2849: a line of a dash ends a part of a change.
    if text.starts_with(b"#") || text == b"-" {
        return Line::Nothing;
    }
    let Some(colon) = text.iter().position(|&b| b == b':') else {
        return Line::Malformed;
    };
    let (name, rest) = (&text[..colon], &text[colon + 1..]);
    let Ok(name) = std::str::from_utf8(name) else {
        return Line::Malformed;
    };
    if name.contains(';') {
        return Line::Nothing;
    }
    let (rest, is_base64) = match rest.first() {
        Some(b':') => (&rest[1..], true),
        // The address of a file, which is not here.
        Some(b'<') => return Line::Nothing,
        _ => (rest, false),
    };
    let start = rest.iter().position(|&b| b != b' ').unwrap_or(rest.len());
    Line::Attribute {
        name: name.to_ascii_lowercase(),
        value: &rest[start..],
        is_base64,
    }
}

/// An entry in the making.
#[derive(Default)]
struct Entry {
    object: Object,
    n_bytes: usize,
    is_begun: bool,
    refusal: Option<Refusal>,
}

impl Entry {
    /// Takes note of why it will be refused; the first reason stays.
    fn refuse(&mut self, code: ProblemCode, reason: &str) {
        self.refusal
            .get_or_insert_with(|| Refusal::new(code, reason));
    }

    fn is_malformed(&mut self) {
        let reason = "the entry has no dn, or a line that is no attribute; export it again";
        self.refuse(ProblemCode::MALFORMED_ROW, reason);
    }

    fn add(&mut self, name: String, value: &[u8], is_base64: bool) {
        if !is_base64 {
            return self.add_bytes(name, value);
        }
        match BASE64.decode(value.trim_ascii()) {
            Ok(bytes) => self.add_bytes(name, &bytes),
            Err(_) => self.is_malformed(),
        }
    }

    fn add_bytes(&mut self, name: String, value: &[u8]) {
        if name == "changetype" {
            if !value.eq_ignore_ascii_case(b"add") {
                let reason = "this is a change and not an entry; export the entries themselves, with ldapsearch or slapcat";
                self.refuse(ProblemCode::MALFORMED_ROW, reason);
            }
            return;
        }
        let text = match std::str::from_utf8(value) {
            Ok(text) => text.to_owned(),
            // Active Directory's id is 16 bytes, and the only value of that sort that is of use.
            Err(_) if name == "objectguid" && value.len() == 16 => guid(value),
            Err(_) => return,
        };
        self.n_bytes += name.len() + text.len();
        if self.n_bytes > MAX_ROW {
            let reason = "the entry is longer than 1 MiB; shorten it";
            return self.refuse(ProblemCode::ROW_TOO_LONG, reason);
        }
        let values = self
            .object
            .entry(name)
            .or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(values) = values {
            values.push(text.into());
        }
    }

    fn found(mut self, line: u64) -> Found {
        if !self.object.contains_key("dn") {
            self.is_malformed();
        }
        Found {
            line,
            text: Value::Object(self.object.clone()).to_string(),
            entry: match self.refusal {
                None => Ok(self.object),
                Some(refusal) => Err(refusal),
            },
        }
    }
}

/// The text form of Active Directory's ids, whose first three parts have their bytes in reverse (MS-DTYP §2.3.4).
fn guid(bytes: &[u8]) -> String {
    const ORDER: [usize; 16] = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
    let mut text = String::with_capacity(36);
    for (index, at) in ORDER.into_iter().enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        for digit in [bytes[at] >> 4, bytes[at] & 15] {
            text.extend(char::from_digit(digit.into(), 16));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;

    /// Each entry as its line and its text, or its code.
    fn entries(text: impl Into<Vec<u8>>) -> Vec<(u64, Result<String, &'static str>)> {
        let mut entries = Entries::open(Box::new(Cursor::new(text.into())));
        let mut seen = Vec::new();
        while let Some(found) = entries.next().unwrap() {
            let entry = found
                .entry
                .map(|_| found.text)
                .map_err(|refusal| refusal.code.as_str());
            seen.push((found.line, entry));
            assert!(entries.window.pending().len() < MAX_ROW);
        }
        seen
    }

    #[test]
    fn folded_lines_base64_and_comments_are_read() {
        let text = "version: 1\r\n# extended\n  LDIF\n\n\ndn: uid=mara,\n  dc=voss,dc=example\nCN:: TWFyYSBWw7Zzcw==\nmail: a@voss.example\nmail: b@voss.example\ncn;lang-de: M\njpegPhoto:: /9j/4A==\nphoto:< file:///x\n\n\ndn: x\n";
        assert_eq!(
            entries(text),
            [
                (6, Ok(r#"{"cn":["Mara Vöss"],"dn":["uid=mara, dc=voss,dc=example"],"mail":["a@voss.example","b@voss.example"]}"#.to_owned())),
                (16, Ok(r#"{"dn":["x"]}"#.to_owned())),
            ]
        );
    }

    #[test]
    fn changes_are_refused_and_additions_are_entries() {
        let text = "dn: a\nchangetype: modify\nreplace: mail\nmail: x\n-\n\ndn: b\nchangetype: add\ncn: b\n\nno attribute\n\ncn: without a dn\n";
        assert_eq!(
            entries(text),
            [
                (1, Err("malformed_row")),
                (7, Ok(r#"{"cn":["b"],"dn":["b"]}"#.to_owned())),
                (11, Err("malformed_row")),
                (13, Err("malformed_row")),
            ]
        );
    }

    #[test]
    fn a_portrait_of_any_size_costs_nothing() {
        let folded = "\n ".to_owned() + &"A".repeat(76);
        let text = format!(
            "dn: a\njpegPhoto:: AAAA{}\ncn: a\nphoto:: {}\nsn: b\n",
            folded.repeat(40_000),
            "A".repeat(4 * MAX_ROW)
        );
        assert_eq!(
            entries(text),
            [(1, Ok(r#"{"cn":["a"],"dn":["a"],"sn":["b"]}"#.to_owned()))]
        );
    }

    #[test]
    fn an_entry_beyond_a_mebibyte_is_refused() {
        let line = format!("cn: {}\n", "x".repeat(50_000));
        let text = format!("dn: a\n{}\ndn: b\n", line.repeat(30));
        assert_eq!(
            entries(text),
            [
                (1, Err("row_too_long")),
                (33, Ok(r#"{"dn":["b"]}"#.to_owned()))
            ]
        );
    }

    #[test]
    fn an_id_of_active_directory_is_shown_as_it_shows_it() {
        let text = "dn: a\nobjectGUID:: gLYfvS07t0OLoOFI3wrjbQ==\n";
        assert_eq!(
            entries(text),
            [(
                1,
                Ok(
                    r#"{"dn":["a"],"objectguid":["bd1fb680-3b2d-43b7-8ba0-e148df0ae36d"]}"#
                        .to_owned()
                )
            )]
        );
    }

    #[test]
    fn ldif_is_known_by_its_first_line() {
        for text in ["dn: x", "\n# c\n# d\nversion: 1\n", "DN:: eA=="] {
            assert!(is_ldif(text.as_bytes()), "{text}");
        }
        for text in ["id,email", "# phpMyAdmin SQL Dump\nCREATE", ""] {
            assert!(!is_ldif(text.as_bytes()), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            entries(bytes);
        }

        #[test]
        fn any_lines_are_read_without_panic(
            lines in prop::collection::vec(
                prop::sample::select(vec!["dn: a\n", "cn:: ", "YQ==", "\n", " x", "#", ":", "changetype: add\n", "-\n", "\r\n", "ü"]),
                0..40,
            )
        ) {
            entries(lines.concat());
        }
    }
}
