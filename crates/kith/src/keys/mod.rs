//! Signing keys: one signs, all that may have signed a living token verify.
//!
//! Any application may read the public keys from any node and keep them for a while, and every node keeps them for
//! [`REMEMBERED`]. So a token must never be signed with a key that somebody could not have seen yet. A key's life, for
//! that:
//!
//! ```text
//! created ── shown, waits ──▶ signs ── rotate: the next one is created ──▶ retired ── verifies ──▶ expired, deleted
//!           at least NOTICE           (signs on for NOTICE)                        as long as tokens live
//! ```
//!
//! The oldest key that isn't retired signs. A rotation creates a key and sets the old one's retirement [`NOTICE`] ahead;
//! until then the old one signs, and the new one is only shown. Every node comes to the same answer from the same rows and
//! the clock, whenever it read them within the notice: no node has to tell another.
//!
//! Private keys are stored sealed, and live in memory as long as they are needed.

mod ring;
mod rotate;
mod store;

use std::sync::Arc;
use std::time::Duration;

use oauth::jwt::{JwkSet, SigningKey, VerifyingKeys};

pub use ring::{Cache, Ring};
pub use rotate::{ensure, rotate};

use crate::context::Context;
use crate::error::{Code, Coded};
use crate::id::KeyId;
use crate::secret::Unsealable;
use crate::time::Timestamp;

/// For how long a node believes what it read.
pub const REMEMBERED: Duration = Duration::from_secs(10);

/// For how long a new key is shown before it signs: what a node remembers, what a client may keep
/// ([`JWKS_MAX_AGE`]), and as much again for clocks that differ.
pub const NOTICE: Duration = Duration::from_mins(1);

/// For how long clients may keep the public keys.
pub const JWKS_MAX_AGE: Duration = Duration::from_secs(15);

/// A signing key, as people see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Its record.
    pub id: KeyId,
    /// Its name in tokens and in the set of public keys.
    pub kid: String,
    /// Since when it exists.
    pub created_at: Timestamp,
    /// What it does now.
    pub state: State,
}

impl Key {
    /// Whether it signs now.
    #[must_use]
    pub fn is_signing(&self) -> bool {
        matches!(self.state, State::Signing { .. })
    }
}

/// What a key does at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It is shown, and signs once its predecessor has retired.
    Waiting {
        /// From when it signs; unknown while its predecessor's retirement isn't set.
        signs_at: Option<Timestamp>,
    },
    /// It signs.
    Signing {
        /// When it stops, if a rotation is under way.
        until: Option<Timestamp>,
    },
    /// It signs no more; what it signed still verifies.
    Retired {
        /// When no living token can be its own any more.
        expires_at: Timestamp,
    },
}

/// Keys could not be read, made or used.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// There is none; `ensure` was never called.
    #[error(
        "the environment has no signing key; start the server or run `kith bootstrap` to make one"
    )]
    None,
    /// A key could not be made, or what is stored is none.
    #[error(transparent)]
    Key(#[from] oauth::jwt::KeyError),
    /// A stored key doesn't open.
    #[error(transparent)]
    Unsealable(#[from] Unsealable),
    /// What is stored as the public key can't be read.
    #[error("the stored public key can't be read")]
    PublicKey(#[from] serde_json::Error),
    /// The task that makes a key was stopped.
    #[error("making the key was interrupted; try again")]
    Interrupted(#[from] tokio::task::JoinError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Coded for KeysError {
    fn code(&self) -> Code {
        match self {
            Self::Db(error) => Coded::code(error),
            _ => Code::INTERNAL,
        }
    }
}

/// The key that signs now. Answers from memory, and reads the database every [`REMEMBERED`]; not to be called with a
/// transaction open.
///
/// # Errors
/// [`KeysError::None`] when the environment has no key; the others when keys can't be read.
pub async fn current(cx: &Context) -> Result<Arc<SigningKey>, KeysError> {
    cx.signing_keys().ring(cx).await?.current(cx.now())
}

/// The public keys for clients: every key with which a living token may be signed, or soon will be. As [`current`] else.
///
/// # Errors
/// When keys can't be read.
pub async fn jwks(cx: &Context) -> Result<Arc<JwkSet>, KeysError> {
    Ok(cx.signing_keys().ring(cx).await?.jwks())
}

/// The public keys of [`jwks`], ready to verify with.
///
/// # Errors
/// When keys can't be read.
pub async fn verifying(cx: &Context) -> Result<Arc<VerifyingKeys>, KeysError> {
    Ok(cx.signing_keys().ring(cx).await?.verifying())
}

/// Every key that isn't expired, oldest first, with what it does now.
///
/// # Errors
/// When the database fails.
pub async fn list(cx: &Context) -> Result<Vec<Key>, KeysError> {
    let now = cx.now();
    let mut tx = cx.db().read().await?;
    let stored = store::unexpired(&mut tx, &cx.environment().id, now).await?;
    let mut keys = Vec::with_capacity(stored.len());
    // Walking from the oldest: the first that isn't retired signs, those after it wait for the one before them.
    let mut before: Option<Option<Timestamp>> = None;
    for key in stored {
        let state = match (key.retired_at, before) {
            (Some(at), _) if at <= now => State::Retired {
                expires_at: key.expires_at.unwrap_or(at),
            },
            (until, None) => {
                before = Some(until);
                State::Signing { until }
            }
            (until, Some(signs_at)) => {
                before = Some(until);
                State::Waiting { signs_at }
            }
        };
        keys.push(Key {
            id: key.id,
            kid: key.kid,
            created_at: key.created_at,
            state,
        });
    }
    Ok(keys)
}

#[cfg(test)]
mod tests;
