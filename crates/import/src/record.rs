//! The normalized person: what every source's rows become, whatever the provider called things.
//!
//! Everything is parsed: an address is an [`EmailAddress`](crate::identifier::EmailAddress), a hash a [`password::Hash`].
//! What the file does not say is absent (`None`, an empty list), which is not the same as false or blank: an import
//! changes only what the file says, so a second file with two columns leaves everything else as it was.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

use crate::identifier::{Identifier, IdentityKind};

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
    /// When the account was made at the former provider, Unix milliseconds.
    pub created_at: Option<i64>,
    /// The last sign-in at the former provider, Unix milliseconds.
    pub last_sign_in_at: Option<i64>,
    /// Whether the former provider let the person in.
    pub suspended: Option<bool>,
    /// E-mail addresses, numbers, names and accounts elsewhere, in the order of the file.
    pub identities: Vec<Identity>,
    /// The password's hash, in its original scheme.
    pub password: Option<password::Hash>,
    /// Whether a new password must be chosen at the next sign-in.
    pub must_reset_password: Option<bool>,
    /// Whether the password alone proves who the person is; otherwise a code is asked once.
    pub password_verified: Option<bool>,
    /// The secret of an authenticator app.
    pub totp: Option<Totp>,
    /// Organizations, with the roles held in each.
    pub organizations: Vec<Membership>,
    /// Properties that the person may see.
    pub properties: BTreeMap<String, Value>,
    /// Properties for programs only.
    pub private_properties: BTreeMap<String, Value>,
    /// Feature flags set for this person.
    pub feature_flags: BTreeMap<String, Value>,
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

/// An authenticator app's secret, six digits every 30 seconds over HMAC-SHA-1 (the defaults of RFC 6238).
#[derive(Clone, PartialEq, Eq)]
pub struct Totp {
    secret: String,
}

/// The text is not an authenticator secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an authenticator secret is base32: letters A to Z and digits 2 to 7")]
pub struct InvalidTotp;

impl Totp {
    /// The secret in `text`: base32 (RFC 4648 §6), padded or not, in any case, with or without spaces.
    ///
    /// # Errors
    ///
    /// When it is empty or not base32.
    pub fn parse(text: &str) -> Result<Self, InvalidTotp> {
        let secret: String = text
            .trim_end_matches('=')
            .chars()
            .filter(|c| *c != ' ')
            .map(|c| c.to_ascii_uppercase())
            .collect();
        let is_base32 = secret
            .bytes()
            .all(|b| b.is_ascii_uppercase() || (b'2'..=b'7').contains(&b));
        if is_base32 && !secret.is_empty() {
            Ok(Self { secret })
        } else {
            Err(InvalidTotp)
        }
    }

    /// The secret as unpadded base32 in upper case. Anyone who has it can make codes: encrypt it before storing.
    #[must_use]
    pub fn secret(&self) -> &str {
        &self.secret
    }
}

impl fmt::Debug for Totp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Totp(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_authenticator_secret_is_base32_and_never_printed() {
        let totp = Totp::parse("jbsw y3dp ehpk 3pxp==").unwrap();
        assert_eq!(totp.secret(), "JBSWY3DPEHPK3PXP");
        assert_eq!(format!("{totp:?}"), "Totp(…)");
        for text in ["", "==", "JBSW1", "JBSW-Y3"] {
            assert_eq!(Totp::parse(text), Err(InvalidTotp), "{text}");
        }
    }
}
