//! A user.

use password::Params;

use crate::draft::{Credential, Draft};
use crate::header::{Column, Header};
use crate::problem::{FileError, ProblemCode, Refusal};
use crate::source::Options;
use crate::source::database::Read;
use crate::table::Row;

struct Columns {
    id: Column,
    email: Column,
    email_verified_at: Column,
    username: Column,
    name: Column,
    first_name: Column,
    last_name: Column,
    password: Column,
    two_factor_secret: Column,
    created_at: Column,
    deleted_at: Column,
    defaults: Params,
}

pub(super) fn open(header: &mut Header, options: &Options) -> Result<Read, FileError> {
    let columns = Columns {
        id: header.column(&["id"])?,
        email: header.column(&["email"])?,
        email_verified_at: header.column(&["email_verified_at"])?,
        username: header.column(&["username"])?,
        name: header.column(&["name"])?,
        first_name: header.column(&["first_name"])?,
        last_name: header.column(&["last_name"])?,
        password: header.column(&["password"])?,
        two_factor_secret: header.column(&["two_factor_secret"])?,
        created_at: header.column(&["created_at"])?,
        deleted_at: header.column(&["deleted_at"])?,
        defaults: options.hash.clone(),
    };
    if !columns.email.is_present() && !columns.username.is_present() {
        return Err(FileError::MissingColumn("email"));
    }
    Ok(Box::new(move |row, _| columns.read(row).map(Some)))
}

impl Columns {
    fn read(&self, row: &Row<'_>) -> Result<Draft, Refusal> {
        if !self.deleted_at.is_blank(row) {
            return Err(Refusal::skipped(
                "the account was deleted in the application",
            ));
        }
        let mut draft = Draft::default();
        draft.record.provided_id = self.id.key(row)?;
        if let Some(email) = self.email.email(row)? {
            draft.identify(email, self.email_verified_at.is_dated(row));
        }
        self.username.add_login(row, &mut draft);
        draft.record.given_name = draft.spare(self.first_name.person_name(row));
        draft.record.family_name = draft.spare(self.last_name.person_name(row));
        let name = draft.spare(self.name.person_name(row));
        draft.split_name(name);
        draft.record.created_at = draft.spare(self.created_at.datetime(row));
        if !self.two_factor_secret.is_blank(row) {
            let reason = "the authenticator's secret is encrypted by the application; it must be set up again";
            draft.warn(
                &self.two_factor_secret.name,
                ProblemCode::NOT_IMPORTED,
                reason,
            );
        }
        let hash = Credential {
            column: &self.password.name,
            scheme: "",
            encoded: &self.password.of(row),
            settings: &[],
            defaults: &self.defaults,
        };
        draft.record.password = draft.spare_uncheckable(hash.parse())?;
        Ok(draft)
    }
}
