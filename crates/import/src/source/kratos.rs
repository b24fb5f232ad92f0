//! Ory Kratos and Ory Network: identities as the admin API lists them, with credentials where they were asked for.
//!
//! Layout: Ory docs, “Identity” of the admin API, and `identity/identity.go` and `identity/credentials_*.go` of
//! `ory/kratos`. What a trait means, the operator's own schema decides. So addresses come first of all from where Kratos
//! itself uses them (`verifiable_addresses`, `identifiers`), and of traits only names that leave no doubt are read.

mod credentials;
mod traits;

use super::{FileRole, Format, Options, Sample, Saw, Source};
use crate::draft::Draft;
use crate::objects::{Nesting, Object};
use crate::problem::Refusal;
use crate::value;

pub(super) const SOURCE: Source = Source {
    name: "kratos",
    label: "Ory Kratos",
    about: "The identities as JSON from `kratos list identities` or the admin API, with credentials where those are \
            included.",
    is_prepared: false,
    project_params: &[],
    recognize,
    formats: &[Format::Nested(&NESTING, |object, _, options| {
        read(object, options)
    })],
};

const NESTING: Nesting = Nesting {
    lists: &["identities"],
    outer: &[],
    marks: &["next_page_token"],
};

fn recognize(sample: &Sample) -> Option<Saw> {
    let is_identity =
        |object: &Object| object.contains_key("schema_id") && object.contains_key("traits");
    sample.object().is_some_and(is_identity).then_some(Saw {
        role: FileRole::Users,
        what: "identities with a schema_id and traits",
    })
}

fn read(identity: &Object, options: &Options) -> Result<Draft, Refusal> {
    let empty = Object::new();
    let part = |name: &'static str| {
        value::object_field(identity, &[name]).map(|part| part.unwrap_or(&empty))
    };
    let mut draft = Draft::default();
    draft.record.provided_id = value::id_field(identity, &["id"])?;
    let external_id = value::id_field(identity, &["external_id"])?;
    draft.record.alternate_ids.extend(external_id);
    draft.record.suspended = match value::string(identity, &["state"])?.1 {
        "" => None,
        state => Some(state != "active"),
    };
    draft.record.created_at = draft.instant(identity, &["created_at"]);
    for (index, address) in value::objects_field(identity, &["verifiable_addresses"])?
        .into_iter()
        .enumerate()
    {
        read_address(address, &mut draft)
            .map_err(|refusal| refusal.within("verifiable_addresses", index))?;
    }
    credentials::read(part("credentials")?, options, &mut draft)?;
    traits::read(part("traits")?, &mut draft)?;
    draft.properties(part("metadata_public")?, &[]);
    draft.record.private_properties = part("metadata_admin")?.clone().into_iter().collect();
    if let Some(organization) = value::id_field(identity, &["organization_id"])? {
        draft.roles(Some(organization), Vec::new());
    }
    Ok(draft)
}

fn read_address(address: &Object, draft: &mut Draft) -> Result<(), Refusal> {
    let (name, text) = value::string(address, &["value"])?;
    let verified = draft.proof(address, &["verified"]);
    match value::string(address, &["via"])?.1 {
        "sms" | "phone" => draft.phone(name, text, verified),
        _ => draft.email(name, text, verified)?,
    }
    Ok(())
}
