//! The SQL of lists of runs that stand alike.

use db::{Error, Tx, sql};

use super::COLUMNS;
use crate::context::Context;
use crate::imports::{Run, State};
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
