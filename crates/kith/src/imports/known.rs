//! The people whom the rows of a batch may mean: those in the database, moved on by the rows before.

use std::collections::{HashMap, HashSet};

use import::UserRecord;
use import::plan::Existing;

use super::keys;
use crate::id::UserId;

/// People, to be found by what a record says.
#[derive(Default)]
pub(super) struct Known {
    people: Vec<Existing>,
    facts: Vec<Facts>,
    by_key: HashMap<u64, Vec<usize>>,
    ids: HashSet<String>,
}

/// What a plan need not know of a person.
#[derive(Debug, Clone)]
pub(super) struct Facts {
    /// Who it is.
    pub(super) target: Target,
    /// Whether this run has made them, so that its outlook counts them.
    pub(super) is_of_run: bool,
}

/// A person whom a row is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    /// Somebody in the database.
    Here(UserId),
    /// Somebody whom this batch makes: which one of its people.
    New(usize),
}

impl Known {
    pub(super) fn add(&mut self, person: Existing, facts: Facts) {
        let index = self.people.len();
        self.index(index, &person);
        self.ids.insert(person.user_id.clone());
        self.people.push(person);
        self.facts.push(facts);
    }

    /// Whether the person with this id is known.
    pub(super) fn has(&self, user_id: &str) -> bool {
        self.ids.contains(user_id)
    }

    /// Whom the record may mean, each once.
    pub(super) fn candidates(&self, record: &UserRecord) -> Vec<usize> {
        if self.people.is_empty() {
            return Vec::new();
        }
        let mut found: Vec<usize> = keys::of_record(record)
            .filter_map(|key| self.by_key.get(&key))
            .flatten()
            .copied()
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    pub(super) fn person(&self, index: usize) -> &Existing {
        &self.people[index]
    }

    pub(super) fn facts(&self, index: usize) -> &Facts {
        &self.facts[index]
    }

    /// The one among `candidates` with this id.
    pub(super) fn with_id(&self, candidates: &[usize], user_id: &str) -> Option<usize> {
        let mut candidates = candidates.iter().copied();
        candidates.find(|index| self.people[*index].user_id == user_id)
    }

    /// Replaces a person by what has become of them.
    pub(super) fn replace(&mut self, index: usize, person: Existing) {
        self.index(index, &person);
        self.people[index] = person;
    }

    fn index(&mut self, index: usize, person: &Existing) {
        for key in keys::of_person(person) {
            let entry = self.by_key.entry(key).or_default();
            if !entry.contains(&index) {
                entry.push(index);
            }
        }
    }
}

/// The keys that more than one of these records have: only their people must be remembered.
pub(super) fn repeated<'a>(records: impl Iterator<Item = &'a UserRecord>) -> HashSet<u64> {
    let mut seen = HashSet::new();
    records
        .flat_map(|record| {
            // A record may have one key twice, by an address that it repeats.
            keys::of_record(record).collect::<HashSet<_>>()
        })
        .filter(|key| !seen.insert(*key))
        .collect()
}
