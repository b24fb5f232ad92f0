//! The SQL of lists of people.

use db::{Error, FromRow, Row, Tx, Value, escape_like, in_list, sql};

use import::identifier::IdentityKind;

use super::USER;
use crate::context::Context;
use crate::id::EnvironmentId;
use crate::paging::{Key, Wanted};
use crate::users::digest::digest;
use crate::users::{Filter, User};

/// A person in a list, with what the list is sorted by.
pub(in crate::users) struct Sorted {
    pub(in crate::users) user: User,
    pub(in crate::users) key: String,
}

impl FromRow for Sorted {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            user: User::from_row(row)?,
            key: row.get("sort_key")?,
        })
    }
}

pub(in crate::users) async fn page(
    tx: &mut Tx,
    cx: &Context,
    filter: &Filter,
    wanted: &Wanted,
) -> Result<Vec<Sorted>, Error> {
    let mut conditions = Conditions {
        parts: Vec::new(),
        values: vec![Value::from(&cx.environment().id)],
    };
    conditions.add_filter(&cx.environment().id, filter);
    conditions.add_search(filter.text.trim());
    let Conditions { parts, mut values } = conditions;
    let conditions = parts.join(" ");
    let key = match wanted.order().key {
        Key::Id => None,
        Key::Name => Some("users.folded_name"),
        Key::Email => Some("coalesce(email.folded, '')"),
    };
    let (end, mut end_values) = wanted.clause(key, "users.id", values.len() + 1);
    values.append(&mut end_values);
    sql(format!(
        "
        select {} as sort_key, {USER}
         where users.environment_id = $1 {conditions} {end}",
        key.unwrap_or("''")
    ))
    .bind_all(values)
    .fetch_all(tx)
    .await
}

/// Conditions after the first, and the values to bind; `$1` is the environment.
struct Conditions {
    parts: Vec<String>,
    values: Vec<Value>,
}

impl Conditions {
    fn add_filter(&mut self, environment: &EnvironmentId, filter: &Filter) {
        if let Some(ids) = &filter.ids {
            let list = self.list(ids.iter().map(Value::from));
            self.parts.push(format!("and users.id in ({list}) "));
        }
        let of_kinds = [
            (IdentityKind::Email, &filter.emails),
            (IdentityKind::Phone, &filter.phones),
            (IdentityKind::Username, &filter.usernames),
        ];
        for (kind, wanted) in of_kinds {
            if let Some(wanted) = wanted {
                let digests = wanted
                    .iter()
                    .map(|folded| digest(environment, &kind, folded).into());
                let list = self.list(digests);
                self.parts.push(format!(
                    "and users.id in (select user_id from identities where digest in ({list})) "
                ));
            }
        }
        if let Some(has_organization) = filter.has_organization {
            let exists = if has_organization {
                "exists"
            } else {
                "not exists"
            };
            self.parts.push(format!(
                "and {exists} (select 1 from members where user_id = users.id) "
            ));
        }
        if let Some(since) = filter.active_since {
            let parameter = self.parameter(since);
            self.parts
                .push(format!("and users.last_signed_in_at >= {parameter} "));
        }
        if let Some(is_suspended) = filter.is_suspended {
            let parameter = self.parameter(is_suspended);
            self.parts
                .push(format!("and users.is_suspended = {parameter} "));
        }
        if let Some(is_imported) = filter.is_imported {
            let is = if is_imported { "is not" } else { "is" };
            self.parts
                .push(format!("and users.import_run_id {is} null"));
        }
    }

    fn add_search(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        let folded = escape_like(&text.to_lowercase());
        let whole = self.parameter(text);
        let beginning = self.parameter(format!("{folded}%"));
        let part = self.parameter(format!("%{folded}%"));
        self.parts.push(format!(
            "and (users.id = {whole}
               or users.provided_id = {whole}
               or users.folded_name like {part} escape '\\'
               or users.id in (select user_id
                                 from identities
                                where environment_id = $1
                                  and folded like {beginning} escape '\\')) "
        ));
    }

    fn parameter(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }

    fn list(&mut self, values: impl Iterator<Item = Value>) -> String {
        let before = self.values.len();
        self.values.extend(values);
        in_list(before + 1, self.values.len() - before)
    }
}
