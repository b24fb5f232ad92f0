//! The values of one row: of a list in brackets, or of a line of `COPY`.

use std::ops::Range;

use crate::problem::{ProblemCode, Refusal};

/// The values of a row, as text. It keeps its memory from one row to the next.
#[derive(Debug, Default)]
pub(crate) struct Values {
    text: String,
    /// Where each stands in the text; `None` for NULL.
    places: Vec<Option<Range<usize>>>,
    scratch: Vec<u8>,
}

impl Values {
    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.places.len()
    }

    /// A value; `None` for NULL, and beyond the last.
    pub(crate) fn get(&self, index: usize) -> Option<&str> {
        let place = self.places.get(index)?.clone()?;
        Some(&self.text[place])
    }

    fn clear(&mut self) {
        self.text.clear();
        self.places.clear();
    }

    fn push_null(&mut self) {
        self.places.push(None);
    }

    /// Adds what lies in `scratch`. Bytes that are no text are written as hexadecimal digits if they may be.
    fn push_scratch(&mut self, may_be_binary: bool) -> Result<(), Refusal> {
        let start = self.text.len();
        match std::str::from_utf8(&self.scratch) {
            // A column of one bit.
            Ok("\0") => self.text.push('0'),
            Ok("\u{1}") => self.text.push('1'),
            Ok(text) => self.text.push_str(text),
            Err(_) if may_be_binary => push_hex(&mut self.text, &self.scratch),
            Err(_) => {
                let reason = format!(
                    "value {} is not UTF-8 text; export as UTF-8",
                    self.places.len() + 1
                );
                return Err(Refusal::new(ProblemCode::INVALID_ENCODING, reason));
            }
        }
        self.places.push(Some(start..self.text.len()));
        Ok(())
    }

    /// Reads `(1, 'a', NULL)`.
    pub(super) fn read_list(
        &mut self,
        row: &[u8],
        has_backslash_escapes: bool,
    ) -> Result<(), Refusal> {
        self.clear();
        let mut list = List {
            row,
            at: 1,
            has_backslash_escapes,
        };
        loop {
            list.read_value(self)?;
            if !list.skip_to_next() {
                return Ok(());
            }
        }
    }

    /// Reads a line of `COPY`'s text format (PostgreSQL docs, “COPY”, “Text Format”).
    pub(super) fn read_copied(&mut self, line: &[u8]) -> Result<(), Refusal> {
        self.clear();
        for cell in line.split(|&b| b == b'\t') {
            if cell == b"\\N" {
                self.push_null();
                continue;
            }
            self.scratch.clear();
            unescape_copied(cell, &mut self.scratch);
            self.push_scratch(false)?;
        }
        Ok(())
    }
}

fn push_hex(text: &mut String, bytes: &[u8]) {
    for byte in bytes {
        for digit in [byte >> 4, byte & 15] {
            text.extend(char::from_digit(digit.into(), 16));
        }
    }
}

fn unescape_copied(cell: &[u8], plain: &mut Vec<u8>) {
    let mut rest = cell;
    while let Some(at) = rest.iter().position(|&b| b == b'\\') {
        plain.extend_from_slice(&rest[..at]);
        let escaped = &rest[at + 1..];
        let digits = |from: usize, radix: u32, max: usize| {
            let digits = escaped[from..].iter().take(max);
            digits
                .take_while(|b| char::from(**b).is_digit(radix))
                .count()
        };
        let number = |from: usize, n_digits: usize, radix| {
            let text = std::str::from_utf8(&escaped[from..from + n_digits]).unwrap_or_default();
            u8::try_from(u32::from_str_radix(text, radix).unwrap_or_default() & 0xff)
                .unwrap_or_default()
        };
        let (byte, n_taken) = match escaped.first() {
            None => (b'\\', 0),
            Some(b'b') => (0x08, 1),
            Some(b'f') => (0x0c, 1),
            Some(b'n') => (b'\n', 1),
            Some(b'r') => (b'\r', 1),
            Some(b't') => (b'\t', 1),
            Some(b'v') => (0x0b, 1),
            Some(b'x') if digits(1, 16, 2) > 0 => {
                let n_digits = digits(1, 16, 2);
                (number(1, n_digits, 16), 1 + n_digits)
            }
            Some(b'0'..=b'7') => {
                let n_digits = digits(0, 8, 3);
                (number(0, n_digits, 8), n_digits)
            }
            Some(&other) => (other, 1),
        };
        plain.push(byte);
        rest = &escaped[n_taken..];
    }
    plain.extend_from_slice(rest);
}

/// A list in brackets, and how far it was read.
struct List<'a> {
    row: &'a [u8],
    at: usize,
    has_backslash_escapes: bool,
}

impl<'a> List<'a> {
    fn peek(&self) -> Option<u8> {
        self.row.get(self.at).copied()
    }

    fn skip_blank(&mut self) {
        while self.peek().is_some_and(|b| b.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    /// Letters, digits and what numbers have beside them.
    fn take_word(&mut self) -> &'a [u8] {
        let start = self.at;
        while self
            .peek()
            .is_some_and(|b| b.is_ascii_alphanumeric() || b"_.+-".contains(&b))
        {
            self.at += 1;
        }
        &self.row[start..self.at]
    }

    /// Adds the value that begins here. What follows it, such as a cast, is left.
    fn read_value(&mut self, values: &mut Values) -> Result<(), Refusal> {
        self.skip_blank();
        values.scratch.clear();
        if let Some(quote @ (b'\'' | b'"')) = self.peek() {
            self.take_quoted(quote, self.has_backslash_escapes, &mut values.scratch);
            return values.push_scratch(false);
        }
        let word = self.take_word();
        let is_word = |name: &str| word.eq_ignore_ascii_case(name.as_bytes());
        if is_word("NULL") {
            values.push_null();
            return Ok(());
        }
        if word.starts_with(b"0x") {
            take_hex(&word[2..], &mut values.scratch);
            return values.push_scratch(true);
        }
        // MySQL: _binary '…' and _utf8mb4'…'.
        if word.starts_with(b"_") {
            self.skip_blank();
        }
        match self.peek() {
            Some(quote @ (b'\'' | b'"')) => {
                let is_escaping = self.has_backslash_escapes || is_word("E");
                self.take_quoted(quote, is_escaping, &mut values.scratch);
                if is_word("X") {
                    let digits = std::mem::take(&mut values.scratch);
                    take_hex(&digits, &mut values.scratch);
                }
                values.push_scratch(is_word("X") || is_word("_binary"))
            }
            // SQL Server: CAST(N'…' AS DateTime2).
            Some(b'(') if is_word("CAST") => {
                self.at += 1;
                self.read_value(values)?;
                self.skip_past_bracket();
                Ok(())
            }
            _ => {
                values.scratch.extend_from_slice(word);
                values.push_scratch(false)
            }
        }
    }

    fn take_quoted(&mut self, quote: u8, is_escaping: bool, text: &mut Vec<u8>) {
        self.at += 1;
        while let Some(byte) = self.peek() {
            self.at += 1;
            if byte == quote {
                if self.peek() != Some(quote) {
                    return;
                }
                self.at += 1;
                text.push(quote);
            } else if byte == b'\\' && is_escaping {
                let Some(escaped) = self.peek() else { return };
                self.at += 1;
                match escaped {
                    b'0' => text.push(0),
                    b'b' => text.push(0x08),
                    b'n' => text.push(b'\n'),
                    b'r' => text.push(b'\r'),
                    b't' => text.push(b'\t'),
                    b'Z' => text.push(0x1a),
                    // MySQL docs, “String Literals”: these two keep their backslash.
                    b'%' | b'_' => text.extend([b'\\', escaped]),
                    other => text.push(other),
                }
            } else {
                text.push(byte);
            }
        }
    }

    /// Goes to the next value; whether there is one.
    fn skip_to_next(&mut self) -> bool {
        loop {
            match self.peek() {
                None | Some(b')') => return false,
                Some(b',') => {
                    self.at += 1;
                    return true;
                }
                Some(b'(') => self.skip_past_bracket(),
                Some(quote @ (b'\'' | b'"')) => {
                    self.take_quoted(quote, self.has_backslash_escapes, &mut Vec::new());
                }
                Some(_) => self.at += 1,
            }
        }
    }

    fn skip_past_bracket(&mut self) {
        let mut depth = usize::from(self.peek() != Some(b'('));
        while let Some(byte) = self.peek() {
            match byte {
                b'\'' | b'"' => {
                    self.take_quoted(byte, self.has_backslash_escapes, &mut Vec::new());
                    continue;
                }
                b'(' => depth += 1,
                b')' => depth -= 1,
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return;
            }
        }
    }
}

fn take_hex(digits: &[u8], bytes: &mut Vec<u8>) {
    let value = |digit: u8| char::from(digit).to_digit(16).unwrap_or_default();
    for pair in digits.chunks(2) {
        let byte = pair.iter().fold(0, |sum, digit| 16 * sum + value(*digit));
        bytes.extend(u8::try_from(byte));
    }
}
