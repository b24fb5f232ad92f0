//! One's own table in PostgreSQL, MySQL or MariaDB: a query finds the person and the hash, which is checked here, in any scheme
//! that the import knows.
//!
//! The query has one parameter, `$1`, on either engine: what the person typed. Its row may have the columns `password_hash` (or
//! `password`), `scheme` where the hash doesn't tell it, `params` (JSON, such as a salt), and otherwise what OpenID Connect calls
//! things: `id`, `email`, `email_verified`, `given_name`, … It runs in a transaction that can't write. Somebody is looked up by the
//! same query, and the hash is left alone.

mod bridge;
mod mysql;
mod postgres;

use futures::FutureExt as _;
use import::UserRecord;
use password::{Hash, Params};
use serde_json::{Map, Value};

use super::{Connector, Field, Finder, Lookup, NotRight, Question, claims};

pub(super) const CONNECTOR: Connector = Connector {
    name: "sql",
    label: "PostgreSQL / MySQL",
    fields: &[
        Field::secret("database_url"),
        Field::plain(
            "query",
            "select id, email, password_hash from users where lower(email) = lower($1)",
        ),
        Field::plain("scheme", "bcrypt").optional(),
    ],
    ask: |question| ask(question).boxed(),
    finder: Some(Finder {
        needs: &[],
        find: |lookup| find(lookup).boxed(),
    }),
};

async fn ask(question: &Question<'_>) -> Result<UserRecord, NotRight> {
    let Some(row) = row(question).await? else {
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
    person(&row)
}

async fn find(lookup: &Lookup<'_>) -> Result<Option<UserRecord>, NotRight> {
    let row = row(lookup).await?;
    row.as_ref().map(person).transpose()
}

/// Who is in a row; not whoever is kept out.
fn person(row: &Map<String, Value>) -> Result<UserRecord, NotRight> {
    if claims::truth_of(row.get("is_suspended")) == Some(true) {
        return Err(NotRight::Locked);
    }
    Ok(claims::record(row))
}

/// The row as JSON; none where the query finds nobody.
async fn row(lookup: &Lookup<'_>) -> Result<Option<Map<String, Value>>, NotRight> {
    let url = lookup.values.get("database_url");
    let scheme = url.split_once(':').map_or("", |(scheme, _)| scheme);
    let found = async {
        match scheme {
            "postgres" | "postgresql" => postgres::row(lookup, url).await,
            "mysql" | "mariadb" => mysql::row(lookup, url).await,
            _ => Err(unreadable()),
        }
    };
    tokio::time::timeout(lookup.patience, found)
        .await
        .map_err(|_| NotRight::Slow)?
}

fn unreadable() -> NotRight {
    let reason = "the address of the database can't be read; write it as postgres://user:password@host/name, or as mysql://user:password@host/name";
    NotRight::Unclear(reason.to_owned())
}

/// The query without what ends it.
fn query<'a>(lookup: &'a Lookup<'_>) -> &'a str {
    lookup
        .values
        .get("query")
        .trim_end_matches([';', ' ', '\n'])
}

/// What the driver says to a connection that was not made.
fn unreachable(host: &str, error: &sqlx::Error) -> NotRight {
    NotRight::Down(format!("{host} could not be reached: {error}"))
}

/// What the database says to the query.
fn failed(error: &sqlx::Error) -> NotRight {
    NotRight::Unclear(format!("the query failed: {error}"))
}

fn read(encoded: &str, scheme: Option<&str>, params: Value) -> Result<Hash, NotRight> {
    // A text of MySQL may hold the object.
    let params = match params {
        Value::String(text) => serde_json::from_str(&text).unwrap_or_default(),
        params => params,
    };
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
