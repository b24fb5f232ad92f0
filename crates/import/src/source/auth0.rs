//! Auth0: the users, from the export extension or an export job, and the passwords, from their support.
//!
//! Both are JSON objects, in lines or in an array, and each object tells which of the two it is. Keys: Auth0 docs,
//! “Bulk user exports”, “User profile structure” and “Bulk user import database schema” (for `custom_password_hash`);
//! the extension's default fields are in `auth0-extensions/auth0-user-import-export-extension`,
//! `client/reducers/export.js`. Auth0 does not publish the layout of the password file; it is that of `mongoexport`.

mod custom_hash;
mod identities;
mod passwords;
mod users;

use serde_json::Value;

use super::detect::text_of;
use super::{FileRole, Format, Options, Sample, Saw, Source};
use crate::draft::Draft;
use crate::objects::{Nesting, Object};
use crate::problem::Refusal;

pub(super) const SOURCE: Source = Source {
    name: "auth0",
    label: "Auth0",
    about: "The users as JSON, from the User Import / Export extension or an export job; and the passwords as JSON, \
            from Auth0 support. Users first.",
    is_prepared: false,
    project_params: &[],
    recognize,
    formats: &[Format::Nested(&NESTING, |object, _, options| {
        read(object, options)
    })],
};

/// The pages of the Management API, with `include_totals`.
const NESTING: Nesting = Nesting {
    lists: &["users"],
    outer: &[],
    marks: &[],
};

fn recognize(sample: &Sample) -> Option<Saw> {
    let object = sample.object()?;
    if is_password(object) {
        return Some(Saw {
            role: FileRole::Passwords,
            what: "objects with passwordHash, as their support exports passwords",
        });
    }
    let has_strategy = text_of(object, users::USER_ID).is_some_and(|id| id.contains('|'));
    let has_connection = object
        .get("identities")
        .and_then(|identities| identities.get(0))
        .is_some_and(|identity| identity.get("connection").is_some_and(Value::is_string));
    let is_user = has_strategy || has_connection || object.contains_key("custom_password_hash");
    is_user.then_some(Saw {
        role: FileRole::Users,
        what: "objects with the keys of exported users",
    })
}

fn read(object: &Object, options: &Options) -> Result<Draft, Refusal> {
    if is_password(object) {
        passwords::read(object, options)
    } else {
        users::read(object, options)
    }
}

fn is_password(object: &Object) -> bool {
    object.contains_key("passwordHash")
        || (object.contains_key("_id") && object.contains_key("password_set_date"))
}
