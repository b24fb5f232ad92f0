//! Kith's own export: everything, one object a line, each of which says its kind.
//!
//! Names are those of the export that Kinde gives (`external_id`, `hashing_config`, …), and inside identities, properties and
//! organizations those of its custom NDJSON; what neither has a name for is named in the same manner. What is absent or empty
//! is left out. [`source::kith`](crate::source) reads it back to equal records.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::{Frame, Losses, Settings, Target, instant, json};
use crate::own::{Definition, Own, OwnIdentity, OwnMembership, OwnPassword};
use crate::record::{Identity, Locale, Membership, Passkey, RecoveryCode, Totp, UserRecord};

pub(super) const TARGET: Target = Target {
    name: "kith",
    label: "Kith",
    about: "Everything, for another installation of Kith or for programs of one's own: one JSON object per line.",
    extension: "ndjson",
    frame: Frame::LINES,
    write: |record, _: &mut Settings, _: &mut Losses| Some(json(&User::of(record))),
    define: Some(define),
};

fn define(definition: &Definition) -> String {
    match definition {
        Definition::Permission(one) => json(&Permission {
            kind: "permission",
            id: &one.id,
            key: &one.key,
            name: &one.name,
            description: one.description.as_deref(),
            created_on: instant(one.created_at),
        }),
        Definition::Role(one) => json(&RoleLine {
            kind: "role",
            id: &one.id,
            key: &one.key,
            name: &one.name,
            description: one.description.as_deref(),
            is_default_role: one.is_default_role,
            assignment_permission: one.assignment_permission.as_deref(),
            permissions: &one.permissions,
            created_on: instant(one.created_at),
        }),
        Definition::Organization(one) => json(&OrganizationLine {
            kind: "organization",
            organization_code: &one.code,
            name: &one.name,
            handle: one.handle.as_deref(),
            external_id: one.external_id.as_deref(),
            is_default: one.is_default,
            is_auto_membership_enabled: one.is_auto_membership_enabled,
            suspended_on: one.suspended_at.map(instant),
            created_on: instant(one.created_at),
        }),
    }
}

#[derive(Serialize)]
struct Permission<'a> {
    kind: &'static str,
    id: &'a str,
    key: &'a str,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    created_on: String,
}

#[derive(Serialize)]
struct RoleLine<'a> {
    kind: &'static str,
    id: &'a str,
    key: &'a str,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    is_default_role: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    assignment_permission: Option<&'a str>,
    permissions: &'a [String],
    created_on: String,
}

#[derive(Serialize)]
struct OrganizationLine<'a> {
    kind: &'static str,
    organization_code: &'a str,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    handle: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id: Option<&'a str>,
    is_default: bool,
    is_auto_membership_enabled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    suspended_on: Option<String>,
    created_on: String,
}

#[derive(Serialize)]
struct User<'a> {
    kind: &'static str,
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    alternate_ids: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    first_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    picture: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    locale: Option<&'a str>,
    // The primary ones again, for whoever reads the file without looking into the identities.
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
    email_verified: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<&'a str>,
    is_suspended: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    suspended_until: Option<String>,
    is_password_reset_requested: bool,
    source: &'a str,
    total_sign_ins: i64,
    failed_sign_ins: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_signed_in: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    former_created_on: Option<String>,
    created_on: String,
    updated_on: String,
    identities: Vec<IdentityLine<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    properties: Vec<Pair<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    private_properties: Vec<Pair<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    feature_flags: Vec<Pair<'a>>,
    organizations: Vec<MembershipLine<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<Proof<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authenticators: Vec<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    recovery_codes: Vec<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    passkeys: Vec<Value>,
}

#[derive(Serialize)]
struct IdentityLine<'a> {
    id: &'a str,
    r#type: String,
    identity: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    provider: Option<String>,
    is_verified: bool,
    is_primary: bool,
    total_sign_ins: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_signed_in: Option<String>,
    created_on: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    profile: Option<&'a Value>,
}

#[derive(Serialize)]
struct MembershipLine<'a> {
    organization_code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id: Option<&'a str>,
    is_default: bool,
    roles: &'a [String],
    permissions: &'a [String],
    joined_on: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_signed_in: Option<String>,
}

#[derive(Serialize)]
struct Proof<'a> {
    hashed_password: &'a str,
    hashing_algorithm: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    hashing_config: Option<&'a password::Params>,
    is_temporary: bool,
    is_proved: bool,
    set_by: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    imported_digest: Option<String>,
    updated_on: String,
}

#[derive(Serialize)]
struct Pair<'a> {
    key: &'a str,
    value: &'a Value,
}

impl<'a> User<'a> {
    fn of(record: &'a UserRecord) -> Self {
        let own = record.own.as_deref().unwrap_or(&UNKNOWN);
        let primary = |kind: &str| {
            let mut of_kind = record.identities.iter();
            of_kind.find(|one| one.primary && one.kind().to_string() == kind)
        };
        let email = primary("email");
        Self {
            kind: "user",
            id: &own.id,
            external_id: record.provided_id.as_deref(),
            alternate_ids: &record.alternate_ids,
            first_name: record.given_name.as_deref(),
            last_name: record.family_name.as_deref(),
            picture: record.picture.as_deref(),
            locale: record.locale.as_ref().map(Locale::as_str),
            email: email.map(Identity::value),
            email_verified: email.is_some_and(Identity::is_verified),
            phone: primary("phone").map(Identity::value),
            username: primary("username").map(Identity::value),
            is_suspended: record.suspended.unwrap_or(false),
            suspended_until: record.suspended_until.map(instant),
            is_password_reset_requested: record.must_reset_password.unwrap_or(false),
            source: &own.source,
            total_sign_ins: own.total_sign_ins,
            failed_sign_ins: own.failed_sign_ins,
            last_signed_in: record.last_sign_in_at.map(instant),
            former_created_on: record.created_at.map(instant),
            created_on: instant(own.created_at),
            updated_on: instant(own.updated_at),
            identities: record
                .identities
                .iter()
                .zip(&own.identities)
                .map(|(identity, own)| IdentityLine::of(identity, own))
                .collect(),
            properties: pairs(&record.properties),
            private_properties: pairs(&record.private_properties),
            feature_flags: pairs(&record.feature_flags),
            organizations: record
                .organizations
                .iter()
                .zip(&own.memberships)
                .map(|(membership, own)| MembershipLine::of(membership, own))
                .collect(),
            password: record
                .password
                .as_ref()
                .zip(own.password.as_ref())
                .map(|(hash, own)| Proof::of(hash, own)),
            authenticators: record.totp.iter().map(Totp::to_json).collect(),
            recovery_codes: record
                .recovery_codes
                .iter()
                .map(RecoveryCode::to_json)
                .collect(),
            passkeys: record.passkeys.iter().map(Passkey::to_json).collect(),
        }
    }
}

/// A record that no installation of ours has written has no facts of ours.
static UNKNOWN: Own = Own {
    id: String::new(),
    source: String::new(),
    created_at: 0,
    updated_at: 0,
    total_sign_ins: 0,
    failed_sign_ins: 0,
    identities: Vec::new(),
    memberships: Vec::new(),
    password: None,
};

impl<'a> IdentityLine<'a> {
    fn of(identity: &'a Identity, own: &'a OwnIdentity) -> Self {
        let kind = identity.kind().to_string();
        Self {
            id: &own.id,
            identity: identity.value(),
            provider: kind.strip_prefix("oauth2:").map(str::to_owned),
            r#type: kind,
            is_verified: identity.is_verified(),
            is_primary: identity.primary,
            total_sign_ins: own.total_sign_ins,
            last_signed_in: own.last_sign_in_at.map(instant),
            created_on: instant(own.created_at),
            profile: identity.profile.as_ref(),
        }
    }
}

impl<'a> MembershipLine<'a> {
    fn of(membership: &'a Membership, own: &'a OwnMembership) -> Self {
        Self {
            organization_code: &own.code,
            external_id: own.external_id.as_deref(),
            is_default: own.is_default,
            roles: &membership.roles,
            permissions: &membership.permissions,
            joined_on: instant(own.joined_at),
            last_signed_in: own.last_sign_in_at.map(instant),
        }
    }
}

impl<'a> Proof<'a> {
    fn of(hash: &'a password::Hash, own: &'a OwnPassword) -> Self {
        let params = hash.params();
        Self {
            hashed_password: hash.encoded(),
            hashing_algorithm: hash.scheme(),
            hashing_config: (*params != password::Params::default()).then_some(params),
            is_temporary: own.is_temporary,
            is_proved: own.is_proved,
            set_by: &own.set_by,
            imported_digest: own.imported_digest.map(|digest| {
                digest.iter().fold(String::with_capacity(64), |text, byte| {
                    text + &format!("{byte:02x}")
                })
            }),
            updated_on: instant(own.updated_at),
        }
    }
}

fn pairs(map: &BTreeMap<String, Value>) -> Vec<Pair<'_>> {
    map.iter().map(|(key, value)| Pair { key, value }).collect()
}
