//! A connection in hand: a transaction for writing, a connection for reading, or a snapshot to read.

use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, Postgres, Sqlite, SqliteConnection, Transaction};
use tokio::task::JoinHandle;

use crate::queue::Queue;
use crate::{Error, Pending, Rows, constraint};

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
    place: Place,
    /// Whether rows are inserted behind the caller's back ([`Tx::in_bulk`]).
    in_bulk: bool,
    /// Who waits for a transaction's end.
    queue: Option<Queue>,
}

/// Where the connection is.
#[derive(Debug)]
enum Place {
    Here(Link),
    /// A task inserts rows with it, and gives it back with what came of them; not at all if it died.
    Away(JoinHandle<Option<(Link, Result<(), Error>)>>),
    Lost,
}

/// A connection, and whether it is good for more.
#[derive(Debug)]
pub(crate) struct Link {
    held: Held,
    /// A statement has begun and has not ended well.
    broken: bool,
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
    /// The same transaction for a bulk load: from now on [`Rows`] answer before they are inserted. They are inserted in their order,
    /// before any later statement; an error of theirs is answered by the next statement, by [`caught_up`](Self::caught_up) or by the
    /// commit.
    pub fn in_bulk(mut self) -> Self {
        self.in_bulk = true;
        self
    }

    /// Waits until all rows are inserted: whoever works ahead of a bulk load asks for it now and then, so as not to be ahead by more
    /// than memory bears.
    ///
    /// # Errors
    /// What an insert failed with.
    #[must_use = "nothing happens until it is awaited"]
    pub fn caught_up(&mut self) -> Pending<'_, ()> {
        Box::pin(async { self.link().await.map(drop) })
    }

    /// Makes the changes last. Nothing to do for a connection for reading or a snapshot.
    ///
    /// # Errors
    /// [`Error::Aborted`] if a statement had failed; nothing has changed then. What an insert of a bulk load failed with.
    #[must_use = "nothing happens until it is awaited"]
    pub fn commit(mut self) -> Pending<'static, ()> {
        Box::pin(async move {
            self.link().await?;
            let Place::Here(Link { held, broken }) = self.place else {
                return Err(Error::Aborted);
            };
            match held {
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
    pub async fn rollback(mut self) {
        // What failed before is undone with the rest.
        let _ = self.link().await;
        let Place::Here(link) = self.place else {
            return;
        };
        // A rollback fails only with its connection, and then the engine rolls back by itself.
        let _ = match link.held {
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

    /// The connection, when nothing is under way on it any more.
    ///
    /// # Errors
    /// What rows were inserted behind the caller's back failed with, once; [`Error::Aborted`] where the connection was lost.
    pub(crate) async fn link(&mut self) -> Result<&mut Link, Error> {
        if let Place::Away(task) = &mut self.place {
            let back = task.await.ok().flatten();
            let (link, outcome) = back.ok_or(Error::Aborted).inspect_err(|_| {
                self.place = Place::Lost;
            })?;
            self.place = Place::Here(link);
            outcome?;
        }
        match &mut self.place {
            Place::Here(link) => Ok(link),
            Place::Away(_) | Place::Lost => Err(Error::Aborted),
        }
    }

    /// Inserts rows: now, or, in bulk, after those that are under way.
    pub(crate) async fn insert(
        &mut self,
        rows: Rows,
        on_conflict: Option<&'static str>,
    ) -> Result<(), Error> {
        if self.in_bulk {
            self.insert_behind(rows, on_conflict);
            Ok(())
        } else {
            rows.insert_on(self.link().await?, on_conflict).await
        }
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the transaction waits for it, and whoever drops the transaction undoes what it does"
    )]
    fn insert_behind(&mut self, rows: Rows, on_conflict: Option<&'static str>) {
        let before = std::mem::replace(&mut self.place, Place::Lost);
        self.place = Place::Away(tokio::task::spawn(async move {
            let (mut link, outcome) = match before {
                Place::Here(link) => (link, Ok(())),
                Place::Away(task) => task.await.ok().flatten()?,
                Place::Lost => return None,
            };
            let outcome = match outcome {
                Ok(()) => rows.insert_on(&mut link, on_conflict).await,
                failed => failed,
            };
            Some((link, outcome))
        }));
    }

    fn of(held: Held, queue: Option<Queue>) -> Self {
        Self {
            place: Place::Here(Link {
                held,
                broken: false,
            }),
            in_bulk: false,
            queue,
        }
    }

    pub(crate) fn writing_sqlite(transaction: Transaction<'static, Sqlite>, queue: &Queue) -> Self {
        Self::of(Held::WritingSqlite(transaction), Some(queue.clone()))
    }

    pub(crate) fn writing_postgres(transaction: Transaction<'static, Postgres>) -> Self {
        Self::of(Held::WritingPostgres(transaction), None)
    }

    pub(crate) fn reading_sqlite(connection: PoolConnection<Sqlite>) -> Self {
        Self::of(Held::ReadingSqlite(connection), None)
    }

    pub(crate) fn snapshot_sqlite(transaction: Transaction<'static, Sqlite>) -> Self {
        Self::of(Held::SnapshotSqlite(transaction), None)
    }

    pub(crate) fn snapshot_postgres(transaction: Transaction<'static, Postgres>) -> Self {
        Self::of(Held::SnapshotPostgres(transaction), None)
    }

    pub(crate) fn reading_postgres(connection: PoolConnection<Postgres>) -> Self {
        Self::of(Held::ReadingPostgres(connection), None)
    }
}

impl Link {
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
}
