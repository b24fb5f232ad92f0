//! The SQL of proofs.

use std::collections::HashMap;

use db::{Error, Tx, Value, in_list, sql};

use crate::context::Context;
use crate::credentials::proofs::{Cohort, ProvedBy};
use crate::id::UserId;

/// How many rows one statement is about.
const PER_STATEMENT: usize = 500;

pub(in crate::credentials) async fn insert(
    tx: &mut Tx,
    cx: &Context,
    user: &UserId,
    cohort: Cohort,
    by: ProvedBy,
) -> Result<(), Error> {
    sql("
        insert into password_proofs (cohort, user_id, proved_by, proved_at)
        values ($1, $2, $3, $4)
        on conflict do nothing")
    .bind(cohort)
    .bind(user)
    .bind(by.as_str())
    .bind(cx.now())
    .execute(tx)
    .await?;
    Ok(())
}

pub(in crate::credentials) async fn count(
    tx: &mut Tx,
    cohorts: &[Cohort],
) -> Result<HashMap<Cohort, i64>, Error> {
    let mut counts = HashMap::new();
    for some in cohorts.chunks(PER_STATEMENT) {
        let found: Vec<(Cohort, i64)> = sql(format!(
            "select cohort, count(*) from password_proofs where cohort in ({}) group by cohort",
            in_list(1, some.len())
        ))
        .bind_all(some.iter().map(|cohort| Value::from(*cohort)))
        .fetch_all(tx)
        .await?;
        counts.extend(found);
    }
    Ok(counts)
}

pub(in crate::credentials) async fn cohorts_of(
    tx: &mut Tx,
    users: &[&UserId],
) -> Result<HashMap<UserId, Cohort>, Error> {
    let mut cohorts = HashMap::new();
    for some in users.chunks(PER_STATEMENT) {
        let found: Vec<(UserId, Cohort)> = sql(format!(
            "select user_id, cohort from passwords where cohort is not null and user_id in ({})",
            in_list(1, some.len())
        ))
        .bind_all(some.iter().map(|user| Value::from(*user)))
        .fetch_all(tx)
        .await?;
        cohorts.extend(found);
    }
    Ok(cohorts)
}
