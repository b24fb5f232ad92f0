//! Many rows into one table, by the fastest way of each engine.
//!
//! SQLite takes statements of a hundred rows. PostgreSQL takes `COPY` where every row is new, and an array a column where some
//! may be there: both spare it a statement with tens of thousands of parameters.

use std::fmt::Write as _;

use sqlx::postgres::PgArguments;
use sqlx::{Arguments as _, AssertSqlSafe, PgConnection, Sqlite, SqliteConnection};

use crate::query::bound;
use crate::tx::{Connection, Link};
use crate::{Error, Pending, Tx, Value};

/// How many rows one statement of SQLite carries: what was measured as fastest.
const ROWS_PER_STATEMENT: usize = 100;

/// How many bytes go to PostgreSQL at a time.
const COPY_BUFFER: usize = 256 * 1024;

/// Rows for these columns of a table. Names are the program's own, never a person's.
#[must_use]
pub fn rows(table: &'static str, columns: &'static [&'static str]) -> Rows {
    Rows {
        table,
        columns,
        values: Vec::new(),
    }
}

/// Rows for a table, gathered to be inserted together.
#[derive(Debug)]
pub struct Rows {
    table: &'static str,
    columns: &'static [&'static str],
    values: Vec<Value>,
}

impl Rows {
    /// Adds a row: a value for each column, in their order.
    ///
    /// # Panics
    /// When the row has more values than the table has columns here, or fewer.
    pub fn push<const N: usize>(&mut self, row: [Value; N]) {
        assert_eq!(N, self.columns.len(), "a row of {}", self.table);
        self.values.extend(row);
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.values.len() / self.columns.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Inserts the rows, all of which are new.
    ///
    /// # Errors
    /// [`Error::UniqueViolation`] where one is there already, and whatever a statement fails with.
    pub async fn insert(self, tx: &mut Tx) -> Result<(), Error> {
        self.send(tx, None).await
    }

    /// Inserts the rows, and does with those that are there what `on conflict …` says.
    ///
    /// # Errors
    /// As [`insert`](Self::insert).
    pub async fn upsert(self, tx: &mut Tx, on_conflict: &'static str) -> Result<(), Error> {
        self.send(tx, Some(on_conflict)).await
    }

    fn send<'a>(self, tx: &'a mut Tx, on_conflict: Option<&'static str>) -> Pending<'a, ()> {
        Box::pin(async move {
            if self.is_empty() {
                return Ok(());
            }
            self.check()?;
            tx.insert(self, on_conflict).await
        })
    }

    /// Inserts the rows, which are some and were checked.
    pub(crate) async fn insert_on(
        self,
        link: &mut Link,
        on_conflict: Option<&'static str>,
    ) -> Result<(), Error> {
        let outcome = match (link.begin_statement()?, on_conflict) {
            (Connection::Sqlite(connection), _) => {
                self.insert_sqlite(connection, on_conflict).await
            }
            (Connection::Postgres(connection), None) => self.copy(connection).await,
            (Connection::Postgres(connection), Some(on_conflict)) => {
                self.insert_arrays(connection, on_conflict).await
            }
        };
        link.settle(outcome).await
    }

    fn check(&self) -> Result<(), Error> {
        let has_nul =
            |value: &Value| matches!(value, Value::Text(Some(text)) if text.contains('\0'));
        if self.values.iter().any(has_nul) {
            Err(Error::NulInText)
        } else {
            Ok(())
        }
    }

    fn insert_into(&self) -> String {
        format!("insert into {} ({})", self.table, self.columns.join(", "))
    }

    async fn insert_sqlite(
        self,
        connection: &mut SqliteConnection,
        on_conflict: Option<&str>,
    ) -> Result<(), sqlx::Error> {
        let n_columns = self.columns.len();
        let is_fixed = self.fixed_columns();
        let whole = self.statement(&is_fixed, ROWS_PER_STATEMENT, on_conflict);
        let n_rest = self.len() % ROWS_PER_STATEMENT;
        let rest = self.statement(&is_fixed, n_rest, on_conflict);
        let first = self.values.iter().zip(&is_fixed);
        let fixed = first.filter(|(_, is_fixed)| **is_fixed);
        let fixed: Vec<Value> = fixed.map(|(value, _)| value.clone()).collect();
        let mut values = self.values.into_iter();
        let mut left = values.len();
        let mut next = |n_values: usize| {
            let some = values.by_ref().take(n_values).enumerate();
            let varying = some.filter(|(at, _)| !is_fixed[at % n_columns]);
            bound::<Sqlite>(fixed.iter().cloned().chain(varying.map(|(_, value)| value)))
        };
        let n_whole = ROWS_PER_STATEMENT * n_columns;
        let mut arguments = next(left.min(n_whole))?;
        while left > 0 {
            let text = if left < n_whole { &rest } else { &whole };
            left -= left.min(n_whole);
            let query = sqlx::query_with(AssertSqlSafe(text.as_str()), arguments);
            // The connection works in a thread of its own: meanwhile the next statement is made ready.
            let (done, following) = tokio::join!(query.execute(&mut *connection), async {
                next(left.min(n_whole))
            });
            done?;
            arguments = following?;
        }
        Ok(())
    }

    /// Which columns have the same value in all rows. Most have in a bulk load; such a value is bound once a statement instead of once a
    /// row.
    fn fixed_columns(&self) -> Vec<bool> {
        let n_columns = self.columns.len();
        let (first, rest) = self.values.split_at(n_columns);
        let mut is_fixed = vec![!rest.is_empty(); n_columns];
        for row in rest.chunks(n_columns) {
            for (is_fixed, (value, first)) in is_fixed.iter_mut().zip(row.iter().zip(first)) {
                *is_fixed = *is_fixed && value == first;
            }
        }
        // A statement needs something of which it has many.
        if is_fixed.iter().all(|is_fixed| *is_fixed) {
            is_fixed[0] = false;
        }
        is_fixed
    }

    /// The statement of SQLite for so many rows: parameters for what is fixed, then for the other columns of each row.
    fn statement(&self, is_fixed: &[bool], n_rows: usize, on_conflict: Option<&str>) -> String {
        let columns = || self.columns.iter().zip(is_fixed);
        let fixed = columns().filter(|(_, is_fixed)| **is_fixed);
        let varying = columns().filter(|(_, is_fixed)| !**is_fixed);
        let (n_fixed, n_varying) = (fixed.clone().count(), varying.clone().count());
        let names: Vec<&str> = fixed.chain(varying).map(|(name, _)| *name).collect();
        let row = format!("({})", vec!["?"; n_varying].join(","));
        let values = format!("values {}", vec![row.as_str(); n_rows].join(","));
        let source = if n_fixed == 0 {
            values
        } else {
            let of_row = (1..=n_varying).map(|number| format!("column{number}"));
            let selected = vec!["?".to_owned(); n_fixed].into_iter().chain(of_row);
            let selected = selected.collect::<Vec<_>>().join(",");
            // `where true`, else `on conflict` could be the condition of a join.
            format!("select {selected} from ({values}) where true")
        };
        let (table, names) = (self.table, names.join(","));
        let on_conflict = on_conflict.unwrap_or_default();
        format!("insert into {table} ({names}) {source} {on_conflict}")
    }

    async fn copy(self, connection: &mut PgConnection) -> Result<(), sqlx::Error> {
        let statement = format!(
            "copy {} ({}) from stdin",
            self.table,
            self.columns.join(", ")
        );
        let mut copy = connection.copy_in_raw(&statement).await?;
        let mut buffer = String::with_capacity(COPY_BUFFER + 4096);
        for row in self.values.chunks(self.columns.len()) {
            for (position, value) in row.iter().enumerate() {
                buffer.push_str(if position == 0 { "" } else { "\t" });
                push_copied(&mut buffer, value);
            }
            buffer.push('\n');
            if buffer.len() >= COPY_BUFFER {
                copy.send(buffer.as_bytes()).await?;
                buffer.clear();
            }
        }
        copy.send(buffer.as_bytes()).await?;
        copy.finish().await?;
        Ok(())
    }

    async fn insert_arrays(
        self,
        connection: &mut PgConnection,
        on_conflict: &str,
    ) -> Result<(), sqlx::Error> {
        let n_columns = self.columns.len();
        let mut arrays = String::new();
        for (position, value) in self.values.iter().take(n_columns).enumerate() {
            let kind = match value {
                Value::Text(_) => "text",
                Value::Int(_) => "bigint",
                Value::Bool(_) => "boolean",
                Value::Bytes(_) => "bytea",
            };
            let comma = if position == 0 { "" } else { ", " };
            write!(arrays, "{comma}${}::{kind}[]", position + 1)
                .expect("a String takes all that is written");
        }
        let text = format!(
            "{} select * from unnest({arrays}) {on_conflict}",
            self.insert_into()
        );
        let mut columns: Vec<Vec<Value>> = vec![Vec::new(); n_columns];
        for (position, value) in self.values.into_iter().enumerate() {
            columns[position % n_columns].push(value);
        }
        let mut arguments = PgArguments::default();
        for column in columns {
            add_array(&mut arguments, column).map_err(sqlx::Error::Encode)?;
        }
        sqlx::query_with(AssertSqlSafe(text), arguments)
            .execute(connection)
            .await?;
        Ok(())
    }
}

/// Binds the values of a column, which are of one type, as an array.
fn add_array(arguments: &mut PgArguments, column: Vec<Value>) -> Result<(), crate::BoxError> {
    match column.first() {
        Some(Value::Int(_)) => arguments.add(all(column, |value| match value {
            Value::Int(number) => number,
            _ => None,
        })),
        Some(Value::Bool(_)) => arguments.add(all(column, |value| match value {
            Value::Bool(truth) => truth,
            _ => None,
        })),
        Some(Value::Bytes(_)) => arguments.add(all(column, |value| match value {
            Value::Bytes(bytes) => bytes,
            _ => None,
        })),
        _ => arguments.add(all(column, |value| match value {
            Value::Text(text) => text,
            _ => None,
        })),
    }
}

fn all<T>(column: Vec<Value>, of: impl Fn(Value) -> Option<T>) -> Vec<Option<T>> {
    column.into_iter().map(of).collect()
}

/// Writes a value in the text format of `COPY` (PostgreSQL documentation, COPY, "Text Format").
fn push_copied(buffer: &mut String, value: &Value) {
    match value {
        Value::Text(Some(text)) => {
            let mut rest = text.as_str();
            while let Some(at) = rest.find(['\\', '\t', '\n', '\r']) {
                buffer.push_str(&rest[..at]);
                buffer.push_str(match rest.as_bytes()[at] {
                    b'\\' => r"\\",
                    b'\t' => r"\t",
                    b'\n' => r"\n",
                    _ => r"\r",
                });
                rest = &rest[at + 1..];
            }
            buffer.push_str(rest);
        }
        Value::Int(Some(number)) => write!(buffer, "{number}").unwrap_or_default(),
        Value::Bool(Some(truth)) => buffer.push(if *truth { 't' } else { 'f' }),
        Value::Bytes(Some(bytes)) => {
            buffer.push_str(r"\\x");
            for byte in bytes {
                write!(buffer, "{byte:02x}").unwrap_or_default();
            }
        }
        _ => buffer.push_str(r"\N"),
    }
}
