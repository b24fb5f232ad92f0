//! PostgreSQL.

use std::str::FromStr as _;

use serde_json::{Map, Value};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, Connection as _, Row as _};

use super::bridge::Bridge;
use super::{Lookup, NotRight, failed, unreachable, unreadable};

pub(super) async fn row(
    lookup: &Lookup<'_>,
    url: &str,
) -> Result<Option<Map<String, Value>>, NotRight> {
    let options = PgConnectOptions::from_str(url).map_err(|_| unreadable())?;
    let (host, port) = (options.get_host().to_owned(), options.get_port());
    let bridge = Bridge::to(lookup, (&host, port), &format!(".s.PGSQL.{port}")).await?;
    let options = options.socket(bridge.folder());
    let mut connection = PgConnection::connect_with(&options)
        .await
        .map_err(|error| unreachable(&host, &error))?;
    let outcome = query(&mut connection, lookup).await;
    // It is closed in any case; a goodbye is courtesy.
    let _ = connection.close().await;
    outcome.map_err(|error| failed(&error))
}

async fn query(
    connection: &mut PgConnection,
    lookup: &Lookup<'_>,
) -> Result<Option<Map<String, Value>>, sqlx::Error> {
    let mut transaction = connection.begin_with("begin read only").await?;
    let query = super::query(lookup);
    let statement =
        format!("select row_to_json(found)::text as row from ({query}) as found limit 1");
    let row = sqlx::query(AssertSqlSafe(statement))
        .bind(lookup.identifier)
        .fetch_optional(&mut *transaction)
        .await?;
    transaction.rollback().await?;
    let text: Option<String> = row.map(|row| row.try_get("row")).transpose()?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}
