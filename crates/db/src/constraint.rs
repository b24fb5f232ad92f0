//! By which unique index a row was refused.
//!
//! PostgreSQL says it. SQLite names an index only if it is over an expression, and else the columns:
//! `UNIQUE constraint failed: users.environment_id, users.email`. Its catalog then knows which index
//! that is; an index without a name of its own gets the one that PostgreSQL would have given.

use sqlx::error::ErrorKind;
use sqlx::{AssertSqlSafe, Row as _, SqliteConnection};

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

/// Every unique index over plain columns. One with an expression has a column without a name.
const INDEXES: &str = "
    select tables.name                                             as its_table,
           list.name                                               as name,
           list.origin                                             as origin,
           (select group_concat(name, ',')
              from (select name from pragma_index_info(list.name) order by seqno)) as columns
      from sqlite_schema as tables, pragma_index_list(tables.name) as list
     where tables.type = 'table'
       and list.\"unique\"
       and not exists (select 1 from pragma_index_info(list.name) where name is null)";

/// The unique index over exactly these columns.
async fn named_index(
    table: &str,
    columns: &str,
    connection: &mut SqliteConnection,
) -> Result<Option<String>, sqlx::Error> {
    let question =
        format!("select name, origin from ({INDEXES}) where its_table = $1 and columns = $2");
    let index = sqlx::query(AssertSqlSafe(question))
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

/// Two unique indexes over the same columns, which [`violated`] could not tell from one another.
pub(crate) async fn indistinct(connection: Connection<'_>) -> Result<Option<String>, sqlx::Error> {
    let Connection::Sqlite(connection) = connection else {
        return Ok(None);
    };
    let question = format!(
        "select group_concat(name, ' and ' order by name) from ({INDEXES})
          group by its_table, columns having count(*) > 1 limit 1"
    );
    let indexes = sqlx::query(AssertSqlSafe(question))
        .fetch_optional(connection)
        .await?;
    indexes.map(|indexes| indexes.try_get(0)).transpose()
}
