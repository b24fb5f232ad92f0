//! FusionAuth: users as its API and its search return them, and rows of its database with their passwords.
//!
//! Layout: FusionAuth docs, “User API” and “Migrate from FusionAuth”. The API never returns a password; queries of the
//! database do, in `snake_case` and in one flat row. Salt, factor and the name of the scheme are fields of their own.

mod table;

use serde_json::Value;

use super::{FileRole, Format, Options, Sample, Saw, Source};
use crate::draft::{Credential, Draft, base64_bytes};
use crate::objects::{Nesting, Object};
use crate::problem::{ProblemCode, Refusal};
use crate::record::{InvalidTotp, Totp, TotpAlgorithm};
use crate::value::{self, MAX_NAME};

pub(super) const SOURCE: Source = Source {
    name: "fusionauth",
    label: "FusionAuth",
    about: "The users as JSON from the API, or with their passwords as JSON or CSV from the database.",
    is_prepared: false,
    project_params: &[],
    recognize,
    formats: &[
        Format::Nested(&NESTING, |object, _, options| read(object, options)),
        Format::Table(table::columns),
    ],
};

const NESTING: Nesting = Nesting {
    lists: &["users"],
    outer: &[],
    marks: &[],
};

/// Fields that have a place of their own, or say nothing of the person.
const KNOWN: &[&str] = &[
    "id",
    "email",
    "username",
    "firstName",
    "lastName",
    "fullName",
    "imageUrl",
    "verified",
    "active",
    "phoneNumber",
    "preferredLanguages",
    "insertInstant",
    "lastLoginInstant",
    "lastUpdateInstant",
    "passwordLastUpdateInstant",
    "passwordChangeRequired",
    "passwordChangeReason",
    "passwordChangeRequiredReason",
    "breachedPasswordLastCheckedInstant",
    "breachedPasswordStatus",
    "connectorId",
    "tenantId",
    "uniqueUsername",
    "usernameStatus",
    "verifiedInstant",
    "expiry",
    "identities",
    "registrations",
    "memberships",
    "data",
    "twoFactor",
    "twoFactorEnabled",
    "twoFactorSecret",
    "twoFactorDelivery",
    "password",
    "salt",
    "factor",
    "iterations",
    "encryptionScheme",
];

fn recognize(sample: &Sample) -> Option<Saw> {
    let has = |object: &Object, keys: &[&str]| keys.iter().all(|key| object.contains_key(*key));
    let is_user = |object: &Object| {
        has(object, &["encryptionScheme"])
            || has(object, &["encryption_scheme"])
            || has(object, &["registrations", "tenantId"])
            || has(object, &["memberships", "tenantId"])
            || has(object, &["usernameStatus"])
            || has(object, &["passwordLastUpdateInstant"])
    };
    let what = if sample.object().is_some_and(is_user) {
        "users with the fields of its API or database"
    } else if sample.has_columns(&["encryptionscheme", "salt", "password"]) {
        "a header with encryption_scheme, salt and password"
    } else {
        return None;
    };
    Some(Saw {
        role: FileRole::Users,
        what,
    })
}

/// The same user with the names of the API, where rows of the database have others.
fn respelled(user: &Object) -> Object {
    user.iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(name, value)| {
            let mut parts = name.split('_');
            let mut camel = parts.next().unwrap_or_default().to_owned();
            for part in parts {
                let mut characters = part.chars();
                camel.extend(characters.next().map(|first| first.to_ascii_uppercase()));
                camel.push_str(characters.as_str());
            }
            (camel, value.clone())
        })
        .collect()
}

fn read(user: &Object, options: &Options) -> Result<Draft, Refusal> {
    let user = &respelled(user);
    let mut draft = Draft::default();
    draft.record.provided_id = value::id_field(user, &["id"])?;
    draft.record.suspended = value::flag_field(user, &["active"])?.map(|active| !active);
    let verified = draft.proof(user, &["verified"]);
    let (name, email) = value::string(user, &["email"])?;
    draft.email(name, email, verified)?;
    let (name, username) = value::string(user, &["username"])?;
    draft.sign_in_name(name, username);
    let (name, phone) = value::string(user, &["phoneNumber"])?;
    draft.phone(name, phone, None);
    for (index, identity) in value::objects_field(user, &["identities"])?
        .into_iter()
        .enumerate()
    {
        read_identity(identity, &mut draft)
            .map_err(|refusal| refusal.within("identities", index))?;
    }
    read_profile(user, &mut draft)?;
    read_roles(user, &mut draft)?;
    read_factors(user, &mut draft)?;
    draft.record.must_reset_password =
        value::flag_field(user, &["passwordChangeRequired"])?.filter(|must| *must);
    draft.record.password = read_password(user, options, &mut draft)?;
    Ok(draft)
}

/// An element of `identities`, which newer versions have: each with its own proof.
fn read_identity(identity: &Object, draft: &mut Draft) -> Result<(), Refusal> {
    let (name, text) = value::string(identity, &["value"])?;
    let verified = draft.proof(identity, &["verified"]);
    match value::string(identity, &["type"])?.1 {
        "email" => draft.email(name, text, verified)?,
        "phoneNumber" => draft.phone(name, text, verified),
        "username" => draft.sign_in_name(name, text),
        _ => {}
    }
    Ok(())
}

fn read_profile(user: &Object, draft: &mut Draft) -> Result<(), Refusal> {
    draft.profile(user, &["firstName"], &["lastName"], &["imageUrl"], &[]);
    let name = draft.text(user, &["fullName"], MAX_NAME);
    draft.split_name(name);
    if let Some(language) = user.get("preferredLanguages").and_then(|list| list.get(0)) {
        let only = Object::from_iter([("preferredLanguages".to_owned(), language.clone())]);
        draft.record.locale = draft.locale(&only, &["preferredLanguages"]);
    }
    draft.record.created_at = draft.instant(user, &["insertInstant"]);
    draft.record.last_sign_in_at = draft.instant(user, &["lastLoginInstant"]);
    if let Some(data) = value::object_field(user, &["data"])? {
        draft.properties(data, &[]);
    }
    draft.properties(user, KNOWN);
    Ok(())
}

/// Roles of the applications where the person is registered; groups are only told.
fn read_roles(user: &Object, draft: &mut Draft) -> Result<(), Refusal> {
    for (index, registration) in value::objects_field(user, &["registrations"])?
        .into_iter()
        .enumerate()
    {
        let roles = value::keys_field(registration, "roles")
            .map_err(|refusal| refusal.within("registrations", index))?;
        if !roles.is_empty() {
            draft.roles(None, roles);
        }
    }
    let groups: Vec<Value> = value::objects_field(user, &["memberships"])?
        .into_iter()
        .filter_map(|membership| membership.get("groupId").cloned())
        .collect();
    draft.property("groups", &groups.into());
    Ok(())
}

/// Second factors: authenticators with a secret in base64, and recovery codes.
fn read_factors(user: &Object, draft: &mut Draft) -> Result<(), Refusal> {
    let old_secret = value::string(user, &["twoFactorSecret"])?.1;
    if !old_secret.is_empty() {
        draft.authenticator("twoFactorSecret", totp(old_secret, &Object::new()));
    }
    let Some(two_factor) = value::object_field(user, &["twoFactor"])? else {
        return Ok(());
    };
    for method in value::objects_field(two_factor, &["methods"])? {
        let secret = value::string(method, &["secret"])?.1;
        if value::string(method, &["method"])?.1 == "authenticator" && !secret.is_empty() {
            let empty = Object::new();
            let settings = value::object_field(method, &["authenticator"])?.unwrap_or(&empty);
            draft.authenticator("twoFactor", totp(secret, settings));
        } else {
            draft.lost_factor("twoFactor");
        }
    }
    for code in value::keys_field(two_factor, "recoveryCodes")? {
        draft.recovery_code("twoFactor", &code);
    }
    Ok(())
}

fn totp(secret: &str, settings: &Object) -> Result<Totp, InvalidTotp> {
    let bytes = base64_bytes(secret).ok_or(InvalidTotp::Secret)?;
    let mut totp = Totp::from_bytes(&bytes)?;
    if let Some(algorithm) = settings.get("algorithm").and_then(Value::as_str) {
        totp.algorithm = TotpAlgorithm::parse(algorithm)?;
    }
    if let Some(digits) = settings.get("codeLength").and_then(Value::as_u64) {
        totp = totp.with_digits(u32::try_from(digits).unwrap_or(u32::MAX))?;
    }
    if let Some(period) = settings.get("timeStep").and_then(Value::as_u64) {
        totp = totp.with_period(u32::try_from(period).unwrap_or(u32::MAX))?;
    }
    Ok(totp)
}

fn read_password(
    user: &Object,
    options: &Options,
    draft: &mut Draft,
) -> Result<Option<password::Hash>, Refusal> {
    let number = |name: &'static str| match user.get(name) {
        Some(Value::Number(number)) => Ok(number.to_string()),
        _ => value::string(user, &[name]).map(|(_, text)| text.to_owned()),
    };
    let (factor, iterations) = (number("factor")?, number("iterations")?);
    let scheme = value::string(user, &["encryptionScheme"])?.1;
    let hash = Credential {
        column: "password",
        scheme: "fusionauth",
        encoded: value::string(user, &["password"])?.1,
        settings: &[
            ("encryption_scheme", scheme),
            ("salt", value::string(user, &["salt"])?.1),
            ("factor", &factor),
            ("iterations", &iterations),
        ],
        defaults: &options.hash,
    }
    .parse();
    match hash {
        // A scheme that somebody wrote as a plugin of their own.
        Err(refusal)
            if refusal.column.as_deref() == Some("encryption_scheme") && !scheme.is_empty() =>
        {
            let reason =
                "the password's scheme is a plugin of your own; the person chooses a new password";
            draft.warn("encryptionScheme", ProblemCode::UNSUPPORTED_SCHEME, reason);
            Ok(None)
        }
        hash => draft.spare_uncheckable(hash),
    }
}
