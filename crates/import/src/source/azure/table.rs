//! The portal's CSV: each row becomes the object that Graph has, whose names its columns bear.

use super::read;
use crate::header::{Header, folded};
use crate::problem::FileError;
use crate::source::rows::Rows;
use crate::source::{Options, ReadRow};

/// The columns that are read as fields; any other is a property under its own name.
const FIELDS: &[&str] = &[
    "id",
    "userPrincipalName",
    "displayName",
    "givenName",
    "surname",
    "mail",
    "alternateEmailAddress",
    "accountEnabled",
    "identityIssuer",
    "createdDateTime",
    "preferredLanguage",
    "creationType",
    "invitationState",
];

pub(super) fn columns(header: &mut Header, _: &Options) -> Result<ReadRow, FileError> {
    // The portal once wrote them with other capitals, and some people's scripts still do.
    let rows = Rows::new(header, |name| {
        let field = FIELDS.iter().find(|field| folded(field) == folded(name));
        field.map_or(name, |field| *field).to_owned()
    })?;
    Ok(Box::new(move |row| read(&rows.object(row))))
}
