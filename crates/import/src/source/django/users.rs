//! A user.

use password::Params;
use serde_json::Value;

use super::groups;
use crate::draft::{Credential, Draft};
use crate::header::{Column, Header};
use crate::problem::{FileError, Refusal};
use crate::source::Options;
use crate::source::database::{Names, Read};
use crate::table::Row;

struct Columns {
    id: Column,
    username: Column,
    email: Column,
    first_name: Column,
    last_name: Column,
    password: Column,
    is_active: Column,
    is_staff: Column,
    is_superuser: Column,
    last_login: Column,
    date_joined: Column,
    /// Only in `dumpdata`.
    groups: Column,
    defaults: Params,
}

pub(super) fn open(header: &mut Header, options: &Options) -> Result<Read, FileError> {
    let columns = Columns {
        id: header.column(&["id"])?,
        username: header.column(&["username"])?,
        email: header.column(&["email"])?,
        first_name: header.column(&["first_name"])?,
        last_name: header.column(&["last_name"])?,
        password: header.column(&["password"])?,
        is_active: header.column(&["is_active"])?,
        is_staff: header.column(&["is_staff"])?,
        is_superuser: header.column(&["is_superuser"])?,
        last_login: header.column(&["last_login"])?,
        date_joined: header.column(&["date_joined"])?,
        groups: header.column(&["groups"])?,
        defaults: options.hash.clone(),
    };
    if !columns.username.is_present() && !columns.email.is_present() {
        return Err(FileError::MissingColumn("username"));
    }
    Ok(Box::new(move |row, names| {
        columns.read(row, names).map(Some)
    }))
}

impl Columns {
    fn read(&self, row: &Row<'_>, names: &Names) -> Result<Draft, Refusal> {
        let mut draft = Draft::default();
        draft.record.provided_id = self.id.key(row)?;
        if let Some(email) = self.email.email(row)? {
            // Django does not prove addresses; django-allauth does, in a table of its own.
            draft.identify(email, Some(false));
        }
        self.username.add_login(row, &mut draft);
        draft.record.given_name = draft.spare(self.first_name.person_name(row));
        draft.record.family_name = draft.spare(self.last_name.person_name(row));
        draft.record.created_at = draft.spare(self.date_joined.datetime(row));
        draft.record.last_sign_in_at = draft.spare(self.last_login.datetime(row));
        draft.record.suspended = self.is_active.flag(row)?.map(|is_active| !is_active);
        for (name, column) in [
            ("is_staff", &self.is_staff),
            ("is_superuser", &self.is_superuser),
        ] {
            if column.flag(row)? == Some(true) {
                let properties = &mut draft.record.private_properties;
                properties.insert(name.to_owned(), Value::Bool(true));
            }
        }
        groups::add_listed(&self.groups.name, &self.groups.of(row), names, &mut draft);
        draft.record.password = self.password(row, &mut draft)?;
        Ok(draft)
    }

    fn password(
        &self,
        row: &Row<'_>,
        draft: &mut Draft,
    ) -> Result<Option<password::Hash>, Refusal> {
        let encoded = self.password.of(row);
        // Django docs, “set_unusable_password”: the person signs in some other way.
        if encoded.starts_with('!') {
            return Ok(None);
        }
        let hash = Credential {
            column: &self.password.name,
            scheme: "django",
            encoded: &encoded,
            settings: &[],
            defaults: &self.defaults,
        };
        draft.spare_uncheckable(hash.parse())
    }
}
