//! The SQL of environment variables.

use db::{Error, FromRow, Row, Tx, sql};

use crate::context::Context;
use crate::id::{EnvironmentId, VariableId};
use crate::workflows::variables::Variable;

impl FromRow for Variable {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: row.get("id")?,
            key: row.get("key")?,
            stored: row.get("value")?,
            is_secret: row.get("is_secret")?,
            created_at: row.get("created_at")?,
        })
    }
}

const VARIABLES: &str = "select id, key, value, is_secret, created_at from environment_variables";

pub(in crate::workflows) async fn all_variables(
    tx: &mut Tx,
    environment: &EnvironmentId,
) -> Result<Vec<Variable>, Error> {
    sql(format!("{VARIABLES} where environment_id = $1 order by id"))
        .bind(environment)
        .fetch_all(tx)
        .await
}

pub(in crate::workflows) async fn find_variable(
    tx: &mut Tx,
    environment: &EnvironmentId,
    id: &VariableId,
) -> Result<Option<Variable>, Error> {
    sql(format!("{VARIABLES} where environment_id = $1 and id = $2"))
        .bind(environment)
        .bind(id)
        .fetch_optional(tx)
        .await
}

pub(in crate::workflows) async fn insert_variable(
    tx: &mut Tx,
    cx: &Context,
    variable: &Variable,
) -> Result<(), Error> {
    sql("
        insert into environment_variables (id, environment_id, key, value, is_secret, created_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, $6)")
    .bind(&variable.id)
    .bind(&cx.environment().id)
    .bind(&variable.key)
    .bind(&variable.stored)
    .bind(variable.is_secret)
    .bind(variable.created_at)
    .execute(tx)
    .await?;
    Ok(())
}

pub(in crate::workflows) async fn update_variable(
    tx: &mut Tx,
    cx: &Context,
    variable: &Variable,
) -> Result<(), Error> {
    sql("update environment_variables set key = $2, value = $3, is_secret = $4, updated_at = $5 where id = $1")
        .bind(&variable.id)
        .bind(&variable.key)
        .bind(&variable.stored)
        .bind(variable.is_secret)
        .bind(cx.now())
        .execute(tx)
        .await?;
    Ok(())
}

/// Whether there was one.
pub(in crate::workflows) async fn delete_variable(
    tx: &mut Tx,
    environment: &EnvironmentId,
    id: &VariableId,
) -> Result<bool, Error> {
    let deleted = sql("delete from environment_variables where environment_id = $1 and id = $2")
        .bind(environment)
        .bind(id)
        .execute(tx)
        .await?;
    Ok(deleted > 0)
}
