//! Client secrets: seen, replaced.

use db::Tx;

use super::store::Secrets;
use super::{FindError, find, store};
use crate::context::Context;
use crate::error::{Code, Coded};
use crate::events::{self, Event};
use crate::id::ApplicationId;
use crate::secret::{Secret, Unsealable};

/// For what client secrets are sealed.
const PURPOSE: &str = "client_secret";

/// SDKs refuse secrets that aren't 40 to 60 letters and digits before they send them; 52 of them are 309 bits.
const LENGTH: usize = 52;

/// What becomes of the old secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rotation {
    /// It is refused from now on.
    ForgetPrevious,
    /// It is still accepted, so that servers can change one after the other; an older one isn't.
    KeepPrevious,
}

/// The secret can't be seen or replaced.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The application's kind has no secret.
    #[error("an application of this kind has no secret")]
    None,
    /// There is no such application.
    #[error(transparent)]
    Find(#[from] FindError),
    /// The stored secret doesn't open.
    #[error(transparent)]
    Unsealable(#[from] Unsealable),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Coded for SecretError {
    fn code(&self) -> Code {
        match self {
            Self::None => Code::INVALID_REQUEST,
            Self::Find(error) => error.code(),
            Self::Unsealable(error) => error.code(),
            Self::Db(error) => Coded::code(error),
        }
    }
}

/// The application's secret; none where its kind has none.
///
/// # Errors
/// [`SecretError::Find`] when there is no such application; [`SecretError::Unsealable`] when `secret_key` has changed.
pub async fn reveal_secret(
    cx: &Context,
    tx: &mut Tx,
    id: &ApplicationId,
) -> Result<Option<Secret>, SecretError> {
    find(cx, tx, id).await?;
    let sealed = store::secrets(tx, id).await?.current;
    Ok(sealed.map(|sealed| open(cx, &sealed)).transpose()?)
}

/// Replaces the application's secret and returns the new one.
///
/// # Errors
/// [`SecretError::None`] when its kind has none; [`SecretError::Find`] when there is no such application.
pub async fn rotate_secret(
    cx: &Context,
    tx: &mut Tx,
    id: &ApplicationId,
    rotation: Rotation,
) -> Result<Secret, SecretError> {
    if !find(cx, tx, id).await?.kind.has_secret() {
        return Err(SecretError::None);
    }
    let secret = fresh(cx);
    let previous = match rotation {
        Rotation::KeepPrevious => store::secrets(tx, id).await?.current,
        Rotation::ForgetPrevious => None,
    };
    let secrets = Secrets {
        current: Some(seal(cx, &secret)),
        previous,
    };
    store::set_secrets(tx, id, &secrets, cx.now()).await?;
    let event = Event::ApplicationSecretRotated {
        application_id: id.clone(),
    };
    events::record(cx, tx, &event).await?;
    Ok(secret)
}

/// Refuses the secret that a rotation kept.
///
/// # Errors
/// [`SecretError::Find`] when there is no such application.
pub async fn forget_previous_secret(
    cx: &Context,
    tx: &mut Tx,
    id: &ApplicationId,
) -> Result<(), SecretError> {
    find(cx, tx, id).await?;
    let secrets = Secrets {
        previous: None,
        ..store::secrets(tx, id).await?
    };
    Ok(store::set_secrets(tx, id, &secrets, cx.now()).await?)
}

/// A secret that nobody has had.
pub(super) fn fresh(cx: &Context) -> Secret {
    cx.random_alphanumeric(LENGTH)
}

pub(super) fn seal(cx: &Context, secret: &Secret) -> String {
    cx.seal(PURPOSE, secret.reveal())
}

pub(super) fn open(cx: &Context, sealed: &str) -> Result<Secret, Unsealable> {
    cx.sealer().open_text(PURPOSE, sealed)
}
