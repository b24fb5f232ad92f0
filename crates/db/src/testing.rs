//! Fresh databases for tests, one of each engine.
//!
//! ```no_run
//! # async fn example() {
//! for db in db::testing::databases().await {
//!     let mut tx = db.begin().await.unwrap();
//!     // the same story on both engines
//! }
//! # }
//! ```
//!
//! SQLite always, in a temporary folder. PostgreSQL if `KITH_TEST_POSTGRES_URL` names a server on
//! which databases may be made: each test has its own, dropped after it.

mod templates;

use std::hash::{BuildHasher, RandomState};
use std::ops::Deref;

use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tempfile::TempDir;

use crate::{Db, Migration, Options};

/// The setting that names the server.
const SERVER: &str = "KITH_TEST_POSTGRES_URL";

/// The name of the file in its folder.
const FILE: &str = "test.db";

/// What an empty database of PostgreSQL is made from: the order of text must not depend on the server's set-up.
const EMPTY: &str = "template template0 lc_collate 'C'";

/// A database that goes when it is dropped. It is used as the [`Db`] that it holds.
#[derive(Debug)]
pub struct TestDb {
    db: Db,
    url: String,
    home: Home,
}

#[derive(Debug)]
enum Home {
    Folder { _folder: TempDir },
    Server { address: String, database: String },
}

/// An empty database of each engine.
///
/// # Panics
/// If one cannot be made.
pub async fn databases() -> Vec<TestDb> {
    let mut all = vec![TestDb::sqlite().await];
    all.extend(TestDb::postgres().await);
    all
}

/// A database of each engine, on which `migrations` have run.
///
/// They run once; each database is a copy of what that made ([`templates`]).
///
/// # Panics
/// If one cannot be made, or a migration fails.
pub async fn migrated(migrations: &[Migration]) -> Vec<TestDb> {
    let mut all = vec![migrated_sqlite(migrations).await];
    if let Some(address) = server() {
        let template = templates::postgres(&address, migrations).await;
        all.push(TestDb::on_server(address, &format!("template {template}")).await);
    }
    all
}

/// An SQLite file on which `migrations` have run, for tests of what knows of no engine.
///
/// # Panics
/// If it cannot be made, or a migration fails.
pub async fn migrated_sqlite(migrations: &[Migration]) -> TestDb {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let file = templates::sqlite(migrations).await;
    std::fs::write(folder.path().join(FILE), &**file).expect("a file can be written");
    TestDb::in_folder(folder).await
}

impl TestDb {
    /// An empty SQLite file.
    ///
    /// # Panics
    /// If it cannot be made.
    pub async fn sqlite() -> Self {
        Self::in_folder(tempfile::tempdir().expect("a temporary folder can be made")).await
    }

    /// An empty PostgreSQL database; none where no server is named.
    ///
    /// # Panics
    /// If it cannot be made.
    pub async fn postgres() -> Option<Self> {
        Some(Self::on_server(server()?, EMPTY).await)
    }

    async fn in_folder(folder: TempDir) -> Self {
        let url = format!("sqlite://{}", folder.path().join(FILE).display());
        let db = Db::connect(&url, Options::default())
            .await
            .expect("the file can be opened");
        Self {
            db,
            url,
            home: Home::Folder { _folder: folder },
        }
    }

    async fn on_server(address: String, template: &str) -> Self {
        let database = format!("kith_test_{:016x}", RandomState::new().hash_one(()));
        create_database(&address, &database, template)
            .await
            .expect("the server lets us make databases");
        let url = with_database(&address, &database);
        let db = Db::connect(
            &url,
            Options {
                max_connections: 8,
                ..Options::default()
            },
        )
        .await
        .expect("a new database can be reached");
        Self {
            db,
            url,
            home: Home::Server { address, database },
        }
    }

    /// Its address, for whoever opens it a second time.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Deref for TestDb {
    type Target = Db;

    fn deref(&self) -> &Db {
        &self.db
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        let Home::Server { address, database } = &self.home else {
            return;
        };
        // A drop cannot wait, and the test's runtime may be about to end: another thread waits.
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build();
                // What is left behind troubles nobody but the server's disk.
                if let Ok(runtime) = runtime {
                    let _ = runtime.block_on(drop_database(address, database));
                }
            });
        });
    }
}

#[expect(clippy::disallowed_methods, reason = "tests have no config.rs")]
fn server() -> Option<String> {
    std::env::var(SERVER)
        .ok()
        .filter(|address| !address.is_empty())
}

async fn create_database(address: &str, database: &str, template: &str) -> Result<(), sqlx::Error> {
    let mut server = PgConnection::connect(address).await?;
    let create_it = format!("create database {database} {template}");
    sqlx::raw_sql(AssertSqlSafe(create_it))
        .execute(&mut server)
        .await?;
    server.close().await
}

async fn drop_database(address: &str, database: &str) -> Result<(), sqlx::Error> {
    let mut server = PgConnection::connect(address).await?;
    // `force` ends the connections too, but then looks only every 100 ms whether they are gone.
    let rest = "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = $1";
    for _ in 0..50 {
        let n_open: i64 = sqlx::query_scalar(rest)
            .bind(database)
            .fetch_one(&mut server)
            .await?;
        if n_open == 0 {
            break;
        }
    }
    let drop_it = format!("drop database if exists {database} with (force)");
    sqlx::raw_sql(AssertSqlSafe(drop_it))
        .execute(&mut server)
        .await?;
    server.close().await
}

/// The address of another database on the same server.
fn with_database(address: &str, database: &str) -> String {
    let (path, query) = address
        .split_once('?')
        .map_or((address, None), |(path, query)| (path, Some(query)));
    let after_scheme = path.find("://").map_or(0, |at| at + 3);
    let host_end = path[after_scheme..]
        .find('/')
        .map_or(path.len(), |at| after_scheme + at);
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    format!("{}/{database}{query}", &path[..host_end])
}
