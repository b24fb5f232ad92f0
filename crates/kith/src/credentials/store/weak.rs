//! The SQL of weak hashes: which wait, and what becomes of them.

use db::{Error, FromRow, Row, Tx, in_list, sql};

use super::StoredPassword;
use crate::id::{EnvironmentId, UserId};

/// The next people whose hashes wait.
pub(in crate::credentials) async fn waiting(
    tx: &mut Tx,
    at_most: i64,
) -> Result<Vec<UserId>, Error> {
    sql("
        select user_id
          from passwords
         where weak_in is not null
         order by weak_in, user_id
         limit $1")
    .bind(at_most)
    .fetch_all(tx)
    .await
}

/// A person and their password.
pub(in crate::credentials) struct Waiting {
    pub(in crate::credentials) user: UserId,
    pub(in crate::credentials) stored: StoredPassword,
}

impl FromRow for Waiting {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            user: row.get("user_id")?,
            stored: StoredPassword::from_row(row)?,
        })
    }
}

/// Those of these people whose hashes still wait.
pub(in crate::credentials) async fn still_waiting(
    tx: &mut Tx,
    users: &[UserId],
) -> Result<Vec<Waiting>, Error> {
    let mut query = sql(format!(
        "select user_id, scheme, encoded, params, is_temporary, is_proved, imported_digest, set_by, cohort, updated_at, weak_in
           from passwords
          where user_id in ({}) and weak_in is not null",
        in_list(1, users.len())
    ));
    for user in users {
        query = query.bind(user);
    }
    query.fetch_all(tx).await
}

/// How many hashes wait in an environment.
pub(in crate::credentials) async fn count(
    tx: &mut Tx,
    environment: &EnvironmentId,
) -> Result<i64, Error> {
    sql("select count(*) from passwords where weak_in = $1")
        .bind(environment)
        .fetch_one(tx)
        .await
}

/// How many hashes wait in all.
pub(in crate::credentials) async fn count_all(tx: &mut Tx) -> Result<i64, Error> {
    sql("select count(*) from passwords where weak_in is not null")
        .fetch_one(tx)
        .await
}
