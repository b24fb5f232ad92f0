//! The lockout: after five failures in a row nobody gets in for five minutes, not even with the right password.
//!
//! An attempt is counted *before* it is judged and forgiven when it succeeds. So any number of attempts at the same instant, on
//! any number of nodes, get no more tries than one after the other. Attempts at identifiers that nobody has are counted alike,
//! so being locked out tells nothing about whether a person exists.

use std::time::Duration;

use db::{Error, Tx};

use super::store;
use crate::context::Context;
use crate::id::UserId;
use crate::secret::sha256_hex;
use crate::settings::{self, AttackProtection, SettingsError};
use crate::time::Timestamp;

/// Whom attempts are counted for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject(String);

impl Subject {
    /// A person, under whatever identifier they were addressed.
    #[must_use]
    pub fn user(id: &UserId) -> Self {
        Self(format!("user:{id}"))
    }

    /// An identifier that nobody has, in its folded form. Only its digest is kept.
    #[must_use]
    pub fn nobody(folded: &str) -> Self {
        Self(format!("nobody:{}", sha256_hex(folded.as_bytes())))
    }

    /// Whoever is written to when codes for this identifier are asked for, in its folded form. Only its digest is kept.
    #[must_use]
    pub fn codes_for(folded: &str) -> Self {
        Self(format!("codes:{}", sha256_hex(folded.as_bytes())))
    }

    /// A person whose known password is tried to prove an import; apart from their sign-ins.
    #[must_use]
    pub fn proof_of(id: &UserId) -> Self {
        Self(format!("proof:{id}"))
    }

    /// Whoever asks the old system from this address.
    #[must_use]
    pub fn asking_from(address: &str) -> Self {
        Self(format!("asking:{}", sha256_hex(address.as_bytes())))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Too many failures: nothing is judged until then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many failed attempts; try again later")]
pub struct Locked {
    /// When attempts are judged again.
    pub until: Timestamp,
}

/// An attempt could not be counted.
#[derive(Debug, thiserror::Error)]
pub enum CountError {
    /// There were too many failures.
    #[error(transparent)]
    Locked(#[from] Locked),
    /// The settings could not be read.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] Error),
}

/// Counts an attempt as failed, until [`forgive`] says that it was not. Opens its own short transaction.
///
/// # Errors
/// [`CountError::Locked`] when the attempt must not be judged at all.
pub async fn count(cx: &Context, subject: &Subject) -> Result<(), CountError> {
    let mut tx = cx.db().begin().await?;
    let rules: AttackProtection = settings::get(&mut tx, &cx.environment().id).await?;
    let lock = Duration::from_secs(60 * u64::from(rules.lock_minutes));
    let state = store::count_attempt(
        &mut tx,
        cx,
        subject,
        i64::from(rules.max_failures),
        cx.now() + lock,
    )
    .await?;
    tx.commit().await?;
    match state {
        None => Ok(()),
        Some(until) => Err(Locked { until }.into()),
    }
}

/// Takes a count back: whether the attempt was good could not be found out, and that is not the person's fault.
///
/// # Errors
/// When the settings or the database fail.
pub async fn take_back(cx: &Context, tx: &mut Tx, subject: &Subject) -> Result<(), SettingsError> {
    let rules: AttackProtection = settings::get(tx, &cx.environment().id).await?;
    Ok(store::take_back_attempt(tx, cx, subject, i64::from(rules.max_failures)).await?)
}

/// Counts one of a number of things that may be asked for one after the other; past `maximum` there is a pause. [`forgive`] begins
/// anew. Within the caller's transaction, which must not be committed when the pause has begun: what was asked for isn't done.
///
/// # Errors
/// [`CountError::Locked`] during the pause; [`CountError::Db`] when the database fails.
pub async fn ration(
    cx: &Context,
    tx: &mut Tx,
    subject: &Subject,
    maximum: u32,
    pause: Duration,
) -> Result<(), CountError> {
    match store::count_attempt(tx, cx, subject, i64::from(maximum), cx.now() + pause).await? {
        None => Ok(()),
        Some(until) => Err(Locked { until }.into()),
    }
}

/// Until when attempts for this subject are not judged, if they aren't now.
///
/// # Errors
/// When the database fails.
pub async fn locked_until(
    cx: &Context,
    tx: &mut Tx,
    subject: &Subject,
) -> Result<Option<Timestamp>, Error> {
    store::locked_until(tx, cx, subject).await
}

/// Forgets the failures: the proof was good, or an administrator unlocked the person.
///
/// # Errors
/// When the database fails.
pub async fn forgive(cx: &Context, tx: &mut Tx, subject: &Subject) -> Result<(), Error> {
    store::forget_attempts(tx, cx, subject).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Installation;

    #[tokio::test]
    async fn five_attempts_lock_for_five_minutes() {
        for installation in Installation::all().await {
            let cx = installation.cx();
            let subject = Subject::nobody("ada@example.com");
            for _ in 0..5 {
                count(&cx, &subject).await.unwrap();
            }
            assert!(matches!(
                count(&cx, &subject).await,
                Err(CountError::Locked(_))
            ));
            installation.advance(Duration::from_secs(299));
            assert!(matches!(
                count(&cx, &subject).await,
                Err(CountError::Locked(_))
            ));
            installation.advance(Duration::from_secs(2));
            count(&cx, &subject).await.unwrap();
        }
    }

    #[tokio::test]
    async fn a_good_proof_forgives() {
        for installation in Installation::all().await {
            let cx = installation.cx();
            let subject = Subject::nobody("ada@example.com");
            for _ in 0..4 {
                count(&cx, &subject).await.unwrap();
            }
            let mut tx = cx.db().begin().await.unwrap();
            forgive(&cx, &mut tx, &subject).await.unwrap();
            tx.commit().await.unwrap();
            for _ in 0..5 {
                count(&cx, &subject).await.unwrap();
            }
        }
    }

    #[tokio::test]
    async fn what_nobody_could_judge_does_not_count() {
        for installation in Installation::all().await {
            let cx = installation.cx();
            let subject = Subject::nobody("ada@example.com");
            for _ in 0..10 {
                count(&cx, &subject).await.unwrap();
                let mut tx = cx.db().begin().await.unwrap();
                take_back(&cx, &mut tx, &subject).await.unwrap();
                tx.commit().await.unwrap();
            }
            for _ in 0..5 {
                count(&cx, &subject).await.unwrap();
            }
            assert!(count(&cx, &subject).await.is_err());
            // A lock is not lifted by it.
            let mut tx = cx.db().begin().await.unwrap();
            take_back(&cx, &mut tx, &subject).await.unwrap();
            tx.commit().await.unwrap();
            assert!(count(&cx, &subject).await.is_err());
        }
    }

    #[tokio::test]
    async fn attempts_at_the_same_instant_get_no_more_tries() {
        for installation in Installation::all().await {
            let cx = installation.cx();
            let subject = Subject::nobody("ada@example.com");
            let attempts = (0..20).map(|_| count(&cx, &subject));
            let judged = futures::future::join_all(attempts)
                .await
                .into_iter()
                .flatten()
                .count();
            assert_eq!(judged, 5);
        }
    }
}
