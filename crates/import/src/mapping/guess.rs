//! Guessing what columns are.

mod claim;
mod names;
mod note;

use claim::claim;
use names::Names;
pub(crate) use names::is_field_name;
pub use note::Note;

use super::dates::{self, DateFormat, Dates};
use super::fields::{FIELDS, Field, Take};
use super::sample::{self, Column as Sampled};
use super::{Layout, Mapping, Separator};
use crate::header::folded;
use crate::input;
use crate::problem::FileError;
use crate::raw;

/// What the columns of a file seem to be.
#[derive(Debug, Clone, PartialEq)]
pub struct Guess {
    /// How the file is laid out.
    pub layout: Layout,
    /// How many rows were looked at.
    pub n_rows: usize,
    /// Its columns, in their order.
    pub columns: Vec<Column>,
    /// What somebody should know before trusting it.
    pub notes: Vec<Note>,
}

/// A column, and what it seems to be.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its name, or the path of a JSON field.
    pub name: String,
    /// The best guess, if there is any.
    pub field: Option<&'static Field>,
    /// How sure that is.
    pub confidence: Confidence,
    /// Why, as a sentence without a period.
    pub why: String,
    /// Its first values that differ, at most three, each blanked where it is a secret. None if all that were looked at are blank.
    pub samples: Vec<String>,
    /// How many of the rows that were looked at have a value.
    pub n_filled: usize,
    /// In which form its dates are, as its values show; none where they are no dates.
    pub dates: Option<Dates>,
    /// In which form somebody said that they are.
    pub decided_dates: Option<DateFormat>,
}

/// How many values of a column are shown.
const MAX_SAMPLES: usize = 3;

/// How sure a guess is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// No guess.
    None,
    /// Only a suggestion: it is not taken unless somebody says so.
    Unsure,
    /// The name or the values say it, and nothing speaks against it.
    Likely,
    /// The name and the values say it.
    Certain,
}

impl Confidence {
    /// As it is shown to programs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Unsure => "unsure",
            Self::Likely => "likely",
            Self::Certain => "certain",
        }
    }
}

impl Column {
    /// The field as which it is read unless somebody says otherwise.
    #[must_use]
    pub fn taken(&self) -> Option<&'static Field> {
        self.field.filter(|_| self.confidence >= Confidence::Likely)
    }

    /// Whether it is to be said in which form its dates are: its values are dates with numbers for months, or it is read as one.
    #[must_use]
    pub fn has_dates(&self) -> bool {
        let is_number = |dates: &Dates| {
            matches!(
                dates,
                Dates::Are(DateFormat::Seconds | DateFormat::Milliseconds | DateFormat::Compact)
            )
        };
        self.decided_dates.is_some()
            || self.field.is_some_and(Field::is_instant)
            || self.dates.is_some_and(|dates| !is_number(&dates))
    }

    /// The form by which its dates are read, where one is needed.
    pub(super) fn read_dates(&self) -> Option<DateFormat> {
        self.decided_dates
            .or_else(|| self.dates.and_then(Dates::needed))
    }
}

impl Guess {
    /// Whether there is something by which people can be known.
    #[must_use]
    pub fn is_about_people(&self) -> bool {
        const IDENTIFYING: [&str; 4] = ["email", "login", "username", "phone"];
        let mut taken = self.columns.iter().filter_map(Column::taken);
        taken.any(|field| {
            IDENTIFYING.contains(&field.name) || matches!(field.take, Take::Account(_))
        })
    }

    /// Puts what somebody decided in the place of what was guessed. Decisions that cannot be are left to the reader, who
    /// refuses them.
    pub fn decide(&mut self, decided: &Mapping) {
        for (name, field) in &decided.columns {
            if let Some(field) = super::find(field)
                && self.has(name)
            {
                self.decide_column(name, field, decided);
            }
        }
        for (name, format) in &decided.dates {
            let mut columns = self.columns.iter_mut();
            if let Some(column) = columns.find(|column| folded(&column.name) == folded(name)) {
                column.decided_dates = Some(*format);
            }
        }
        note::after(self);
    }

    fn decide_column(&mut self, name: &str, field: &'static Field, decided: &Mapping) {
        for column in &mut self.columns {
            let is_it = folded(&column.name) == folded(name);
            if is_it {
                column.field = Some(field);
                column.confidence = Confidence::Certain;
                "it was decided by hand".clone_into(&mut column.why);
            } else if column.field == Some(field) && !field.is_repeatable {
                let mut names = decided.columns.keys();
                if !names.any(|known| folded(known) == folded(&column.name)) {
                    column.confidence = column.confidence.min(Confidence::Unsure);
                    column.why = format!("{name} is {} already", field.name);
                }
            }
        }
    }

    /// Whether a column of this name was seen.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        let mut columns = self.columns.iter();
        columns.any(|column| folded(&column.name) == folded(name))
    }

    /// What separates its cells, where it is a table.
    #[must_use]
    pub fn separator(&self) -> Option<Separator> {
        match self.layout {
            Layout::Table { separator } => Some(separator),
            Layout::Objects => None,
        }
    }

    /// The guess as a mapping that somebody can correct: every column that is taken.
    #[must_use]
    pub fn mapping(&self) -> Mapping {
        let taken = self
            .columns
            .iter()
            .filter_map(|column| Some((column.name.clone(), column.taken()?.name.to_owned())));
        Mapping {
            columns: taken.collect(),
            ..Mapping::default()
        }
    }

    fn column_of(&self, field: &str) -> Option<&Column> {
        let mut columns = self.columns.iter();
        columns.find(|column| column.taken().is_some_and(|taken| taken.name == field))
    }
}

/// Guesses from the first bytes of a file, plain or packed; 64 KiB are plenty. What separates the cells of a table is told from
/// the header where nobody says it.
///
/// # Errors
///
/// [`FileError::Empty`], [`FileError::UnsupportedEncoding`], [`FileError::MalformedHeader`] and the like when it cannot be
/// read; [`FileError::UnknownSource`] for JSON without one whole object.
pub fn guess(head: &[u8], separator: Option<Separator>) -> Result<Guess, FileError> {
    let is_whole = head.len() < input::HEAD;
    guess_text(input::unpacked(head)?, is_whole, separator)
}

/// The same of plain text.
pub(crate) fn guess_text(
    text: Vec<u8>,
    is_whole: bool,
    separator: Option<Separator>,
) -> Result<Guess, FileError> {
    let sample = sample::of(text, is_whole, separator)?;
    let mut claims = Vec::new();
    for (index, column) in sample.columns.iter().enumerate() {
        let names = Names::of(&column.name);
        for field in FIELDS {
            claims.extend(claim(column, &names, field).map(|claim| (index, field, claim)));
        }
    }
    // The best first; of equals the first column, and of its fields the first in the table.
    claims.sort_by_key(|(_, _, claim)| std::cmp::Reverse(claim.score));
    let mut columns: Vec<Column> = sample.columns.iter().map(nothing).collect();
    for (index, field, claim) in claims {
        let owner = columns
            .iter()
            .position(|column| column.taken() == Some(field));
        let column = &mut columns[index];
        if column.field.is_some() {
            continue;
        }
        column.field = Some(field);
        column.confidence = claim.confidence();
        column.why = claim.why;
        if let Some(owner) = owner {
            // A second address is as likely somebody else's as another one of theirs.
            column.confidence = column.confidence.min(Confidence::Unsure);
            let why = format!("{} is {} already", columns[owner].name, field.name);
            columns[index].why = why;
        }
    }
    let mut guess = Guess {
        layout: sample.layout,
        n_rows: sample.n_rows,
        columns,
        notes: Vec::new(),
    };
    guess.notes = note::notes(&guess, &sample);
    note::after(&mut guess);
    Ok(guess)
}

fn nothing(column: &Sampled) -> Column {
    let mut samples: Vec<String> = Vec::new();
    for value in &column.values {
        let shown = if raw::is_secret(&column.name, value) {
            raw::REDACTED.to_owned()
        } else {
            value.chars().filter(|c| !c.is_control()).take(80).collect()
        };
        if samples.len() < MAX_SAMPLES && !samples.contains(&shown) {
            samples.push(shown);
        }
    }
    Column {
        name: column.name.clone(),
        field: None,
        confidence: Confidence::None,
        why: "neither its name nor its values tell what it is".to_owned(),
        samples,
        n_filled: column.values.len(),
        dates: dates::seen(&column.values),
        decided_dates: None,
    }
}
