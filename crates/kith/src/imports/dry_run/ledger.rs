//! What a dry run remembers of the rows gone by.

use std::collections::{HashMap, HashSet};

use import::identifier::IdentityKind;
use import::plan::{Existing, KnownIdentity, KnownPassword};
use import::source::Row;
use import::{Problem, RecordRole, UserRecord};

use super::super::definitions::Pending;
use super::super::filter::Filter;
use super::super::keys;
use super::super::known::{Facts, Found, Known, Target};
use super::super::planning::Planned;
use super::super::reading::Files;

/// People whom earlier rows would have made or changed, as far as later rows may mean them.
#[derive(Default)]
pub(super) struct Ledger {
    /// All keys so far, in a first pass: it is not known yet which of them come again.
    seen: Option<Filter>,
    /// Keys that rows of several batches have.
    again: HashSet<u64>,
    /// People with such a key, by their id.
    people: HashMap<String, (Existing, Facts)>,
    /// Their ids by all their keys.
    ids: HashMap<u64, Vec<String>>,
    /// A few bytes of everybody else, where passwords are to follow in a file of their own.
    brief: Option<HashMap<u64, Brief>>,
    n_new: usize,
    /// People of the database whom earlier rows would have changed.
    changed: Changed,
    /// Whether the database has anybody whom rows may mean.
    pub(super) is_anybody_here: bool,
    /// Roles, permissions and organizations that earlier rows would have defined.
    pub(super) pending: Pending,
}

/// Two rows can be about one person of the database without a key in common, each by another key of theirs. That is seen when
/// the second finds them; what the first has made of them is kept in another pass.
#[derive(Default)]
struct Changed {
    /// Everybody whom a row has changed, as numbers.
    everybody: Option<Filter>,
    /// Those whom another row has found later, by their id.
    met: HashSet<String>,
    /// Those whom a pass before has met, by their id: they are remembered.
    kept: HashSet<String>,
}

/// What a password needs to know of its person.
#[derive(Clone, Copy)]
struct Brief {
    email: Email,
    has_password: bool,
}

/// Whether somebody has an address, and whether it is proven.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Email {
    None,
    Unproven,
    Proven,
}

impl Brief {
    fn of(record: &UserRecord) -> Self {
        let proven = |identity: &import::Identity| {
            identity.kind() == IdentityKind::Email && identity.is_verified()
        };
        Self {
            email: match record.primary_email() {
                None => Email::None,
                Some(_) if record.identities.iter().any(proven) => Email::Proven,
                Some(_) => Email::Unproven,
            },
            has_password: record.password.is_some(),
        }
    }
}

impl Ledger {
    /// For a first pass over the files.
    pub(super) fn first(files: &Files, is_anybody_here: bool) -> Self {
        let has_passwords = files.files.iter().any(|(file, _)| file.is_passwords);
        Self {
            seen: Some(Filter::of_mib(64)),
            brief: has_passwords.then(HashMap::new),
            is_anybody_here,
            ..Self::default()
        }
    }

    /// For another pass, where this one could not tell what the import does.
    pub(super) fn once_more(self) -> Option<Self> {
        let is_wanted = self.is_in_vain() || !self.changed.met.is_empty();
        let mut kept = self.changed.kept;
        kept.extend(self.changed.met);
        is_wanted.then(|| Self {
            again: self.again,
            brief: self.brief.map(|_| HashMap::new()),
            changed: Changed {
                kept,
                ..Changed::default()
            },
            is_anybody_here: self.is_anybody_here,
            ..Self::default()
        })
    }

    /// Whether this pass can't tell any more what the import does: somebody came again who was not remembered. It still finds who
    /// else comes again.
    pub(super) fn is_in_vain(&self) -> bool {
        self.seen.is_some() && !self.again.is_empty()
    }

    /// Sees the rows of a batch. Gives the keys of people whom to remember within the batch, for rows of this one or of another batch
    /// have them too.
    pub(super) fn see(&mut self, rows: &[Result<Row, Problem>]) -> HashSet<u64> {
        let records = rows.iter().flatten().map(|row| &row.record);
        let all = keys::of_all(records.filter(|record| record.role != RecordRole::Password));
        let mut repeated = HashSet::new();
        for same in all.chunk_by(|one, other| one == other) {
            let key = same[0];
            if self.seen.as_mut().is_some_and(|seen| seen.insert(key)) {
                self.again.insert(key);
            }
            if same.len() > 1 || self.again.contains(&key) {
                repeated.insert(key);
            }
        }
        repeated
    }

    /// The people whom these records may mean: those of the database, and those of earlier rows.
    pub(super) fn known(&mut self, found: Vec<Found>, records: &[&UserRecord]) -> Known {
        // A password says nothing by which anybody else is found.
        let are_passwords = records
            .iter()
            .all(|record| record.role == RecordRole::Password);
        let mut people: HashMap<String, (Existing, Facts)> = HashMap::new();
        for found in found {
            let facts = Facts {
                target: Target::Here(found.id),
                is_of_run: false,
            };
            let id = found.person.user_id.clone();
            let kept = self.people.get(&id).cloned();
            if kept.is_none() && !are_passwords && self.changed.contains(&id) {
                self.changed.met.insert(id.clone());
            }
            people.insert(id, kept.unwrap_or((found.person, facts)));
        }
        for (number, record) in records.iter().enumerate() {
            for id in keys::of_candidates(record)
                .filter_map(|key| self.ids.get(&key))
                .flatten()
            {
                people.insert(id.clone(), self.people[id].clone());
            }
            if record.role == RecordRole::Password
                && let Some(person) = self.briefly(number, record)
            {
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
            user_id: format!("brief {number}"),
            provided_id: id.cloned(),
            identities,
            password: if known.has_password {
                KnownPassword::Imported { digest: [0; 32] }
            } else {
                KnownPassword::None
            },
            ..Existing::default()
        })
    }

    /// Remembers what rows to come may need of what these rows would have done.
    pub(super) fn remember(&mut self, planned: &Planned, known: &Known) {
        if let Some(brief) = &mut self.brief {
            for record in &planned.new {
                if keys::of_record(record).any(|key| self.again.contains(&key)) {
                    continue;
                }
                let facts = Brief::of(record);
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
            if self.changed.kept.contains(&person.user_id)
                || keys::of_person(person).any(|key| self.again.contains(&key))
            {
                self.keep(person, facts);
            }
        }
        for (target, _) in &planned.changed {
            if let Target::Here(user) = target {
                self.changed.add(&user.to_string());
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

impl Changed {
    fn add(&mut self, user_id: &str) {
        let everybody = self.everybody.get_or_insert_with(|| Filter::of_mib(32));
        everybody.insert(keys::of_id(user_id));
    }

    fn contains(&self, user_id: &str) -> bool {
        let everybody = self.everybody.as_ref();
        everybody.is_some_and(|changed| changed.may_contain(keys::of_id(user_id)))
    }
}

/// What is known of somebody whom an earlier row would have made. Nothing is written, so it doesn't matter which.
fn new_facts() -> Facts {
    Facts {
        target: Target::New(0),
        is_of_run: true,
    }
}
