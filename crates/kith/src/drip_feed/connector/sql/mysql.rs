//! MySQL and MariaDB.

use std::str::FromStr as _;

use serde_json::{Map, Value};
use sqlx::mysql::{MySqlConnectOptions, MySqlConnection, MySqlRow};
use sqlx::{AssertSqlSafe, Column as _, Connection as _, Row as _};

use super::bridge::Bridge;
use super::{Lookup, NotRight, failed, unreachable, unreadable};

/// Columns that are a yes or a no, which this database keeps as a number.
const FLAGS: [&str; 3] = ["email_verified", "phone_number_verified", "is_suspended"];

pub(super) async fn row(
    lookup: &Lookup<'_>,
    url: &str,
) -> Result<Option<Map<String, Value>>, NotRight> {
    let options = MySqlConnectOptions::from_str(url).map_err(|_| unreadable())?;
    let (host, port) = (options.get_host().to_owned(), options.get_port());
    let bridge = Bridge::to(lookup, (&host, port), "mysql").await?;
    let options = options.socket(bridge.folder().join("mysql"));
    let mut connection = MySqlConnection::connect_with(&options)
        .await
        .map_err(|error| unreachable(&host, &error))?;
    let outcome = query(&mut connection, lookup).await;
    // It is closed in any case; a goodbye is courtesy.
    let _ = connection.close().await;
    outcome.map_err(|error| failed(&error))
}

async fn query(
    connection: &mut MySqlConnection,
    lookup: &Lookup<'_>,
) -> Result<Option<Map<String, Value>>, sqlx::Error> {
    let mut transaction = connection.begin_with("start transaction read only").await?;
    let query = super::query(lookup);
    // Here a parameter has a place and no number.
    let n_parameters = query.matches("$1").count();
    let statement = format!(
        "select found.* from ({}) as found limit 1",
        query.replace("$1", "?")
    );
    let mut statement = sqlx::query(AssertSqlSafe(statement));
    for _ in 0..n_parameters {
        statement = statement.bind(lookup.identifier);
    }
    let row = statement.fetch_optional(&mut *transaction).await?;
    transaction.rollback().await?;
    Ok(row.as_ref().map(json))
}

/// A row as JSON. What is neither a text nor a number is left out.
fn json(row: &MySqlRow) -> Map<String, Value> {
    let columns = row.columns().iter().filter_map(|column| {
        let (name, at) = (column.name().to_lowercase(), column.ordinal());
        let value = value(row, at)?;
        let is_flag = FLAGS.contains(&name.as_str());
        let value = match value.as_i64() {
            Some(number) if is_flag => Value::from(number != 0),
            _ => value,
        };
        Some((name, value))
    });
    columns.collect()
}

fn value(row: &MySqlRow, at: usize) -> Option<Value> {
    let text = row.try_get::<Option<String>, _>(at).map(Value::from);
    let bytes = || row.try_get::<Option<Vec<u8>>, _>(at).map(text_of);
    let number = || row.try_get::<Option<i64>, _>(at).map(Value::from);
    let natural = || row.try_get::<Option<u64>, _>(at).map(Value::from);
    text.or_else(|_| number())
        .or_else(|_| natural())
        .or_else(|_| bytes())
        .ok()
}

/// Bytes that are a text, as columns without a character set have them.
fn text_of(bytes: Option<Vec<u8>>) -> Value {
    bytes
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .map_or(Value::Null, Value::from)
}
