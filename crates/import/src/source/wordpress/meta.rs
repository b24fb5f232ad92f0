//! A row of `wp_usermeta`: one thing about one person. Most rows are settings of the dashboard, and are passed over.

use super::php;
use crate::draft::Draft;
use crate::header::{Column, Header};
use crate::problem::{FileError, ProblemCode, Refusal};
use crate::record::{Membership, Totp};
use crate::source::Options;
use crate::source::database::Read;
use crate::table::Row;

struct Columns {
    user_id: Column,
    key: Column,
    value: Column,
}

pub(super) fn open(header: &mut Header, _: &Options) -> Result<Read, FileError> {
    let columns = Columns {
        user_id: header.column(&["user_id"])?,
        key: header.column(&["meta_key"])?,
        value: header.column(&["meta_value"])?,
    };
    if !columns.user_id.is_present() {
        return Err(FileError::MissingColumn("user_id"));
    }
    Ok(Box::new(move |row, _| columns.read(row)))
}

impl Columns {
    fn read(&self, row: &Row<'_>) -> Result<Option<Draft>, Refusal> {
        let Some(user_id) = self.user_id.key(row)? else {
            return Ok(None);
        };
        if self.value.is_blank(row) {
            return Ok(None);
        }
        let mut draft = Draft::addition(user_id);
        match self.key.of(row).as_ref() {
            "first_name" => draft.record.given_name = draft.spare(self.value.person_name(row)),
            "locale" => self.value.add_locale(row, &mut draft),
            "last_name" => draft.record.family_name = draft.spare(self.value.person_name(row)),
            // The plugin Two Factor.
            "_two_factor_totp_key" => {
                let totp = Totp::parse(self.value.of(row).trim()).map(Some);
                let totp = totp.map_err(|error| {
                    Refusal::at(&self.value.name, ProblemCode::INVALID_TOTP, error)
                });
                let totp = draft.spare(totp);
                draft.record.totp.extend(totp);
            }
            key => match key.strip_suffix("capabilities") {
                Some(prefix) => self.add_roles(prefix, row, &mut draft),
                None => return Ok(None),
            },
        }
        Ok(Some(draft))
    }

    /// Adds the roles of a site. Those of the further sites of a network are not roles everywhere.
    fn add_roles(&self, prefix: &str, row: &Row<'_>, draft: &mut Draft) {
        let site = prefix.trim_end_matches('_').rsplit('_').next();
        let is_further =
            site.is_some_and(|site| !site.is_empty() && site.bytes().all(|b| b.is_ascii_digit()));
        if is_further {
            let reason = "roles on further sites of a network are not taken; give them in an organization for the site";
            draft.warn(&self.key.name, ProblemCode::NOT_IMPORTED, reason);
            return;
        }
        match php::true_keys(&self.value.of(row)) {
            Some(roles) if roles.is_empty() => {}
            Some(roles) => draft.record.organizations.push(Membership {
                external_id: None,
                roles,
                permissions: Vec::new(),
            }),
            None => {
                let reason = "the roles cannot be read and are left out";
                draft.warn(&self.value.name, ProblemCode::INVALID_FIELD, reason);
            }
        }
    }
}
