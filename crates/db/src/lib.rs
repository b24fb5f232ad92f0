//! The seam over SQLite and PostgreSQL: one text of SQL, two engines, no table known.
//!
//! ```no_run
//! # async fn example(db: db::Db) -> Result<(), db::Error> {
//! let mut tx = db.begin().await?;
//! db::sql("insert into users (id, email) values ($1, $2)")
//!     .bind("kp_1")
//!     .bind("ada@example.com")
//!     .execute(&mut tx)
//!     .await?;
//! tx.commit().await?;
//!
//! let email: Option<String> = db::sql("select email from users where id = $1")
//!     .bind("kp_1")
//!     .fetch_optional(&mut db.read().await?)
//!     .await?;
//! # Ok(()) }
//! ```
//!
//! # What both engines understand
//!
//! - Types: `text`, `bigint`, `boolean`, and `bytea` for large bytes (a name that SQLite takes for any
//!   type). Instants are Unix milliseconds in `bigint`, documents are JSON in `text`, small bytes are
//!   base64url in `text`. Parameters are `$1`, `$2`, …
//! - `returning`, common table expressions, row values (`(a, b) > ($1, $2)`), partial and expression
//!   indexes, and `on conflict (…) where … do update` that names them.
//! - `count(*)` is an integer on both. `sum` of a `bigint` is `numeric` on PostgreSQL: write
//!   `cast(sum(n) as bigint)`.
//! - `like` respects case on both. Write `like $1 escape '\'` and put [`escape_like`] around what a
//!   person typed: SQLite has no escape character of its own.
//! - Nulls come first on SQLite and last on PostgreSQL: say `nulls first` or `nulls last`.
//! - Text is ordered by its bytes on SQLite and by the database's collation on PostgreSQL, so a page
//!   may be *cut* at a text key, but the order seen is the engine's.
//! - Name every unique index, or use the name that PostgreSQL gives ([`Error::UniqueViolation`]).
//!
//! # What is made alike here
//!
//! - A failed statement ends its transaction. PostgreSQL has it so; SQLite would go on, and code
//!   tested there alone would break elsewhere. Both answer [`Error::Aborted`] from then on.
//! - Text with a NUL byte is refused ([`Error::NulInText`]), as PostgreSQL does.
//! - Booleans are booleans, although SQLite stores integers.
//!
//! # What it does not do
//!
//! No mapping of objects, no building of statements, no trait to implement once per engine. The
//! alternatives, `sqlx::Any` and an ORM, were measured: the first cannot read SQLite's booleans, the
//! second hides what is sent.

mod anonymous;
mod clause;
mod constraint;
mod db;
mod error;
mod migration;
mod named;
mod pending;
mod postgres;
mod query;
mod queue;
mod row;
mod rows;
mod sqlite;
#[cfg(feature = "testing")]
pub mod testing;
mod tx;
mod value;

pub use clause::{escape_like, in_list, placeholders};
pub use db::{Db, Description, Durability, Options};
pub use error::{BoxError, Error};
pub use migration::Migration;
pub use pending::Pending;
pub use query::{Query, sql};
pub use row::{FromRow, Row};
pub use rows::{Rows, rows};
pub use tx::Tx;
pub use value::{Bind, Column, Value};
