//! The first rows of people's own files: what their columns seem to be, and whether what was decided is about any of them.

use std::io::Read as _;

use import::FileError;
use import::mapping::{self, Guess, Layout, Separator};
use import::source::Source;

use super::start::StartError;
use super::{File, Input, Options};
use crate::context::App;

/// 64 KiB: what of a file is looked at, as the reader does.
const HEAD: u64 = 64 * 1024;

/// What the columns of a file seem to be.
///
/// # Errors
/// When nothing of the file can be read.
pub(super) fn guess(
    app: &App,
    input: &Input,
    separator: Option<Separator>,
) -> Result<Guess, FileError> {
    let mut head = Vec::new();
    input.open(app)?.take(HEAD).read_to_end(&mut head)?;
    mapping::guess(&head, separator)
}

/// Checks that what was decided is about a file, and a column, that is there: a misspelled name would only be passed over.
///
/// # Errors
/// [`StartError::File`] with [`FileError::UnusableMapping`].
pub(super) fn check(
    app: &App,
    source: &Source,
    options: &Options,
    files: &[(File, Input)],
) -> Result<(), StartError> {
    if !source.is_mapped() {
        return Ok(());
    }
    let mut guesses = Vec::with_capacity(files.len());
    for (file, input) in files {
        let guess = guess(app, input, options.mapping_of(&file.name).separator);
        let guess = guess.map_err(|error| StartError::File {
            name: file.name.clone(),
            error,
        })?;
        guesses.push((file, guess));
    }
    for (name, decided) in &options.files {
        let is_it = |file: &File| options.own_mapping(&file.name) == Some(decided);
        let Some((_, guess)) = guesses.iter().find(|(file, _)| is_it(file)) else {
            return Err(unusable(
                name,
                name,
                "no file of this name is imported; correct it, or leave it out",
            ));
        };
        let missing = decided.dates.keys().find(|column| !may_have(guess, column));
        if let Some(column) = missing {
            return Err(unusable(
                name,
                column,
                "the file has no such column; correct its name",
            ));
        }
    }
    let mut decided = options.all.columns.keys().chain(options.all.dates.keys());
    let is_nowhere = |column: &&String| !guesses.iter().any(|(_, guess)| may_have(guess, column));
    match (decided.find(is_nowhere), guesses.first()) {
        (Some(column), Some((file, _))) => Err(unusable(
            &file.name,
            column,
            "the header has no such column; correct its name",
        )),
        _ => Ok(()),
    }
}

/// Whether a file has a column. Objects that were not looked at may have any.
fn may_have(guess: &Guess, column: &str) -> bool {
    guess.layout == Layout::Objects || guess.has(column)
}

fn unusable(file: &str, column: &str, reason: &str) -> StartError {
    StartError::File {
        name: file.to_owned(),
        error: FileError::UnusableMapping {
            column: column.to_owned(),
            reason: reason.to_owned(),
        },
    }
}
