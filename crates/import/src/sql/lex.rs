//! The words of statements, and passing over what brings no rows.

use std::io;

use super::{Dump, HEAD};

/// 1 KiB: no database has longer names, and of what is longer the rest is dropped.
const MAX_NAME: usize = 1024;

/// A piece of a statement.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A word without quotes: a keyword, a name or a number.
    Word(String),
    /// A name in quotes.
    Name(String),
    /// A text in quotes; what it says is dropped.
    Text,
    /// Any other character.
    Mark(u8),
}

impl Token {
    /// A word in upper case, or a mark; empty for what is in quotes.
    pub(super) fn keyword(&self) -> String {
        match self {
            Self::Word(word) => word.to_ascii_uppercase(),
            Self::Mark(byte) => char::from(*byte).to_string(),
            Self::Name(_) | Self::Text => String::new(),
        }
    }
}

fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'@') || byte >= 0x80
}

impl Dump {
    /// The byte at a place of what is pending, which grows as far as needed.
    pub(super) fn byte(&mut self, at: usize) -> io::Result<Option<u8>> {
        while self.window.pending().len() <= at {
            if self.window.has_ended() {
                return Ok(None);
            }
            self.window.grow()?;
        }
        Ok(Some(self.window.pending()[at]))
    }

    /// The next piece of a statement; `None` at the end of the file.
    pub(super) fn token(&mut self) -> io::Result<Option<Token>> {
        self.skip_space()?;
        let Some(first) = self.byte(0)? else {
            return Ok(None);
        };
        Ok(Some(match first {
            b'\'' => {
                self.skip_quoted(b'\'', self.has_backslash_escapes)?;
                Token::Text
            }
            b'`' | b'"' | b'[' => {
                self.has_backslash_escapes |= first == b'`';
                Token::Name(self.quoted_name(if first == b'[' { b']' } else { first })?)
            }
            _ if is_of_word(first) => {
                let mut n_bytes = 0;
                while self.byte(n_bytes)?.is_some_and(is_of_word) && n_bytes < HEAD {
                    n_bytes += 1;
                }
                let word = &self.window.pending()[..n_bytes.min(MAX_NAME)];
                let word = String::from_utf8_lossy(word).into_owned();
                self.give_up(n_bytes);
                Token::Word(word)
            }
            mark => {
                self.give_up(1);
                Token::Mark(mark)
            }
        }))
    }

    /// What [`Token::keyword`] of the next token will be, without taking it. Empty at the end of the file.
    pub(super) fn peeked_keyword(&mut self) -> io::Result<String> {
        self.skip_space()?;
        let Some(first) = self.byte(0)? else {
            return Ok(String::new());
        };
        if matches!(first, b'\'' | b'`' | b'"' | b'[') {
            return Ok(String::new());
        }
        let mut word = String::new();
        while let Some(byte) = self.byte(word.len())?
            && byte.is_ascii()
            && is_of_word(byte)
            && word.len() < 64
        {
            word.push(byte.to_ascii_uppercase().into());
        }
        if word.is_empty() && first.is_ascii() {
            word.push(first.into());
        }
        Ok(word)
    }

    /// A name of one or several parts, `auth.users`.
    pub(super) fn name(&mut self) -> io::Result<Option<String>> {
        let mut name = String::new();
        loop {
            match self.token()? {
                Some(Token::Word(part) | Token::Name(part)) => name.push_str(&part),
                _ => return Ok(None),
            }
            if self.peeked_keyword()? != "." {
                return Ok(Some(name));
            }
            self.token()?;
            name.push('.');
            if name.len() > 4 * MAX_NAME {
                return Ok(None);
            }
        }
    }

    /// The name at the opening quote, where a doubled closing one stands for itself.
    fn quoted_name(&mut self, close: u8) -> io::Result<String> {
        let mut name = Vec::new();
        self.give_up(1);
        while let Some(byte) = self.byte(0)? {
            let is_doubled = byte == close && self.byte(1)? == Some(close);
            self.give_up(if is_doubled { 2 } else { 1 });
            if byte == close && !is_doubled {
                break;
            }
            if name.len() < MAX_NAME {
                name.push(byte);
            }
        }
        Ok(String::from_utf8_lossy(&name).into_owned())
    }

    /// Passes white space and comments, among them those that MySQL executes: they hold no rows.
    pub(super) fn skip_space(&mut self) -> io::Result<()> {
        loop {
            let blank = self
                .window
                .pending()
                .iter()
                .position(|b| !b.is_ascii_whitespace());
            self.give_up(blank.unwrap_or(self.window.pending().len()));
            match self.byte(0)? {
                Some(byte) if byte.is_ascii_whitespace() => {}
                Some(b'#') => self.skip_line()?,
                Some(b'-') if self.byte(1)? == Some(b'-') => self.skip_line()?,
                Some(b'/') if self.byte(1)? == Some(b'*') => self.skip_comment()?,
                _ => return Ok(()),
            }
        }
    }

    /// Passes the rest of a statement with its semicolon, or with the line `GO` of SQL Server.
    pub(super) fn skip_statement(&mut self) -> io::Result<()> {
        let mut before = 0;
        loop {
            let pending = self.window.pending();
            let Some(at) = pending.iter().position(|b| b";'\"`-/#$\n".contains(b)) else {
                before = pending.last().copied().unwrap_or(before);
                self.give_up(pending.len());
                if self.window.has_ended() {
                    return Ok(());
                }
                self.window.grow()?;
                continue;
            };
            let byte = pending[at];
            before = if at > 0 { pending[at - 1] } else { before };
            self.give_up(at);
            match byte {
                b';' => {
                    self.give_up(1);
                    return Ok(());
                }
                b'\'' | b'"' | b'`' => {
                    // PostgreSQL: E'…' has backslash escapes.
                    let is_escaping = byte != b'`' && self.has_backslash_escapes
                        || before.eq_ignore_ascii_case(&b'e');
                    self.skip_quoted(byte, is_escaping)?;
                }
                b'-' if self.byte(1)? == Some(b'-') => self.skip_line()?,
                b'/' if self.byte(1)? == Some(b'*') => self.skip_comment()?,
                b'#' if self.has_backslash_escapes => self.skip_line()?,
                b'$' if !self.has_backslash_escapes => self.skip_dollars()?,
                b'\n' => {
                    self.give_up(1);
                    if self.is_at_go()? {
                        return Ok(());
                    }
                }
                _ => self.give_up(1),
            }
            before = byte;
        }
    }

    /// Passes a statement that ends with its line, if no semicolon comes before.
    pub(super) fn skip_short(&mut self) -> io::Result<()> {
        loop {
            match self.byte(0)? {
                None => return Ok(()),
                Some(b';' | b'\n') => {
                    self.give_up(1);
                    return Ok(());
                }
                Some(quote @ (b'\'' | b'"' | b'`')) => {
                    self.skip_quoted(quote, self.has_backslash_escapes)?;
                }
                Some(_) => self.give_up(1),
            }
        }
    }

    /// After `DELIMITER`: passes the routines between it and the one that brings the semicolon back.
    pub(super) fn skip_routines(&mut self) -> io::Result<()> {
        let mut is_first = true;
        loop {
            let Some(line) = self.take_line()? else {
                return Ok(());
            };
            let text = line.trim_ascii();
            let delimiter = if is_first {
                Some(text)
            } else {
                text.split_at_checked(9)
                    .filter(|(word, _)| word.eq_ignore_ascii_case(b"DELIMITER"))
                    .map(|(_, rest)| rest.trim_ascii())
            };
            if delimiter == Some(b";") {
                return Ok(());
            }
            is_first = false;
        }
    }

    /// The beginning of a line, which is passed wholly; `None` at the end of the file.
    fn take_line(&mut self) -> io::Result<Option<Vec<u8>>> {
        if self.byte(0)?.is_none() {
            return Ok(None);
        }
        let mut n_bytes = 0;
        while n_bytes < 64 && self.byte(n_bytes)?.is_some_and(|byte| byte != b'\n') {
            n_bytes += 1;
        }
        let line = self.window.pending()[..n_bytes].to_vec();
        self.skip_line()?;
        Ok(Some(line))
    }

    /// Passes the rest of the line with its break.
    pub(super) fn skip_line(&mut self) -> io::Result<()> {
        loop {
            let pending = self.window.pending();
            if let Some(at) = pending.iter().position(|&b| b == b'\n') {
                self.give_up(at + 1);
                return Ok(());
            }
            self.give_up(pending.len());
            if self.window.has_ended() {
                return Ok(());
            }
            self.window.grow()?;
        }
    }

    fn skip_comment(&mut self) -> io::Result<()> {
        self.give_up(2);
        self.skip_past(b"*/")
    }

    /// Passes what is in quotes. A doubled quote closes and opens again, which comes to the same.
    fn skip_quoted(&mut self, quote: u8, is_escaping: bool) -> io::Result<()> {
        self.give_up(1);
        loop {
            let pending = self.window.pending();
            let end = pending
                .iter()
                .position(|&b| b == quote || (is_escaping && b == b'\\'));
            match end {
                Some(at) if pending[at] == quote => {
                    self.give_up(at + 1);
                    return Ok(());
                }
                Some(at) => {
                    self.give_up(at);
                    let n_bytes = if self.byte(1)?.is_some() { 2 } else { 1 };
                    self.give_up(n_bytes);
                }
                None => {
                    self.give_up(pending.len());
                    if self.window.has_ended() {
                        return Ok(());
                    }
                    self.window.grow()?;
                }
            }
        }
    }

    /// Passes `$tag$ … $tag$`, or one character if it is no such thing.
    fn skip_dollars(&mut self) -> io::Result<()> {
        let mut n_bytes = 1;
        while n_bytes < 64
            && self
                .byte(n_bytes)?
                .is_some_and(|b| b.is_ascii_alphanumeric() || b == b'_')
        {
            n_bytes += 1;
        }
        if self.byte(n_bytes)? != Some(b'$') {
            self.give_up(1);
            return Ok(());
        }
        let tag = self.window.pending()[..=n_bytes].to_vec();
        self.give_up(tag.len());
        self.skip_past(&tag)
    }

    /// Passes everything up to the end of `mark`.
    fn skip_past(&mut self, mark: &[u8]) -> io::Result<()> {
        loop {
            let pending = self.window.pending();
            match pending.iter().position(|b| *b == mark[0]) {
                None => {
                    self.give_up(pending.len());
                    if self.window.has_ended() {
                        return Ok(());
                    }
                    self.window.grow()?;
                }
                Some(at) => {
                    self.give_up(at);
                    let is_whole = self.byte(mark.len() - 1)?.is_some();
                    if is_whole && self.window.pending().starts_with(mark) {
                        self.give_up(mark.len());
                        return Ok(());
                    }
                    self.give_up(1);
                }
            }
        }
    }

    /// Whether the line that begins here says `GO` and nothing else.
    fn is_at_go(&mut self) -> io::Result<bool> {
        let is_go = self.byte(0)?.is_some_and(|b| b.eq_ignore_ascii_case(&b'G'))
            && self.byte(1)?.is_some_and(|b| b.eq_ignore_ascii_case(&b'O'));
        Ok(is_go && matches!(self.byte(2)?, None | Some(b'\r' | b'\n')))
    }
}
