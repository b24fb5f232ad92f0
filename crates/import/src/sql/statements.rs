//! The three statements that are understood, up to where their rows begin.

use std::io;

use super::lex::Token;
use super::{Block, Dump, MAX_NAMES, Place};

impl Dump {
    /// After `CREATE`: remembers the columns, if it is a table.
    pub(super) fn create(&mut self) -> io::Result<()> {
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
    pub(super) fn insert(&mut self) -> io::Result<Option<Block>> {
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
    pub(super) fn copy(&mut self) -> io::Result<Option<Block>> {
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
}
