//! Clerk: the CSV of “Export users”, as it is, and users as the Backend API lists them.
//!
//! Columns: Clerk docs, “Export users”. There is no column that says whether the primary address is verified; it is when it stands
//! in the list of verified ones, and not otherwise. A second address or number that cannot be taken is left out with a
//! warning, since nobody edits this file by hand.

mod api;

use password::Params;

use super::{FileRole, Format, Options, ReadRow, Sample, Saw, Source};
use crate::draft::{Credential, Draft};
use crate::header::{Column, Header};
use crate::identifier::Identifier;
use crate::problem::{FileError, ProblemCode, Refusal};
use crate::record::Totp;
use crate::table::Row;
use crate::value::{self, MAX_KEY, MAX_NAME};

pub(super) const SOURCE: Source = Source {
    name: "clerk",
    label: "Clerk",
    about: "The CSV from Configure > Settings > User exports, unchanged; and, for social accounts and metadata, the users \
            as JSON from the Backend API.",
    is_prepared: false,
    project_params: &[],
    recognize,
    formats: &[
        Format::Table(columns),
        Format::Objects(|object, _| api::read(object)),
    ],
};

fn recognize(sample: &Sample) -> Option<Saw> {
    let what = if sample.has_columns(&["id", "primaryemailaddress"]) {
        "a header with primary_email_address, as Clerk exports it"
    } else if sample.object().is_some_and(api::is_user) {
        "users as the Backend API lists them"
    } else {
        return None;
    };
    Some(Saw {
        role: FileRole::Users,
        what,
    })
}

struct Columns {
    id: Column,
    first_name: Column,
    last_name: Column,
    username: Column,
    email: Addresses,
    phone: Addresses,
    totp: Column,
    digest: Column,
    hasher: Column,
    created_at: Column,
    defaults: Params,
}

/// The three columns of addresses of one kind.
struct Addresses {
    primary: Column,
    verified: Column,
    unverified: Column,
}

/// Reads one address.
type Parse = fn(&str, &str) -> Result<Option<Identifier>, Refusal>;

fn columns(header: &mut Header, options: &Options) -> Result<ReadRow, FileError> {
    let columns = Columns {
        id: header.column(&["id"])?,
        first_name: header.column(&["first_name"])?,
        last_name: header.column(&["last_name"])?,
        username: header.column(&["username"])?,
        email: Addresses {
            primary: header.column(&["primary_email_address"])?,
            verified: header.column(&["verified_email_addresses"])?,
            unverified: header.column(&["unverified_email_addresses"])?,
        },
        phone: Addresses {
            primary: header.column(&["primary_phone_number"])?,
            verified: header.column(&["verified_phone_numbers"])?,
            unverified: header.column(&["unverified_phone_numbers"])?,
        },
        totp: header.column(&["totp_secret"])?,
        digest: header.column(&["password_digest"])?,
        hasher: header.column(&["password_hasher"])?,
        created_at: header.column(&["created_at"])?,
        defaults: options.hash.clone(),
    };
    if !columns.id.is_present() {
        return Err(FileError::MissingColumn("id"));
    }
    if !columns.email.primary.is_present() && !columns.phone.primary.is_present() {
        return Err(FileError::MissingColumn("primary_email_address"));
    }
    Ok(Box::new(move |row| columns.read(row)))
}

impl Columns {
    fn read(&self, row: &Row<'_>) -> Result<Draft, Refusal> {
        let mut draft = Draft::default();
        let email = value::email(&self.email.primary.name, &self.email.primary.of(row))?;
        self.email.read(row, email, value::email, &mut draft)?;
        let phone = value::phone(&self.phone.primary.name, &self.phone.primary.of(row));
        let phone = draft.spare(phone);
        self.phone.read(row, phone, value::phone, &mut draft)?;
        let username = value::username(&self.username.name, &self.username.of(row));
        if let Some(username) = draft.spare(username) {
            draft.identify(username, None);
        }
        let totp = draft.spare(self.totp(row));
        draft.record.totp.extend(totp);
        draft.record.created_at = draft.spare(value::instant(
            &self.created_at.name,
            &self.created_at.of(row),
        ));

        let text = |column: &Column, max| value::text(&column.name, &column.of(row), max);
        draft.record.provided_id = text(&self.id, MAX_KEY)?;
        draft.record.given_name = text(&self.first_name, MAX_NAME)?;
        draft.record.family_name = text(&self.last_name, MAX_NAME)?;
        let credential = Credential {
            column: &self.digest.name,
            scheme: &self.hasher.of(row),
            encoded: &self.digest.of(row),
            settings: &[],
            defaults: &self.defaults,
        };
        draft.record.password = draft.spare_uncheckable(credential.parse())?;
        Ok(draft)
    }

    fn totp(&self, row: &Row<'_>) -> Result<Option<Totp>, Refusal> {
        let cell = self.totp.of(row);
        if cell.trim().is_empty() {
            return Ok(None);
        }
        match Totp::parse(cell.trim()) {
            Ok(totp) => Ok(Some(totp)),
            Err(error) => Err(Refusal::at(
                &self.totp.name,
                ProblemCode::INVALID_TOTP,
                error,
            )),
        }
    }
}

impl Addresses {
    /// Adds the primary address first, then the others. Only the list of verified ones decides which are.
    fn read(
        &self,
        row: &Row<'_>,
        primary: Option<Identifier>,
        parse: Parse,
        draft: &mut Draft,
    ) -> Result<(), Refusal> {
        let verified = value::list(&self.verified.name, &self.verified.of(row))?;
        let unverified = value::list(&self.unverified.name, &self.unverified.of(row))?;
        if let Some(primary) = primary {
            draft.identify(primary, Some(false));
        }
        for (column, list, is_verified) in [
            (&self.verified.name, verified, true),
            (&self.unverified.name, unverified, false),
        ] {
            for address in list {
                if let Some(identifier) = draft.spare(parse(column, &address)) {
                    // Adding an address that is there already raises it to verified, and never lowers it.
                    draft.identify(identifier, Some(is_verified));
                }
            }
        }
        Ok(())
    }
}
