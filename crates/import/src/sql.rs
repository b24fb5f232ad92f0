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
mod rows;
mod statements;
mod values;

use std::collections::HashMap;
use std::io;
use std::sync::Arc;

use crate::input::{Bytes, Window, count_lines};
use crate::problem::Refusal;
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

    fn release(&mut self) {
        let done = std::mem::take(&mut self.done);
        self.give_up(done);
    }

    fn give_up(&mut self, n_bytes: usize) {
        self.line += count_lines(&self.window.pending()[..n_bytes]);
        self.window.consume(n_bytes);
    }
}

#[cfg(test)]
mod tests;
