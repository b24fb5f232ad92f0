//! A connection in hand: a transaction for writing, a connection for reading, or a snapshot to read.

use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, Postgres, Sqlite, SqliteConnection, Transaction};

use crate::queue::Queue;
use crate::{Error, Pending, constraint};

/// A transaction for writing ([`Db::begin`](crate::Db::begin)), a connection for reading
/// ([`Db::read`](crate::Db::read)), or a snapshot ([`Db::snapshot`](crate::Db::snapshot)). A
/// transaction that is dropped is rolled back.
///
/// A failed statement ends a transaction: each further one, and the commit, answer
/// [`Error::Aborted`]. So does one whose future was dropped before it was done, for nobody knows
/// whether it took effect.
#[must_use = "a transaction that is dropped is rolled back"]
#[derive(Debug)]
pub struct Tx {
    held: Held,
    /// A statement has begun and has not ended well.
    broken: bool,
    /// Who waits for a transaction's end.
    queue: Option<Queue>,
}

#[derive(Debug)]
enum Held {
    WritingSqlite(Transaction<'static, Sqlite>),
    WritingPostgres(Transaction<'static, Postgres>),
    ReadingSqlite(PoolConnection<Sqlite>),
    ReadingPostgres(PoolConnection<Postgres>),
    SnapshotSqlite(Transaction<'static, Sqlite>),
    SnapshotPostgres(Transaction<'static, Postgres>),
}

/// The engine's own connection, for the statements of this crate.
pub(crate) enum Connection<'a> {
    Sqlite(&'a mut SqliteConnection),
    Postgres(&'a mut PgConnection),
}

impl Tx {
    /// Makes the changes last. Nothing to do for a connection for reading or a snapshot.
    ///
    /// # Errors
    /// [`Error::Aborted`] if a statement had failed; nothing has changed then.
    #[must_use = "nothing happens until it is awaited"]
    pub fn commit(self) -> Pending<'static, ()> {
        Box::pin(async move {
            let broken = self.broken;
            match self.held {
                Held::ReadingSqlite(_)
                | Held::ReadingPostgres(_)
                | Held::SnapshotSqlite(_)
                | Held::SnapshotPostgres(_) => Ok(()),
                // PostgreSQL would answer this commit with a rollback, and call it a success.
                _ if broken => Err(Error::Aborted),
                Held::WritingSqlite(transaction) => Ok(transaction.commit().await?),
                Held::WritingPostgres(transaction) => Ok(transaction.commit().await?),
            }
        })
    }

    /// Undoes the changes, and waits until that is done. Dropping does the same without waiting.
    pub async fn rollback(self) {
        // A rollback fails only with its connection, and then the engine rolls back by itself.
        let _ = match self.held {
            Held::WritingSqlite(transaction) | Held::SnapshotSqlite(transaction) => {
                transaction.rollback().await
            }
            Held::WritingPostgres(transaction) | Held::SnapshotPostgres(transaction) => {
                transaction.rollback().await
            }
            Held::ReadingSqlite(_) | Held::ReadingPostgres(_) => Ok(()),
        };
    }

    /// Whether somebody else waits until this transaction ends, or might: a bulk load had better commit then. Never on
    /// PostgreSQL, where transactions don't wait for one another unless they change the same row.
    #[must_use]
    pub fn is_awaited(&self) -> bool {
        self.queue.as_ref().is_some_and(Queue::is_awaited)
    }

    /// The connection for a statement that begins now. [`settle`](Self::settle) must follow.
    pub(crate) fn begin_statement(&mut self) -> Result<Connection<'_>, Error> {
        if self.broken && self.is_writing() {
            return Err(Error::Aborted);
        }
        self.broken = true;
        Ok(self.connection())
    }

    /// The end of a statement, and what its failure means.
    pub(crate) async fn settle<T>(&mut self, outcome: Result<T, sqlx::Error>) -> Result<T, Error> {
        match outcome {
            Ok(found) => {
                self.broken = false;
                Ok(found)
            }
            Err(error) => match constraint::violated(&error, self.connection()).await {
                Some(constraint) => Err(Error::UniqueViolation { constraint }),
                None => Err(error.into()),
            },
        }
    }

    pub(crate) fn connection(&mut self) -> Connection<'_> {
        match &mut self.held {
            Held::WritingSqlite(transaction) | Held::SnapshotSqlite(transaction) => {
                Connection::Sqlite(transaction)
            }
            Held::WritingPostgres(transaction) | Held::SnapshotPostgres(transaction) => {
                Connection::Postgres(transaction)
            }
            Held::ReadingSqlite(connection) => Connection::Sqlite(connection),
            Held::ReadingPostgres(connection) => Connection::Postgres(connection),
        }
    }

    fn is_writing(&self) -> bool {
        matches!(self.held, Held::WritingSqlite(_) | Held::WritingPostgres(_))
    }

    pub(crate) fn writing_sqlite(transaction: Transaction<'static, Sqlite>, queue: &Queue) -> Self {
        Self {
            held: Held::WritingSqlite(transaction),
            broken: false,
            queue: Some(queue.clone()),
        }
    }

    pub(crate) fn writing_postgres(transaction: Transaction<'static, Postgres>) -> Self {
        Self {
            held: Held::WritingPostgres(transaction),
            broken: false,
            queue: None,
        }
    }

    pub(crate) fn reading_sqlite(connection: PoolConnection<Sqlite>) -> Self {
        Self {
            held: Held::ReadingSqlite(connection),
            broken: false,
            queue: None,
        }
    }

    pub(crate) fn snapshot_sqlite(transaction: Transaction<'static, Sqlite>) -> Self {
        Self {
            held: Held::SnapshotSqlite(transaction),
            broken: false,
            queue: None,
        }
    }

    pub(crate) fn snapshot_postgres(transaction: Transaction<'static, Postgres>) -> Self {
        Self {
            held: Held::SnapshotPostgres(transaction),
            broken: false,
            queue: None,
        }
    }

    pub(crate) fn reading_postgres(connection: PoolConnection<Postgres>) -> Self {
        Self {
            held: Held::ReadingPostgres(connection),
            broken: false,
            queue: None,
        }
    }
}
