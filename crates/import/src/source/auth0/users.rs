//! An exported user.

use std::collections::BTreeMap;

use serde_json::Value;

use super::custom_hash;
use super::identities::{self, Account};
use crate::draft::{Credential, Draft};
use crate::objects::Object;
use crate::problem::{ProblemCode, Refusal};
use crate::record::Totp;
use crate::source::Options;
use crate::value::{self, MAX_NAME, MAX_URL};

/// The id's key, and the name that the export extension gives it by default.
pub(super) const USER_ID: &[&str] = &["user_id", "Id"];

pub(super) fn read(object: &Object, options: &Options) -> Result<Draft, Refusal> {
    let mut draft = Draft::default();
    draft.record.provided_id = value::id_field(object, USER_ID)?;
    read_contacts(object, &mut draft)?;
    read_accounts(object, &mut draft)?;
    read_profile(object, &mut draft)?;
    read_factors(object, &mut draft)?;
    let hash = match value::object_field(object, &["custom_password_hash"])? {
        Some(custom) => custom_hash::read(custom, options),
        None => Credential {
            column: "password_hash",
            scheme: "bcrypt",
            encoded: value::string(object, &["password_hash"])?.1,
            settings: &[],
            defaults: &options.hash,
        }
        .parse(),
    };
    draft.record.password = draft.spare_uncheckable(hash)?;
    Ok(draft)
}

/// The addresses at the top. What else they are used for, the accounts tell.
fn read_contacts(object: &Object, draft: &mut Draft) -> Result<(), Refusal> {
    let (name, email) = value::string(object, &["email", "Email"])?;
    if let Some(email) = value::email(name, email)? {
        draft.identify(
            email,
            value::flag_field(object, &["email_verified", "Email Verified"])?,
        );
    }
    let (name, phone) = value::string(object, &["phone_number", "Phone Number"])?;
    if let Some(phone) = draft.spare(value::phone(name, phone)) {
        draft.identify(
            phone,
            value::flag_field(object, &["phone_verified", "Phone Verified"])?,
        );
    }
    let (name, username) = value::string(object, &["username", "Username"])?;
    if let Some(username) = draft.spare(value::username(name, username)) {
        draft.identify(username, None);
    }
    Ok(())
}

fn read_accounts(object: &Object, draft: &mut Draft) -> Result<(), Refusal> {
    let accounts = value::objects_field(object, &["identities"])?;
    if accounts.is_empty() {
        // An export without the identities field still names one account: the id is `<provider>|<id there>`.
        let id = draft.record.provided_id.clone();
        if let Some((provider, subject)) = id.as_deref().and_then(|id| id.split_once('|')) {
            identities::add(&Account::bare(provider, subject), draft)?;
        }
    }
    for (index, account) in accounts.into_iter().enumerate() {
        let outcome = Account::read(account).and_then(|account| identities::add(&account, draft));
        outcome.map_err(|refusal| refusal.within("identities", index))?;
    }
    Ok(())
}

fn read_profile(object: &Object, draft: &mut Draft) -> Result<(), Refusal> {
    let text = |names: &[&'static str], max| value::text_field(object, names, max);
    let picture = text(&["picture", "Picture"], MAX_URL);
    let created_at = value::instant_field(object, &["created_at", "Created At"]);
    let last_sign_in_at = value::instant_field(object, &["last_login", "Last Login"]);
    draft.record.picture = draft.spare(picture);
    draft.record.created_at = draft.spare(created_at);
    draft.record.last_sign_in_at = draft.spare(last_sign_in_at);

    draft.record.locale = draft.locale(object, &["locale", "Locale"]);

    let record = &mut draft.record;
    record.given_name = text(&["given_name", "Given Name"], MAX_NAME)?;
    record.family_name = text(&["family_name", "Family Name"], MAX_NAME)?;
    if record.given_name.is_none() && record.family_name.is_none() {
        // Auth0 fills `name` with the address or the number of people who gave none. A real one is not taken apart:
        // where a name has its seam differs from one language to the next.
        let name = text(&["name", "Name"], MAX_NAME)?;
        let is_real = |name: &String| {
            record
                .identities
                .iter()
                .all(|identity| identity.value() != name)
        };
        record.given_name = name.filter(is_real);
    }
    record.suspended = value::flag_field(object, &["blocked", "Blocked"])?;
    record.properties = map(object, "user_metadata")?;
    record.private_properties = map(object, "app_metadata")?;
    Ok(())
}

/// Second factors. Exports only name them; documents made for an import may carry an authenticator's secret.
fn read_factors(object: &Object, draft: &mut Draft) -> Result<(), Refusal> {
    for (index, factor) in value::objects_field(object, &["mfa_factors"])?
        .into_iter()
        .enumerate()
    {
        let Some(totp) = value::object_field(factor, &["totp"])? else {
            draft.warn(
                "mfa_factors",
                ProblemCode::NOT_IMPORTED,
                "a second factor by text message or e-mail is not taken; it must be set up again",
            );
            continue;
        };
        let secret = value::string(totp, &["secret"])?.1;
        let totp = Totp::parse(secret).map(Some);
        let totp = totp.map_err(|error| {
            Refusal::at("totp", ProblemCode::INVALID_TOTP, error).within("mfa_factors", index)
        });
        let totp = draft.spare(totp);
        draft.record.totp.extend(totp);
    }
    let named = object.get("multifactor").and_then(Value::as_array);
    if named.is_some_and(|factors| !factors.is_empty()) {
        draft.lost_factor("multifactor");
    }
    Ok(())
}

fn map(object: &Object, name: &'static str) -> Result<BTreeMap<String, Value>, Refusal> {
    let map = value::object_field(object, &[name])?;
    Ok(map
        .map(|map| map.clone().into_iter().collect())
        .unwrap_or_default())
}
