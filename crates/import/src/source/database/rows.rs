//! The rows of one table, one after another, whatever the form of the file.

use std::io;
use std::sync::Arc;

use super::dump::Dumped;
use super::objects::{self, Cells};
use super::{Brings, Kind, Names, Read, by_columns};
use crate::header::{Header, folded};
use crate::input::Bytes;
use crate::objects::{Nesting, Objects};
use crate::problem::{FileError, Refusal};
use crate::raw::{Columns, Raw};
use crate::record::RecordRole;
use crate::source::reader::Entry;
use crate::source::{Kind as Layout, Options};
use crate::table::{Sheet, Table};

/// Reads the rows of one table of a file.
pub(in crate::source) struct Rows {
    inner: Inner,
    names: Names,
    sheet: Sheet,
    /// An addition to somebody, to which the next row may belong as well.
    held: Option<Entry>,
}

enum Inner {
    Csv {
        table: Table,
        columns: Arc<Columns>,
        read: Read,
    },
    Objects {
        objects: Objects,
        kinds: &'static [Kind],
        readers: Vec<Reader>,
    },
    Dump(Box<Dumped>),
}

/// How to read an object of a kind.
struct Reader {
    asked: Vec<Vec<String>>,
    /// Absent for tables that only give names to ids.
    read: Option<Read>,
}

impl Rows {
    /// Begins to read the table that is called `table` in a dump, or the only one of the file.
    pub(in crate::source) fn open(
        kinds: &'static [Kind],
        layout: Layout,
        table: Option<&str>,
        input: Bytes,
        options: &Options,
    ) -> Result<Self, FileError> {
        let mut names = Names::default();
        let inner = match layout {
            Layout::Json => open_objects(kinds, input, options)?,
            Layout::Dump => {
                let dumped = Dumped::open(kinds, table, input, options, &mut names)?;
                Inner::Dump(Box::new(dumped))
            }
            Layout::Table | Layout::Directory => open_csv(kinds, input, options)?,
        };
        Ok(Self {
            inner,
            names,
            sheet: Sheet::default(),
            held: None,
        })
    }

    /// The line that reading has come to.
    pub(in crate::source) fn line(&self) -> u64 {
        match &self.inner {
            Inner::Csv { table, .. } => table.line(),
            Inner::Objects { objects, .. } => objects.line(),
            Inner::Dump(dumped) => dumped.line(),
        }
    }

    /// The next row that is about somebody. Additions to one person that follow each other are one.
    pub(in crate::source) fn next(&mut self) -> io::Result<Option<Entry>> {
        loop {
            let Some(entry) = self.next_row()? else {
                return Ok(self.held.take());
            };
            match self.held.as_mut() {
                None if is_addition(&entry) => self.held = Some(entry),
                None => return Ok(Some(entry)),
                Some(held) => {
                    if let Some(entry) = joined(held, entry) {
                        let next = Some(entry);
                        return Ok(std::mem::replace(&mut self.held, next));
                    }
                }
            }
        }
    }

    fn next_row(&mut self) -> io::Result<Option<Entry>> {
        let Self {
            inner,
            names,
            sheet,
            ..
        } = self;
        loop {
            let found = match inner {
                Inner::Csv {
                    table,
                    columns,
                    read,
                } => next_of_csv(table, columns, read, names)?,
                Inner::Objects {
                    objects,
                    kinds,
                    readers,
                } => next_of_objects(objects, kinds, readers, names, sheet)?,
                Inner::Dump(dumped) => dumped.next(names, sheet)?,
            };
            match found {
                Found::End => return Ok(None),
                Found::Nobody => {}
                Found::Entry(entry) => return Ok(Some(*entry)),
            }
        }
    }
}

/// What comes next.
pub(super) enum Found {
    End,
    Nobody,
    Entry(Box<Entry>),
}

impl Found {
    pub(super) fn of(
        line: u64,
        draft: Result<Option<crate::draft::Draft>, Refusal>,
        raw: impl FnOnce() -> Raw,
    ) -> Self {
        match draft.transpose() {
            None => Self::Nobody,
            Some(draft) => Self::Entry(Box::new(Entry {
                line,
                raw: raw(),
                draft,
            })),
        }
    }
}

fn is_addition(entry: &Entry) -> bool {
    let draft = entry.draft.as_ref();
    draft.is_ok_and(|draft| draft.record.role == RecordRole::Addition)
}

/// Adds a row to the one held if both are about the same person; gives it back otherwise.
fn joined(held: &mut Entry, entry: Entry) -> Option<Entry> {
    if let (Ok(held), Ok(draft)) = (&mut held.draft, &entry.draft)
        && [&held.record, &draft.record].map(|record| record.role) == [RecordRole::Addition; 2]
        && held.record.provided_id == draft.record.provided_id
    {
        let Ok(draft) = entry.draft else { return None };
        held.join(draft);
        return None;
    }
    Some(entry)
}

fn open_csv(kinds: &'static [Kind], input: Bytes, options: &Options) -> Result<Inner, FileError> {
    let (table, names) = Table::open(input)?;
    let folded: Vec<String> = names.iter().map(|name| folded(name)).collect();
    let kind = by_columns(kinds, &folded).unwrap_or(&kinds[0]);
    let columns = Arc::new(Columns::new(table.delimiter(), &names));
    let read = open_kind(kind, names, options)?;
    Ok(Inner::Csv {
        table,
        columns,
        read,
    })
}

/// What reads the rows of a table with these columns.
pub(super) fn open_kind(
    kind: &Kind,
    names: Vec<String>,
    options: &Options,
) -> Result<Read, FileError> {
    let mut header = Header::new(names, &options.columns)?;
    let open = kind.open().ok_or(FileError::Empty)?;
    let read = open(&mut header, options)?;
    header.check_mappings()?;
    Ok(read)
}

fn open_objects(
    kinds: &'static [Kind],
    input: Bytes,
    options: &Options,
) -> Result<Inner, FileError> {
    let mut readers = Vec::with_capacity(kinds.len());
    for kind in kinds {
        let mut header = Header::of_objects(&options.columns);
        let read = match kind.brings {
            Brings::People(open) | Brings::Additions(open) => Some(open(&mut header, options)?),
            Brings::Names { id, name } => {
                header.column(&[id])?;
                header.column(&[name])?;
                None
            }
        };
        readers.push(Reader {
            asked: header.asked(),
            read,
        });
    }
    Ok(Inner::Objects {
        objects: Objects::open(input, &Nesting::FLAT)?,
        kinds,
        readers,
    })
}

fn next_of_csv(
    table: &mut Table,
    columns: &Arc<Columns>,
    read: &Read,
    names: &Names,
) -> io::Result<Found> {
    let Some(found) = table.next()? else {
        return Ok(Found::End);
    };
    Ok(match found.row {
        Ok(row) => {
            let draft = row
                .check_width(columns.len())
                .and_then(|()| read(&row, names));
            Found::of(found.line, draft, || Raw::row(row, columns))
        }
        Err(broken) => Found::of(found.line, Err(broken.refusal), || {
            Raw::beginning(broken.sound, columns)
        }),
    })
}

fn next_of_objects(
    objects: &mut Objects,
    kinds: &'static [Kind],
    readers: &[Reader],
    names: &mut Names,
    sheet: &mut Sheet,
) -> io::Result<Found> {
    let Some(found) = objects.next()? else {
        return Ok(Found::End);
    };
    let object = match found.object {
        Ok(object) => object,
        Err(refusal) => {
            return Ok(Found::of(found.line, Err(refusal), || {
                Raw::object(found.text)
            }));
        }
    };
    let index = if let Some(block) = objects::block(&object) {
        kinds
            .iter()
            .position(|kind| kind.prefix_in(&block).is_some())
    } else {
        let kind = by_columns(kinds, &objects::keys(&object));
        let is_it = |kind: &Kind| kinds.iter().position(|known| std::ptr::eq(known, kind));
        Some(kind.and_then(is_it).unwrap_or(0))
    };
    let Some(index) = index else {
        return Ok(Found::Nobody);
    };
    let reader = &readers[index];
    Cells::of(&object).put_into(&reader.asked, sheet);
    let row = sheet.row();
    let Some(read) = &reader.read else {
        names.add(kinds[index].name(), &row.cell(0), &row.cell(1));
        return Ok(Found::Nobody);
    };
    Ok(Found::of(found.line, read(&row, names), || {
        Raw::object(found.text)
    }))
}
