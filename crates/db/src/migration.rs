//! Bringing the schema up to date.
//!
//! The table `migrations` has one row for each migration that ran, with a checksum of its text. Each
//! runs in a transaction with its row, so it happened or it did not. Nodes that start together meet
//! at a lock, and look again behind it.

use std::collections::HashMap;
use std::fmt::Write;

use sha2::{Digest, Sha256};
use sqlx::AssertSqlSafe;

use crate::tx::Connection;
use crate::{Db, Error, Tx, constraint, sql};

/// A numbered step of the schema. Once released its text never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Migration {
    /// For instance `0001_users`: steps run in the order of the list, which is that of their names.
    pub name: &'static str,
    /// Any number of statements.
    pub sql: &'static str,
}

/// Those that have not run.
pub(crate) async fn missing(db: &Db, migrations: &[Migration]) -> Result<Vec<Migration>, Error> {
    let mut tx = db.read().await?;
    let known = known(&mut tx).await?;
    let mut missing = Vec::new();
    for migration in migrations {
        match known.get(migration.name) {
            None => missing.push(*migration),
            Some(checksum) if *checksum == migration.checksum() => {}
            Some(_) => {
                return Err(Error::MigrationChanged {
                    name: migration.name,
                });
            }
        }
    }
    Ok(missing)
}

/// Runs one, unless another node was faster. Returns whether it ran here.
pub(crate) async fn run(db: &Db, migration: &Migration) -> Result<bool, Error> {
    let failed = |source| Error::Migration {
        name: migration.name,
        source: Box::new(source),
    };
    let mut tx = db.begin().await?;
    take_lock(&mut tx).await?;
    if known(&mut tx).await?.contains_key(migration.name) {
        return Ok(false);
    }
    tx.run_script(migration.sql).await.map_err(failed)?;
    if let Some(names) = constraint::indistinct(tx.link().await?.connection()).await? {
        return Err(failed(Error::IndexesAlike { names }));
    }
    record(&mut tx, migration).await?;
    tx.commit().await.map_err(failed)?;
    Ok(true)
}

impl Migration {
    /// SHA-256 of the text, in hexadecimal digits.
    pub(crate) fn checksum(&self) -> String {
        sha256_hex(self.sql)
    }
}

/// The SHA-256 of a text, in hexadecimal digits.
pub(crate) fn sha256_hex(text: &str) -> String {
    let mut digits = String::with_capacity(64);
    for byte in Sha256::digest(text) {
        write!(digits, "{byte:02x}").expect("a String takes all that is written");
    }
    digits
}

/// The names and checksums of those that ran.
async fn known(tx: &mut Tx) -> Result<HashMap<String, String>, Error> {
    if !table_exists(tx).await? {
        return Ok(HashMap::new());
    }
    let rows: Vec<(String, String)> = sql("select name, checksum from migrations")
        .fetch_all(tx)
        .await?;
    Ok(rows.into_iter().collect())
}

async fn table_exists(tx: &mut Tx) -> Result<bool, Error> {
    let question = match tx.link().await?.connection() {
        Connection::Sqlite(_) => {
            "select count(*) from sqlite_schema where type = 'table' and name = 'migrations'"
        }
        // As an unqualified name is resolved: along the search path.
        Connection::Postgres(_) => {
            "select count(*) from (select to_regclass('migrations') as found) as t where found is not null"
        }
    };
    let n_tables: i64 = sql(question).fetch_one(tx).await?;
    Ok(n_tables > 0)
}

/// On SQLite the transaction is the lock.
async fn take_lock(tx: &mut Tx) -> Result<(), Error> {
    /// Any number that other programs are not likely to choose; PostgreSQL counts per database.
    const LOCK: i64 = 0x006d_6967_7261_7465;
    if let Connection::Postgres(_) = tx.link().await?.connection() {
        sql("select pg_advisory_xact_lock($1)")
            .bind(LOCK)
            .execute(tx)
            .await?;
    }
    Ok(())
}

async fn record(tx: &mut Tx, migration: &Migration) -> Result<(), Error> {
    if !table_exists(tx).await? {
        sql("create table migrations (
                 name       text primary key,
                 checksum   text not null,
                 applied_at bigint not null
             )")
        .execute(tx)
        .await?;
    }
    // The engine's clock: this row is bookkeeping, and no test moves its time.
    let now = match tx.link().await?.connection() {
        Connection::Sqlite(_) => "cast(unixepoch('subsec') * 1000 as integer)",
        Connection::Postgres(_) => "cast(extract(epoch from clock_timestamp()) * 1000 as bigint)",
    };
    sql(format!(
        "insert into migrations (name, checksum, applied_at) values ($1, $2, {now})"
    ))
    .bind(migration.name)
    .bind(migration.checksum())
    .execute(tx)
    .await?;
    Ok(())
}

impl Tx {
    /// Runs a text of several statements. The engine itself finds where each ends.
    async fn run_script(&mut self, text: &'static str) -> Result<(), Error> {
        let link = self.link().await?;
        let outcome = match link.begin_statement()? {
            Connection::Sqlite(connection) => sqlx::raw_sql(AssertSqlSafe(text))
                .execute(connection)
                .await
                .map(drop),
            Connection::Postgres(connection) => sqlx::raw_sql(AssertSqlSafe(text))
                .execute(connection)
                .await
                .map(drop),
        };
        link.settle(outcome).await
    }
}
