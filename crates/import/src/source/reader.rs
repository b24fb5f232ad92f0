//! The rows of a file, one after another, whatever its source.

use std::io;
use std::sync::Arc;

use super::{Format, Kind, Options, ReadHeader, ReadRow, Source, database};
use crate::draft::Draft;
use crate::finding::{Finding, Watch};
use crate::header::Header;
use crate::input::{self, Bytes};
use crate::ldif::Entries;
use crate::mapping::{self, Own};
use crate::objects::{Nesting, Object, Objects, Place};
use crate::problem::{FileError, Problem, Refusal, Warning};
use crate::raw::{Columns, Raw};
use crate::record::UserRecord;
use crate::table::Table;

/// Reads a file row by row. One row is in memory at a time, and the same file always gives the same rows.
pub struct Reader {
    rows: Rows,
    number: u64,
    has_ended: bool,
    /// Only for files that people prepare.
    watch: Option<Watch>,
}

enum Rows {
    Table {
        table: Table,
        columns: Arc<Columns>,
        read: ReadRow,
    },
    Objects {
        objects: Objects,
        read: ReadObject,
        options: Box<Options>,
    },
    Database(Box<database::Rows>),
    Entries {
        entries: Entries,
        read: fn(&Object, &Options) -> Result<Option<Draft>, Refusal>,
        options: Box<Options>,
    },
}

impl Rows {
    fn table(
        (table, names): (Table, Vec<String>),
        columns: ReadHeader,
        options: &Options,
        watch: Option<&mut Watch>,
    ) -> Result<Self, FileError> {
        let layout = Arc::new(Columns::new(table.delimiter(), &names));
        let mut header = Header::new(names, &options.columns)?.with_constants(&options.constants);
        let read = columns(&mut header, options)?;
        header.check_mappings()?;
        if let Some(watch) = watch {
            watch.header(&header, &options.columns);
            let constants = options.constants.iter();
            let doubts = constants.filter_map(|(field, text)| Finding::of_constant(field, text));
            watch.decided(&doubts.collect::<Vec<_>>());
        }
        Ok(Self::Table {
            table,
            columns: layout,
            read,
        })
    }

    /// Columns or fields whose meaning the first rows tell, or somebody.
    fn mapped(
        kind: Kind,
        input: Bytes,
        options: &Options,
        watch: Option<&mut Watch>,
    ) -> Result<Self, FileError> {
        let (head, input) = input::head(input, input::HEAD)?;
        let own = own(head, options)?;
        if let Some(watch) = watch {
            watch.decided(own.findings());
        }
        if kind == Kind::Json {
            return Ok(Self::Objects {
                objects: Objects::open(input, &Nesting::FLAT)?,
                read: ReadObject::Mapped(Box::new(own)),
                options: Box::new(options.clone()),
            });
        }
        let (table, names) = Table::open_separated(input, options.separator)?;
        let columns = Columns::new(table.delimiter(), &names).with_secrets(own.secrets());
        Ok(Self::Table {
            table,
            columns: Arc::new(columns),
            read: Box::new(move |row| own.read_row(row)),
        })
    }

    fn objects(
        input: Bytes,
        nesting: &'static Nesting,
        read: ReadObject,
        options: &Options,
    ) -> Result<Self, FileError> {
        Ok(Self::Objects {
            objects: Objects::open(input, nesting)?,
            read,
            options: Box::new(options.clone()),
        })
    }
}

/// What the first rows seem to be, corrected by what somebody decided.
fn own(head: Vec<u8>, options: &Options) -> Result<Own, FileError> {
    let is_whole = head.len() < input::HEAD;
    Own::new(
        &mapping::guess_text(head, is_whole, options.separator)?,
        options,
    )
}

/// Reads one JSON object, with what stands around it or without.
enum ReadObject {
    Mapped(Box<Own>),
    Alone(fn(&Object, &Options) -> Result<Draft, Refusal>),
    Placed(fn(&Object, Place<'_>, &Options) -> Result<Draft, Refusal>),
}

impl ReadObject {
    fn read(&self, object: &Object, place: Place<'_>, options: &Options) -> Result<Draft, Refusal> {
        match self {
            Self::Mapped(own) => own.read_object(object),
            Self::Alone(read) => read(object, options),
            Self::Placed(read) => read(object, place, options),
        }
    }
}

/// A row that was read.
#[derive(Debug, Clone)]
pub struct Row {
    /// Which record of the file, from 1, the header not counted.
    pub number: u64,
    /// The line where it begins, from 1.
    pub line: u64,
    /// The person.
    pub record: UserRecord,
    /// What of the row could not be taken.
    pub warnings: Vec<Warning>,
    /// The row itself, for the report if it is refused after all: see [`Problem::of_conflict`].
    pub raw: Raw,
}

/// What was found in the place of a row: its line, its text, and the person or the reason.
pub(super) struct Entry {
    pub(super) line: u64,
    pub(super) raw: Raw,
    pub(super) draft: Result<Draft, Refusal>,
}

impl Reader {
    pub(super) fn open(
        source: &Source,
        kind: Kind,
        table: Option<&str>,
        input: Bytes,
        options: &Options,
    ) -> Result<Self, FileError> {
        let mut watch = source.is_prepared.then(Watch::default);
        let rows = match source.format(kind) {
            Format::Table(columns) => {
                Rows::table(Table::open(input)?, *columns, options, watch.as_mut())?
            }
            Format::Bare(names, columns) => {
                let table = Table::open_bare(input, names)?;
                Rows::table(table, *columns, options, watch.as_mut())?
            }
            Format::Mapped(kind) => Rows::mapped(*kind, input, options, watch.as_mut())?,
            Format::Objects(read) => {
                Rows::objects(input, &Nesting::FLAT, ReadObject::Alone(*read), options)?
            }
            Format::Nested(nesting, read) => {
                Rows::objects(input, nesting, ReadObject::Placed(*read), options)?
            }
            Format::Database(kinds) => Rows::Database(Box::new(database::Rows::open(
                kinds, kind, table, input, options,
            )?)),
            Format::Directory(read) => Rows::Entries {
                entries: Entries::open(input),
                read: *read,
                options: Box::new(options.clone()),
            },
        };
        Ok(Self {
            rows,
            number: 0,
            has_ended: false,
            watch,
        })
    }

    /// Doubts about the file as a whole: those of its header at once, those of its rows once they have been read.
    #[must_use]
    pub fn findings(&self) -> Vec<Finding> {
        self.watch.as_ref().map(Watch::findings).unwrap_or_default()
    }

    /// The line that reading has come to.
    fn line(&self) -> u64 {
        match &self.rows {
            Rows::Table { table, .. } => table.line(),
            Rows::Objects { objects, .. } => objects.line(),
            Rows::Database(rows) => rows.line(),
            Rows::Entries { entries, .. } => entries.line(),
        }
    }

    fn next_entry(&mut self) -> io::Result<Option<Entry>> {
        match &mut self.rows {
            Rows::Table {
                table,
                columns,
                read,
            } => Ok(table.next()?.map(|found| match found.row {
                Ok(row) => Entry {
                    line: found.line,
                    raw: Raw::row(row, columns),
                    draft: row.check_width(columns.len()).and_then(|()| read(&row)),
                },
                Err(broken) => Entry {
                    line: found.line,
                    raw: Raw::beginning(broken.sound, columns),
                    draft: Err(broken.refusal),
                },
            })),
            Rows::Objects {
                objects,
                read,
                options,
            } => Ok(objects.next()?.map(|found| Entry {
                line: found.line,
                raw: Raw::object(found.text),
                draft: found
                    .object
                    .and_then(|object| read.read(&object, found.place, options)),
            })),
            Rows::Database(rows) => rows.next(),
            Rows::Entries {
                entries,
                read,
                options,
            } => next_person(entries, |entry| read(entry, options)),
        }
    }

    /// The next row as it stands in the file, whatever becomes of it. None at the end, and where the file gives out.
    pub fn next_raw(&mut self) -> Option<Raw> {
        let entry = self.next_entry().ok().flatten()?;
        self.number += 1;
        Some(entry.raw)
    }

    /// The problem that ends the file.
    fn unreadable(&self, error: io::Error) -> Problem {
        let line = self.line();
        Problem::unreadable(self.number + 1, line, &input::unreadable(error, line))
    }
}

impl Iterator for Reader {
    type Item = Result<Row, Problem>;

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
        Some(match entry.draft.and_then(Draft::finish) {
            Err(refusal) => Err(Problem::new(number, line, refusal, &raw)),
            Ok(Draft { record, warnings }) => {
                if let Some(watch) = &mut self.watch {
                    watch.record(&record);
                }
                Ok(Row {
                    number,
                    line,
                    record,
                    warnings,
                    raw,
                })
            }
        })
    }
}

/// The next entry of a directory that is a person.
fn next_person(
    entries: &mut Entries,
    read: impl Fn(&Object) -> Result<Option<Draft>, Refusal>,
) -> io::Result<Option<Entry>> {
    while let Some(found) = entries.next()? {
        let draft = found.entry.and_then(|entry| read(&entry));
        if let Some(draft) = draft.transpose() {
            return Ok(Some(Entry {
                line: found.line,
                raw: Raw::object(found.text.as_bytes()),
                draft,
            }));
        }
    }
    Ok(None)
}
