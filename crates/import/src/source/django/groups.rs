//! The groups of a user, which become roles: a row for each, or a list in the user.

use serde_json::Value;

use crate::draft::Draft;
use crate::header::Header;
use crate::problem::{FileError, ProblemCode};
use crate::record::Membership;
use crate::source::Options;
use crate::source::database::{Names, Read};
use crate::value::MAX_KEY;

pub(super) fn open(header: &mut Header, _: &Options) -> Result<Read, FileError> {
    let user_id = header.column(&["user_id", "user"])?;
    let group_id = header.column(&["group_id", "group"])?;
    if !user_id.is_present() {
        return Err(FileError::MissingColumn("user_id"));
    }
    Ok(Box::new(move |row, names| {
        let Some(id) = user_id.key(row)? else {
            return Ok(None);
        };
        let mut draft = Draft::addition(id);
        let group = group_id.of(row);
        add(&group_id.name, &[named(group.trim(), names)], &mut draft);
        Ok(Some(draft))
    }))
}

/// Adds a list of groups, each an id or, with natural keys, a list of its name.
pub(super) fn add_listed(column: &str, list: &str, names: &Names, draft: &mut Draft) {
    let Ok(groups) = serde_json::from_str::<Vec<Value>>(list) else {
        return;
    };
    let name = |group: &Value| match group {
        Value::Array(key) => key.first().and_then(Value::as_str).map(str::to_owned),
        Value::String(id) => named(id, names),
        id => named(&id.to_string(), names),
    };
    let groups: Vec<_> = groups.iter().map(name).collect();
    add(column, &groups, draft);
}

fn named(id: &str, names: &Names) -> Option<String> {
    names.of("auth_group", id).map(str::to_owned)
}

fn add(column: &str, groups: &[Option<String>], draft: &mut Draft) {
    if groups.iter().any(Option::is_none) {
        let reason = "a group has no name in this file and is left out; export auth.group as well, before the users";
        draft.warn(column, ProblemCode::UNKNOWN_ROLE, reason);
    }
    let roles = groups.iter().flatten().filter(|name| name.len() <= MAX_KEY);
    let roles: Vec<String> = roles.cloned().collect();
    if !roles.is_empty() {
        draft.record.organizations.push(Membership {
            external_id: None,
            roles,
            permissions: Vec::new(),
        });
    }
}
