//! A row of `wp_users`.

use password::Params;

use crate::draft::{Credential, Draft};
use crate::header::{Column, Header};
use crate::problem::{FileError, Refusal};
use crate::source::Options;
use crate::source::database::Read;
use crate::table::Row;

struct Columns {
    id: Column,
    login: Column,
    password: Column,
    email: Column,
    registered: Column,
    display_name: Column,
    /// Of a network of sites.
    spam: Column,
    deleted: Column,
    defaults: Params,
}

pub(super) fn open(header: &mut Header, options: &Options) -> Result<Read, FileError> {
    let columns = Columns {
        id: header.column(&["ID"])?,
        login: header.column(&["user_login"])?,
        password: header.column(&["user_pass"])?,
        email: header.column(&["user_email"])?,
        registered: header.column(&["user_registered"])?,
        display_name: header.column(&["display_name"])?,
        spam: header.column(&["spam"])?,
        deleted: header.column(&["deleted"])?,
        defaults: options.hash.clone(),
    };
    if !columns.login.is_present() && !columns.email.is_present() {
        return Err(FileError::MissingColumn("user_login"));
    }
    Ok(Box::new(move |row, _| columns.read(row).map(Some)))
}

impl Columns {
    fn read(&self, row: &Row<'_>) -> Result<Draft, Refusal> {
        if self.deleted.flag(row)? == Some(true) {
            return Err(Refusal::skipped("the account was deleted at WordPress"));
        }
        let mut draft = Draft::default();
        draft.record.provided_id = self.id.key(row)?;
        if let Some(email) = self.email.email(row)? {
            draft.identify(email, Some(false));
        }
        self.login.add_login(row, &mut draft);
        draft.record.created_at = draft.spare(self.registered.datetime(row));
        draft.record.suspended = self.spam.flag(row)?;
        // WordPress shows the login of people who gave no name.
        if self.display_name.of(row).trim() != self.login.of(row).trim() {
            let shown = draft.spare(self.display_name.person_name(row));
            draft.split_name(shown);
        }
        let encoded = self.password.of(row);
        let hash = Credential {
            column: &self.password.name,
            // A bare MD5 does not say what it is; other forms do.
            scheme: if encoded.trim().len() == 32 {
                "wordpress"
            } else {
                ""
            },
            encoded: &encoded,
            settings: &[],
            defaults: &self.defaults,
        };
        draft.record.password = draft.spare_uncheckable(hash.parse())?;
        Ok(draft)
    }
}
