//! The custom CSV of Kinde: a table that people prepare by hand, whatever system they come from.
//!
//! Column names and their meaning: Kinde docs, “Import or update users in bulk”, “Prepare your CSV”.
//!
//! Because somebody prepared the file and can mend it, whatever is malformed refuses its row; nothing is left out
//! silently. A blank cell says nothing, so a second file with an id and one more column changes that one thing.

use password::Params;

use super::{FileRole, Format, Options, ReadRow, Sample, Saw, Source};
use crate::draft::{Credential, Draft, SETTINGS};
use crate::header::{Column, Header, folded};
use crate::mapping;
use crate::problem::{FileError, Refusal};
use crate::record::Membership;
use crate::table::Row;
use crate::value::{self, MAX_KEY, MAX_NAME, MAX_URL};

pub(super) const SOURCE: Source = Source {
    name: "kinde-csv",
    label: "Custom CSV",
    about: "A CSV prepared by hand, with columns such as email, first_name, hashed_password and hashing_method.",
    is_prepared: true,
    project_params: &[],
    recognize,
    formats: &[Format::Table(columns)],
};

fn recognize(sample: &Sample) -> Option<Saw> {
    let has_any = |columns: &[&str]| columns.iter().any(|column| sample.has_columns(&[column]));
    // Every table has an id; only with another column of ours does it tell anything.
    let is_update = has_any(&["id"])
        && has_any(&[
            "rolekey",
            "permissionkey",
            "externalorganizationid",
            "hashedpassword",
            "firstname",
            "issuspended",
        ]);
    // Who has more to say than this layout can hold is better read as a table of their own.
    let is_foreign = matches!(sample, Sample::Header(columns)
        if columns.iter().any(|column| !is_ours(column) && mapping::is_field_name(column)));
    if is_foreign {
        return None;
    }
    let is_known = is_update || has_any(&["email", "phone", "username", "providedid"]);
    is_known.then_some(Saw {
        role: FileRole::Users,
        what: "a header with the columns of a custom CSV",
    })
}

/// Whether this layout has a column of the folded name, or one that looks like a field and is none: it names the row's state
/// for other systems, and a warning tells that it is not taken.
fn is_ours(column: &str) -> bool {
    const OURS: &[&str] = &[
        "id",
        "providedid",
        "email",
        "emailverified",
        "phone",
        "phoneverified",
        "username",
        "firstname",
        "givenname",
        "lastname",
        "familyname",
        "picture",
        "externalorganizationid",
        "rolekey",
        "roles",
        "permissionkey",
        "permissions",
        "issuspended",
        "hashedpassword",
        "encryptedpassword",
        "hashingmethod",
        "hashingalgorithm",
        "passwordverified",
    ];
    OURS.contains(&column) || SETTINGS.iter().any(|name| folded(name) == column)
}

struct Columns {
    id: Column,
    email: Column,
    email_verified: Column,
    phone: Column,
    phone_verified: Column,
    username: Column,
    first_name: Column,
    last_name: Column,
    picture: Column,
    organizations: Column,
    roles: Column,
    permissions: Column,
    suspended: Column,
    hash: Hash,
}

/// The columns of a password.
struct Hash {
    encoded: Column,
    scheme: Column,
    verified: Column,
    /// Those that go to the scheme as they are, with the parameters' names.
    settings: Vec<(&'static str, Column)>,
    defaults: Params,
}

fn columns(header: &mut Header, options: &Options) -> Result<ReadRow, FileError> {
    let columns = Columns {
        id: header.column(&["id", "provided_id"])?,
        email: header.column(&["email"])?,
        email_verified: header.column(&["email_verified"])?,
        phone: header.column(&["phone"])?,
        phone_verified: header.column(&["phone_verified"])?,
        username: header.column(&["username"])?,
        first_name: header.column(&["first_name", "given_name"])?,
        last_name: header.column(&["last_name", "family_name"])?,
        picture: header.column(&["picture"])?,
        organizations: header.column(&["external_organization_id"])?,
        roles: header.column(&["role_key", "roles"])?,
        permissions: header.column(&["permission_key", "permissions"])?,
        suspended: header.column(&["is_suspended"])?,
        hash: Hash::columns(header, &options.hash)?,
    };
    let identifying = [
        &columns.id,
        &columns.email,
        &columns.phone,
        &columns.username,
    ];
    if !identifying.iter().any(|column| column.is_present()) {
        return Err(FileError::MissingColumn("email"));
    }
    Ok(Box::new(move |row| columns.read(row)))
}

impl Columns {
    fn read(&self, row: &Row<'_>) -> Result<Draft, Refusal> {
        let mut draft = Draft::default();
        let text = |column: &Column, max| value::text(&column.name, &column.of(row), max);
        let flag = |column: &Column| value::flag(&column.name, &column.of(row));

        if let Some(email) = value::email(&self.email.name, &self.email.of(row))? {
            draft.identify(email, flag(&self.email_verified)?);
        }
        if let Some(phone) = value::phone(&self.phone.name, &self.phone.of(row))? {
            draft.identify(phone, flag(&self.phone_verified)?);
        }
        if let Some(username) = value::username(&self.username.name, &self.username.of(row))? {
            draft.identify(username, None);
        }
        let record = &mut draft.record;
        record.provided_id = text(&self.id, MAX_KEY)?;
        record.given_name = text(&self.first_name, MAX_NAME)?;
        record.family_name = text(&self.last_name, MAX_NAME)?;
        record.picture = text(&self.picture, MAX_URL)?;
        record.suspended = flag(&self.suspended)?;
        record.organizations = self.memberships(row)?;
        record.password = self.hash.read(row)?;
        record.password_verified = flag(&self.hash.verified)?;
        Ok(draft)
    }

    /// The roles and permissions of the row, in each organization it names, or in the default one.
    fn memberships(&self, row: &Row<'_>) -> Result<Vec<Membership>, Refusal> {
        let list = |column: &Column| value::list(&column.name, &column.of(row));
        let (ids, roles, permissions) = (
            list(&self.organizations)?,
            list(&self.roles)?,
            list(&self.permissions)?,
        );
        let member_of = |external_id| Membership {
            external_id,
            roles: roles.clone(),
            permissions: permissions.clone(),
        };
        if !ids.is_empty() {
            Ok(ids.into_iter().map(|id| member_of(Some(id))).collect())
        } else if roles.is_empty() && permissions.is_empty() {
            Ok(Vec::new())
        } else {
            Ok(vec![member_of(None)])
        }
    }
}

impl Hash {
    fn columns(header: &mut Header, defaults: &Params) -> Result<Self, FileError> {
        let mut settings = Vec::with_capacity(SETTINGS.len());
        for name in SETTINGS {
            let column = header.column(&[name])?;
            if column.is_present() {
                settings.push((name, column));
            }
        }
        Ok(Self {
            encoded: header.column(&["hashed_password", "encrypted_password"])?,
            scheme: header.column(&["hashing_method", "hashing_algorithm"])?,
            verified: header.column(&["password_verified"])?,
            settings,
            defaults: defaults.clone(),
        })
    }

    fn read(&self, row: &Row<'_>) -> Result<Option<password::Hash>, Refusal> {
        let encoded = self.encoded.of(row);
        if encoded.trim().is_empty() {
            return Ok(None);
        }
        let scheme = self.scheme.of(row);
        let cells: Vec<_> = self
            .settings
            .iter()
            .map(|(name, column)| (*name, column.of(row)))
            .collect();
        let settings: Vec<_> = cells
            .iter()
            .map(|(name, cell)| (*name, cell.as_ref()))
            .collect();
        Credential {
            column: &self.encoded.name,
            scheme: &scheme,
            encoded: &encoded,
            settings: &settings,
            defaults: &self.defaults,
        }
        .parse()
    }
}
