//! Roles and permissions: what a member of an organization may do.
//!
//! A permission is a key, such as `read:reports`, that applications ask for. A role is a named set of permissions. Both
//! belong to the business, so that every environment speaks of the same ones; they are given to a person *in an
//! organization*, so that the same person may be an admin here and a reader there. A person may have permissions beyond
//! those of their roles. [`permissions_of_member`] is the one place that adds it all up.
//!
//! What a role means is the application's affair: Kith stores keys and puts them into tokens.

mod store;

mod create;
mod delete;
mod list;
mod update;

mod contents;
mod definition;
mod members;
pub mod permissions;
pub mod view;

pub mod admin;
pub mod api;

#[cfg(test)]
mod tests;

pub use contents::{ContentsError, add_permissions, permissions_of, remove_permission};
pub use create::{Assignment, CreateError, NewRole, create};
pub use definition::{
    Right, RightsOf, all_permissions, all_roles, define_permission, define_role,
    defined_permission, defined_role, rights_of,
};
pub use delete::delete;
pub use list::{default_roles, find, find_many_by_keys, list};
pub use members::{
    AssignError, Held, assign, assign_many, grant, grant_many, held_by_member, of_member,
    of_members, permissions_of_member, revoke, set_permissions, set_roles, unassign,
};
pub use update::{Changes, UpdateError, update};

use crate::error::{Code, Coded};
use crate::id::RoleId;

/// A named set of permissions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// Its id.
    pub id: RoleId,
    /// The key by which programs know it, such as `admin`.
    pub key: String,
    /// What people call it.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// Whether people get it when they sign up.
    pub is_default_role: bool,
}

/// There is no such role in this business.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there is no role with this id")]
pub struct NotFound;

impl Coded for NotFound {
    fn code(&self) -> Code {
        Code::ROLE_NOT_FOUND
    }
}

/// A key or a name breaks the rules of roles and permissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidText {
    /// The key is empty, too long, or has a space in it: tokens and filters list keys.
    #[error("a key has 1 to 255 characters, with no spaces or commas; send `key`")]
    Key,
    /// The name is empty or too long.
    #[error("a name has 1 to 255 characters; send `name`")]
    Name,
}

const MAX_CHARACTERS: usize = 255;

/// The key as it is stored.
fn parse_key(text: &str) -> Result<String, InvalidText> {
    let key = text.trim();
    let has_gap = key
        .chars()
        .any(|c| c.is_whitespace() || c.is_control() || c == ',');
    if key.is_empty() || has_gap || key.chars().count() > MAX_CHARACTERS {
        return Err(InvalidText::Key);
    }
    Ok(key.to_owned())
}

/// The name as it is stored.
fn parse_name(text: &str) -> Result<String, InvalidText> {
    let name = text.trim();
    if name.is_empty() || name.contains('\0') || name.chars().count() > MAX_CHARACTERS {
        return Err(InvalidText::Name);
    }
    Ok(name.to_owned())
}

/// The description as it is stored; an empty one is none.
fn parse_description(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned())
        .filter(|text| !text.is_empty())
}
