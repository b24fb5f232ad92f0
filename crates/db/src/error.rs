//! What can go wrong, told alike for both engines.

use sqlx::error::{DatabaseError, ErrorKind};

/// Any error, as the source of one of ours.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Why the database did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// [`fetch_one`](crate::Query::fetch_one) found no row.
    #[error("no row answers the statement")]
    NotFound,

    /// A row with the same key exists. Ask by [`Error::is_unique_violation`].
    #[error("another row has the same values in {constraint}")]
    UniqueViolation {
        /// The name of the unique index. A constraint written in a `create table` has the name that
        /// PostgreSQL gives it, on SQLite too: `users_pkey`, `users_email_key`,
        /// `users_environment_id_email_key`. (PostgreSQL shortens what exceeds 63 bytes.)
        constraint: String,
    },

    /// A row that is referred to does not exist, or one that goes is still referred to. (SQLite does
    /// not say by which foreign key.)
    #[error("a row refers to one that is not there")]
    ForeignKeyViolation,

    /// PostgreSQL ended the transaction in favor of another one. Run it again from its beginning.
    #[error("the transaction met another one; run it again")]
    Busy(#[source] sqlx::Error),

    /// The database is out of reach, or no connection came free in time.
    #[error("the database cannot be reached: {0}")]
    Unavailable(#[source] sqlx::Error),

    /// An earlier statement of this transaction failed or was abandoned, so nothing of it is kept.
    #[error("the transaction ended with an earlier failure; begin another one")]
    Aborted,

    /// A text to bind contains a NUL byte, which PostgreSQL cannot store.
    #[error("the text contains a NUL byte; remove it")]
    NulInText,

    /// A column is missing or holds something else than what was asked for.
    #[error("column {name}: {source}")]
    Column {
        /// Its name, or `#` and its position.
        name: String,
        /// What is wrong with it.
        source: BoxError,
    },

    /// A migration failed, and left nothing behind.
    #[error("migration {name} failed: {source}")]
    Migration {
        /// The name of the migration.
        name: &'static str,
        /// What failed in it.
        source: Box<Error>,
    },

    /// A migration that ran before has another text now.
    #[error(
        "migration {name} differs from the one that made this database; restore its text and add another migration"
    )]
    MigrationChanged {
        /// The name of the migration.
        name: &'static str,
    },

    /// Two unique indexes of a migration cover the same columns, so that on SQLite a violation of one
    /// could not be told from a violation of the other.
    #[error("unique indexes {names} cover the same columns; add an expression to one of them")]
    IndexesAlike {
        /// The names of both.
        names: String,
    },

    /// The address of the database cannot be understood.
    #[error("the database address is wrong: {0}")]
    Url(String),

    /// The engine refused the statement, mostly because the statement is wrong.
    #[error("the database refused the statement: {0}")]
    Engine(#[source] sqlx::Error),
}

impl Error {
    /// Whether a row with the same values in the unique index or constraint `on` exists.
    #[must_use]
    pub fn is_unique_violation(&self, on: &str) -> bool {
        matches!(self, Self::UniqueViolation { constraint } if constraint == on)
    }
}

/// Everything but a unique violation, whose constraint the connection must be asked for.
impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        let Some(refusal) = error.as_database_error() else {
            return match error {
                sqlx::Error::Io(_)
                | sqlx::Error::Tls(_)
                | sqlx::Error::PoolTimedOut
                | sqlx::Error::PoolClosed
                | sqlx::Error::WorkerCrashed
                | sqlx::Error::BeginFailed => Self::Unavailable(error),
                _ => Self::Engine(error),
            };
        };
        if refusal.kind() == ErrorKind::ForeignKeyViolation {
            Self::ForeignKeyViolation
        } else if is_sqlite_out_of_reach(refusal) || is_postgres_out_of_reach(refusal) {
            Self::Unavailable(error)
        } else if is_postgres_conflict(refusal) {
            Self::Busy(error)
        } else {
            Self::Engine(error)
        }
    }
}

/// Whether another process holds the lock.
pub(crate) fn is_sqlite_busy(error: &sqlx::Error) -> bool {
    error
        .as_database_error()
        .and_then(sqlite_code)
        .is_some_and(|code| code == SQLITE_BUSY)
}

// sqlite.org/rescode.html
const SQLITE_BUSY: i32 = 5;
const SQLITE_CANTOPEN: i32 = 14;

fn is_sqlite_out_of_reach(refusal: &dyn DatabaseError) -> bool {
    sqlite_code(refusal).is_some_and(|code| matches!(code, SQLITE_BUSY | SQLITE_CANTOPEN))
}

/// The primary result code: the extended one says more in its higher bytes.
fn sqlite_code(refusal: &dyn DatabaseError) -> Option<i32> {
    refusal.try_downcast_ref::<sqlx::sqlite::SqliteError>()?;
    refusal.code()?.parse::<i32>().ok().map(|code| code & 0xff)
}

/// PostgreSQL, appendix A: classes 08 (connection), 53 (resources), 57P (shutdown, not yet started),
/// 3D and 28 (no such database, no entry).
fn is_postgres_out_of_reach(refusal: &dyn DatabaseError) -> bool {
    postgres_code(refusal).is_some_and(|code| {
        ["08", "53", "57P", "3D", "28"]
            .iter()
            .any(|class| code.starts_with(class))
    })
}

/// Serialization failure, deadlock, lock not available.
fn is_postgres_conflict(refusal: &dyn DatabaseError) -> bool {
    postgres_code(refusal).is_some_and(|code| matches!(code, "40001" | "40P01" | "55P03"))
}

fn postgres_code(refusal: &dyn DatabaseError) -> Option<&str> {
    Some(
        refusal
            .try_downcast_ref::<sqlx::postgres::PgDatabaseError>()?
            .code(),
    )
}
