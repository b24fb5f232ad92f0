//! A row of `auth.identities`: an account by which somebody signs in.

use serde_json::Value;

use crate::draft::Draft;
use crate::header::{Column, Header};
use crate::problem::{FileError, Refusal};
use crate::source::Options;
use crate::source::database::Read;
use crate::table::Row;
use crate::value::{self, MAX_KEY};

struct Columns {
    user_id: Column,
    provider: Column,
    /// In releases before 2023 the account's id was `id`, and there was no `provider_id`.
    subject: Column,
    id: Column,
    data: Column,
}

pub(super) fn open(header: &mut Header, _: &Options) -> Result<Read, FileError> {
    let columns = Columns {
        user_id: header.column(&["user_id"])?,
        provider: header.column(&["provider"])?,
        subject: header.column(&["provider_id"])?,
        id: header.column(&["id"])?,
        data: header.column(&["identity_data"])?,
    };
    if !columns.user_id.is_present() {
        return Err(FileError::MissingColumn("user_id"));
    }
    Ok(Box::new(move |row, _| columns.read(row)))
}

impl Columns {
    fn read(&self, row: &Row<'_>) -> Result<Option<Draft>, Refusal> {
        let text = |column: &Column| value::text(&column.name, &column.of(row), MAX_KEY);
        let provider = text(&self.provider)?.unwrap_or_default();
        let Some(user_id) = text(&self.user_id)? else {
            return Ok(None);
        };
        // Addresses and numbers are in the table of the users.
        if provider == "email" || provider == "phone" {
            return Ok(None);
        }
        let subject = match text(&self.subject)? {
            Some(subject) => subject,
            None => text(&self.id)?.unwrap_or_default(),
        };
        let mut draft = Draft::addition(user_id);
        // Microsoft's accounts, of companies and of anybody, by the name of its cloud.
        let provider = if provider == "azure" {
            "microsoft"
        } else {
            &provider
        };
        let data = serde_json::from_str(&self.data.of(row)).ok();
        draft.account(
            &self.provider.name,
            provider,
            &subject,
            data.filter(Value::is_object),
        );
        Ok(Some(draft))
    }
}
