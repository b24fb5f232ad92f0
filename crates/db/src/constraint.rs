//! By which unique index a row was refused.
//!
//! PostgreSQL says it. SQLite names an index only if it is over an expression, and else the columns:
//! `UNIQUE constraint failed: users.environment_id, users.email`. Its catalog then knows which index
//! that is; an index without a name of its own gets the one that PostgreSQL would have given.

use sqlx::error::ErrorKind;
use sqlx::{Row as _, SqliteConnection};

use crate::tx::Connection;

/// The name of the violated index, or `None` if the error is another one.
pub(crate) async fn violated(error: &sqlx::Error, connection: Connection<'_>) -> Option<String> {
    let refusal = error.as_database_error()?;
    if refusal.kind() != ErrorKind::UniqueViolation {
        return None;
    }
    match connection {
        Connection::Postgres(_) => refusal.constraint().map(str::to_owned),
        Connection::Sqlite(connection) => Some(sqlite_name(refusal.message(), connection).await),
    }
}

async fn sqlite_name(message: &str, connection: &mut SqliteConnection) -> String {
    let failed = message
        .strip_prefix("UNIQUE constraint failed: ")
        .unwrap_or(message);
    if let Some(name) = failed
        .strip_prefix("index '")
        .and_then(|name| name.strip_suffix('\''))
    {
        return name.to_owned();
    }
    let mut table = "";
    let mut columns = Vec::new();
    for (its_table, column) in failed.split(", ").filter_map(|part| part.split_once('.')) {
        table = its_table;
        columns.push(column);
    }
    let columns = columns.join(",");
    match named_index(table, &columns, connection).await {
        Ok(Some(name)) => name,
        // The catalog could not be asked, or has no index: the key of a table is its row id.
        Ok(None) | Err(_) => format!("{table}_pkey"),
    }
}

/// The unique index over exactly these columns.
async fn named_index(
    table: &str,
    columns: &str,
    connection: &mut SqliteConnection,
) -> Result<Option<String>, sqlx::Error> {
    let index = sqlx::query(
        "select name, origin
           from pragma_index_list($1) as list
          where \"unique\"
            and $2 = (select group_concat(name, ',')
                        from (select name from pragma_index_info(list.name) order by seqno))",
    )
    .bind(table)
    .bind(columns)
    .fetch_optional(connection)
    .await?;
    let Some(index) = index else { return Ok(None) };
    let origin: String = index.try_get("origin")?;
    Ok(Some(match origin.as_str() {
        "pk" => format!("{table}_pkey"),
        "u" => format!("{table}_{}_key", columns.replace(',', "_")),
        _ => index.try_get("name")?,
    }))
}
