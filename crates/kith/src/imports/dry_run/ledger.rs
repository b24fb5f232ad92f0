//! What a dry run remembers of the rows gone by.

use std::collections::{HashMap, HashSet};

use import::identifier::IdentityKind;
use import::plan::{Existing, Factors, KnownIdentity, KnownPassword};
use import::{FileError, RecordRole, UserRecord};

use super::super::definitions::Pending;
use super::super::filter::Filter;
use super::super::keys;
use super::super::known::{Facts, Found, Known, Target};
use super::super::planning::Planned;
use super::super::reading::Files;

/// People whom earlier rows would have made or changed, as far as later rows may mean them.
#[derive(Default)]
pub(super) struct Ledger {
    /// Keys that several rows have.
    pub(super) repeated: HashSet<u64>,
    /// People with such a key, by their id.
    people: HashMap<String, (Existing, Facts)>,
    /// Their ids by all their keys.
    ids: HashMap<u64, Vec<String>>,
    /// A few bytes of everybody else, where passwords or other things that they had are to follow in a file of their own.
    brief: Option<HashMap<u64, Brief>>,
    n_new: usize,
    n_brief: usize,
    /// Roles, permissions and organizations that earlier rows would have defined.
    pub(super) pending: Pending,
}

/// What a password, or something else that somebody had, needs to know of its person.
#[derive(Clone, Copy)]
struct Brief {
    /// Which of the people who are new.
    number: usize,
    email: Email,
    has_password: bool,
    factors: Factors,
    is_suspended: bool,
    given_name: Option<u64>,
    family_name: Option<u64>,
}

/// Whether somebody has an address, and whether it is proven.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Email {
    None,
    Unproven,
    Proven,
}

impl Brief {
    fn of(number: usize, record: &UserRecord) -> Self {
        let proven = |identity: &import::Identity| {
            identity.kind() == IdentityKind::Email && identity.is_verified()
        };
        Self {
            number,
            email: match record.primary_email() {
                None => Email::None,
                Some(_) if record.identities.iter().any(proven) => Email::Proven,
                Some(_) => Email::Unproven,
            },
            has_password: record.password.is_some(),
            factors: Factors::of(record),
            is_suspended: record.suspended == Some(true),
            given_name: record.given_name.as_deref().map(keys::of_id),
            family_name: record.family_name.as_deref().map(keys::of_id),
        }
    }

    /// A person of whom only this is known, as far as this record can tell the difference.
    fn person(self, user_id: String, record: &UserRecord) -> Existing {
        let name = |known: Option<u64>, wanted: &Option<String>| {
            let is_same = known == wanted.as_deref().map(keys::of_id);
            known.map(|_| wanted.clone().filter(|_| is_same).unwrap_or_default())
        };
        Existing {
            user_id,
            given_name: name(self.given_name, &record.given_name),
            family_name: name(self.family_name, &record.family_name),
            suspended: self.is_suspended,
            factors: self.factors,
            password: if self.has_password {
                KnownPassword::Imported { digest: [0; 32] }
            } else {
                KnownPassword::None
            },
            ..Existing::default()
        }
    }
}

impl Ledger {
    /// Reads the files once, to find which rows are about people of others.
    ///
    /// # Errors
    /// When nothing of a file can be read.
    pub(super) async fn open(files: Files) -> Result<Self, FileError> {
        tokio::task::spawn_blocking(move || Self::of(&files))
            .await
            .expect("reading a file doesn't panic, and nobody aborts it")
    }

    fn of(files: &Files) -> Result<Self, FileError> {
        let mut ledger = Self::default();
        let mut seen = Filter::new();
        let mut of_record = Vec::new();
        for (index, (file, _)) in files.files.iter().enumerate() {
            if file.is_passwords || file.is_addition {
                ledger.brief = Some(HashMap::new());
                continue;
            }
            let (reader, _) = files.open(index)?;
            for row in reader.flatten() {
                of_record.clear();
                of_record.extend(keys::of_candidates(&row.record));
                of_record.sort_unstable();
                of_record.dedup();
                let repeated = of_record.iter().filter(|key| seen.insert(**key));
                ledger.repeated.extend(repeated);
            }
        }
        Ok(ledger)
    }

    /// The people whom these records may mean: those of the database, and those of earlier rows.
    pub(super) fn known<'a>(
        &self,
        found: Vec<Found>,
        records: impl Iterator<Item = &'a UserRecord>,
    ) -> Known {
        let mut people: HashMap<String, (Existing, Facts)> = HashMap::new();
        for found in found {
            let facts = Facts {
                target: Target::Here(found.id),
                is_of_run: false,
            };
            people.insert(found.person.user_id.clone(), (found.person, facts));
        }
        for (number, record) in records.enumerate() {
            for id in keys::of_candidates(record)
                .filter_map(|key| self.ids.get(&key))
                .flatten()
            {
                people.insert(id.clone(), self.people[id].clone());
            }
            let briefly = match record.role {
                RecordRole::Person | RecordRole::Definition => Vec::new(),
                RecordRole::Password => self.briefly(number, record).into_iter().collect(),
                RecordRole::Addition => self.briefly_by_id(number, record),
            };
            for person in briefly {
                people.insert(person.user_id.clone(), (person, new_facts()));
            }
        }
        Known::of(people.into_values())
    }

    /// The person whom a password is for, as far as that can be told.
    fn briefly(&self, number: usize, record: &UserRecord) -> Option<Existing> {
        let brief = self.brief.as_ref()?;
        let of = |id: &&String| brief.get(&keys::of_id(id)).copied();
        let id = record
            .provided_id
            .iter()
            .chain(&record.alternate_ids)
            .find(|id| of(id).is_some());
        let mut identities: Vec<KnownIdentity> = Vec::new();
        let mut known = id.as_ref().and_then(of);
        for identity in &record.identities {
            if let Some(brief) = brief.get(&keys::of_identifier(&identity.identifier)) {
                known = known.or(Some(*brief));
                identities.push(KnownIdentity {
                    verified: brief.email == Email::Proven,
                    ..KnownIdentity::of(identity)
                });
            }
        }
        let known = known?;
        if known.email != Email::None
            && identities.iter().all(|one| one.kind != IdentityKind::Email)
        {
            // Which address doesn't matter: only that there is one.
            identities.push(KnownIdentity {
                kind: IdentityKind::Email,
                folded: String::new(),
                verified: known.email == Email::Proven,
            });
        }
        Some(Existing {
            provided_id: id.cloned(),
            identities,
            ..known.person(format!("brief {number}"), record)
        })
    }

    /// Whom a record adds to, and whoever has an account that it would add.
    fn briefly_by_id(&self, number: usize, record: &UserRecord) -> Vec<Existing> {
        let Some((brief, id)) = self.brief.as_ref().zip(record.provided_id.as_ref()) else {
            return Vec::new();
        };
        let Some(known) = brief.get(&keys::of_id(id)) else {
            return Vec::new();
        };
        let mut person = known.person(format!("brief {number}"), record);
        person.provided_id = Some(id.clone());
        let mut others = Existing {
            user_id: format!("others {number}"),
            ..Existing::default()
        };
        for identity in &record.identities {
            let owner = brief.get(&keys::of_identifier(&identity.identifier));
            match owner.map(|owner| owner.number == known.number) {
                None => {}
                Some(true) => person.identities.push(KnownIdentity::of(identity)),
                Some(false) => others.identities.push(KnownIdentity::of(identity)),
            }
        }
        vec![person, others]
    }

    /// Remembers what rows to come may need of what these rows would have done.
    pub(super) fn remember(&mut self, planned: &Planned, known: &Known) {
        if let Some(brief) = &mut self.brief {
            for record in &planned.new {
                if keys::of_record(record).any(|key| self.repeated.contains(&key)) {
                    continue;
                }
                let facts = Brief::of(self.n_brief, record);
                self.n_brief += 1;
                brief.extend(keys::of_record(record).map(|key| (key, facts)));
            }
        }
        for (person, facts) in known.all() {
            if let Some(brief) = &mut self.brief
                && person.password != KnownPassword::None
            {
                for key in keys::of_person(person) {
                    brief
                        .entry(key)
                        .and_modify(|brief| brief.has_password = true);
                }
            }
            if keys::of_person(person).any(|key| self.repeated.contains(&key)) {
                self.keep(person, facts);
            }
        }
    }

    fn keep(&mut self, person: &Existing, facts: &Facts) {
        let mut person = person.clone();
        if matches!(facts.target, Target::New(_)) && !self.people.contains_key(&person.user_id) {
            // The next batch numbers its people from 0 again.
            person.user_id = format!("earlier {}", self.n_new);
            self.n_new += 1;
        }
        for key in keys::of_person(&person) {
            let ids = self.ids.entry(key).or_default();
            if !ids.contains(&person.user_id) {
                ids.push(person.user_id.clone());
            }
        }
        let id = person.user_id.clone();
        self.people.insert(id, (person, facts.clone()));
    }
}

/// What is known of somebody whom an earlier row would have made. Nothing is written, so it doesn't matter which.
fn new_facts() -> Facts {
    Facts {
        target: Target::New(0),
        is_of_run: true,
    }
}
