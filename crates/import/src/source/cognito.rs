//! Amazon Cognito: the pages of `list-users`, single answers of `admin-get-user`, and CSV with the columns of
//! `get-csv-header`.
//!
//! Layout: the operations `ListUsers`, `AdminGetUser` and `GetCSVHeader` of the Cognito user pools API. Attributes are a list of
//! names and values, which are always texts. There is never a password, nor the secret of a second factor.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::{FileRole, Format, Options, ReadRow, Sample, Saw, Source};
use crate::draft::Draft;
use crate::header::Header;
use crate::objects::{Nesting, Object};
use crate::problem::{FileError, ProblemCode, Refusal};
use crate::value::{self, MAX_NAME};

pub(super) const SOURCE: Source = Source {
    name: "cognito",
    label: "Amazon Cognito",
    about: "The users as JSON from `aws cognito-idp list-users`, page after page, or CSV with the columns of the pool's \
            import header. Cognito exports no passwords.",
    is_prepared: false,
    project_params: &[],
    recognize,
    formats: &[
        Format::Nested(&NESTING, |object, _, _| read(object)),
        Format::Table(columns),
    ],
};

const NESTING: Nesting = Nesting {
    lists: &["Users"],
    outer: &[],
    marks: &["PaginationToken"],
};

/// Attributes that have a place of their own.
const KNOWN: &[&str] = &[
    "sub",
    "email",
    "email_verified",
    "phone_number",
    "phone_number_verified",
    "given_name",
    "family_name",
    "name",
    "picture",
    "locale",
    "identities",
    "cognito:user_status",
    "cognito:mfa_enabled",
];

fn recognize(sample: &Sample) -> Option<Saw> {
    let has_attributes = |object: &Object| {
        object.contains_key("Username")
            && (object.contains_key("Attributes") || object.contains_key("UserAttributes"))
    };
    let what = match sample {
        Sample::Nested {
            around,
            object: None,
        } if around.contains_key("Users") => "a page of list-users",
        sample if sample.object().is_some_and(has_attributes) => {
            "users with a Username and Attributes"
        }
        sample if sample.has_columns(&["cognito:username"]) => "a header with cognito:username",
        _ => return None,
    };
    Some(Saw {
        role: FileRole::Users,
        what,
    })
}

fn read(user: &Object) -> Result<Draft, Refusal> {
    let mut attributes = Object::new();
    for attribute in value::objects_field(user, &["Attributes", "UserAttributes"])? {
        let (_, name) = value::string(attribute, &["Name"])?;
        if let Some(value) = attribute.get("Value") {
            attributes.insert(name.to_owned(), value.clone());
        }
    }
    let mut draft = Draft::default();
    let (column, username) = value::string(user, &["Username"])?;
    let status = value::string(user, &["UserStatus"])?.1;
    read_attributes(&attributes, &mut draft)?;
    read_username(column, username, status, &attributes, &mut draft)?;
    read_status(status, value::flag_field(user, &["Enabled"])?, &mut draft);
    draft.record.created_at = created_at(user, &mut draft);
    let has_factor = ["MFAOptions", "UserMFASettingList"].iter().any(|key| {
        user.get(*key)
            .and_then(Value::as_array)
            .is_some_and(|list| !list.is_empty())
    });
    if has_factor {
        draft.lost_factor("UserMFASettingList");
    }
    Ok(draft)
}

fn read_attributes(attributes: &Object, draft: &mut Draft) -> Result<(), Refusal> {
    let (name, email) = value::string(attributes, &["email"])?;
    let verified = draft.proof(attributes, &["email_verified"]);
    draft.email(name, email, verified)?;
    let (name, phone) = value::string(attributes, &["phone_number"])?;
    let verified = draft.proof(attributes, &["phone_number_verified"]);
    draft.phone(name, phone, verified);
    draft.profile(
        attributes,
        &["given_name"],
        &["family_name"],
        &["picture"],
        &["locale"],
    );
    let name = draft.text(attributes, &["name"], MAX_NAME);
    draft.split_name(name);
    read_accounts(attributes, draft)?;
    for (name, value) in attributes {
        if let Some(name) = name.strip_prefix("dev:custom:") {
            // Cognito: attributes of this kind are read and written by administrators only.
            draft
                .record
                .private_properties
                .insert(name.to_owned(), value.clone());
        } else if !KNOWN.contains(&name.as_str()) {
            draft.property(name.strip_prefix("custom:").unwrap_or(name), value);
        }
    }
    Ok(())
}

/// The attribute `identities`: a list of accounts elsewhere, as text.
fn read_accounts(attributes: &Object, draft: &mut Draft) -> Result<(), Refusal> {
    let (column, text) = value::string(attributes, &["identities"])?;
    if text.trim().is_empty() {
        return Ok(());
    }
    let Ok(accounts) = serde_json::from_str::<Vec<Map<String, Value>>>(text) else {
        draft.warn(
            column,
            ProblemCode::INVALID_FIELD,
            "the accounts elsewhere are not a JSON list, and are left out",
        );
        return Ok(());
    };
    for account in accounts {
        let subject = value::id_field(&account, &["userId"])?.unwrap_or_default();
        let kind = value::string(&account, &["providerType"])?.1;
        if matches!(kind, "SAML" | "OIDC") {
            draft.foreign_account(column, value::string(&account, &["providerName"])?.1);
        } else {
            draft.account(column, kind, &subject, None);
        }
    }
    Ok(())
}

/// The username, unless Cognito made it up, and the id: `sub`, which tokens had as well.
fn read_username(
    column: &str,
    username: &str,
    status: &str,
    attributes: &Object,
    draft: &mut Draft,
) -> Result<(), Refusal> {
    let sub = value::id_field(attributes, &["sub"])?;
    // Someone who came from elsewhere is called `google_1042`; someone who signs up with an address has the `sub`.
    let is_made_up = status == "EXTERNAL_PROVIDER" || sub.as_deref() == Some(username);
    if !is_made_up {
        draft.sign_in_name(column, username);
    }
    let name = value::text(column, username, value::MAX_KEY)?;
    draft.record.provided_id = sub.or(name);
    Ok(())
}

fn read_status(status: &str, enabled: Option<bool>, draft: &mut Draft) {
    let is_barred = matches!(status, "ARCHIVED" | "COMPROMISED");
    draft.record.suspended = match enabled {
        Some(enabled) => Some(!enabled || is_barred),
        None => is_barred.then_some(true),
    };
    if matches!(status, "FORCE_CHANGE_PASSWORD" | "RESET_REQUIRED") {
        draft.record.must_reset_password = Some(true);
    }
}

/// When the user was made: a date, or seconds with a fraction from older versions of the tool.
fn created_at(user: &Object, draft: &mut Draft) -> Option<i64> {
    let names = &["UserCreateDate", "userCreateDate"];
    match value::field(user, names) {
        Some((_, Value::Number(number))) => {
            let seconds = number
                .as_f64()
                .filter(|seconds| (0.0..1e11).contains(seconds))?;
            #[expect(clippy::cast_possible_truncation, reason = "the number is in range")]
            Some((seconds * 1000.0).round() as i64)
        }
        _ => draft.instant(user, names),
    }
}

/// The columns of the import header, each an attribute; and, where somebody added them, those of `list-users`.
fn columns(header: &mut Header, _: &Options) -> Result<ReadRow, FileError> {
    const ASIDE: [&str; 4] = ["Username", "Enabled", "UserStatus", "UserCreateDate"];
    let username = header.column(&["cognito:username"])?;
    let mut aside = Vec::new();
    for name in &ASIDE[1..] {
        aside.push((*name, header.column(&[name])?));
    }
    let names: Vec<String> = header.names().map(str::to_owned).collect();
    let mut attributes = Vec::new();
    for name in names {
        let is_aside = ASIDE
            .iter()
            .chain(&["cognito:username"])
            .any(|aside| name.eq_ignore_ascii_case(aside));
        if !is_aside && !name.is_empty() {
            let column = header.column(&[&name])?;
            attributes.push((name, column));
        }
    }
    Ok(Box::new(move |row| {
        let filled =
            |cell: Cow<'_, str>| (!cell.trim().is_empty()).then(|| Value::from(cell.into_owned()));
        let list = attributes.iter().filter_map(|(name, column)| {
            filled(column.of(row)).map(|value| serde_json::json!({"Name": name, "Value": value}))
        });
        let mut user = Object::new();
        user.insert("Attributes".to_owned(), list.collect());
        user.insert("Username".to_owned(), username.of(row).into());
        for (name, column) in &aside {
            if let Some(value) = filled(column.of(row)) {
                user.insert((*name).to_owned(), value);
            }
        }
        read(&user)
    }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_name_that_cognito_made_up_is_no_username() {
        for (username, status, is_username) in [
            ("mara_v", "CONFIRMED", true),
            ("7c1e", "CONFIRMED", false),
            ("google_1042", "EXTERNAL_PROVIDER", false),
        ] {
            let user = json!({
                "Username": username, "UserStatus": status,
                "Attributes": [{"Name": "sub", "Value": "7c1e"}],
            });
            let record = read(user.as_object().unwrap()).unwrap().record;
            assert_eq!(!record.identities.is_empty(), is_username, "{username}");
            assert_eq!(record.provided_id.as_deref(), Some("7c1e"));
        }
    }
}
