//! Who of the people here a record is about.

use super::{Changes, Conflict, Existing, KnownPassword, OnConflict, Policy};
use crate::identifier::Identifier;
use crate::problem::{ProblemCode, Warning};
use crate::record::{Identity, RecordRole, UserRecord};

/// Whom a record is about.
pub(super) enum Who<'a> {
    Nobody,
    Person { person: &'a Existing, by: MatchedBy },
}

/// By what a person was found, strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MatchedBy {
    Id,
    Account,
    Email,
    Phone,
    Username,
}

/// The kinds of identity by which people are found when their id is unknown, strongest first.
const KINDS: [MatchedBy; 4] = [
    MatchedBy::Account,
    MatchedBy::Email,
    MatchedBy::Phone,
    MatchedBy::Username,
];

impl MatchedBy {
    fn of(identifier: &Identifier) -> Self {
        match identifier {
            Identifier::Social { .. } => Self::Account,
            Identifier::Email(_) => Self::Email,
            Identifier::Phone(_) => Self::Phone,
            Identifier::Username(_) => Self::Username,
        }
    }

    fn column(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Account => "identities",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Username => "username",
        }
    }

    /// What to call it in a sentence, and the code of belonging to another person.
    fn taken(self) -> (&'static str, ProblemCode) {
        match self {
            Self::Id => ("id", ProblemCode::DUPLICATE_ID),
            Self::Account => ("account elsewhere", ProblemCode::DUPLICATE_ACCOUNT),
            Self::Email => ("e-mail address", ProblemCode::DUPLICATE_EMAIL),
            Self::Phone => ("phone number", ProblemCode::DUPLICATE_PHONE),
            Self::Username => ("username", ProblemCode::DUPLICATE_USERNAME),
        }
    }
}

/// Finds the person, or why it cannot be told who it is.
pub(super) fn find<'a>(
    record: &UserRecord,
    existing: &[&'a Existing],
    policy: &Policy<'_>,
) -> Result<Who<'a>, Conflict> {
    let by_id = only_one(
        existing
            .iter()
            .copied()
            .filter(|person| shares_id(record, person)),
        MatchedBy::Id,
    )?;
    if let Some(person) = by_id {
        check_address(record, person, policy)?;
        return Ok(Who::Person {
            person,
            by: MatchedBy::Id,
        });
    }
    if record.role == RecordRole::Addition {
        // What belongs to an id says nothing about whoever has the same account or address.
        return Ok(Who::Nobody);
    }
    for by in KINDS {
        let owns_one = |person: &&Existing| {
            let mut telling = record
                .identities
                .iter()
                .filter(|identity| tells_who(identity, by));
            telling.any(|identity| owns(person, identity))
        };
        // Families share a number, and two systems may each have a `bob`: alone, neither makes two records one person.
        let is_weak = matches!(by, MatchedBy::Phone | MatchedBy::Username);
        let owners = existing
            .iter()
            .copied()
            .filter(owns_one)
            .filter(|person| !is_weak || !is_other_person(record, person));
        let Some(person) = only_one(owners, by)? else {
            continue;
        };
        if ids_differ(record, person) && policy.on_conflict == OnConflict::Refuse {
            return Err(taken(by));
        }
        return Ok(Who::Person { person, by });
    }
    Ok(Who::Nobody)
}

/// Checks that finding somebody by `by` is enough for the changes that would follow.
pub(super) fn check_proof(
    record: &UserRecord,
    person: &Existing,
    by: MatchedBy,
    changes: &Changes,
) -> Result<(), Conflict> {
    let lives_here = person.has_signed_in || person.password == KnownPassword::SetHere;
    let (proven_here, proven_before) = match by {
        MatchedBy::Id | MatchedBy::Account => return Ok(()),
        // A username is never proven. Who has lived with it here has it.
        MatchedBy::Username => (lives_here, false),
        MatchedBy::Email | MatchedBy::Phone => proofs(record, person, by),
    };
    if !proven_here && lives_here && !changes.is_empty() {
        return Err(Conflict {
            column: Some(by.column()),
            code: ProblemCode::UNPROVEN_ACCOUNT,
            reason: format!(
                "somebody signed up here with this {} and has not proven that it is theirs; \
                 delete that account or prove it, then import again",
                by.taken().0
            ),
        });
    }
    if proven_here && !proven_before && changes.open_a_way_in() {
        return Err(Conflict {
            column: Some(by.column()),
            code: ProblemCode::UNVERIFIED_IDENTITY,
            reason: format!(
                "this {} is proven here, and the file does not say that it was proven there; \
                 give the person here the record's id, or mark it as verified if it was",
                by.taken().0
            ),
        });
    }
    Ok(())
}

/// Takes away the phone numbers and further addresses that belong to somebody here, and says so.
pub(super) fn leave_to_others(
    identities: &mut Vec<Identity>,
    existing: &[&Existing],
) -> Vec<Warning> {
    let mut warnings = Vec::new();
    identities.retain(|identity| {
        let is_free = matches!(identity.identifier, Identifier::Username(_))
            || owner(&identity.identifier, existing).is_none();
        if !is_free {
            warnings.push(left_out(identity));
        }
        is_free
    });
    warnings
}

/// The warning for an identity that somebody else has.
pub(super) fn left_out(identity: &Identity) -> Warning {
    let by = MatchedBy::of(&identity.identifier);
    let (what, code) = by.taken();
    Warning {
        column: Some(by.column().to_owned()),
        code,
        reason: format!("the {what} belongs to somebody else and is left out"),
    }
}

/// The conflict for a record that has no identity of its own.
pub(super) fn taken(by: MatchedBy) -> Conflict {
    let (what, code) = by.taken();
    Conflict {
        column: Some(by.column()),
        code,
        reason: format!(
            "the {what} belongs to a person with another id; correct one of the two records, or merge people on conflict"
        ),
    }
}

/// The person who has the identity.
pub(super) fn owner<'a>(
    identifier: &Identifier,
    existing: &[&'a Existing],
) -> Option<&'a Existing> {
    existing
        .iter()
        .copied()
        .find(|person| person.identities.iter().any(|known| known.is(identifier)))
}

fn only_one<'a>(
    mut people: impl Iterator<Item = &'a Existing>,
    by: MatchedBy,
) -> Result<Option<&'a Existing>, Conflict> {
    let Some(first) = people.next() else {
        return Ok(None);
    };
    if people.all(|person| person.user_id == first.user_id) {
        return Ok(Some(first));
    }
    Err(Conflict {
        column: Some(by.column()),
        code: ProblemCode::AMBIGUOUS_MATCH,
        reason: "the record points at two people here; merge them, or split the record".to_owned(),
    })
}

/// Whether an identity can make two records one person. A further address that nobody proved cannot: it is left to
/// whoever has it here.
fn tells_who(identity: &Identity, by: MatchedBy) -> bool {
    MatchedBy::of(&identity.identifier) == by && (identity.primary || identity.is_verified())
}

fn shares_id(record: &UserRecord, person: &Existing) -> bool {
    if record
        .own
        .as_ref()
        .is_some_and(|own| own.id == person.user_id)
    {
        return true;
    }
    let mut theirs = person.provided_id.iter().chain(&person.alternate_ids);
    theirs.any(|id| record.provided_id.as_ref() == Some(id) || record.alternate_ids.contains(id))
}

fn ids_differ(record: &UserRecord, person: &Existing) -> bool {
    record.provided_id.is_some()
        && person.provided_id.is_some()
        && record.provided_id != person.provided_id
}

fn is_other_person(record: &UserRecord, person: &Existing) -> bool {
    ids_differ(record, person)
        || (has_email(record) && !share_email(record, person) && knows_email(person))
}

/// An id with an address that the person does not have is somebody else's id, or an address changed over there. Either
/// is for people to sort out, unless the person lives here, and the address here is the one that counts; or an account
/// elsewhere shows that it is them.
fn check_address(
    record: &UserRecord,
    person: &Existing,
    policy: &Policy<'_>,
) -> Result<(), Conflict> {
    let is_settled = person.has_signed_in
        || record.role != RecordRole::Person
        || policy.on_conflict == OnConflict::Merge
        || !has_email(record)
        || !knows_email(person)
        || share_email(record, person)
        || share_account(record, person);
    if is_settled {
        return Ok(());
    }
    Err(Conflict {
        column: Some("email"),
        code: ProblemCode::DUPLICATE_ID,
        reason: "the person with this id has another e-mail address, and an import never changes addresses; \
                 change it here, or correct the id"
            .to_owned(),
    })
}

fn has_email(record: &UserRecord) -> bool {
    record
        .identities
        .iter()
        .any(|identity| matches!(identity.identifier, Identifier::Email(_)))
}

fn knows_email(person: &Existing) -> bool {
    person
        .identities
        .iter()
        .any(|known| known.kind == crate::identifier::IdentityKind::Email)
}

fn share_email(record: &UserRecord, person: &Existing) -> bool {
    let mut emails = record
        .identities
        .iter()
        .filter(|identity| matches!(identity.identifier, Identifier::Email(_)));
    emails.any(|identity| owns(person, identity))
}

fn share_account(record: &UserRecord, person: &Existing) -> bool {
    let mut accounts = record
        .identities
        .iter()
        .filter(|identity| matches!(identity.identifier, Identifier::Social { .. }));
    accounts.any(|identity| owns(person, identity))
}

fn owns(person: &Existing, identity: &Identity) -> bool {
    person
        .identities
        .iter()
        .any(|known| known.is(&identity.identifier))
}

/// Whether one of the identities that record and person share is proven here, and one of those there. One that is proven
/// on both sides settles it.
fn proofs(record: &UserRecord, person: &Existing, by: MatchedBy) -> (bool, bool) {
    let mut proofs = (false, false);
    for identity in record
        .identities
        .iter()
        .filter(|identity| MatchedBy::of(&identity.identifier) == by)
    {
        for known in person
            .identities
            .iter()
            .filter(|known| known.is(&identity.identifier))
        {
            if known.verified && identity.is_verified() {
                return (true, true);
            }
            // Proven on one side only: here weighs more, because it asks for more.
            proofs = (
                proofs.0 || known.verified,
                !proofs.0 && !known.verified && identity.is_verified(),
            );
        }
    }
    proofs
}
