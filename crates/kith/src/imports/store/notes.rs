//! The SQL of looking through the rows that did not go in.

use db::{Error, Tx, sql};

use crate::id::ImportRunId;
use crate::imports::list::Refusal;
use crate::imports::notes::{NoteFilter, NotesFrom};

/// Notes next to a place, the nearest first. With a code, the index on it answers.
pub(in crate::imports) async fn page(
    tx: &mut Tx,
    run: &ImportRunId,
    filter: &NoteFilter,
    from: &NotesFrom,
    limit: i64,
) -> Result<Vec<Refusal>, Error> {
    let (place, sign, direction) = match from {
        NotesFrom::After(place) => (place, ">", "asc"),
        NotesFrom::Before(place) => (place, "<", "desc"),
    };
    let of_code = filter.code.as_ref().map_or("", |_| "and code = $6");
    let of_kind = match filter.is_warning {
        None => "",
        Some(true) => "and is_warning",
        Some(false) => "and not is_warning",
    };
    let statement = sql(format!(
        "
        select file, number, line, column_name, code, reason, content, is_warning
          from import_refusals
         where run_id = $1
           and (file, number, code) {sign} ($2, $3, $4) {of_code} {of_kind}
         order by file {direction}, number {direction}, code {direction}
         limit $5"
    ))
    .bind(run)
    .bind(place.file)
    .bind(place.number)
    .bind(&place.code)
    .bind(limit);
    match &filter.code {
        Some(code) => statement.bind(code).fetch_all(tx).await,
        None => statement.fetch_all(tx).await,
    }
}
