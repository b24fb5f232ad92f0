//! Traits: what an operator's schema calls things. Where a name leaves no doubt it is read, and otherwise kept as a property.

use serde_json::Value;

use crate::draft::Draft;
use crate::objects::Object;
use crate::problem::Refusal;
use crate::value::{self, MAX_NAME};

const GIVEN: &[&str] = &[
    "first_name",
    "given_name",
    "firstName",
    "givenName",
    "first",
];
const FAMILY: &[&str] = &["last_name", "family_name", "lastName", "familyName", "last"];
const PICTURE: &[&str] = &["picture", "avatar", "avatar_url", "picture_url"];
const LOCALE: &[&str] = &["locale", "language", "preferred_language"];
const EMAIL: &[&str] = &["email", "emails", "email_address"];
const PHONE: &[&str] = &["phone", "phones", "phone_number"];
const USERNAME: &[&str] = &["username", "login"];

pub(super) fn read(traits: &Object, draft: &mut Draft) -> Result<(), Refusal> {
    for (name, value) in traits {
        let name = name.as_str();
        let texts: Vec<&str> = match value {
            Value::String(text) => vec![text],
            Value::Array(values) => values.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        for text in texts {
            if EMAIL.contains(&name) {
                draft.email("traits.email", text, None)?;
            } else if PHONE.contains(&name) {
                draft.phone("traits.phone", text, None);
            } else if USERNAME.contains(&name) {
                draft.sign_in_name("traits.username", text);
            }
        }
    }
    let (parts, whole) = match traits.get("name") {
        Some(Value::Object(parts)) => (parts, None),
        Some(Value::String(whole)) => (traits, Some(whole.clone())),
        _ => (traits, None),
    };
    draft.record.given_name = draft.text(parts, GIVEN, MAX_NAME);
    draft.record.family_name = draft.text(parts, FAMILY, MAX_NAME);
    draft.record.picture = draft.text(traits, PICTURE, value::MAX_URL);
    draft.record.locale = draft.locale(traits, LOCALE);
    let whole = draft.spare(value::text(
        "traits.name",
        whole.as_deref().unwrap_or_default(),
        MAX_NAME,
    ));
    draft.split_name(whole);
    let known: Vec<&str> = [
        GIVEN,
        FAMILY,
        PICTURE,
        LOCALE,
        EMAIL,
        PHONE,
        USERNAME,
        &["name"],
    ]
    .concat();
    draft.properties(traits, &known);
    Ok(())
}
