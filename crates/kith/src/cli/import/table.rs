//! A report as a file: CSV, or NDJSON where the file's name asks for it.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use anyhow::Context as _;
use serde::Serialize;

use crate::imports::report::{Format, harmless};

/// A report that is being written, row by row.
pub(in crate::cli) enum Table {
    Csv(Box<csv::Writer<File>>),
    Ndjson(BufWriter<File>),
}

impl Table {
    /// Begins a report with these columns.
    pub(in crate::cli) fn create(path: &Path, columns: &[&str]) -> anyhow::Result<Self> {
        let shown = path.display();
        let file = File::create(path).with_context(|| format!("can't write {shown}"))?;
        Ok(match Format::of_name(&path.to_string_lossy()) {
            Format::Csv => {
                let mut writer = csv::WriterBuilder::new()
                    .terminator(csv::Terminator::CRLF)
                    .from_writer(file);
                writer.write_record(columns)?;
                Self::Csv(Box::new(writer))
            }
            Format::Ndjson => Self::Ndjson(BufWriter::new(file)),
        })
    }

    /// Adds a row: its cells, or the whole of it as an object.
    pub(in crate::cli) fn row(
        &mut self,
        cells: &[&str],
        object: &impl Serialize,
    ) -> anyhow::Result<()> {
        match self {
            Self::Csv(writer) => writer.write_record(cells.iter().map(|cell| harmless(cell)))?,
            Self::Ndjson(writer) => {
                serde_json::to_writer(&mut *writer, object)?;
                writer.write_all(b"\n")?;
            }
        }
        Ok(())
    }

    /// Ends the report.
    pub(in crate::cli) fn end(self) -> anyhow::Result<()> {
        match self {
            Self::Csv(mut writer) => writer.flush()?,
            Self::Ndjson(mut writer) => writer.flush()?,
        }
        Ok(())
    }
}
