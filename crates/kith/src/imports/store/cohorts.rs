//! The SQL of cohorts.

use db::{Error, FromRow, Row, Tx, Value, in_list, sql};

use crate::credentials::proofs::Cohort as Number;
use crate::id::ImportRunId;
use crate::imports::cohorts::{Cohort, Kind, Strength};

/// Remembers what a cohort is, unless that is known.
pub(in crate::imports) async fn insert(
    tx: &mut Tx,
    run: &ImportRunId,
    cohort: Number,
    kind: &Kind,
) -> Result<(), Error> {
    sql("
        insert into import_cohorts (id, run_id, scheme, parameters, strength, is_salted)
        values ($1, $2, $3, $4, $5, $6)
        on conflict do nothing")
    .bind(cohort)
    .bind(run)
    .bind(&kind.scheme)
    .bind(&kind.parameters)
    .bind(kind.strength.as_str())
    .bind(kind.is_salted)
    .execute(tx)
    .await?;
    Ok(())
}

/// What a cohort is, without how many people it has.
pub(in crate::imports) struct Known {
    pub(in crate::imports) number: Number,
    pub(in crate::imports) cohort: Cohort,
}

impl FromRow for Known {
    fn from_row(row: &Row) -> Result<Self, Error> {
        let strength: String = row.get("strength")?;
        Ok(Self {
            number: row.get("id")?,
            cohort: Cohort {
                source: row.get("source")?,
                scheme: row.get("scheme")?,
                parameters: row.get("parameters")?,
                strength: Strength::of(&strength),
                is_salted: row.get("is_salted")?,
                people: 0,
                proved: 0,
            },
        })
    }
}

/// What these cohorts are.
pub(in crate::imports) async fn find_many(
    tx: &mut Tx,
    cohorts: &[Number],
) -> Result<Vec<Known>, Error> {
    let mut found = Vec::new();
    for some in cohorts.chunks(500) {
        let mut known = sql(format!(
            "
            select import_cohorts.id,
                   import_runs.source,
                   import_cohorts.scheme,
                   import_cohorts.parameters,
                   import_cohorts.strength,
                   import_cohorts.is_salted
              from import_cohorts
              join import_runs on import_runs.id = import_cohorts.run_id
             where import_cohorts.id in ({})",
            in_list(1, some.len())
        ))
        .bind_all(some.iter().map(|cohort| Value::from(*cohort)))
        .fetch_all(tx)
        .await?;
        found.append(&mut known);
    }
    Ok(found)
}
