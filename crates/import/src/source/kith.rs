//! Kith's own export: one object a line, each of which says its kind.
//!
//! What [`crate::target`] writes as `kith`, this reads back to equal records, so that an installation can be moved with
//! everything that its people are. Texts are taken as they are, neither trimmed nor cut: they were accepted once. What is
//! malformed refuses its line, since a program wrote the file.

use std::collections::BTreeMap;

use password::{Hash, Params};
use serde_json::Value;

use super::{FileRole, Format, Options, Sample, Saw, Source};
use crate::draft::Draft;
use crate::identifier::{Identifier, IdentityKind};
use crate::objects::Object;
use crate::own::{
    Definition, Organization, Own, OwnIdentity, OwnMembership, OwnPassword, Permission, Role,
};
use crate::problem::{ProblemCode, Refusal};
use crate::record::{
    Identity, Locale, Membership, Passkey, RecordRole, RecoveryCode, Totp, UserRecord,
};
use crate::value::{self, verbatim};

pub(super) const SOURCE: Source = Source {
    name: "kith",
    label: "Kith",
    about: "What `kith export` writes: people, organizations, roles and permissions, one JSON object per line.",
    is_prepared: false,
    project_params: &[],
    recognize,
    formats: &[Format::Objects(read)],
};

/// The kinds of lines. The first says `kind` before anything else.
const KINDS: [&str; 4] = ["permission", "role", "organization", "user"];

fn recognize(sample: &Sample) -> Option<Saw> {
    let Sample::Object(object) = sample else {
        return None;
    };
    let kind = object.get("kind")?.as_str()?;
    let is_ours = KINDS.contains(&kind) && object.contains_key("created_on");
    is_ours.then_some(Saw {
        role: FileRole::Users,
        what: "lines that say their kind, as `kith export` writes them",
    })
}

fn read(object: &Object, _: &Options) -> Result<Draft, Refusal> {
    let kind = verbatim(object, "kind")?.unwrap_or_default();
    let definition = match kind.as_str() {
        "user" => {
            let record = read_user(object)?;
            return Ok(Draft {
                record,
                warnings: Vec::new(),
            });
        }
        "permission" => Definition::Permission(read_permission(object)?),
        "role" => Definition::Role(read_role(object)?),
        "organization" => Definition::Organization(read_organization(object)?),
        _ => {
            return Err(Refusal::at(
                "kind",
                ProblemCode::INVALID_FIELD,
                "the line is of no kind that this version knows; import it with the version that wrote it, or a newer one",
            ));
        }
    };
    Ok(Draft {
        record: UserRecord {
            role: RecordRole::Definition,
            definition: Some(Box::new(definition)),
            ..UserRecord::default()
        },
        warnings: Vec::new(),
    })
}

fn read_permission(object: &Object) -> Result<Permission, Refusal> {
    Ok(Permission {
        id: required(object, "id")?,
        key: required(object, "key")?,
        name: required(object, "name")?,
        description: verbatim(object, "description")?,
        created_at: instant(object, "created_on")?,
    })
}

fn read_role(object: &Object) -> Result<Role, Refusal> {
    Ok(Role {
        id: required(object, "id")?,
        key: required(object, "key")?,
        name: required(object, "name")?,
        description: verbatim(object, "description")?,
        is_default_role: flag(object, "is_default_role")?,
        assignment_permission: verbatim(object, "assignment_permission")?,
        permissions: texts(object, "permissions")?,
        created_at: instant(object, "created_on")?,
    })
}

fn read_organization(object: &Object) -> Result<Organization, Refusal> {
    Ok(Organization {
        code: required(object, "organization_code")?,
        name: required(object, "name")?,
        handle: verbatim(object, "handle")?,
        external_id: verbatim(object, "external_id")?,
        is_default: flag(object, "is_default")?,
        is_auto_membership_enabled: flag(object, "is_auto_membership_enabled")?,
        suspended_at: value::instant_field(object, &["suspended_on"])?,
        created_at: instant(object, "created_on")?,
    })
}

fn read_user(object: &Object) -> Result<UserRecord, Refusal> {
    let mut own = Own {
        id: required(object, "id")?,
        source: required(object, "source")?,
        created_at: instant(object, "created_on")?,
        updated_at: instant(object, "updated_on")?,
        total_sign_ins: count(object, "total_sign_ins")?,
        failed_sign_ins: count(object, "failed_sign_ins")?,
        ..Own::default()
    };
    let mut record = UserRecord {
        provided_id: verbatim(object, "external_id")?,
        alternate_ids: texts(object, "alternate_ids")?,
        given_name: verbatim(object, "first_name")?,
        family_name: verbatim(object, "last_name")?,
        picture: verbatim(object, "picture")?,
        created_at: value::instant_field(object, &["former_created_on"])?,
        last_sign_in_at: value::instant_field(object, &["last_signed_in"])?,
        locale: locale(object)?,
        suspended: Some(flag(object, "is_suspended")?),
        suspended_until: value::instant_field(object, &["suspended_until"])?,
        must_reset_password: Some(flag(object, "is_password_reset_requested")?),
        properties: pairs(object, "properties")?,
        private_properties: pairs(object, "private_properties")?,
        feature_flags: pairs(object, "feature_flags")?,
        ..UserRecord::default()
    };
    each(object, "identities", |identity| {
        read_identity(identity, &mut record, &mut own)
    })?;
    each(object, "organizations", |organization| {
        read_membership(organization, &mut record, &mut own)
    })?;
    if let Some(password) = value::object_field(object, &["password"])? {
        record.password = Some(read_hash(password)?);
        own.password = Some(read_own_password(password)?);
        record.password_verified = Some(true);
    }
    read_factors(object, &mut record)?;
    record.own = Some(Box::new(own));
    Ok(record)
}

fn read_factors(object: &Object, record: &mut UserRecord) -> Result<(), Refusal> {
    record.totp = values(object, "authenticators", Totp::from_json)?;
    record.recovery_codes = values(object, "recovery_codes", RecoveryCode::from_json)?;
    record.passkeys = values(object, "passkeys", Passkey::from_json)?;
    Ok(())
}

/// The values of a list, each read by `read`. Its error never repeats a secret.
fn values<T, E: std::fmt::Display>(
    object: &Object,
    name: &'static str,
    read: fn(&Value) -> Result<T, E>,
) -> Result<Vec<T>, Refusal> {
    let refuse = |error: E| Refusal::at(name, ProblemCode::INVALID_FIELD, error);
    match object.get(name) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(values)) => values
            .iter()
            .map(|value| read(value).map_err(refuse))
            .collect(),
        Some(_) => Err(Refusal::at(
            name,
            ProblemCode::INVALID_FIELD,
            "the value should be a list",
        )),
    }
}

fn locale(object: &Object) -> Result<Option<Locale>, Refusal> {
    let text = verbatim(object, "locale")?;
    text.map(|text| Locale::parse(&text))
        .transpose()
        .map_err(|error| Refusal::at("locale", ProblemCode::INVALID_FIELD, error))
}

fn read_identity(object: &Object, record: &mut UserRecord, own: &mut Own) -> Result<(), Refusal> {
    let kind = required(object, "type")?;
    let text = required(object, "identity")?;
    let name = "identity";
    let identifier = match kind.parse() {
        Ok(IdentityKind::Email) => value::email(name, &text)?,
        Ok(IdentityKind::Phone) => value::phone(name, &text)?,
        Ok(IdentityKind::Username) => value::username(name, &text)?,
        Ok(IdentityKind::Social { provider }) => Some(Identifier::Social {
            provider,
            subject: text,
        }),
        Err(error) => {
            return Err(Refusal::at(
                "type",
                ProblemCode::UNSUPPORTED_IDENTITY,
                error,
            ));
        }
    };
    let Some(identifier) = identifier else {
        return Err(missing("identity"));
    };
    let kind = identifier.kind();
    let is_known = |known: &Identity| known.identifier.is(&kind, identifier.folded());
    if record.identities.iter().any(is_known) {
        let reason = "the line has this identity twice; remove one of the two";
        return Err(Refusal::at(name, ProblemCode::INVALID_FIELD, reason));
    }
    record.identities.push(Identity {
        verified: Some(flag(object, "is_verified")?),
        primary: flag(object, "is_primary")?,
        profile: object
            .get("profile")
            .filter(|value| !value.is_null())
            .cloned(),
        ..Identity::new(identifier)
    });
    own.identities.push(OwnIdentity {
        id: required(object, "id")?,
        created_at: instant(object, "created_on")?,
        total_sign_ins: count(object, "total_sign_ins")?,
        last_sign_in_at: value::instant_field(object, &["last_signed_in"])?,
    });
    Ok(())
}

fn read_membership(object: &Object, record: &mut UserRecord, own: &mut Own) -> Result<(), Refusal> {
    let code = required(object, "organization_code")?;
    record.organizations.push(Membership {
        external_id: Some(code.clone()),
        roles: texts(object, "roles")?,
        permissions: texts(object, "permissions")?,
    });
    own.memberships.push(OwnMembership {
        code,
        external_id: verbatim(object, "external_id")?,
        is_default: flag(object, "is_default")?,
        joined_at: instant(object, "joined_on")?,
        last_sign_in_at: value::instant_field(object, &["last_signed_in"])?,
    });
    Ok(())
}

fn read_hash(object: &Object) -> Result<Hash, Refusal> {
    let config = match object.get("hashing_config") {
        None | Some(Value::Null) => Params::default(),
        // The parser's own message may repeat a piece of the text.
        Some(config) => serde_json::from_value(config.clone()).map_err(|_| {
            let reason = "the parameters of the hash are malformed; export again";
            Refusal::at(
                "password.hashing_config",
                ProblemCode::INVALID_FIELD,
                reason,
            )
        })?,
    };
    let scheme = required(object, "hashing_algorithm")?;
    let encoded = required(object, "hashed_password")?;
    Hash::parse(&scheme, &encoded, &config).map_err(|error| {
        let code = ProblemCode::of_hash(&error);
        Refusal::at("password.hashed_password", code, error)
    })
}

fn read_own_password(object: &Object) -> Result<OwnPassword, Refusal> {
    let digest = verbatim(object, "imported_digest")?;
    let digest = digest.map(|text| {
        from_hex(&text).ok_or_else(|| {
            let reason = "the digest is not 64 hex digits; export again";
            Refusal::at(
                "password.imported_digest",
                ProblemCode::INVALID_FIELD,
                reason,
            )
        })
    });
    Ok(OwnPassword {
        is_temporary: flag(object, "is_temporary")?,
        is_proved: flag(object, "is_proved")?,
        set_by: required(object, "set_by")?,
        imported_digest: digest.transpose()?,
        updated_at: instant(object, "updated_on")?,
    })
}

fn from_hex(text: &str) -> Option<[u8; 32]> {
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    let mut digest = [0; 32];
    for (at, byte) in digest.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * at..2 * at + 2], 16).ok()?;
    }
    Some(digest)
}

/// Calls `read` with each object of a list; a refusal tells which one it was.
fn each(
    object: &Object,
    name: &'static str,
    mut read: impl FnMut(&Object) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    let objects = value::objects_field(object, &[name])?;
    for (index, object) in objects.into_iter().enumerate() {
        read(object).map_err(|refusal| refusal.within(name, index))?;
    }
    Ok(())
}

/// A list of `{key, value}` as a map.
fn pairs(object: &Object, name: &'static str) -> Result<BTreeMap<String, Value>, Refusal> {
    let mut map = BTreeMap::new();
    each(object, name, |pair| {
        let value = pair.get("value").cloned().unwrap_or(Value::Null);
        map.insert(required(pair, "key")?, value);
        Ok(())
    })?;
    Ok(map)
}

/// The texts of a list, as they are.
fn texts(object: &Object, name: &'static str) -> Result<Vec<String>, Refusal> {
    let wrong = || {
        Refusal::at(
            name,
            ProblemCode::INVALID_FIELD,
            "the value should be a list of texts",
        )
    };
    match object.get(name) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(values)) => values
            .iter()
            .map(|value| value.as_str().map(str::to_owned).ok_or_else(wrong))
            .collect(),
        Some(_) => Err(wrong()),
    }
}

fn required(object: &Object, name: &'static str) -> Result<String, Refusal> {
    verbatim(object, name)?.ok_or_else(|| missing(name))
}

fn flag(object: &Object, name: &'static str) -> Result<bool, Refusal> {
    Ok(value::flag_field(object, &[name])?.unwrap_or(false))
}

fn instant(object: &Object, name: &'static str) -> Result<i64, Refusal> {
    value::instant_field(object, &[name])?.ok_or_else(|| missing(name))
}

/// A number that counts; 0 when absent.
fn count(object: &Object, name: &'static str) -> Result<i64, Refusal> {
    match object.get(name) {
        None | Some(Value::Null) => Ok(0),
        Some(value) => value.as_i64().filter(|number| *number >= 0).ok_or_else(|| {
            Refusal::at(
                name,
                ProblemCode::INVALID_FIELD,
                "the value should be a whole number",
            )
        }),
    }
}

fn missing(name: &str) -> Refusal {
    let reason = "the value is missing; export again, the line may have been changed";
    Refusal::at(name, ProblemCode::INVALID_FIELD, reason)
}
