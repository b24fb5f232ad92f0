//! A table of a SQL dump, and the small tables before it that give names to ids.

use std::io;
use std::sync::Arc;

use super::rows::{Found, open_kind};
use super::{Brings, Kind, Names, Read};
use crate::header::folded;
use crate::input::Bytes;
use crate::problem::{FileError, ProblemCode, Refusal};
use crate::raw::{Columns, Raw};
use crate::source::Options;
use crate::sql::{Block, Dump, Values};
use crate::table::Sheet;

/// A table of a dump.
pub(super) struct Dumped {
    dump: Dump,
    kinds: &'static [Kind],
    table: String,
    /// The columns as the header has them, and as the statement at hand has them.
    header: Arc<[String]>,
    at_hand: Arc<[String]>,
    /// For each column of the header its place in the statement.
    order: Vec<Option<usize>>,
    columns: Arc<Columns>,
    read: Read,
    values: Values,
}

impl Dumped {
    /// Begins to read the table that is called `table`, or the first one of people.
    pub(super) fn open(
        kinds: &'static [Kind],
        table: Option<&str>,
        input: Bytes,
        options: &Options,
        names: &mut Names,
    ) -> Result<Self, FileError> {
        let mut dump = Dump::open(input)?;
        let mut values = Values::default();
        let (kind, block) = loop {
            let Some(block) = dump.next_block()? else {
                return Err(FileError::Empty);
            };
            let is_wanted = table.is_none_or(|table| table == block.table);
            let fits = |kind: &&Kind| {
                let may_be = kind.is_people() || table.is_some() && kind.open().is_some();
                may_be && kind.prefix_in(&block).is_some()
            };
            if is_wanted && let Some(kind) = kinds.iter().find(fits) {
                break (kind, block);
            }
            read_names(kinds, &block, &mut dump, &mut values, names)?;
        };
        if block.columns.is_empty() {
            return Err(FileError::MalformedHeader(format!(
                "the dump does not name the columns of {}; dump the table with its CREATE TABLE, or with complete inserts",
                super::shown(&block.table)
            )));
        }
        let columns = Columns::new(b',', &block.columns);
        Ok(Self {
            read: open_kind(kind, block.columns.to_vec(), options)?,
            dump,
            kinds,
            table: block.table,
            order: (0..block.columns.len()).map(Some).collect(),
            header: Arc::clone(&block.columns),
            at_hand: block.columns,
            columns: Arc::new(columns),
            values,
        })
    }

    /// The line that reading has come to.
    pub(super) fn line(&self) -> u64 {
        self.dump.line()
    }

    /// The next row.
    pub(super) fn next(&mut self, names: &mut Names, sheet: &mut Sheet) -> io::Result<Found> {
        let found = loop {
            if let Some(found) = self.dump.next_row(&mut self.values)? {
                break found;
            }
            loop {
                let Some(block) = self.dump.next_block()? else {
                    return Ok(Found::End);
                };
                if block.table == self.table {
                    self.turn_to(block);
                    break;
                }
                read_names(self.kinds, &block, &mut self.dump, &mut self.values, names)?;
            }
        };
        sheet.clear();
        let row = found.row.and_then(|()| self.check_count());
        if let Err(refusal) = row {
            let raw = || Raw::beginning(sheet.row(), &self.columns);
            return Ok(Found::of(found.line, Err(refusal), raw));
        }
        for place in &self.order {
            sheet.push(
                place
                    .and_then(|place| self.values.get(place))
                    .unwrap_or_default(),
            );
        }
        let row = sheet.row();
        let draft = (self.read)(&row, names);
        Ok(Found::of(found.line, draft, || {
            Raw::row(row, &self.columns)
        }))
    }

    /// Takes up another statement for the same table, which may name its columns in another order.
    fn turn_to(&mut self, block: Block) {
        if block.columns.is_empty() || block.columns == self.at_hand {
            return;
        }
        let place = |name: &String| block.columns.iter().position(|other| other == name);
        self.order = self.header.iter().map(place).collect();
        self.at_hand = block.columns;
    }

    fn check_count(&self) -> Result<(), Refusal> {
        if self.values.len() == self.at_hand.len() {
            return Ok(());
        }
        let reason = format!(
            "the row has {} values where the table has {} columns; export it again",
            self.values.len(),
            self.at_hand.len()
        );
        Err(Refusal::new(ProblemCode::MALFORMED_ROW, reason))
    }
}

/// Remembers the rows of a table that only gives names to ids; does nothing for others.
fn read_names(
    kinds: &'static [Kind],
    block: &Block,
    dump: &mut Dump,
    values: &mut Values,
    names: &mut Names,
) -> io::Result<()> {
    for kind in kinds {
        let Brings::Names { id, name } = kind.brings else {
            continue;
        };
        let place = |wanted: &str| {
            block
                .columns
                .iter()
                .position(|column| folded(column) == folded(wanted))
        };
        if let (Some(_), Some(id), Some(name)) = (kind.prefix_in(block), place(id), place(name)) {
            while let Some(found) = dump.next_row(values)? {
                if found.row.is_ok()
                    && let (Some(id), Some(name)) = (values.get(id), values.get(name))
                {
                    names.add(kind.name(), id, name);
                }
            }
        }
    }
    Ok(())
}
