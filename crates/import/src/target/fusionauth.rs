//! FusionAuth: the body of its import of users (FusionAuth docs, “Import users”).

use password::Hash;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::rest::{Primary, Says, created_at, id_for, usual_totp, uuid};
use super::{Frame, Losses, Settings, Target, base64, from_base32};
use crate::record::{Identity, UserRecord};

pub(super) const TARGET: Target = Target {
    name: "fusionauth",
    label: "FusionAuth",
    about: "The body of FusionAuth's import of users; send some thousands at a time.",
    extension: "json",
    frame: Frame {
        before: "{\"users\":[\n",
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
    active: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
    verified: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mobile_phone: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    insert_instant: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_login_instant: Option<i64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    preferred_languages: Vec<String>,
    password_change_required: bool,
    #[serde(flatten)]
    password: Option<Credential>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    data: Map<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    two_factor: Option<Value>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Credential {
    encryption_scheme: String,
    factor: u64,
    salt: String,
    password: String,
}

fn write(record: &UserRecord, _: &mut Settings, losses: &mut Losses) -> Option<String> {
    let primary = Primary::of(record);
    primary.tell_others(record, |_| false, losses);
    if primary.phone.is_some_and(Identity::is_verified) {
        losses.add("is_verified", "phone");
    }
    Says {
        picture: true,
        suspension: true,
        reset: true,
        created_at: true,
        last_sign_in_at: true,
        properties: true,
        locale: true,
        ..Says::default()
    }
    .tell(record, losses);
    // Who has neither can't be found there.
    primary.email.or(primary.username)?;
    let password = record.password.as_ref().and_then(password);
    if let Some(hash) = record.password.as_ref().filter(|_| password.is_none()) {
        losses.add("password", hash.scheme());
    }
    let two_factor = usual_totp(record, losses).and_then(|totp| {
        let secret = base64(&from_base32(totp.secret())?);
        Some(json!({ "methods": [{
            "method": "authenticator",
            "secret": secret,
            "authenticator": { "algorithm": "HmacSHA1", "codeLength": 6, "timeStep": 30 },
        }] }))
    });
    let id = id_for(record, "fusionauth");
    Some(super::json(&User {
        id: uuid(&id).or_else(|| (id.len() == 36).then_some(id)),
        active: record.suspended != Some(true),
        email: primary.email.map(Identity::value),
        verified: primary.email.is_some_and(Identity::is_verified),
        username: primary.username.map(Identity::value),
        first_name: record.given_name.as_deref(),
        last_name: record.family_name.as_deref(),
        mobile_phone: primary.phone.map(Identity::value),
        image_url: record.picture.as_deref(),
        insert_instant: created_at(record),
        last_login_instant: record.last_sign_in_at,
        preferred_languages: record
            .locale
            .iter()
            .map(|locale| locale.as_str().replace('-', "_"))
            .collect(),
        password_change_required: record.must_reset_password == Some(true),
        password,
        data: record.properties.clone().into_iter().collect(),
        two_factor,
    }))
}

fn password(hash: &Hash) -> Option<Credential> {
    let params = hash.params();
    match hash.scheme() {
        "bcrypt" if *params == password::Params::default() => {
            let fields: Vec<&str> = hash.encoded().splitn(4, '$').collect();
            let ["", "2a" | "2b" | "2y", cost, rest] = fields[..] else {
                return None;
            };
            let (salt, digest) = rest.split_at_checked(22)?;
            Some(Credential {
                encryption_scheme: "bcrypt".to_owned(),
                factor: cost.parse().ok()?,
                salt: salt.to_owned(),
                password: digest.to_owned(),
            })
        }
        scheme @ ("salted-md5" | "salted-sha256" | "salted-hmac-sha256" | "phpass-md5"
        | "phpass-sha512") => Some(Credential {
            encryption_scheme: scheme.to_owned(),
            factor: params.factor.or(params.iterations)?,
            salt: params.salt.clone()?,
            password: hash.encoded().to_owned(),
        }),
        _ => {
            let parts = hash.pbkdf2()?;
            let scheme = match (parts.digest, parts.key.len()) {
                ("sha256", 32) => "salted-pbkdf2-hmac-sha256",
                ("sha256", 64) => "salted-pbkdf2-hmac-sha256-512",
                ("sha512", 64) => "salted-pbkdf2-hmac-sha512-512",
                _ => return None,
            };
            Some(Credential {
                encryption_scheme: scheme.to_owned(),
                factor: parts.iterations.into(),
                salt: base64(&parts.salt),
                password: base64(&parts.key),
            })
        }
    }
}
