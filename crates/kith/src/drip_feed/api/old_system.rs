//! Which old system is asked, how, and whether.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ReadDripFeed, UpdateDripFeed};
use crate::drip_feed::connector::{self, CONNECTORS, Connector, Field};
use crate::drip_feed::{self, Configuration, ConfigureError, Filled, State};
use crate::error::Code;
use crate::http::{Caller, Failure, Json, Result, Success};
use crate::secret::Secret;
use crate::time::Timestamp;

/// A kind of old system.
#[derive(Debug, Serialize, ToSchema)]
struct DripFeedConnector {
    /// Its name.
    #[schema(example = "keycloak", value_type = String)]
    name: &'static str,
    /// What people call it.
    #[schema(example = "Keycloak", value_type = String)]
    label: &'static str,
    /// What must be known to ask it.
    fields: Vec<DripFeedField>,
    /// The fields without which nobody can be looked up by an address that they have proved; none where that can't be done at all.
    #[schema(value_type = Option<Vec<String>>)]
    looks_up_with: Option<&'static [&'static str]>,
}

/// Something that must be known to ask an old system.
#[derive(Debug, Serialize, ToSchema)]
struct DripFeedField {
    /// Its name.
    #[schema(example = "client_id", value_type = String)]
    name: &'static str,
    /// Whether it is never shown again.
    is_secret: bool,
    /// Whether it may be left out.
    is_optional: bool,
    /// What one looks like; empty for a secret.
    #[schema(value_type = String)]
    example: &'static str,
}

impl From<&'static Connector> for DripFeedConnector {
    fn from(connector: &'static Connector) -> Self {
        let field = |field: &'static Field| DripFeedField {
            name: field.name,
            is_secret: field.is_secret,
            is_optional: field.is_optional,
            example: field.example,
        };
        Self {
            name: connector.name,
            label: connector.label,
            fields: connector.fields.iter().map(field).collect(),
            looks_up_with: connector.looks_up_with(),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DripFeedConnectorsResponse {
    #[serde(flatten)]
    success: Success,
    /// The kinds of old systems.
    connectors: Vec<DripFeedConnector>,
}

/// Which old system is asked.
#[derive(Debug, Serialize, ToSchema)]
struct DripFeed {
    /// Its kind, one of those that `getDripFeedConnectors` lists.
    #[schema(example = "keycloak", value_type = String)]
    connector: &'static str,
    /// Whether it is asked.
    state: State,
    /// Whether an address counts as proved because the old system took it with the right password.
    trusts_addresses: bool,
    /// The fields that may be seen.
    values: BTreeMap<&'static str, String>,
    /// The names of the secrets that are kept.
    #[schema(value_type = Vec<String>)]
    secrets: Vec<&'static str>,
    /// Whether people can be looked up by an address that they have proved.
    can_look_up: bool,
    /// Since when it is asked, ISO 8601.
    started_on: Option<String>,
    /// When it was said to be needed no more, ISO 8601.
    ended_on: Option<String>,
}

impl From<Configuration> for DripFeed {
    fn from(configuration: Configuration) -> Self {
        let given = |field: &&'static Field| configuration.values.given(field.name).is_some();
        let fields = || configuration.connector.fields.iter().filter(given);
        let value = |field: &'static Field| {
            let value = configuration.values.get(field.name).to_owned();
            (field.name, value)
        };
        Self {
            connector: configuration.connector.name,
            state: configuration.state(),
            trusts_addresses: configuration.trusts_addresses,
            values: fields()
                .filter(|field| !field.is_secret)
                .map(value)
                .collect(),
            secrets: fields()
                .filter(|field| field.is_secret)
                .map(|field| field.name)
                .collect(),
            can_look_up: configuration
                .connector
                .can_find(|field| configuration.values.given(field).is_some()),
            started_on: configuration.since.map(Timestamp::iso),
            ended_on: configuration.ended_at.map(Timestamp::iso),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DripFeedResponse {
    #[serde(flatten)]
    success: Success,
    /// Which old system is asked.
    drip_feed: DripFeed,
}

/// The fields of a connector, as somebody filled them in.
pub(super) type Filling = BTreeMap<String, Secret>;

/// An old system to ask.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct ConfigureDripFeed {
    /// Its kind.
    #[schema(example = "keycloak")]
    connector: String,
    /// Whether it is asked. Where that isn't said, it stays as it was, and a kind that was not configured before is asked.
    is_on: Option<bool>,
    /// Whether an address counts as proved because the old system took it with the right password.
    #[serde(default)]
    trusts_addresses: bool,
    /// The fields of the connector. A secret that is left out stays as it was, as long as calls go to the same address, and is never shown.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, String>)]
    values: Filling,
}

/// List connectors
///
/// The kinds of old systems that can be asked about people who have no password here, and what must be known to ask each.
#[utoipa::path(get, path = "/api/v1/drip_feed/connectors", operation_id = "getDripFeedConnectors", tag = "Drip-feed",
    responses((status = 200, description = "The kinds.", body = DripFeedConnectorsResponse)),
    security(("kindeBearerAuth" = ["read:drip_feed"])))]
pub(super) async fn get_drip_feed_connectors(
    Caller { .. }: Caller<ReadDripFeed>,
) -> Json<DripFeedConnectorsResponse> {
    Json(DripFeedConnectorsResponse {
        success: Success::default(),
        connectors: CONNECTORS.iter().copied().map(Into::into).collect(),
    })
}

/// Get the drip-feed
///
/// Which old system is asked about people who have no password here. Its secrets are never told.
#[utoipa::path(get, path = "/api/v1/drip_feed", operation_id = "getDripFeed", tag = "Drip-feed",
    responses(
        (status = 200, description = "The old system.", body = DripFeedResponse),
        (status = 404, description = "None is configured.")),
    security(("kindeBearerAuth" = ["read:drip_feed"])))]
pub(super) async fn get_drip_feed(
    Caller { cx, .. }: Caller<ReadDripFeed>,
) -> Result<Json<DripFeedResponse>> {
    let mut tx = cx.db().read().await?;
    let found = drip_feed::configuration(&cx, &mut tx).await?;
    Ok(Json(answer(
        found.ok_or(ConfigureError::NotConfigured)?,
        Success::default(),
    )))
}

fn answer(configuration: Configuration, success: Success) -> DripFeedResponse {
    DripFeedResponse {
        success,
        drip_feed: configuration.into(),
    }
}

/// Configure the drip-feed
///
/// Says which old system is asked, and how. Whoever signs in and has no password here moves with the one that they have there.
#[utoipa::path(put, path = "/api/v1/drip_feed", operation_id = "configureDripFeed", tag = "Drip-feed",
    request_body = ConfigureDripFeed,
    responses((status = 200, description = "The old system.", body = DripFeedResponse)),
    security(("kindeBearerAuth" = ["update:drip_feed"])))]
pub(super) async fn configure_drip_feed(
    Caller { cx, .. }: Caller<UpdateDripFeed>,
    Json(body): Json<ConfigureDripFeed>,
) -> Result<Json<DripFeedResponse>> {
    let connector = find(&body.connector)?;
    check_names(connector, &body.values)?;
    let mut tx = cx.db().begin().await?;
    let before = drip_feed::configuration(&cx, &mut tx).await?;
    let before = before.filter(|before| before.connector.name == connector.name);
    let filled = Filled {
        connector: body.connector,
        is_on: body
            .is_on
            .unwrap_or_else(|| before.is_none_or(|before| before.is_on)),
        trusts_addresses: body.trusts_addresses,
        values: body.values,
    };
    drip_feed::configure(&cx, &mut tx, &filled).await?;
    let stored = drip_feed::configuration(&cx, &mut tx).await?;
    tx.commit().await?;
    let said = Success::new("DRIP_FEED_CONFIGURED", "The old system is configured");
    Ok(Json(answer(
        stored.ok_or(ConfigureError::NotConfigured)?,
        said,
    )))
}

pub(super) fn find(name: &str) -> Result<&'static Connector> {
    Ok(connector::find(name).ok_or(ConfigureError::UnknownConnector)?)
}

/// A field that is misspelled would be left out in silence.
pub(super) fn check_names(connector: &Connector, values: &Filling) -> Result<()> {
    let is_known = |name: &str| connector.fields.iter().any(|field| field.name == name);
    match values.keys().find(|name| !is_known(name)) {
        None => Ok(()),
        Some(name) => {
            let names: Vec<_> = connector.fields.iter().map(|field| field.name).collect();
            let names = names.join(", ");
            let message = format!("there is no field `{name}`; the fields are {names}");
            Err(Failure::new(Code::INVALID_REQUEST, message))
        }
    }
}

/// Pause the drip-feed
///
/// The old system is asked no more, until it is resumed. Its keys are kept.
#[utoipa::path(post, path = "/api/v1/drip_feed/pause", operation_id = "pauseDripFeed", tag = "Drip-feed",
    responses(
        (status = 200, description = "The old system is asked no more.", body = Success),
        (status = 404, description = "None is configured.")),
    security(("kindeBearerAuth" = ["update:drip_feed"])))]
pub(super) async fn pause_drip_feed(
    Caller { cx, .. }: Caller<UpdateDripFeed>,
) -> Result<Json<Success>> {
    let mut tx = cx.db().begin().await?;
    drip_feed::pause(&cx, &mut tx).await?;
    tx.commit().await?;
    Ok(Json(Success::new(
        "DRIP_FEED_PAUSED",
        "The old system is asked no more",
    )))
}

/// Resume the drip-feed
///
/// The old system is asked again. After an end its keys are forgotten: configure it anew then.
#[utoipa::path(post, path = "/api/v1/drip_feed/resume", operation_id = "resumeDripFeed", tag = "Drip-feed",
    responses(
        (status = 200, description = "The old system is asked.", body = Success),
        (status = 404, description = "None is configured.")),
    security(("kindeBearerAuth" = ["update:drip_feed"])))]
pub(super) async fn resume_drip_feed(
    Caller { cx, .. }: Caller<UpdateDripFeed>,
) -> Result<Json<Success>> {
    let mut tx = cx.db().begin().await?;
    drip_feed::resume(&cx, &mut tx).await?;
    tx.commit().await?;
    Ok(Json(Success::new(
        "DRIP_FEED_RESUMED",
        "The old system is asked",
    )))
}

/// End the drip-feed
///
/// The old system is asked no more, and its keys are forgotten. Whoever has not moved needs a new password.
#[utoipa::path(post, path = "/api/v1/drip_feed/end", operation_id = "endDripFeed", tag = "Drip-feed",
    responses(
        (status = 200, description = "The move is over.", body = Success),
        (status = 404, description = "None is configured.")),
    security(("kindeBearerAuth" = ["update:drip_feed"])))]
pub(super) async fn end_drip_feed(
    Caller { cx, .. }: Caller<UpdateDripFeed>,
) -> Result<Json<Success>> {
    let mut tx = cx.db().begin().await?;
    let found = drip_feed::configuration(&cx, &mut tx).await?;
    found.ok_or(ConfigureError::NotConfigured)?;
    drip_feed::end(&cx, &mut tx).await?;
    tx.commit().await?;
    Ok(Json(Success::new(
        "DRIP_FEED_ENDED",
        "The old system is asked no more, and its keys are forgotten",
    )))
}
