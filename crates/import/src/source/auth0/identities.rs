//! The accounts that one user signs in with: a password, a code, or an account at another provider.

use serde_json::Value;

use crate::draft::{self, Draft};
use crate::identifier::Identifier;
use crate::objects::Object;
use crate::problem::Refusal;
use crate::value;

/// An element of `identities`.
pub(super) struct Account<'a> {
    provider: &'a str,
    connection: &'a str,
    subject: String,
    profile: Option<&'a Object>,
}

impl<'a> Account<'a> {
    pub(super) fn read(object: &'a Object) -> Result<Self, Refusal> {
        Ok(Self {
            provider: value::string(object, &["provider"])?.1,
            connection: value::string(object, &["connection"])?.1,
            subject: value::id_field(object, &["user_id"])?.unwrap_or_default(),
            profile: value::object_field(object, &["profileData"])?,
        })
    }

    /// What the id of a user tells of their account.
    pub(super) fn bare(provider: &'a str, subject: &str) -> Self {
        Self {
            provider,
            connection: "",
            subject: subject.to_owned(),
            profile: None,
        }
    }

    /// The social provider and the id there. Providers that customers add themselves are all called `oauth2`, and the
    /// connection's name stands before the id.
    fn social(&self) -> Option<(&'static str, &str)> {
        let (name, subject) = if self.provider == "oauth2" {
            let (connection, subject) = self
                .subject
                .split_once('|')
                .unwrap_or((self.connection, &self.subject));
            (connection, subject)
        } else {
            (self.provider, self.subject.as_str())
        };
        Some((draft::provider(name)?, subject))
    }

    fn field(&self, name: &'static str) -> Result<&'a str, Refusal> {
        match self.profile {
            Some(profile) => Ok(value::string(profile, &[name])?.1),
            None => Ok(""),
        }
    }

    fn flag(&self, name: &'static str) -> Result<Option<bool>, Refusal> {
        match self.profile {
            Some(profile) => value::flag_field(profile, &[name]),
            None => Ok(None),
        }
    }
}

/// Adds what an account stands for.
pub(super) fn add(account: &Account<'_>, draft: &mut Draft) -> Result<(), Refusal> {
    match account.provider {
        "auth0" => {
            // The password file knows a linked account by its own id, not by that of the user it was linked to.
            let id = format!("auth0|{}", account.subject);
            if !account.subject.is_empty() && draft.record.provided_id.as_ref() != Some(&id) {
                draft.record.alternate_ids.push(id);
            }
        }
        // Signs in with a code. The address is usually the one at the top; of a linked account it is in the profile.
        "email" => {
            let email = value::email("profileData.email", account.field("email")?);
            if let Some(email) = draft.spare(email) {
                draft.identify(email, account.flag("email_verified")?);
            }
        }
        "sms" => {
            let phone = value::phone("profileData.phone_number", account.field("phone_number")?);
            if let Some(phone) = draft.spare(phone) {
                draft.identify(phone, account.flag("phone_verified")?);
            }
        }
        provider => match account.social() {
            Some((name, subject)) if !subject.is_empty() => {
                let identifier = Identifier::Social {
                    provider: name.to_owned(),
                    subject: subject.to_owned(),
                };
                let identity = draft.identify(identifier, None);
                identity.profile = account.profile.cloned().map(Value::Object);
            }
            _ => draft.foreign_account("identities", provider),
        },
    }
    Ok(())
}
