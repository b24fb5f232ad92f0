//! Comma-separated values (RFC 4180), read so that one bad row costs one row.
//!
//! Why not the `csv` crate: to it a quote that is never closed makes the rest of the file one cell, of any size. Here
//! such a row is refused by itself, reading goes on with the next line, and no row takes more than 1 MiB of memory.
//! The price is strictness in one place: what follows a closing quote must be a delimiter or the end of the line.
//! A quote inside a cell that does not begin with one is an ordinary character.

mod sheet;
mod split;

use std::borrow::Cow;
use std::io;

use crate::header::folded;
use crate::input::{Bytes, MAX_ROW, Window};
use crate::mapping::Separator;
use crate::problem::{FileError, ProblemCode, Refusal};
pub(crate) use sheet::Sheet;
pub(crate) use split::{Cell, Splitter, Step};

/// The rows of a table, one at a time.
pub(crate) struct Table {
    window: Window,
    splitter: Splitter,
    separator: Separator,
    /// The line of what is pending, from 1.
    line: u64,
    done: Done,
}

/// What to give up before the next row is looked for. Until then it is lent out.
#[derive(Clone, Copy)]
enum Done {
    Bytes(usize),
    Line,
}

/// What is at a place in the file.
pub(crate) struct Found<'a> {
    /// The line where it begins, from 1.
    pub(crate) line: u64,
    /// The row, or why there is none.
    pub(crate) row: Result<Row<'a>, Broken<'a>>,
}

/// The cells of one row.
#[derive(Clone, Copy)]
pub(crate) struct Row<'a> {
    text: &'a str,
    cells: &'a [Cell],
}

/// A row that cannot be read.
pub(crate) struct Broken<'a> {
    /// Why not.
    pub(crate) refusal: Refusal,
    /// The cells before the trouble, which are sound.
    pub(crate) sound: Row<'a>,
}

impl<'a> Row<'a> {
    /// How many cells there are.
    pub(crate) fn len(&self) -> usize {
        self.cells.len()
    }

    /// A row that was cut, or whose commas are not quoted, must not be taken for a shorter or shifted one.
    pub(crate) fn check_width(&self, n_columns: usize) -> Result<(), Refusal> {
        let extra_are_blank =
            (n_columns..self.len()).all(|index| self.cell(index).trim().is_empty());
        if self.len() >= n_columns && extra_are_blank {
            return Ok(());
        }
        let reason = format!(
            "the row has {} cells where the header has {n_columns}; put cells with commas in quotes, and do not cut rows",
            self.len()
        );
        Err(Refusal::new(ProblemCode::MALFORMED_ROW, reason))
    }

    /// The row as it stands in the file, without its line break.
    pub(crate) fn text(&self) -> &'a str {
        self.text
    }

    /// The cell's content; blank if the row is that short.
    pub(crate) fn cell(&self, index: usize) -> Cow<'a, str> {
        match self.cells.get(index) {
            Some(cell) => unquoted(self.text, cell),
            None => Cow::Borrowed(""),
        }
    }

    /// All cells in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Cow<'a, str>> {
        let row = *self;
        (0..row.len()).map(move |index| row.cell(index))
    }
}

impl Table {
    /// Reads the header line, and finds the delimiter by it.
    ///
    /// # Errors
    ///
    /// [`FileError`] if there is no header, or none that can be read.
    pub(crate) fn open(input: Bytes) -> Result<(Self, Vec<String>), FileError> {
        Self::open_separated(input, None)
    }

    /// The same, with the separator that somebody says.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub(crate) fn open_separated(
        input: Bytes,
        separator: Option<Separator>,
    ) -> Result<(Self, Vec<String>), FileError> {
        let mut table = Self::unread(input, separator)?;
        let Some(found) = table.next()? else {
            return Err(FileError::Empty);
        };
        let names = names(&found)?;
        Ok((table, names))
    }

    /// Begins with the first line, which is a row like the others, and gives the columns these names. A header that
    /// somebody added all the same, with the same first name, is read as one.
    ///
    /// # Errors
    ///
    /// [`FileError`] if there is no line, or none that can be read.
    pub(crate) fn open_bare(
        input: Bytes,
        names_in_order: &[&str],
    ) -> Result<(Self, Vec<String>), FileError> {
        let mut table = Self::unread(input, None)?;
        let Some(found) = table.next()? else {
            return Err(FileError::Empty);
        };
        let first = names(&found)?;
        if folded(&first[0]) == folded(names_in_order[0]) {
            return Ok((table, first));
        }
        // Looking at the row does not use it up: it is given up only when the one after it is asked for.
        table.done = Done::Bytes(0);
        let names = names_in_order.iter().take(first.len());
        Ok((table, names.map(|&name| name.to_owned()).collect()))
    }

    /// A table of which only the separator is known.
    fn unread(input: Bytes, separator: Option<Separator>) -> Result<Self, FileError> {
        let mut window = Window::new(input);
        while !window.has_ended() && header(window.pending()).is_none() {
            if window.pending().len() > MAX_ROW {
                return Err(FileError::TooLong);
            }
            window.grow()?;
        }
        let separator = separator
            .unwrap_or_else(|| guessed(header(window.pending()).unwrap_or(window.pending())));
        Ok(Self {
            window,
            splitter: Splitter::new(separator.byte()),
            separator,
            line: 1,
            done: Done::Bytes(0),
        })
    }

    /// What separates the cells.
    pub(crate) fn separator(&self) -> Separator {
        self.separator
    }

    /// The same, as it stands in the file.
    pub(crate) fn delimiter(&self) -> u8 {
        self.splitter.delimiter()
    }

    /// The line of the row that was found last.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// The next row that is not blank; `None` at the end of the file.
    ///
    /// # Errors
    ///
    /// When the input cannot be read.
    pub(crate) fn next(&mut self) -> io::Result<Option<Found<'_>>> {
        let outcome = loop {
            self.finish_row()?;
            match self.scan()? {
                None => return Ok(None),
                Some(Ok(length)) if self.is_blank(length) => {}
                Some(outcome) => break outcome,
            }
        };
        let cells = self.splitter.cells();
        let row = match outcome {
            Ok(length) => read(&self.window.pending()[..length], cells),
            Err(refusal) => {
                let end = cells.last().map_or(0, |cell| cell.end);
                match read(&self.window.pending()[..end], cells) {
                    Ok(sound) => Err(Broken { refusal, sound }),
                    Err(broken) => Err(broken),
                }
            }
        };
        Ok(Some(Found {
            line: self.line,
            row,
        }))
    }

    /// Gives up the row that was lent out, and counts its lines.
    fn finish_row(&mut self) -> io::Result<()> {
        match std::mem::replace(&mut self.done, Done::Bytes(0)) {
            Done::Bytes(n_bytes) => {
                self.line += count_line_breaks(&self.window.pending()[..n_bytes]);
                self.window.consume(n_bytes);
            }
            Done::Line => loop {
                match first_line(self.window.pending(), self.window.has_ended()) {
                    Some(n_bytes) => {
                        self.line += 1;
                        self.window.consume(n_bytes);
                        break;
                    }
                    None if self.window.has_ended() => {
                        self.window.consume(self.window.pending().len());
                        break;
                    }
                    None => {
                        // A last carriage return may be half of a line break.
                        let keep = usize::from(self.window.pending().ends_with(b"\r"));
                        self.window.consume(self.window.pending().len() - keep);
                        self.window.grow()?;
                    }
                }
            },
        }
        Ok(())
    }

    /// Finds the end of the row at the start of what is pending, or why it has none.
    fn scan(&mut self) -> io::Result<Option<Result<usize, Refusal>>> {
        self.splitter.restart();
        loop {
            let pending = self.window.pending();
            if pending.is_empty() && self.window.has_ended() {
                return Ok(None);
            }
            let step = self.splitter.step(pending, self.window.has_ended());
            let refusal = match step {
                Step::Row { length, consumed } if length <= MAX_ROW => {
                    self.done = Done::Bytes(consumed);
                    return Ok(Some(Ok(length)));
                }
                Step::More { .. } if self.splitter.position() <= MAX_ROW => {
                    self.window.grow()?;
                    continue;
                }
                Step::More { is_quoted: true } | Step::OpenQuote => Refusal::new(
                    ProblemCode::MALFORMED_ROW,
                    "a quote opens here that is not closed; close it, and double quotes inside quotes",
                ),
                Step::TextAfterQuote => Refusal::new(
                    ProblemCode::MALFORMED_ROW,
                    "text follows a closing quote; double the quotes inside quotes, and put a comma after them",
                ),
                Step::Row { .. } | Step::More { is_quoted: false } => Refusal::new(
                    ProblemCode::ROW_TOO_LONG,
                    "the row is longer than 1 MiB; shorten it",
                ),
            };
            self.done = Done::Line;
            return Ok(Some(Err(refusal)));
        }
    }

    fn is_blank(&self, length: usize) -> bool {
        let row = &self.window.pending()[..length];
        let mut cells = self.splitter.cells().iter();
        cells.all(|cell| row[cell.start..cell.end].trim_ascii().is_empty())
    }
}

/// The cells of the first row, as names of columns.
fn names(found: &Found<'_>) -> Result<Vec<String>, FileError> {
    match &found.row {
        Ok(row) => Ok(row.iter().map(|cell| cell.trim().to_owned()).collect()),
        Err(broken) if broken.refusal.code == ProblemCode::INVALID_ENCODING => {
            Err(FileError::UnsupportedEncoding { line: found.line })
        }
        Err(broken) => Err(FileError::MalformedHeader(broken.refusal.reason.clone())),
    }
}

/// The content of a cell of the row `text`.
pub(crate) fn unquoted<'a>(text: &'a str, cell: &Cell) -> Cow<'a, str> {
    let content = &text[cell.start..cell.end];
    if cell.has_escapes {
        Cow::Owned(content.replace("\"\"", "\""))
    } else {
        Cow::Borrowed(content)
    }
}

/// The row's text, if it is text.
fn read<'a>(bytes: &'a [u8], cells: &'a [Cell]) -> Result<Row<'a>, Broken<'a>> {
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return Ok(Row { text, cells }),
        Err(error) => error,
    };
    let (valid, _) = bytes.split_at(error.valid_up_to());
    let n_sound = cells
        .iter()
        .take_while(|cell| cell.end <= valid.len())
        .count();
    Err(Broken {
        refusal: Refusal::new(
            ProblemCode::INVALID_ENCODING,
            format!(
                "cell {} is not UTF-8 text; save the file as UTF-8",
                n_sound + 1
            ),
        ),
        sound: Row {
            text: std::str::from_utf8(valid).unwrap_or_default(),
            cells: &cells[..n_sound],
        },
    })
}

/// The first line that is not blank, once it is there wholly.
fn header(bytes: &[u8]) -> Option<&[u8]> {
    let mut lines = bytes.split_inclusive(|&b| b == b'\n' || b == b'\r');
    lines.find(|line| matches!(line.last(), Some(b'\n' | b'\r')) && !line.trim_ascii().is_empty())
}

/// Comma, unless the header has more semicolons, tabs or pipes: spreadsheets write those where the comma is the decimal sign.
/// What stands in quotes doesn't count.
fn guessed(header: &[u8]) -> Separator {
    let mut is_quoted = false;
    let mut counts = [0_usize; 4];
    for &byte in header {
        is_quoted ^= byte == b'"';
        let which = Separator::ALL.iter().position(|one| one.byte() == byte);
        if let Some(which) = which.filter(|_| !is_quoted) {
            counts[which] += 1;
        }
    }
    // Of equals the first: the last maximum of the reversed order.
    let best = (0..counts.len()).rev().max_by_key(|which| counts[*which]);
    Separator::ALL[best.unwrap_or(0)]
}

/// The length of the first line with its line break, if it has one for certain.
fn first_line(bytes: &[u8], ended: bool) -> Option<usize> {
    let at = bytes.iter().position(|&b| b == b'\n' || b == b'\r')?;
    match (bytes[at], bytes.get(at + 1)) {
        (b'\r', None) if !ended => None,
        (b'\r', Some(b'\n')) => Some(at + 2),
        _ => Some(at + 1),
    }
}

fn count_line_breaks(bytes: &[u8]) -> u64 {
    let mut n_breaks = 0;
    for (at, &byte) in bytes.iter().enumerate() {
        if byte == b'\n' || (byte == b'\r' && bytes.get(at + 1) != Some(&b'\n')) {
            n_breaks += 1;
        }
    }
    n_breaks
}

#[cfg(test)]
mod tests;
