//! The detective: from one password that is known, and the row that has its hash, to how the hash was made.
//!
//! Exports come without a word on their hashes, and the person who knew has left the company. But somebody there still has an
//! account and remembers its password. With that, hundreds of thousands of ways of hashing can be tried in less than a second:
//! a digest of 128 bits does not come out right by chance, so what fits is how it was done.
//!
//! It fits **for this row**. Where two readings fit and would differ for other rows (two columns hold the same salt), the
//! verdict is [`Verdict::Ambiguous`], and a further row decides. What no row so far could tell (a password in ASCII says nothing
//! about the encoding of others) stands beside the reading, as [`Reading::assumed`].
//!
//! What is tried, in this order, each stage only if none before has found anything:
//! 1. every scheme whose texts say what they are;
//! 2. digests of password, salt and pepper in every order, with separators, nested up to three deep, keyed, in hexadecimal or
//!    raw, with salts from every other column and from the text itself, as text, hexadecimal or base64;
//! 3. bcrypt, argon2 and the like over such a digest;
//! 4. digests applied again and again, PBKDF2 with any number of iterations, and scrypt with the usual costs.
//!
//! Whatever is found was checked by the very code that sign-ins will use.

mod chains;
mod evidence;
mod messages;
mod outer;

use crate::{Hash, Params, ParseError, scheme};
use evidence::{Salt, Target};

/// A row of which the password is known.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    /// The password.
    pub password: &'a str,
    /// The hash, as it stands in the file.
    pub hash: &'a str,
    /// The row's other columns, by name: one of them may be the salt.
    pub columns: &'a [(&'a str, &'a str)],
}

impl std::fmt::Debug for Known<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Known({} columns, …)", self.columns.len())
    }
}

/// What may be known beside the row.
#[derive(Clone)]
pub struct Hints<'a> {
    /// Secrets that the former program may have mixed in.
    pub peppers: &'a [&'a str],
    /// How long to try, in milliseconds of one core, roughly: work is estimated, no clock is read.
    pub patience_ms: u64,
}

impl Default for Hints<'_> {
    /// No pepper, and seven tenths of a second.
    fn default() -> Self {
        Self {
            peppers: &[],
            patience_ms: 700,
        }
    }
}

/// What was found out.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// One reading fits.
    One(Box<Reading>),
    /// These fit the rows so far and would differ for others: give another row.
    Ambiguous(Vec<Reading>),
    /// Nothing fits.
    None {
        /// Whether all was tried that there was time for; if not, more patience may help.
        was_all_tried: bool,
    },
}

/// How hashes are made, ready for an import.
#[derive(Clone, PartialEq)]
pub struct Reading {
    /// The scheme's name.
    pub scheme: &'static str,
    /// The parameters that all rows share; the salt of a row is not among them.
    pub params: Params,
    /// The column that holds the salt, where it is not in the hash itself.
    pub salt_column: Option<String>,
    /// What no row so far could tell, in sentences.
    pub assumed: Vec<String>,
}

impl Reading {
    /// The row's hash, read in this way.
    ///
    /// # Errors
    /// When it cannot be read so: it was made in another way.
    pub fn read(&self, row: &Known<'_>) -> Result<Hash, ParseError> {
        let mut params = self.params.clone();
        if let Some(name) = &self.salt_column {
            let column = row.columns.iter().find(|(column, _)| column == name);
            params.salt = column.map(|(_, value)| (*value).to_owned());
        }
        Hash::parse(self.scheme, row.hash, &params)
    }

    fn fits(&self, row: &Known<'_>) -> bool {
        self.read(row).is_ok_and(|hash| hash.verify(row.password))
    }

    /// One line: how a hash is made. It holds no salt and no pepper.
    #[must_use]
    pub fn summary(&self) -> String {
        let mut words = vec![match &self.params.formula {
            Some(formula) => format!("{}: {formula}", self.scheme),
            None => self.scheme.to_owned(),
        }];
        let shown = [
            ("salt position", &self.params.salt_position),
            ("salt format", &self.params.salt_format),
            ("password encoding", &self.params.password_encoding),
            ("layout", &self.params.layout),
            ("salt in column", &self.salt_column),
        ];
        words.extend(
            shown
                .iter()
                .filter_map(|(what, value)| Some(format!("{what} {}", value.as_ref()?))),
        );
        words.join(", ")
    }
}

impl std::fmt::Debug for Reading {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Reading({})", self.summary())
    }
}

/// Finds how the rows' hashes were made. The first row leads, the others decide.
///
/// Slow by design: never call it on an async thread. Without a row nothing fits.
#[must_use]
pub fn detect(rows: &[Known<'_>], hints: &Hints<'_>) -> Verdict {
    let Some((first, others)) = rows.split_first() else {
        return Verdict::None {
            was_all_tried: true,
        };
    };
    let mut search = Search::new(*first, hints);
    search.run();
    let was_all_tried = !search.is_cut_short;
    let mut readings = search.found;
    readings.retain(|reading| others.iter().all(|row| reading.fits(row)));
    for reading in &mut readings {
        reading.assumed = assumptions(reading, rows);
        if !was_all_tried {
            reading.assumed.push(
                "there was no time to try every other reading; a row of somebody else would confirm this one"
                    .to_owned(),
            );
        }
    }
    match readings.len() {
        0 => Verdict::None { was_all_tried },
        1 => Verdict::One(Box::new(readings.swap_remove(0))),
        _ => Verdict::Ambiguous(readings),
    }
}

/// The search for one row's readings.
struct Search<'a> {
    row: Known<'a>,
    peppers: &'a [&'a str],
    /// Nanoseconds of work that are left.
    left: u64,
    is_cut_short: bool,
    found: Vec<Reading>,
}

impl<'a> Search<'a> {
    fn new(row: Known<'a>, hints: &Hints<'a>) -> Self {
        let row = Known {
            hash: row.hash.trim(),
            ..row
        };
        Self {
            row,
            peppers: hints.peppers,
            left: hints.patience_ms.saturating_mul(1_000_000),
            is_cut_short: false,
            found: Vec::new(),
        }
    }

    fn run(&mut self) {
        if self.row.password.is_empty() || self.row.hash.is_empty() {
            return;
        }
        let targets = evidence::targets(self.row.hash);
        let salts = evidence::salts(&self.row);
        for stage in 0.. {
            match stage {
                0 => self.named(),
                1 => messages::search(self, &targets, &salts),
                2 => outer::search(self, &salts),
                3 => chains::search(self, &targets, &salts),
                _ => return,
            }
            if !self.found.is_empty() {
                return;
            }
        }
    }

    /// What the text says that it is; and where it says nothing, every scheme, as if the file had named it.
    fn named(&mut self) {
        if let Ok(scheme) = scheme::recognize(self.row.hash) {
            let hash = Hash::parse(scheme.name, self.row.hash, &Params::EMPTY);
            if hash.is_ok_and(|hash| self.can_afford(outer::cost(&hash))) {
                self.add_scheme(scheme.name);
            }
            return;
        }
        for (name, _) in scheme::names() {
            let Ok(hash) = Hash::parse(name, self.row.hash, &Params::EMPTY) else {
                continue;
            };
            // Several names only sort, and come to the same.
            let is_known = |reading: &Reading| reading.read(&self.row).as_ref() == Ok(&hash);
            if self.found.iter().any(is_known) || !self.can_afford(outer::cost(&hash)) {
                continue;
            }
            self.add_scheme(name);
        }
    }

    /// Keeps a scheme that needs no parameters.
    fn add_scheme(&mut self, scheme: &'static str) {
        self.add(Reading {
            scheme,
            params: Params::EMPTY,
            salt_column: None,
            assumed: Vec::new(),
        });
    }

    /// Takes the work from what is left; false if there is not enough.
    fn can_afford(&mut self, nanoseconds: u64) -> bool {
        let is_enough = nanoseconds <= self.left;
        if is_enough {
            self.left -= nanoseconds;
        } else {
            self.is_cut_short = true;
        }
        is_enough
    }

    /// Keeps a reading if sign-ins would accept it, and none says the same.
    fn add(&mut self, reading: Reading) {
        if self.found.contains(&reading) || !reading.fits(&self.row) {
            return;
        }
        self.found.push(reading);
    }

    /// Keeps what a formula says.
    fn add_formula(
        &mut self,
        formula: String,
        target: &Target,
        salt: Option<&Salt>,
        pepper: Option<&str>,
    ) {
        let uses_salt = formula.contains("salt");
        let mut params = Params {
            formula: Some(formula),
            layout: target.layout.clone(),
            pepper: pepper.map(str::to_owned),
            ..Params::EMPTY
        };
        let mut salt_column = None;
        if let Some(salt) = salt.filter(|_| uses_salt) {
            params.salt_format = salt.format.map(str::to_owned);
            salt_column.clone_from(&salt.column);
        }
        self.add(messages::simplest(Reading {
            scheme: "custom",
            params,
            salt_column,
            assumed: Vec::new(),
        }));
    }
}

/// What the rows could not tell.
fn assumptions(reading: &Reading, rows: &[Known<'_>]) -> Vec<String> {
    let mut assumed = Vec::new();
    if rows.iter().all(|row| row.password.is_ascii()) {
        assumed.push(
            "the known passwords are ASCII, so for others UTF-8 is taken for granted; one with other letters would tell"
                .to_owned(),
        );
    }
    if let Some(name) = &reading.salt_column {
        let mut values = rows
            .iter()
            .flat_map(|row| row.columns)
            .filter(|(column, _)| column == name);
        let is_lowercase = |value: &str| {
            let has_letters = value.bytes().any(|byte| byte.is_ascii_lowercase());
            has_letters && !value.bytes().any(|byte| byte.is_ascii_uppercase())
        };
        let is_digits = |value: &str| value.bytes().all(|byte| byte.is_ascii_hexdigit());
        if values.all(|(_, value)| is_lowercase(value) && !is_digits(value)) {
            assumed.push(format!(
                "{name} is in lowercase in the known rows, so whether the program lowers it is not told; a row with capitals would"
            ));
        }
    }
    let formula = reading.params.formula.as_deref().unwrap_or_default();
    if ["repeat(", "pbkdf2_"]
        .iter()
        .any(|call| formula.contains(call))
    {
        assumed.push("all rows are taken to have as many iterations".to_owned());
    }
    assumed
}

#[cfg(test)]
mod tests;
