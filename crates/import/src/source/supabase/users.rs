//! A row of `auth.users`.

use std::collections::BTreeMap;

use password::Params;
use serde_json::Value;

use crate::draft::{Credential, Draft};
use crate::header::{Column, Header};
use crate::objects::Object;
use crate::problem::{FileError, ProblemCode, Refusal};
use crate::source::Options;
use crate::source::database::Read;
use crate::table::Row;
use crate::value::{self, MAX_KEY, MAX_NAME, MAX_URL};

struct Columns {
    id: Column,
    email: Column,
    email_confirmed_at: Column,
    phone: Column,
    phone_confirmed_at: Column,
    password: Column,
    user_metadata: Column,
    app_metadata: Column,
    created_at: Column,
    last_sign_in_at: Column,
    banned_until: Column,
    deleted_at: Column,
    is_anonymous: Column,
    defaults: Params,
}

pub(super) fn open(header: &mut Header, options: &Options) -> Result<Read, FileError> {
    let columns = Columns {
        id: header.column(&["id"])?,
        email: header.column(&["email"])?,
        email_confirmed_at: header.column(&["email_confirmed_at"])?,
        phone: header.column(&["phone"])?,
        phone_confirmed_at: header.column(&["phone_confirmed_at"])?,
        password: header.column(&["encrypted_password", "hashed_password"])?,
        user_metadata: header.column(&["raw_user_meta_data"])?,
        app_metadata: header.column(&["raw_app_meta_data"])?,
        created_at: header.column(&["created_at"])?,
        last_sign_in_at: header.column(&["last_sign_in_at"])?,
        banned_until: header.column(&["banned_until"])?,
        deleted_at: header.column(&["deleted_at"])?,
        is_anonymous: header.column(&["is_anonymous"])?,
        defaults: options.hash.clone(),
    };
    if !columns.id.is_present() {
        return Err(FileError::MissingColumn("id"));
    }
    Ok(Box::new(move |row, _| columns.read(row).map(Some)))
}

impl Columns {
    fn read(&self, row: &Row<'_>) -> Result<Draft, Refusal> {
        if !self.deleted_at.is_blank(row) {
            return Err(Refusal::skipped("the account was deleted at Supabase"));
        }
        if value::flag(&self.is_anonymous.name, &self.is_anonymous.of(row))? == Some(true) {
            return Err(Refusal::skipped(
                "the account is anonymous: nobody can sign in to it elsewhere",
            ));
        }
        let mut draft = Draft::default();
        draft.record.provided_id = value::text(&self.id.name, &self.id.of(row), MAX_KEY)?;
        if let Some(email) = value::email(&self.email.name, &self.email.of(row))? {
            draft.identify(email, self.email_confirmed_at.is_dated(row));
        }
        let number = self.phone.of(row);
        let phone = match number.trim() {
            "" => Ok(None),
            number if number.starts_with('+') => value::phone(&self.phone.name, number),
            number => value::phone(&self.phone.name, &format!("+{number}")),
        };
        if let Some(phone) = draft.spare(phone) {
            draft.identify(phone, self.phone_confirmed_at.is_dated(row));
        }
        self.read_dates(row, &mut draft);
        self.read_metadata(row, &mut draft);
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

    fn read_dates(&self, row: &Row<'_>, draft: &mut Draft) {
        let date = |column: &Column| value::datetime(&column.name, &column.of(row));
        draft.record.created_at = draft.spare(date(&self.created_at));
        draft.record.last_sign_in_at = draft.spare(date(&self.last_sign_in_at));
        let until = draft.spare(date(&self.banned_until));
        draft.ban(until);
    }

    fn read_metadata(&self, row: &Row<'_>, draft: &mut Draft) {
        let mut user = metadata(&self.user_metadata, row, draft);
        let mut app = metadata(&self.app_metadata, row, draft);
        let mut text = |names: &[&str], max| {
            let values = names.iter().filter_map(|name| user.remove(*name));
            // All are taken out of the properties; the first that is a text counts.
            let texts: Vec<Value> = values.collect();
            let text = texts
                .iter()
                .filter_map(Value::as_str)
                .find(|text| !text.trim().is_empty());
            value::text(&self.user_metadata.name, text.unwrap_or_default(), max)
        };
        let given = text(&["given_name", "first_name", "firstName"], MAX_NAME);
        let family = text(&["family_name", "last_name", "lastName"], MAX_NAME);
        let whole = text(&["full_name", "name", "display_name", "fullName"], MAX_NAME);
        let picture = text(&["avatar_url", "picture"], MAX_URL);
        draft.record.given_name = draft.spare(given);
        draft.record.family_name = draft.spare(family);
        draft.record.picture = draft.spare(picture);
        let whole = draft.spare(whole);
        draft.split_name(whole);
        // What the columns and the identities say already, and better.
        for copy in [
            "sub",
            "iss",
            "email",
            "email_verified",
            "phone",
            "phone_verified",
            "provider_id",
        ] {
            user.remove(copy);
        }
        for copy in ["provider", "providers"] {
            app.remove(copy);
        }
        draft.record.properties = user;
        draft.record.private_properties = app;
    }
}

fn metadata(column: &Column, row: &Row<'_>, draft: &mut Draft) -> BTreeMap<String, Value> {
    let cell = column.of(row);
    if cell.trim().is_empty() || cell.trim() == "null" {
        return BTreeMap::new();
    }
    if let Ok(object) = serde_json::from_str::<Object>(&cell) {
        return object.into_iter().collect();
    }
    let reason = "the metadata are no JSON object and are left out";
    draft.warn(&column.name, ProblemCode::MALFORMED_JSON, reason);
    BTreeMap::new()
}
