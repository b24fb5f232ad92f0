//! A person here, as far as a plan has to know them.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Changes, Digest, Policy};
use crate::identifier::{Identifier, IdentityKind};
use crate::record::{Identity, Locale, Membership, UserRecord};

/// A person here.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Existing {
    /// The person's id here.
    pub user_id: String,
    /// The id at the former provider.
    pub provided_id: Option<String>,
    /// Further ids there; a record with one of them is theirs.
    pub alternate_ids: Vec<String>,
    /// First name.
    pub given_name: Option<String>,
    /// Last name.
    pub family_name: Option<String>,
    /// Address of a portrait.
    pub picture: Option<String>,
    /// The language that the person reads.
    pub locale: Option<Locale>,
    /// Whether sign-in is refused.
    pub suspended: bool,
    /// Until when it is or was, where that ends by itself.
    pub suspended_until: Option<i64>,
    /// Whether the person has ever signed in here.
    pub has_signed_in: bool,
    /// What somebody has changed here, one by one.
    pub edited_here: EditedHere,
    /// All identities.
    pub identities: Vec<KnownIdentity>,
    /// Where the password came from.
    pub password: KnownPassword,
    /// The further factors that there are.
    pub factors: Factors,
    /// Memberships; the default organization's has no external id.
    pub memberships: Vec<Membership>,
    /// Properties that the person may see.
    pub properties: BTreeMap<String, Value>,
    /// Properties for programs only.
    pub private_properties: BTreeMap<String, Value>,
    /// Feature flags set for this person.
    pub feature_flags: BTreeMap<String, Value>,
}

/// Which factors beside a password somebody has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Factors {
    /// An authenticator app.
    pub totp: bool,
    /// Recovery codes.
    pub recovery_codes: bool,
    /// A passkey or security key.
    pub passkeys: bool,
}

impl Factors {
    /// Those that a record brings.
    #[must_use]
    pub fn of(record: &UserRecord) -> Self {
        Self {
            totp: !record.totp.is_empty(),
            recovery_codes: !record.recovery_codes.is_empty(),
            passkeys: !record.passkeys.is_empty(),
        }
    }
}

/// What somebody has changed of a person here, and an import must not take back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct EditedHere {
    /// Names, picture or properties.
    pub profile: bool,
    /// A suspension, which was lifted.
    pub suspension: bool,
}

/// An identity of a person here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownIdentity {
    /// What sort it is.
    pub kind: IdentityKind,
    /// The form for comparison.
    pub folded: String,
    /// Whether it was proven to be theirs.
    pub verified: bool,
}

/// Where a person's password came from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum KnownPassword {
    /// There is none.
    #[default]
    None,
    /// An import brought it. It may have been re-hashed since.
    Imported {
        /// Of the hash as it was imported.
        digest: Digest,
    },
    /// The person, an operator or a program set it here.
    SetHere,
}

impl KnownIdentity {
    /// The identity that a record brings.
    #[must_use]
    pub fn of(identity: &Identity) -> Self {
        Self {
            kind: identity.kind(),
            folded: identity.folded().to_owned(),
            verified: identity.is_verified(),
        }
    }

    pub(super) fn is(&self, identifier: &Identifier) -> bool {
        identifier.is(&self.kind, &self.folded)
    }
}

impl Existing {
    /// The person that [`Plan::Create`](super::Plan::Create) makes of a record.
    #[must_use]
    pub fn created(user_id: String, record: &UserRecord, policy: &Policy<'_>) -> Self {
        let password = record.password.as_ref();
        let mut existing = Self {
            user_id,
            provided_id: record.provided_id.clone(),
            alternate_ids: record.alternate_ids.clone(),
            given_name: record.given_name.clone(),
            family_name: record.family_name.clone(),
            picture: record.picture.clone(),
            locale: record.locale.clone(),
            suspended: record.suspended.unwrap_or(false),
            suspended_until: record.suspended_until,
            identities: record.identities.iter().map(KnownIdentity::of).collect(),
            password: password.map_or(KnownPassword::None, |hash| KnownPassword::Imported {
                digest: (policy.digest)(hash),
            }),
            factors: Factors::of(record),
            properties: record.properties.clone(),
            private_properties: record.private_properties.clone(),
            feature_flags: record.feature_flags.clone(),
            ..Self::default()
        };
        existing.join(&record.organizations);
        existing
    }

    /// Moves on to the state that the changes lead to.
    pub fn apply(&mut self, changes: &Changes, policy: &Policy<'_>) {
        let set = |field: &mut Option<String>, value: &Option<String>| {
            if value.is_some() {
                field.clone_from(value);
            }
        };
        set(&mut self.provided_id, &changes.provided_id);
        set(&mut self.given_name, &changes.given_name);
        set(&mut self.family_name, &changes.family_name);
        set(&mut self.picture, &changes.picture);
        self.alternate_ids.extend_from_slice(&changes.alternate_ids);
        if changes.locale.is_some() {
            self.locale.clone_from(&changes.locale);
        }
        self.suspended |= changes.suspend;
        self.suspended_until = self.suspended_until.or(changes.suspended_until);
        for known in &mut self.identities {
            known.verified |= changes.verify.iter().any(|identifier| known.is(identifier));
        }
        self.identities
            .extend(changes.identities.iter().map(KnownIdentity::of));
        if let Some(hash) = &changes.password {
            self.password = KnownPassword::Imported {
                digest: (policy.digest)(hash),
            };
        }
        self.factors.totp |= !changes.totp.is_empty();
        self.factors.recovery_codes |= !changes.recovery_codes.is_empty();
        self.factors.passkeys |= !changes.passkeys.is_empty();
        self.join(&changes.memberships);
        self.properties.extend(changes.properties.clone());
        self.private_properties
            .extend(changes.private_properties.clone());
        self.feature_flags.extend(changes.feature_flags.clone());
    }

    fn join(&mut self, memberships: &[Membership]) {
        for joined in memberships {
            let same = |known: &&mut Membership| known.external_id == joined.external_id;
            match self.memberships.iter_mut().find(same) {
                None => self.memberships.push(joined.clone()),
                Some(known) => {
                    known.roles.extend(missing(&joined.roles, &known.roles));
                    known
                        .permissions
                        .extend(missing(&joined.permissions, &known.permissions));
                }
            }
        }
    }
}

/// The keys of `wanted` that are not in `known`.
pub(super) fn missing(wanted: &[String], known: &[String]) -> Vec<String> {
    wanted
        .iter()
        .filter(|key| !known.contains(key))
        .cloned()
        .collect()
}
