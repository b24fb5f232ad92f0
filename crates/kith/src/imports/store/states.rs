//! The SQL of lists of runs that stand alike.

use db::{Error, FromRow, Row, Tx, sql};

use super::COLUMNS;
use crate::context::Context;
use crate::imports::{OfSource, Run, State};
use crate::paging::Wanted;

/// The runs in any of these states.
pub(in crate::imports) async fn page(
    tx: &mut Tx,
    cx: &Context,
    states: &[State],
    wanted: &Wanted,
) -> Result<Vec<Run>, Error> {
    let names: Vec<String> = states
        .iter()
        .map(|state| format!("'{}'", state.as_str()))
        .collect();
    let (clause, values) = wanted.clause(None, "id", 2);
    sql(format!(
        "
        select {COLUMNS}
          from import_runs
         where environment_id = $1
           and state in ({}) {clause}",
        names.join(", ")
    ))
    .bind(&cx.environment().id)
    .bind_all(values)
    .fetch_all(tx)
    .await
}

impl FromRow for OfSource {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            source: row.get("source")?,
            people: row.get("people")?,
        })
    }
}

/// How many people are new by imports of each source that was not undone, the most first.
pub(in crate::imports) async fn people_by_source(
    tx: &mut Tx,
    cx: &Context,
) -> Result<Vec<OfSource>, Error> {
    sql("
        select source, cast(sum(n_created) as bigint) as people
          from import_runs
         where environment_id = $1
           and not is_dry_run
           and n_created > 0
           and state in ('running', 'stopped', 'finished', 'failed', 'cancelled')
         group by source
         order by 2 desc, 1")
    .bind(&cx.environment().id)
    .fetch_all(tx)
    .await
}
