//! Auth0: the token endpoint with a password, by name of the connection where one is given.
//!
//! Auth0 docs, “Resource Owner Password Flow”. The application needs the grant type *Password*; a confidential one may pass on
//! where the person sits (`auth0-forwarded-for`), so that Auth0's own protection counts people and not this server.

use futures::FutureExt as _;
use import::UserRecord;
use serde_json::json;

use super::{Connector, Field, NotRight, Question, call, grant};

pub(super) const CONNECTOR: Connector = Connector {
    name: "auth0",
    label: "Auth0",
    fields: &[
        Field::plain("domain", "acme.eu.auth0.com"),
        Field::plain("client_id", ""),
        Field::secret("client_secret").optional(),
        Field::plain("connection", "Username-Password-Authentication").optional(),
        Field::plain("audience", "").optional(),
    ],
    ask: |question| ask(question).boxed(),
    finder: None,
};

async fn ask(question: &Question<'_>) -> Result<UserRecord, NotRight> {
    let values = question.values;
    let mut body = json!({
        "grant_type": "password",
        "username": question.identifier,
        "password": question.password.reveal(),
        "client_id": values.get("client_id"),
        "scope": "openid profile email",
    });
    if let Some(connection) = values.given("connection") {
        body["grant_type"] = "http://auth0.com/oauth/grant-type/password-realm".into();
        body["realm"] = connection.into();
    }
    for optional in ["client_secret", "audience"] {
        if let Some(value) = values.given(optional) {
            body[optional] = value.into();
        }
    }
    let caller = question.caller.map(|address| address.to_string());
    let headers: Vec<_> = caller
        .iter()
        .filter(|_| values.given("client_secret").is_some())
        .map(|caller| ("auth0-forwarded-for", caller.as_str()))
        .collect();
    let url = call::address(values.get("domain"), "/oauth/token")?;
    let reply = call::post_json(question, url, &body, &headers).await?;
    Ok(grant::judge(reply)?.record())
}
