//! Keycloak: a partial import into a realm (Keycloak docs, “Importing a realm from exported JSON file”, representation of a
//! user).
//!
//! Credentials are those of Keycloak itself: PBKDF2 in its three digests and argon2. What only a plugin there can check is left
//! out.

use password::Hash;
use serde::Serialize;
use serde_json::{Value, json};

use super::rest::{Primary, Says, created_at, id_for, usual_totp, uuid};
use super::{Frame, Losses, Settings, Target, base64};
use crate::identifier::Identifier;
use crate::record::{Identity, UserRecord};

pub(super) const TARGET: Target = Target {
    name: "keycloak",
    label: "Keycloak",
    about: "A file for the partial import of a Keycloak realm: users with their credentials.",
    extension: "json",
    frame: Frame {
        before: "{\"ifResourceExists\":\"SKIP\",\"users\":[\n",
        between: ",\n",
        after: "\n]}\n",
    },
    write,
    define: None,
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct User<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    username: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
    email_verified: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_name: Option<&'a str>,
    enabled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_timestamp: Option<i64>,
    #[serde(skip_serializing_if = "serde_json::Map::is_empty")]
    attributes: serde_json::Map<String, Value>,
    credentials: Vec<Value>,
    required_actions: Vec<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    federated_identities: Vec<Value>,
}

fn write(record: &UserRecord, _: &mut Settings, losses: &mut Losses) -> Option<String> {
    let primary = Primary {
        phone: None,
        ..Primary::of(record)
    };
    primary.tell_others(record, |_| true, losses);
    Says {
        suspension: true,
        reset: true,
        created_at: true,
        properties: true,
        ..Says::default()
    }
    .tell(record, losses);
    // Nobody is without a username there.
    let username = primary.username.or(primary.email)?.value();
    let mut credentials = Vec::new();
    if let Some(hash) = &record.password {
        match credential(hash) {
            Some(credential) => credentials.push(credential),
            None => losses.add("password", hash.scheme()),
        }
    }
    if let Some(totp) = usual_totp(record, losses) {
        credentials.push(json!({
            "type": "otp",
            "secretData": json!({ "value": totp.secret() }).to_string(),
            "credentialData": json!({
                "subType": "totp", "digits": 6, "counter": 0, "period": 30,
                "algorithm": "HmacSHA1", "secretEncoding": "BASE32"
            }).to_string(),
        }));
    }
    let must_reset = record.must_reset_password == Some(true);
    let id = id_for(record, "keycloak");
    Some(super::json(&User {
        id: uuid(&id).or_else(|| is_uuid(&id).then_some(id)),
        username,
        email: primary.email.map(Identity::value),
        email_verified: primary.email.is_some_and(Identity::is_verified),
        first_name: record.given_name.as_deref(),
        last_name: record.family_name.as_deref(),
        enabled: record.suspended != Some(true),
        created_timestamp: created_at(record),
        attributes: attributes(record, losses),
        credentials,
        required_actions: if must_reset {
            vec!["UPDATE_PASSWORD"]
        } else {
            Vec::new()
        },
        federated_identities: record.identities.iter().filter_map(federated).collect(),
    }))
}

fn is_uuid(id: &str) -> bool {
    let is_dash = |at: usize| matches!(at, 8 | 13 | 18 | 23);
    id.len() == 36
        && id.bytes().enumerate().all(|(at, byte)| {
            (byte == b'-') == is_dash(at) && (is_dash(at) || byte.is_ascii_hexdigit())
        })
}

/// An attribute is a list of texts; what is neither a text nor such a list has no place.
fn attributes(record: &UserRecord, losses: &mut Losses) -> serde_json::Map<String, Value> {
    let mut attributes = serde_json::Map::new();
    for (key, value) in &record.properties {
        let texts = match value {
            Value::String(_) => vec![value.clone()],
            Value::Array(values) if values.iter().all(Value::is_string) && !values.is_empty() => {
                values.clone()
            }
            _ => {
                losses.add("properties", "not a text");
                continue;
            }
        };
        attributes.insert(key.clone(), texts.into());
    }
    attributes
}

fn federated(identity: &Identity) -> Option<Value> {
    let Identifier::Social { provider, subject } = &identity.identifier else {
        return None;
    };
    Some(json!({ "identityProvider": provider, "userId": subject, "userName": subject }))
}

fn credential(hash: &Hash) -> Option<Value> {
    let (secret, data) = match hash.pbkdf2() {
        Some(parts) => {
            let algorithm = match parts.digest {
                "sha1" => "pbkdf2",
                "sha256" => "pbkdf2-sha256",
                "sha512" => "pbkdf2-sha512",
                _ => return None,
            };
            let secret = secret(&base64(&parts.key), &base64(&parts.salt));
            let data = json!({
                "hashIterations": parts.iterations,
                "algorithm": algorithm,
                "additionalParameters": {},
            });
            (secret, data)
        }
        None => argon2(hash)?,
    };
    Some(json!({
        "type": "password",
        "secretData": secret.to_string(),
        "credentialData": data.to_string(),
    }))
}

fn secret(value: &str, salt: &str) -> Value {
    json!({ "value": value, "salt": salt, "additionalParameters": {} })
}

/// `$argon2id$v=19$m=…,t=…,p=…$salt$hash`, taken apart.
fn argon2(hash: &Hash) -> Option<(Value, Value)> {
    let text = hash.encoded().strip_prefix("$argon2")?;
    let fields: Vec<&str> = text.split('$').collect();
    let [kind, version, costs, salt, key] = fields[..] else {
        return None;
    };
    let version = match version {
        "v=19" => "1.3",
        "v=16" => "1.0",
        _ => return None,
    };
    let cost = |name: &str| {
        let mut costs = costs.split(',').filter_map(|cost| cost.split_once('='));
        costs
            .find(|(known, _)| *known == name)
            .map(|(_, cost)| cost)
    };
    if costs.split(',').count() != 3 {
        return None;
    }
    let passes: u64 = cost("t")?.parse().ok()?;
    let data = json!({
        "hashIterations": passes,
        "algorithm": "argon2",
        "additionalParameters": {
            "hashLength": [key_length(key).to_string()],
            "memory": [cost("m")?],
            "type": [kind],
            "version": [version],
            "parallelism": [cost("p")?],
        },
    });
    Some((secret(&padded(key), &padded(salt)), data))
}

/// The bytes that unpadded base64 stands for.
fn key_length(text: &str) -> usize {
    text.trim_end_matches('=').len() * 3 / 4
}

fn padded(text: &str) -> String {
    let text = text.trim_end_matches('=');
    let missing = (4 - text.len() % 4) % 4;
    format!("{text}{}", "=".repeat(missing))
}
