//! Changing a role.

use db::Tx;

use super::{InvalidText, NotFound, parse_description, parse_key, parse_name, permissions, store};
use crate::context::Context;
use crate::error::{Code, Coded};
use crate::id::{PermissionId, RoleId};

/// What is to be changed of a role; `None` leaves it as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Another key.
    pub key: Option<String>,
    /// Another name.
    pub name: Option<String>,
    /// Another description; an empty one takes it away.
    pub description: Option<String>,
    /// Whether people get it when they sign up.
    pub is_default_role: Option<bool>,
    /// The permission that giving it to others asks for, or none any more.
    pub assignment_permission: Option<Option<PermissionId>>,
}

/// Why a role was not changed.
#[derive(Debug, thiserror::Error)]
pub enum UpdateError {
    /// There is no such role.
    #[error(transparent)]
    NotFound(#[from] NotFound),
    /// The key or the name breaks the rules.
    #[error(transparent)]
    Invalid(#[from] InvalidText),
    /// The business has another role with this key.
    #[error("another role has this key; choose another one")]
    KeyTaken,
    /// There is no such permission to ask for.
    #[error(transparent)]
    NoPermission(#[from] permissions::NotFound),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Coded for UpdateError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound(error) => error.code(),
            Self::Invalid(_) => Code::INVALID_REQUEST,
            Self::KeyTaken => Code::ROLE_KEY_TAKEN,
            Self::NoPermission(error) => error.code(),
            Self::Db(error) => Coded::code(error),
        }
    }
}

/// Changes a role.
///
/// # Errors
/// [`UpdateError`], one variant for each reason.
pub async fn update(
    cx: &Context,
    tx: &mut Tx,
    id: &RoleId,
    changes: Changes,
) -> Result<(), UpdateError> {
    let mut role = store::find(tx, cx, id).await?.ok_or(NotFound)?;
    if let Some(key) = changes.key {
        role.key = parse_key(&key)?;
    }
    if let Some(name) = changes.name {
        role.name = parse_name(&name)?;
    }
    if changes.description.is_some() {
        role.description = parse_description(changes.description);
    }
    role.is_default_role = changes.is_default_role.unwrap_or(role.is_default_role);
    match store::update(tx, &role).await {
        Err(error) if error.is_unique_violation("roles_key_key") => {
            return Err(UpdateError::KeyTaken);
        }
        outcome => outcome?,
    }
    if let Some(permission) = changes.assignment_permission {
        if let Some(permission) = &permission {
            permissions::find(cx, tx, permission)
                .await?
                .ok_or(permissions::NotFound)?;
        }
        store::set_assignment_permission(tx, id, permission.as_ref()).await?;
    }
    Ok(())
}
