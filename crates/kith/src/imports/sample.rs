//! Some of the rows, each with what happens to it: to see that columns went where they belong.
//!
//! A few of each outcome are kept, whatever the size of the file, so that the rare ones are shown beside the many. A dry run
//! and the run that follows keep the same ones. No hash, salt or key is in them: of a password there is the scheme.

use std::collections::BTreeMap;

use import::plan::{Changes, Existing};
use import::source::Row;
use import::{Identity, RecordRole, UserRecord};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::users;

/// How many rows of each outcome are kept.
const OF_EACH: usize = 5;

/// How much of a row of the file is kept, in characters.
const ROW: usize = 500;

/// How much of a value is kept, in characters.
const VALUE: usize = 80;

/// A row, and what happens to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    /// The line of the file where it begins, from 1.
    #[serde(default)]
    pub line: u64,
    /// The person's name; may be empty.
    pub name: String,
    /// Their address, or what else they are known by; may be empty.
    pub contact: String,
    /// Whether it counts as proven.
    pub is_verified: bool,
    /// The scheme of the password's hash.
    pub scheme: Option<String>,
    /// What happens.
    pub outcome: SampleOutcome,
    /// The row as it is in the file, secrets blanked; cut where it is long.
    #[serde(default)]
    pub row: String,
    /// What becomes of the person, field by field.
    #[serde(default)]
    pub changes: Vec<SampleChange>,
}

/// What happens to a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SampleOutcome {
    /// A person is made of it.
    Created,
    /// It changes somebody.
    Updated,
    /// It says nothing new.
    Unchanged,
}

/// A field of a person, before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SampleChange {
    /// Which field.
    pub field: SampleField,
    /// Which of several of the kind, such as the key of a property.
    pub of: Option<String>,
    /// What it was; none where there was nothing.
    pub before: Option<String>,
    /// What it becomes; none where it is a secret, or long.
    pub after: Option<String>,
}

/// A field of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SampleField {
    /// The id at the former provider.
    FormerId,
    /// First name.
    FirstName,
    /// Last name.
    LastName,
    /// Address of a portrait.
    Picture,
    /// An address, a number, a name, an account elsewhere.
    Identity,
    /// Whether an identity is proven.
    Verified,
    /// Whether sign-in is refused.
    Suspended,
    /// The password.
    Password,
    /// The authenticator app.
    Authenticator,
    /// An organization, with roles and permissions in it.
    Organization,
    /// A property, of which the key is told.
    Property,
    /// A feature flag.
    FeatureFlag,
}

/// Whom a row is about.
pub(super) struct Who<'a> {
    pub(super) person: &'a Existing,
    pub(super) role: RecordRole,
}

/// The rows of a batch that are worth showing.
#[derive(Default)]
pub(super) struct Samples {
    kept: Vec<Sample>,
}

impl Samples {
    /// Whether another row of this outcome is wanted, so that one need not be made in vain.
    pub(super) fn want(&self, outcome: SampleOutcome) -> bool {
        n_of(&self.kept, outcome) < OF_EACH
    }

    /// Keeps a row of which somebody is made.
    pub(super) fn created(&mut self, row: &Row, record: &UserRecord) {
        if self.want(SampleOutcome::Created) {
            let changes = of_new(record);
            self.kept
                .push(Sample::of(row, record, SampleOutcome::Created, changes));
        }
    }

    /// Keeps a row that changes `who`.
    pub(super) fn updated(&mut self, row: &Row, who: &Who<'_>, changes: &Changes) {
        if self.want(SampleOutcome::Updated) {
            let changes = of_changed(who.person, changes);
            self.kept
                .push(Sample::of_person(row, who, SampleOutcome::Updated, changes));
        }
    }

    /// Keeps a row that says nothing new of `who`.
    pub(super) fn unchanged(&mut self, row: &Row, who: &Who<'_>) {
        if self.want(SampleOutcome::Unchanged) {
            let sample = Sample::of_person(row, who, SampleOutcome::Unchanged, Vec::new());
            self.kept.push(sample);
        }
    }

    /// Adds those of which the run has not enough.
    pub(super) fn add_to(&self, all: &mut Vec<Sample>) {
        for sample in &self.kept {
            if n_of(all, sample.outcome) < OF_EACH {
                all.push(sample.clone());
            }
        }
    }
}

fn n_of(samples: &[Sample], outcome: SampleOutcome) -> usize {
    let of_outcome = |sample: &&Sample| sample.outcome == outcome;
    samples.iter().filter(of_outcome).count()
}

impl Sample {
    /// What would be made of a row if nobody were here.
    pub(super) fn alone(row: &Row) -> Self {
        let changes = of_new(&row.record);
        Self::of(row, &row.record, SampleOutcome::Created, changes)
    }

    fn of(
        row: &Row,
        record: &UserRecord,
        outcome: SampleOutcome,
        changes: Vec<SampleChange>,
    ) -> Self {
        let name = users::full_name(record.given_name.as_deref(), record.family_name.as_deref());
        let contact = record.primary_email().or(record.identities.first());
        let scheme = record.password.as_ref().map(password::Hash::scheme);
        Self {
            line: row.line,
            name: name.unwrap_or_default(),
            contact: contact.map(|one| cut(one.value())).unwrap_or_default(),
            is_verified: contact.is_some_and(Identity::is_verified),
            scheme: scheme.map(str::to_owned),
            outcome,
            row: shortened(&row.raw.redacted(), ROW),
            changes,
        }
    }

    fn of_person(
        row: &Row,
        who: &Who<'_>,
        outcome: SampleOutcome,
        changes: Vec<SampleChange>,
    ) -> Self {
        // A dry run knows of somebody whom a file before would make just enough to give them their password; both say the same.
        let person = Some(who.person).filter(|_| who.role == RecordRole::Person);
        let name = person.and_then(|person| {
            users::full_name(person.given_name.as_deref(), person.family_name.as_deref())
        });
        let contact = person.and_then(|person| person.identities.first());
        Self {
            line: row.line,
            name: name.unwrap_or_default(),
            contact: contact.map(|one| cut(&one.folded)).unwrap_or_default(),
            is_verified: contact.is_some_and(|one| one.verified),
            scheme: None,
            outcome,
            row: shortened(&row.raw.redacted(), ROW),
            changes,
        }
    }
}

/// Collects the fields that change.
#[derive(Default)]
struct List(Vec<SampleChange>);

impl List {
    fn add(&mut self, field: SampleField, before: Option<&str>, after: Option<&str>) {
        self.add_of(field, None, before, after);
    }

    fn add_of(
        &mut self,
        field: SampleField,
        of: Option<&str>,
        before: Option<&str>,
        after: Option<&str>,
    ) {
        self.0.push(SampleChange {
            field,
            of: of.map(cut),
            before: before.map(cut),
            after: after.map(cut),
        });
    }

    /// A field that is only told where it has a new value.
    fn set(&mut self, field: SampleField, before: Option<&String>, after: Option<&String>) {
        if let Some(after) = after {
            self.add(field, before.map(String::as_str), Some(after));
        }
    }

    fn identities(&mut self, identities: &[Identity]) {
        for identity in identities {
            let kind = identity.kind().to_string();
            self.add_of(
                SampleField::Identity,
                Some(&kind),
                None,
                Some(identity.value()),
            );
        }
    }

    fn memberships(&mut self, memberships: &[import::Membership]) {
        for membership in memberships {
            let held = membership.roles.iter().chain(&membership.permissions);
            let held: Vec<&str> = held.map(String::as_str).collect();
            let of = membership.external_id.as_deref();
            self.add_of(SampleField::Organization, of, None, Some(&held.join(", ")));
        }
    }

    fn values(
        &mut self,
        field: SampleField,
        before: &BTreeMap<String, Value>,
        after: &BTreeMap<String, Value>,
    ) {
        for (key, value) in after {
            let before = before.get(key).map(shown);
            self.add_of(field, Some(key), before.as_deref(), Some(&shown(value)));
        }
    }

    fn keys(&mut self, after: &BTreeMap<String, Value>) {
        for key in after.keys() {
            self.add_of(SampleField::Property, Some(key), None, None);
        }
    }
}

/// What a new person gets.
fn of_new(record: &UserRecord) -> Vec<SampleChange> {
    let mut list = List::default();
    list.set(SampleField::FormerId, None, record.provided_id.as_ref());
    list.set(SampleField::FirstName, None, record.given_name.as_ref());
    list.set(SampleField::LastName, None, record.family_name.as_ref());
    list.set(SampleField::Picture, None, record.picture.as_ref());
    list.identities(&record.identities);
    if record.suspended == Some(true) {
        list.add(SampleField::Suspended, None, None);
    }
    if let Some(hash) = &record.password {
        list.add(SampleField::Password, None, Some(hash.scheme()));
    }
    if !record.totp.is_empty() {
        list.add(SampleField::Authenticator, None, None);
    }
    list.memberships(&record.organizations);
    let none = BTreeMap::new();
    list.values(SampleField::Property, &none, &record.properties);
    list.keys(&record.private_properties);
    list.values(SampleField::FeatureFlag, &none, &record.feature_flags);
    list.0
}

/// What changes of a person who is here.
fn of_changed(person: &Existing, changes: &Changes) -> Vec<SampleChange> {
    let mut list = List::default();
    list.set(
        SampleField::FormerId,
        person.provided_id.as_ref(),
        changes.provided_id.as_ref(),
    );
    for id in &changes.alternate_ids {
        list.add(SampleField::FormerId, None, Some(id));
    }
    list.set(
        SampleField::FirstName,
        person.given_name.as_ref(),
        changes.given_name.as_ref(),
    );
    list.set(
        SampleField::LastName,
        person.family_name.as_ref(),
        changes.family_name.as_ref(),
    );
    list.set(
        SampleField::Picture,
        person.picture.as_ref(),
        changes.picture.as_ref(),
    );
    list.identities(&changes.identities);
    for proven in &changes.verify {
        list.add_of(SampleField::Verified, Some(proven.value()), None, None);
    }
    if changes.suspend {
        list.add(SampleField::Suspended, None, None);
    }
    if let Some(hash) = &changes.password {
        list.add(SampleField::Password, None, Some(hash.scheme()));
    }
    if !changes.totp.is_empty() {
        list.add(SampleField::Authenticator, None, None);
    }
    list.memberships(&changes.memberships);
    list.values(
        SampleField::Property,
        &person.properties,
        &changes.properties,
    );
    list.keys(&changes.private_properties);
    list.values(
        SampleField::FeatureFlag,
        &person.feature_flags,
        &changes.feature_flags,
    );
    list.0
}

/// A value as text: strings without quotes.
fn shown(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

fn cut(text: &str) -> String {
    shortened(text, VALUE)
}

fn shortened(text: &str, n_characters: usize) -> String {
    match text.char_indices().nth(n_characters) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
