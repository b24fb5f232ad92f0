//! Organizations: the business's customers, and who belongs to them.
//!
//! An organization is a tenant: people are members of any number of them, and have roles and permissions in each
//! ([`crate::roles`]). There is one list of them, no tree. Each environment has one default organization: whoever signs up
//! or is created without another one goes there, unless it doesn't let people in by itself
//! ([`Organization::is_auto_membership_enabled`]). It can be renamed, and neither suspended nor deleted.
//!
//! The id is what Kinde calls the organization's code; it never changes. The handle is for addresses, the external id is the
//! organization's id in another system, by which imports find it.

mod store;

mod create;
mod default;
mod definition;
mod delete;
mod import;
mod list;
mod members;
mod update;
pub mod view;

pub mod admin;
pub mod api;

#[cfg(test)]
mod tests;

pub use create::{CreateError, NewOrganization, create};
pub use default::{default, ensure_default};
pub use definition::{
    DefineError, Standing, add_standings, check_definition, define, defined, find_many_by_codes,
    standings, whole,
};
pub use delete::{DeleteError, delete};
pub use import::{ImportError, Imported, MAX_TOLD, Mode, OrganizationTally, import_file};
pub use list::{
    count, find, find_by_external_id, find_by_handle, find_many_by_external_ids, list, search,
};
pub use members::{
    Filter, JoinError, Listed, MemberError, Membership, NewMember, Rights, UpsertOutcome,
    add_member, add_members_many, count_members, is_member, join, members, of_user, of_users,
    record_sign_in, remove_member, set_member,
};
pub use update::{Changes, UpdateError, update};

use crate::error::{Code, Coded};
use crate::id::OrganizationId;
use crate::time::Timestamp;

/// A tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organization {
    /// Its id, also called its code.
    pub id: OrganizationId,
    /// What people call it.
    pub name: String,
    /// A short name for addresses.
    pub handle: Option<String>,
    /// Its id in another system.
    pub external_id: Option<String>,
    /// Whether it is the one for people without another one.
    pub is_default: bool,
    /// Whether people may join by themselves: by passing its code, and for the default one without that.
    pub is_auto_membership_enabled: bool,
    /// Whether its members are kept from signing in to it.
    pub is_suspended: bool,
    /// Since when they are.
    pub suspended_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// There is no such organization in this environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there is no organization with this code")]
pub struct NotFound;

impl Coded for NotFound {
    fn code(&self) -> Code {
        Code::ORGANIZATION_NOT_FOUND
    }
}

/// A name, handle or external id breaks the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidText {
    /// The name is empty or too long.
    #[error("an organization's name has 1 to 255 characters; send `name`")]
    Name,
    /// The handle has another character than addresses bear, or too many.
    #[error("a handle has 1 to 64 characters, each a letter a to z, a digit, - or _")]
    Handle,
    /// The external id is too long.
    #[error("an external id has at most 255 characters")]
    ExternalId,
}

const MAX_CHARACTERS: usize = 255;

fn parse_name(text: &str) -> Result<String, InvalidText> {
    let name = text.trim();
    if name.is_empty() || name.contains('\0') || name.chars().count() > MAX_CHARACTERS {
        return Err(InvalidText::Name);
    }
    Ok(name.to_owned())
}

/// The handle as it is stored, in small letters: it becomes part of host names, which know no others (RFC 4343).
fn parse_handle(text: &str) -> Result<Option<String>, InvalidText> {
    let handle = text.trim().to_ascii_lowercase();
    if handle.is_empty() {
        return Ok(None);
    }
    let characters_fit = handle
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    if !characters_fit || handle.len() > 64 {
        return Err(InvalidText::Handle);
    }
    Ok(Some(handle))
}

fn parse_external_id(text: &str) -> Result<Option<String>, InvalidText> {
    let id = text.trim();
    if id.contains('\0') || id.chars().count() > MAX_CHARACTERS {
        return Err(InvalidText::ExternalId);
    }
    Ok((!id.is_empty()).then(|| id.to_owned()))
}
