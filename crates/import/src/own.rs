//! What Kith itself says beyond what every provider says, in its own export: enough to make the same person, the same
//! roles and the same organizations elsewhere, under the same ids.
//!
//! It rides along with a [`UserRecord`](crate::UserRecord). Whoever makes a *new* person of the record takes it over;
//! somebody who is here already is changed by the rules for every import, and nothing of this counts.

use crate::plan::Digest;

/// What an export of Kith says of a person besides.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Own {
    /// The person's id, the `sub` of their tokens.
    pub id: String,
    /// Where the person came from in the first place, such as `sign_up` or `auth0`.
    pub source: String,
    /// When they were created there, Unix milliseconds, as all instants here.
    pub created_at: i64,
    /// When something about them last changed.
    pub updated_at: i64,
    /// How often they have signed in.
    pub total_sign_ins: i64,
    /// How often in a row somebody failed to sign in as them.
    pub failed_sign_ins: i64,
    /// Of the record's identities, in their order.
    pub identities: Vec<OwnIdentity>,
    /// Of the record's memberships, in their order.
    pub memberships: Vec<OwnMembership>,
    /// Of the record's password.
    pub password: Option<OwnPassword>,
}

/// What an export of Kith says of an identity besides.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnIdentity {
    /// Its id.
    pub id: String,
    /// When it was added.
    pub created_at: i64,
    /// How often it served to sign in.
    pub total_sign_ins: i64,
    /// When it last did.
    pub last_sign_in_at: Option<i64>,
}

/// What an export of Kith says of a membership besides. The record's membership has the organization's code for an id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnMembership {
    /// The organization's code.
    pub code: String,
    /// The organization's id in another system, by which it is found where its code is unknown.
    pub external_id: Option<String>,
    /// Whether it is the organization for people without another one.
    pub is_default: bool,
    /// Since when they are a member.
    pub joined_at: i64,
    /// When they last signed in to it.
    pub last_sign_in_at: Option<i64>,
}

/// What an export of Kith says of a password besides.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnPassword {
    /// Whether it must be replaced at the next sign-in.
    pub is_temporary: bool,
    /// Whether a sign-in has succeeded with it.
    pub is_proved: bool,
    /// Who set it: `import`, `user`, `api` or `dashboard`.
    pub set_by: String,
    /// The keyed digest of the hash as it was first imported, where it was.
    pub imported_digest: Option<Digest>,
    /// When it was set.
    pub updated_at: i64,
}

/// Something that people are given, or belong to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Definition {
    /// A permission.
    Permission(Permission),
    /// A role.
    Role(Role),
    /// An organization.
    Organization(Organization),
}

/// A key that applications ask for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Permission {
    /// Its id.
    pub id: String,
    /// The key.
    pub key: String,
    /// What people call it.
    pub name: String,
    /// What it allows.
    pub description: Option<String>,
    /// When it was made.
    pub created_at: i64,
}

/// A named set of permissions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Role {
    /// Its id.
    pub id: String,
    /// The key by which programs know it.
    pub key: String,
    /// What people call it.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// Whether people get it when they sign up.
    pub is_default_role: bool,
    /// The key of the permission that giving it to others asks for.
    pub assignment_permission: Option<String>,
    /// The keys of its permissions.
    pub permissions: Vec<String>,
    /// When it was made.
    pub created_at: i64,
}

/// A tenant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Organization {
    /// Its code.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// A short name for addresses.
    pub handle: Option<String>,
    /// Its id in another system.
    pub external_id: Option<String>,
    /// Whether it is the one for people without another one.
    pub is_default: bool,
    /// Whether people may join by themselves.
    pub is_auto_membership_enabled: bool,
    /// Since when its members are kept from signing in to it.
    pub suspended_at: Option<i64>,
    /// When it was made.
    pub created_at: i64,
}
