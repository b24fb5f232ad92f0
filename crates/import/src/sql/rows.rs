//! The rows of a statement: lists in brackets, or lines of `COPY`.

use std::io;

use super::parens::{Parens, Span};
use super::{Dump, Found, Place, Values};
use crate::input::MAX_ROW;
use crate::problem::{ProblemCode, Refusal};

impl Dump {
    /// The next row of the statement; `None` at its end.
    ///
    /// # Errors
    ///
    /// When the input cannot be read.
    pub(crate) fn next_row(&mut self, values: &mut Values) -> io::Result<Option<Found>> {
        self.release();
        match self.place {
            Place::Between => Ok(None),
            Place::Values => self.next_values(values),
            Place::Copy => self.next_copied(values),
        }
    }

    fn next_values(&mut self, values: &mut Values) -> io::Result<Option<Found>> {
        if !self.skip_to_row()? {
            return Ok(None);
        }
        let line = self.line;
        let length = match self.span_row()? {
            Ok(length) => length,
            Err(refusal) => {
                return Ok(Some(Found {
                    line,
                    row: Err(refusal),
                }));
            }
        };
        self.done = length;
        let row = values.read_list(&self.window.pending()[..length], self.has_backslash_escapes);
        Ok(Some(Found { line, row }))
    }

    /// Goes to the bracket that opens the next row; whether there is one.
    fn skip_to_row(&mut self) -> io::Result<bool> {
        loop {
            self.skip_space()?;
            match self.byte(0)? {
                Some(b'(') => return Ok(true),
                Some(b',') => self.give_up(1),
                next => {
                    // Without a semicolon, what follows belongs to the insert and is passed over as a statement, or
                    // it is the next one already.
                    self.give_up(usize::from(next == Some(b';')));
                    self.place = Place::Between;
                    return Ok(false);
                }
            }
        }
    }

    /// The length of the row at the start of what is pending. One that is too long is passed over.
    fn span_row(&mut self) -> io::Result<Result<usize, Refusal>> {
        let mut parens = Parens::new(self.has_backslash_escapes);
        let mut looked_at = 0;
        let mut is_too_long = false;
        loop {
            match parens.span(&self.window.pending()[looked_at..]) {
                Span::Ends(n_bytes) => {
                    looked_at += n_bytes;
                    break;
                }
                Span::GoesOn => looked_at = self.window.pending().len(),
            }
            if self.window.has_ended() {
                self.give_up(looked_at);
                let reason = "the file ends inside this row; export it again, it may have been cut";
                return Ok(Err(Refusal::new(ProblemCode::MALFORMED_ROW, reason)));
            }
            if looked_at > MAX_ROW {
                is_too_long = true;
                self.give_up(looked_at);
                looked_at = 0;
            }
            self.window.grow()?;
        }
        if is_too_long || looked_at > MAX_ROW {
            self.give_up(looked_at);
            return Ok(Err(too_long()));
        }
        Ok(Ok(looked_at))
    }

    fn next_copied(&mut self, values: &mut Values) -> io::Result<Option<Found>> {
        let line = self.line;
        let mut looked_at = 0;
        let end = loop {
            let pending = self.window.pending();
            if let Some(distance) = pending[looked_at..].iter().position(|&b| b == b'\n') {
                break looked_at + distance;
            }
            looked_at = pending.len();
            if self.window.has_ended() {
                break looked_at;
            }
            if looked_at > MAX_ROW {
                self.skip_line()?;
                let row = Err(too_long());
                return Ok(Some(Found { line, row }));
            }
            self.window.grow()?;
        };
        let text = &self.window.pending()[..end];
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        if text == b"\\." || (end == 0 && self.window.has_ended()) {
            self.give_up(end);
            self.place = Place::Between;
            return Ok(None);
        }
        let row = if end > MAX_ROW {
            Err(too_long())
        } else {
            values.read_copied(text)
        };
        self.done = (end + 1).min(self.window.pending().len());
        Ok(Some(Found { line, row }))
    }

    /// Passes over what is left of the rows at hand.
    pub(super) fn leave_block(&mut self) -> io::Result<()> {
        self.release();
        match self.place {
            Place::Between => {}
            Place::Values => {
                while self.skip_to_row()? {
                    self.skip_parens()?;
                }
            }
            Place::Copy => {
                while self.byte(0)?.is_some() && !self.is_end_of_copy()? {
                    self.skip_line()?;
                }
                self.skip_line()?;
            }
        }
        self.place = Place::Between;
        Ok(())
    }

    fn is_end_of_copy(&mut self) -> io::Result<bool> {
        Ok(self.byte(0)? == Some(b'\\')
            && self.byte(1)? == Some(b'.')
            && matches!(self.byte(2)?, None | Some(b'\r' | b'\n')))
    }

    fn skip_parens(&mut self) -> io::Result<()> {
        let mut parens = Parens::new(self.has_backslash_escapes);
        loop {
            match parens.span(self.window.pending()) {
                Span::Ends(n_bytes) => {
                    self.give_up(n_bytes);
                    return Ok(());
                }
                Span::GoesOn => self.give_up(self.window.pending().len()),
            }
            if self.window.has_ended() {
                return Ok(());
            }
            self.window.grow()?;
        }
    }
}

fn too_long() -> Refusal {
    Refusal::new(
        ProblemCode::ROW_TOO_LONG,
        "the row is longer than 1 MiB; shorten it",
    )
}
