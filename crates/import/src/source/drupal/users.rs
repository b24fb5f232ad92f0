//! A user, of any release.

use password::Params;

use crate::draft::{Credential, Draft};
use crate::header::{Column, Header};
use crate::problem::{FileError, Refusal};
use crate::source::Options;
use crate::source::database::Read;
use crate::table::Row;

struct Columns {
    uid: Column,
    name: Column,
    mail: Column,
    password: Column,
    status: Column,
    created: Column,
    login: Column,
    language: Column,
    /// From 8 on there is a row for each language of a profile.
    is_default_language: Column,
    defaults: Params,
}

pub(super) fn open(header: &mut Header, options: &Options) -> Result<Read, FileError> {
    let columns = Columns {
        uid: header.column(&["uid"])?,
        name: header.column(&["name"])?,
        mail: header.column(&["mail"])?,
        password: header.column(&["pass"])?,
        status: header.column(&["status"])?,
        created: header.column(&["created"])?,
        login: header.column(&["login"])?,
        language: header.column(&["preferred_langcode", "language"])?,
        is_default_language: header.column(&["default_langcode"])?,
        defaults: options.hash.clone(),
    };
    if !columns.uid.is_present() {
        return Err(FileError::MissingColumn("uid"));
    }
    Ok(Box::new(move |row, _| columns.read(row)))
}

impl Columns {
    fn read(&self, row: &Row<'_>) -> Result<Option<Draft>, Refusal> {
        if self.is_default_language.flag(row)? == Some(false) {
            return Ok(None);
        }
        let mut draft = Draft::default();
        draft.record.provided_id = self.uid.key(row)?;
        if draft.record.provided_id.as_deref() == Some("0") {
            return Err(Refusal::skipped(
                "user 0 stands for visitors and is no account",
            ));
        }
        if let Some(email) = self.mail.email(row)? {
            draft.identify(email, Some(false));
        }
        self.name.add_login(row, &mut draft);
        self.language.add_locale(row, &mut draft);
        draft.record.suspended = self.status.flag(row)?.map(|is_active| !is_active);
        draft.record.created_at = draft.spare(self.created.seconds(row));
        draft.record.last_sign_in_at = draft.spare(self.login.seconds(row));
        let hash = Credential {
            column: &self.password.name,
            scheme: "",
            encoded: &self.password.of(row),
            settings: &[],
            defaults: &self.defaults,
        };
        draft.record.password = draft.spare_uncheckable(hash.parse())?;
        Ok(Some(draft))
    }
}
