//! A row of `auth.mfa_factors`: a second factor, with its secret if it is an authenticator.

use crate::draft::Draft;
use crate::header::{Column, Header};
use crate::problem::{FileError, ProblemCode, Refusal};
use crate::record::Totp;
use crate::source::Options;
use crate::source::database::Read;
use crate::table::Row;
use crate::value::{self, MAX_KEY};

struct Columns {
    user_id: Column,
    kind: Column,
    status: Column,
    secret: Column,
}

pub(super) fn open(header: &mut Header, _: &Options) -> Result<Read, FileError> {
    let columns = Columns {
        user_id: header.column(&["user_id"])?,
        kind: header.column(&["factor_type"])?,
        status: header.column(&["status"])?,
        secret: header.column(&["secret"])?,
    };
    if !columns.user_id.is_present() {
        return Err(FileError::MissingColumn("user_id"));
    }
    Ok(Box::new(move |row, _| columns.read(row)))
}

impl Columns {
    fn read(&self, row: &Row<'_>) -> Result<Option<Draft>, Refusal> {
        let Some(user_id) = value::text(&self.user_id.name, &self.user_id.of(row), MAX_KEY)? else {
            return Ok(None);
        };
        // Begun and never finished: nobody has it in an app.
        if self.status.of(row).trim() == "unverified" {
            return Ok(None);
        }
        let mut draft = Draft::addition(user_id);
        if self.kind.of(row).trim() == "totp" {
            let totp = Totp::parse(self.secret.of(row).trim()).map(Some);
            let totp = totp
                .map_err(|error| Refusal::at(&self.secret.name, ProblemCode::INVALID_TOTP, error));
            let totp = draft.spare(totp);
            draft.record.totp.extend(totp);
        } else {
            let reason = "only authenticator apps come along; this factor must be set up again";
            draft.warn(&self.kind.name, ProblemCode::NOT_IMPORTED, reason);
        }
        Ok(Some(draft))
    }
}
