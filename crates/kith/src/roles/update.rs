//! Changing a role.

use db::Tx;

use super::{
    Assignment, CreateError, InvalidText, NotFound, parse_description, parse_key, parse_name, store,
};
use crate::context::Context;
use crate::error::{Code, Coded};
use crate::id::RoleId;

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
    /// Who may give it to others.
    pub assignment: Option<Assignment>,
}

/// Why a role was not changed.
#[derive(Debug, thiserror::Error)]
pub enum UpdateError {
    /// There is no such role.
    #[error(transparent)]
    NotFound(#[from] NotFound),
    /// A value breaks the rules or belongs to another role, or the database failed.
    #[error(transparent)]
    Refused(#[from] CreateError),
}

impl From<db::Error> for UpdateError {
    fn from(error: db::Error) -> Self {
        Self::Refused(error.into())
    }
}

impl From<InvalidText> for UpdateError {
    fn from(error: InvalidText) -> Self {
        Self::Refused(error.into())
    }
}

impl Coded for UpdateError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound(error) => error.code(),
            Self::Refused(error) => error.code(),
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
    store::update(tx, &role).await?;
    if let Some(assignment) = changes.assignment {
        let permission = assignment.permission(cx, tx).await?;
        store::set_assignment_permission(tx, id, permission).await?;
    }
    Ok(())
}
