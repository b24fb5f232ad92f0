//! The custom NDJSON of Kinde: one object a line, prepared by a program, with everything that can be said of a person.
//!
//! Keys and their meaning: Kinde docs, “Import or update users in bulk”, custom NDJSON schema, with the `email`,
//! `email_verified` and `created_on` of its older version; and with keys of our own for what Kinde has no place for: `locale`,
//! `suspended_until`, `totp`, `recovery_codes`, `passkeys`. As with the custom CSV, what is malformed refuses its row.
//!
//! The people of Kinde's own export (`users.ndjson`) are read as well. It has other names for some things: `external_id`,
//! `hashing_config`, and organizations by their codes alone.

use std::collections::BTreeMap;

use serde_json::Value;

use super::detect::text_of;
use super::{FileRole, Format, Options, Sample, Saw, Source};
use crate::draft::{Credential, Draft, SETTINGS};
use crate::header::folded;
use crate::identifier::{Identifier, IdentityKind};
use crate::mapping;
use crate::objects::Object;
use crate::problem::{ProblemCode, Refusal, Warning};
use crate::record::{Locale, Membership, Passkey, RecoveryCode, Totp};
use crate::value::{self, MAX_KEY, MAX_NAME, MAX_URL};

pub(super) const SOURCE: Source = Source {
    name: "kinde-ndjson",
    label: "Custom NDJSON",
    about: "One JSON object per line, prepared by a program, with identities, properties and organizations.",
    is_prepared: true,
    project_params: &[],
    recognize,
    formats: &[Format::Objects(read)],
};

fn recognize(sample: &Sample) -> Option<Saw> {
    let Sample::Object(object) = sample else {
        return None;
    };
    let identities = object.get("identities").and_then(Value::as_array);
    let has_types = identities
        .and_then(|identities| identities.first())
        .and_then(Value::as_object)
        .is_some_and(|identity| identity.contains_key("type") && identity.contains_key("identity"));
    // Who has more to say than this layout can hold is better read as objects of their own.
    let is_foreign = |key: &String| {
        let key = folded(key);
        !OURS.contains(&key.as_str()) && mapping::is_field_name(&key)
    };
    let has_email = text_of(object, &["email"]).is_some() && !object.keys().any(is_foreign);
    (has_types || has_email).then_some(Saw {
        role: FileRole::Users,
        what: "objects with the keys of a custom NDJSON file",
    })
}

/// The keys that are read, folded.
const OURS: &[&str] = &[
    "id",
    "providedid",
    "email",
    "emailverified",
    "firstname",
    "givenname",
    "lastname",
    "familyname",
    "picture",
    "issuspended",
    "suspendeduntil",
    "createdon",
    "createdat",
    "locale",
    "totp",
    "recoverycodes",
    "password",
    "passwordverified",
];

fn read(object: &Object, options: &Options) -> Result<Draft, Refusal> {
    let mut draft = Draft::default();
    // The address at the top is the primary one.
    let (name, address) = value::string(object, &["email"])?;
    if let Some(email) = value::email(name, address)? {
        draft.identify(email, value::flag_field(object, &["email_verified"])?);
    }
    let (name, number) = value::string(object, &["phone"])?;
    if let Some(phone) = value::phone(name, number)? {
        draft.identify(phone, value::flag_field(object, &["phone_verified"])?);
    }
    let (name, username) = value::string(object, &["username"])?;
    if let Some(username) = value::username(name, username)? {
        draft.identify(username, None);
    }
    for (index, identity) in value::objects_field(object, &["identities"])?
        .into_iter()
        .enumerate()
    {
        read_identity(identity, &mut draft)
            .map_err(|refusal| refusal.within("identities", index))?;
    }
    let record = &mut draft.record;
    record.provided_id = value::id_field(object, &["id", "provided_id", "external_id"])?;
    let external_id = value::id_field(object, &["external_id"])?;
    let is_other = external_id != record.provided_id;
    record
        .alternate_ids
        .extend(external_id.filter(|_| is_other));
    record.given_name = value::text_field(object, &["first_name", "given_name"], MAX_NAME)?;
    record.family_name = value::text_field(object, &["last_name", "family_name"], MAX_NAME)?;
    record.picture = value::text_field(object, &["picture"], MAX_URL)?;
    record.suspended = value::flag_field(object, &["is_suspended"])?;
    record.created_at = value::instant_field(object, &["created_on", "created_at"])?;
    record.suspended_until = value::instant_field(object, &["suspended_until"])?;
    record.locale = read_locale(object)?;
    record.password_verified = value::flag_field(object, &["password_verified"])?;
    record.totp = credentials(object, "totp", ProblemCode::INVALID_TOTP, Totp::from_json)?;
    record.recovery_codes = credentials(
        object,
        "recovery_codes",
        ProblemCode::INVALID_RECOVERY_CODE,
        RecoveryCode::from_json,
    )?;
    record.passkeys = credentials(
        object,
        "passkeys",
        ProblemCode::INVALID_PASSKEY,
        Passkey::from_json,
    )?;
    record.properties = pairs(object, "properties")?;
    record.feature_flags = pairs(object, "feature_flags")?;
    if let Some(password) = value::object_field(object, &["password"])? {
        record.password = read_password(password, options)?;
    }
    read_memberships(object, &mut draft)?;
    Ok(draft)
}

fn read_memberships(object: &Object, draft: &mut Draft) -> Result<(), Refusal> {
    if let Some(Value::Array(codes)) = object.get("organizations")
        && codes.iter().all(Value::is_string)
    {
        for code in value::keys_field(object, "organizations")? {
            draft.roles(Some(code), Vec::new());
        }
        return Ok(());
    }
    for (index, organization) in value::objects_field(object, &["organizations"])?
        .into_iter()
        .enumerate()
    {
        let membership = read_membership(organization)
            .map_err(|refusal| refusal.within("organizations", index))?;
        draft.record.organizations.push(membership);
        if organization.contains_key("scopes") {
            draft.warnings.push(Warning {
                column: Some(format!("organizations[{index}].scopes")),
                code: ProblemCode::NOT_IMPORTED,
                reason: "scopes are not taken; grant them by roles and permissions".to_owned(),
            });
        }
    }
    Ok(())
}

fn read_identity(identity: &Object, draft: &mut Draft) -> Result<(), Refusal> {
    let (_, kind) = value::string(identity, &["type"])?;
    if kind.starts_with("wsfed:") {
        draft.warnings.push(Warning {
            column: Some("identities".to_owned()),
            code: ProblemCode::UNSUPPORTED_IDENTITY,
            reason:
                "an account at an enterprise directory is not taken; set up a connection for it"
                    .to_owned(),
        });
        return Ok(());
    }
    let (name, text) = value::string(identity, &["identity"])?;
    let identifier = match kind.parse() {
        Ok(IdentityKind::Email) => value::email(name, text)?,
        Ok(IdentityKind::Phone) => value::phone(name, text)?,
        Ok(IdentityKind::Username) => value::username(name, text)?,
        Ok(IdentityKind::Social { provider }) => value::text(name, text, MAX_KEY)?
            .map(|subject| Identifier::Social { provider, subject }),
        Err(error) => {
            return Err(Refusal::at(
                "type",
                ProblemCode::UNSUPPORTED_IDENTITY,
                error,
            ));
        }
    };
    let Some(identifier) = identifier else {
        return Err(Refusal::at(
            name,
            ProblemCode::MISSING_IDENTIFIER,
            "the identity is blank; remove it or fill it in",
        ));
    };
    let profile = value::object_field(identity, &["profile"])?;
    let identity = draft.identify(identifier, value::flag_field(identity, &["is_verified"])?);
    identity.profile = profile.cloned().map(Value::Object);
    Ok(())
}

fn read_password(password: &Object, options: &Options) -> Result<Option<password::Hash>, Refusal> {
    let mut texts = Vec::new();
    let apart = value::object_field(password, &["hashing_config"])?;
    for name in SETTINGS {
        let settings = apart.filter(|apart| apart.contains_key(name));
        let settings = settings.unwrap_or(password);
        let text = match settings.get(name) {
            Some(Value::Number(number)) => number.to_string(),
            _ => value::string(settings, &[name])?.1.to_owned(),
        };
        texts.push((name, text));
    }
    let settings: Vec<_> = texts
        .iter()
        .map(|(name, text)| (*name, text.as_str()))
        .collect();
    Credential {
        column: "password.hashed_password",
        scheme: value::string(password, &["hashing_algorithm", "hashing_method"])?.1,
        encoded: value::string(password, &["hashed_password"])?.1,
        settings: &settings,
        defaults: &options.hash,
    }
    .parse()
}

fn read_locale(object: &Object) -> Result<Option<Locale>, Refusal> {
    let (name, text) = value::string(object, &["locale"])?;
    if text.trim().is_empty() {
        return Ok(None);
    }
    Locale::parse(text)
        .map(Some)
        .map_err(|error| Refusal::at(name, ProblemCode::INVALID_LOCALE, error))
}

/// A list of what somebody proves themselves with beside a password.
fn credentials<T, E: std::fmt::Display>(
    object: &Object,
    name: &'static str,
    code: ProblemCode,
    read: fn(&Value) -> Result<T, E>,
) -> Result<Vec<T>, Refusal> {
    let values = match value::field(object, &[name]) {
        None => return Ok(Vec::new()),
        Some((_, Value::Array(values))) => values,
        Some(_) => {
            return Err(Refusal::at(
                name,
                ProblemCode::INVALID_FIELD,
                "the value should be a list",
            ));
        }
    };
    let read = values.iter().enumerate().map(|(index, value)| {
        read(value).map_err(|error| Refusal::new(code, error).within(name, index))
    });
    read.collect()
}

/// Reads an element of `organizations`.
pub(super) fn read_membership(organization: &Object) -> Result<Membership, Refusal> {
    Ok(Membership {
        external_id: value::id_field(organization, &["external_id"])?,
        roles: value::keys_field(organization, "roles")?,
        permissions: value::keys_field(organization, "permissions")?,
    })
}

/// A list of `{key, value}` as a map.
fn pairs(object: &Object, name: &'static str) -> Result<BTreeMap<String, Value>, Refusal> {
    let mut map = BTreeMap::new();
    for (index, pair) in value::objects_field(object, &[name])?
        .into_iter()
        .enumerate()
    {
        let key = value::text_field(pair, &["key"], MAX_KEY)
            .map_err(|refusal| refusal.within(name, index))?;
        if let (Some(key), Some(value)) = (key, pair.get("value")) {
            map.insert(key, value.clone());
        }
    }
    Ok(map)
}
