//! By what a record and a person can be one, as numbers: cheap to keep for a million people.
//!
//! Two different things may have the same number. That only makes a person look like a candidate, which a plan then sees they
//! are not.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use import::UserRecord;
use import::identifier::Identifier;
use import::plan::Existing;

/// The numbers of everything by which the record may mean somebody.
pub(super) fn of_record(record: &UserRecord) -> impl Iterator<Item = u64> {
    let ids = record.provided_id.iter().chain(&record.alternate_ids);
    let identities = record.identities.iter();
    ids.map(|id| of_id(id))
        .chain(identities.map(|identity| of_identifier(&identity.identifier)))
}

/// [`of_record`], and the numbers of addresses whose owner may be the same person although the record doesn't mean them.
pub(super) fn of_candidates(record: &UserRecord) -> impl Iterator<Item = u64> {
    let similar = record.untagged_emails();
    of_record(record).chain(similar.map(|email| number("email", &email)))
}

/// [`of_candidates`] of all these records, sorted: a number stands there as often as there are records that have it.
pub(super) fn of_all<'a>(records: impl Iterator<Item = &'a UserRecord>) -> Vec<u64> {
    let mut all = Vec::new();
    let mut of_record = Vec::new();
    for record in records {
        of_record.extend(of_candidates(record));
        // A record may have one key twice, by an id that it repeats.
        of_record.sort_unstable();
        of_record.dedup();
        all.append(&mut of_record);
    }
    all.sort_unstable();
    all
}

/// The numbers of everything by which a record may mean this person.
pub(super) fn of_person(person: &Existing) -> impl Iterator<Item = u64> {
    let ids = person.provided_id.iter().chain(&person.alternate_ids);
    let identities = person.identities.iter();
    ids.map(|id| of_id(id))
        .chain(identities.map(|known| number(&known.kind.to_string(), &known.folded)))
}

pub(super) fn of_id(id: &str) -> u64 {
    number("id", id)
}

pub(super) fn of_identity(kind: &str, folded: &str) -> u64 {
    number(kind, folded)
}

pub(super) fn of_identifier(identifier: &Identifier) -> u64 {
    match identifier {
        Identifier::Email(email) => number("email", email.folded()),
        Identifier::Phone(phone) => number("phone", phone.folded()),
        Identifier::Username(username) => number("username", username.folded()),
        Identifier::Social { .. } => number(&identifier.kind().to_string(), identifier.folded()),
    }
}

fn number(kind: &str, value: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (kind, value).hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use import::Identity;
    use import::identifier::EmailAddress;
    use import::plan::KnownIdentity;

    fn record(id: &str, email: &str) -> UserRecord {
        let identifier = Identifier::Email(EmailAddress::parse(email).unwrap());
        UserRecord {
            provided_id: Some(id.into()),
            identities: vec![Identity::new(identifier)],
            ..UserRecord::default()
        }
    }

    #[test]
    fn records_share_a_key_where_they_share_an_id_or_an_address() {
        let keys = |id, email| of_record(&record(id, email)).collect::<Vec<_>>();
        let ada = keys("1", "ada@example.com");
        assert_eq!(ada[0], keys("1", "bob@example.com")[0]);
        assert_eq!(ada[1], keys("2", "Ada@Example.com")[1]);
        assert_ne!(ada, keys("2", "bob@example.com"));
    }

    #[test]
    fn a_record_and_the_person_made_of_it_have_the_same_keys() {
        let mut record = record("1", "Ada@Example.com");
        record.alternate_ids.push("2".into());
        let social = Identifier::Social {
            provider: "google".into(),
            subject: "3".into(),
        };
        record.identities.push(Identity::new(social));
        let identities = record.identities.iter();
        let person = Existing {
            provided_id: record.provided_id.clone(),
            alternate_ids: record.alternate_ids.clone(),
            identities: identities.map(KnownIdentity::of).collect(),
            ..Existing::default()
        };
        assert!(of_record(&record).eq(of_person(&person)));
        assert_eq!(of_record(&record).count(), 4);
    }

    #[test]
    fn an_id_is_no_username() {
        let username = import::identifier::Username::parse("ada").unwrap();
        assert_ne!(of_id("ada"), of_identifier(&Identifier::Username(username)));
    }
}
