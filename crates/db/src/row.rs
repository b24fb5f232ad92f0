//! A row of an answer, and what can be made of one.

use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{ColumnIndex, Row as _, TypeInfo, ValueRef};

use crate::{BoxError, Column, Error, Value};

/// A row of an answer. It has no `Debug`, since it may hold a secret.
pub struct Row(Engine);

enum Engine {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

impl Row {
    /// The value of the column with this name.
    ///
    /// # Errors
    /// [`Error::Column`] if there is no such column, or its value is not a `T`.
    pub fn get<T: Column>(&self, name: &str) -> Result<T, Error> {
        self.read(name)
            .and_then(T::from_value)
            .map_err(|source| Error::Column {
                name: name.to_owned(),
                source,
            })
    }

    /// The value of the column at this position, counted from 0.
    ///
    /// # Errors
    /// [`Error::Column`] if there is no such column, or its value is not a `T`.
    pub fn at<T: Column>(&self, position: usize) -> Result<T, Error> {
        self.read(position)
            .and_then(T::from_value)
            .map_err(|source| Error::Column {
                name: format!("#{position}"),
                source,
            })
    }

    fn read<I>(&self, index: I) -> Result<Value, BoxError>
    where
        I: ColumnIndex<SqliteRow> + ColumnIndex<PgRow>,
    {
        match &self.0 {
            Engine::Sqlite(row) => {
                let index = index.index(row)?;
                let raw = row.try_get_raw(index)?;
                // The type of the value itself: SQLite's columns have none that binds.
                let kind = raw.type_info();
                match if raw.is_null() { "NULL" } else { kind.name() } {
                    "NULL" => Ok(Value::Text(None)),
                    "TEXT" => Ok(Value::Text(row.try_get_unchecked(index)?)),
                    "INTEGER" | "BOOLEAN" => Ok(Value::Int(row.try_get_unchecked(index)?)),
                    "BLOB" => Ok(Value::Bytes(row.try_get_unchecked(index)?)),
                    other => Err(unreadable(other)),
                }
            }
            Engine::Postgres(row) => {
                let index = index.index(row)?;
                match row.try_get_raw(index)?.type_info().name() {
                    "TEXT" | "VARCHAR" | "CHAR" | "NAME" => {
                        Ok(Value::Text(row.try_get_unchecked(index)?))
                    }
                    "INT8" => Ok(Value::Int(row.try_get_unchecked(index)?)),
                    "INT4" => Ok(Value::Int(
                        row.try_get::<Option<i32>, _>(index)?.map(i64::from),
                    )),
                    "BOOL" => Ok(Value::Bool(row.try_get_unchecked(index)?)),
                    "BYTEA" => Ok(Value::Bytes(row.try_get_unchecked(index)?)),
                    other => Err(unreadable(other)),
                }
            }
        }
    }

    pub(crate) fn sqlite(row: SqliteRow) -> Self {
        Self(Engine::Sqlite(row))
    }

    pub(crate) fn postgres(row: PgRow) -> Self {
        Self(Engine::Postgres(row))
    }
}

fn unreadable(kind: &str) -> BoxError {
    format!("{kind} is not read here: write cast(… as bigint) or cast(… as text)").into()
}

/// What can be made of a row: a record of the application, one [`Column`], or up to six of them in
/// the order of the statement.
pub trait FromRow: Sized {
    /// Reads the row.
    ///
    /// # Errors
    /// [`Error::Column`] if a column is missing or cannot be read.
    fn from_row(row: &Row) -> Result<Self, Error>;
}

impl<T: Column> FromRow for T {
    fn from_row(row: &Row) -> Result<Self, Error> {
        row.at(0)
    }
}

macro_rules! tuple {
    ($($column:ident $position:literal),+) => {
        impl<$($column: Column),+> FromRow for ($($column,)+) {
            fn from_row(row: &Row) -> Result<Self, Error> {
                Ok(($(row.at::<$column>($position)?,)+))
            }
        }
    };
}

tuple!(A 0);
tuple!(A 0, B 1);
tuple!(A 0, B 1, C 2);
tuple!(A 0, B 1, C 2, D 3);
tuple!(A 0, B 1, C 2, D 3, E 4);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5);
