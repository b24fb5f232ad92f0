//! An open database, and the few ways in which the engines differ.

use std::fmt;

use crate::migration::{self, Migration};
use crate::{Error, Pending, Tx, postgres, sql, sqlite};

/// An open database. Cheap to clone; clones share the connections.
#[derive(Clone)]
pub struct Db(Engine);

#[derive(Clone)]
enum Engine {
    Sqlite(sqlite::Pools),
    Postgres(sqlx::PgPool),
}

/// What an operator may choose.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// What a commit has survived when it returns.
    pub durability: Durability,
    /// The most connections to PostgreSQL. SQLite has one that writes and at most four that read.
    pub max_connections: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            durability: Durability::Normal,
            max_connections: 20,
        }
    }
}

/// What a commit into SQLite has survived when it returns. PostgreSQL has its own setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// The end of the process. After a power failure the last commits may be missing; the database
    /// is whole.
    Normal,
    /// A power failure too, for one to three milliseconds a commit.
    Full,
}

impl Db {
    /// Opens `sqlite:///path/kith.db` (made if missing, its folder not), `sqlite::memory:`, or
    /// `postgres://user@host/database`.
    ///
    /// One connection is opened, so that a wrong address is known now; the others follow when needed.
    /// A database in memory has one connection for everything: who holds a [`read`](Self::read) there
    /// and waits for a [`begin`](Self::begin) waits for oneself.
    ///
    /// # Errors
    /// [`Error::Url`] if the address has another form, [`Error::Unavailable`] if the file or the
    /// server cannot be reached.
    pub async fn connect(url: &str, options: Options) -> Result<Self, Error> {
        let engine = match url.split_once(':') {
            Some(("sqlite", _)) => Engine::Sqlite(sqlite::open(url, options).await?),
            Some(("postgres" | "postgresql", _)) => {
                Engine::Postgres(postgres::open(url, options).await?)
            }
            _ => {
                return Err(Error::Url(
                    "use sqlite:///path/to/file.db or postgres://user@host/database".into(),
                ));
            }
        };
        Ok(Self(engine))
    }

    /// Begins a transaction for writing. Waits up to 30 seconds for its turn.
    ///
    /// SQLite's write lock is taken here, so no later statement can find the database busy.
    /// PostgreSQL runs at `read committed`.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if the turn did not come or the database is out of reach.
    #[must_use = "nothing happens until it is awaited"]
    pub fn begin(&self) -> Pending<'_, Tx> {
        Box::pin(async move {
            match &self.0 {
                Engine::Sqlite(pools) => {
                    Ok(Tx::writing_sqlite(pools.begin().await?, pools.queue()))
                }
                Engine::Postgres(pool) => Ok(Tx::writing_postgres(postgres::begin(pool).await?)),
            }
        })
    }

    /// A connection for reading, without a transaction: each statement sees the latest commit.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if no connection came free within 30 seconds, or the database is out of
    /// reach.
    #[must_use = "nothing happens until it is awaited"]
    pub fn read(&self) -> Pending<'_, Tx> {
        Box::pin(async move {
            match &self.0 {
                Engine::Sqlite(pools) => Ok(Tx::reading_sqlite(pools.reader().await?)),
                Engine::Postgres(pool) => Ok(Tx::reading_postgres(pool.acquire().await?)),
            }
        })
    }

    /// The database as it is now, for reading: all statements see the same commits, however long it
    /// takes and whoever writes meanwhile. SQLite's log grows until the snapshot is dropped.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    #[must_use = "nothing happens until it is awaited"]
    pub fn snapshot(&self) -> Pending<'_, Tx> {
        Box::pin(async move {
            match &self.0 {
                Engine::Sqlite(pools) => Ok(Tx::snapshot_sqlite(pools.snapshot().await?)),
                Engine::Postgres(pool) => {
                    Ok(Tx::snapshot_postgres(postgres::snapshot(pool).await?))
                }
            }
        })
    }

    /// Runs what is missing of `migrations`, in their order, and returns the names of those run.
    ///
    /// Each runs in a transaction of its own; several nodes may call this at once. Call it before the
    /// first [`read`](Self::read). Migrations that the database knows and this list doesn't are those
    /// of a newer version, and are left in peace.
    ///
    /// # Errors
    /// [`Error::MigrationChanged`] if one that ran before has another text now,
    /// [`Error::Migration`] if one fails; those before it stay.
    pub async fn migrate(&self, migrations: &[Migration]) -> Result<Vec<&'static str>, Error> {
        let mut done = Vec::new();
        for migration in migration::missing(self, migrations).await? {
            if migration::run(self, &migration).await? {
                done.push(migration.name);
            }
        }
        Ok(done)
    }

    /// The names of those of `migrations` that have not run, in their order.
    ///
    /// # Errors
    /// [`Error::MigrationChanged`] if one that ran before has another text now.
    pub async fn pending(&self, migrations: &[Migration]) -> Result<Vec<&'static str>, Error> {
        let missing = migration::missing(self, migrations).await?;
        Ok(missing.iter().map(|migration| migration.name).collect())
    }

    /// What a `select` of rows to work on ends with, so that two workers don't take the same one.
    ///
    /// Nothing on SQLite, where a transaction for writing is alone anyway.
    #[must_use]
    pub fn skip_locked(&self) -> &'static str {
        match self.0 {
            Engine::Sqlite(_) => "",
            Engine::Postgres(_) => " for update skip locked",
        }
    }

    /// How many rows of so many columns one `insert` should carry: what was measured as fastest,
    /// within the number of parameters that the engine takes. At least 1.
    #[must_use]
    pub fn rows_per_insert(&self, columns: usize) -> usize {
        // SQLITE_MAX_VARIABLE_NUMBER (sqlite.org/limits.html); the Bind message of PostgreSQL counts
        // its parameters in 16 bits.
        let (fastest, most_parameters) = match self.0 {
            Engine::Sqlite(_) => (100, 32_766),
            Engine::Postgres(_) => (2_000, 65_535),
        };
        fastest.min(most_parameters / columns.max(1)).max(1)
    }

    /// `"sqlite"` or `"postgres"`, to be shown. Nobody decides anything by it.
    #[must_use]
    pub fn engine(&self) -> &'static str {
        match self.0 {
            Engine::Sqlite(_) => "sqlite",
            Engine::Postgres(_) => "postgres",
        }
    }

    /// Asks the database for a sign of life.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if there is none.
    pub async fn ping(&self) -> Result<(), Error> {
        sql("select 1").execute(&mut self.read().await?).await?;
        Ok(())
    }

    /// What the server is and how much it keeps, for people to read.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub async fn describe(&self) -> Result<Description, Error> {
        let (name, text) = match &self.0 {
            Engine::Sqlite(_) => (
                "SQLite",
                "select sqlite_version() as version, page_count * page_size as bytes
                   from pragma_page_count, pragma_page_size",
            ),
            Engine::Postgres(_) => (
                "PostgreSQL",
                "select current_setting('server_version') as version,
                        pg_database_size(current_database()) as bytes",
            ),
        };
        let (version, bytes): (String, i64) = sql(text).fetch_one(&mut self.read().await?).await?;
        Ok(Description {
            version: format!("{name} {version}"),
            bytes,
        })
    }

    /// To be called between two transactions of a bulk load. Others of this process stand in a queue and get their turn
    /// anyway; other processes that have an SQLite file open look whether it is free, and find it free now.
    pub async fn make_room(&self) {
        if let Engine::Sqlite(pools) = &self.0 {
            pools.make_room().await;
        }
    }

    /// To be called after a bulk load. Moves SQLite's log, through which every reader looks, into the
    /// main file; brings the planner's statistics up to date; gives the writer's cache back to the
    /// system. Nothing on PostgreSQL, which does the like by itself.
    ///
    /// # Errors
    /// As [`begin`](Self::begin).
    pub async fn checkpoint(&self) -> Result<(), Error> {
        match &self.0 {
            Engine::Sqlite(pools) => Ok(pools.checkpoint().await?),
            Engine::Postgres(_) => Ok(()),
        }
    }

    /// Closes every connection, after waiting for those in use.
    pub async fn close(&self) {
        match &self.0 {
            Engine::Sqlite(pools) => pools.close().await,
            Engine::Postgres(pool) => pool.close().await,
        }
    }
}

/// What a database is, for people to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    /// The engine's name and version.
    pub version: String,
    /// What its data takes on disk.
    pub bytes: i64,
}

/// Shows the engine and never the address, which may carry a password.
impl fmt::Debug for Db {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Db").field(&self.engine()).finish()
    }
}
