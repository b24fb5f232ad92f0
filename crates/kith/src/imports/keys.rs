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

/// The numbers of everything by which a record may mean this person.
pub(super) fn of_person(person: &Existing) -> impl Iterator<Item = u64> {
    let ids = person.provided_id.iter().chain(&person.alternate_ids);
    let identities = person.identities.iter();
    ids.map(|id| of_id(id))
        .chain(identities.map(|known| number(&known.kind.to_string(), &known.folded)))
}

fn of_id(id: &str) -> u64 {
    number("id", id)
}

fn of_identifier(identifier: &Identifier) -> u64 {
    match identifier {
        Identifier::Email(email) => number("email", email.folded()),
        Identifier::Phone(phone) => number("phone", phone.folded()),
        Identifier::Username(username) => number("username", username.folded()),
        Identifier::Social { .. } => {
            number(&identifier.kind().to_string(), identifier.folded())
        }
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

    #[test]
    fn a_record_and_the_person_made_of_it_have_the_same_keys() {
        let social = Identifier::Social {
            provider: "google".into(),
            subject: "1".into(),
        };
        let identifiers = [
            Identifier::Email(EmailAddress::parse("Ada@Example.com").unwrap()),
            social,
        ];
        let record = UserRecord {
            provided_id: Some("a1".into()),
            alternate_ids: vec!["a2".into()],
            identities: identifiers.into_iter().map(Identity::new).collect(),
            ..UserRecord::default()
        };
        let person = Existing {
            provided_id: record.provided_id.clone(),
            alternate_ids: record.alternate_ids.clone(),
            identities: record.identities.iter().map(KnownIdentity::of).collect(),
            ..Existing::default()
        };
        let keys: Vec<u64> = of_record(&record).collect();
        assert!(keys.iter().copied().eq(of_person(&person)));
        assert_eq!(keys.len(), 4);
    }
}
