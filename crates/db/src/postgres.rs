//! PostgreSQL: one pool.

use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{Postgres, Transaction};

use crate::Error;
use crate::db::Options;

/// How long a caller waits for a connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(30);

pub(crate) async fn open(url: &str, options: Options) -> Result<PgPool, Error> {
    let server =
        PgConnectOptions::from_str(url).map_err(|source| Error::Url(source.to_string()))?;
    let pool = PgPoolOptions::new()
        .max_connections(options.max_connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .connect_with(server)
        .await?;
    Ok(pool)
}

pub(crate) async fn begin(pool: &PgPool) -> Result<Transaction<'static, Postgres>, sqlx::Error> {
    // Said aloud, since a server can be configured to another default.
    pool.begin_with("begin isolation level read committed")
        .await
}

/// A transaction for reading. Its first statement fixes what it sees, so there is one here.
pub(crate) async fn snapshot(pool: &PgPool) -> Result<Transaction<'static, Postgres>, sqlx::Error> {
    let mut transaction = pool
        .begin_with("begin isolation level repeatable read, read only")
        .await?;
    sqlx::query("select 1").fetch_all(&mut *transaction).await?;
    Ok(transaction)
}
