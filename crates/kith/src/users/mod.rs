//! People: their profile, the names by which they are known, their state.
//!
//! A [`User`] is a person in one environment. They are known by [`Identity`]s: e-mail addresses, phone numbers, usernames,
//! accounts elsewhere. In an environment an identity belongs to one person at most. Each kind has one primary among a
//! person's identities; it is the one that tokens and lists show. Identities are not edited: a new one is added, the old one
//! removed, so that what was proved of one address is never believed of another.
//!
//! What a person proves their identity with is the affair of [`crate::credentials`]; where they belong, of
//! [`crate::organizations`].
//!
//! Identities are compared folded ([`crate::users::Identifier`]), never as typed.

mod store;

mod create;
mod delete;
mod digest;
mod find;
mod identities;
mod lifecycle;
mod list;
mod matching;
mod sign_ins;
mod update;
pub mod view;

pub mod admin;
pub mod api;

#[cfg(test)]
mod tests;

pub use create::{
    CreateError, Created, Kept, KeptIdentity, NewIdentity, NewUser, Source, create, create_many,
};
pub use delete::{delete, delete_many};
pub use find::{find, find_by_any_identifier, find_by_identifier, find_by_provided_id, is_anybody};
pub use identities::{
    AddIdentityError, IdentityNotFound, add_identity, find_identity, identities, identities_of,
    make_primary, remove_identity, verify_identity,
};
pub use import::identifier::{EmailAddress, Identifier, IdentityKind, PhoneNumber, Username};
pub use lifecycle::{
    clear_password_reset, end_suspensions, request_password_reset, suspend, suspend_until,
    unsuspend,
};
pub use list::{Filter, count, count_arrived, list, search};
pub use matching::{Keys, Matched, TakenIds, match_many, taken_ids};
pub use sign_ins::{record_failed_sign_in, record_sign_in};
pub use update::{Changes, UpdateError, update};

use crate::error::{Code, Coded};
use crate::id::{IdentityId, ImportRunId, UserId};
use crate::time::Timestamp;

/// A person.
#[expect(
    clippy::struct_excessive_bools,
    reason = "the four say unrelated things"
)]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Their id, the `sub` of their tokens.
    pub id: UserId,
    /// The id that they had in the former system.
    pub provided_id: Option<String>,
    /// First name.
    pub given_name: Option<String>,
    /// Last name.
    pub family_name: Option<String>,
    /// Address of a portrait.
    pub picture: Option<String>,
    /// The language that they read, a BCP 47 tag.
    pub locale: Option<String>,
    /// The primary e-mail address, as typed.
    pub email: Option<String>,
    /// Whether they proved to own that address.
    pub is_email_verified: bool,
    /// The primary phone number.
    pub phone: Option<String>,
    /// Whether they proved to own that number.
    pub is_phone_verified: bool,
    /// The primary username, as typed.
    pub username: Option<String>,
    /// Whether they are kept from signing in; [`User::is_kept_out`] tells whether that still holds.
    pub is_suspended: bool,
    /// When a suspension that ends by itself ends or has ended.
    pub suspended_until: Option<Timestamp>,
    /// Whether they must choose a new password at the next sign-in.
    pub is_password_reset_requested: bool,
    /// Where they came from: `sign_up`, `api`, `dashboard`, `setup`, or the name of an import's source.
    pub source: String,
    /// The import that brought them.
    pub import_run_id: Option<ImportRunId>,
    /// What the former system knew besides, a JSON object.
    pub properties: Option<String>,
    /// How often they have signed in here.
    pub total_sign_ins: i64,
    /// How often in a row somebody failed to sign in as them.
    pub failed_sign_ins: i64,
    /// When they last signed in, in the former system if not yet here.
    pub last_signed_in_at: Option<Timestamp>,
    /// When they were created here.
    pub created_at: Timestamp,
    /// When something about them last changed.
    pub updated_at: Timestamp,
}

impl User {
    /// What to call them: their names, else what they sign in with, else their id.
    #[must_use]
    pub fn display_name(&self) -> String {
        full_name(self.given_name.as_deref(), self.family_name.as_deref())
            .or_else(|| self.email.clone())
            .or_else(|| self.username.clone())
            .or_else(|| self.phone.clone())
            .unwrap_or_else(|| self.id.to_string())
    }

    /// Whether they may not sign in at this instant.
    #[must_use]
    pub fn is_kept_out(&self, now: Timestamp) -> bool {
        self.is_suspended && self.suspended_until.is_none_or(|until| now < until)
    }

    /// The e-mail address that tokens show.
    #[must_use]
    pub fn primary_email(&self) -> Option<&str> {
        self.email.as_deref()
    }
}

/// One name by which a person is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Its id.
    pub id: IdentityId,
    /// Whose it is.
    pub user_id: UserId,
    /// What sort of name.
    pub kind: IdentityKind,
    /// As it was typed.
    pub value: String,
    /// As it is compared.
    pub folded: String,
    /// Whether the person proved to own it.
    pub is_verified: bool,
    /// Whether it is the one of its kind that is shown.
    pub is_primary: bool,
    /// What a social provider said, JSON.
    pub profile: Option<String>,
    /// How often it served to sign in.
    pub total_sign_ins: i64,
    /// When it last did.
    pub last_signed_in_at: Option<Timestamp>,
    /// When it was added.
    pub created_at: Timestamp,
}

impl Identity {
    /// The name as a value with rules; none when what is stored does not pass them any more.
    #[must_use]
    pub fn identifier(&self) -> Option<Identifier> {
        Some(match &self.kind {
            IdentityKind::Email => Identifier::Email(EmailAddress::parse(&self.value).ok()?),
            IdentityKind::Phone => Identifier::Phone(PhoneNumber::parse(&self.value).ok()?),
            IdentityKind::Username => Identifier::Username(Username::parse(&self.value).ok()?),
            IdentityKind::Social { provider } => Identifier::Social {
                provider: provider.clone(),
                subject: self.value.clone(),
            },
        })
    }
}

/// There is no such user in this environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there is no user with this id")]
pub struct NotFound;

impl Coded for NotFound {
    fn code(&self) -> Code {
        Code::USER_NOT_FOUND
    }
}

/// Both names in one; none when there is neither.
#[must_use]
pub fn full_name(given: Option<&str>, family: Option<&str>) -> Option<String> {
    match (given, family) {
        (Some(given), Some(family)) => Some(format!("{given} {family}")),
        (Some(name), None) | (None, Some(name)) => Some(name.to_owned()),
        (None, None) => None,
    }
}

/// Both names as search compares them.
fn folded_name(given: Option<&str>, family: Option<&str>) -> String {
    full_name(given, family).unwrap_or_default().to_lowercase()
}
