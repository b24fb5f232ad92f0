//! A row that is put together here, of a dump or of an object, and looks as if it had been read from a table.

use super::{Cell, Row};

/// One row in the making. It keeps its memory from one row to the next.
#[derive(Default)]
pub(crate) struct Sheet {
    text: String,
    cells: Vec<Cell>,
}

impl Sheet {
    /// Begins a new row.
    pub(crate) fn clear(&mut self) {
        self.text.clear();
        self.cells.clear();
    }

    /// Adds a cell, in quotes where it needs them.
    pub(crate) fn push(&mut self, content: &str) {
        if !self.cells.is_empty() {
            self.text.push(',');
        }
        let is_quoted = content.contains([',', '"', '\n', '\r']);
        let has_escapes = content.contains('"');
        if is_quoted {
            self.text.push('"');
        }
        let start = self.text.len();
        if has_escapes {
            self.text.push_str(&content.replace('"', "\"\""));
        } else {
            self.text.push_str(content);
        }
        self.cells.push(Cell {
            start,
            end: self.text.len(),
            has_escapes,
        });
        if is_quoted {
            self.text.push('"');
        }
    }

    /// The row as it stands.
    pub(crate) fn row(&self) -> Row<'_> {
        Row {
            text: &self.text,
            cells: &self.cells,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::table::Table;

    proptest! {
        #[test]
        fn a_row_that_was_put_together_reads_as_it_was_written(cells in prop::collection::vec(".*", 1..6)) {
            let mut sheet = Sheet::default();
            for cell in &cells {
                sheet.push(cell);
            }
            let written: Vec<_> = sheet.row().iter().map(std::borrow::Cow::into_owned).collect();
            prop_assert_eq!(&written, &cells);
            let header = vec!["x"; cells.len()].join(",");
            let text = format!("{header}\n{}\n", sheet.row().text());
            let (mut table, _) = Table::open(Box::new(std::io::Cursor::new(text.into_bytes()))).unwrap();
            let is_blank = cells.iter().all(|cell| cell.trim().is_empty());
            match table.next().unwrap() {
                Some(found) => {
                    let read: Vec<_> = found.row.ok().unwrap().iter().map(std::borrow::Cow::into_owned).collect();
                    prop_assert_eq!(read, cells);
                }
                None => prop_assert!(is_blank),
            }
        }
    }
}
