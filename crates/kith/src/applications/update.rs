//! Changing an application.

use std::time::Duration;

use db::Tx;
use url::Url;

use super::create::{MAX_NAME, checked_name};
use super::{
    Application, FindError, Lifetimes, UrlError, UrlKind, find_editable, replace_urls, store,
};
use crate::context::Context;
use crate::error::{Code, Coded};
use crate::events::{self, Event};
use crate::id::ApplicationId;

/// The longest lifetime: a year.
const MAX_LIFETIME: Duration = Duration::from_hours(365 * 24);

/// The most characters of an address.
const MAX_URL: usize = 2048;

/// What is to change of an application; what is `None` stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// What people call it.
    pub name: Option<String>,
    /// Where people begin to sign in to it; empty for nowhere.
    pub login_uri: Option<String>,
    /// Its home page; empty for none.
    pub homepage_uri: Option<String>,
    /// The addresses that receive the answer to a sign-in, all of them.
    pub callback_urls: Option<Vec<String>>,
    /// The addresses to which people are sent after they signed out, all of them.
    pub logout_urls: Option<Vec<String>>,
}

/// Which lifetimes are to change, and to how many seconds; what is `None` stays.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LifetimeChanges {
    /// Of an access token.
    pub access_token: Option<u64>,
    /// Of an ID token.
    pub id_token: Option<u64>,
    /// Of a refresh token.
    pub refresh_token: Option<u64>,
    /// Of the session of the person who signed in, without being used.
    pub authenticated_session: Option<u64>,
}

/// The application was not changed.
#[derive(Debug, thiserror::Error)]
pub enum UpdateError {
    /// The name is empty or too long.
    #[error("give the application a name of 1 to {MAX_NAME} characters")]
    Name,
    /// It is no address of a web page.
    #[error(
        "the {field} {url} is no address of a web page; write it as in https://app.example.com/login"
    )]
    Page {
        /// Which address.
        field: &'static str,
        /// What was given.
        url: String,
    },
    /// A lifetime is zero or too long.
    #[error("a lifetime is from 1 second to a year (31536000 seconds)")]
    Lifetime,
    /// The refresh token would expire before the access token that it renews.
    #[error("the refresh token must live longer than the access token")]
    RefreshTooShort,
    /// A callback or logout address can't be registered.
    #[error(transparent)]
    Url(#[from] UrlError),
    /// There is no such application, or it can't be changed.
    #[error(transparent)]
    Find(#[from] FindError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Coded for UpdateError {
    fn code(&self) -> Code {
        match self {
            Self::Name | Self::Lifetime | Self::RefreshTooShort => Code::INVALID_REQUEST,
            Self::Page { .. } => Code::INVALID_URL,
            Self::Url(error) => error.code(),
            Self::Find(error) => error.code(),
            Self::Db(error) => Coded::code(error),
        }
    }
}

/// Changes what `changes` says, and nothing else.
///
/// # Errors
/// An [`UpdateError`] for the first part that can't be; the caller rolls back then.
pub async fn update(
    cx: &Context,
    tx: &mut Tx,
    id: &ApplicationId,
    changes: Changes,
) -> Result<Application, UpdateError> {
    let mut application = find_editable(cx, tx, id).await?;
    if let Some(name) = changes.name {
        application.name = checked_name(&name).ok_or(UpdateError::Name)?;
    }
    if let Some(url) = changes.login_uri {
        application.login_uri = checked_page("login_uri", url)?;
    }
    if let Some(url) = changes.homepage_uri {
        application.homepage_uri = checked_page("homepage_uri", url)?;
    }
    for (kind, urls) in [
        (UrlKind::Callback, changes.callback_urls),
        (UrlKind::Logout, changes.logout_urls),
    ] {
        if let Some(urls) = urls {
            replace_urls(cx, tx, (id, kind), &urls).await?;
        }
    }
    save(cx, tx, application).await
}

/// Changes lifetimes of what the application gets from now on.
///
/// # Errors
/// [`UpdateError::Lifetime`] or [`UpdateError::RefreshTooShort`] for lifetimes that can't be.
pub async fn update_lifetimes(
    cx: &Context,
    tx: &mut Tx,
    id: &ApplicationId,
    changes: LifetimeChanges,
) -> Result<Application, UpdateError> {
    let mut application = find_editable(cx, tx, id).await?;
    let Lifetimes {
        access_token,
        id_token,
        refresh_token,
        authenticated_session,
    } = &mut application.lifetimes;
    for (lifetime, change) in [
        (access_token, changes.access_token),
        (id_token, changes.id_token),
        (refresh_token, changes.refresh_token),
        (authenticated_session, changes.authenticated_session),
    ] {
        if let Some(seconds) = change {
            *lifetime = Duration::from_secs(seconds);
        }
        if lifetime.is_zero() || *lifetime > MAX_LIFETIME {
            return Err(UpdateError::Lifetime);
        }
    }
    if application.lifetimes.refresh_token <= application.lifetimes.access_token {
        return Err(UpdateError::RefreshTooShort);
    }
    save(cx, tx, application).await
}

async fn save(
    cx: &Context,
    tx: &mut Tx,
    application: Application,
) -> Result<Application, UpdateError> {
    store::update(tx, &application, cx.now()).await?;
    let event = Event::ApplicationUpdated {
        application_id: application.id.clone(),
    };
    events::record(cx, tx, &event).await?;
    Ok(application)
}

/// The address of a web page, as it is stored; none for an empty one.
fn checked_page(field: &'static str, url: String) -> Result<Option<String>, UpdateError> {
    let trimmed = url.trim();
    if trimmed.is_empty() {
        return Ok(None);
    }
    let is_page = trimmed.len() <= MAX_URL
        && Url::parse(trimmed)
            .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    if is_page {
        Ok(Some(trimmed.to_owned()))
    } else {
        Err(UpdateError::Page { field, url })
    }
}
