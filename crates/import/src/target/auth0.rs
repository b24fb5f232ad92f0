//! Auth0: the array that its bulk import takes (Auth0 docs, “User Data JSON Schema for Bulk User Imports”).
//!
//! A job takes 500 KB, so larger files are to be split. Auth0 puts `auth0|` before each `user_id`; who came from there
//! goes back under the id that they had.

use password::Hash;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::rest::{Primary, Says, full_name, id_for, usual_totp};
use super::{Frame, Losses, Settings, Target};
use crate::record::{Identity, Totp, UserRecord};

pub(super) const TARGET: Target = Target {
    name: "auth0",
    label: "Auth0",
    about: "The JSON array of Auth0's bulk import; a job there takes 500 KB, so split larger files.",
    extension: "json",
    frame: Frame::ARRAY,
    write,
    define: None,
};

#[derive(Serialize)]
struct Document<'a> {
    user_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email_verified: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone_number: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone_verified: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    given_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    family_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    picture: Option<&'a str>,
    blocked: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    password_hash: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    custom_password_hash: Option<Value>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    user_metadata: Map<String, Value>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    app_metadata: Map<String, Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    mfa_factors: Vec<Value>,
}

fn write(record: &UserRecord, _: &mut Settings, losses: &mut Losses) -> Option<String> {
    let primary = Primary::of(record);
    primary.tell_others(record, |_| false, losses);
    Says {
        picture: true,
        suspension: true,
        properties: true,
        private_properties: true,
        ..Says::default()
    }
    .tell(record, losses);
    if [primary.email, primary.phone, primary.username]
        .iter()
        .all(Option::is_none)
    {
        return None;
    }
    let hash = record.password.as_ref();
    let plain = hash.and_then(plain_bcrypt);
    let custom = hash.filter(|_| plain.is_none()).and_then(custom);
    if let Some(hash) = hash.filter(|_| plain.is_none() && custom.is_none()) {
        losses.add("password", hash.scheme());
    }
    let id = id_for(record, "auth0");
    Some(super::json(&Document {
        user_id: id.strip_prefix("auth0|").unwrap_or(&id).to_owned(),
        email: primary.email.map(Identity::value),
        email_verified: primary.email.map(Identity::is_verified),
        phone_number: primary.phone.map(Identity::value),
        phone_verified: primary.phone.map(Identity::is_verified),
        username: primary.username.map(Identity::value),
        given_name: record.given_name.as_deref(),
        family_name: record.family_name.as_deref(),
        name: full_name(record),
        picture: record.picture.as_deref(),
        blocked: record.suspended == Some(true),
        password_hash: plain,
        custom_password_hash: custom,
        user_metadata: record.properties.clone().into_iter().collect(),
        app_metadata: app_metadata(record, losses),
        mfa_factors: factors(usual_totp(record, losses)),
    }))
}

/// Names that Auth0 keeps for itself in `app_metadata`.
const RESERVED: &[&str] = &[
    "__tenant",
    "_id",
    "blocked",
    "clientID",
    "created_at",
    "email_verified",
    "email",
    "globalClientID",
    "global_client_id",
    "identities",
    "lastIP",
    "lastLogin",
    "loginsCount",
    "metadata",
    "multifactor_last_modified",
    "multifactor",
    "updated_at",
    "user_id",
];

fn app_metadata(record: &UserRecord, losses: &mut Losses) -> Map<String, Value> {
    let mut metadata = Map::new();
    for (key, value) in &record.private_properties {
        if RESERVED.contains(&key.as_str()) {
            losses.add("private_properties", key);
        } else {
            metadata.insert(key.clone(), value.clone());
        }
    }
    metadata
}

fn factors(totp: Option<&Totp>) -> Vec<Value> {
    totp.map(|totp| json!({ "totp": { "secret": totp.secret() } }))
        .into_iter()
        .collect()
}

/// bcrypt as Auth0 makes it itself: `$2a$` or `$2b$`, of cost 10.
fn plain_bcrypt(hash: &Hash) -> Option<&str> {
    let is_theirs = |text: &&str| text.starts_with("$2a$10$") || text.starts_with("$2b$10$");
    let is_plain = hash.scheme() == "bcrypt" && *hash.params() == password::Params::default();
    Some(hash.encoded()).filter(|text| is_plain && is_theirs(text))
}

/// The tags of RFC 2307 that Auth0 knows.
const LDAP_TAGS: &[&str] = &[
    "md5", "smd5", "sha", "ssha", "sha1", "ssha1", "sha256", "ssha256", "sha512", "ssha512",
];

/// Any other hash that Auth0 can check; none for the rest.
fn custom(hash: &Hash) -> Option<Value> {
    let params = hash.params();
    let encoded = hash.encoded();
    if params.pepper.is_some() {
        return None;
    }
    let text = |algorithm: &str, value: &str| json!({ "algorithm": algorithm, "hash": { "value": value, "encoding": "utf8" } });
    let mut custom = match hash.scheme() {
        scheme if scheme.starts_with("argon2") => text("argon2", encoded),
        "bcrypt" if !encoded.starts_with("$2x$") => text("bcrypt", encoded),
        "ldap" => {
            let tag = encoded.split('}').next().unwrap_or_default();
            let tag = tag.trim_start_matches('{').to_ascii_lowercase();
            LDAP_TAGS
                .contains(&tag.as_str())
                .then(|| text("ldap", encoded))?
        }
        scheme @ ("md4" | "md5" | "sha1" | "sha256" | "sha512") => {
            json!({ "algorithm": scheme, "hash": digest(hash) })
        }
        "hmac" => {
            let mut part = digest(hash);
            part["digest"] = params.digest.as_deref()?.to_ascii_lowercase().into();
            part["key"] = json!({
                "value": params.key.as_deref()?,
                "encoding": params.key_encoding.as_deref().unwrap_or("utf8"),
            });
            json!({ "algorithm": "hmac", "hash": part })
        }
        _ => {
            let parts = hash.pbkdf2()?;
            return Some(text("pbkdf2", &parts.phc()));
        }
    };
    if let Some(salt) = &params.salt {
        let position = params.salt_position.as_deref().unwrap_or("prefix");
        if position == "none" {
            return Some(custom);
        }
        if !matches!(position, "prefix" | "suffix") {
            return None;
        }
        let encoding = match params.salt_format.as_deref().unwrap_or("string") {
            "string" => "utf8",
            other => other,
        };
        custom["salt"] = json!({ "value": salt, "position": position, "encoding": encoding });
    }
    if let Some(encoding) = &params.password_encoding {
        const ENCODINGS: &[&str] = &["ascii", "utf8", "utf16le", "ucs2", "latin1", "binary"];
        let encoding = ENCODINGS.iter().find(|known| *known == encoding)?;
        custom["password"] = json!({ "encoding": encoding });
    }
    Some(custom)
}

/// A bare digest with the way in which it is written.
fn digest(hash: &Hash) -> Value {
    let encoded = hash.encoded();
    let is_hex = encoded.bytes().all(|byte| byte.is_ascii_hexdigit());
    let encoding = match &hash.params().hash_encoding {
        Some(encoding) => encoding.as_str(),
        None if is_hex => "hex",
        None => "base64",
    };
    json!({ "value": encoded, "encoding": encoding })
}
