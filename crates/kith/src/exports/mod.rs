//! Exports: everything that people are here, as a file for another installation, another provider, or programs of one's own.
//!
//! ```text
//! snapshot ─▶ records ─▶ target ─▶ pieces of text ─▶ whoever writes them
//!             exports/   import/   exports/
//!             people.rs  target/   stream.rs
//! ```
//!
//! An export reads one snapshot of the database, whoever writes meanwhile, some hundred people at a time: its memory doesn't grow
//! with their number. Everything comes in the order of its id, so that the same state gives the same bytes. Secrets (hashes,
//! secrets of authenticator apps) are in it only when somebody asks for them by name.
//!
//! The targets are values of the `import` crate, where the sources are; what they can't say of somebody they tell as a loss, and
//! [`Losses`] counts and keeps. Our own target loses nothing: `kith import kith` reads it back to the same state.
//!
//! Not in any export: who administers the business, applications and their secrets, signing keys, sessions, mails, events.

pub mod admin;
pub mod api;
pub mod view;

mod losses;
mod people;
mod stream;

pub use losses::{Counted, Losses};
pub use stream::{Piece, export};

#[cfg(test)]
mod tests;

use std::str::FromStr;

use import::target::Target;

use crate::credentials::former::FormerError;
use crate::credentials::moved::MoveError;
use crate::error::{Code, Coded};

/// What is exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// People.
    Users,
    /// Organizations, without their members.
    Organizations,
    /// Permissions, roles, organizations and people.
    All,
}

impl What {
    /// As it is written on command lines and in forms.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Users => "users",
            Self::Organizations => "organizations",
            Self::All => "all",
        }
    }
}

/// The text is none of `users`, `organizations` and `all`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an export is of users, organizations or all")]
pub struct UnknownWhat;

impl FromStr for What {
    type Err = UnknownWhat;

    fn from_str(text: &str) -> Result<Self, UnknownWhat> {
        [Self::Users, Self::Organizations, Self::All]
            .into_iter()
            .find(|what| what.as_str() == text)
            .ok_or(UnknownWhat)
    }
}

/// An export to be.
#[derive(Debug, Clone, Copy)]
pub struct Order {
    /// What is exported.
    pub what: What,
    /// Into which format.
    pub target: &'static Target,
    /// Whether hashes and the secrets of factors come along.
    pub with_secrets: bool,
}

/// An export could not begin, or go on.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The format has no place for organizations by themselves.
    #[error("{0} has no place for organizations; export users, or export in the format `kith`")]
    UsersOnly(&'static str),
    /// A stored password can't be read.
    #[error(transparent)]
    Password(MoveError),
    /// A stored factor can't be read.
    #[error(transparent)]
    Factor(FormerError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl From<MoveError> for ExportError {
    fn from(error: MoveError) -> Self {
        match error {
            MoveError::Db(error) => Self::Db(error),
            error @ MoveError::Stored(..) => Self::Password(error),
        }
    }
}

impl From<FormerError> for ExportError {
    fn from(error: FormerError) -> Self {
        match error {
            FormerError::Db(error) => Self::Db(error),
            error => Self::Factor(error),
        }
    }
}

impl Coded for ExportError {
    fn code(&self) -> Code {
        match self {
            Self::UsersOnly(_) => Code::INVALID_REQUEST,
            Self::Password(error) => error.code(),
            Self::Factor(error) => error.code(),
            Self::Db(error) => Coded::code(error),
        }
    }
}
