//! What can go wrong with memberships.

use super::super::NotFound;
use crate::error::{Code, Coded};
use crate::id::UserId;

/// Why a membership was not made, changed or ended.
#[derive(Debug, thiserror::Error)]
pub enum MemberError {
    /// There is no such organization.
    #[error(transparent)]
    NoOrganization(#[from] NotFound),
    /// There is no such person.
    #[error("there is no user with the id {0}")]
    NoUser(UserId),
    /// The person is not a member.
    #[error("the user {0} is not a member of the organization")]
    NotAMember(UserId),
    /// No role has this key.
    #[error("there is no role with the key {0}; keys are compared letter by letter")]
    UnknownRole(String),
    /// No permission has this key.
    #[error("there is no permission with the key {0}; keys are compared letter by letter")]
    UnknownPermission(String),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Coded for MemberError {
    fn code(&self) -> Code {
        match self {
            Self::NoOrganization(error) => error.code(),
            Self::NoUser(_) => Code::USER_NOT_FOUND,
            Self::NotAMember(_) => Code::USER_NOT_IN_ORGANIZATION,
            Self::UnknownRole(_) => Code::UNKNOWN_ROLE_KEY,
            Self::UnknownPermission(_) => Code::UNKNOWN_PERMISSION_KEY,
            Self::Db(error) => Coded::code(error),
        }
    }
}

/// Why a new person didn't join.
#[derive(Debug, thiserror::Error)]
pub enum JoinError {
    /// There is no such organization.
    #[error(transparent)]
    NoOrganization(#[from] NotFound),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Coded for JoinError {
    fn code(&self) -> Code {
        match self {
            Self::NoOrganization(error) => error.code(),
            Self::Db(error) => Coded::code(error),
        }
    }
}
