//! SQLite: one connection that writes, a few that read.
//!
//! SQLite has one writer at a time, whoever it is. With several writing connections each finds out by
//! `SQLITE_BUSY`, sleeps, and tries again, for up to half a second under load; with one connection
//! they stand in a queue, in order, at twice the throughput. Another process (the command line
//! beside a running server) is still met at the lock, so `begin immediate` waits and tries again.
//!
//! The file is not mapped into memory (`mmap_size`). Of 700,000 people it made neither the bulk load
//! nor a look-up faster than the noise, and one scan made the process larger by 350 MB.

use std::str::FromStr;
use std::time::{Duration, Instant};

use sqlx::pool::PoolConnection;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{AssertSqlSafe, Sqlite, Transaction};

use crate::db::{Durability, Options};
use crate::queue::Queue;
use crate::{Error, error};

/// How long a reader waits for another process, which it meets only while that one mends the log.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// How long one attempt to write waits for another process. Short, for SQLite looks ever more seldom as it waits, and would miss
/// the moments that a bulk load leaves.
const ATTEMPT: Duration = Duration::from_millis(8);
/// How long a bulk load leaves the file to other processes between two transactions: longer than [`PAUSE`].
const ROOM: Duration = Duration::from_millis(12);
/// How long a caller waits for a connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(30);
/// Between two attempts at what another process is in the way of.
const PAUSE: Duration = Duration::from_millis(4);
/// Readers beyond the processor's cores would only take memory.
const MAX_READERS: u32 = 4;

#[derive(Clone)]
pub(crate) struct Pools {
    writer: SqlitePool,
    /// For a database in memory this is the writer: such a database is its connection.
    readers: SqlitePool,
    queue: Queue,
}

pub(crate) async fn open(url: &str, options: Options) -> Result<Pools, Error> {
    let path = url.trim_start_matches("sqlite:").trim_start_matches("//");
    let in_memory = path == ":memory:";
    let file = if in_memory {
        SqliteConnectOptions::new().filename(path)
    } else {
        SqliteConnectOptions::from_str(url).map_err(|source| Error::Url(source.to_string()))?
    };
    let file = settings(file, options);

    let queue = if in_memory {
        Queue::default()
    } else {
        Queue::of(file.get_filename())
    };
    let writer = open_writer(as_writer(file.clone())).await?;
    let readers = if in_memory {
        writer.clone()
    } else {
        pool(MAX_READERS).connect_lazy_with(as_reader(file))
    };
    Ok(Pools {
        writer,
        readers,
        queue,
    })
}

/// Opens the file and turns on its log.
///
/// Processes that open a new file together meet here: the change to a log answers "busy" at once,
/// whatever the timeout, for the lock it upgrades could not be waited for without a deadlock.
async fn open_writer(file: SqliteConnectOptions) -> Result<SqlitePool, sqlx::Error> {
    let patience = Instant::now() + ACQUIRE_TIMEOUT;
    loop {
        match pool(1).connect_with(file.clone()).await {
            Err(error) if may_pass(&error, patience).await => {}
            outcome => return outcome,
        }
    }
}

/// Whether another process was in the way and may be out of it by now. Waits a little before it says so.
async fn may_pass(error: &sqlx::Error, patience: Instant) -> bool {
    let may_pass = error::is_sqlite_busy(error) && Instant::now() < patience;
    if may_pass {
        tokio::time::sleep(PAUSE).await;
    }
    may_pass
}

fn settings(file: SqliteConnectOptions, options: Options) -> SqliteConnectOptions {
    file.synchronous(match options.durability {
        Durability::Normal => SqliteSynchronous::Normal,
        Durability::Full => SqliteSynchronous::Full,
    })
    .foreign_keys(true)
    .busy_timeout(BUSY_TIMEOUT)
    .pragma("temp_store", "memory")
    // As PostgreSQL has it; else `like` would fold ASCII and nothing but ASCII.
    .pragma("case_sensitive_like", "on")
}

fn as_writer(file: SqliteConnectOptions) -> SqliteConnectOptions {
    file.create_if_missing(true)
        .busy_timeout(ATTEMPT)
        .journal_mode(SqliteJournalMode::Wal)
        // KiB. What a transaction of a bulk load changes of the indexes fits in; with half of it, bare inserts of a million
        // people were a seventh slower.
        .pragma("cache_size", "-49152")
        .pragma("wal_autocheckpoint", "20000") // pages of 4 KiB: fewer interruptions of a bulk load
        // What is overwritten is gone from its page: a weak hash that was replaced must not lie in the file for years.
        .pragma("secure_delete", "fast")
        .optimize_on_close(true, 400)
}

fn as_reader(file: SqliteConnectOptions) -> SqliteConnectOptions {
    // `query_only` and not `read_only`: a file opened read-only cannot mend its own log after a crash.
    file.pragma("cache_size", "-8192")
        .pragma("query_only", "on")
}

fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .max_lifetime(None)
        .idle_timeout(None)
        // The connection is in this process: there is no network that could have lost it.
        .test_before_acquire(false)
}

impl Pools {
    /// A transaction that holds the write lock.
    pub(crate) async fn begin(&self) -> Result<Transaction<'static, Sqlite>, sqlx::Error> {
        let _waiting = self.queue.wait();
        let patience = Instant::now() + ACQUIRE_TIMEOUT;
        loop {
            match self.writer.begin_with("begin immediate").await {
                Err(error) if may_pass(&error, patience).await => {}
                outcome => return outcome,
            }
        }
    }

    /// Whom a transaction keeps waiting.
    pub(crate) fn queue(&self) -> &Queue {
        &self.queue
    }

    /// Leaves the file to other processes for a moment, if there are any.
    pub(crate) async fn make_room(&self) {
        if self.queue.is_shared() {
            tokio::time::sleep(ROOM).await;
        }
    }

    pub(crate) async fn reader(&self) -> Result<PoolConnection<Sqlite>, sqlx::Error> {
        self.readers.acquire().await
    }

    /// A transaction for reading. Its first statement fixes what it sees, so there is one here.
    pub(crate) async fn snapshot(&self) -> Result<Transaction<'static, Sqlite>, sqlx::Error> {
        let mut transaction = self.readers.begin().await?;
        sqlx::query("select count(*) from sqlite_schema")
            .fetch_all(&mut *transaction)
            .await?;
        Ok(transaction)
    }

    /// After a bulk load: statistics for the planner, an empty log, and the cache given back.
    pub(crate) async fn checkpoint(&self) -> Result<(), sqlx::Error> {
        let patience = Instant::now() + ACQUIRE_TIMEOUT;
        for pragma in ["optimize", "wal_checkpoint(truncate)", "shrink_memory"] {
            let statement = format!("pragma {pragma}");
            while let Err(error) = sqlx::query(AssertSqlSafe(statement.clone()))
                .fetch_all(&mut *self.writer.acquire().await?)
                .await
            {
                if !may_pass(&error, patience).await {
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    pub(crate) async fn close(&self) {
        // The writer last: the last connection to leave tidies the log away.
        self.readers.close().await;
        self.writer.close().await;
    }
}
