//! What is to be done with a record, given the people here who resemble it. Pure: it reads nothing and writes nothing.
//!
//! # Who is meant
//!
//! The id at the former provider decides; then an account elsewhere, an e-mail address, a phone number, a username.
//! An address is weaker than an id, because anybody can type one. So a record found by its address only
//!
//! - never meets a person with another id (`duplicate_email`, …), unless the operator says that they are one;
//! - brings a password, or any other way in, to a proven address only if it was proven over there too
//!   (`unverified_identity`): otherwise who registered there with somebody else's address would get in here as them;
//! - brings nothing to somebody who signed up here with an address they have not proven (`unproven_account`): otherwise
//!   they would get what the record has, by being early.
//!
//! A record that only adds to somebody (an account elsewhere, an authenticator, a role) is matched by the id alone, and
//! refused if nobody has it (`no_matching_user`).
//!
//! # What changes
//!
//! Only what the file says, and less for people who live here already:
//!
//! | | never signed in here | has signed in here |
//! |---|---|---|
//! | names, picture, language, suspension | as the file says | kept |
//! | phone, username, accounts elsewhere | added | kept |
//! | authenticators, recovery codes, passkeys | added if there are none of that sort | kept |
//! | e-mail addresses | added if there are none, never changed | kept |
//! | imported password | replaced by a different one | kept |
//! | password set here | kept | kept |
//! | organizations, roles, permissions | added, never removed | added, never removed |
//! | properties, flags | as the file says | added, never changed |
//!
//! Names, picture and properties that somebody has changed here are kept in any case, and so is the end of a suspension: a newer
//! export brings what has changed over there, and never takes back what was done here.
//!
//! A suspension is never lifted, and the instants at the former provider are set once, when somebody is made.
//!
//! # One file with several rows for one person
//!
//! Rows are planned in their order, each against the people as the rows before have left them. Rows that repeat an id or
//! an address with other organizations are then updates, which add memberships; rows that repeat an id with another
//! address, or an address with another id, are conflicts. No row is remembered for that, so a file may have any size.
//! A writer that writes in batches keeps the [`People`] of its batch, and tells them what it is about to write.
//!
//! Organizations, roles and permissions are compared as keys. Whoever knows which of them exist replaces the unknown ones
//! in the record before planning, or a repeated import would try to add them each time.

mod changes;
mod existing;
mod people;
mod who;

use password::Hash;

pub use changes::Changes;
pub use existing::{EditedHere, Existing, Factors, KnownIdentity, KnownPassword};
pub use people::People;

use crate::problem::{ProblemCode, Warning};
use crate::record::{Identity, RecordRole, UserRecord};
use who::{MatchedBy, Who};

/// A keyed digest of an imported hash, by which the same hash is known again after it was replaced.
///
/// Keyed, because the digest outlives the hash: an MD5 that was upgraded must not remain guessable through it.
pub type Digest = [u8; 32];

/// What the operator decided for a whole import.
#[derive(Clone, Copy)]
pub struct Policy<'a> {
    /// What to do with a record whose address belongs to a person with another id.
    pub on_conflict: OnConflict,
    /// Makes the digest of a hash, with a key that only the server has.
    pub digest: &'a dyn Fn(&Hash) -> Digest,
}

/// What to do with a record whose address belongs to a person with another id at the former provider.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum OnConflict {
    /// Refuse the record.
    #[default]
    Refuse,
    /// Take them for one person, who keeps the id they have. The rules about proof stay.
    Merge,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq)]
pub enum Plan {
    /// Make a person of the record.
    Create(Box<NewUser>),
    /// Change a person.
    Update(Box<Changes>),
    /// Nothing: all that the record says is so already.
    Unchanged {
        /// The person it is about.
        user_id: String,
    },
    /// Refuse the record.
    Conflict(Conflict),
}

/// A person to be made.
#[derive(Debug, Clone, PartialEq)]
pub struct NewUser {
    /// The person, without what belongs to others.
    pub record: UserRecord,
    /// What was left out.
    pub warnings: Vec<Warning>,
}

/// Why a record is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The column or kind of identity in question.
    pub column: Option<&'static str>,
    /// The stable code, one of those below.
    pub code: ProblemCode,
    /// What is wrong and what to do, in a sentence.
    pub reason: String,
}

impl ProblemCode {
    /// The e-mail address belongs to a person with another id.
    pub const DUPLICATE_EMAIL: Self = Self("duplicate_email");
    /// The phone number belongs to a person with another id.
    pub const DUPLICATE_PHONE: Self = Self("duplicate_phone");
    /// The username belongs to another person.
    pub const DUPLICATE_USERNAME: Self = Self("duplicate_username");
    /// The account elsewhere belongs to a person with another id.
    pub const DUPLICATE_ACCOUNT: Self = Self("duplicate_account");
    /// The id belongs to a person with another e-mail address.
    pub const DUPLICATE_ID: Self = Self("duplicate_id");
    /// The record points at two people.
    pub const AMBIGUOUS_MATCH: Self = Self("ambiguous_match");
    /// The record would add a way in to a person by an identity that was not proven at the former provider.
    pub const UNVERIFIED_IDENTITY: Self = Self("unverified_identity");
    /// The person here signed up with an identity that they have not proven.
    pub const UNPROVEN_ACCOUNT: Self = Self("unproven_account");
    /// A password for somebody who is not here, or something else that they had.
    pub const NO_MATCHING_USER: Self = Self("no_matching_user");
}

/// Decides what to do with `record`. `existing` are the people who share its id, any of its alternate ids, or any of its
/// identities; others do no harm.
#[must_use]
pub fn plan(record: UserRecord, existing: &[&Existing], policy: &Policy<'_>) -> Plan {
    let decision = match who::find(&record, existing, policy) {
        Ok(Who::Nobody) if record.role != RecordRole::Person => Err(no_matching_user(record.role)),
        Ok(Who::Nobody) => create(record, existing),
        Ok(Who::Person { person, by }) => update(&record, person, by, existing, policy),
        Err(conflict) => Err(conflict),
    };
    decision.unwrap_or_else(Plan::Conflict)
}

fn create(mut record: UserRecord, existing: &[&Existing]) -> Result<Plan, Conflict> {
    let had_identities = !record.identities.is_empty();
    let warnings = who::leave_to_others(&mut record.identities, existing);
    let is_taken = |identity: &Identity| who::owner(&identity.identifier, existing).is_some();
    if record.identities.iter().any(is_taken) {
        return Err(who::taken(MatchedBy::Username));
    }
    if record.identities.is_empty() && had_identities {
        return Err(who::taken(MatchedBy::Phone));
    }
    let mut identities = record.identities.iter();
    if record.password.is_some() && !identities.any(|identity| identity.identifier.takes_password())
    {
        return Err(Conflict {
            column: None,
            code: ProblemCode::PASSWORD_WITHOUT_IDENTITY,
            reason: "a password needs an e-mail address, a phone number or a username to go with it; add one"
                .to_owned(),
        });
    }
    if record.identities.is_empty() {
        return Err(Conflict {
            column: None,
            code: ProblemCode::MISSING_IDENTIFIER,
            reason: "nobody here has this id, and the record has nothing to make a person of; \
                     add an e-mail address, a phone number or a username"
                .to_owned(),
        });
    }
    Ok(Plan::Create(Box::new(NewUser { record, warnings })))
}

fn update(
    record: &UserRecord,
    person: &Existing,
    by: MatchedBy,
    existing: &[&Existing],
    policy: &Policy<'_>,
) -> Result<Plan, Conflict> {
    let changes = Changes::between(record, person, existing, policy);
    who::check_proof(record, person, by, &changes)?;
    if changes.is_empty() {
        let user_id = person.user_id.clone();
        return Ok(Plan::Unchanged { user_id });
    }
    Ok(Plan::Update(Box::new(changes)))
}

fn no_matching_user(role: RecordRole) -> Conflict {
    let reason = if role == RecordRole::Password {
        "nobody here has this id or address; import the people first, then their passwords"
    } else {
        "nobody here has this id; import the people first, or together with what they had"
    };
    Conflict {
        column: None,
        code: ProblemCode::NO_MATCHING_USER,
        reason: reason.to_owned(),
    }
}

#[cfg(test)]
mod tests;
