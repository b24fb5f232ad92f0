//! Keycloak: the token endpoint of a realm with a password (*Direct access grants* of the client).
//!
//! Keycloak, “Securing applications and services”, direct grant. Roles of the realm come along, as far as roles here have the
//! same keys.

use futures::FutureExt as _;
use import::{Membership, UserRecord};
use serde_json::Value;

use super::{Connector, Field, NotRight, Question, call, claims, grant};

/// Roles that every realm gives to everybody.
const OF_EVERYBODY: [&str; 2] = ["offline_access", "uma_authorization"];

pub(super) const CONNECTOR: Connector = Connector {
    name: "keycloak",
    label: "Keycloak",
    fields: &[
        Field::plain("url", "https://login.example.com"),
        Field::plain("realm", "acme"),
        Field::plain("client_id", ""),
        Field::secret("client_secret").optional(),
    ],
    ask: |question| ask(question).boxed(),
    finder: None,
};

async fn ask(question: &Question<'_>) -> Result<UserRecord, NotRight> {
    let values = question.values;
    let path = format!(
        "/realms/{}/protocol/openid-connect/token",
        values.get("realm")
    );
    let url = call::address(values.get("url"), &path)?;
    let mut form = vec![
        ("grant_type", "password"),
        ("client_id", values.get("client_id")),
        ("scope", "openid profile email"),
    ];
    form.extend(
        values
            .given("client_secret")
            .map(|secret| ("client_secret", secret)),
    );
    let outcome = grant::ask(question, url, &form, &[]).await?;
    let mut record = outcome.record();
    if let grant::Outcome::Granted(granted) = &outcome {
        let roles = roles(&claims::of_token(granted.access_token()));
        if !roles.is_empty() {
            record.organizations.push(Membership {
                external_id: None,
                roles,
                permissions: Vec::new(),
            });
        }
    }
    Ok(record)
}

fn roles(claims: &serde_json::Map<String, Value>) -> Vec<String> {
    let roles = claims
        .get("realm_access")
        .and_then(|access| access["roles"].as_array());
    let roles = roles.into_iter().flatten().filter_map(Value::as_str);
    roles
        .filter(|role| !OF_EVERYBODY.contains(role) && !role.starts_with("default-roles-"))
        .map(str::to_owned)
        .collect()
}
