//! Applications: the OAuth clients of an environment.
//!
//! What an application is ([`Kind`]) decides how it proves itself (RFC 6749 §2.1): one with a server keeps a secret, one that
//! runs in people's hands can't. Its id is its client id. Answers to a sign-in or a sign-out go only to addresses that it has
//! registered ([`Urls`]).
//!
//! Secrets are stored sealed and shown to people who may see them; after a rotation the previous one may be accepted for as
//! long as it is kept.

pub mod admin;
pub mod api;
mod authenticate;
mod create;
mod defaults;
mod delete;
mod secret;
mod store;
mod update;
mod urls;
pub mod view;

pub use authenticate::{AuthenticateError, Client, authenticate};
pub use create::{CreateError, NewApplication, create};
pub use defaults::{ManagementClient, ensure_defaults, ensure_management_client};
pub use delete::delete;
pub use secret::{Rotation, SecretError, forget_previous_secret, reveal_secret, rotate_secret};
pub use update::{Changes, LifetimeChanges, UpdateError, update, update_lifetimes};
pub use urls::{
    UrlError, UrlKind, Urls, add_urls, allows_logout, allows_origin, remove_urls, replace_urls,
    urls,
};

use std::time::Duration;

use db::Tx;

use crate::context::Context;
use crate::error::{Code, Coded};
use crate::id::ApplicationId;
use crate::paging::{Page, Wanted};
use crate::time::Timestamp;

/// An OAuth client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    /// Its id, which is its client id.
    pub id: ApplicationId,
    /// What people call it.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// Where people begin to sign in to it, when a link is broken or an invitation has to lead somewhere.
    pub login_uri: Option<String>,
    /// Its home page, behind the logo.
    pub homepage_uri: Option<String>,
    /// Whether Kith made it for itself; such a one can't be changed.
    pub is_builtin: bool,
    /// How long what it gets is valid.
    pub lifetimes: Lifetimes,
    /// Since when it exists.
    pub created_at: Timestamp,
}

/// What an application is, and so how it proves itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// It has a server, which keeps a secret.
    BackEnd,
    /// It runs in a browser or on a phone, and keeps none.
    FrontEnd,
    /// It acts for itself, without a person.
    MachineToMachine,
    /// It runs where there is no browser, and keeps no secret.
    Device,
}

impl Kind {
    /// Every kind, in the order in which people choose.
    pub const ALL: [Self; 4] = [
        Self::BackEnd,
        Self::FrontEnd,
        Self::MachineToMachine,
        Self::Device,
    ];

    /// The kind as it is stored and as the management API writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BackEnd => "reg",
            Self::FrontEnd => "spa",
            Self::MachineToMachine => "m2m",
            Self::Device => "device",
        }
    }

    /// The kind that is written so; none for any other text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// Whether it can keep a secret: a confidential client (RFC 6749 §2.1).
    #[must_use]
    pub const fn has_secret(self) -> bool {
        matches!(self, Self::BackEnd | Self::MachineToMachine)
    }

    /// Whether people sign in to it in a browser, so that it needs callback addresses.
    #[must_use]
    pub const fn has_callbacks(self) -> bool {
        matches!(self, Self::BackEnd | Self::FrontEnd)
    }
}

db::stored_by_name!(Kind, "kind of application");

/// How long what an application gets is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifetimes {
    /// An access token.
    pub access_token: Duration,
    /// An ID token.
    pub id_token: Duration,
    /// A refresh token, from its issue on.
    pub refresh_token: Duration,
    /// The session of the person who signed in, without being used.
    pub authenticated_session: Duration,
}

impl Lifetimes {
    /// What a new application of the kind has: Kinde's documented defaults, a day for access tokens, an hour for ID tokens and
    /// for those of machines, 15 days for refresh tokens.
    #[must_use]
    pub const fn of(kind: Kind) -> Self {
        const HOUR: u64 = 3600;
        const DAY: u64 = 24 * HOUR;
        let access_token = match kind {
            Kind::MachineToMachine => HOUR,
            Kind::BackEnd | Kind::FrontEnd | Kind::Device => DAY,
        };
        Self {
            access_token: Duration::from_secs(access_token),
            id_token: Duration::from_secs(HOUR),
            refresh_token: Duration::from_secs(15 * DAY),
            authenticated_session: Duration::from_secs(DAY),
        }
    }
}

/// There is no such application, or the database failed.
#[derive(Debug, thiserror::Error)]
pub enum FindError {
    /// There is none with this id in the environment.
    #[error("there is no application {0}")]
    NotFound(ApplicationId),
    /// It is Kith's own, and can't be changed.
    #[error("the application {0} is Kith's own and can't be changed")]
    Builtin(ApplicationId),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Coded for FindError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound(_) => Code::APPLICATION_NOT_FOUND,
            Self::Builtin(_) => Code::APPLICATION_BUILTIN,
            Self::Db(error) => Coded::code(error),
        }
    }
}

/// The application with this id.
///
/// # Errors
/// [`FindError::NotFound`] when the environment has none.
pub async fn find(cx: &Context, tx: &mut Tx, id: &ApplicationId) -> Result<Application, FindError> {
    store::find(tx, &cx.environment().id, id)
        .await?
        .ok_or_else(|| FindError::NotFound(id.clone()))
}

/// The application with this id, if it may be changed.
async fn find_editable(
    cx: &Context,
    tx: &mut Tx,
    id: &ApplicationId,
) -> Result<Application, FindError> {
    let application = find(cx, tx, id).await?;
    if application.is_builtin {
        return Err(FindError::Builtin(application.id));
    }
    Ok(application)
}

/// Every application of the environment, by name.
///
/// # Errors
/// When the database fails.
pub async fn list(cx: &Context, tx: &mut Tx) -> Result<Vec<Application>, db::Error> {
    store::list(tx, &cx.environment().id).await
}

/// A page of the environment's applications.
///
/// # Errors
/// When the database fails.
pub async fn page(
    cx: &Context,
    tx: &mut Tx,
    wanted: &Wanted,
) -> Result<Page<Application>, db::Error> {
    store::page(tx, &cx.environment().id, wanted).await
}

#[cfg(test)]
mod tests;
