//! Known passwords as people write them down: a small table, or an object a line.

use std::io::BufRead;

use serde::Deserialize;

use super::Pair;
use crate::error::{Code, Coded};
use crate::secret::Secret;

/// The names of the two columns.
const COLUMNS: [&str; 2] = ["identifier", "password"];

/// What is wrong with a list of known passwords. It never repeats what it met: there are passwords in it.
#[derive(Debug, thiserror::Error)]
pub enum PairsError {
    /// A line of NDJSON is something else.
    #[error("line {0} is not an object with the texts identifier and password")]
    Object(usize),
    /// The first line of a table names one of the columns, or more than two, and not both.
    #[error("the first line has no column {0}; name the columns identifier and password")]
    Column(&'static str),
    /// A row of a table has more or fewer cells than the first.
    #[error(
        "line {0} has more or fewer cells than the first; put double quotes around what has a comma in it"
    )]
    Row(u64),
    /// It can't be read, or is no text.
    #[error("the list can't be read; save it as UTF-8 text")]
    Unreadable(#[source] std::io::Error),
}

impl Coded for PairsError {
    fn code(&self) -> Code {
        Code::INVALID_REQUEST
    }
}

/// A line of NDJSON.
#[derive(Deserialize)]
struct Line {
    identifier: String,
    password: Secret,
}

/// Reads pairs: CSV with the header `identifier,password` or without one, or NDJSON with these keys.
///
/// # Errors
/// [`PairsError`], for the first line that is neither.
pub fn read_pairs(mut input: impl BufRead) -> Result<Vec<Pair>, PairsError> {
    let start = input.fill_buf().map_err(PairsError::Unreadable)?;
    if start.trim_ascii_start().starts_with(b"{") {
        objects(input)
    } else {
        table(input)
    }
}

fn objects(input: impl BufRead) -> Result<Vec<Pair>, PairsError> {
    let mut pairs = Vec::new();
    for (number, line) in (1..).zip(input.lines()) {
        let line = line.map_err(PairsError::Unreadable)?;
        if line.trim().is_empty() {
            continue;
        }
        let line: Line = serde_json::from_str(&line).map_err(|_| PairsError::Object(number))?;
        pairs.push(Pair {
            identifier: line.identifier.trim().to_owned(),
            password: line.password,
        });
    }
    Ok(pairs)
}

fn table(input: impl BufRead) -> Result<Vec<Pair>, PairsError> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(input);
    let mut rows = reader.records();
    let Some(first) = rows.next().transpose().map_err(said)? else {
        return Ok(Vec::new());
    };
    let [identifier, password] =
        COLUMNS.map(|name| first.iter().position(|cell| cell.trim() == name));
    let mut pairs = Vec::new();
    let (identifier, password) = match (identifier, password) {
        (Some(identifier), Some(password)) => (identifier, password),
        (None, None) if first.len() == 2 => {
            pairs.push(pair(&first, 0, 1));
            (0, 1)
        }
        (None, _) => return Err(PairsError::Column(COLUMNS[0])),
        (_, None) => return Err(PairsError::Column(COLUMNS[1])),
    };
    for row in rows {
        pairs.push(pair(&row.map_err(said)?, identifier, password));
    }
    Ok(pairs)
}

fn pair(row: &csv::StringRecord, identifier: usize, password: usize) -> Pair {
    Pair {
        identifier: row[identifier].trim().to_owned(),
        password: Secret::new(&row[password]),
    }
}

/// The error without what it met.
fn said(error: csv::Error) -> PairsError {
    let line = error.position().map_or(0, csv::Position::line);
    match error.into_kind() {
        csv::ErrorKind::Io(error) => PairsError::Unreadable(error),
        csv::ErrorKind::Utf8 { .. } => {
            PairsError::Unreadable(std::io::ErrorKind::InvalidData.into())
        }
        _ => PairsError::Row(line),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(text: &str) -> Vec<(String, String)> {
        let pairs = read_pairs(text.as_bytes()).unwrap().into_iter();
        let pairs = pairs.map(|pair| (pair.identifier, pair.password.reveal().to_owned()));
        pairs.collect()
    }

    #[test]
    fn pairs_come_as_a_table_or_as_objects() {
        let expected = [("ada@example.com".to_owned(), "a,b \"c\"".to_owned())];
        for text in [
            "password,identifier\n\"a,b \"\"c\"\"\",ada@example.com\n",
            "ada@example.com,\"a,b \"\"c\"\"\"\n",
            "{\"identifier\":\"ada@example.com\",\"password\":\"a,b \\\"c\\\"\"}\n\n",
        ] {
            assert_eq!(seen(text), expected, "{text}");
        }
        assert_eq!(seen(""), []);
        assert_eq!(seen("identifier,password\n"), []);
    }

    #[test]
    fn spaces_belong_to_a_password_and_not_to_an_identifier() {
        let expected = [("ada@example.com".to_owned(), " a b ".to_owned())];
        assert_eq!(seen("ada@example.com , a b \n"), expected);
    }

    #[test]
    fn what_is_wrong_with_a_list_is_said_without_what_is_in_it() {
        for (text, said) in [
            ("identifier,secret\na,hunter2\n", "no column password"),
            ("identifier,password\na,hunter2,x\n", "line 2"),
            ("a,hunter2,x\n", "no column identifier"),
            (
                "{\"identifier\":\"a\",\"password\":7,\"x\":\"hunter2\"}\n",
                "line 1",
            ),
        ] {
            let error = read_pairs(text.as_bytes()).unwrap_err();
            assert!(error.to_string().contains(said), "{error}");
            assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
        }
    }
}
