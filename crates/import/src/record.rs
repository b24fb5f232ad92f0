//! The normalized person: what every source's rows become, whatever the provider called things.
//!
//! Everything is parsed: an address is an [`EmailAddress`](crate::identifier::EmailAddress), a hash a [`password::Hash`].
//! What the file does not say is absent (`None`, an empty list), which is not the same as false or blank: an import
//! changes only what the file says, so a second file with two columns leaves everything else as it was.

mod locale;
mod passkey;
mod recovery;
mod totp;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::identifier::{Identifier, IdentityKind};
use crate::own::{Definition, Own};
pub use locale::{InvalidLocale, Locale};
pub use passkey::{InvalidPasskey, Passkey};
pub use recovery::{InvalidRecoveryCode, RecoveryCode};
pub use totp::{InvalidTotp, Totp, TotpAlgorithm};

/// One person, or one person's password, as a source file tells it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct UserRecord {
    /// What the record may do.
    pub role: RecordRole,
    /// The person's id at the former provider: the first thing by which records are matched.
    pub provided_id: Option<String>,
    /// Further ids at the former provider that mean the same person, such as accounts that were linked there.
    pub alternate_ids: Vec<String>,
    /// First name.
    pub given_name: Option<String>,
    /// Last name.
    pub family_name: Option<String>,
    /// Address of a portrait.
    pub picture: Option<String>,
    /// The language that the person reads.
    pub locale: Option<Locale>,
    /// When the account was made at the former provider, Unix milliseconds.
    pub created_at: Option<i64>,
    /// The last sign-in at the former provider, Unix milliseconds.
    pub last_sign_in_at: Option<i64>,
    /// Whether the former provider kept the person out.
    pub suspended: Option<bool>,
    /// Until when it did not, where that ends by itself, Unix milliseconds. It may lie in the past.
    pub suspended_until: Option<i64>,
    /// E-mail addresses, numbers, names and accounts elsewhere, in the order of the file.
    pub identities: Vec<Identity>,
    /// The password's hash, in its original scheme.
    pub password: Option<password::Hash>,
    /// Whether a new password must be chosen at the next sign-in.
    pub must_reset_password: Option<bool>,
    /// Whether the password alone proves who the person is; otherwise a code is asked once.
    pub password_verified: Option<bool>,
    /// The secrets of authenticator apps.
    pub totp: Vec<Totp>,
    /// One-time codes for the day that the other factors are lost.
    pub recovery_codes: Vec<RecoveryCode>,
    /// Passkeys and security keys.
    pub passkeys: Vec<Passkey>,
    /// Organizations, with the roles held in each.
    pub organizations: Vec<Membership>,
    /// Properties that the person may see.
    pub properties: BTreeMap<String, Value>,
    /// Properties for programs only.
    pub private_properties: BTreeMap<String, Value>,
    /// Feature flags set for this person.
    pub feature_flags: BTreeMap<String, Value>,
    /// What only Kith's own export says of a person.
    pub own: Option<Box<Own>>,
    /// What a record of the role [`Definition`](RecordRole::Definition) defines.
    pub definition: Option<Box<Definition>>,
}

impl UserRecord {
    /// The address that the others stand behind: the one marked so, else the first.
    #[must_use]
    pub fn primary_email(&self) -> Option<&Identity> {
        let mut emails = self
            .identities
            .iter()
            .filter(|identity| matches!(identity.identifier, Identifier::Email(_)));
        let first = emails.clone().next();
        emails.find(|identity| identity.primary).or(first)
    }
}

impl UserRecord {
    /// Addresses of which the record has another spelling with a tag ([`EmailAddress::without_tag`]), and which it has not
    /// itself: whoever has one may be the same person.
    ///
    /// [`EmailAddress::without_tag`]: crate::identifier::EmailAddress::without_tag
    pub fn untagged_emails(&self) -> impl Iterator<Item = String> {
        let emails = self
            .identities
            .iter()
            .filter_map(|identity| match &identity.identifier {
                Identifier::Email(email) => Some(email),
                _ => None,
            });
        let has = |folded: &str| {
            let mut identities = self.identities.iter();
            identities.any(|one| one.identifier.is(&IdentityKind::Email, folded))
        };
        emails
            .filter_map(crate::identifier::EmailAddress::without_tag)
            .filter(move |untagged| !has(untagged))
    }
}

/// What a record may do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum RecordRole {
    /// Make a person, or add to one.
    #[default]
    Person,
    /// Give a password to a person who is here already; its identities only serve to find them.
    Password,
    /// Add to a person who is here already and has the record's id: an account elsewhere, an authenticator, roles.
    Addition,
    /// Define a permission, a role or an organization; it is about no person.
    Definition,
}

/// One way in which a person is known.
#[derive(Debug, Clone, PartialEq)]
pub struct Identity {
    /// The address, number, name or account.
    pub identifier: Identifier,
    /// Whether the former provider saw proof that it is theirs; `None` when the file does not say.
    pub verified: Option<bool>,
    /// Whether it is the first of its kind.
    pub primary: bool,
    /// What an account elsewhere says about the person.
    pub profile: Option<Value>,
}

impl Identity {
    /// An identity of which only the identifier is known.
    #[must_use]
    pub fn new(identifier: Identifier) -> Self {
        Self {
            identifier,
            verified: None,
            primary: false,
            profile: None,
        }
    }

    /// What sort of identifier it is.
    #[must_use]
    pub fn kind(&self) -> IdentityKind {
        self.identifier.kind()
    }

    /// The form to show.
    #[must_use]
    pub fn value(&self) -> &str {
        self.identifier.value()
    }

    /// The form to compare.
    #[must_use]
    pub fn folded(&self) -> &str {
        self.identifier.folded()
    }

    /// Whether the file says outright that it is proven.
    #[must_use]
    pub fn is_verified(&self) -> bool {
        self.verified == Some(true)
    }
}

/// Belonging to an organization, and what one may do there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// The organization's id at the former provider; `None` means the environment's default organization.
    pub external_id: Option<String>,
    /// Keys of roles.
    pub roles: Vec<String>,
    /// Keys of permissions beyond those of the roles.
    pub permissions: Vec<String>,
}
