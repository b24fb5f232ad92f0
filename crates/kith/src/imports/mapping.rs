//! What the columns of people's own files mean: seen, corrected, tried on the first rows, and written as a file.
//!
//! The guess is the import crate's ([`import::mapping`]); what somebody decides goes before it and is kept with the import, for
//! its dry run and for itself. It can be corrected while an import waits for a decision, and before that, when its files
//! are here and nothing in them was understood.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Read as _;

use import::mapping::{self, Confidence, Guess};
use import::source::Source;
use import::{FileError, Problem};

use super::decide::{self, DecideError};
use super::reading::Files;
use super::start::{self, StartError};
use super::{Input, NotFound, Options, Refusal, Run, Sample, State, store, upload, work};
use crate::context::Context;
use crate::error::{Code, Coded};
use crate::id::ImportRunId;

/// 64 KiB: what of a file is looked at, as the reader does.
const HEAD: u64 = 64 * 1024;

/// The source of files of which nobody has said whose they are. It reads tables as well as JSON.
const ANY: &str = "csv";

/// How many rows are tried.
const ROWS: usize = 5;

/// The columns of an import's first file.
#[derive(Debug, Clone)]
pub struct Columns {
    /// The import.
    pub run: Run,
    /// The file's name.
    pub file: String,
    /// What they seem to be, and were decided to be.
    pub guess: Guess,
    /// What was decided.
    pub options: Options,
}

/// The first rows, as they would be read.
#[derive(Debug, Clone, Default)]
pub struct Preview {
    /// People who would be made if nobody were here.
    pub people: Vec<Sample>,
    /// Rows that would be refused.
    pub refused: Vec<Refusal>,
}

/// Columns can't be seen, or not be what somebody says.
#[derive(Debug, thiserror::Error)]
pub enum MappingError {
    /// There is no such import.
    #[error(transparent)]
    NotFound(#[from] NotFound),
    /// The source says itself what its columns are.
    #[error(
        "the columns of {0} are known; import the file as your own table (csv or json) to decide them"
    )]
    Known(&'static str),
    /// Its files are not here, or it has begun.
    #[error("the import is {0}, so its columns can't be changed any more")]
    State(&'static str),
    /// The files can't be read so: [`StartError::File`] says which, and [`FileError::UnusableMapping`] which column.
    #[error(transparent)]
    Start(#[from] StartError),
    /// It could not be begun anew.
    #[error(transparent)]
    Decide(#[from] DecideError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Coded for MappingError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound(error) => error.code(),
            Self::Known(_) | Self::State(_) => Code::IMPORT_STATE,
            Self::Start(error) => error.code(),
            Self::Decide(error) => error.code(),
            Self::Db(error) => Coded::code(error),
        }
    }
}

impl MappingError {
    /// The column that can't be what somebody says, and why.
    #[must_use]
    pub fn column(&self) -> Option<(&str, &str)> {
        match self {
            Self::Start(StartError::File {
                error: FileError::UnusableMapping { column, reason },
                ..
            }) => Some((column, reason)),
            _ => None,
        }
    }
}

/// An import whose columns can be decided.
struct Open {
    run: Run,
    source: &'static Source,
    inputs: Vec<Input>,
    options: Options,
}

/// The columns of an import's first file, with what they seem to be and what was decided.
///
/// # Errors
/// [`MappingError`].
pub async fn columns(cx: &Context, id: &ImportRunId) -> Result<Columns, MappingError> {
    let Open {
        run,
        inputs,
        options,
        ..
    } = open(cx, id).await?;
    let first = inputs.into_iter().next().ok_or(StartError::NoFile)?;
    let (app, file) = ((**cx).clone(), first.name.clone());
    let guess = start::blocking(move || guess(&app, &first)).await;
    let mut guess = guess.map_err(|error| StartError::File {
        name: file.clone(),
        error,
    })?;
    guess.decide(&options.columns);
    Ok(Columns {
        run,
        file,
        guess,
        options,
    })
}

/// The first rows of an import's files, as these options would have them read. Nothing is kept.
///
/// # Errors
/// [`MappingError`]; [`MappingError::column`] names the column where one is to blame.
pub async fn preview(
    cx: &Context,
    id: &ImportRunId,
    options: &Options,
) -> Result<Preview, MappingError> {
    let Open { source, inputs, .. } = open(cx, id).await?;
    let (source, files) = start::look(cx, Some(source.name.to_owned()), inputs, options).await?;
    let files = Files {
        app: (**cx).clone(),
        source,
        options: options.clone(),
        files,
    };
    Ok(start::blocking(move || read(&files)).await?)
}

/// Decides what the columns are: the files are read anew with these options, to tell what would happen.
///
/// # Errors
/// [`MappingError`]; nothing has changed then.
pub async fn remap(cx: &Context, id: &ImportRunId, options: &Options) -> Result<Run, MappingError> {
    let Open {
        run,
        source,
        inputs,
        ..
    } = open(cx, id).await?;
    let name = source.name.to_owned();
    start::look(cx, Some(name.clone()), inputs, options).await?;
    let mut tx = cx.db().begin().await?;
    if run.state == State::Uploading {
        store::set_options(&mut tx, id, &start::seal(cx, options)).await?;
        tx.commit().await?;
        return Ok(upload::complete(cx, id, Some(name), true).await?);
    }
    let run = decide::recheck(cx, &mut tx, id, options).await?;
    tx.commit().await?;
    cx.wake_worker();
    Ok(run)
}

/// The import, where its files are here and it has not begun.
async fn open(cx: &Context, id: &ImportRunId) -> Result<Open, MappingError> {
    let mut tx = cx.db().read().await?;
    let run = store::find(&mut tx, cx, id).await?.ok_or(NotFound)?;
    let options = start::options(cx, &mut tx, id).await?;
    let (name, inputs) = match run.state {
        State::Uploading => (
            options.source.clone().unwrap_or_else(|| ANY.to_owned()),
            upload::inputs(&mut tx, id).await?,
        ),
        State::Checking | State::Checked if run.is_uploaded => {
            (run.source.clone(), work::stored(&run))
        }
        state => return Err(MappingError::State(state.as_str())),
    };
    let unknown = || StartError::UnknownSource(name.clone());
    let source = import::source::find(&name).ok_or_else(unknown)?;
    if !source.is_mapped() {
        return Err(MappingError::Known(source.label));
    }
    Ok(Open {
        run,
        source,
        inputs,
        options,
    })
}

fn guess(app: &crate::context::App, input: &Input) -> Result<Guess, FileError> {
    let mut head = Vec::new();
    input.open(app)?.take(HEAD).read_to_end(&mut head)?;
    mapping::guess(&head)
}

fn read(files: &Files) -> Result<Preview, StartError> {
    let mut preview = Preview::default();
    for (index, (file, _)) in files.files.iter().enumerate() {
        let (reader, _) = files.open(index).map_err(|error| StartError::File {
            name: file.name.clone(),
            error,
        })?;
        let wanted = ROWS.saturating_sub(preview.people.len() + preview.refused.len());
        for row in reader.take(wanted) {
            match row {
                Ok(row) => preview.people.push(Sample::alone(&row)),
                Err(problem) => preview.refused.push(refusal(index, problem)),
            }
        }
    }
    Ok(preview)
}

fn refusal(file: usize, problem: Problem) -> Refusal {
    let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    Refusal {
        file: i64::try_from(file).unwrap_or(i64::MAX),
        number: number(problem.number),
        line: number(problem.line),
        column: problem.column,
        code: problem.code.to_string(),
        reason: problem.reason,
        content: problem.row,
        is_warning: false,
    }
}

/// A guess, with what was decided, as a file to correct: what is taken, and what is not as comments. `kith import --map` reads it.
#[must_use]
pub fn mapping_file(guess: &Guess, constants: &BTreeMap<String, String>) -> String {
    let mut text = String::from(
        "# Columns by their names in the file, and the fields that they are; \"ignore\" takes one out.\n\
         # Fields: ",
    );
    let names: Vec<&str> = mapping::FIELDS.iter().map(|field| field.name).collect();
    text.push_str(&names.join(", "));
    text.push_str(".\n\n");
    for column in &guess.columns {
        let name = toml::Value::from(column.name.as_str());
        let line = match (column.field, column.confidence) {
            (Some(field), Confidence::Certain | Confidence::Likely) => {
                format!("{name} = \"{}\"", field.name)
            }
            (Some(field), _) => format!("# {name} = \"{}\"  # {}", field.name, column.why),
            (None, _) => format!("# {name} = \"property\"  # {}", column.why),
        };
        text.push_str(&line);
        text.push('\n');
    }
    for note in &guess.notes {
        let _ = writeln!(text, "\n# {}", note.reason);
    }
    text.push_str("\n# What all rows have, unless they say otherwise.\n[constants]\n");
    if constants.is_empty() {
        text.push_str("# hashing_method = \"bcrypt\"\n");
    }
    for (field, value) in constants {
        let (field, value) = (
            toml::Value::from(field.as_str()),
            toml::Value::from(value.as_str()),
        );
        let _ = writeln!(text, "{field} = {value}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mapping_file_reads_back_as_what_was_decided() {
        let mut guess = mapping::guess(b"Nr.;E-Mail;a \"b\"\n1;mara@voss.example;x\n").unwrap();
        let decided = BTreeMap::from([
            ("a \"b\"".to_owned(), "property".to_owned()),
            ("Nr.".to_owned(), "ignore".to_owned()),
        ]);
        guess.decide(&decided);
        let constants = BTreeMap::from([("hashing_method".to_owned(), "md5".to_owned())]);
        let text = mapping_file(&guess, &constants);
        let read: mapping::Mapping = toml::from_str(&text).unwrap();
        assert_eq!(read.constants, constants);
        assert_eq!(read.columns["a \"b\""], "property");
        assert_eq!(read.columns["Nr."], "ignore");
        assert_eq!(read.columns["E-Mail"], "email");
    }
}
