//! The keys with which workflows encrypt what they send (`kinde.secureFetch`).
//!
//! A key is shown once, when it is made. One of a workflow's keys is active at most; the first one is at once. While none is, what
//! would be encrypted is not sent.

use db::Tx;

use super::secure::{Encoding, SecureKey};
use super::store::{self, NewKey, StoredKey};
use super::{WorkflowsError, touched, versions};
use crate::context::Context;
use crate::id::{WorkflowId, WorkflowKeyId};
use crate::secret::{Secret, Unsealable};
use crate::time::Timestamp;

/// For what keys are sealed.
const PURPOSE: &str = "workflow_key";

/// A key, as people see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Its id.
    pub id: WorkflowKeyId,
    /// How its messages are written.
    pub encoding: Encoding,
    /// Whether it encrypts now.
    pub is_active: bool,
    /// When it was made.
    pub created_at: Timestamp,
}

impl From<StoredKey> for Key {
    fn from(stored: StoredKey) -> Self {
        Self {
            id: stored.id,
            encoding: Encoding::parse(&stored.encoding).unwrap_or_default(),
            is_active: stored.is_active,
            created_at: stored.created_at,
        }
    }
}

/// The keys of a workflow, oldest first.
///
/// # Errors
/// When there is no such workflow, or the database fails.
pub async fn list(cx: &Context, tx: &mut Tx, workflow: &str) -> Result<Vec<Key>, WorkflowsError> {
    let workflow = versions::find(cx, tx, workflow).await?;
    let keys = store::keys_of(tx, &workflow.id).await?;
    Ok(keys.into_iter().map(Key::from).collect())
}

/// Makes a key; its text is told here and never again. The first of a workflow is active.
///
/// # Errors
/// When there is no such workflow, or the database fails.
pub async fn add(
    cx: &Context,
    tx: &mut Tx,
    workflow: &str,
    encoding: Encoding,
) -> Result<(WorkflowKeyId, Secret), WorkflowsError> {
    let workflow = versions::find(cx, tx, workflow).await?;
    let id: WorkflowKeyId = cx.new_id();
    let text = Secret::new(SecureKey::show(&cx.random_bytes()));
    let sealed = cx.seal(PURPOSE, text.reveal());
    let key = NewKey {
        id: &id,
        workflow: &workflow.id,
        sealed: &sealed,
        encoding: encoding.as_str(),
        created_at: cx.now(),
    };
    store::insert_key(tx, &key).await?;
    touched(cx, tx).await?;
    Ok((id, text))
}

/// Makes a key the active one; the one that was is no more.
///
/// # Errors
/// When there is no such workflow or key, or the database fails.
pub async fn activate(
    cx: &Context,
    tx: &mut Tx,
    workflow: &str,
    key: &str,
) -> Result<(), WorkflowsError> {
    let (workflow, key) = found(cx, tx, workflow, key).await?;
    store::deactivate_keys(tx, &workflow).await?;
    store::activate_key(tx, &key.id).await?;
    Ok(touched(cx, tx).await?)
}

/// Takes the active key out of use. Nothing is encrypted until another one is active, so nothing is sent.
///
/// # Errors
/// When there is no such workflow or key, it is not the active one, or the database fails.
pub async fn deactivate(
    cx: &Context,
    tx: &mut Tx,
    workflow: &str,
    key: &str,
) -> Result<(), WorkflowsError> {
    let (workflow, key) = found(cx, tx, workflow, key).await?;
    if !key.is_active {
        return Err(WorkflowsError::State(
            "the key is not the active one".to_owned(),
        ));
    }
    store::deactivate_keys(tx, &workflow).await?;
    Ok(touched(cx, tx).await?)
}

/// Deletes a key that is not active.
///
/// # Errors
/// When there is no such workflow or key, it is the active one, or the database fails.
pub async fn delete(
    cx: &Context,
    tx: &mut Tx,
    workflow: &str,
    key: &str,
) -> Result<(), WorkflowsError> {
    let (_, key) = found(cx, tx, workflow, key).await?;
    if key.is_active {
        let why = "the key is active; make another one active, or deactivate it first";
        return Err(WorkflowsError::State(why.to_owned()));
    }
    Ok(store::delete_key(tx, &key.id).await?)
}

async fn found(
    cx: &Context,
    tx: &mut Tx,
    workflow: &str,
    key: &str,
) -> Result<(WorkflowId, StoredKey), WorkflowsError> {
    let workflow = versions::find(cx, tx, workflow).await?;
    let unknown = || WorkflowsError::UnknownKey(key.to_owned());
    let id: WorkflowKeyId = key.parse().map_err(|_| unknown())?;
    let key = store::find_key(tx, &workflow.id, &id)
        .await?
        .ok_or_else(unknown)?;
    Ok((workflow.id, key))
}

/// What encrypts for a workflow; none while no key is active.
pub(super) async fn active(
    cx: &Context,
    tx: &mut Tx,
    workflow: &WorkflowId,
) -> Result<Option<SecureKey>, WorkflowsError> {
    let Some(stored) = store::active_key(tx, workflow).await? else {
        return Ok(None);
    };
    let text = cx.sealer().open_text(PURPOSE, &stored.secret)?;
    let encoding = Encoding::parse(&stored.encoding).unwrap_or_default();
    // What was sealed was a key; should it not be one, the installation's secret key is another.
    Ok(Some(
        SecureKey::parse(text.reveal(), encoding).ok_or(Unsealable)?,
    ))
}
