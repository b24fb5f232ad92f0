//! The rows that make up a person, as far as an import can change them: read, compared and put back as they are.
//!
//! [`PARTS`] is a table. Whatever an import comes to write has its line there; a test compares it with the schema.

use std::collections::HashMap;

use db::{Error, Row, Tx, Value, in_list, placeholders, sql};
use serde_json::Value as Json;

use crate::id::UserId;

/// How many people one statement is about.
const PEOPLE_PER_STATEMENT: usize = 500;

/// A table with rows of a person.
pub(in crate::imports) struct Part {
    pub(in crate::imports) table: &'static str,
    /// The column with the person's id.
    user: &'static str,
    pub(in crate::imports) columns: &'static [Column],
}

/// A column of a part.
pub(in crate::imports) struct Column {
    pub(in crate::imports) name: &'static str,
    kind: Kind,
    role: Role,
}

#[derive(Clone, Copy)]
enum Kind {
    Text,
    Int,
    Bool,
}

/// What a column is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    /// Part of what tells a row of the person from the others.
    Key,
    /// What is compared, and put back.
    Content,
    /// When the row was made or changed last: as content, and whoever came with an import has only one instant there.
    Instant,
    /// What goes with the content and is no change by itself, such as a hash that was wrapped in a better one.
    Silent,
    /// What is neither compared nor put back, such as how often strangers failed to get in.
    Ignored,
}

const fn text(name: &'static str, role: Role) -> Column {
    Column {
        name,
        kind: Kind::Text,
        role,
    }
}

const fn int(name: &'static str, role: Role) -> Column {
    Column {
        name,
        kind: Kind::Int,
        role,
    }
}

const fn flag(name: &'static str, role: Role) -> Column {
    Column {
        name,
        kind: Kind::Bool,
        role,
    }
}

use Role::{Content, Ignored, Instant, Key, Silent};

/// The tables, each after those that its rows hang on.
pub(in crate::imports) const PARTS: &[Part] = &[
    Part {
        table: "users",
        user: "id",
        columns: &[
            text("id", Key),
            text("environment_id", Silent),
            text("provided_id", Content),
            text("given_name", Content),
            text("family_name", Content),
            text("folded_name", Content),
            text("picture", Content),
            text("locale", Content),
            flag("is_suspended", Content),
            int("suspended_until", Content),
            flag("is_password_reset_requested", Content),
            text("source", Content),
            text("import_run_id", Content),
            text("properties", Content),
            int("total_sign_ins", Content),
            int("failed_sign_ins", Ignored),
            int("last_signed_in_at", Content),
            int("created_at", Instant),
            int("updated_at", Instant),
        ],
    },
    Part {
        table: "identities",
        user: "user_id",
        columns: &[
            text("id", Key),
            text("environment_id", Silent),
            text("user_id", Silent),
            text("kind", Content),
            text("value", Content),
            text("folded", Content),
            text("digest", Silent),
            flag("is_verified", Content),
            flag("is_primary", Content),
            text("profile", Content),
            int("total_sign_ins", Content),
            int("last_signed_in_at", Content),
            int("created_at", Instant),
        ],
    },
    Part {
        table: "passwords",
        user: "user_id",
        columns: &[
            text("user_id", Key),
            text("scheme", Silent),
            text("encoded", Silent),
            text("params", Silent),
            flag("is_temporary", Content),
            flag("is_proved", Silent),
            text("imported_digest", Content),
            text("set_by", Content),
            int("cohort", Content),
            int("created_at", Instant),
            int("updated_at", Instant),
            text("weak_in", Silent),
        ],
    },
    Part {
        table: "former_ids",
        user: "user_id",
        columns: &[
            text("environment_id", Silent),
            text("former_id", Key),
            text("user_id", Silent),
        ],
    },
    Part {
        table: "former_credentials",
        user: "user_id",
        columns: &[
            text("user_id", Silent),
            text("kind", Key),
            int("number", Key),
            text("content", Silent),
            int("created_at", Instant),
        ],
    },
    Part {
        table: "members",
        user: "user_id",
        columns: &[
            text("organization_id", Key),
            text("user_id", Silent),
            int("last_signed_in_at", Content),
            int("created_at", Instant),
        ],
    },
    Part {
        table: "member_roles",
        user: "user_id",
        columns: &[
            text("organization_id", Key),
            text("user_id", Silent),
            text("role_id", Key),
            int("created_at", Instant),
        ],
    },
    Part {
        table: "member_permissions",
        user: "user_id",
        columns: &[
            text("organization_id", Key),
            text("user_id", Silent),
            text("permission_id", Key),
            int("created_at", Instant),
        ],
    },
];

/// A row of a part: its values by the names of their columns.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub(in crate::imports) struct PartRow(serde_json::Map<String, Json>);

impl PartRow {
    /// The values that count when two states of a person are compared.
    pub(in crate::imports) fn compared(&self, part: &Part) -> Vec<&Json> {
        let counts = |column: &&Column| matches!(column.role, Key | Content | Instant);
        let columns = part.columns.iter().filter(counts);
        columns.map(|column| self.value(column)).collect()
    }

    /// Whether no other instant is written there than this one.
    pub(in crate::imports) fn is_of_instant(&self, part: &Part, instant: i64) -> bool {
        let mut instants = part.columns.iter().filter(|column| column.role == Instant);
        instants.all(|column| self.value(column).as_i64() == Some(instant))
    }

    /// A number of the row.
    pub(in crate::imports) fn number(&self, name: &str) -> Option<i64> {
        self.0.get(name).and_then(Json::as_i64)
    }

    /// A text of the row.
    pub(in crate::imports) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Json::as_str)
    }

    /// A flag of the row; one that it doesn't have is not set.
    pub(in crate::imports) fn flag(&self, name: &str) -> bool {
        self.0.get(name).and_then(Json::as_bool).unwrap_or(false)
    }

    fn value(&self, column: &Column) -> &Json {
        self.0.get(column.name).unwrap_or(&Json::Null)
    }

    fn bound(&self, column: &Column) -> Value {
        let value = self.value(column);
        match column.kind {
            Kind::Text => value.as_str().map(str::to_owned).into(),
            Kind::Int => value.as_i64().into(),
            Kind::Bool => value.as_bool().into(),
        }
    }

    fn of(part: &Part, row: &Row) -> Result<Self, Error> {
        let mut values = serde_json::Map::new();
        for column in part.columns {
            let value = match column.kind {
                Kind::Text => row.get::<Option<String>>(column.name)?.map(Json::from),
                Kind::Int => row.get::<Option<i64>>(column.name)?.map(Json::from),
                Kind::Bool => row.get::<Option<bool>>(column.name)?.map(Json::from),
            };
            values.insert(column.name.to_owned(), value.unwrap_or_default());
        }
        Ok(Self(values))
    }
}

/// The rows of each part, in the order of [`PARTS`]; within a part in a fixed order.
pub(in crate::imports) type Rows = Vec<Vec<PartRow>>;

/// All rows of these people. Who is not there is missing.
pub(in crate::imports) async fn read(
    tx: &mut Tx,
    people: &[UserId],
) -> Result<HashMap<UserId, Rows>, Error> {
    let mut all: HashMap<UserId, Rows> = HashMap::new();
    for (index, part) in PARTS.iter().enumerate() {
        for some in people.chunks(PEOPLE_PER_STATEMENT) {
            for (user, row) in select(tx, part, some).await? {
                let rows = all
                    .entry(user)
                    .or_insert_with(|| vec![Vec::new(); PARTS.len()]);
                rows[index].push(row);
            }
        }
    }
    for rows in all.values_mut() {
        for (part, rows) in PARTS.iter().zip(rows) {
            // The engines sort text differently.
            rows.sort_by_cached_key(|row| key(part, row));
        }
    }
    Ok(all)
}

/// The rows of one part of one person.
pub(in crate::imports) async fn of_part(
    tx: &mut Tx,
    part: &Part,
    user: &UserId,
) -> Result<Vec<PartRow>, Error> {
    let rows = select(tx, part, std::slice::from_ref(user)).await?;
    Ok(rows.into_iter().map(|(_, row)| row).collect())
}

async fn select(
    tx: &mut Tx,
    part: &Part,
    people: &[UserId],
) -> Result<Vec<(UserId, PartRow)>, Error> {
    sql(format!(
        "select {} from {} where {} in ({})",
        names(part.columns.iter()),
        part.table,
        part.user,
        in_list(1, people.len())
    ))
    .bind_all(people.iter().map(Value::from))
    .fetch_all_with(tx, |row| Ok((row.get(part.user)?, PartRow::of(part, row)?)))
    .await
}

/// Deletes one row.
pub(in crate::imports) async fn delete(
    tx: &mut Tx,
    part: &Part,
    user: &UserId,
    row: &PartRow,
) -> Result<(), Error> {
    let keys = keys(part);
    sql(format!(
        "delete from {} where {} = $1 and {}",
        part.table,
        part.user,
        equals(&keys, " and ", 2)
    ))
    .bind(user)
    .bind_all(keys.iter().map(|column| row.bound(column)))
    .execute(tx)
    .await?;
    Ok(())
}

/// Inserts one row.
pub(in crate::imports) async fn insert(
    tx: &mut Tx,
    part: &Part,
    row: &PartRow,
) -> Result<(), Error> {
    sql(format!(
        "insert into {} ({}) values {}",
        part.table,
        names(part.columns.iter()),
        placeholders(1, part.columns.len())
    ))
    .bind_all(part.columns.iter().map(|column| row.bound(column)))
    .execute(tx)
    .await?;
    Ok(())
}

/// Puts the values of a row back.
pub(in crate::imports) async fn update(
    tx: &mut Tx,
    part: &Part,
    user: &UserId,
    row: &PartRow,
) -> Result<(), Error> {
    let (keys, set): (Vec<&Column>, Vec<&Column>) = part
        .columns
        .iter()
        .filter(|column| column.role != Ignored)
        .partition(|column| column.role == Key);
    sql(format!(
        "update {} set {} where {} = $1 and {}",
        part.table,
        equals(&set, ", ", 2 + keys.len()),
        part.user,
        equals(&keys, " and ", 2)
    ))
    .bind(user)
    .bind_all(keys.iter().chain(&set).map(|column| row.bound(column)))
    .execute(tx)
    .await?;
    Ok(())
}

/// Keeps others from changing these people until the transaction is over.
pub(in crate::imports) async fn lock(tx: &mut Tx, people: &[UserId]) -> Result<(), Error> {
    for some in people.chunks(PEOPLE_PER_STATEMENT) {
        sql(format!(
            "update users set updated_at = updated_at where id in ({})",
            in_list(1, some.len())
        ))
        .bind_all(some.iter().map(Value::from))
        .execute(tx)
        .await?;
    }
    Ok(())
}

/// What tells a row from the others of its person.
pub(in crate::imports) fn key(part: &Part, row: &PartRow) -> String {
    let keys = keys(part);
    let values: Vec<_> = keys.iter().map(|column| row.value(column)).collect();
    serde_json::to_string(&values).unwrap_or_default()
}

fn keys(part: &Part) -> Vec<&Column> {
    let keys = part.columns.iter().filter(|column| column.role == Key);
    keys.collect()
}

fn names<'a>(columns: impl Iterator<Item = &'a Column>) -> String {
    let names: Vec<_> = columns.map(|column| column.name).collect();
    names.join(", ")
}

fn equals(columns: &[&Column], between: &str, from: usize) -> String {
    let parts: Vec<_> = columns
        .iter()
        .zip(from..)
        .map(|(column, number)| format!("{} = ${number}", column.name))
        .collect();
    parts.join(between)
}
