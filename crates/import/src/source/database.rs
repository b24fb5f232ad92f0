//! Tables of a database: each as a CSV file or as JSON objects, or several in one SQL dump.
//!
//! A source says for each of its tables how it is called, by which columns it is known and how to read a row; the form of
//! the file is this module's affair. A dump has its tables in the order of the alphabet, so that what people had often
//! comes before the people: [`parts`] tells in which order to read them, each in a pass of its own over the file.
//! Small tables that only give names to ids ([`Brings::Names`]) are remembered on the way, if they come before their use.

mod cells;
mod dump;
mod objects;
mod rows;

use std::collections::HashMap;

use super::{FileRole, Options, Part, Sample, Saw};
use crate::draft::Draft;
use crate::header::{Header, folded};
use crate::problem::{FileError, Refusal};
use crate::sql::Block;
use crate::table::Row;
pub(super) use rows::Rows;

/// A table that a source reads.
#[derive(Debug)]
pub(super) struct Kind {
    /// Its name in a dump, without the schema and without whatever prefix an installation has; first the proper one. One
    /// that begins with `_` follows the name of the people's table. With none, and with `*` for any name, its columns alone tell.
    pub(super) names: &'static [&'static str],
    /// The columns by which it is known, folded. `a|b` is either of two, and `!a` must not be there.
    pub(super) columns: &'static [&'static str],
    /// What it is, as a noun phrase.
    pub(super) what: &'static str,
    pub(super) brings: Brings,
}

/// What a table brings.
#[derive(Debug)]
pub(super) enum Brings {
    /// People.
    People(Open),
    /// What people had, by their id.
    Additions(Open),
    /// Names for ids that other tables have, such as those of roles.
    Names {
        id: &'static str,
        name: &'static str,
    },
}

/// Finds the columns of a table, and gives what reads its rows.
pub(super) type Open = fn(&mut Header, &Options) -> Result<Read, FileError>;

/// Reads one row. `None` is a row that is about nobody, such as a setting.
pub(super) type Read = Box<dyn Fn(&Row<'_>, &Names) -> Result<Option<Draft>, Refusal> + Send>;

/// 100,000: no one has more roles, and a hostile file finds an end.
const MAX_NAMES: usize = 100_000;

/// Names by their table's proper name and their id.
#[derive(Default)]
pub(super) struct Names(HashMap<&'static str, HashMap<String, String>>);

impl Names {
    /// The name that belongs to an id of a table.
    pub(super) fn of(&self, table: &str, id: &str) -> Option<&str> {
        self.0.get(table)?.get(id).map(String::as_str)
    }

    fn add(&mut self, table: &'static str, id: &str, name: &str) {
        let names = self.0.entry(table).or_default();
        if names.len() < MAX_NAMES {
            names.insert(id.to_owned(), name.to_owned());
        }
    }
}

impl Kind {
    /// The proper name.
    fn name(&self) -> &'static str {
        self.names.first().copied().unwrap_or_default()
    }

    fn open(&self) -> Option<Open> {
        match self.brings {
            Brings::People(open) | Brings::Additions(open) => Some(open),
            Brings::Names { .. } => None,
        }
    }

    fn role(&self) -> Option<FileRole> {
        match self.brings {
            Brings::People(_) => Some(FileRole::Users),
            Brings::Additions(_) => Some(FileRole::Additions),
            Brings::Names { .. } => None,
        }
    }

    fn is_people(&self) -> bool {
        matches!(self.brings, Brings::People(_))
    }

    /// Whether a table with these columns, folded, can be it.
    fn has_columns(&self, columns: &[String]) -> bool {
        let has = |name: &str| columns.iter().any(|column| column == name);
        self.columns
            .iter()
            .all(|wanted| match wanted.strip_prefix('!') {
                Some(unwanted) => !has(unwanted),
                None => wanted.split('|').any(has),
            })
    }

    /// What stands before one of its names in the name of a table, if it can be it.
    fn prefix_in<'a>(&self, block: &'a Block) -> Option<&'a str> {
        let columns: Vec<String> = block.columns.iter().map(|name| folded(name)).collect();
        if !columns.is_empty() && !self.has_columns(&columns) {
            return None;
        }
        if let Some(name) = self.names.iter().find(|name| ends_with(&block.table, name)) {
            return Some(&block.table[..block.table.len() - name.len()]);
        }
        let has_any_name = self.names.is_empty() || self.names.contains(&"*");
        (has_any_name && !columns.is_empty()).then(|| schema(&block.table))
    }
}

fn ends_with(table: &str, name: &str) -> bool {
    let start = table.len().checked_sub(name.len());
    start
        .and_then(|start| table.get(start..))
        .is_some_and(|end| end.eq_ignore_ascii_case(name))
}

/// The part of a table's name up to its last dot.
fn schema(table: &str) -> &str {
    &table[..table.rfind('.').map_or(0, |dot| dot + 1)]
}

/// What is seen of `kinds` in a sample.
pub(super) fn recognize(kinds: &'static [Kind], sample: &Sample) -> Option<Saw> {
    let of = |kind: &'static Kind| {
        Some(Saw {
            role: kind.role()?,
            what: kind.what,
        })
    };
    match sample {
        Sample::Header(columns) => of(by_columns(kinds, columns)?),
        Sample::Object(object) => of(by_columns(kinds, &objects::keys(object))?),
        Sample::Tables(tables) => of(chosen(kinds, tables).first()?.0),
        Sample::Nested { .. } | Sample::Directory => None,
    }
}

/// The first of `kinds` that a table with these columns can be.
fn by_columns(kinds: &'static [Kind], columns: &[String]) -> Option<&'static Kind> {
    let mut kinds = kinds.iter().filter(|kind| kind.open().is_some());
    kinds.find(|kind| kind.has_columns(columns))
}

/// The tables of a dump that are to be read, in this order.
pub(super) fn parts(kinds: &'static [Kind], label: &str, tables: &[Block]) -> Vec<Part> {
    let chosen = chosen(kinds, tables).into_iter();
    chosen
        .filter_map(|(kind, table)| {
            Some(Part {
                table: Some(table.to_owned()),
                role: kind.role()?,
                saw: format!(
                    "{label}: the table {} of a SQL dump, {}",
                    shown(table),
                    kind.what
                ),
            })
        })
        .collect()
}

/// A table's name, short enough to show.
fn shown(table: &str) -> String {
    table.chars().filter(|c| !c.is_control()).take(80).collect()
}

/// The tables to read, each with its kind: that of the people, and those that belong to it.
fn chosen<'a>(kinds: &'static [Kind], tables: &'a [Block]) -> Vec<(&'static Kind, &'a str)> {
    let Some((people, of_people, prefix)) = kinds
        .iter()
        .filter(|kind| kind.is_people())
        .find_map(|kind| people_in(kind, tables))
    else {
        return Vec::new();
    };
    let mut chosen = vec![(people, of_people)];
    for kind in kinds {
        if let Brings::Additions(_) = kind.brings {
            let belongs = |block: &&Block| {
                kind.prefix_in(block)
                    .is_some_and(|before| before == prefix || before == of_people)
            };
            let found = tables.iter().find(belongs);
            chosen.extend(found.map(|block| (kind, block.table.as_str())));
        }
    }
    chosen
}

/// The table of the people, of several the one with the proper name; and what its name begins with.
fn people_in<'a>(
    kind: &'static Kind,
    tables: &'a [Block],
) -> Option<(&'static Kind, &'a str, &'a str)> {
    let candidates = || {
        tables
            .iter()
            .filter_map(|block| Some((block, kind.prefix_in(block)?)))
    };
    let is_proper = |(block, prefix): &(&Block, &str)| {
        *prefix == schema(&block.table) && ends_with(&block.table, kind.name())
    };
    let (block, prefix) = candidates()
        .find(is_proper)
        .or_else(|| candidates().next())?;
    Some((kind, &block.table, prefix))
}
