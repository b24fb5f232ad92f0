//! Creating a role.

use db::Tx;

use super::{InvalidText, Role, parse_description, parse_key, parse_name, permissions, store};
use crate::context::Context;
use crate::error::{Code, Coded};
use crate::id::PermissionId;

/// A role to be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewRole {
    /// The key by which programs know it.
    pub key: String,
    /// What people call it; the key when empty.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// Whether people get it when they sign up.
    pub is_default_role: bool,
    /// The permission without which an administrator of an organization may not give this role to others.
    pub assignment_permission: Option<PermissionId>,
}

/// Why a role was not created.
#[derive(Debug, thiserror::Error)]
pub enum CreateError {
    /// The key or the name breaks the rules.
    #[error(transparent)]
    Invalid(#[from] InvalidText),
    /// The business has a role with this key.
    #[error("another role has the key {0}; choose another one")]
    KeyTaken(String),
    /// There is no such permission to ask for.
    #[error(transparent)]
    NoPermission(#[from] permissions::NotFound),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Coded for CreateError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(_) => Code::INVALID_REQUEST,
            Self::KeyTaken(_) => Code::ROLE_KEY_TAKEN,
            Self::NoPermission(error) => error.code(),
            Self::Db(error) => Coded::code(error),
        }
    }
}

/// Creates a role without permissions.
///
/// # Errors
/// [`CreateError`], one variant for each reason.
pub async fn create(cx: &Context, tx: &mut Tx, new: NewRole) -> Result<Role, CreateError> {
    let key = parse_key(&new.key)?;
    let name = if new.name.trim().is_empty() {
        key.clone()
    } else {
        parse_name(&new.name)?
    };
    if let Some(permission) = &new.assignment_permission {
        permissions::find(cx, tx, permission)
            .await?
            .ok_or(permissions::NotFound)?;
    }
    let role = Role {
        id: cx.new_id(),
        key,
        name,
        description: parse_description(new.description),
        is_default_role: new.is_default_role,
    };
    match store::insert(tx, cx, &role, new.assignment_permission.as_ref()).await {
        Err(error) if error.is_unique_violation("roles_key_key") => {
            Err(CreateError::KeyTaken(role.key))
        }
        outcome => Ok(outcome.map(|()| role)?),
    }
}
