//! The hash detective on a whole file: one person whose password is known tells how all hashes were made.
//!
//! ```text
//! files ─▶ the person's row ─▶ the column of the hash ─▶ password::detective ─▶ options ─▶ the row, read with them
//! ```
//!
//! The row is found by any of its values, as it stands in the file, whatever the source makes of it: a hash that cannot be
//! read yet refuses its row. What is found becomes [`Options`] for an import of the same files, and is handed out only if the
//! source, reading the row with them, gives a person whose hash takes the password. So an answer that can be applied has been
//! applied once.
//!
//! Passwords come in as [`Secret`] and go nowhere but to the hashing threads. Nothing is written.

mod rows;

use password::detective::{Hints, Reading, Verdict, detect as detect_hash};

use super::reading::Files;
use super::start::{self, StartError};
use super::{Input, NotFound, Options, store};
use crate::context::Context;
use crate::error::{Code, Coded};
use crate::id::ImportRunId;
use crate::secret::Secret;
use rows::Found;

/// Somebody whose password is known.
#[derive(Debug, Clone)]
pub struct Known {
    /// Their address, number, name or id, as it stands in the file.
    pub identifier: String,
    /// Their password.
    pub password: Secret,
}

/// What is asked of the detective.
#[derive(Debug, Clone)]
pub struct Question {
    /// The name of the source; none to tell it from the files.
    pub source: Option<String>,
    /// The files.
    pub inputs: Vec<Input>,
    /// What was decided so far; what is found is added to it.
    pub options: Options,
    /// At least one person. More of them decide where one leaves it open.
    pub known: Vec<Known>,
    /// Secrets that the former program may have mixed in.
    pub peppers: Vec<Secret>,
}

/// What the detective says.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// This is how hashes are made.
    Found(Box<Finding>),
    /// Several readings fit, a line for each: name another person.
    Ambiguous(Vec<String>),
    /// Nothing fits.
    Nothing {
        /// Whether all was tried that there was time for.
        was_all_tried: bool,
    },
}

/// How hashes are made, and what to do with that.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// One line, without a secret: `custom: sha1(salt + md5(password)), salt in column extra`.
    pub summary: String,
    /// The column of the hash.
    pub column: String,
    /// What the known rows could not tell, in sentences.
    pub assumed: Vec<String>,
    /// The options for an import of the same files, proved on the known rows. None where the source has no place for what
    /// was found; then the file is best imported as a CSV.
    pub options: Option<Options>,
}

/// The detective could not look.
#[derive(Debug, thiserror::Error)]
pub enum DetectError {
    /// The files can't be read.
    #[error(transparent)]
    Start(#[from] StartError),
    /// Nobody was named.
    #[error("name somebody whose password is known")]
    Nobody,
    /// No row has the identifier.
    #[error("no row of the files has {0}; write it as it stands there")]
    NoRow(String),
    /// There is no such import.
    #[error(transparent)]
    NotFound(#[from] NotFound),
    /// The import's files are not here, or nothing can be changed any more.
    #[error("the import is {0}, so its files can't be looked into")]
    State(&'static str),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Coded for DetectError {
    fn code(&self) -> Code {
        match self {
            Self::Start(error) => error.code(),
            Self::Nobody | Self::NoRow(_) => Code::INVALID_REQUEST,
            Self::NotFound(error) => error.code(),
            Self::State(_) => Code::IMPORT_STATE,
            Self::Db(error) => Coded::code(error),
        }
    }
}

/// Finds out how the hashes of files are made.
///
/// Takes as long as it takes to read the files up to the known rows, and a second of a hashing thread.
///
/// # Errors
/// [`DetectError`]: a file can't be read, or no row has an identifier.
pub async fn detect(cx: &Context, question: Question) -> Result<Answer, DetectError> {
    if question.known.is_empty() {
        return Err(DetectError::Nobody);
    }
    let Question {
        source,
        inputs,
        options,
        known,
        peppers,
    } = question;
    let (source, files) = start::look(cx, source, inputs, &options).await?;
    let files = Files {
        app: (**cx).clone(),
        source,
        options,
        files,
    };
    let (known_again, files_again) = (known.clone(), files.clone());
    let found = start::blocking(move || rows::find(&files_again, &known_again)).await?;
    let work = vec![(found, known, peppers)];
    let answers = cx
        .hashing()
        .in_spare_time(work, |(found, known, peppers), _| {
            solve(&found, &known, &peppers)
        })
        .await;
    let solved = answers.into_iter().next();
    match solved {
        None => Ok(Answer::Nothing {
            was_all_tried: false,
        }),
        Some(Solved::Other(answer)) => Ok(answer),
        Some(Solved::One {
            reading,
            column,
            found,
            known,
        }) => {
            let summary = reading.summary();
            let assumed = reading.assumed.clone();
            let candidates = with_reading(&files.options, &column, &reading);
            let options = start::blocking(move || {
                candidates.into_iter().find(|options| {
                    let options = options.clone();
                    let files = Files {
                        options,
                        ..files.clone()
                    };
                    rows::accepts(&files, &found, &known)
                })
            })
            .await;
            Ok(Answer::Found(Box::new(Finding {
                summary,
                column,
                assumed,
                options,
            })))
        }
    }
}

/// Finds out how the hashes of an uploaded import are made. [`recheck`](super::recheck) takes the answer over.
///
/// # Errors
/// As [`detect`]; [`DetectError::State`] where its files are no longer here.
pub async fn detect_in(
    cx: &Context,
    id: &ImportRunId,
    known: Vec<Known>,
    peppers: Vec<Secret>,
) -> Result<Answer, DetectError> {
    let mut tx = cx.db().read().await?;
    let run = store::find(&mut tx, cx, id).await?.ok_or(NotFound)?;
    if !run.is_uploaded || run.state.is_over() {
        return Err(DetectError::State(run.state.as_str()));
    }
    let options = start::options(cx, &mut tx, id).await?;
    drop(tx);
    let question = Question {
        source: Some(run.source.clone()),
        inputs: super::work::stored(&run),
        options,
        known,
        peppers,
    };
    detect(cx, question).await
}

enum Solved {
    One {
        reading: Box<Reading>,
        column: String,
        found: Vec<Found>,
        known: Vec<Known>,
    },
    Other(Answer),
}

/// Tries one column after the other as that of the hash, the likeliest first.
fn solve(found: &[Found], known: &[Known], peppers: &[Secret]) -> Solved {
    let peppers: Vec<&str> = peppers.iter().map(Secret::reveal).collect();
    let hints = Hints {
        peppers: &peppers,
        ..Hints::default()
    };
    let mut was_all_tried = true;
    for column in rows::hash_columns(&found[0]) {
        let others: Vec<Vec<(&str, &str)>> = found.iter().map(|row| row.without(&column)).collect();
        let rows: Option<Vec<_>> = found
            .iter()
            .zip(known)
            .zip(&others)
            .map(|((row, known), others)| {
                Some(password::detective::Known {
                    password: known.password.reveal(),
                    hash: row.value(&column)?,
                    columns: others,
                })
            })
            .collect();
        let Some(rows) = rows else { continue };
        match detect_hash(&rows, &hints) {
            Verdict::One(reading) => {
                return Solved::One {
                    reading,
                    column,
                    found: found.to_vec(),
                    known: known.to_vec(),
                };
            }
            Verdict::Ambiguous(readings) => {
                let lines = readings.iter().map(Reading::summary).collect();
                return Solved::Other(Answer::Ambiguous(lines));
            }
            Verdict::None { was_all_tried: was } => was_all_tried &= was,
        }
    }
    Solved::Other(Answer::Nothing { was_all_tried })
}

/// Options under which a source may read hashes so: one that has columns for hash and salt as it is, and one that needs them
/// named.
fn with_reading(options: &Options, column: &str, reading: &Reading) -> Vec<Options> {
    let mut found = options.clone();
    found.hash = reading.params.clone();
    found.hash.scheme = Some(reading.scheme.to_owned());
    let mut candidates = vec![found];
    let names = [
        (reading.salt_column.as_deref(), "salt"),
        (Some(column), "hashed_password"),
    ];
    for (column, field) in names {
        if let Some(column) = column {
            let mut renamed = candidates[candidates.len() - 1].clone();
            renamed.rename(column, field);
            candidates.push(renamed);
        }
    }
    candidates
}

#[cfg(test)]
mod tests;
