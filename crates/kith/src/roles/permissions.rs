//! Permissions: the keys that applications ask for.

use db::Tx;

use super::store::permissions as store;
use super::{InvalidText, parse_description, parse_key, parse_name};
use crate::context::Context;
use crate::error::{Code, Coded};
use crate::id::PermissionId;
use crate::paging::{Key, Page, Wanted};

/// Something that a person may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permission {
    /// Its id.
    pub id: PermissionId,
    /// The key by which programs know it, such as `read:reports`.
    pub key: String,
    /// What people call it.
    pub name: String,
    /// What it allows.
    pub description: Option<String>,
}

/// A permission to be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewPermission {
    /// The key by which programs know it.
    pub key: String,
    /// What people call it; the key when empty.
    pub name: String,
    /// What it allows.
    pub description: Option<String>,
}

/// What is to be changed of a permission; `None` leaves it as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Another key.
    pub key: Option<String>,
    /// Another name.
    pub name: Option<String>,
    /// Another description; an empty one takes it away.
    pub description: Option<String>,
}

/// There is no such permission in this business.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there is no permission with this id")]
pub struct NotFound;

impl Coded for NotFound {
    fn code(&self) -> Code {
        Code::PERMISSION_NOT_FOUND
    }
}

/// Why a permission was not created or changed.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// There is no such permission.
    #[error(transparent)]
    NotFound(#[from] NotFound),
    /// The key or the name breaks the rules.
    #[error(transparent)]
    Invalid(#[from] InvalidText),
    /// The business has another permission with this key.
    #[error("another permission has the key {0}; choose another one")]
    KeyTaken(String),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Coded for WriteError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound(error) => error.code(),
            Self::Invalid(_) => Code::INVALID_REQUEST,
            Self::KeyTaken(_) => Code::PERMISSION_KEY_TAKEN,
            Self::Db(error) => Coded::code(error),
        }
    }
}

/// Creates a permission that nobody has yet.
///
/// # Errors
/// [`WriteError::Invalid`], [`WriteError::KeyTaken`], and when the database fails.
pub async fn create(
    cx: &Context,
    tx: &mut Tx,
    new: NewPermission,
) -> Result<Permission, WriteError> {
    let key = parse_key(&new.key)?;
    let name = if new.name.trim().is_empty() {
        key.clone()
    } else {
        parse_name(&new.name)?
    };
    let permission = Permission {
        id: cx.new_id(),
        key,
        name,
        description: parse_description(new.description),
    };
    let outcome = store::insert(tx, cx, &permission).await;
    unless_taken(outcome, &permission.key)?;
    Ok(permission)
}

/// Changes a permission. Everyone who has it has it under the new key.
///
/// # Errors
/// [`WriteError`], one variant for each reason.
pub async fn update(
    cx: &Context,
    tx: &mut Tx,
    id: &PermissionId,
    changes: Changes,
) -> Result<(), WriteError> {
    let mut permission = find(cx, tx, id).await?.ok_or(NotFound)?;
    if let Some(key) = changes.key {
        permission.key = parse_key(&key)?;
    }
    if let Some(name) = changes.name {
        permission.name = parse_name(&name)?;
    }
    if changes.description.is_some() {
        permission.description = parse_description(changes.description);
    }
    let outcome = store::update(tx, &permission).await;
    unless_taken(outcome, &permission.key)
}

/// Deletes a permission and takes it from every role and everyone. Says whether there was one.
///
/// # Errors
/// When the database fails.
pub async fn delete(cx: &Context, tx: &mut Tx, id: &PermissionId) -> Result<bool, db::Error> {
    store::delete(tx, cx, id).await
}

/// The permission with this id.
///
/// # Errors
/// When the database fails.
pub async fn find(
    cx: &Context,
    tx: &mut Tx,
    id: &PermissionId,
) -> Result<Option<Permission>, db::Error> {
    store::find(tx, cx, id).await
}

/// Those of these keys that are permissions, in no order.
///
/// # Errors
/// When the database fails.
pub async fn find_many_by_keys(
    cx: &Context,
    tx: &mut Tx,
    keys: &[&str],
) -> Result<Vec<Permission>, db::Error> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    store::with_keys(tx, cx, keys).await
}

/// A page of the permissions, by name or id.
///
/// # Errors
/// When the database fails.
pub async fn list(
    cx: &Context,
    tx: &mut Tx,
    wanted: &Wanted,
) -> Result<Page<Permission>, db::Error> {
    let rows = store::page(tx, cx, wanted).await?;
    Ok(wanted.page(rows, |permission| sort_key(permission, wanted)))
}

/// By what a list of permissions is sorted.
pub(super) fn sort_key<'a>(permission: &'a Permission, wanted: &Wanted) -> (&'a str, &'a str) {
    let id = permission.id.as_str();
    match wanted.order().key {
        Key::Id => ("", id),
        Key::Name | Key::Email => (&permission.name, id),
    }
}

fn unless_taken(outcome: Result<(), db::Error>, key: &str) -> Result<(), WriteError> {
    match outcome {
        Err(error) if error.is_unique_violation("permissions_key_key") => {
            Err(WriteError::KeyTaken(key.to_owned()))
        }
        outcome => Ok(outcome?),
    }
}
