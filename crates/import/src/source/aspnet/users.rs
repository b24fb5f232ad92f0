//! A row of `AspNetUsers`.

use password::Params;

use crate::draft::{Credential, Draft};
use crate::header::{Column, Header};
use crate::problem::{FileError, Refusal};
use crate::source::Options;
use crate::source::database::Read;
use crate::table::Row;
use crate::value;

struct Columns {
    id: Column,
    name: Column,
    email: Column,
    email_confirmed: Column,
    password: Column,
    phone: Column,
    phone_confirmed: Column,
    first_name: Column,
    last_name: Column,
    lockout_end: Column,
    is_lockout_enabled: Column,
    defaults: Params,
}

pub(super) fn open(header: &mut Header, options: &Options) -> Result<Read, FileError> {
    let columns = Columns {
        id: header.column(&["Id", "UserId"])?,
        name: header.column(&["UserName"])?,
        email: header.column(&["Email"])?,
        email_confirmed: header.column(&["EmailConfirmed"])?,
        password: header.column(&["PasswordHash"])?,
        phone: header.column(&["PhoneNumber"])?,
        phone_confirmed: header.column(&["PhoneNumberConfirmed"])?,
        first_name: header.column(&["FirstName", "GivenName"])?,
        last_name: header.column(&["LastName", "FamilyName", "Surname"])?,
        lockout_end: header.column(&["LockoutEnd", "LockoutEndDateUtc"])?,
        is_lockout_enabled: header.column(&["LockoutEnabled"])?,
        defaults: options.hash.clone(),
    };
    if !columns.email.is_present() && !columns.name.is_present() {
        return Err(FileError::MissingColumn("Email"));
    }
    Ok(Box::new(move |row, _| columns.read(row).map(Some)))
}

impl Columns {
    fn read(&self, row: &Row<'_>) -> Result<Draft, Refusal> {
        let mut draft = Draft::default();
        draft.record.provided_id = self.id.key(row)?;
        let email = self.email.of(row);
        if let Some(email) = self.email.email(row)? {
            draft.identify(email, self.email_confirmed.flag(row)?);
        }
        if !self.name.of(row).trim().eq_ignore_ascii_case(email.trim()) {
            self.name.add_login(row, &mut draft);
        }
        if let Some(phone) = draft.spare(value::phone(&self.phone.name, &self.phone.of(row))) {
            draft.identify(phone, self.phone_confirmed.flag(row)?);
        }
        draft.record.given_name = self.first_name.person_name(row)?;
        draft.record.family_name = self.last_name.person_name(row)?;
        self.read_lockout(row, &mut draft)?;
        draft.record.password = self.password(row)?;
        Ok(draft)
    }

    /// Wrong passwords lock for minutes, which are over by now or soon; what lasts longer, a person has set.
    fn read_lockout(&self, row: &Row<'_>, draft: &mut Draft) -> Result<(), Refusal> {
        if self.is_lockout_enabled.flag(row)? == Some(false) {
            return Ok(());
        }
        let cell = self.lockout_end.of(row);
        if cell.trim() != "NULL" {
            let until = draft.spare(value::datetime(&self.lockout_end.name, &cell));
            draft.ban(until);
        }
        Ok(())
    }

    fn password(&self, row: &Row<'_>) -> Result<Option<password::Hash>, Refusal> {
        let cell = self.password.of(row);
        let encoded = cell.trim();
        if encoded == "NULL" {
            return Ok(None);
        }
        Credential {
            column: &self.password.name,
            // The first byte is the version: 1 in base64 begins with AQ.
            scheme: if encoded.starts_with("AQ") {
                "aspnet-identity-v3"
            } else {
                "aspnet-identity-v2"
            },
            encoded,
            settings: &[],
            defaults: &self.defaults,
        }
        .parse()
    }
}
