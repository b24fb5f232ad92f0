//! The people whom the records of a batch may mean, found by id and identity without a search.

use std::collections::HashMap;

use super::{Changes, Existing, Plan, Policy, plan};
use crate::identifier::IdentityKind;
use crate::record::UserRecord;

/// The people of a batch, as the records before have left them.
#[derive(Debug, Default)]
pub struct People {
    all: Vec<Existing>,
    by_user_id: HashMap<String, usize>,
    by_key: HashMap<String, Vec<usize>>,
}

impl People {
    /// Those who share an id or an identity with any record of the batch.
    #[must_use]
    pub fn new(people: impl IntoIterator<Item = Existing>) -> Self {
        let mut all = Self::default();
        for person in people {
            all.add(person);
        }
        all
    }

    /// [`plan`]s a record among them.
    #[must_use]
    pub fn plan(&self, record: UserRecord, policy: &Policy<'_>) -> Plan {
        let mut indexes: Vec<usize> = keys(&record)
            .filter_map(|key| self.by_key.get(&key))
            .flatten()
            .copied()
            .collect();
        indexes.sort_unstable();
        indexes.dedup();
        let resembling: Vec<&Existing> =
            indexes.into_iter().map(|index| &self.all[index]).collect();
        plan(record, &resembling, policy)
    }

    /// The person of this id.
    #[must_use]
    pub fn get(&self, user_id: &str) -> Option<&Existing> {
        self.by_user_id.get(user_id).map(|&index| &self.all[index])
    }

    /// Who has an identity.
    #[must_use]
    pub fn with_identity(&self, kind: &IdentityKind, folded: &str) -> Option<&Existing> {
        let indexes = self.by_key.get(&key(&kind.to_string(), folded))?;
        indexes.first().map(|&index| &self.all[index])
    }

    /// Takes note of a person who is about to be made, for the records after.
    pub fn create(&mut self, user_id: String, record: &UserRecord, policy: &Policy<'_>) {
        self.add(Existing::created(user_id, record, policy));
    }

    /// Takes note of changes that are about to be made, for the records after. Does nothing for people it does not know.
    pub fn change(&mut self, changes: &Changes, policy: &Policy<'_>) {
        if let Some(&index) = self.by_user_id.get(&changes.user_id) {
            self.all[index].apply(changes, policy);
            self.index(index);
        }
    }

    fn add(&mut self, person: Existing) {
        let index = self.all.len();
        self.by_user_id.insert(person.user_id.clone(), index);
        self.all.push(person);
        self.index(index);
    }

    fn index(&mut self, index: usize) {
        let person = &self.all[index];
        let ids = person.provided_id.iter().chain(&person.alternate_ids);
        let identities = person.identities.iter();
        let keys = std::iter::once(key("own", &person.user_id))
            .chain(ids.map(|id| key("id", id)))
            .chain(identities.map(|known| key(&known.kind.to_string(), &known.folded)));
        for key in keys {
            let found = self.by_key.entry(key).or_default();
            if !found.contains(&index) {
                found.push(index);
            }
        }
    }
}

fn keys(record: &UserRecord) -> impl Iterator<Item = String> {
    let ids = record.provided_id.iter().chain(&record.alternate_ids);
    let identities = record.identities.iter();
    let own = record.own.iter().map(|own| key("own", &own.id));
    own.chain(ids.map(|id| key("id", id)))
        .chain(identities.map(|identity| key(&identity.kind().to_string(), identity.folded())))
}

/// No kind and no value has a zero character, so two keys are equal only if their parts are.
fn key(kind: &str, value: &str) -> String {
    format!("{kind}\0{value}")
}
