//! Which old system is asked, and whether.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::Duration;

use db::Tx;
use serde::{Deserialize, Serialize};

use super::ask::record_of;
use super::connector::{self, Connector, Field, Lookup, NotRight, Question, Values};
use crate::context::Context;
use crate::error::{Code, Coded};
use crate::secret::{Secret, Unsealable};
use crate::settings::{self, Group, SettingsError};
use crate::time::Timestamp;

/// What keys of the old system are sealed for.
const PURPOSE: &str = "drip_feed";

/// How long somebody waits who tries the connector out.
const PATIENCE: Duration = Duration::from_secs(10);

/// As it is stored.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct Stored {
    connector: String,
    is_on: bool,
    trusts_addresses: bool,
    values: BTreeMap<String, String>,
    /// Sealed.
    secrets: BTreeMap<String, String>,
    since: Option<Timestamp>,
    ended_at: Option<Timestamp>,
}

impl Stored {
    /// A field that was filled in; a secret as it is stored.
    fn given(&self, name: &str) -> Option<&str> {
        let value = self.values.get(name).or_else(|| self.secrets.get(name));
        value.map(String::as_str)
    }
}

impl Group for Stored {
    const NAME: &'static str = "drip_feed";
}

/// Which old system is asked about people who have no password here.
pub struct Configuration {
    /// How it is asked.
    pub connector: &'static Connector,
    /// Whether it is asked.
    pub is_on: bool,
    /// Whether an address counts as proved because the old system took it with the right password.
    pub trusts_addresses: bool,
    /// What must be known to ask.
    pub values: Values,
    /// Since when it is asked.
    pub since: Option<Timestamp>,
    /// When it was said to be needed no more.
    pub ended_at: Option<Timestamp>,
}

/// Whether an old system is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DripFeedState)]
pub enum State {
    /// It is asked.
    On,
    /// It is not, until somebody wants it again.
    Paused,
    /// It is needed no more, and its keys are forgotten.
    Ended,
}

impl Configuration {
    /// Whether the old system is asked.
    #[must_use]
    pub fn state(&self) -> State {
        match self.ended_at {
            _ if self.is_on => State::On,
            Some(_) => State::Ended,
            None => State::Paused,
        }
    }
}

/// The old system can't be configured like this.
#[derive(Debug, thiserror::Error)]
pub enum ConfigureError {
    /// There is no such connector.
    #[error("there is no connector of this name; choose one of the list")]
    UnknownConnector,
    /// A field is missing.
    #[error("`{0}` is missing")]
    Missing(&'static str),
    /// A secret was left out that was entered for another address.
    #[error("the address has changed: enter `{0}` again, stored secrets don't go elsewhere")]
    EnteredForElsewhere(&'static str),
    /// No old system is configured.
    #[error("no old system is configured")]
    NotConfigured,
    /// A stored key doesn't open.
    #[error(transparent)]
    Unsealable(#[from] Unsealable),
    /// The settings can't be read.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Coded for ConfigureError {
    fn code(&self) -> Code {
        match self {
            Self::UnknownConnector | Self::Missing(_) | Self::EnteredForElsewhere(_) => {
                Code::INVALID_REQUEST
            }
            Self::NotConfigured => Code::DRIP_FEED_NOT_CONFIGURED,
            Self::Unsealable(_) => Code::INTERNAL,
            Self::Settings(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }
}

/// What is configured in the environment; none before anything is.
///
/// # Errors
/// [`ConfigureError`] when what is stored can't be read or opened.
pub async fn configuration(
    cx: &Context,
    tx: &mut Tx,
) -> Result<Option<Configuration>, ConfigureError> {
    let stored: Stored = settings::get(tx, &cx.environment().id).await?;
    let Some(connector) = connector::find(&stored.connector) else {
        return Ok(None);
    };
    let mut values = BTreeMap::new();
    for (name, value) in stored.values {
        values.insert(name, Secret::new(value));
    }
    for (name, sealed) in stored.secrets {
        values.insert(name, cx.sealer().open_text(PURPOSE, &sealed)?);
    }
    Ok(Some(Configuration {
        connector,
        is_on: stored.is_on,
        trusts_addresses: stored.trusts_addresses,
        values: Values(values),
        since: stored.since,
        ended_at: stored.ended_at,
    }))
}

/// Whether the old system is asked in the environment.
///
/// # Errors
/// When the settings can't be read.
pub async fn is_on(cx: &Context, tx: &mut Tx) -> Result<bool, SettingsError> {
    let stored: Stored = settings::get(tx, &cx.environment().id).await?;
    Ok(stored.is_on && connector::find(&stored.connector).is_some())
}

/// Whether the old system is asked in the environment, and can look people up without a password.
///
/// # Errors
/// When the settings can't be read.
pub async fn can_find(cx: &Context, tx: &mut Tx) -> Result<bool, SettingsError> {
    let stored: Stored = settings::get(tx, &cx.environment().id).await?;
    let is_given = |field: &str| stored.given(field).is_some();
    let connector = connector::find(&stored.connector).filter(|_| stored.is_on);
    Ok(connector.is_some_and(|connector| connector.can_find(is_given)))
}

/// What somebody filled in.
#[derive(Debug, Clone, Default)]
pub struct Filled {
    /// The connector's name.
    pub connector: String,
    /// Whether the old system is to be asked.
    pub is_on: bool,
    /// Whether an address counts as proved because the old system took it with the right password.
    pub trusts_addresses: bool,
    /// The fields. A secret that is left out stays as it was, as long as it goes to the same place.
    pub values: BTreeMap<String, Secret>,
}

impl Filled {
    /// A field that was filled in.
    #[must_use]
    pub fn given(&self, name: &str) -> Option<&str> {
        let value = self.values.get(name).map(|value| value.reveal().trim());
        value.filter(|value| !value.is_empty())
    }
}

/// Configures the old system.
///
/// # Errors
/// [`ConfigureError::UnknownConnector`], [`ConfigureError::Missing`] where a field is needed and left out, and
/// [`ConfigureError::EnteredForElsewhere`] where a secret is left out although calls go elsewhere now.
pub async fn configure(cx: &Context, tx: &mut Tx, filled: &Filled) -> Result<(), ConfigureError> {
    let connector = connector::find(&filled.connector).ok_or(ConfigureError::UnknownConnector)?;
    let before: Stored = settings::get(tx, &cx.environment().id).await?;
    let is_same = before.connector == filled.connector;
    let mut stored = Stored {
        connector: connector.name.to_owned(),
        is_on: filled.is_on,
        trusts_addresses: filled.trusts_addresses,
        since: before.since.filter(|_| is_same),
        ..Stored::default()
    };
    if is_same
        && let Some(field) =
            connector.entered_for_elsewhere(|name| before.given(name), |name| filled.given(name))
    {
        return Err(ConfigureError::EnteredForElsewhere(field.name));
    }
    for field in connector.fields {
        match filled.given(field.name) {
            Some(value) if field.is_secret => {
                let sealed = cx.seal(PURPOSE, value);
                stored.secrets.insert(field.name.to_owned(), sealed);
            }
            Some(value) => {
                stored
                    .values
                    .insert(field.name.to_owned(), value.to_owned());
            }
            None => keep(
                &mut stored,
                field,
                before.secrets.get(field.name).filter(|_| is_same),
            )?,
        }
    }
    if stored.is_on && stored.since.is_none() {
        stored.since = Some(cx.now());
    }
    Ok(settings::put(cx, tx, &stored).await?)
}

fn keep(stored: &mut Stored, field: &Field, before: Option<&String>) -> Result<(), ConfigureError> {
    match before {
        Some(sealed) => {
            stored.secrets.insert(field.name.to_owned(), sealed.clone());
            Ok(())
        }
        None if field.is_optional => Ok(()),
        None => Err(ConfigureError::Missing(field.name)),
    }
}

/// The old system is asked no more, until it is resumed. Its keys are kept.
///
/// # Errors
/// [`ConfigureError::NotConfigured`]; when the settings can't be read or written.
pub async fn pause(cx: &Context, tx: &mut Tx) -> Result<(), ConfigureError> {
    let (_, stored) = stored(cx, tx).await?;
    let paused = Stored {
        is_on: false,
        ..stored
    };
    Ok(settings::put(cx, tx, &paused).await?)
}

/// The old system is asked again.
///
/// # Errors
/// [`ConfigureError::NotConfigured`]; [`ConfigureError::Missing`] for a key that was forgotten when it was ended; when the settings
/// can't be read or written.
pub async fn resume(cx: &Context, tx: &mut Tx) -> Result<(), ConfigureError> {
    let (connector, stored) = stored(cx, tx).await?;
    if let Some(field) = connector.missing(|name| stored.given(name)) {
        return Err(ConfigureError::Missing(field.name));
    }
    let resumed = Stored {
        is_on: true,
        since: stored.since.or_else(|| Some(cx.now())),
        ended_at: None,
        ..stored
    };
    Ok(settings::put(cx, tx, &resumed).await?)
}

async fn stored(cx: &Context, tx: &mut Tx) -> Result<(&'static Connector, Stored), ConfigureError> {
    let stored: Stored = settings::get(tx, &cx.environment().id).await?;
    let connector = connector::find(&stored.connector).ok_or(ConfigureError::NotConfigured)?;
    Ok((connector, stored))
}

/// Ends it: the old system is asked no more, and its keys are forgotten.
///
/// # Errors
/// When the settings can't be read or written.
pub async fn end(cx: &Context, tx: &mut Tx) -> Result<(), SettingsError> {
    let before: Stored = settings::get(tx, &cx.environment().id).await?;
    let ended = Stored {
        connector: before.connector,
        since: before.since,
        values: before.values,
        ended_at: Some(cx.now()),
        ..Stored::default()
    };
    Ok(settings::put(cx, tx, &ended).await?)
}

/// Asks the old system about one account, and changes nothing: what would come along.
///
/// # Errors
/// [`NotRight`], as the old system says.
pub async fn try_out(
    cx: &Context,
    configuration: &Configuration,
    (identifier, password): (&str, &Secret),
    caller: Option<IpAddr>,
) -> Result<import::UserRecord, NotRight> {
    let question = Question {
        whose: Lookup {
            app: cx,
            values: &configuration.values,
            identifier,
            caller,
            patience: PATIENCE,
        },
        password,
    };
    let told = configuration.connector.ask(&question).await?;
    Ok(record_of(told, identifier, configuration.trusts_addresses))
}
