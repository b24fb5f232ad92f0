//! A line of the password file: a document of the database behind it, in `mongoexport`'s extended JSON.

use serde_json::Value;

use crate::draft::{Credential, Draft};
use crate::objects::Object;
use crate::problem::{ProblemCode, Refusal};
use crate::record::RecordRole;
use crate::source::Options;
use crate::value::{self, MAX_KEY};

pub(super) fn read(object: &Object, options: &Options) -> Result<Draft, Refusal> {
    let mut draft = Draft::default();
    draft.record.role = RecordRole::Password;
    draft.record.provided_id = user_id(object)?;
    draft.record.password = Credential {
        column: "passwordHash",
        scheme: "",
        encoded: value::string(object, &["passwordHash"])?.1,
        settings: &[],
        defaults: &options.hash,
    }
    .parse()?;
    if draft.record.password.is_none() {
        let reason = "the object has no password; remove it from the file";
        return Err(Refusal::at(
            "passwordHash",
            ProblemCode::MISSING_PARAMETER,
            reason,
        ));
    }
    // These only serve to find the person, so one that cannot be taken is no loss.
    let (name, email) = value::string(object, &["email"])?;
    let verified = value::flag_field(object, &["email_verified", "emailVerified"])?;
    if let Some(email) = draft.spare(value::email(name, email)) {
        draft.identify(email, verified);
    }
    // Tenants with flexible identifiers have them in a list, and may have no address at the top.
    for (index, identifier) in value::objects_field(object, &["identifiers"])?
        .into_iter()
        .enumerate()
    {
        let (name, text) = value::string(identifier, &["value"])?;
        let parsed = match value::string(identifier, &["type"])?.1 {
            "email" => value::email(name, text),
            "phone" | "phone_number" => value::phone(name, text),
            "username" => value::username(name, text),
            _ => Ok(None),
        };
        let parsed = parsed.map_err(|refusal| refusal.within("identifiers", index));
        if let Some(parsed) = draft.spare(parsed) {
            draft.identify(parsed, value::flag_field(identifier, &["verified"])?);
        }
    }
    Ok(draft)
}

/// The user's id: `auth0|` and the document's own id, unless the user was given another one.
fn user_id(object: &Object) -> Result<Option<String>, Refusal> {
    let document_id = match value::field(object, &["_id", "_ID"]) {
        Some((_, Value::Object(id))) => value::text_field(id, &["$oid"], MAX_KEY)?,
        Some(_) => value::id_field(object, &["_id", "_ID"])?,
        None => None,
    };
    let id = value::id_field(object, &["alt_id"])?.or(document_id);
    Ok(id.map(|id| {
        if id.starts_with("auth0|") {
            id
        } else {
            format!("auth0|{id}")
        }
    }))
}
