//! The applications that Kith makes: one to begin with, one for scripts.

use serde::{Deserialize, Serialize};

use super::create::{draft, insert};
use super::{
    Kind, NewApplication, Rotation, SecretError, create, reveal_secret, rotate_secret, store,
};
use crate::apis::{self, AuthorizeError};
use crate::context::Context;
use crate::error::{Code, Coded};
use crate::id::ApplicationId;
use crate::secret::Secret;
use crate::settings::{self, Group};

/// What the application is called that a new environment has.
const DEFAULT_NAME: &str = "My back-end app";

/// What the application for scripts is called.
const MANAGEMENT_NAME: &str = "Kith bootstrap";

/// Remembers that the first applications were made: one that was deleted must not come back with the next start.
#[derive(Debug, Default, Serialize, Deserialize)]
struct DefaultApplications {}

impl Group for DefaultApplications {
    const NAME: &'static str = "default_applications";
}

/// The application for scripts, authorized for the whole management API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManagementClient {
    /// Its id.
    pub id: ApplicationId,
    /// Its secret.
    pub secret: Secret,
}

/// The applications could not be made.
#[derive(Debug, thiserror::Error)]
pub enum DefaultsError {
    /// There is no management API yet.
    #[error(
        "the environment has no management API; start the server or run `kith bootstrap` to make it"
    )]
    NoManagementApi,
    /// It can't be authorized.
    #[error(transparent)]
    Authorize(#[from] AuthorizeError),
    /// Its secret can't be read.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// It can't be made.
    #[error(transparent)]
    Create(#[from] super::CreateError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Coded for DefaultsError {
    fn code(&self) -> Code {
        match self {
            Self::NoManagementApi => Code::API_NOT_FOUND,
            Self::Authorize(error) => error.code(),
            Self::Secret(error) => error.code(),
            Self::Create(error) => error.code(),
            Self::Db(error) => Coded::code(error),
        }
    }
}

/// Gives a new environment its first application, a back-end one. Once: what somebody deleted stays deleted.
///
/// # Errors
/// When the database fails.
pub async fn ensure_defaults(cx: &Context) -> Result<(), DefaultsError> {
    let mut tx = cx.db().begin().await?;
    if settings::put_first(cx, &mut tx, &DefaultApplications::default()).await? {
        let new = NewApplication {
            name: DEFAULT_NAME.to_owned(),
            kind: Kind::BackEnd,
        };
        create(cx, &mut tx, new).await?;
    }
    Ok(tx.commit().await?)
}

/// The application for scripts, made where it is missing, authorized for the management API with every scope that it has.
/// The same one each time, also of two callers at once; with a new secret where `rotate` says so.
///
/// # Errors
/// [`DefaultsError::NoManagementApi`] before [`apis::ensure_management_api`]; [`DefaultsError::Secret`] when `secret_key` has
/// changed.
pub async fn ensure_management_client(
    cx: &Context,
    rotate: bool,
) -> Result<ManagementClient, DefaultsError> {
    let environment = &cx.environment().id;
    let mut tx = cx.db().begin().await?;
    let (mut missing, secret) = draft(cx, MANAGEMENT_NAME.to_owned(), Kind::MachineToMachine);
    missing.is_builtin = true;
    insert(cx, &mut tx, &missing, secret.as_ref()).await?;
    let id = store::find_builtin(&mut tx, environment, missing.kind)
        .await?
        .ok_or(db::Error::NotFound)?;
    let api = apis::management_api(cx, &mut tx)
        .await?
        .ok_or(DefaultsError::NoManagementApi)?;
    apis::authorize_wholly(cx, &mut tx, (&api.id, &id)).await?;
    let secret = if rotate {
        rotate_secret(cx, &mut tx, &id, Rotation::ForgetPrevious).await?
    } else {
        reveal_secret(cx, &mut tx, &id)
            .await?
            .ok_or(SecretError::None)?
    };
    tx.commit().await?;
    Ok(ManagementClient { id, secret })
}
