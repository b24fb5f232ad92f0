//! SQL dumps: those of `mysqldump`, `mariadb-dump` and phpMyAdmin, of `pg_dump` in both of its forms, of SQLite's
//! `.dump`, and the scripts of SQL Server.
//!
//! Only what brings rows is understood: `CREATE TABLE`, for the names of its columns; `INSERT … VALUES`; and
//! `COPY … FROM stdin`. Everything else is passed over, its quotes and comments respected, so that a function's body or
//! an article about SQL is not taken for data. A statement of many megabytes is read row by row, and no row takes more
//! than 1 MiB of memory.
//!
//! What differs between dialects is whether a backslash in quotes escapes (MySQL) or stands for itself (the standard, as
//! all others write it); the start of the file tells. Why not a parser of SQL: those hold a statement in memory, and the one
//! statement of an extended insert may be the whole table.

mod lex;
mod parens;
mod values;

use std::collections::HashMap;
use std::io;
use std::sync::Arc;

use crate::input::{Bytes, MAX_ROW, Window, count_lines};
use crate::problem::{ProblemCode, Refusal};
use lex::Token;
use parens::{Parens, Span};
pub(crate) use values::Values;

/// How many tables with how many columns are remembered: far beyond any real dump, and little memory for a hostile one.
const MAX_NAMES: usize = 4096;

/// How much of the file tells the dialect.
const HEAD: usize = 8 * 1024;

/// The rows of a dump, table by table.
pub(crate) struct Dump {
    window: Window,
    /// The line of what is pending, from 1.
    line: u64,
    has_backslash_escapes: bool,
    /// The columns of tables as they were created.
    created: HashMap<String, Arc<[String]>>,
    place: Place,
    /// What to give up before reading on; until then it is lent out.
    done: usize,
}

/// Where reading stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Between,
    /// In the rows of an `INSERT`.
    Values,
    /// In the lines of a `COPY`.
    Copy,
}

/// A statement that brings rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Block {
    /// The table, with its schema where the dump names it: `auth.users`.
    pub(crate) table: String,
    /// Its columns in the order of the rows; empty if the dump does not name them.
    pub(crate) columns: Arc<[String]>,
}

/// What is at a place in the file.
pub(crate) struct Found {
    /// The line where it begins, from 1.
    pub(crate) line: u64,
    /// Whether the values are there, or why not.
    pub(crate) row: Result<(), Refusal>,
}

/// Whether a text begins as dumps do.
pub(crate) fn is_dump(head: &[u8]) -> bool {
    const FIRST: [&str; 17] = [
        "CREATE",
        "INSERT",
        "REPLACE",
        "COPY",
        "DROP",
        "SET",
        "LOCK",
        "USE",
        "BEGIN",
        "START",
        "PRAGMA",
        "ALTER",
        "SELECT",
        "TRUNCATE",
        "DELETE",
        "GO",
        "DELIMITER",
    ];
    let text = head.trim_ascii_start();
    if ["--", "/*", "\\restrict", "\\connect"]
        .iter()
        .any(|mark| text.starts_with(mark.as_bytes()))
    {
        return true;
    }
    let n_letters = text.iter().take_while(|b| b.is_ascii_alphabetic()).count();
    let (word, rest) = text.split_at(n_letters);
    let ends_word = matches!(rest.first(), Some(b' ' | b'\t' | b'\r' | b'\n' | b';'));
    ends_word
        && FIRST
            .iter()
            .any(|first| word.eq_ignore_ascii_case(first.as_bytes()))
}

impl Dump {
    /// Looks at the start.
    ///
    /// # Errors
    ///
    /// When the input cannot be read.
    pub(crate) fn open(input: Bytes) -> io::Result<Self> {
        let mut window = Window::new(input);
        while window.pending().len() < HEAD && !window.has_ended() {
            window.grow()?;
        }
        let head = window.pending();
        let has = |word: &str| {
            head.windows(word.len())
                .any(|bytes| bytes == word.as_bytes())
        };
        let has_backslash_escapes = !has("PostgreSQL database dump")
            && (head.contains(&b'`') || ["MySQL", "MariaDB", "phpMyAdmin"].into_iter().any(has));
        Ok(Self {
            window,
            line: 1,
            has_backslash_escapes,
            created: HashMap::new(),
            place: Place::Between,
            done: 0,
        })
    }

    /// The line that reading has come to.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// The next statement that brings rows; what is left of the one before is passed over.
    ///
    /// # Errors
    ///
    /// When the input cannot be read.
    pub(crate) fn next_block(&mut self) -> io::Result<Option<Block>> {
        self.leave_block()?;
        loop {
            self.skip_space()?;
            if self.byte(0)? == Some(b'\\') {
                // A command of psql.
                self.skip_line()?;
                continue;
            }
            let Some(token) = self.token()? else {
                return Ok(None);
            };
            let block = match token.keyword().as_str() {
                "CREATE" => self.create().map(|()| None)?,
                "INSERT" | "REPLACE" => self.insert()?,
                "COPY" => self.copy()?,
                "DELIMITER" => self.skip_routines().map(|()| None)?,
                // SQL Server ends these by the line and not by a semicolon.
                "SET" | "USE" | "PRINT" => self.skip_short().map(|()| None)?,
                ";" | "GO" => None,
                _ => self.skip_statement().map(|()| None)?,
            };
            if block.is_some() {
                return Ok(block);
            }
        }
    }

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

    /// All tables of the dump that have rows, each with its columns.
    ///
    /// # Errors
    ///
    /// When the input cannot be read; what was found before is lost then.
    pub(crate) fn tables(mut self) -> io::Result<Vec<Block>> {
        let mut tables: Vec<Block> = Vec::new();
        loop {
            match self.next_block() {
                Ok(None) => return Ok(tables),
                Ok(Some(block)) => {
                    let is_known = tables.iter().any(|known| known.table == block.table);
                    if !is_known && tables.len() < MAX_NAMES {
                        tables.push(block);
                    }
                }
                // Whoever reads the rows will come to the same place, and tell.
                Err(_) if !tables.is_empty() => return Ok(tables),
                Err(error) => return Err(error),
            }
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

    fn leave_block(&mut self) -> io::Result<()> {
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

    /// After `CREATE`: remembers the columns, if it is a table.
    fn create(&mut self) -> io::Result<()> {
        const BEFORE: [&str; 8] = [
            "TEMPORARY",
            "TEMP",
            "GLOBAL",
            "LOCAL",
            "UNLOGGED",
            "FOREIGN",
            "OR",
            "REPLACE",
        ];
        loop {
            match self.peeked_keyword()?.as_str() {
                "TABLE" => break,
                word if BEFORE.contains(&word) => self.token().map(drop)?,
                _ => return self.skip_statement(),
            }
        }
        self.token()?;
        while ["IF", "NOT", "EXISTS"].contains(&self.peeked_keyword()?.as_str()) {
            self.token()?;
        }
        if let Some(table) = self.name()?
            && self.peeked_keyword()? == "("
        {
            let columns = self.created_columns()?;
            if self.created.len() < MAX_NAMES {
                self.created.insert(table, columns.into());
            }
        }
        self.skip_statement()
    }

    /// The names in the brackets of `CREATE TABLE`.
    fn created_columns(&mut self) -> io::Result<Vec<String>> {
        const NO_COLUMN: [&str; 11] = [
            "PRIMARY",
            "KEY",
            "UNIQUE",
            "CONSTRAINT",
            "INDEX",
            "FULLTEXT",
            "SPATIAL",
            "FOREIGN",
            "CHECK",
            "EXCLUDE",
            "PERIOD",
        ];
        let mut columns = Vec::new();
        let (mut depth, mut is_first) = (0_usize, false);
        while let Some(token) = self.token()? {
            match token {
                Token::Mark(b'(') => {
                    depth += 1;
                    is_first = depth == 1;
                    continue;
                }
                Token::Mark(b')') if depth <= 1 => break,
                Token::Mark(b')') => depth -= 1,
                Token::Mark(b',') if depth == 1 => {
                    is_first = true;
                    continue;
                }
                Token::Name(name) if is_first && columns.len() < MAX_NAMES => columns.push(name),
                Token::Word(word)
                    if is_first
                        && columns.len() < MAX_NAMES
                        && !NO_COLUMN.contains(&word.to_ascii_uppercase().as_str()) =>
                {
                    columns.push(word);
                }
                _ => {}
            }
            is_first = false;
        }
        Ok(columns)
    }

    /// After `INSERT`.
    fn insert(&mut self) -> io::Result<Option<Block>> {
        const BEFORE: [&str; 10] = [
            "INTO",
            "IGNORE",
            "LOW_PRIORITY",
            "DELAYED",
            "HIGH_PRIORITY",
            "OR",
            "REPLACE",
            "ABORT",
            "FAIL",
            "ROLLBACK",
        ];
        while BEFORE.contains(&self.peeked_keyword()?.as_str()) {
            self.token()?;
        }
        let Some(table) = self.name()? else {
            return self.skip_statement().map(|()| None);
        };
        let columns = self.listed_columns()?;
        loop {
            match self.peeked_keyword()?.as_str() {
                "VALUES" => break,
                "OVERRIDING" | "SYSTEM" | "USER" => self.token().map(drop)?,
                "VALUE" => {
                    self.token()?;
                    if self.peeked_keyword()? == "(" {
                        return Ok(Some(self.block(table, columns, Place::Values)));
                    }
                }
                _ => return self.skip_statement().map(|()| None),
            }
        }
        self.token()?;
        Ok(Some(self.block(table, columns, Place::Values)))
    }

    /// After `COPY`.
    fn copy(&mut self) -> io::Result<Option<Block>> {
        let Some(table) = self.name()? else {
            return self.skip_statement().map(|()| None);
        };
        let columns = self.listed_columns()?;
        let is_data = self.peeked_keyword()? == "FROM" && {
            self.token()?;
            self.peeked_keyword()? == "STDIN"
        };
        self.skip_statement()?;
        if !is_data {
            return Ok(None);
        }
        self.skip_line()?;
        Ok(Some(self.block(table, columns, Place::Copy)))
    }

    fn block(&mut self, table: String, columns: Option<Vec<String>>, place: Place) -> Block {
        self.place = place;
        let columns = match columns {
            Some(columns) => columns.into(),
            None => self.created.get(&table).cloned().unwrap_or_default(),
        };
        Block { table, columns }
    }

    /// The names in brackets, if a bracket comes next.
    fn listed_columns(&mut self) -> io::Result<Option<Vec<String>>> {
        if self.peeked_keyword()? != "(" {
            return Ok(None);
        }
        let mut columns = Vec::new();
        while let Some(token) = self.token()? {
            match token {
                Token::Name(name) | Token::Word(name) if columns.len() < MAX_NAMES => {
                    columns.push(name);
                }
                Token::Mark(b')' | b';') => break,
                _ => {}
            }
        }
        Ok(Some(columns))
    }

    fn release(&mut self) {
        let done = std::mem::take(&mut self.done);
        self.give_up(done);
    }

    fn give_up(&mut self, n_bytes: usize) {
        self.line += count_lines(&self.window.pending()[..n_bytes]);
        self.window.consume(n_bytes);
    }
}

fn too_long() -> Refusal {
    Refusal::new(
        ProblemCode::ROW_TOO_LONG,
        "the row is longer than 1 MiB; shorten it",
    )
}

#[cfg(test)]
mod tests;
