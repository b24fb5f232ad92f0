//! What an export tells of people apart from them: accounts elsewhere, metadata and roles, each with the person's id.

use serde_json::Value;

use crate::draft::{Draft, base64_bytes};
use crate::objects::Object;
use crate::problem::Refusal;
use crate::record::RecordRole;
use crate::value::{self, MAX_KEY};

fn about(object: &Object, names: &[&'static str]) -> Result<Draft, Refusal> {
    let mut draft = Draft::default();
    draft.record.role = RecordRole::Addition;
    draft.record.provided_id = value::id_field(object, names)?;
    Ok(draft)
}

/// An account at an identity provider, which is told by the name that an administrator gave it.
pub(super) fn account(object: &Object) -> Result<Draft, Refusal> {
    let mut draft = about(object, &["userId", "user_id"])?;
    let provider = value::string(object, &["idpName", "idp_name"])?.1;
    let subject = value::id_field(object, &["providedUserId", "provided_user_id"])?;
    draft.account("userLinks", provider, &subject.unwrap_or_default(), None);
    Ok(draft)
}

/// A key and a value, which is bytes in base64: text becomes a text, and anything else stays as it is.
pub(super) fn metadata(object: &Object) -> Result<Draft, Refusal> {
    let mut draft = about(object, &["id", "userId", "user_id"])?;
    let encoded = value::string(object, &["value"])?.1;
    let text = base64_bytes(encoded).and_then(|bytes| String::from_utf8(bytes).ok());
    if let Some(key) = draft.text(object, &["key"], MAX_KEY) {
        draft.property(
            &key,
            &Value::from(text.unwrap_or_else(|| encoded.to_owned())),
        );
    }
    Ok(draft)
}

/// Roles of a project, held in an organization.
pub(super) fn grant(object: &Object, organization: Option<String>) -> Result<Draft, Refusal> {
    let mut draft = about(object, &["userId", "user_id"])?;
    let mut roles = value::keys_field(object, "roleKeys")?;
    roles.extend(value::keys_field(object, "role_keys")?);
    draft.roles(organization, roles);
    Ok(draft)
}
