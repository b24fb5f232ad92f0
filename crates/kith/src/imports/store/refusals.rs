//! The SQL of rows that did not go in, or not wholly.

use db::{Error, FromRow, Row, Tx, Value, rows, sql};

use crate::id::ImportRunId;
use crate::imports::list::{Place, Refusal};
use crate::imports::planning::Note;

const COLUMNS: &[&str] = &[
    "run_id",
    "file",
    "number",
    "line",
    "column_name",
    "code",
    "reason",
    "content",
    "is_warning",
];

impl FromRow for Refusal {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            file: row.get("file")?,
            number: row.get("number")?,
            line: row.get("line")?,
            column: row.get("column_name")?,
            code: row.get("code")?,
            reason: row.get("reason")?,
            content: row.get("content")?,
            is_warning: row.get("is_warning")?,
        })
    }
}

/// Keeps notes about rows of one file. Of two notes of one code about a row, the first stays.
pub(in crate::imports) async fn insert_many(
    tx: &mut Tx,
    run: &ImportRunId,
    file: i64,
    notes: &[Note],
) -> Result<(), Error> {
    let mut refusals = rows("import_refusals", COLUMNS);
    for note in notes {
        refusals.push(values(run, file, note));
    }
    refusals.upsert(tx, "on conflict do nothing").await
}

fn values(run: &ImportRunId, file: i64, note: &Note) -> [Value; COLUMNS.len()] {
    let Note {
        problem,
        is_warning,
    } = note;
    [
        Value::from(run),
        file.into(),
        i64::try_from(problem.number).unwrap_or(i64::MAX).into(),
        i64::try_from(problem.line).unwrap_or(i64::MAX).into(),
        Value::from(problem.column.as_deref()),
        problem.code.as_str().into(),
        problem.reason.as_str().into(),
        problem.row.replace('\0', "\u{fffd}").into(),
        (*is_warning).into(),
    ]
}

/// Notes in the order of the files, after a place.
pub(in crate::imports) async fn page(
    tx: &mut Tx,
    run: &ImportRunId,
    after: &Place,
    limit: i64,
) -> Result<Vec<Refusal>, Error> {
    sql("
        select file, number, line, column_name, code, reason, content, is_warning
          from import_refusals
         where run_id = $1
           and (file, number, code) > ($2, $3, $4)
         order by file, number, code
         limit $5")
    .bind(run)
    .bind(after.file)
    .bind(after.number)
    .bind(&after.code)
    .bind(limit)
    .fetch_all(tx)
    .await
}

/// The first refused rows, in the order of the files.
pub(in crate::imports) async fn first_refused(
    tx: &mut Tx,
    run: &ImportRunId,
    limit: i64,
) -> Result<Vec<Refusal>, Error> {
    sql("
        select file, number, line, column_name, code, reason, content, is_warning
          from import_refusals
         where run_id = $1
           and not is_warning
         order by file, number, code
         limit $2")
    .bind(run)
    .bind(limit)
    .fetch_all(tx)
    .await
}

/// Forgets all notes of a run, before it is gone through once more.
pub(in crate::imports) async fn delete(tx: &mut Tx, run: &ImportRunId) -> Result<(), Error> {
    sql("delete from import_refusals where run_id = $1")
        .bind(run)
        .execute(tx)
        .await?;
    Ok(())
}
