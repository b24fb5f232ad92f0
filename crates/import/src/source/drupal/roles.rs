//! A role of a user.

use crate::draft::Draft;
use crate::header::Header;
use crate::problem::{FileError, ProblemCode};
use crate::record::Membership;
use crate::source::Options;
use crate::source::database::Read;

/// From 8 on: the role's key stands in the row.
pub(super) fn open_fields(header: &mut Header, _: &Options) -> Result<Read, FileError> {
    let user = header.column(&["entity_id"])?;
    let role = header.column(&["roles_target_id"])?;
    let deleted = header.column(&["deleted"])?;
    Ok(Box::new(move |row, _| {
        let (Some(id), Some(key)) = (user.key(row)?, role.key(row)?) else {
            return Ok(None);
        };
        if deleted.flag(row)? == Some(true) {
            return Ok(None);
        }
        let mut draft = Draft::addition(id);
        draft.record.organizations.push(of(key));
        Ok(Some(draft))
    }))
}

/// Of 7: the role's number, whose name is in the table `role`.
pub(super) fn open_ids(header: &mut Header, _: &Options) -> Result<Read, FileError> {
    let user = header.column(&["uid"])?;
    let role = header.column(&["rid"])?;
    Ok(Box::new(move |row, names| {
        let Some(id) = user.key(row)? else {
            return Ok(None);
        };
        let mut draft = Draft::addition(id);
        if let Some(name) = names.of("role", role.of(row).trim()) {
            draft.record.organizations.push(of(name.to_owned()));
        } else {
            let reason =
                "the role has no name in this file and is left out; dump the table role as well";
            draft.warn(&role.name, ProblemCode::UNKNOWN_ROLE, reason);
        }
        Ok(Some(draft))
    }))
}

fn of(role: String) -> Membership {
    Membership {
        external_id: None,
        roles: vec![role],
        permissions: Vec::new(),
    }
}
