//! A user.

use password::Params;

use crate::draft::{Credential, Draft};
use crate::header::{Column, Header};
use crate::problem::{FileError, ProblemCode, Refusal};
use crate::record::{Membership, Totp};
use crate::source::Options;
use crate::source::database::Read;
use crate::table::Row;
use crate::value::{self, MAX_URL};

struct Columns {
    id: Column,
    email: Column,
    username: Column,
    phone: Column,
    password: Column,
    confirmed_at: Column,
    first_name: Column,
    last_name: Column,
    name: Column,
    picture: Column,
    locale: Column,
    role: Column,
    /// Of an account elsewhere, where a project has but one.
    provider: Column,
    uid: Column,
    otp_secret: Column,
    is_otp_required: Column,
    created_at: Column,
    signed_in_at: Column,
    deleted_at: Column,
    defaults: Params,
}

pub(super) fn open(header: &mut Header, options: &Options) -> Result<Read, FileError> {
    let columns = Columns {
        id: header.column(&["id"])?,
        email: header.column(&["email", "email_address"])?,
        username: header.column(&["username", "login"])?,
        phone: header.column(&["phone", "phone_number"])?,
        password: header.column(&["encrypted_password", "password_digest"])?,
        confirmed_at: header.column(&["confirmed_at"])?,
        first_name: header.column(&["first_name"])?,
        last_name: header.column(&["last_name"])?,
        name: header.column(&["name", "full_name"])?,
        picture: header.column(&["avatar_url", "image"])?,
        locale: header.column(&["locale"])?,
        role: header.column(&["role"])?,
        provider: header.column(&["provider"])?,
        uid: header.column(&["uid"])?,
        otp_secret: header.column(&["otp_secret", "otp_secret_key"])?,
        is_otp_required: header.column(&["otp_required_for_login"])?,
        created_at: header.column(&["created_at"])?,
        signed_in_at: header.column(&["current_sign_in_at"])?,
        deleted_at: header.column(&["deleted_at", "discarded_at"])?,
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
            draft.identify(email, self.confirmed_at.is_dated(row));
        }
        self.username.add_login(row, &mut draft);
        draft.phone(&self.phone.name, &self.phone.of(row), None);
        self.read_profile(row, &mut draft);
        if !self.uid.is_blank(row) && !self.provider.is_blank(row) {
            let (provider, uid) = (self.provider.of(row), self.uid.of(row));
            // devise_token_auth calls the password itself a provider.
            if provider != "email" {
                draft.account(&self.provider.name, &provider, &uid, None);
            }
        }
        self.read_authenticator(row, &mut draft)?;
        let hash = Credential {
            column: &self.password.name,
            // Anything else than bcrypt says what it is, and takes no pepper here.
            scheme: if self.password.of(row).trim().starts_with("$2") {
                "bcrypt"
            } else {
                ""
            },
            encoded: &self.password.of(row),
            settings: &[],
            defaults: &self.defaults,
        };
        draft.record.password = draft.spare_uncheckable(hash.parse())?;
        Ok(draft)
    }

    fn read_profile(&self, row: &Row<'_>, draft: &mut Draft) {
        draft.record.given_name = draft.spare(self.first_name.person_name(row));
        draft.record.family_name = draft.spare(self.last_name.person_name(row));
        let name = draft.spare(self.name.person_name(row));
        draft.split_name(name);
        let picture = value::text(&self.picture.name, &self.picture.of(row), MAX_URL);
        draft.record.picture = draft.spare(picture);
        self.locale.add_locale(row, draft);
        draft.record.created_at = draft.spare(self.created_at.datetime(row));
        draft.record.last_sign_in_at = draft.spare(self.signed_in_at.datetime(row));
        // Rails' enums are numbers, whose names only the code knows.
        let role = draft.spare(self.role.key(row));
        if let Some(role) = role.filter(|role| role.parse::<i64>().is_err()) {
            draft.record.organizations.push(Membership {
                external_id: None,
                roles: vec![role],
                permissions: Vec::new(),
            });
        }
    }

    /// The secret of devise-two-factor, where the column is not encrypted.
    fn read_authenticator(&self, row: &Row<'_>, draft: &mut Draft) -> Result<(), Refusal> {
        let secret = self.otp_secret.of(row);
        if self.is_otp_required.flag(row)? == Some(false) || secret.trim().is_empty() {
            return Ok(());
        }
        if let Ok(totp) = Totp::parse(secret.trim()) {
            draft.record.totp.push(totp);
        } else {
            let reason = "the authenticator's secret is encrypted by the application; it must be set up again";
            draft.warn(&self.otp_secret.name, ProblemCode::NOT_IMPORTED, reason);
        }
        Ok(())
    }
}
