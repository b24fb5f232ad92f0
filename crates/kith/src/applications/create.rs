//! Adding an application.

use db::Tx;

use super::secret::seal;
use super::{Application, Kind, Lifetimes, store};
use crate::context::Context;
use crate::error::{Code, Coded};
use crate::events::{self, Event};
use crate::secret::Secret;

/// The most characters that a name has.
pub(super) const MAX_NAME: usize = 128;

/// An application to add.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewApplication {
    /// What people call it.
    pub name: String,
    /// What it is; it can't be changed later.
    pub kind: Kind,
}

/// The application was not added.
#[derive(Debug, thiserror::Error)]
pub enum CreateError {
    /// The name is empty or too long.
    #[error("give the application a name of 1 to {MAX_NAME} characters")]
    Name,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Coded for CreateError {
    fn code(&self) -> Code {
        match self {
            Self::Name => Code::INVALID_REQUEST,
            Self::Db(error) => Coded::code(error),
        }
    }
}

/// Adds an application to the environment, with the kind's lifetimes and without addresses. Returns it with its secret, if
/// the kind has one.
///
/// # Errors
/// [`CreateError::Name`] for a name that can't be.
pub async fn create(
    cx: &Context,
    tx: &mut Tx,
    new: NewApplication,
) -> Result<(Application, Option<Secret>), CreateError> {
    let name = checked_name(&new.name).ok_or(CreateError::Name)?;
    let (application, secret) = draft(cx, name, new.kind);
    insert(cx, tx, &application, secret.as_ref()).await?;
    Ok((application, secret))
}

/// The name without the spaces around it; none if it can't be one.
pub(super) fn checked_name(name: &str) -> Option<String> {
    let name = name.trim();
    (1..=MAX_NAME)
        .contains(&name.chars().count())
        .then(|| name.to_owned())
}

/// An application and its secret, not yet stored.
pub(super) fn draft(cx: &Context, name: String, kind: Kind) -> (Application, Option<Secret>) {
    let application = Application {
        id: cx.new_id(),
        name,
        kind,
        login_uri: None,
        homepage_uri: None,
        is_builtin: false,
        lifetimes: Lifetimes::of(kind),
        created_at: cx.now(),
    };
    (
        application,
        kind.has_secret().then(|| super::secret::fresh(cx)),
    )
}

/// Stores the application; tells whether it did (see [`store::insert`]).
pub(super) async fn insert(
    cx: &Context,
    tx: &mut Tx,
    application: &Application,
    secret: Option<&Secret>,
) -> Result<bool, db::Error> {
    let sealed = secret.map(|secret| seal(cx, secret));
    let environment = &cx.environment().id;
    let is_new = store::insert(tx, environment, application, sealed.as_deref()).await?;
    if is_new {
        let event = Event::ApplicationCreated {
            application_id: application.id.clone(),
        };
        events::record(cx, tx, &event).await?;
    }
    Ok(is_new)
}
