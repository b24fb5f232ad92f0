//! Firebase: the file of `firebase auth:import` (Firebase docs, “auth:import and auth:export”).
//!
//! One import takes one hash algorithm with one set of parameters, given on the command line. The first password of the file
//! that Firebase can check settles which; people with another kind of hash come without one.

use password::{Hash, Params};
use serde::Serialize;
use serde_json::{Value, json};

use super::rest::{Primary, Says, created_at, full_name, id_for};
use super::{Frame, Hashing, Losses, Settings, Target, base64};
use crate::identifier::Identifier;
use crate::record::{Identity, UserRecord};

pub(super) const TARGET: Target = Target {
    name: "firebase",
    label: "Firebase",
    about: "The JSON of `firebase auth:import`; passwords of one hash algorithm a file.",
    extension: "json",
    frame: Frame {
        before: "{\"users\":[\n",
        between: ",\n",
        after: "\n]}\n",
    },
    write,
    define: None,
};

/// Our names of social providers, and Firebase's.
const PROVIDERS: &[(&str, &str)] = &[
    ("apple", "apple.com"),
    ("facebook", "facebook.com"),
    ("github", "github.com"),
    ("google", "google.com"),
    ("microsoft", "microsoft.com"),
    ("twitter", "twitter.com"),
];

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct User<'a> {
    local_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
    email_verified: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    password_hash: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    salt: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    display_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    photo_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone_number: Option<&'a str>,
    disabled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_signed_in_at: Option<String>,
    provider_user_info: Vec<Value>,
}

fn write(record: &UserRecord, settings: &mut Settings, losses: &mut Losses) -> Option<String> {
    let primary = Primary {
        username: None,
        ..Primary::of(record)
    };
    primary.tell_others(record, |provider| provider_id(provider).is_some(), losses);
    Says {
        picture: true,
        suspension: true,
        created_at: true,
        last_sign_in_at: true,
        ..Says::default()
    }
    .tell(record, losses);
    if !record.totp.is_empty() {
        losses.add("totp", "");
    }
    // A phone number there is a proven one.
    let phone = primary.phone.filter(|phone| phone.is_verified());
    if primary.phone.is_some() && phone.is_none() {
        losses.add("identities", "phone, not proven");
    }
    let hash = record.password.as_ref();
    let written = hash.and_then(|hash| {
        let (algorithm, written) = algorithm(hash)?;
        let chosen = settings.hashing.get_or_insert_with(|| algorithm.clone());
        (*chosen == algorithm).then_some(written)
    });
    if let Some(hash) = hash.filter(|_| written.is_none()) {
        losses.add("password", hash.scheme());
    }
    let providers: Vec<Value> = record.identities.iter().filter_map(provider).collect();
    if primary.email.is_none() && phone.is_none() && providers.is_empty() {
        return None;
    }
    let (password_hash, salt) = written.unzip();
    Some(super::json(&User {
        local_id: id_for(record, "firebase"),
        email: primary.email.map(Identity::value),
        email_verified: primary.email.is_some_and(Identity::is_verified),
        password_hash,
        salt: salt.flatten(),
        display_name: full_name(record),
        photo_url: record.picture.as_deref(),
        phone_number: phone.map(Identity::value),
        disabled: record.suspended == Some(true),
        created_at: created_at(record).map(|at| at.to_string()),
        last_signed_in_at: record.last_sign_in_at.map(|at| at.to_string()),
        provider_user_info: providers,
    }))
}

fn provider_id(provider: &str) -> Option<&'static str> {
    let (_, theirs) = PROVIDERS.iter().find(|(ours, _)| *ours == provider)?;
    Some(theirs)
}

fn provider(identity: &Identity) -> Option<Value> {
    let Identifier::Social { provider, subject } = &identity.identifier else {
        return None;
    };
    Some(json!({ "providerId": provider_id(provider)?, "rawId": subject }))
}

/// Hash and salt as the file has them.
type Written = (String, Option<String>);

impl Hashing {
    fn keyless(options: String) -> Self {
        Self {
            options,
            key: String::new(),
        }
    }
}

/// How the hash is made, with the options that the command line needs for it; and the hash.
fn algorithm(hash: &Hash) -> Option<(Hashing, Written)> {
    let params = hash.params();
    match hash.scheme() {
        "firebase-scrypt" => {
            let options = format!(
                "--hash-algo=SCRYPT --hash-key=<the project's signer key> --salt-separator={} --rounds={} --mem-cost={}",
                params.salt_separator.as_deref().unwrap_or_default(),
                params.rounds?,
                params.mem_cost?,
            );
            let hashing = Hashing {
                options,
                key: params.signer_key.clone()?,
            };
            Some((hashing, (hash.encoded().to_owned(), params.salt.clone())))
        }
        "bcrypt" if *params == Params::default() => Some((
            Hashing::keyless("--hash-algo=BCRYPT".to_owned()),
            (base64(hash.encoded().as_bytes()), None),
        )),
        _ => {
            let parts = hash.pbkdf2()?;
            let name = match parts.digest {
                "sha1" => "PBKDF_SHA1",
                "sha256" => "PBKDF2_SHA256",
                _ => return None,
            };
            let options = format!("--hash-algo={name} --rounds={}", parts.iterations);
            let written = (base64(&parts.key), Some(base64(&parts.salt)));
            Some((Hashing::keyless(options), written))
        }
    }
}
