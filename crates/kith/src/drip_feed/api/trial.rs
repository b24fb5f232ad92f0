//! Asking an old system about one account, to see what would come along.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::UpdateDripFeed;
use super::old_system::{Filling, check_names, find};
use crate::drip_feed::connector::{Connector, NotRight, Values};
use crate::drip_feed::{self, Configuration, ConfigureError};
use crate::error::Code;
use crate::http::{Caller, Client, Failure, Json, Result, Success};
use crate::secret::Secret;

/// An account to try.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct TestDripFeed {
    /// As the person would type it.
    #[schema(example = "ada@example.com")]
    identifier: String,
    /// Their password at the old system.
    #[schema(value_type = String, write_only)]
    password: Secret,
    /// Another kind of old system than the one that is configured, to try it before; needs all its `values`.
    connector: Option<String>,
    /// Its fields. Stored secrets are never sent to a place that is named here.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, String>)]
    values: Filling,
}

/// What the old system said.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TestDripFeedResponse {
    #[serde(flatten)]
    success: Success,
    /// `right`, `wrong`, `locked`, `too_many`, `slow`, `down` or `unclear`.
    #[schema(value_type = String)]
    outcome: &'static str,
    /// What happened, where that helps.
    reason: Option<String>,
    /// The person, as they would come along.
    person: Option<TestedPerson>,
}

/// A person as the old system tells of them.
#[derive(Debug, Serialize, ToSchema)]
struct TestedPerson {
    /// Their id over there.
    id: Option<String>,
    /// First name.
    given_name: Option<String>,
    /// Last name.
    family_name: Option<String>,
    /// Addresses, numbers and names.
    identities: Vec<TestedIdentity>,
    /// The ids of organizations that they are in.
    organizations: Vec<String>,
}

/// One of a person's identities.
#[derive(Debug, Serialize, ToSchema)]
struct TestedIdentity {
    /// `email`, `phone`, `username`, or `oauth2:` and a provider.
    #[schema(example = "email")]
    r#type: String,
    /// The address, number or name.
    value: String,
    /// Whether it was proved over there.
    is_verified: bool,
}

impl From<import::UserRecord> for TestedPerson {
    fn from(record: import::UserRecord) -> Self {
        let identity = |identity: &import::Identity| TestedIdentity {
            r#type: identity.kind().to_string(),
            value: identity.value().to_owned(),
            is_verified: identity.is_verified(),
        };
        Self {
            identities: record.identities.iter().map(identity).collect(),
            organizations: record
                .organizations
                .into_iter()
                .filter_map(|membership| membership.external_id)
                .collect(),
            id: record.provided_id,
            given_name: record.given_name,
            family_name: record.family_name,
        }
    }
}

/// Test the drip-feed
///
/// Asks the old system about one account, with its password, and changes nothing: nobody is moved, and nothing of the answer is kept.
/// It may take ten seconds.
#[utoipa::path(post, path = "/api/v1/drip_feed/test", operation_id = "testDripFeed", tag = "Drip-feed",
    request_body = TestDripFeed,
    responses(
        (status = 200, description = "What the old system said.", body = TestDripFeedResponse),
        (status = 404, description = "None is configured, and none was sent.")),
    security(("kindeBearerAuth" = ["update:drip_feed"])))]
pub(super) async fn test_drip_feed(
    Caller { cx, .. }: Caller<UpdateDripFeed>,
    client: Client,
    Json(body): Json<TestDripFeed>,
) -> Result<Json<TestDripFeedResponse>> {
    let configuration = match &body.connector {
        Some(name) => sent(find(name)?, body.values)?,
        None if !body.values.is_empty() => {
            let message = "say the connector that the values are for, or leave them out to test what is configured";
            return Err(Failure::new(Code::INVALID_REQUEST, message));
        }
        None => {
            let mut tx = cx.db().read().await?;
            let stored = drip_feed::configuration(&cx, &mut tx).await?;
            stored.ok_or(ConfigureError::NotConfigured)?
        }
    };
    let account = (body.identifier.trim(), &body.password);
    let told = drip_feed::try_out(&cx, &configuration, account, Some(client.address)).await;
    let (outcome, reason, person) = match told {
        Ok(record) => ("right", None, Some(record.into())),
        Err(not_right) => (not_right.as_str(), reason(&not_right), None),
    };
    Ok(Json(TestDripFeedResponse {
        success: Success::default(),
        outcome,
        reason,
        person,
    }))
}

fn reason(not_right: &NotRight) -> Option<String> {
    not_right.reason().map(str::to_owned)
}

/// What was sent to be tried, and nothing of what is stored.
fn sent(connector: &'static Connector, values: Filling) -> Result<Configuration> {
    check_names(connector, &values)?;
    let values = Values(values);
    if let Some(field) = connector.missing(|name| values.given(name)) {
        return Err(ConfigureError::Missing(field.name).into());
    }
    Ok(Configuration {
        connector,
        is_on: false,
        trusts_addresses: false,
        values,
        since: None,
        ended_at: None,
    })
}
