//! Users as Clerk's Backend API lists them: with accounts elsewhere and metadata, which the CSV does not have, and
//! without passwords, which only the CSV has. Both together are one export.

use serde_json::Value;

use crate::draft::Draft;
use crate::objects::Object;
use crate::problem::Refusal;
use crate::value;

/// Whether an object is such a user.
pub(super) fn is_user(object: &Object) -> bool {
    object.contains_key("email_addresses") && object.contains_key("primary_email_address_id")
}

pub(super) fn read(user: &Object) -> Result<Draft, Refusal> {
    let mut draft = Draft::default();
    draft.record.provided_id = value::id_field(user, &["id"])?;
    let external_id = value::id_field(user, &["external_id"])?;
    draft.record.alternate_ids.extend(external_id);
    draft.record.suspended = value::flag_field(user, &["banned"])?;
    for email in primary_first(user, "email_addresses", "primary_email_address_id")? {
        let (name, text) = value::string(email, &["email_address"])?;
        draft.email(name, text, Some(is_verified(email)))?;
    }
    for phone in primary_first(user, "phone_numbers", "primary_phone_number_id")? {
        let (name, text) = value::string(phone, &["phone_number"])?;
        draft.phone(name, text, Some(is_verified(phone)));
    }
    let (name, username) = value::string(user, &["username"])?;
    draft.sign_in_name(name, username);
    for account in value::objects_field(user, &["external_accounts"])? {
        let provider = value::string(account, &["provider"])?.1;
        let provider = provider.strip_prefix("oauth_").unwrap_or(provider);
        let subject = value::id_field(account, &["provider_user_id", "google_id"])?;
        draft.account(
            "external_accounts",
            provider,
            &subject.unwrap_or_default(),
            None,
        );
    }
    for account in value::objects_field(user, &["enterprise_accounts", "saml_accounts"])? {
        draft.foreign_account(
            "enterprise_accounts",
            value::string(account, &["provider"])?.1,
        );
    }
    draft.profile(
        user,
        &["first_name"],
        &["last_name"],
        &["image_url"],
        &["locale"],
    );
    draft.record.created_at = draft.instant(user, &["created_at"]);
    draft.record.last_sign_in_at = draft.instant(user, &["last_sign_in_at"]);
    for name in ["public_metadata", "unsafe_metadata"] {
        if let Some(metadata) = value::object_field(user, &[name])? {
            draft.properties(metadata, &[]);
        }
    }
    if let Some(metadata) = value::object_field(user, &["private_metadata"])? {
        draft.record.private_properties = metadata.clone().into_iter().collect();
    }
    Ok(draft)
}

/// The elements of a list, that with the id of the primary one before the others.
fn primary_first<'a>(
    user: &'a Object,
    list: &'static str,
    primary: &'static str,
) -> Result<Vec<&'a Object>, Refusal> {
    let mut elements = value::objects_field(user, &[list])?;
    let primary = user.get(primary).and_then(Value::as_str);
    elements.sort_by_key(|element| element.get("id").and_then(Value::as_str) != primary);
    Ok(elements)
}

fn is_verified(address: &Object) -> bool {
    let verification = address.get("verification");
    verification.and_then(|verification| verification.get("status")) == Some(&"verified".into())
}
