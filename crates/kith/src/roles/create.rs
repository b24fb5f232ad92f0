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
    /// Who may give it to others.
    pub assignment: Assignment,
}

/// Who among an organization's administrators may give a role to others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Assignment {
    /// All of them.
    #[default]
    Anyone,
    /// Those who have this permission.
    Holders(PermissionId),
}

impl Assignment {
    /// The permission that is asked for, once it is known to be one.
    pub(super) async fn permission(
        &self,
        cx: &Context,
        tx: &mut Tx,
    ) -> Result<Option<&PermissionId>, CreateError> {
        match self {
            Self::Anyone => Ok(None),
            Self::Holders(id) => match permissions::find(cx, tx, id).await? {
                Some(_) => Ok(Some(id)),
                None => Err(permissions::NotFound.into()),
            },
        }
    }
}

/// Why a role was not created.
#[derive(Debug, thiserror::Error)]
pub enum CreateError {
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
    Db(db::Error),
}

impl From<db::Error> for CreateError {
    fn from(error: db::Error) -> Self {
        if error.is_unique_violation("roles_key_key") {
            Self::KeyTaken
        } else {
            Self::Db(error)
        }
    }
}

impl Coded for CreateError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(_) => Code::INVALID_REQUEST,
            Self::KeyTaken => Code::ROLE_KEY_TAKEN,
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
    let assignment_permission = new.assignment.permission(cx, tx).await?;
    let role = Role {
        id: cx.new_id(),
        key,
        name,
        description: parse_description(new.description),
        is_default_role: new.is_default_role,
    };
    store::insert(tx, cx, &role, assignment_permission).await?;
    Ok(role)
}
