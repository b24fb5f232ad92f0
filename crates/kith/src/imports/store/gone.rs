//! The SQL of those who came from a source before.

use std::collections::HashMap;

use db::{Error, FromRow, Row, Tx, Value, in_list, sql};

use crate::context::Context;
use crate::id::{ImportRunId, UserId};
use crate::imports::{Run, keys};

/// Whether an earlier import of this source has made people.
pub(in crate::imports) async fn came_before(
    tx: &mut Tx,
    cx: &Context,
    run: &Run,
) -> Result<bool, Error> {
    let earlier: Option<ImportRunId> = sql("
        select id
          from import_runs
         where environment_id = $1
           and source = $2
           and id <> $3
           and not is_dry_run
           and n_created > 0
           and state <> 'undone'
         limit 1")
    .bind(&cx.environment().id)
    .bind(&run.source)
    .bind(&run.id)
    .fetch_optional(tx)
    .await?;
    Ok(earlier.is_some())
}

/// Somebody who came from a source, and by what records know them.
pub(in crate::imports) struct Person {
    pub(in crate::imports) id: UserId,
    pub(in crate::imports) provided_id: Option<String>,
    former_ids: Vec<String>,
    /// Kind and folded form.
    identities: Vec<(String, String)>,
}

impl Person {
    /// Everything by which a record may mean them, as numbers.
    pub(in crate::imports) fn keys(&self) -> impl Iterator<Item = u64> {
        let ids = self.provided_id.iter().chain(&self.former_ids);
        let identities = self.identities.iter();
        ids.map(|id| keys::of_id(id))
            .chain(identities.map(|(kind, folded)| keys::of_identity(kind, folded)))
    }

    /// What to call them.
    pub(in crate::imports) fn name(&self) -> String {
        let mut identities = self.identities.iter();
        let address = identities.next().map(|(_, folded)| folded.clone());
        address
            .or_else(|| self.provided_id.clone())
            .unwrap_or_else(|| self.id.to_string())
    }
}

impl FromRow for Person {
    fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: row.get("id")?,
            provided_id: row.get("provided_id")?,
            former_ids: Vec::new(),
            identities: Vec::new(),
        })
    }
}

/// People whom earlier imports of the run's source have made, after a person, by id and without their names.
pub(in crate::imports) async fn people(
    tx: &mut Tx,
    cx: &Context,
    run: &Run,
    (after, limit): (&str, i64),
) -> Result<Vec<Person>, Error> {
    sql("
        select id, provided_id
          from users
         where environment_id = $1
           and id > $2
           and source = $3
           and import_run_id is not null
           and import_run_id <> $4
         order by id
         limit $5")
    .bind(&cx.environment().id)
    .bind(after)
    .bind(&run.source)
    .bind(&run.id)
    .bind(limit)
    .fetch_all(tx)
    .await
}

/// The same people with all by which they are known.
pub(in crate::imports) async fn with_names(
    tx: &mut Tx,
    mut people: Vec<Person>,
) -> Result<Vec<Person>, Error> {
    let list = in_list(1, people.len());
    let ids = || people.iter().map(|person| Value::from(&person.id));
    let identities: Vec<(UserId, String, String)> = sql(format!(
        "select user_id, kind, folded from identities where user_id in ({list}) order by user_id, id"
    ))
    .bind_all(ids())
    .fetch_all(tx)
    .await?;
    let former: Vec<(UserId, String)> = sql(format!(
        "select user_id, former_id from former_ids where user_id in ({list})"
    ))
    .bind_all(ids())
    .fetch_all(tx)
    .await?;
    let index: HashMap<UserId, usize> = people
        .iter()
        .enumerate()
        .map(|(index, person)| (person.id.clone(), index))
        .collect();
    for (user, kind, folded) in identities {
        if let Some(&index) = index.get(&user) {
            people[index].identities.push((kind, folded));
        }
    }
    for (user, id) in former {
        if let Some(&index) = index.get(&user) {
            people[index].former_ids.push(id);
        }
    }
    Ok(people)
}
