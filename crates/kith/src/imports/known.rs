//! The people whom the rows of a batch may mean: those in the database, moved on by the rows before.

use std::collections::{HashMap, HashSet};

use import::UserRecord;
use import::plan::{Existing, People, Policy};

use super::keys;
use crate::id::UserId;

/// People, to be found by what a record says.
#[derive(Default)]
pub(super) struct Known {
    pub(super) people: People,
    facts: HashMap<String, Facts>,
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

/// A person in the database.
pub(super) struct Found {
    pub(super) id: UserId,
    pub(super) person: Existing,
    /// Whether this run has made them.
    pub(super) is_of_run: bool,
}

impl Known {
    /// People in the database.
    pub(super) fn here(found: Vec<Found>) -> Self {
        Self::of(found.into_iter().map(|found| {
            let facts = Facts {
                target: Target::Here(found.id),
                is_of_run: found.is_of_run,
            };
            (found.person, facts)
        }))
    }

    /// These people.
    pub(super) fn of(people: impl Iterator<Item = (Existing, Facts)>) -> Self {
        let mut facts = HashMap::new();
        let people = people.map(|(person, known)| {
            facts.insert(person.user_id.clone(), known);
            person
        });
        Self {
            people: People::new(people.collect::<Vec<_>>()),
            facts,
        }
    }

    /// Everybody, as the rows have left them.
    pub(super) fn all(&self) -> impl Iterator<Item = (&Existing, &Facts)> {
        let facts = self.facts.iter();
        facts.filter_map(|(user_id, facts)| Some((self.people.get(user_id)?, facts)))
    }

    /// Somebody whom this batch makes.
    pub(super) fn add_new(&mut self, index: usize, record: &UserRecord, policy: &Policy<'_>) {
        // No id of a person looks like this.
        let user_id = format!("new {index}");
        let facts = Facts {
            target: Target::New(index),
            is_of_run: true,
        };
        self.facts.insert(user_id.clone(), facts);
        self.people.create(user_id, record, policy);
    }

    /// What is known of the person with this id in plans.
    pub(super) fn facts(&self, user_id: &str) -> Option<&Facts> {
        self.facts.get(user_id)
    }
}

/// The keys that more than one of these records have: only their people must be remembered.
pub(super) fn repeated<'a>(records: impl Iterator<Item = &'a UserRecord>) -> HashSet<u64> {
    let all = keys::of_all(records);
    let of_several = all.chunk_by(|one, other| one == other);
    of_several
        .filter(|same| same.len() > 1)
        .map(|same| same[0])
        .collect()
}
