//! Databases on which migrations have run once, to be copied: most of a test's time would go into running them.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use sqlx::{AssertSqlSafe, Connection, PgConnection};

use super::{EMPTY, TestDb, create_database, with_database};
use crate::migration::sha256_hex;
use crate::{Db, Migration, Options};

/// Files by the digest of their migrations.
static FILES: LazyLock<Mutex<HashMap<String, Arc<Vec<u8>>>>> = LazyLock::new(Mutex::default);

/// Templates of which this process knows that they are on the server.
static ON_SERVER: LazyLock<Mutex<HashSet<String>>> = LazyLock::new(Mutex::default);

/// Whoever makes a template on a server holds this advisory lock.
const LOCK: i64 = 0x6b69_7468;

/// The content of an SQLite file on which these migrations have run.
pub(super) async fn sqlite(migrations: &[Migration]) -> Arc<Vec<u8>> {
    let key = digest(migrations);
    if let Some(file) = locked(&FILES).get(&key) {
        return Arc::clone(file);
    }
    let template = TestDb::sqlite().await;
    migrate(&template, migrations).await;
    template.close().await;
    let path = template.url().trim_start_matches("sqlite://");
    let file = Arc::new(std::fs::read(path).expect("the template can be read"));
    locked(&FILES).insert(key, Arc::clone(&file));
    file
}

/// The name of a database on the server on which these migrations have run. It stays there for the next process.
pub(super) async fn postgres(address: &str, migrations: &[Migration]) -> String {
    let name = format!("kith_template_{}", &digest(migrations)[..16]);
    if !locked(&ON_SERVER).contains(&name) {
        make_on_server(address, &name, migrations)
            .await
            .expect("the server lets us make a template");
        locked(&ON_SERVER).insert(name.clone());
    }
    name
}

async fn make_on_server(
    address: &str,
    name: &str,
    migrations: &[Migration],
) -> Result<(), sqlx::Error> {
    // The lock goes with the connection.
    let mut server = PgConnection::connect(address).await?;
    sqlx::query("select pg_advisory_lock($1)")
        .bind(LOCK)
        .execute(&mut server)
        .await?;
    let there: Option<i32> = sqlx::query_scalar("select 1 from pg_database where datname = $1")
        .bind(name)
        .fetch_optional(&mut server)
        .await?;
    if there.is_none() {
        // Under its name only when it is whole.
        let new = format!("{name}_new");
        run(&mut server, format!("drop database if exists {new}")).await?;
        create_database(address, &new, EMPTY).await?;
        let db = Db::connect(&with_database(address, &new), Options::default())
            .await
            .expect("a new database can be reached");
        migrate(&db, migrations).await;
        db.close().await;
        run(
            &mut server,
            format!("alter database {new} rename to {name}"),
        )
        .await?;
    }
    server.close().await
}

async fn run(server: &mut PgConnection, statement: String) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(AssertSqlSafe(statement))
        .execute(server)
        .await?;
    Ok(())
}

async fn migrate(db: &Db, migrations: &[Migration]) {
    db.migrate(migrations)
        .await
        .expect("migrations run on an empty database");
}

/// What tells these migrations from others.
fn digest(migrations: &[Migration]) -> String {
    let each = migrations
        .iter()
        .map(|migration| format!("{} {}\n", migration.name, migration.checksum()));
    sha256_hex(&each.collect::<String>())
}

/// What is under the lock. Whoever panicked with it in hand left it whole.
fn locked<T>(of_process: &Mutex<T>) -> MutexGuard<'_, T> {
    of_process.lock().unwrap_or_else(PoisonError::into_inner)
}
