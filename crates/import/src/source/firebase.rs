//! Firebase Authentication: what `firebase auth:export` writes, and what the Admin SDK lists.
//!
//! Layout: `src/accountExporter.ts` of `firebase/firebase-tools`, and `UserRecord.toJSON` of `firebase/firebase-admin-node`.
//! The tool exports accounts at Google, Facebook, Twitter and GitHub only; the SDK lists all of them. Neither tells the
//! secrets of second factors. Its CSV has no header.
//!
//! All passwords of a project are hashed with the project's own key, which no export holds.

mod table;

use serde_json::Value;

use super::{FileRole, Format, Options, Sample, Saw, Source};
use crate::draft::{Credential, Draft};
use crate::objects::{Nesting, Object};
use crate::problem::{ProblemCode, Refusal};
use crate::value::{self, MAX_NAME, MAX_URL};

pub(super) const SOURCE: Source = Source {
    name: "firebase",
    label: "Firebase",
    about: "The users as JSON or CSV from `firebase auth:export`, or as JSON from the Admin SDK, and the project's \
            password hash parameters.",
    is_prepared: false,
    project_params: &["signer_key", "salt_separator", "rounds", "mem_cost"],
    recognize,
    formats: &[
        Format::Nested(&NESTING, |object, _, options| read(object, options)),
        Format::Bare(&table::COLUMNS, table::columns),
    ],
};

const NESTING: Nesting = Nesting {
    lists: &["users"],
    outer: &[],
    marks: &[],
};

fn recognize(sample: &Sample) -> Option<Saw> {
    let what = match sample {
        Sample::Header(cells) if table::is_first_row(cells) => "rows of 29 cells without a header",
        sample => {
            let object = sample.object()?;
            let is_listed = object.contains_key("uid")
                && ["providerData", "tokensValidAfterTime", "metadata"]
                    .iter()
                    .any(|key| object.contains_key(*key));
            if object.contains_key("localId") {
                "users with a localId"
            } else if is_listed {
                "users as the Admin SDK lists them"
            } else {
                return None;
            }
        }
    };
    Some(Saw {
        role: FileRole::Users,
        what,
    })
}

fn read(object: &Object, options: &Options) -> Result<Draft, Refusal> {
    let mut draft = Draft::default();
    draft.record.provided_id = value::id_field(object, &["localId", "uid"])?;
    draft.record.suspended = value::flag_field(object, &["disabled", "userDisabled"])?;
    let (name, email) = value::string(object, &["email"])?;
    let verified = draft.proof(object, &["emailVerified"]);
    draft.email(name, email, verified)?;
    // A number may have been set by an administrator, so having one is no proof.
    let (name, phone) = value::string(object, &["phoneNumber"])?;
    draft.phone(name, phone, None);
    for (index, account) in value::objects_field(object, &["providerUserInfo", "providerData"])?
        .into_iter()
        .enumerate()
    {
        read_account(account, &mut draft)
            .map_err(|refusal| refusal.within("providerUserInfo", index))?;
    }
    if draft.record.identities.is_empty() && draft.warnings.is_empty() {
        return Err(Refusal::skipped(
            "the user is anonymous: there is no address, number or account to sign in with",
        ));
    }
    read_profile(object, &mut draft)?;
    read_claims(object, &mut draft);
    read_memberships(object, &mut draft)?;
    let factors = object.get("mfaInfo").or_else(|| {
        let multi_factor = object.get("multiFactor")?;
        multi_factor.get("enrolledFactors")
    });
    if factors
        .and_then(Value::as_array)
        .is_some_and(|factors| !factors.is_empty())
    {
        draft.lost_factor("mfaInfo");
    }
    draft.record.password = read_password(object, options, &mut draft)?;
    Ok(draft)
}

/// An element of `providerUserInfo`. Two of them stand for the address and the number at the top.
fn read_account(account: &Object, draft: &mut Draft) -> Result<(), Refusal> {
    let provider = value::string(account, &["providerId"])?.1;
    if provider.is_empty() || matches!(provider, "password" | "phone") {
        return Ok(());
    }
    let subject = value::id_field(account, &["rawId", "uid", "federatedId"])?.unwrap_or_default();
    let profile = account
        .clone()
        .into_iter()
        .filter(|(_, value)| !value.is_null());
    draft.account(
        "providerUserInfo",
        provider,
        &subject,
        Some(Value::Object(profile.collect())),
    );
    Ok(())
}

fn read_profile(object: &Object, draft: &mut Draft) -> Result<(), Refusal> {
    let empty = Object::new();
    let metadata = value::object_field(object, &["metadata"])?.unwrap_or(&empty);
    let name = draft.text(object, &["displayName"], MAX_NAME);
    draft.split_name(name);
    draft.record.picture = draft.text(object, &["photoUrl", "photoURL"], MAX_URL);
    draft.record.created_at = draft
        .instant(object, &["createdAt"])
        .or_else(|| http_date(metadata, "creationTime", draft));
    draft.record.last_sign_in_at = draft
        .instant(object, &["lastSignedInAt", "lastLoginAt"])
        .or_else(|| http_date(metadata, "lastSignInTime", draft));
    Ok(())
}

/// A date as the Admin SDK writes it: `Fri, 01 Mar 2024 09:00:00 GMT`.
fn http_date(metadata: &Object, name: &'static str, draft: &mut Draft) -> Option<i64> {
    let text = draft.text(metadata, &[name], MAX_NAME)?;
    match jiff::fmt::rfc2822::parse(&text) {
        Ok(zoned) => Some(zoned.timestamp().as_millisecond()),
        Err(_) => draft.instant(metadata, &[name]),
    }
}

/// Custom claims: an object, or one as text.
fn read_claims(object: &Object, draft: &mut Draft) {
    let Some((name, claims)) = value::field(object, &["customAttributes", "customClaims"]) else {
        return;
    };
    let parsed = match claims {
        Value::Object(claims) => Some(claims.clone()),
        Value::String(text) if text.trim().is_empty() => return,
        Value::String(text) => serde_json::from_str(text).ok(),
        _ => None,
    };
    if let Some(claims) = parsed {
        draft.properties(&claims, &[]);
    } else {
        let reason = "the custom claims are not a JSON object, and are left out";
        draft.warn(name, ProblemCode::INVALID_FIELD, reason);
    }
}

/// `organizations`, which no export has, and Kinde's guide tells to add by hand.
fn read_memberships(object: &Object, draft: &mut Draft) -> Result<(), Refusal> {
    for (index, organization) in value::objects_field(object, &["organizations"])?
        .into_iter()
        .enumerate()
    {
        let membership = super::kinde_ndjson::read_membership(organization)
            .map_err(|refusal| refusal.within("organizations", index))?;
        draft.record.organizations.push(membership);
    }
    Ok(())
}

fn read_password(
    object: &Object,
    options: &Options,
    draft: &mut Draft,
) -> Result<Option<password::Hash>, Refusal> {
    let (column, encoded) = value::string(object, &["passwordHash"])?;
    let is_imported = object
        .get("version")
        .and_then(Value::as_i64)
        .is_some_and(|version| version != 0);
    if is_imported && !encoded.is_empty() {
        // `accountExporter.ts` drops these as well: the hash was brought from elsewhere, and its scheme is not told.
        let reason = "the password was imported into Firebase and not used since, so its scheme is not known; \
                      the person chooses a new one";
        draft.warn(column, ProblemCode::UNSUPPORTED_SCHEME, reason);
        return Ok(None);
    }
    let hash = Credential {
        column,
        scheme: "firebase-scrypt",
        encoded,
        settings: &[("salt", value::string(object, &["salt", "passwordSalt"])?.1)],
        defaults: &options.hash,
    }
    .parse();
    draft.spare_uncheckable(hash)
}
