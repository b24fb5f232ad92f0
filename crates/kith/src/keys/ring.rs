//! Keys in memory: parsed once, read again from the database every few seconds.

use std::collections::HashMap;
use std::sync::Arc;

use oauth::jwt::{Jwk, JwkSet, SigningKey, VerifyingKeys};
use tokio::sync::Mutex;

use super::store::{self, Stored};
use super::{KeysError, REMEMBERED};
use crate::context::Context;
use crate::id::EnvironmentId;
use crate::time::Timestamp;

/// For what private keys are sealed.
pub(super) const PURPOSE: &str = "signing_key";

/// Each environment's keys, as this process last read them.
#[derive(Default)]
pub struct Cache {
    /// Held while the database is read, so that of many requests one reads.
    rings: Mutex<HashMap<EnvironmentId, Arc<Ring>>>,
}

impl Cache {
    /// The environment's keys, at most [`REMEMBERED`] old.
    pub(super) async fn ring(&self, cx: &Context) -> Result<Arc<Ring>, KeysError> {
        let (environment, now) = (&cx.environment().id, cx.now());
        let mut rings = self.rings.lock().await;
        let known = rings.get(environment);
        if let Some(ring) = known.filter(|ring| now.since(ring.read_at) < REMEMBERED) {
            return Ok(Arc::clone(ring));
        }
        let stored = store::unexpired(&mut cx.db().read().await?, environment, now).await?;
        let ring = Arc::new(Ring::new(cx, stored, known.map(Arc::as_ref))?);
        rings.insert(environment.clone(), Arc::clone(&ring));
        Ok(ring)
    }

    /// Forgets an environment's keys, after this process changed them.
    pub(super) async fn forget(&self, environment: &EnvironmentId) {
        self.rings.lock().await.remove(environment);
    }
}

/// An environment's keys at one instant.
pub struct Ring {
    read_at: Timestamp,
    /// Oldest first, each with the instant of its retirement.
    keys: Vec<(Option<Timestamp>, Arc<SigningKey>)>,
    jwks: Arc<JwkSet>,
    verifying: Arc<VerifyingKeys>,
}

impl Ring {
    fn new(cx: &Context, stored: Vec<Stored>, before: Option<&Self>) -> Result<Self, KeysError> {
        let jwks = stored
            .iter()
            .map(|key| serde_json::from_str::<Jwk>(&key.public_jwk))
            .collect::<Result<JwkSet, _>>()?;
        let mut keys = Vec::with_capacity(stored.len());
        for key in stored {
            let parsed = match before.and_then(|ring| ring.find(&key.kid)) {
                Some(parsed) => parsed,
                None => Arc::new(SigningKey::from_pkcs8(
                    &cx.sealer().open(PURPOSE, &key.private_key)?,
                )?),
            };
            keys.push((key.retired_at, parsed));
        }
        Ok(Self {
            read_at: cx.now(),
            keys,
            verifying: Arc::new(jwks.keys.iter().collect()),
            jwks: Arc::new(jwks),
        })
    }

    /// The key that signs at this instant: the oldest that isn't retired.
    pub(super) fn current(&self, now: Timestamp) -> Result<Arc<SigningKey>, KeysError> {
        self.keys
            .iter()
            .find(|(retired_at, _)| retired_at.is_none_or(|at| now < at))
            .map(|(_, key)| Arc::clone(key))
            .ok_or(KeysError::None)
    }

    pub(super) fn jwks(&self) -> Arc<JwkSet> {
        Arc::clone(&self.jwks)
    }

    pub(super) fn verifying(&self) -> Arc<VerifyingKeys> {
        Arc::clone(&self.verifying)
    }

    fn find(&self, kid: &str) -> Option<Arc<SigningKey>> {
        self.keys
            .iter()
            .find(|(_, key)| key.kid() == kid)
            .map(|(_, key)| Arc::clone(key))
    }
}
