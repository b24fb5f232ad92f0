//! The cell of a column as a value with rules; blame falls on the column.

use crate::draft::Draft;
use crate::header::Column;
use crate::identifier::Identifier;
use crate::problem::Refusal;
use crate::record::Locale;
use crate::table::Row;
use crate::value::{self, MAX_KEY, MAX_NAME};

impl Column {
    /// Whether the cell says nothing.
    pub(in crate::source) fn is_blank(&self, row: &Row<'_>) -> bool {
        self.of(row).trim().is_empty()
    }

    /// An id or a key.
    pub(in crate::source) fn key(&self, row: &Row<'_>) -> Result<Option<String>, Refusal> {
        value::text(&self.name, &self.of(row), MAX_KEY)
    }

    /// The name of a person.
    pub(in crate::source) fn person_name(&self, row: &Row<'_>) -> Result<Option<String>, Refusal> {
        value::text(&self.name, &self.of(row), MAX_NAME)
    }

    pub(in crate::source) fn flag(&self, row: &Row<'_>) -> Result<Option<bool>, Refusal> {
        value::flag(&self.name, &self.of(row))
    }

    pub(in crate::source) fn datetime(&self, row: &Row<'_>) -> Result<Option<i64>, Refusal> {
        value::datetime(&self.name, &self.of(row))
    }

    /// A point in time in Unix seconds.
    pub(in crate::source) fn seconds(&self, row: &Row<'_>) -> Result<Option<i64>, Refusal> {
        value::seconds(&self.name, &self.of(row))
    }

    pub(in crate::source) fn email(&self, row: &Row<'_>) -> Result<Option<Identifier>, Refusal> {
        value::email(&self.name, &self.of(row))
    }

    /// Whether the cell holds a date, if there is such a column: dates of confirmation are the proof.
    pub(in crate::source) fn is_dated(&self, row: &Row<'_>) -> Option<bool> {
        self.is_present().then(|| !self.is_blank(row))
    }

    /// Adds the language, if the cell holds one: many an application writes `default` there.
    pub(in crate::source) fn add_locale(&self, row: &Row<'_>, draft: &mut Draft) {
        if let Ok(locale) = Locale::parse(&self.of(row)) {
            draft.record.locale = Some(locale);
        }
    }

    /// Adds what people type to sign in; one that cannot be taken is left out with a warning.
    pub(in crate::source) fn add_login(&self, row: &Row<'_>, draft: &mut Draft) {
        if !self.is_blank(row) {
            draft.sign_in_name(&self.name, &self.of(row));
        }
    }
}
