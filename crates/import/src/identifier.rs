//! How people are told apart when they sign in: e-mail addresses, phone numbers, usernames, and accounts elsewhere.
//!
//! Each is a type whose `parse` is the only way in. It keeps what was typed, for showing and for sending, and a *folded*
//! form, for comparing: two spellings of one identifier have the same folded form, which is what unique indexes hold.
//! Folding is done here and nowhere else, because databases disagree on lower case beyond ASCII.
//!
//! What is not checked: that an address exists, or that its owner is the person. Only a code sent there proves that.

mod email;
mod kind;
mod phone;
mod username;

pub use email::{EmailAddress, InvalidEmail};
pub use kind::{IdentityKind, UnknownKind};
pub use phone::{InvalidPhone, PhoneNumber};
pub use username::{InvalidUsername, Username};

/// One way to point at one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Identifier {
    /// An address that can receive a code.
    Email(EmailAddress),
    /// A number that can receive a code.
    Phone(PhoneNumber),
    /// A name the person chose.
    Username(Username),
    /// An account at another provider.
    Social {
        /// The provider's short name, `google`.
        provider: String,
        /// The account's id there, compared byte by byte.
        subject: String,
    },
}

impl Identifier {
    /// What sort of identifier it is.
    #[must_use]
    pub fn kind(&self) -> IdentityKind {
        match self {
            Self::Email(_) => IdentityKind::Email,
            Self::Phone(_) => IdentityKind::Phone,
            Self::Username(_) => IdentityKind::Username,
            Self::Social { provider, .. } => IdentityKind::Social {
                provider: provider.clone(),
            },
        }
    }

    /// The form to show: as it was typed.
    #[must_use]
    pub fn value(&self) -> &str {
        match self {
            Self::Email(email) => email.as_str(),
            Self::Phone(phone) => phone.as_str(),
            Self::Username(username) => username.as_str(),
            Self::Social { subject, .. } => subject,
        }
    }

    /// The form to compare, unique within its kind.
    #[must_use]
    pub fn folded(&self) -> &str {
        match self {
            Self::Email(email) => email.folded(),
            Self::Phone(phone) => phone.folded(),
            Self::Username(username) => username.folded(),
            Self::Social { subject, .. } => subject,
        }
    }

    /// Whether a password can be typed beside it: an account elsewhere has its own sign-in.
    #[must_use]
    pub fn takes_password(&self) -> bool {
        !matches!(self, Self::Social { .. })
    }

    /// Whether it is this kind with this folded form.
    #[must_use]
    pub fn is(&self, kind: &IdentityKind, folded: &str) -> bool {
        let same_kind = match (self, kind) {
            (Self::Email(_), IdentityKind::Email)
            | (Self::Phone(_), IdentityKind::Phone)
            | (Self::Username(_), IdentityKind::Username) => true,
            (Self::Social { provider, .. }, IdentityKind::Social { provider: other }) => {
                provider == other
            }
            _ => false,
        };
        same_kind && self.folded() == folded
    }
}
