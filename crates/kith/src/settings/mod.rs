//! What an environment's people may set at run time.
//!
//! Settings come in groups, each a type with its defaults. A group is stored as one JSON document: what the document doesn't
//! say has its default, and what this version doesn't know is left out, so a new setting needs no migration and an older
//! version still reads what a newer one wrote. What the machine needs before it can read a database is not here but in
//! [`crate::config`].

pub mod admin;
mod groups;
mod store;
pub mod view;

pub use groups::{AttackProtection, EmailSender, Policies, Tls};

use db::Tx;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::context::Context;
use crate::error::{Code, Coded};
use crate::id::EnvironmentId;

/// A group of settings that belong together.
pub trait Group: Serialize + DeserializeOwned + Default {
    /// The name under which it is stored.
    const NAME: &'static str;
}

/// Settings could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// What is stored can't be read.
    #[error("the stored settings `{name}` can't be read")]
    Unreadable {
        /// The group's name.
        name: &'static str,
        /// Why.
        source: serde_json::Error,
    },
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Coded for SettingsError {
    fn code(&self) -> Code {
        match self {
            Self::Unreadable { .. } => Code::INTERNAL,
            Self::Db(error) => Coded::code(error),
        }
    }
}

/// The group as it is set in the environment; its defaults where nothing is.
///
/// # Errors
/// [`SettingsError::Unreadable`] when the document is damaged; [`SettingsError::Db`] when the database fails.
pub async fn get<G: Group>(tx: &mut Tx, environment: &EnvironmentId) -> Result<G, SettingsError> {
    match store::find(tx, environment, G::NAME).await? {
        None => Ok(G::default()),
        Some(document) => {
            serde_json::from_str(&document).map_err(|source| SettingsError::Unreadable {
                name: G::NAME,
                source,
            })
        }
    }
}

/// Stores the group in the context's environment.
///
/// # Errors
/// When the database fails.
///
/// # Panics
/// Never: a group is plain data and serializes.
pub async fn put<G: Group>(cx: &Context, tx: &mut Tx, group: &G) -> Result<(), db::Error> {
    store::put(
        tx,
        &cx.environment().id,
        (G::NAME, &document(group)),
        cx.now(),
    )
    .await
}

/// Stores the group where none is stored yet, and tells whether it did: of several callers at once, one hears yes.
///
/// # Errors
/// When the database fails.
///
/// # Panics
/// Never: a group is plain data and serializes.
pub async fn put_first<G: Group>(cx: &Context, tx: &mut Tx, group: &G) -> Result<bool, db::Error> {
    store::put_first(
        tx,
        &cx.environment().id,
        (G::NAME, &document(group)),
        cx.now(),
    )
    .await
}

fn document<G: Group>(group: &G) -> String {
    serde_json::to_string(group).expect("a group is plain data")
}

#[cfg(test)]
mod tests;
