//! A person put together from columns in any order, each of which is one [`Field`](super::Field).
//!
//! What would let somebody in or lock somebody out wrongly refuses the row: a malformed address, a hash that cannot be read, a
//! word in a column of blocked accounts that is neither yes nor no. The rest is left out with a warning, since these tables are
//! dumps of databases, and one person with an odd date should not stay behind.

use std::borrow::Cow;

use password::Params;
use serde_json::Value;

use super::dates::{self, DateFormat};
use crate::draft::{Credential, Draft};
use crate::identifier::{EmailAddress, Identifier};
use crate::problem::{ProblemCode, Refusal};
use crate::record::{Locale, Membership, RecoveryCode, Totp};
use crate::value::{self, MAX_KEY, MAX_NAME, MAX_URL};

/// A value that is not blank.
pub(super) struct Cell<'a> {
    /// The column's name or the field's path, for whoever has to mend it.
    pub(super) column: &'a str,
    /// As text.
    pub(super) text: Cow<'a, str>,
    /// As it was, where it was JSON.
    pub(super) value: Option<&'a Value>,
    /// In which form it is, if it is a point in time and that is known.
    pub(super) dates: Option<DateFormat>,
}

impl Cell<'_> {
    /// As a point in time, in Unix milliseconds.
    fn moment(&self) -> Result<Option<i64>, Refusal> {
        dates::moment(self.column, &self.text, self.dates)
    }
}

/// A person so far.
pub(super) struct Person<'a> {
    draft: Draft,
    emails: Vec<Identifier>,
    phones: Vec<Identifier>,
    username: Option<Identifier>,
    email_verified: Option<bool>,
    phone_verified: Option<bool>,
    name: Option<String>,
    hash: Option<(String, String)>,
    method: String,
    settings: Vec<(&'static str, String)>,
    organizations: Vec<String>,
    roles: Vec<String>,
    permissions: Vec<String>,
    defaults: &'a Params,
}

impl<'a> Person<'a> {
    /// Nobody yet. `defaults` are the parameters of all hashes.
    pub(super) fn new(defaults: &'a Params) -> Self {
        Self {
            draft: Draft::default(),
            emails: Vec::new(),
            phones: Vec::new(),
            username: None,
            email_verified: None,
            phone_verified: None,
            name: None,
            hash: None,
            method: String::new(),
            settings: Vec::new(),
            organizations: Vec::new(),
            roles: Vec::new(),
            permissions: Vec::new(),
            defaults,
        }
    }

    /// Their account at another provider.
    pub(super) fn account(&mut self, provider: &str, cell: &Cell<'_>) -> Result<(), Refusal> {
        if let Some(subject) = value::text(cell.column, &cell.text, MAX_KEY)? {
            let provider = provider.to_owned();
            self.draft
                .identify(Identifier::Social { provider, subject }, None);
        }
        Ok(())
    }

    /// A parameter of the password's hash.
    pub(super) fn setting(&mut self, name: &'static str, cell: &Cell<'_>) {
        self.settings.push((name, cell.text.clone().into_owned()));
    }

    /// The person, with everything where it belongs.
    pub(super) fn finish(mut self) -> Result<Draft, Refusal> {
        for (index, email) in self.emails.drain(..).enumerate() {
            let verified = self.email_verified.filter(|_| index == 0);
            self.draft.identify(email, verified);
        }
        for (index, phone) in self.phones.drain(..).enumerate() {
            let verified = self.phone_verified.filter(|_| index == 0);
            self.draft.identify(phone, verified);
        }
        if let Some(username) = self.username.take() {
            self.draft.identify(username, None);
        }
        self.draft.split_name(self.name.take());
        self.draft.record.organizations =
            memberships(self.organizations, &self.roles, &self.permissions);
        if let Some((column, encoded)) = &self.hash {
            let settings: Vec<_> = self
                .settings
                .iter()
                .map(|(name, text)| (*name, text.as_str()))
                .collect();
            let hash = Credential {
                column,
                scheme: &self.method,
                encoded,
                settings: &settings,
                defaults: self.defaults,
            };
            let hash = hash.parse();
            self.draft.record.password = self.draft.spare_uncheckable(hash)?;
        }
        Ok(self.draft)
    }

    fn warn(&mut self, cell: &Cell<'_>, code: ProblemCode, reason: impl std::fmt::Display) {
        self.draft.warn(cell.column, code, reason.to_string());
    }

    fn close(&mut self, is_closed: bool) {
        // None < Some(false) < Some(true): what says that it is closed goes before what says that it is open.
        let suspended = &mut self.draft.record.suspended;
        *suspended = (*suspended).max(Some(is_closed));
    }
}

/// The roles and permissions in each of the organizations, or in the default one.
fn memberships(ids: Vec<String>, roles: &[String], permissions: &[String]) -> Vec<Membership> {
    let member_of = |external_id| Membership {
        external_id,
        roles: roles.to_vec(),
        permissions: permissions.to_vec(),
    };
    if !ids.is_empty() {
        ids.into_iter().map(|id| member_of(Some(id))).collect()
    } else if roles.is_empty() && permissions.is_empty() {
        Vec::new()
    } else {
        vec![member_of(None)]
    }
}

type Taken = Result<(), Refusal>;

pub(super) fn id(person: &mut Person<'_>, cell: &Cell<'_>) -> Taken {
    person.draft.record.provided_id = value::text(cell.column, &cell.text, MAX_KEY)?;
    Ok(())
}

pub(super) fn email(person: &mut Person<'_>, cell: &Cell<'_>) -> Taken {
    let email = value::email(cell.column, &cell.text)?;
    person.emails.extend(email);
    Ok(())
}

pub(super) fn login(person: &mut Person<'_>, cell: &Cell<'_>) -> Taken {
    if EmailAddress::parse(&cell.text).is_ok() {
        return email(person, cell);
    }
    username(person, cell);
    Ok(())
}

pub(super) fn username(person: &mut Person<'_>, cell: &Cell<'_>) {
    let username = value::username(cell.column, &cell.text);
    person.username = person.draft.spare(username);
}

pub(super) fn phone(person: &mut Person<'_>, cell: &Cell<'_>) {
    // Databases have what people typed; without its country a number is nobody's in particular.
    let phone = value::phone(cell.column, &cell.text);
    let phone = person.draft.spare(phone);
    person.phones.extend(phone);
}

pub(super) fn email_verified(person: &mut Person<'_>, cell: &Cell<'_>) {
    let verified = flag(cell);
    person.email_verified = person.draft.spare(verified);
}

pub(super) fn phone_verified(person: &mut Person<'_>, cell: &Cell<'_>) {
    let verified = flag(cell);
    person.phone_verified = person.draft.spare(verified);
}

pub(super) fn email_verified_at(person: &mut Person<'_>, cell: &Cell<'_>) {
    let at = cell.moment();
    person.email_verified = person.draft.spare(at).map(|_| true);
}

pub(super) fn phone_verified_at(person: &mut Person<'_>, cell: &Cell<'_>) {
    let at = cell.moment();
    person.phone_verified = person.draft.spare(at).map(|_| true);
}

pub(super) fn first_name(person: &mut Person<'_>, cell: &Cell<'_>) -> Taken {
    person.draft.record.given_name = value::text(cell.column, &cell.text, MAX_NAME)?;
    Ok(())
}

pub(super) fn last_name(person: &mut Person<'_>, cell: &Cell<'_>) -> Taken {
    person.draft.record.family_name = value::text(cell.column, &cell.text, MAX_NAME)?;
    Ok(())
}

pub(super) fn name(person: &mut Person<'_>, cell: &Cell<'_>) -> Taken {
    person.name = value::text(cell.column, &cell.text, MAX_NAME)?;
    Ok(())
}

pub(super) fn hashed_password(person: &mut Person<'_>, cell: &Cell<'_>) {
    let hash = cell.text.clone().into_owned();
    person.hash = Some((cell.column.to_owned(), hash));
}

pub(super) fn hashing_method(person: &mut Person<'_>, cell: &Cell<'_>) {
    cell.text.trim().clone_into(&mut person.method);
}

pub(super) fn password_verified(person: &mut Person<'_>, cell: &Cell<'_>) -> Taken {
    person.draft.record.password_verified = flag(cell)?;
    Ok(())
}

pub(super) fn must_reset_password(person: &mut Person<'_>, cell: &Cell<'_>) {
    let must = flag(cell);
    person.draft.record.must_reset_password = person.draft.spare(must);
}

pub(super) fn totp(person: &mut Person<'_>, cell: &Cell<'_>) {
    let text = cell.text.trim();
    let totp = if text.starts_with("otpauth:") {
        Totp::from_address(text)
    } else {
        Totp::parse(text)
    };
    match totp {
        Ok(totp) => person.draft.record.totp.push(totp),
        Err(error) => person.warn(cell, ProblemCode::INVALID_TOTP, error),
    }
}

pub(super) fn recovery_codes(person: &mut Person<'_>, cell: &Cell<'_>) {
    let codes: Result<Vec<_>, _> = cell
        .text
        .split([',', ';', '\n', ' '])
        .filter(|code| !code.trim().is_empty())
        .map(RecoveryCode::parse)
        .collect();
    match codes {
        Ok(codes) => person.draft.record.recovery_codes = codes,
        Err(error) => person.warn(cell, ProblemCode::INVALID_RECOVERY_CODE, error),
    }
}

pub(super) fn suspended(person: &mut Person<'_>, cell: &Cell<'_>) -> Taken {
    if let Some(is_closed) = flag(cell)? {
        person.close(is_closed);
    }
    Ok(())
}

pub(super) fn suspended_at(person: &mut Person<'_>, cell: &Cell<'_>) -> Taken {
    let at = cell.moment()?;
    person.close(at.is_some());
    Ok(())
}

pub(super) fn suspended_until(person: &mut Person<'_>, cell: &Cell<'_>) -> Taken {
    person.draft.record.suspended_until = cell.moment()?;
    Ok(())
}

pub(super) fn active(person: &mut Person<'_>, cell: &Cell<'_>) -> Taken {
    if let Some(is_open) = flag(cell)? {
        person.close(!is_open);
    }
    Ok(())
}

pub(super) fn status(person: &mut Person<'_>, cell: &Cell<'_>) {
    match value::status(&cell.text) {
        Some(is_closed) => person.close(is_closed),
        None => person.warn(
            cell,
            ProblemCode::NOT_IMPORTED,
            "the word does not say whether the account is open or closed; the person is let in",
        ),
    }
}

pub(super) fn created_at(person: &mut Person<'_>, cell: &Cell<'_>) {
    let at = cell.moment();
    person.draft.record.created_at = person.draft.spare(at);
}

pub(super) fn last_sign_in_at(person: &mut Person<'_>, cell: &Cell<'_>) {
    let at = cell.moment();
    person.draft.record.last_sign_in_at = person.draft.spare(at);
}

pub(super) fn locale(person: &mut Person<'_>, cell: &Cell<'_>) {
    match Locale::parse(&cell.text) {
        Ok(locale) => person.draft.record.locale = Some(locale),
        Err(error) => person.warn(cell, ProblemCode::INVALID_LOCALE, error),
    }
}

pub(super) fn picture(person: &mut Person<'_>, cell: &Cell<'_>) {
    let picture = value::text(cell.column, &cell.text, MAX_URL);
    person.draft.record.picture = person.draft.spare(picture);
}

pub(super) fn organizations(person: &mut Person<'_>, cell: &Cell<'_>) -> Taken {
    person.organizations = value::list(cell.column, &cell.text)?;
    Ok(())
}

pub(super) fn roles(person: &mut Person<'_>, cell: &Cell<'_>) -> Taken {
    person.roles = value::list(cell.column, &cell.text)?;
    Ok(())
}

pub(super) fn permissions(person: &mut Person<'_>, cell: &Cell<'_>) -> Taken {
    person.permissions = value::list(cell.column, &cell.text)?;
    Ok(())
}

pub(super) fn property(person: &mut Person<'_>, cell: &Cell<'_>) {
    let (key, value) = as_property(cell);
    person.draft.record.properties.insert(key, value);
}

pub(super) fn private_property(person: &mut Person<'_>, cell: &Cell<'_>) {
    let (key, value) = as_property(cell);
    person.draft.record.private_properties.insert(key, value);
}

fn as_property(cell: &Cell<'_>) -> (String, Value) {
    let value = cell.value.cloned();
    let text = || Value::String(cell.text.trim().to_owned());
    (cell.column.to_owned(), value.unwrap_or_else(text))
}

fn flag(cell: &Cell<'_>) -> Result<Option<bool>, Refusal> {
    match value::loose_flag(&cell.text) {
        Some(flag) => Ok(Some(flag)),
        // The one who knows what else it may say: the reason is the same for all.
        None => value::flag(cell.column, &cell.text),
    }
}
