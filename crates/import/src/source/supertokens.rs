//! SuperTokens: the file of its bulk import, and users as its core lists them.
//!
//! Layout: SuperTokens docs, “Bulk import”, and `GET /users` of the core driver interface. One person has several login
//! methods, each with an address of its own. Roles and methods belong to tenants, of which `public` is the default one.

use serde_json::Value;

use super::{FileRole, Format, Options, Sample, Saw, Source};
use crate::draft::{Credential, Draft};
use crate::objects::{Nesting, Object};
use crate::problem::{ProblemCode, Refusal};
use crate::record::Totp;
use crate::value::{self, MAX_NAME};

pub(super) const SOURCE: Source = Source {
    name: "supertokens",
    label: "SuperTokens",
    about: "The users as JSON in the layout of the bulk import, or as the core lists them. Passwords that came from \
            Firebase need its signer key.",
    is_prepared: false,
    project_params: &[],
    recognize,
    formats: &[Format::Nested(&NESTING, |object, _, options| {
        read(object, options)
    })],
};

const NESTING: Nesting = Nesting {
    lists: &["users"],
    outer: &[],
    marks: &["nextPaginationToken"],
};

/// The name of the tenant that everybody is in.
const DEFAULT_TENANT: &str = "public";

fn recognize(sample: &Sample) -> Option<Saw> {
    let has_methods = |object: &Object| {
        let methods = object.get("loginMethods").and_then(|list| list.get(0));
        methods.is_some_and(|method| method.get("recipeId").is_some())
    };
    sample.object().is_some_and(has_methods).then_some(Saw {
        role: FileRole::Users,
        what: "users with loginMethods",
    })
}

fn read(user: &Object, options: &Options) -> Result<Draft, Refusal> {
    let mut draft = Draft::default();
    let external_id = value::id_field(user, &["externalUserId"])?;
    let id = value::id_field(user, &["id", "userId"])?;
    draft.record.provided_id = external_id.or(id);
    // The method that stands for the person comes first, and with it the password and the primary address.
    let mut methods = value::objects_field(user, &["loginMethods"])?;
    methods.sort_by_key(|method| method.get("isPrimary") != Some(&Value::Bool(true)));
    for method in methods {
        read_method(method, options, &mut draft).map_err(|refusal| Refusal {
            column: Some(format!(
                "loginMethods.{}",
                refusal.column.unwrap_or_default()
            )),
            ..refusal
        })?;
    }
    draft.record.created_at = draft
        .record
        .created_at
        .or(draft.instant(user, &["timeJoined"]));
    for role in value::objects_field(user, &["userRoles"])? {
        if let Some(key) = draft.text(role, &["role"], value::MAX_KEY) {
            for tenant in tenants(role)? {
                draft.roles(tenant, vec![key.clone()]);
            }
        }
    }
    for device in value::objects_field(user, &["totpDevices"])? {
        let secret = value::string(device, &["secretKey"])?.1;
        let period = device.get("period").and_then(Value::as_u64);
        let name = draft.text(device, &["deviceName"], MAX_NAME);
        let totp = Totp::parse(secret).and_then(|totp| match period {
            Some(period) => totp.with_period(u32::try_from(period).unwrap_or(u32::MAX)),
            None => Ok(totp),
        });
        draft.authenticator(
            "totpDevices",
            totp.map(|mut totp| {
                totp.name = name;
                totp
            }),
        );
    }
    if let Some(metadata) = value::object_field(user, &["userMetadata"])? {
        draft.profile(metadata, GIVEN, FAMILY, PICTURE, LOCALE);
        draft.properties(metadata, &[GIVEN, FAMILY, PICTURE, LOCALE].concat());
    }
    Ok(draft)
}

const GIVEN: &[&str] = &["first_name", "given_name", "firstName"];
const FAMILY: &[&str] = &["last_name", "family_name", "lastName"];
const PICTURE: &[&str] = &["picture", "avatar"];
const LOCALE: &[&str] = &["locale"];

/// One way to sign in.
fn read_method(method: &Object, options: &Options, draft: &mut Draft) -> Result<(), Refusal> {
    let recipe_id = value::id_field(method, &["recipeUserId"])?;
    let is_other = recipe_id != draft.record.provided_id;
    draft
        .record
        .alternate_ids
        .extend(recipe_id.filter(|_| is_other));
    let joined_at = draft.instant(method, &["timeJoinedInMSSinceEpoch", "timeJoined"]);
    draft.record.created_at = match (draft.record.created_at, joined_at) {
        (Some(before), Some(now)) => Some(before.min(now)),
        (before, now) => before.or(now),
    };
    for tenant in tenants(method)?.into_iter().flatten() {
        draft.roles(Some(tenant), Vec::new());
    }
    let verified = draft.proof(method, &["isVerified", "verified"]);
    let (name, email) = value::string(method, &["email"])?;
    draft.email(name, email, verified)?;
    let (name, phone) = value::string(method, &["phoneNumber"])?;
    draft.phone(name, phone, verified);
    match value::string(method, &["recipeId"])?.1 {
        "emailpassword" => read_password(method, options, draft),
        "thirdparty" => {
            let account = value::object_field(method, &["thirdParty"])?.unwrap_or(method);
            let provider = value::string(account, &["thirdPartyId", "id"])?.1;
            let subject = value::id_field(account, &["thirdPartyUserId", "userId"])?;
            draft.account("loginMethods", provider, &subject.unwrap_or_default(), None);
            Ok(())
        }
        "passwordless" => Ok(()),
        _ => {
            draft.lost_factor("loginMethods");
            Ok(())
        }
    }
}

fn read_password(method: &Object, options: &Options, draft: &mut Draft) -> Result<(), Refusal> {
    let column = "passwordHash";
    let encoded = value::string(method, &[column])?.1;
    if method.contains_key("plainTextPassword") {
        draft.plain_password("plainTextPassword");
    }
    if draft.record.password.is_some() && !encoded.is_empty() {
        let reason =
            "the person has several passwords over there; that of the primary method is taken";
        draft.warn(column, ProblemCode::NOT_IMPORTED, reason);
        return Ok(());
    }
    let scheme = match value::string(method, &["hashingAlgorithm"])?.1 {
        "firebase_scrypt" => "supertokens",
        // Argon2 strings say which of its three kinds they are.
        name if name.eq_ignore_ascii_case("argon2") => "",
        name => name,
    };
    let hash = Credential {
        column,
        scheme,
        encoded,
        settings: &[],
        defaults: &options.hash,
    }
    .parse();
    draft.record.password = draft.spare_uncheckable(hash)?;
    Ok(())
}

/// The tenants of a role or method: `None` for the default one, which is also meant where none is named.
fn tenants(object: &Object) -> Result<Vec<Option<String>>, Refusal> {
    let mut ids = value::keys_field(object, "tenantIds")?;
    if ids.is_empty() {
        ids.push(DEFAULT_TENANT.to_owned());
    }
    let ids = ids.into_iter();
    Ok(ids.map(|id| (id != DEFAULT_TENANT).then_some(id)).collect())
}
