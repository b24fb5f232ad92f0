//! JSON objects, one at a time: one to a line (NDJSON), or the elements of one array.
//!
//! Which of the two a file is, its first character tells. In lines, a malformed one costs itself. In an array, an
//! element is found by its brackets, so a malformed one costs itself too, as long as its brackets and quotes balance.
//! No object takes more than 1 MiB of memory, whatever the file holds.

mod brackets;

use std::io;

use serde_json::{Map, Value};

use crate::input::{Bytes, MAX_ROW, Window, count_lines};
use crate::problem::{FileError, ProblemCode, Refusal};
use brackets::{Brackets, Span};

/// A JSON object, parsed.
pub(crate) type Object = Map<String, Value>;

/// The objects of a file.
pub(crate) struct Objects {
    window: Window,
    layout: Layout,
    /// The line of what is pending, from 1.
    line: u64,
    /// What to give up before the next object is looked for; until then it is lent out.
    done: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Layout {
    Lines,
    Array,
}

/// What is at a place in the file.
pub(crate) struct Found<'a> {
    /// The line where it begins, from 1.
    pub(crate) line: u64,
    /// Its text, as far as it was read.
    pub(crate) text: &'a [u8],
    /// The object, or why there is none.
    pub(crate) object: Result<Object, Refusal>,
}

impl Objects {
    /// Looks at the first character.
    ///
    /// # Errors
    ///
    /// [`FileError::Empty`] when there is none; [`FileError::Unreadable`].
    pub(crate) fn open(input: Bytes) -> Result<Self, FileError> {
        let mut objects = Self {
            window: Window::new(input),
            layout: Layout::Lines,
            line: 1,
            done: 0,
        };
        match objects.skip_blank(b"")? {
            None => Err(FileError::Empty),
            Some(b'[') => {
                objects.layout = Layout::Array;
                objects.window.consume(1);
                Ok(objects)
            }
            Some(_) => Ok(objects),
        }
    }

    /// The line of the object that was found last.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// The next object, or what stands in the place of one; `None` at the end.
    ///
    /// # Errors
    ///
    /// When the input cannot be read.
    pub(crate) fn next(&mut self) -> io::Result<Option<Found<'_>>> {
        self.give_up(self.done);
        self.done = 0;
        let filler: &[u8] = match self.layout {
            Layout::Lines => b"",
            Layout::Array => b",",
        };
        let Some(first) = self.skip_blank(filler)? else {
            return Ok(None);
        };
        let line = self.line;
        let outcome = match self.layout {
            Layout::Lines => self.rest_of_line()?,
            Layout::Array if first == b']' => {
                self.layout = Layout::Lines;
                self.give_up(1);
                return self.next();
            }
            Layout::Array => self.element()?,
        };
        let text = &self.window.pending()[..self.done];
        let object = outcome.and_then(|()| parse(text));
        Ok(Some(Found { line, text, object }))
    }

    /// Passes white space and `filler`, and tells what comes then.
    fn skip_blank(&mut self, filler: &[u8]) -> io::Result<Option<u8>> {
        loop {
            let pending = self.window.pending();
            let is_filler = |b: &u8| b.is_ascii_whitespace() || filler.contains(b);
            match pending.iter().position(|b| !is_filler(b)) {
                Some(n_bytes) => {
                    let first = pending[n_bytes];
                    self.give_up(n_bytes);
                    return Ok(Some(first));
                }
                None if self.window.has_ended() => return Ok(None),
                None => {
                    self.give_up(pending.len());
                    self.window.grow()?;
                }
            }
        }
    }

    /// Finds the end of the line that begins what is pending, and lends it out.
    fn rest_of_line(&mut self) -> io::Result<Result<(), Refusal>> {
        let mut looked_at = 0;
        loop {
            let pending = self.window.pending();
            let end = pending[looked_at..].iter().position(|&b| b == b'\n');
            let end = end.map(|distance| looked_at + distance);
            looked_at = end.unwrap_or(pending.len());
            if looked_at > MAX_ROW {
                self.skip_line()?;
                return Ok(Err(too_long()));
            }
            if end.is_some() || self.window.has_ended() {
                self.done = looked_at;
                return Ok(Ok(()));
            }
            self.window.grow()?;
        }
    }

    fn skip_line(&mut self) -> io::Result<()> {
        loop {
            let pending = self.window.pending();
            match pending.iter().position(|&b| b == b'\n') {
                Some(n_bytes) => {
                    self.give_up(n_bytes);
                    return Ok(());
                }
                None if self.window.has_ended() => {
                    self.give_up(pending.len());
                    return Ok(());
                }
                None => {
                    self.give_up(pending.len());
                    self.window.grow()?;
                }
            }
        }
    }

    /// Finds the end of the element that begins what is pending, and lends it out.
    fn element(&mut self) -> io::Result<Result<(), Refusal>> {
        let mut brackets = Brackets::default();
        let mut looked_at = 0;
        let mut is_too_long = false;
        loop {
            match brackets.span(&self.window.pending()[looked_at..]) {
                // A stray bracket is an element of its own, so that reading gets past it.
                Span::Ends(0) if looked_at == 0 && !is_too_long => looked_at = 1,
                Span::Ends(n_bytes) => looked_at += n_bytes,
                Span::GoesOn if !self.window.has_ended() => {
                    looked_at = self.window.pending().len();
                    if looked_at > MAX_ROW {
                        is_too_long = true;
                        self.give_up(looked_at);
                        looked_at = 0;
                    }
                    self.window.grow()?;
                    continue;
                }
                Span::GoesOn => looked_at = self.window.pending().len(),
            }
            if is_too_long || looked_at > MAX_ROW {
                self.give_up(looked_at);
                return Ok(Err(too_long()));
            }
            self.done = looked_at;
            return Ok(Ok(()));
        }
    }

    fn give_up(&mut self, n_bytes: usize) {
        self.line += count_lines(&self.window.pending()[..n_bytes]);
        self.window.consume(n_bytes);
    }
}

fn too_long() -> Refusal {
    Refusal::new(
        ProblemCode::ROW_TOO_LONG,
        "the object is longer than 1 MiB; shorten it",
    )
}

fn parse(bytes: &[u8]) -> Result<Object, Refusal> {
    let text = std::str::from_utf8(bytes).map_err(|_| {
        Refusal::new(
            ProblemCode::INVALID_ENCODING,
            "the object is not UTF-8 text; save the file as UTF-8",
        )
    })?;
    // The parser's own message may repeat a piece of the text, so only the place of the mistake is told.
    serde_json::from_str(text).map_err(|error| {
        let reason = if error.is_data() {
            "there should be one JSON object here; put one object on each line, or use one array of objects".to_owned()
        } else if error.is_eof() {
            "the JSON object is not closed; export the file again, it may have been cut".to_owned()
        } else {
            format!("the JSON is malformed near character {} of the object; correct it", error.column())
        };
        Refusal::new(ProblemCode::MALFORMED_JSON, reason)
    })
}

#[cfg(test)]
mod tests;
