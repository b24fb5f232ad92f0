//! What a record changes of a person who is here already.

use std::collections::BTreeMap;

use password::Hash;
use serde_json::Value;

use super::existing::missing;
use super::{Existing, KnownPassword, Policy, who};
use crate::identifier::{Identifier, IdentityKind};
use crate::problem::Warning;
use crate::record::{
    Identity, Locale, Membership, Passkey, RecordRole, RecoveryCode, Totp, UserRecord,
};

/// Changes to a person. What is absent stays as it is.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Changes {
    /// The person's id here.
    pub user_id: String,
    /// The id at the former provider, where the person had none.
    pub provided_id: Option<String>,
    /// Further ids there, to be added.
    pub alternate_ids: Vec<String>,
    /// First name.
    pub given_name: Option<String>,
    /// Last name.
    pub family_name: Option<String>,
    /// Address of a portrait.
    pub picture: Option<String>,
    /// The language that the person reads.
    pub locale: Option<Locale>,
    /// Whether to suspend the person. An import never lifts a suspension.
    pub suspend: bool,
    /// Until when, where it ends by itself.
    pub suspended_until: Option<i64>,
    /// Identities to add.
    pub identities: Vec<Identity>,
    /// Identities that the person has and that count as proven from now on.
    pub verify: Vec<Identifier>,
    /// The password's hash.
    pub password: Option<Hash>,
    /// With a new password: whether another one must be chosen at the next sign-in.
    pub must_reset_password: Option<bool>,
    /// With a new password: whether it alone proves who the person is.
    pub password_verified: Option<bool>,
    /// Authenticators to add; only for somebody who has none, and so with the two that follow.
    pub totp: Vec<Totp>,
    /// Recovery codes to add.
    pub recovery_codes: Vec<RecoveryCode>,
    /// Passkeys to add.
    pub passkeys: Vec<Passkey>,
    /// Memberships to add, with only those roles and permissions that are new.
    pub memberships: Vec<Membership>,
    /// Properties to set.
    pub properties: BTreeMap<String, Value>,
    /// Properties for programs to set.
    pub private_properties: BTreeMap<String, Value>,
    /// Feature flags to set.
    pub feature_flags: BTreeMap<String, Value>,
    /// What of the record was left out.
    pub warnings: Vec<Warning>,
}

impl Changes {
    /// Whether nothing changes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let nothing = Self {
            user_id: self.user_id.clone(),
            warnings: self.warnings.clone(),
            ..Self::default()
        };
        *self == nothing
    }

    pub(super) fn between(
        record: &UserRecord,
        person: &Existing,
        existing: &[&Existing],
        policy: &Policy<'_>,
    ) -> Self {
        let mut changes = Self {
            user_id: person.user_id.clone(),
            ..Self::default()
        };
        changes.set_password(record, person, policy);
        if record.role == RecordRole::Password {
            return changes;
        }
        if person.provided_id.is_none() {
            changes.provided_id.clone_from(&record.provided_id);
        }
        changes.alternate_ids = missing(&record.alternate_ids, &person.alternate_ids);
        if !person.has_signed_in {
            changes.set_profile(record, person);
            changes.add_identities(record, person, existing);
        }
        changes.verify = newly_proven(record, person);
        changes.memberships = joined(&record.organizations, &person.memberships);
        let set = |wanted: &BTreeMap<_, _>, known: &BTreeMap<_, _>| {
            differing(
                wanted,
                known,
                person.has_signed_in || person.edited_here.profile,
            )
        };
        changes.properties = set(&record.properties, &person.properties);
        changes.private_properties = set(&record.private_properties, &person.private_properties);
        changes.feature_flags = set(&record.feature_flags, &person.feature_flags);
        changes
    }

    fn set_password(&mut self, record: &UserRecord, person: &Existing, policy: &Policy<'_>) {
        let Some(hash) = &record.password else {
            return;
        };
        let is_new = match person.password {
            KnownPassword::None => true,
            KnownPassword::Imported { digest } => {
                let own = record.own.as_ref().and_then(|own| own.password.as_ref());
                let imported = own.and_then(|own| own.imported_digest);
                !person.has_signed_in && imported != Some(digest) && digest != (policy.digest)(hash)
            }
            KnownPassword::SetHere => false,
        };
        if is_new {
            self.password = Some(hash.clone());
            self.must_reset_password = record.must_reset_password;
            self.password_verified = record.password_verified;
        }
    }

    fn set_profile(&mut self, record: &UserRecord, person: &Existing) {
        let differs = |wanted: &Option<String>, known: &Option<String>| {
            wanted
                .clone()
                .filter(|wanted| known.as_ref() != Some(wanted))
        };
        if !person.edited_here.profile {
            self.given_name = differs(&record.given_name, &person.given_name);
            self.family_name = differs(&record.family_name, &person.family_name);
            self.picture = differs(&record.picture, &person.picture);
            if person.locale != record.locale {
                self.locale.clone_from(&record.locale);
            }
        }
        if !person.edited_here.suspension {
            self.suspend = record.suspended == Some(true) && !person.suspended;
            if !person.suspended && person.suspended_until.is_none() {
                self.suspended_until = record.suspended_until;
            }
        }
        if !person.factors.totp {
            self.totp.clone_from(&record.totp);
        }
        if !person.factors.recovery_codes {
            self.recovery_codes.clone_from(&record.recovery_codes);
        }
        if !person.factors.passkeys {
            self.passkeys.clone_from(&record.passkeys);
        }
    }

    fn add_identities(&mut self, record: &UserRecord, person: &Existing, existing: &[&Existing]) {
        let knows = |kind: &IdentityKind| person.identities.iter().any(|known| known.kind == *kind);
        for identity in &record.identities {
            let is_theirs = person
                .identities
                .iter()
                .any(|known| known.is(&identity.identifier));
            let kind = identity.kind();
            let is_single = matches!(kind, IdentityKind::Email | IdentityKind::Username);
            if is_theirs || (is_single && knows(&kind)) {
                continue;
            }
            if who::owner(&identity.identifier, existing).is_some() {
                self.warnings.push(who::left_out(identity));
                continue;
            }
            self.identities.push(Identity {
                primary: identity.primary && !knows(&kind),
                ..identity.clone()
            });
        }
    }

    /// Whether the changes let somebody in who could not get in before, or tie the person to an account elsewhere.
    pub(super) fn open_a_way_in(&self) -> bool {
        self.password.is_some()
            || !self.totp.is_empty()
            || !self.recovery_codes.is_empty()
            || !self.passkeys.is_empty()
            || !self.identities.is_empty()
            || self.provided_id.is_some()
    }
}

/// The identities that are proven over there and not yet here.
fn newly_proven(record: &UserRecord, person: &Existing) -> Vec<Identifier> {
    let proven = record
        .identities
        .iter()
        .filter(|identity| identity.is_verified());
    let is_news = |identity: &&Identity| {
        let mut known = person.identities.iter();
        known.any(|known| known.is(&identity.identifier) && !known.verified)
    };
    proven
        .filter(is_news)
        .map(|identity| identity.identifier.clone())
        .collect()
}

/// What has to be added to `known` so that it holds all of `wanted`.
fn joined(wanted: &[Membership], known: &[Membership]) -> Vec<Membership> {
    let mut added = Vec::new();
    for membership in wanted {
        let Some(known) = known
            .iter()
            .find(|known| known.external_id == membership.external_id)
        else {
            added.push(membership.clone());
            continue;
        };
        let rest = Membership {
            external_id: membership.external_id.clone(),
            roles: missing(&membership.roles, &known.roles),
            permissions: missing(&membership.permissions, &known.permissions),
        };
        if !rest.roles.is_empty() || !rest.permissions.is_empty() {
            added.push(rest);
        }
    }
    added
}

/// The entries of `wanted` that `known` lacks, or has with another value unless those are to be kept.
fn differing(
    wanted: &BTreeMap<String, Value>,
    known: &BTreeMap<String, Value>,
    keeps: bool,
) -> BTreeMap<String, Value> {
    let is_news = |key: &String, value: &Value| match known.get(key) {
        None => true,
        Some(known) => !keeps && known != value,
    };
    let news = wanted.iter().filter(|(key, value)| is_news(key, value));
    news.map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}
