//! The rows that did not go in, as a file to mend them by.

use std::io;

use bytes::Bytes;
use db::Error;
use futures::Stream;

use super::list::{Place, Refusal};
use super::notes::{NoteFilter, NotesFrom, notes};
use crate::context::Context;
use crate::id::ImportRunId;

/// How many rows are in memory at a time.
const ROWS_AT_A_TIME: i64 = 1_000;

/// How a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A table with a header.
    Csv,
    /// A JSON object a line.
    Ndjson,
}

impl Format {
    /// The format that a file's name asks for by its ending; CSV for every other.
    #[must_use]
    pub fn of_name(name: &str) -> Self {
        let ending = name.rsplit('.').next().unwrap_or_default();
        match ending.to_ascii_lowercase().as_str() {
            "ndjson" | "jsonl" | "json" => Self::Ndjson,
            _ => Self::Csv,
        }
    }

    fn header(self) -> Bytes {
        match self {
            Self::Csv => {
                Bytes::from_static(b"file,row,line,column,code,reason,outcome,content\r\n")
            }
            Self::Ndjson => Bytes::new(),
        }
    }

    fn rows(self, rows: &[Refusal]) -> io::Result<Bytes> {
        let mut text = Vec::new();
        match self {
            Self::Csv => write_csv(&mut text, rows)?,
            Self::Ndjson => {
                for row in rows {
                    serde_json::to_writer(&mut text, row)?;
                    text.push(b'\n');
                }
            }
        }
        Ok(text.into())
    }
}

/// All notes about a run's rows, piece by piece; memory does not grow with their number.
pub fn stream(
    cx: &Context,
    run: &ImportRunId,
    format: Format,
) -> impl Stream<Item = io::Result<Bytes>> + Send + use<> {
    stream_some(cx, run, NoteFilter::default(), format)
}

/// [`stream`] of some of the notes.
pub fn stream_some(
    cx: &Context,
    run: &ImportRunId,
    filter: NoteFilter,
    format: Format,
) -> impl Stream<Item = io::Result<Bytes>> + Send + use<> {
    let (cx, run) = (cx.clone(), run.clone());
    futures::stream::try_unfold(None::<Place>, move |place| {
        let (cx, run, filter) = (cx.clone(), run.clone(), filter.clone());
        async move {
            let Some(place) = place else {
                return Ok(Some((format.header(), Some(Place::default()))));
            };
            let rows = read(&cx, &run, &filter, place)
                .await
                .map_err(io::Error::other)?;
            match rows.last() {
                None => Ok(None),
                Some(last) => Ok(Some((format.rows(&rows)?, Some(Place::of(last))))),
            }
        }
    })
}

async fn read(
    cx: &Context,
    run: &ImportRunId,
    filter: &NoteFilter,
    after: Place,
) -> Result<Vec<Refusal>, Error> {
    let mut tx = cx.db().read().await?;
    notes(
        &mut tx,
        run,
        filter,
        &NotesFrom::After(after),
        ROWS_AT_A_TIME,
    )
    .await
}

fn write_csv(text: &mut Vec<u8>, rows: &[Refusal]) -> io::Result<()> {
    let mut writer = csv::WriterBuilder::new()
        .has_headers(false)
        .terminator(csv::Terminator::CRLF)
        .from_writer(text);
    for row in rows {
        let outcome = if row.is_warning {
            "imported with a warning"
        } else {
            "refused"
        };
        writer.write_record([
            &row.file.to_string(),
            &row.number.to_string(),
            &row.line.to_string(),
            &harmless(row.column.as_deref().unwrap_or_default()),
            &row.code,
            &harmless(&row.reason),
            outcome,
            &harmless(&row.content),
        ])?;
    }
    writer.flush()
}

/// The text as a cell that a spreadsheet doesn't take for a formula (OWASP, CSV Injection): rows come from strangers.
#[must_use]
pub fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal() -> Refusal {
        Refusal {
            file: 0,
            number: 2,
            line: 3,
            column: Some("email".into()),
            code: "invalid_email".into(),
            reason: "not an address; correct it".into(),
            content: "=cmd(),\"x\"".into(),
            is_warning: false,
        }
    }

    #[test]
    fn a_cell_is_never_a_formula() {
        let text = Format::Csv.rows(&[refusal()]).unwrap();
        let expected = "0,2,3,email,invalid_email,not an address; correct it,refused,\"'=cmd(),\"\"x\"\"\"\r\n";
        assert_eq!(std::str::from_utf8(&text).unwrap(), expected);
    }

    #[test]
    fn a_report_in_json_has_a_row_a_line() {
        let text = Format::Ndjson.rows(&[refusal(), refusal()]).unwrap();
        let lines: Vec<serde_json::Value> = text
            .split(|byte| *byte == b'\n')
            .filter(|line| !line.is_empty())
            .map(|line| serde_json::from_slice(line).unwrap())
            .collect();
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[0]["code"], "invalid_email");
    }

    #[test]
    fn the_name_of_a_file_decides_the_format() {
        assert_eq!(Format::of_name("refused.NDJSON"), Format::Ndjson);
        assert_eq!(Format::of_name("refused.csv"), Format::Csv);
        assert_eq!(Format::of_name("refused"), Format::Csv);
    }
}
