//! Guessing what columns are.

use super::fields::{FIELDS, Field, Take};
use super::looks::Looks;
use super::sample::{self, Column as Sampled, Sample};
use super::{Layout, Mapping};
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
}

impl Column {
    /// The field as which it is read unless somebody says otherwise.
    #[must_use]
    pub fn taken(&self) -> Option<&'static Field> {
        self.field.filter(|_| self.confidence >= Confidence::Likely)
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
    pub fn decide(&mut self, columns: &std::collections::BTreeMap<String, String>) {
        for (name, field) in columns {
            let Some(field) = super::find(field) else {
                continue;
            };
            for column in &mut self.columns {
                let is_it = folded(&column.name) == folded(name);
                if is_it {
                    column.field = Some(field);
                    column.confidence = Confidence::Certain;
                    "it was decided by hand".clone_into(&mut column.why);
                } else if column.field == Some(field) && !field.is_repeatable {
                    let is_decided = columns
                        .keys()
                        .any(|known| folded(known) == folded(&column.name));
                    if !is_decided {
                        column.confidence = column.confidence.min(Confidence::Unsure);
                        column.why = format!("{name} is {} already", field.name);
                    }
                }
            }
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

/// Guesses from the first bytes of a file, plain or packed; 64 KiB are plenty.
///
/// # Errors
///
/// [`FileError::Empty`], [`FileError::UnsupportedEncoding`], [`FileError::MalformedHeader`] and the like when it cannot be
/// read; [`FileError::UnknownSource`] for JSON without one whole object.
pub fn guess(head: &[u8]) -> Result<Guess, FileError> {
    guess_text(input::unpacked(head)?, head.len() < input::HEAD)
}

/// The same of plain text.
pub(crate) fn guess_text(text: Vec<u8>, is_whole: bool) -> Result<Guess, FileError> {
    let sample = sample::of(text, is_whole)?;
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
    guess.notes = notes(&guess, &sample);
    Ok(guess)
}

/// Whether a column of this name, folded, is surely meant to be some field.
pub(crate) fn is_field_name(name: &str) -> bool {
    let mut names = FIELDS.iter().flat_map(|field| field.names.split(' '));
    !name.is_empty() && names.any(|known| known == name)
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
    }
}

/// What speaks for a column being a field.
struct Claim {
    /// At most 1000.
    score: u32,
    why: String,
}

impl Claim {
    fn confidence(&self) -> Confidence {
        match self.score {
            900.. => Confidence::Certain,
            600.. => Confidence::Likely,
            _ => Confidence::Unsure,
        }
    }
}

/// How a column's name speaks for a field.
#[derive(Clone, Copy)]
enum Called {
    /// It is one of its names: which one.
    So(u32),
    /// It is, but for a word that only says whose it is.
    AlmostSo,
    /// It is a name that can mean other things.
    Perhaps,
}

fn claim(column: &Sampled, names: &Names, field: &Field) -> Option<Claim> {
    let called = names.called(field);
    if called.is_none() && !VALUES_TELL.contains(&field.name) {
        return None;
    }
    let n_values = column.values.len();
    let n_fitting = column
        .values
        .iter()
        .filter(|value| field.looks.fits(value))
        .count();
    let share = (n_fitting * 100).checked_div(n_values);
    let Some(called) = called else {
        return by_values(column, names, field, share?);
    };
    let (base, reason) = match called {
        Called::So(rank) => (600 - rank.min(50), "its name says so"),
        Called::AlmostSo => (540, "its name nearly says so"),
        Called::Perhaps => (200, "its name may mean it"),
    };
    let (bonus, seen) = match (field.looks, share) {
        (_, None) => (100, ", and it has no values to tell".to_owned()),
        (Looks::Any, _) => (200, String::new()),
        (looks, Some(90..)) => (350, format!(", and its values are {}", looks.noun())),
        (looks, Some(60..)) => (
            150,
            format!(", and most of its values are {}", looks.noun()),
        ),
        (looks, Some(_)) if is_own_name(field, called) => {
            return Some(Claim {
                score: NAMED,
                why: format!(
                    "{reason}, though most of its values are no {}",
                    looks.noun()
                ),
            });
        }
        _ => return by_values(column, names, field, share?),
    };
    Some(Claim {
        score: base + bonus,
        why: format!("{reason}{seen}"),
    })
}

/// Just likely, and behind a column whose values are what this one only promises.
const NAMED: u32 = 605;

/// Whether a column is called just as people call this field, and nothing else. Then it is believed against its values: they are
/// refused row by row, each with its place, instead of leaving people without a name and no reason.
fn is_own_name(field: &Field, called: Called) -> bool {
    matches!(called, Called::So(_)) && ["email", "phone"].contains(&field.name)
}

/// The fields whose values can be hardly anything else.
const VALUES_TELL: &[&str] = &["email", "hashed_password", "phone"];

/// What values alone say.
fn by_values(column: &Sampled, names: &Names, field: &Field, share: usize) -> Option<Claim> {
    if share < 90 || names.are_about_others {
        return None;
    }
    let all = |is: fn(&str) -> bool| column.values.iter().all(|value| is(value));
    let score = match field.name {
        "email" => 620,
        "hashed_password" if all(|value| password::Hash::recognize(value).is_ok()) => 750,
        "phone" if all(|value| value.starts_with('+')) => 550,
        _ => return None,
    };
    Some(Claim {
        score,
        why: format!("its values are {}", field.looks.noun()),
    })
}

/// Words before a name that only say whose it is.
const OWNERS: &[&str] = &[
    "user",
    "usr",
    "customer",
    "client",
    "member",
    "account",
    "person",
    "contact",
    "login",
    "profile",
    "primary",
    "main",
    "kunden",
    "kunde",
    "benutzer",
    "nutzer",
    "mitglied",
    "usuario",
    "cliente",
    "utilisateur",
    "employee",
    "student",
];

/// Words that tell that a value is somebody else's, or not in force.
const OTHERS: &[&str] = &[
    "manager",
    "supervisor",
    "parent",
    "guardian",
    "refer",
    "invit",
    "createdby",
    "updatedby",
    "deletedby",
    "assistant",
    "emergency",
    "partner",
    "spouse",
    "billing",
    "secondary",
    "recovery",
    "backup",
    "previous",
    "unconfirmed",
    "pending",
    "newemail",
    "oldemail",
    "support",
    "reply",
];

/// The forms of a column's name that are looked up, made once.
struct Names {
    /// All of it.
    whole: String,
    /// The last part of a path, and the last two; the whole without the word for whose it is.
    parts: Vec<String>,
    /// The last part of a path.
    last: String,
    are_about_others: bool,
}

impl Names {
    fn of(name: &str) -> Self {
        let path = folded_path(name);
        let whole = path.concat();
        let last = path.last().cloned().unwrap_or_default();
        let mut parts = vec![path[path.len().saturating_sub(2)..].concat(), last.clone()];
        let owned = OWNERS.iter().filter_map(|owner| whole.strip_prefix(owner));
        parts.extend(owned.map(str::to_owned));
        parts.retain(|part| !part.is_empty());
        Self {
            are_about_others: OTHERS.iter().any(|word| whole.contains(word)),
            whole,
            parts,
            last,
        }
    }

    fn called(&self, field: &Field) -> Option<Called> {
        let rank = |wanted: &str| {
            let mut names = field.names.split(' ').zip(0_u32..);
            names
                .find(|(name, _)| *name == wanted && !wanted.is_empty())
                .map(|(_, rank)| rank)
        };
        if let Some(rank) = rank(&self.whole) {
            return Some(Called::So(rank));
        }
        if self.are_about_others {
            return None;
        }
        if self.parts.iter().any(|part| rank(part).is_some()) {
            return Some(Called::AlmostSo);
        }
        let is_doubtful =
            |name: &str| !name.is_empty() && field.doubtful.split(' ').any(|known| known == name);
        (is_doubtful(&self.whole) || is_doubtful(&self.last)).then_some(Called::Perhaps)
    }
}

/// The parts of a name or path as they are compared: without list positions and Mongo's `$oid`, lists in the singular.
fn folded_path(name: &str) -> Vec<String> {
    let is_word =
        |part: &&str| !part.starts_with('$') && part.parse::<u32>().is_err() && !part.is_empty();
    let mut parts: Vec<String> = name.split('.').filter(is_word).map(folded).collect();
    if let Some((_, before)) = parts.split_last_mut() {
        for part in before {
            if part.ends_with('s') {
                part.pop();
            }
        }
    }
    parts
}

fn notes(guess: &Guess, sample: &Sample) -> Vec<Note> {
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
