//! Environment variables: what workflows read by `getEnvironmentVariable`.
//!
//! A sensitive one is sealed where it lies, is never shown again and is taken out of whatever is kept of runs. To change it is to
//! delete it and to make it again.

use db::Tx;

use super::{WorkflowsError, store, touched};
use crate::context::Context;
use crate::id::VariableId;
use crate::secret::{Secret, Unsealable};
use crate::time::Timestamp;

/// For what sensitive values are sealed.
const PURPOSE: &str = "environment_variable";

/// The longest value, in bytes.
pub const MAX_VALUE: usize = 64 * 1024;

/// A variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// Its id.
    pub id: VariableId,
    /// Its name, as programs ask for it.
    pub key: String,
    /// The value; sealed where it is sensitive.
    pub(super) stored: String,
    /// Whether it is sensitive.
    pub is_secret: bool,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Variable {
    /// The value, where people may see it.
    #[must_use]
    pub fn shown(&self) -> Option<&str> {
        (!self.is_secret).then_some(self.stored.as_str())
    }

    /// The value, for a run.
    pub(super) fn reveal(&self, cx: &Context) -> Result<Secret, Unsealable> {
        if self.is_secret {
            cx.sealer().open_text(PURPOSE, &self.stored)
        } else {
            Ok(Secret::new(self.stored.as_str()))
        }
    }

    fn put(&mut self, cx: &Context, value: &Secret) {
        self.stored = if self.is_secret {
            cx.seal(PURPOSE, value.reveal())
        } else {
            value.reveal().to_owned()
        };
    }
}

/// Every variable of the environment, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn all(cx: &Context, tx: &mut Tx) -> Result<Vec<Variable>, db::Error> {
    store::all_variables(tx, &cx.environment().id).await
}

/// One variable.
///
/// # Errors
/// [`WorkflowsError::UnknownVariable`]; when the database fails.
pub async fn find(cx: &Context, tx: &mut Tx, id: &str) -> Result<Variable, WorkflowsError> {
    let unknown = || WorkflowsError::UnknownVariable(id.to_owned());
    let parsed = id.parse().map_err(|_| unknown())?;
    let found = store::find_variable(tx, &cx.environment().id, &parsed).await?;
    found.ok_or_else(unknown)
}

/// Whether a value is shown or sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sensitivity {
    /// Everybody who administers may see it.
    Plain,
    /// Nobody sees it again.
    Sensitive,
}

/// Makes a variable.
///
/// # Errors
/// [`WorkflowsError::VariableTaken`] when another one has the key, [`WorkflowsError::InvalidVariable`] when key or value can't be; when
/// the database fails.
pub async fn create(
    cx: &Context,
    tx: &mut Tx,
    key: &str,
    value: &Secret,
    sensitivity: Sensitivity,
) -> Result<Variable, WorkflowsError> {
    check(key, value)?;
    let mut variable = Variable {
        id: cx.new_id(),
        key: key.to_owned(),
        stored: String::new(),
        is_secret: sensitivity == Sensitivity::Sensitive,
        created_at: cx.now(),
    };
    variable.put(cx, value);
    store::insert_variable(tx, cx, &variable)
        .await
        .map_err(|error| taken(error, key))?;
    touched(cx, tx).await?;
    Ok(variable)
}

/// What changes of a variable.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// Another name.
    pub key: Option<String>,
    /// Another value.
    pub value: Option<Secret>,
    /// From now on it is sensitive, or is not.
    pub is_secret: Option<bool>,
}

/// Changes a variable.
///
/// # Errors
/// [`WorkflowsError::SecretVariable`] when a sensitive value would be changed or shown; otherwise as [`create`].
pub async fn update(
    cx: &Context,
    tx: &mut Tx,
    id: &str,
    change: Change,
) -> Result<Variable, WorkflowsError> {
    let mut variable = find(cx, tx, id).await?;
    let becomes_plain = change.is_secret == Some(false);
    if variable.is_secret && (change.value.is_some() || becomes_plain) {
        return Err(WorkflowsError::SecretVariable(variable.key));
    }
    let value = match change.value {
        Some(value) => value,
        None => variable.reveal(cx)?,
    };
    if let Some(key) = change.key {
        variable.key = key;
    }
    check(&variable.key, &value)?;
    variable.is_secret = change.is_secret.unwrap_or(variable.is_secret);
    variable.put(cx, &value);
    store::update_variable(tx, cx, &variable)
        .await
        .map_err(|error| taken(error, &variable.key))?;
    touched(cx, tx).await?;
    Ok(variable)
}

/// Deletes a variable.
///
/// # Errors
/// [`WorkflowsError::UnknownVariable`]; when the database fails.
pub async fn delete(cx: &Context, tx: &mut Tx, id: &str) -> Result<(), WorkflowsError> {
    let unknown = || WorkflowsError::UnknownVariable(id.to_owned());
    let parsed = id.parse().map_err(|_| unknown())?;
    if !store::delete_variable(tx, &cx.environment().id, &parsed).await? {
        return Err(unknown());
    }
    Ok(touched(cx, tx).await?)
}

fn check(key: &str, value: &Secret) -> Result<(), WorkflowsError> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    if key.is_empty() || key.len() > 128 || !key.chars().all(is_name) {
        return Err(WorkflowsError::InvalidVariable(
            "a key has 1 to 128 letters, digits, `_`, `-` and `.`",
        ));
    }
    if value.reveal().len() > MAX_VALUE {
        return Err(WorkflowsError::InvalidVariable(
            "a value has at most 64 KiB",
        ));
    }
    Ok(())
}

fn taken(error: db::Error, key: &str) -> WorkflowsError {
    if error.is_unique_violation("environment_variables_key_key") {
        WorkflowsError::VariableTaken(key.to_owned())
    } else {
        error.into()
    }
}
