//! What somebody should know about a guess before trusting it.

use super::names::{Called, Names};
use super::{Column, Guess};
use crate::mapping::dates::Dates;
use crate::mapping::fields::{FIELDS, Field};
use crate::mapping::sample::{Column as Sampled, Sample};

/// Something to know about a guess as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The stable code.
    pub code: &'static str,
    /// The column it is about, where it is about one.
    pub column: Option<String>,
    /// What was seen, and what to do.
    pub reason: String,
}

impl Note {
    /// Hashes that do not say how they were made, and no column that does.
    pub const HASH_NEEDS_METHOD: &'static str = "hash_needs_method";
    /// Passwords that are not hashed.
    pub const PLAIN_PASSWORDS: &'static str = "plain_passwords";
    /// Nothing by which somebody could be known.
    pub const NO_IDENTIFIER: &'static str = "no_identifier";
    /// Addresses of which nothing says whether they are proven.
    pub const UNPROVEN_ADDRESSES: &'static str = "unproven_addresses";
    /// Dates of which the day or the month may stand first.
    pub const AMBIGUOUS_DATES: &'static str = "ambiguous_dates";
}

/// What can be said of a guess once and for all.
pub(super) fn notes(guess: &Guess, sample: &Sample) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut note = |code, column: Option<&str>, reason: String| {
        notes.push(Note {
            code,
            column: column.map(str::to_owned),
            reason,
        });
    };
    if !guess.is_about_people() {
        let reason =
            "no column is an e-mail address, a phone number or a username; map one by hand"
                .to_owned();
        note(Note::NO_IDENTIFIER, None, reason);
    }
    if guess.column_of("email").is_some()
        && guess.column_of("email_verified").is_none()
        && guess.column_of("email_verified_at").is_none()
    {
        let reason = "nothing says which addresses are proven; each person proves theirs by a code at the first sign-in".to_owned();
        note(Note::UNPROVEN_ADDRESSES, None, reason);
    }
    let values = |name: &str| sample.columns.iter().find(|column| column.name == name);
    match guess.column_of("hashed_password") {
        Some(column) if guess.column_of("hashing_method").is_none() => {
            if let Some(reason) = values(&column.name).and_then(needs_method) {
                note(Note::HASH_NEEDS_METHOD, Some(&column.name), reason);
            }
        }
        Some(_) => {}
        None => {
            let password = FIELDS.iter().find(|field| field.name == "hashed_password");
            let is_named = |column: &&Sampled| {
                !column.values.is_empty()
                    && password.is_some_and(|field| {
                        matches!(
                            Names::of(&column.name).called(field),
                            Some(Called::So(_) | Called::AlmostSo)
                        )
                    })
            };
            if let Some(column) = sample.columns.iter().find(is_named) {
                let reason = format!(
                    "{} does not hold hashes; if these are passwords as they were typed, delete the file, \
                     and hash them with bcrypt before you export them again",
                    column.name
                );
                note(Note::PLAIN_PASSWORDS, Some(&column.name), reason);
            }
        }
    }
    notes
}

/// What is to be said as long as nobody has decided it: in which form the dates are that are read.
pub(super) fn after(guess: &mut Guess) {
    guess
        .notes
        .retain(|note| note.code != Note::AMBIGUOUS_DATES);
    let is_asked = |column: &&Column| {
        column.dates == Some(Dates::Ambiguous)
            && column.decided_dates.is_none()
            && column.taken().is_some_and(Field::is_instant)
    };
    let asked = guess.columns.iter().filter(is_asked).map(|column| Note {
        code: Note::AMBIGUOUS_DATES,
        column: Some(column.name.clone()),
        reason: format!(
            "the dates of {} may have the day or the month first, such as {}: say which, d/m/y or m/d/y; until then they are \
             left out",
            column.name,
            column.samples.first().map_or("03/04/2021", String::as_str)
        ),
    });
    let asked: Vec<Note> = asked.collect();
    guess.notes.extend(asked);
}

/// Why the hashes of a column cannot be checked by themselves.
fn needs_method(column: &Sampled) -> Option<String> {
    let mut errors = column
        .values
        .iter()
        .filter_map(|value| password::Hash::recognize(value).err());
    errors.find_map(|error| match error {
        password::ParseError::Ambiguous(candidates) => Some(format!(
            "the hashes do not say how they were made; they could be {}: say it by the constant hashing_method",
            candidates.join(" or ")
        )),
        password::ParseError::Unrecognized => Some(
            "the hashes are of no form that says how they were made; say it by the constant hashing_method".to_owned(),
        ),
        _ => None,
    })
}
