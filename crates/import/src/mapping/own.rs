//! Reading rows by a mapping: what somebody decided, else what was guessed.

use std::borrow::Cow;
use std::collections::BTreeMap;

use password::Params;

use super::fields::{self, FIELDS, Field, Take};
use super::person::{Cell, Person};
use super::{DateFormat, Guess, Layout, sample};
use crate::draft::Draft;
use crate::finding::Finding;
use crate::header::folded;
use crate::objects::Object;
use crate::problem::{FileError, Refusal};
use crate::source::Options;
use crate::table;

/// How the rows of one file become people.
pub(crate) struct Own {
    columns: Vec<Assigned>,
    constants: Vec<Constant>,
    hash: Params,
    /// Which of a table's columns hold secrets, whatever they are called.
    secrets: Vec<usize>,
    findings: Vec<Finding>,
}

/// A column that is read.
struct Assigned {
    /// Which column of a table.
    index: usize,
    /// Its name, or the path of a JSON field.
    name: String,
    field: &'static Field,
    /// In which form its dates are, where that is known.
    dates: Option<DateFormat>,
}

/// What every row has, unless it says otherwise itself.
struct Constant {
    field: &'static Field,
    text: String,
}

/// The fields that differ from one person to the next, or ought to.
const PERSONAL: &[&str] = &[
    "id",
    "email",
    "login",
    "username",
    "phone",
    "hashed_password",
    "totp_secret",
    "recovery_codes",
    "property",
    "private_property",
    "ignore",
];

/// The fields that hold secrets.
const SECRET: &[&str] = &[
    "hashed_password",
    "salt",
    "signer_key",
    "totp_secret",
    "recovery_codes",
];

impl Own {
    /// What is decided goes before what is guessed.
    ///
    /// # Errors
    ///
    /// [`FileError::UnusableMapping`] for a column that is not there, a field that does not exist, one that two columns are
    /// said to be, or a constant that cannot be one; [`FileError::MissingColumn`] if nothing tells who a row is about.
    pub(crate) fn new(guess: &Guess, options: &Options) -> Result<Self, FileError> {
        let mut own = Self {
            columns: Vec::new(),
            constants: Vec::new(),
            hash: options.hash.clone(),
            secrets: Vec::new(),
            findings: Vec::new(),
        };
        for (name, field) in &options.columns {
            own.assign(name, field, guess)?;
        }
        for (name, field) in &options.shared_columns {
            let is_here = guess.layout == Layout::Objects || guess.has(name);
            let mut decided = options.columns.keys();
            if is_here && !decided.any(|known| folded(known) == folded(name)) {
                own.assign(name, field, guess)?;
            }
        }
        for (index, column) in guess.columns.iter().enumerate() {
            let is_decided = own
                .columns
                .iter()
                .any(|decided| decided.index == index && decided.name == column.name);
            if let Some(field) = column.taken()
                && !is_decided
                && (field.is_repeatable || !own.has(field))
            {
                own.columns.push(Assigned {
                    index,
                    name: column.name.clone(),
                    field,
                    dates: None,
                });
            }
        }
        for (field, text) in &options.constants {
            own.constant(field, text)?;
        }
        // Repeatable fields are taken in the order of the file: the first address is the primary one.
        own.columns.sort_by_key(|column| column.index);
        own.date(guess, &options.dates);
        let secrets = own.columns.iter();
        let secrets = secrets.filter(|column| SECRET.contains(&column.field.name));
        own.secrets = secrets.map(|column| column.index).collect();
        let identifies = |column: &Assigned| {
            ["id", "email", "login", "username", "phone"].contains(&column.field.name)
                || matches!(column.field.take, Take::Account(_))
        };
        if own.columns.iter().any(identifies) {
            Ok(own)
        } else {
            Err(FileError::MissingColumn("email"))
        }
    }

    fn has(&self, field: &Field) -> bool {
        self.columns.iter().any(|column| column.field == field)
    }

    fn assign(&mut self, name: &str, field: &str, guess: &Guess) -> Result<(), FileError> {
        let unusable = |reason: String| FileError::UnusableMapping {
            column: name.to_owned(),
            reason,
        };
        let known = fields::find(field).ok_or_else(|| unusable(unknown(field)))?;
        let mut columns = guess.columns.iter();
        let index = match guess.layout {
            Layout::Table { .. } => columns.position(|column| folded(&column.name) == folded(name)),
            Layout::Objects => columns.position(|column| column.name == name),
        };
        let index = match (index, guess.layout) {
            (Some(index), _) => index,
            // The rows that were looked at may just not have it.
            (None, Layout::Objects) => guess.columns.len() + self.columns.len(),
            (None, Layout::Table { .. }) => {
                return Err(unusable(
                    "the header has no such column; correct its name".to_owned(),
                ));
            }
        };
        if self.has(known) && !known.is_repeatable {
            let reason = format!("another column is {} already; keep one of them", known.name);
            return Err(unusable(reason));
        }
        self.findings.extend(Finding::of_mapping(name, known.name));
        self.columns.push(Assigned {
            index,
            name: guess
                .columns
                .get(index)
                .map_or_else(|| name.to_owned(), |column| column.name.clone()),
            field: known,
            dates: None,
        });
        Ok(())
    }

    /// Says of each column in which form its dates are: as was decided, else as its first values show.
    fn date(&mut self, guess: &Guess, decided: &BTreeMap<String, DateFormat>) {
        for assigned in &mut self.columns {
            let mut decided = decided.iter();
            let format = decided.find(|(name, _)| folded(name) == folded(&assigned.name));
            let seen = || {
                let column = guess.columns.get(assigned.index)?;
                column.read_dates().filter(|_| column.name == assigned.name)
            };
            assigned.dates = format.map(|(_, format)| *format).or_else(seen);
        }
    }

    fn constant(&mut self, field: &str, text: &str) -> Result<(), FileError> {
        let unusable = |reason: String| FileError::UnusableMapping {
            column: "a constant".to_owned(),
            reason,
        };
        let known = fields::find(field).ok_or_else(|| unusable(unknown(field)))?;
        if PERSONAL.contains(&known.name) || matches!(known.take, Take::Account(_)) {
            let reason = format!(
                "{} cannot be the same in all rows; map a column to it",
                known.name
            );
            return Err(unusable(reason));
        }
        self.findings.extend(Finding::of_constant(known.name, text));
        self.constants.push(Constant {
            field: known,
            text: text.to_owned(),
        });
        Ok(())
    }

    /// Which of a table's columns hold secrets.
    pub(crate) fn secrets(&self) -> &[usize] {
        &self.secrets
    }

    /// Doubts about what was decided.
    pub(crate) fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The person of a table's row.
    pub(crate) fn read_row(&self, row: &table::Row<'_>) -> Result<Draft, Refusal> {
        self.read(|column| Some((row.cell(column.index), None)))
    }

    /// The person of an object.
    pub(crate) fn read_object(&self, object: &Object) -> Result<Draft, Refusal> {
        self.read(|column| {
            let value = sample::at(object, &column.name)?;
            Some((Cow::Owned(sample::as_text(value)?), Some(value)))
        })
    }

    fn read<'a>(
        &self,
        of: impl Fn(&Assigned) -> Option<(Cow<'a, str>, Option<&'a serde_json::Value>)>,
    ) -> Result<Draft, Refusal> {
        let mut person = Person::new(&self.hash);
        let mut said = Vec::new();
        for column in &self.columns {
            let Some((text, value)) = of(column).filter(|(text, _)| !text.trim().is_empty()) else {
                continue;
            };
            let cell = Cell {
                column: &column.name,
                text,
                value,
                dates: column.dates,
            };
            if !self.constants.is_empty() {
                said.push(column.field.name);
            }
            take(&mut person, column.field, &cell)?;
        }
        for constant in &self.constants {
            if !said.contains(&constant.field.name) {
                let cell = Cell {
                    column: constant.field.name,
                    text: Cow::Borrowed(&constant.text),
                    value: None,
                    dates: None,
                };
                take(&mut person, constant.field, &cell)?;
            }
        }
        person.finish()
    }
}

fn take(person: &mut Person<'_>, field: &Field, cell: &Cell<'_>) -> Result<(), Refusal> {
    match field.take {
        Take::By(take) => take(person, cell),
        Take::Put(put) => {
            put(person, cell);
            Ok(())
        }
        Take::Account(provider) => person.account(provider, cell),
        Take::Setting(name) => {
            person.setting(name, cell);
            Ok(())
        }
        Take::Nothing => Ok(()),
    }
}

/// What to say about a field that does not exist, with those that resemble it.
fn unknown(field: &str) -> String {
    let wanted = folded(field);
    let resembles = |name: &str| {
        let name = folded(name);
        name.contains(&wanted) || wanted.contains(&name)
    };
    let names: Vec<&str> = FIELDS
        .iter()
        .map(|field| field.name)
        .filter(|name| wanted.len() > 1 && resembles(name))
        .collect();
    let names = if names.is_empty() {
        FIELDS.iter().map(|field| field.name).collect()
    } else {
        names
    };
    format!(
        "it is mapped to no field that there is; choose among {}",
        names.join(", ")
    )
}
