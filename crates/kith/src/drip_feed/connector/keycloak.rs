//! Keycloak: the token endpoint of a realm with a password (*Direct access grants* of the client).
//!
//! Keycloak, “Securing applications and services”, direct grant. Roles of the realm come along, as far as roles here have the
//! same keys.
//!
//! With a client that may see the realm's people (*Service accounts roles*: `view-users` of `realm-management`), they can be looked up
//! without a password: Keycloak, “Admin REST API”, `GET /admin/realms/{realm}/users`.

use futures::FutureExt as _;
use import::identifier::EmailAddress;
use import::{Membership, UserRecord};
use serde_json::{Map, Value};
use url::Url;

use super::call::{self, unexpected};
use super::{Connector, Field, Finder, Found, Lookup, NotRight, Question, claims, grant, machine};
use crate::secret::Secret;

/// Roles that every realm gives to everybody.
const OF_EVERYBODY: [&str; 2] = ["offline_access", "uma_authorization"];

pub(super) const CONNECTOR: Connector = Connector {
    name: "keycloak",
    label: "Keycloak",
    fields: &[
        Field::place("url", "https://login.example.com"),
        Field::plain("realm", "acme"),
        Field::plain("client_id", ""),
        Field::secret("client_secret").optional(),
        Field::plain("admin_client_id", "kith-lookup").optional(),
        Field::secret("admin_client_secret").optional(),
    ],
    ask: |question| ask(question).boxed(),
    finder: Some(Finder {
        needs: &["admin_client_id", "admin_client_secret"],
        find: |lookup| find(lookup).boxed(),
    }),
};

async fn ask(question: &Question<'_>) -> Result<UserRecord, NotRight> {
    let values = question.values;
    let url = token_endpoint(question)?;
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
        let claims = claims::of_token(granted.access_token());
        let roles = claims
            .get("realm_access")
            .and_then(|access| access["roles"].as_array());
        let roles = roles.into_iter().flatten().filter_map(Value::as_str);
        record.organizations.extend(membership(roles));
    }
    Ok(record)
}

fn token_endpoint(lookup: &Lookup<'_>) -> Result<Url, NotRight> {
    let realm = lookup.values.get("realm");
    let path = format!("/realms/{realm}/protocol/openid-connect/token");
    call::address(lookup.values.get("url"), &path)
}

/// What roles of the realm mean here; none where there are only those of everybody.
fn membership<'a>(roles: impl Iterator<Item = &'a str>) -> Option<Membership> {
    let roles: Vec<_> = roles
        .filter(|role| !OF_EVERYBODY.contains(role) && !role.starts_with("default-roles-"))
        .map(str::to_owned)
        .collect();
    (!roles.is_empty()).then_some(Membership {
        external_id: None,
        roles,
        permissions: Vec::new(),
    })
}

async fn find(lookup: &Lookup<'_>) -> Found {
    let values = lookup.values;
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", values.get("admin_client_id")),
        ("client_secret", values.get("admin_client_secret")),
    ];
    let reply = call::post_form(lookup, token_endpoint(lookup)?, &form, &[]).await?;
    let token = machine::token(&reply)?;
    let name = if EmailAddress::parse(lookup.identifier).is_ok() {
        "email"
    } else {
        "username"
    };
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([(name, lookup.identifier), ("exact", "true"), ("max", "2")])
        .finish();
    let users = admin(lookup, &format!("users?{query}"), &token).await?;
    let user = match users.as_slice() {
        [] => return Ok(None),
        [user] => user,
        _ => {
            let reason =
                "several people of the realm have this address, so it doesn't tell who somebody is";
            return Err(NotRight::Unclear(reason.to_owned()));
        }
    };
    let Some(id) = claims::text_of(user.get("id")) else {
        let reason =
            "Keycloak answered with a user without an id; is the address that of the server?";
        return Err(NotRight::Unclear(reason.to_owned()));
    };
    if user["enabled"] == false {
        return Err(NotRight::Locked);
    }
    // Composite ones resolved, as a token has them.
    let path = format!("users/{id}/role-mappings/realm/composite");
    let roles = admin(lookup, &path, &token).await?;
    let mut record = person(user, id);
    let names = roles.iter().filter_map(|role| role["name"].as_str());
    record.organizations.extend(membership(names));
    Ok(Some(record))
}

/// A list of the interface for administrators.
async fn admin(lookup: &Lookup<'_>, path: &str, token: &Secret) -> Result<Vec<Value>, NotRight> {
    let realm = lookup.values.get("realm");
    let url = call::address(
        lookup.values.get("url"),
        &format!("/admin/realms/{realm}/{path}"),
    )?;
    let reply = call::get(lookup, url, token.reveal()).await?;
    match reply.body {
        Value::Array(all) if reply.status.is_success() => Ok(all),
        _ => Err(unexpected(reply.status, reply.text("error"))),
    }
}

fn person(user: &Value, id: String) -> UserRecord {
    let of = |name: &str| user.get(name).cloned().unwrap_or_default();
    let told: Map<String, Value> = [
        ("sub", Value::from(id)),
        ("email", of("email")),
        ("email_verified", of("emailVerified")),
        ("preferred_username", of("username")),
        ("given_name", of("firstName")),
        ("family_name", of("lastName")),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into_iter()
    .collect();
    claims::record(&told)
}
