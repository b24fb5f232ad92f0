//! One's own table in PostgreSQL: a query finds the person and the hash, which is checked here, in any scheme that the import knows.
//!
//! The query has one parameter, `$1`: what the person typed. Its row may have the columns `password_hash` (or `password`), `scheme`
//! where the hash doesn't tell it, `params` (JSON, such as a salt), and otherwise what OpenID Connect calls things: `id`, `email`, `email_verified`, `given_name`, …
//! It runs in a transaction that can't write.

use std::str::FromStr as _;

use futures::FutureExt as _;
use import::UserRecord;
use password::{Hash, Params};
use serde_json::{Map, Value};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, Connection as _, Row as _};

use super::{Connector, Field, NotRight, Question, claims};

pub(super) const CONNECTOR: Connector = Connector {
    name: "sql",
    label: "PostgreSQL",
    fields: &[
        Field::secret("database_url"),
        Field::plain(
            "query",
            "select id, email, password_hash from users where lower(email) = lower($1)",
        ),
        Field::plain("scheme", "bcrypt").optional(),
    ],
    ask: |question| ask(question).boxed(),
};

async fn ask(question: &Question<'_>) -> Result<UserRecord, NotRight> {
    let found = tokio::time::timeout(question.patience, find(question))
        .await
        .map_err(|_| NotRight::Slow)??;
    let Some(row) = found else {
        // Nobody: the same work as for somebody.
        verify(question, None).await?;
        return Err(NotRight::Wrong);
    };
    let text = |name: &str| claims::text_of(row.get(name));
    let Some(encoded) = text("password_hash").or_else(|| text("password")) else {
        return Err(NotRight::Wrong);
    };
    let scheme = text("scheme").or_else(|| question.values.given("scheme").map(str::to_owned));
    let params = row.get("params").cloned().unwrap_or_default();
    let hash = read(&encoded, scheme.as_deref(), params)?;
    if !verify(question, Some(hash)).await? {
        return Err(NotRight::Wrong);
    }
    if claims::truth_of(row.get("is_suspended")) == Some(true) {
        return Err(NotRight::Locked);
    }
    Ok(claims::record(&row))
}

/// The row as JSON; none where the query finds nobody.
async fn find(question: &Question<'_>) -> Result<Option<Map<String, Value>>, NotRight> {
    let options = PgConnectOptions::from_str(question.values.get("database_url")).map_err(|_| {
        let reason = "the address of the database can't be read; write it as postgres://user:password@host/name";
        NotRight::Unclear(reason.to_owned())
    })?;
    let (host, port) = (options.get_host().to_owned(), options.get_port());
    let allowed = question.app.outgoing().addresses(&host, port).await;
    allowed.map_err(|error| super::call::of_failure(&error))?;
    let mut connection = PgConnection::connect_with(&options)
        .await
        .map_err(|error| NotRight::Down(format!("{host} could not be reached: {error}")))?;
    let outcome = query(&mut connection, question).await;
    // It is closed in any case; a goodbye is courtesy.
    let _ = connection.close().await;
    outcome.map_err(|error| NotRight::Unclear(format!("the query failed: {error}")))
}

async fn query(
    connection: &mut PgConnection,
    question: &Question<'_>,
) -> Result<Option<Map<String, Value>>, sqlx::Error> {
    let mut transaction = connection.begin_with("begin read only").await?;
    let query = question
        .values
        .get("query")
        .trim_end_matches([';', ' ', '\n']);
    let statement =
        format!("select row_to_json(found)::text as row from ({query}) as found limit 1");
    let row = sqlx::query(AssertSqlSafe(statement))
        .bind(question.identifier)
        .fetch_optional(&mut *transaction)
        .await?;
    transaction.rollback().await?;
    let text: Option<String> = row.map(|row| row.try_get("row")).transpose()?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}

fn read(encoded: &str, scheme: Option<&str>, params: Value) -> Result<Hash, NotRight> {
    let params: Params = serde_json::from_value(params).unwrap_or_default();
    let hash = match scheme {
        Some(scheme) => Hash::parse(scheme, encoded, &params).ok(),
        None => Hash::recognize(encoded).ok(),
    };
    hash.ok_or_else(|| {
        let reason = "the hash can't be read; say its scheme, in the form or in a column `scheme`";
        NotRight::Unclear(reason.to_owned())
    })
}

async fn verify(question: &Question<'_>, hash: Option<Hash>) -> Result<bool, NotRight> {
    let verified = question.app.hashing().verify(hash, question.password).await;
    verified.map_err(|_| NotRight::TooMany(None))
}
