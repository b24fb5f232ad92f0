//! Logto: users as its Management API lists them, and rows of its `users` table with their passwords.
//!
//! Layout: Logto docs, “User data structure”, and `packages/schemas/tables/users.sql` of `logto-io/logto`. The API gives no
//! password. Nothing tells whether an address is proven: one who registered did prove it, one whom an administrator made
//! did not.

use serde_json::Value;

use super::rows::Rows;
use super::{FileRole, Format, Options, ReadRow, Sample, Saw, Source};
use crate::draft::{Credential, Draft, base64_bytes};
use crate::header::Header;
use crate::objects::Object;
use crate::problem::{FileError, Refusal};
use crate::record::{InvalidPasskey, Passkey, Totp};
use crate::value::{self, MAX_KEY, MAX_NAME, MAX_URL};

pub(super) const SOURCE: Source = Source {
    name: "logto",
    label: "Logto",
    about: "The users as JSON from the Management API, or with their passwords as JSON or CSV from the users table.",
    is_prepared: false,
    project_params: &[],
    recognize,
    formats: &[Format::Objects(read), Format::Table(columns)],
};

fn recognize(sample: &Sample) -> Option<Saw> {
    let is_user = |object: &Object| {
        let keys = |names: [&str; 2]| names.iter().all(|name| object.contains_key(*name));
        keys(["primaryEmail", "identities"])
            || keys(["primary_email", "identities"])
            || keys(["primaryEmail", "customData"])
            || keys(["passwordDigest", "passwordAlgorithm"])
    };
    let what = if sample.object().is_some_and(is_user) {
        "users with a primaryEmail"
    } else if sample.has_columns(&["primaryemail", "passwordencryptionmethod"]) {
        "a header with primary_email and password_encryption_method"
    } else {
        return None;
    };
    Some(Saw {
        role: FileRole::Users,
        what,
    })
}

fn columns(header: &mut Header, options: &Options) -> Result<ReadRow, FileError> {
    let rows = Rows::new(header, str::to_owned)?;
    let options = options.clone();
    Ok(Box::new(move |row| read(&rows.document(row), &options)))
}

fn read(user: &Object, options: &Options) -> Result<Draft, Refusal> {
    let mut draft = Draft::default();
    draft.record.provided_id = value::id_field(user, &["id"])?;
    draft.record.suspended = value::flag_field(user, &["isSuspended", "is_suspended"])?;
    let (name, email) = value::string(user, &["primaryEmail", "primary_email"])?;
    draft.email(name, email, None)?;
    let (name, phone) = value::string(user, &["primaryPhone", "primary_phone"])?;
    // Logto leaves out the plus.
    let phone = if phone.starts_with(|c: char| c.is_ascii_digit()) {
        format!("+{phone}")
    } else {
        phone.to_owned()
    };
    draft.phone(name, &phone, None);
    let (name, username) = value::string(user, &["username"])?;
    draft.sign_in_name(name, username);
    read_accounts(user, &mut draft)?;
    read_profile(user, &mut draft)?;
    read_factors(user, &mut draft)?;
    draft.record.password = read_password(user, options, &mut draft)?;
    Ok(draft)
}

/// `identities`: an object with a key for each provider.
fn read_accounts(user: &Object, draft: &mut Draft) -> Result<(), Refusal> {
    for (target, account) in value::object_field(user, &["identities"])?
        .into_iter()
        .flatten()
    {
        let Some(account) = account.as_object() else {
            continue;
        };
        let subject = value::id_field(account, &["userId"])?.unwrap_or_default();
        draft.account(
            "identities",
            target,
            &subject,
            account.get("details").cloned(),
        );
    }
    for account in value::objects_field(user, &["ssoIdentities", "sso_identities"])? {
        draft.foreign_account("ssoIdentities", value::string(account, &["issuer"])?.1);
    }
    Ok(())
}

fn read_profile(user: &Object, draft: &mut Draft) -> Result<(), Refusal> {
    const KNOWN: &[&str] = &["givenName", "familyName", "locale", "updatedAt"];
    if let Some(profile) = value::object_field(user, &["profile"])? {
        draft.profile(profile, &["givenName"], &["familyName"], &[], &["locale"]);
        draft.properties(profile, KNOWN);
    }
    draft.record.picture = draft.text(user, &["avatar"], MAX_URL);
    let name = draft.text(user, &["name"], MAX_NAME);
    draft.split_name(name);
    draft.record.created_at = draft.instant(user, &["createdAt"]).or_else(|| {
        let text = draft.text(user, &["created_at"], MAX_KEY)?;
        draft.spare(value::datetime("created_at", &text))
    });
    draft.record.last_sign_in_at = draft.instant(user, &["lastSignInAt"]).or_else(|| {
        let text = draft.text(user, &["last_sign_in_at"], MAX_KEY)?;
        draft.spare(value::datetime("last_sign_in_at", &text))
    });
    if let Some(data) = value::object_field(user, &["customData", "custom_data"])? {
        draft.properties(data, &[]);
    }
    let roles: Vec<String> = value::objects_field(user, &["roles"])?
        .into_iter()
        .filter_map(|role| draft.text(role, &["name"], MAX_KEY))
        .collect();
    if !roles.is_empty() {
        draft.roles(None, roles);
    }
    Ok(())
}

/// Second factors, which only the database holds with their secrets.
fn read_factors(user: &Object, draft: &mut Draft) -> Result<(), Refusal> {
    const COLUMN: &str = "mfaVerifications";
    for factor in value::objects_field(
        user,
        &[COLUMN, "mfa_verifications", "mfaVerificationFactors"],
    )? {
        match value::string(factor, &["type"])?.1 {
            "Totp" if factor.contains_key("key") => {
                draft.authenticator(COLUMN, Totp::parse(value::string(factor, &["key"])?.1));
            }
            "WebAuthn" if factor.contains_key("publicKey") => {
                draft.passkey(COLUMN, passkey(factor));
            }
            "BackupCode" if factor.contains_key("codes") => {
                for code in value::objects_field(factor, &["codes"])? {
                    if value::field(code, &["usedAt"]).is_none() {
                        draft.recovery_code(COLUMN, value::string(code, &["code"])?.1);
                    }
                }
            }
            _ => draft.lost_factor(COLUMN),
        }
    }
    Ok(())
}

fn passkey(factor: &Object) -> Result<Passkey, InvalidPasskey> {
    let text = |name: &str| factor.get(name).and_then(Value::as_str);
    let id = text("credentialId")
        .and_then(base64_bytes)
        .ok_or(InvalidPasskey::CredentialId)?;
    let key = text("publicKey")
        .and_then(base64_bytes)
        .ok_or(InvalidPasskey::PublicKey)?;
    let mut passkey = Passkey::new(id, key)?;
    let count = factor
        .get("counter")
        .and_then(Value::as_u64)
        .unwrap_or_default();
    passkey.sign_count = u32::try_from(count).unwrap_or(u32::MAX);
    passkey.rp_id = text("rpId").map(str::to_owned);
    passkey.name = text("name").or(text("agent")).map(str::to_owned);
    let transports = factor
        .get("transports")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    passkey.transports = transports
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect();
    Ok(passkey)
}

fn read_password(
    user: &Object,
    options: &Options,
    draft: &mut Draft,
) -> Result<Option<password::Hash>, Refusal> {
    let (column, encoded) = match value::field(
        user,
        &["passwordDigest", "passwordEncrypted", "password_encrypted"],
    ) {
        None => return Ok(None),
        // A legacy digest is a JSON list as text, which a table's cell gives as the list.
        Some((name, list @ Value::Array(_))) => (name, list.to_string()),
        Some((name, _)) => (name, value::string(user, &[name])?.1.to_owned()),
    };
    let (_, method) = value::string(
        user,
        &[
            "passwordAlgorithm",
            "passwordEncryptionMethod",
            "password_encryption_method",
        ],
    )?;
    let hash = Credential {
        column,
        scheme: match method {
            // These strings say what they are, and newer ones have another kind of argon2 than the method names.
            "Argon2i" | "Argon2id" | "Argon2d" | "Bcrypt" => "",
            method => method,
        },
        encoded: &encoded,
        settings: &[],
        defaults: &options.hash,
    }
    .parse();
    draft.spare_uncheckable(hash)
}
