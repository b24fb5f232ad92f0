//! Auth0: the token endpoint with a password, by name of the connection where one is given.
//!
//! Auth0 docs, “Resource Owner Password Flow”. The application needs the grant type *Password*; a confidential one may pass on
//! where the person sits (`auth0-forwarded-for`), so that Auth0's own protection counts people and not this server.
//!
//! With an application that may read people (*Machine to Machine*, `read:users` of the Management API), they can be looked up without a
//! password: Auth0 Management API v2, `GET /api/v2/users-by-email`.

use futures::FutureExt as _;
use import::UserRecord;
use serde_json::{Map, Value, json};

use super::call::{self, unexpected};
use super::{Connector, Field, Finder, Found, Lookup, NotRight, Question, claims, grant, machine};

pub(super) const CONNECTOR: Connector = Connector {
    name: "auth0",
    label: "Auth0",
    fields: &[
        Field::place("domain", "acme.eu.auth0.com"),
        Field::plain("client_id", ""),
        Field::secret("client_secret").optional(),
        Field::plain("connection", "Username-Password-Authentication").optional(),
        Field::plain("audience", "").optional(),
        Field::place("management_domain", "acme.eu.auth0.com").optional(),
        Field::plain("management_client_id", "").optional(),
        Field::secret("management_client_secret").optional(),
    ],
    ask: |question| ask(question).boxed(),
    finder: Some(Finder {
        needs: &["management_client_id", "management_client_secret"],
        find: |lookup| find(lookup).boxed(),
    }),
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

async fn find(lookup: &Lookup<'_>) -> Found {
    let values = lookup.values;
    // Behind a domain of one's own, the Management API is known by the tenant's.
    let domain = values
        .given("management_domain")
        .unwrap_or(values.get("domain"));
    let api = call::address(domain, "/api/v2/")?;
    let body = json!({
        "grant_type": "client_credentials",
        "client_id": values.get("management_client_id"),
        "client_secret": values.get("management_client_secret"),
        "audience": api.as_str(),
    });
    let url = call::address(domain, "/oauth/token")?;
    let token = machine::token(&call::post_json(lookup, url, &body, &[]).await?)?;
    // Auth0 stores addresses in lower case, and compares them as they are.
    let email = lookup.identifier.to_lowercase();
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("email", &email)
        .finish();
    let url = call::address(domain, &format!("/api/v2/users-by-email?{query}"))?;
    let reply = call::get(lookup, url, token.reveal()).await?;
    let Value::Array(users) = &reply.body else {
        return Err(unexpected(reply.status, reply.text("message")));
    };
    let mut with_password = users
        .iter()
        .filter(|user| has_password(user, values.given("connection")));
    match (with_password.next(), with_password.next()) {
        (None, _) => Ok(None),
        (Some(user), None) if user["blocked"] == true => Err(NotRight::Locked),
        (Some(user), None) => person(user).map(Some),
        (Some(_), Some(_)) => {
            let reason = "several people of the tenant have this address; fill in the name of the connection that is moved";
            Err(NotRight::Unclear(reason.to_owned()))
        }
    }
}

/// Whether somebody has a password at Auth0: in this connection, where one is given. Who comes by Google alone has none.
fn has_password(user: &Value, connection: Option<&str>) -> bool {
    let identities = user["identities"].as_array().into_iter().flatten();
    let mut of_database = identities.filter(|identity| identity["provider"] == "auth0");
    of_database.any(|identity| connection.is_none_or(|wanted| identity["connection"] == wanted))
}

fn person(user: &Value) -> Result<UserRecord, NotRight> {
    let Some(id) = claims::text_of(user.get("user_id")) else {
        let reason = "Auth0 answered with a user without an id; is the domain that of the tenant?";
        return Err(NotRight::Unclear(reason.to_owned()));
    };
    let of = |name: &str| user.get(name).cloned().unwrap_or_default();
    let told: Map<String, Value> = [
        ("sub", Value::from(id)),
        ("email", of("email")),
        ("email_verified", of("email_verified")),
        ("phone_number", of("phone_number")),
        ("phone_number_verified", of("phone_verified")),
        ("preferred_username", of("username")),
        ("given_name", of("given_name")),
        ("family_name", of("family_name")),
        ("name", of("name")),
        ("picture", of("picture")),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into_iter()
    .collect();
    Ok(claims::record(&told))
}
