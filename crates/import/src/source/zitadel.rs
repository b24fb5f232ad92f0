//! ZITADEL: the export of an instance by its admin API, and users as the user service lists them.
//!
//! Layout: `proto/zitadel/v1.proto` and `internal/api/grpc/admin/export.go` of `zitadel/zitadel`. An export has a list of
//! organizations, and in each the lists of its people and, apart from them, of their accounts elsewhere, metadata and
//! roles. Those add to people by their ids. The export does not tell who is locked or deactivated; the user service does,
//! and gives no passwords.

mod additions;
mod people;

use super::{FileRole, Format, Options, Sample, Saw, Source};
use crate::draft::Draft;
use crate::objects::{Nesting, Object, Place};
use crate::problem::Refusal;
use crate::value;

pub(super) const SOURCE: Source = Source {
    name: "zitadel",
    label: "ZITADEL",
    about: "The export of the admin API as JSON, with passwords and authenticators where it was asked for them; or the \
            users as the user service lists them.",
    is_prepared: false,
    project_params: &[],
    recognize,
    formats: &[Format::Nested(&NESTING, read)],
};

const NESTING: Nesting = Nesting {
    lists: &[
        "humanUsers",
        "human_users",
        "userLinks",
        "user_links",
        "userMetadata",
        "user_metadata",
        "userGrants",
        "user_grants",
        "result",
    ],
    outer: &["orgs", "dataOrgs", "data_orgs"],
    marks: &["orgId", "org_id"],
};

fn recognize(sample: &Sample) -> Option<Saw> {
    let what = match sample {
        Sample::Nested { around, .. }
            if around.contains_key("orgId") || around.contains_key("org_id") =>
        {
            "organizations with their people"
        }
        sample => {
            let object = sample.object()?;
            let is_import = object.contains_key("userName") && object.contains_key("profile");
            let is_listed =
                object.contains_key("human") && object.contains_key("preferredLoginName");
            if !is_import && !is_listed {
                return None;
            }
            "people with a login name and a profile"
        }
    };
    Some(Saw {
        role: FileRole::Users,
        what,
    })
}

fn read(object: &Object, place: Place<'_>, options: &Options) -> Result<Draft, Refusal> {
    let organization = value::id_field(place.around, &["orgId", "org_id"])?;
    let mut draft = match place.list {
        "userLinks" | "user_links" => return additions::account(object),
        "userMetadata" | "user_metadata" => return additions::metadata(object),
        "userGrants" | "user_grants" => return additions::grant(object, organization),
        "result" => people::listed(object)?,
        _ => people::exported(object, options)?,
    };
    if organization.is_some() {
        draft.roles(organization, Vec::new());
    }
    Ok(draft)
}
