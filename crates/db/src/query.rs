//! A statement with its values, and the ways to run it.

use std::borrow::Cow;

use sqlx::{Arguments, AssertSqlSafe, Database, Encode, IntoArguments, Postgres, Sqlite, Type};

use crate::tx::Connection;
use crate::{Error, FromRow, Pending, Row, Tx, Value, anonymous};

/// A statement, its parameters written `$1`, `$2`, …
///
/// The text is the program's own, never a person's; what a person typed is bound.
pub fn sql(text: impl Into<Cow<'static, str>>) -> Query {
    Query {
        text: text.into(),
        values: Vec::new(),
    }
}

/// A statement and the values bound to it so far.
#[derive(Debug)]
#[must_use = "a query does nothing until it is executed or fetched"]
pub struct Query {
    text: Cow<'static, str>,
    values: Vec<Value>,
}

impl Query {
    /// Binds the next parameter.
    pub fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }

    /// Binds the next parameters.
    pub fn bind_all(mut self, values: impl IntoIterator<Item = Value>) -> Self {
        self.values.extend(values);
        self
    }

    /// Runs the statement and returns how many rows it touched.
    ///
    /// # Errors
    /// Any of [`Error`] but [`Error::NotFound`] and [`Error::Column`].
    pub fn execute(self, tx: &mut Tx) -> Pending<'_, u64> {
        Box::pin(async move {
            self.check()?;
            let link = tx.link().await?;
            let outcome = match link.begin_statement()? {
                Connection::Sqlite(connection) => {
                    let done = self
                        .for_sqlite()
                        .prepared::<Sqlite>()?
                        .execute(connection)
                        .await;
                    done.map(|done| done.rows_affected())
                }
                Connection::Postgres(connection) => {
                    let done = self.prepared::<Postgres>()?.execute(connection).await;
                    done.map(|done| done.rows_affected())
                }
            };
            link.settle(outcome).await
        })
    }

    /// The first row.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none, [`Error::Column`] if it cannot be read as a `T`, and
    /// whatever the statement fails with.
    pub async fn fetch_one<T: FromRow>(self, tx: &mut Tx) -> Result<T, Error> {
        self.fetch_optional(tx).await?.ok_or(Error::NotFound)
    }

    /// The first row, if there is one.
    ///
    /// # Errors
    /// [`Error::Column`] if it cannot be read as a `T`, and whatever the statement fails with.
    pub async fn fetch_optional<T: FromRow>(self, tx: &mut Tx) -> Result<Option<T>, Error> {
        self.fetch_rows(tx)
            .await?
            .first()
            .map(T::from_row)
            .transpose()
    }

    /// Every row, in the order of the statement.
    ///
    /// # Errors
    /// [`Error::Column`] if one cannot be read as a `T`, and whatever the statement fails with.
    pub async fn fetch_all<T: FromRow>(self, tx: &mut Tx) -> Result<Vec<T>, Error> {
        self.fetch_rows(tx).await?.iter().map(T::from_row).collect()
    }

    /// Every row, in the order of the statement, each as `read` makes it: for rows whose columns are only known at run time.
    ///
    /// # Errors
    /// Whatever `read` answers, and whatever the statement fails with.
    pub async fn fetch_all_with<T>(
        self,
        tx: &mut Tx,
        read: impl Fn(&Row) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        self.fetch_rows(tx).await?.iter().map(read).collect()
    }

    fn fetch_rows(self, tx: &mut Tx) -> Pending<'_, Vec<Row>> {
        Box::pin(async move {
            self.check()?;
            let link = tx.link().await?;
            let outcome = match link.begin_statement()? {
                Connection::Sqlite(connection) => {
                    let rows = self
                        .for_sqlite()
                        .prepared::<Sqlite>()?
                        .fetch_all(connection)
                        .await;
                    rows.map(|rows| rows.into_iter().map(Row::sqlite).collect())
                }
                Connection::Postgres(connection) => {
                    let rows = self.prepared::<Postgres>()?.fetch_all(connection).await;
                    rows.map(|rows| rows.into_iter().map(Row::postgres).collect())
                }
            };
            link.settle(outcome).await
        })
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

    /// The same, without names for its parameters where there are many.
    fn for_sqlite(mut self) -> Self {
        if self.values.len() >= anonymous::WORTHWHILE
            && let Some(text) = anonymous::anonymous(&self.text)
        {
            self.text = text.into();
        }
        self
    }

    /// The statement as the engine's driver wants it.
    fn prepared<E>(self) -> Result<sqlx::query::Query<'static, E, E::Arguments>, Error>
    where
        E: Database<Arguments: IntoArguments<E>>,
        for<'v> Option<String>: Encode<'v, E> + Type<E>,
        for<'v> Option<i64>: Encode<'v, E> + Type<E>,
        for<'v> Option<bool>: Encode<'v, E> + Type<E>,
        for<'v> Option<Vec<u8>>: Encode<'v, E> + Type<E>,
    {
        let arguments = bound::<E>(self.values.into_iter())?;
        Ok(sqlx::query_with(AssertSqlSafe(self.text), arguments))
    }
}

/// The values as arguments of a statement, in their order.
pub(crate) fn bound<E>(values: impl Iterator<Item = Value>) -> Result<E::Arguments, sqlx::Error>
where
    E: Database,
    for<'v> Option<String>: Encode<'v, E> + Type<E>,
    for<'v> Option<i64>: Encode<'v, E> + Type<E>,
    for<'v> Option<bool>: Encode<'v, E> + Type<E>,
    for<'v> Option<Vec<u8>>: Encode<'v, E> + Type<E>,
{
    let mut arguments = E::Arguments::default();
    arguments.reserve(values.size_hint().0, 0);
    for value in values {
        match value {
            Value::Text(text) => arguments.add(text),
            Value::Int(number) => arguments.add(number),
            Value::Bool(truth) => arguments.add(truth),
            Value::Bytes(bytes) => arguments.add(bytes),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    Ok(arguments)
}
