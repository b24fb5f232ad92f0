//! Okta: the users as its API lists them, and documents that were made to create users there.
//!
//! Layout: Okta developer docs, “Users API”. The API returns no hash. Documents for an import carry one as
//! `credentials.password.hash`, so scripts that once moved people in serve to move them out.

use serde_json::Value;

use super::{FileRole, Format, Options, Sample, Saw, Source};
use crate::draft::{Credential, Draft};
use crate::objects::Object;
use crate::problem::Refusal;
use crate::value::{self, MAX_NAME};

pub(super) const SOURCE: Source = Source {
    name: "okta",
    label: "Okta",
    about: "The users as JSON from the Users API, page after page. Okta exports no passwords; those of documents that \
            were made to import people there are taken.",
    is_prepared: false,
    project_params: &[],
    recognize,
    formats: &[Format::Objects(read)],
};

/// Fields of the profile that have a place of their own.
const KNOWN: &[&str] = &[
    "login",
    "email",
    "firstName",
    "lastName",
    "displayName",
    "locale",
    "preferredLanguage",
];

fn recognize(sample: &Sample) -> Option<Saw> {
    let Sample::Object(object) = sample else {
        return None;
    };
    let has_login = object
        .get("profile")
        .is_some_and(|profile| profile.get("login").is_some());
    let is_user = has_login
        && ["credentials", "status", "_links"]
            .iter()
            .any(|key| object.contains_key(*key));
    is_user.then_some(Saw {
        role: FileRole::Users,
        what: "users with a profile and a login",
    })
}

fn read(user: &Object, options: &Options) -> Result<Draft, Refusal> {
    let empty = Object::new();
    let part =
        |name: &'static str| value::object_field(user, &[name]).map(|part| part.unwrap_or(&empty));
    let (profile, credentials) = (part("profile")?, part("credentials")?);
    let mut draft = Draft::default();
    draft.record.provided_id = value::id_field(user, &["id"])?;
    read_addresses(profile, credentials, &mut draft)?;
    read_profile(user, profile, &mut draft);
    read_status(value::string(user, &["status"])?.1, &mut draft);
    let provider = value::object_field(credentials, &["provider"])?.unwrap_or(&empty);
    match value::string(provider, &["type"])?.1 {
        "" | "OKTA" | "IMPORT" => {}
        _ => draft.foreign_account(
            "credentials.provider",
            value::string(provider, &["name"])?.1,
        ),
    }
    if let Some(password) = value::object_field(credentials, &["password"])? {
        draft.record.password = read_password(password, options, &mut draft)?;
    }
    Ok(draft)
}

/// The address and the login, which is mostly the same. An address counts as proven where the credentials say so.
fn read_addresses(
    profile: &Object,
    credentials: &Object,
    draft: &mut Draft,
) -> Result<(), Refusal> {
    let (name, email) = value::string(profile, &["email"])?;
    let mut verified = None;
    for known in value::objects_field(credentials, &["emails"])? {
        let is_it = value::string(known, &["value"])?
            .1
            .eq_ignore_ascii_case(email);
        if is_it && value::string(known, &["status"])?.1 == "VERIFIED" {
            verified = Some(true);
        }
    }
    draft.email(name, email, verified)?;
    let (name, login) = value::string(profile, &["login"])?;
    draft.sign_in_name(name, login);
    Ok(())
}

fn read_profile(user: &Object, profile: &Object, draft: &mut Draft) {
    draft.profile(
        profile,
        &["firstName"],
        &["lastName"],
        &[],
        &["preferredLanguage", "locale"],
    );
    let name = draft.text(profile, &["displayName"], MAX_NAME);
    draft.split_name(name);
    draft.record.created_at = draft.instant(user, &["created"]);
    draft.record.last_sign_in_at = draft.instant(user, &["lastLogin"]);
    draft.properties(profile, KNOWN);
}

/// Whether somebody may sign in. One who typed a wrong password too often is not shut out for good.
fn read_status(status: &str, draft: &mut Draft) {
    draft.record.suspended = match status {
        "" => None,
        status => Some(matches!(status, "SUSPENDED" | "DEPROVISIONED")),
    };
    if matches!(status, "PASSWORD_EXPIRED" | "RECOVERY") {
        draft.record.must_reset_password = Some(true);
    }
}

fn read_password(
    password: &Object,
    options: &Options,
    draft: &mut Draft,
) -> Result<Option<password::Hash>, Refusal> {
    if password.contains_key("value") {
        draft.plain_password("credentials.password");
        return Ok(None);
    }
    let Some(hash) = value::object_field(password, &["hash"])? else {
        return Ok(None);
    };
    let text = |name: &str| match hash.get(name) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    let texts = [
        ("algorithm", text("algorithm")),
        ("salt", text("salt")),
        ("salt_position", text("saltOrder")),
        ("work_factor", text("workFactor")),
        ("iterations", text("iterationCount")),
        ("digest", text("digestAlgorithm")),
        ("keylen", text("keySize")),
    ];
    let settings: Vec<_> = texts
        .iter()
        .map(|(name, text)| (*name, text.as_str()))
        .collect();
    let hash = Credential {
        column: "credentials.password.hash",
        scheme: "okta",
        encoded: value::string(hash, &["value"])?.1,
        settings: &settings,
        defaults: &options.hash,
    }
    .parse();
    draft.spare_uncheckable(hash)
}
