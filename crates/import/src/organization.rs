//! Organizations from a file: a table `name,id`, or JSON objects with these two keys.
//!
//! Columns: Kinde docs, “Import organizations”, where `id` is the id that the organization has in the former system. Rows of
//! people name it as `external_organization_id`, so organizations go first. Two rows with one id and two names would turn each
//! repetition of the import into a change, so the second is refused.

use std::collections::HashMap;
use std::io::{self, Read};
use std::sync::Arc;

use crate::header::{Column, Header};
use crate::input;
use crate::objects::{Nesting, Object, Objects};
use crate::problem::{FileError, Problem, ProblemCode, Refusal};
use crate::raw::{Columns, Raw};
use crate::table::{self, Table};
use crate::value::{self, MAX_KEY, MAX_NAME};

const NAME: &[&str] = &["name", "organization_name", "organisation_name"];
const ID: &[&str] = &[
    "id",
    "external_id",
    "external_organization_id",
    "provided_id",
    "organization_code",
    "code",
];

/// One organization, as a file tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganizationRecord {
    /// What people call it.
    pub name: String,
    /// Its id in the former system.
    pub external_id: Option<String>,
}

/// A row that was read.
#[derive(Debug, Clone)]
pub struct OrganizationRow {
    /// Which record of the file, from 1, the header not counted.
    pub number: u64,
    /// The line where it begins, from 1.
    pub line: u64,
    /// The organization.
    pub record: OrganizationRecord,
    /// The row itself, for the report if it is refused after all.
    raw: Raw,
}

impl OrganizationRow {
    /// The problem of a row that could be read and not written.
    #[must_use]
    pub fn refused(&self, code: ProblemCode, reason: &str) -> Problem {
        let refusal = Refusal::new(code, reason);
        Problem::new(self.number, self.line, refusal, &self.raw)
    }
}

/// The organizations of a file, one after another.
pub struct Organizations {
    rows: Rows,
    number: u64,
    has_ended: bool,
    /// The names by the ids that were seen, with their lines.
    seen: HashMap<String, (String, u64)>,
}

enum Rows {
    Table {
        table: Table,
        layout: Arc<Columns>,
        name: Column,
        id: Column,
    },
    Objects(Objects),
}

/// What was found in the place of a row: its line, its text, and the organization or the reason.
struct Entry {
    line: u64,
    raw: Raw,
    record: Result<OrganizationRecord, Refusal>,
}

/// Begins to read a file: plain or gzip, UTF-8 or UTF-16 with a byte order mark.
///
/// # Errors
///
/// [`FileError`] when nothing of the file can be read; what is wrong with single rows comes from the [`Organizations`].
pub fn open(input: impl Read + Send + 'static) -> Result<Organizations, FileError> {
    let (head, input) = input::head(input::plain(input)?, input::HEAD)?;
    let is_json = matches!(head.trim_ascii_start().first(), Some(b'{' | b'['));
    let rows = if is_json {
        Rows::Objects(Objects::open(input, &Nesting::FLAT)?)
    } else {
        let (table, names) = Table::open(input)?;
        let layout = Arc::new(Columns::new(table.delimiter(), &names));
        let mut header = Header::new(names, &std::collections::BTreeMap::new())?;
        let (name, id) = (header.column(NAME)?, header.column(ID)?);
        if !name.is_present() {
            return Err(FileError::MissingColumn("name"));
        }
        Rows::Table {
            table,
            layout,
            name,
            id,
        }
    };
    Ok(Organizations {
        rows,
        number: 0,
        has_ended: false,
        seen: HashMap::new(),
    })
}

impl Organizations {
    fn next_entry(&mut self) -> io::Result<Option<Entry>> {
        match &mut self.rows {
            Rows::Table {
                table,
                layout,
                name,
                id,
            } => Ok(table.next()?.map(|found| match found.row {
                Ok(row) => Entry {
                    line: found.line,
                    raw: Raw::row(row, layout),
                    record: row
                        .check_width(layout.len())
                        .and_then(|()| of_row(&row, name, id)),
                },
                Err(broken) => Entry {
                    line: found.line,
                    raw: Raw::beginning(broken.sound, layout),
                    record: Err(broken.refusal),
                },
            })),
            Rows::Objects(objects) => Ok(objects.next()?.map(|found| Entry {
                line: found.line,
                raw: Raw::object(found.text),
                record: found.object.and_then(|object| of_object(&object)),
            })),
        }
    }

    /// Refuses a second name for one id.
    fn check_repeated(&mut self, record: &OrganizationRecord, line: u64) -> Result<(), Refusal> {
        let Some(id) = &record.external_id else {
            return Ok(());
        };
        match self.seen.get(id) {
            Some((name, first)) if *name != record.name => {
                let reason = format!(
                    "line {first} gives this id to an organization of another name; keep one of them"
                );
                Err(Refusal::at("id", ProblemCode::DUPLICATE_ID, reason))
            }
            Some(_) => Ok(()),
            None => {
                self.seen.insert(id.clone(), (record.name.clone(), line));
                Ok(())
            }
        }
    }

    fn unreadable(&self, error: io::Error) -> Problem {
        let line = match &self.rows {
            Rows::Table { table, .. } => table.line(),
            Rows::Objects(objects) => objects.line(),
        };
        Problem::unreadable(self.number + 1, line, &input::unreadable(error, line))
    }
}

impl Iterator for Organizations {
    type Item = Result<OrganizationRow, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.has_ended {
            return None;
        }
        let entry = match self.next_entry() {
            Ok(Some(entry)) => entry,
            Ok(None) => {
                self.has_ended = true;
                return None;
            }
            Err(error) => {
                self.has_ended = true;
                return Some(Err(self.unreadable(error)));
            }
        };
        self.number += 1;
        let (number, line, raw) = (self.number, entry.line, entry.raw);
        let record = entry.record.and_then(|record| {
            self.check_repeated(&record, line)?;
            Ok(record)
        });
        Some(match record {
            Ok(record) => Ok(OrganizationRow {
                number,
                line,
                record,
                raw,
            }),
            Err(refusal) => Err(Problem::new(number, line, refusal, &raw)),
        })
    }
}

fn of_row(row: &table::Row<'_>, name: &Column, id: &Column) -> Result<OrganizationRecord, Refusal> {
    record(
        &name.name,
        value::text(&name.name, &name.of(row), MAX_NAME)?,
        value::text(&id.name, &id.of(row), MAX_KEY)?,
    )
}

fn of_object(object: &Object) -> Result<OrganizationRecord, Refusal> {
    record(
        "name",
        value::text_field(object, NAME, MAX_NAME)?,
        value::id_field(object, ID)?,
    )
}

fn record(
    column: &str,
    name: Option<String>,
    external_id: Option<String>,
) -> Result<OrganizationRecord, Refusal> {
    let Some(name) = name else {
        let reason = "an organization needs a name; fill it in";
        return Err(Refusal::at(column, ProblemCode::MISSING_NAME, reason));
    };
    Ok(OrganizationRecord { name, external_id })
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    /// Each row as `name/id`, or the line, column and code of what is wrong with it.
    fn read(text: &str) -> Vec<String> {
        open(Cursor::new(text.as_bytes().to_vec()))
            .unwrap()
            .map(|row| match row {
                Ok(row) => format!(
                    "{}/{}",
                    row.record.name,
                    row.record.external_id.unwrap_or_default()
                ),
                Err(problem) => format!(
                    "{} {} {}",
                    problem.line,
                    problem.column.unwrap_or_default(),
                    problem.code
                ),
            })
            .collect()
    }

    #[test]
    fn a_table_has_a_name_and_an_id() {
        assert_eq!(
            read("name,id\n\nAcme,acme-7\n\"Voss, Liu & Co\",\n,x\nCut\n"),
            [
                "Acme/acme-7",
                "Voss, Liu & Co/",
                "5 name missing_name",
                "6  malformed_row"
            ]
        );
        assert_eq!(read("Code;Name\r\n7;Acme\r\n"), ["Acme/7"]);
        let error = open(Cursor::new(b"id\n1\n")).err().unwrap();
        assert_eq!(error.code(), "missing_column");
    }

    #[test]
    fn objects_have_the_same_keys() {
        let text = r#"{"name":"Acme","id":7}
{"name":"Voss","organization_code":"org_1","created_on":"2024-01-01"}
{"id":"x"}
{"name":"#;
        assert_eq!(
            read(text),
            [
                "Acme/7",
                "Voss/org_1",
                "3 name missing_name",
                "4  malformed_json"
            ]
        );
    }

    #[test]
    fn an_id_has_one_name() {
        assert_eq!(
            read("name,id\nAcme,7\nAcme,7\nOther,7\n"),
            ["Acme/7", "Acme/7", "4 id duplicate_id"]
        );
    }
}
