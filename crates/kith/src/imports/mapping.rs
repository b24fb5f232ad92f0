//! What the columns of people's own files mean: seen, corrected, tried on the first rows, and written as a file.
//!
//! The guess is the import crate's ([`import::mapping`]); what somebody decides goes before it and is kept with the import, for
//! its dry run and for itself. It can be corrected while an import waits for a decision, and before that, when its files
//! are here and nothing in them was understood.

use import::mapping::Guess;
use import::source::Source;
use import::{FileError, Problem};

use super::decide::{self, DecideError};
use super::reading::Files;
use super::start::{self, StartError};
use super::{Input, NotFound, Options, Refusal, Run, Sample, State, heads, store, upload, work};
use crate::context::{App, Context};
use crate::error::{Code, Coded};
use crate::id::ImportRunId;

/// The source of files of which nobody has said whose they are. It reads tables as well as JSON.
const ANY: &str = "csv";

/// How many rows of each file are tried.
const ROWS: usize = 5;

/// The columns of an import's files.
#[derive(Debug, Clone)]
pub struct Columns {
    /// The import.
    pub run: Run,
    /// The files, in the order in which they came; of two with one name the first.
    pub files: Vec<FileColumns>,
    /// What was decided.
    pub options: Options,
}

/// The columns of one file.
#[derive(Debug, Clone)]
pub struct FileColumns {
    /// The file's name.
    pub name: String,
    /// What they seem to be, and were decided to be.
    pub guess: Guess,
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
    pub fn column(&self) -> Option<Blamed<'_>> {
        match self {
            Self::Start(StartError::File {
                name: file,
                error: FileError::UnusableMapping { column, reason },
            }) => Some(Blamed {
                file,
                column,
                reason,
            }),
            _ => None,
        }
    }
}

/// A column that can't be what somebody says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Blamed<'a> {
    /// The file's name.
    pub file: &'a str,
    /// The column's name.
    pub column: &'a str,
    /// Why it can't, and what to do.
    pub reason: &'a str,
}

/// An import whose columns can be decided.
struct Open {
    run: Run,
    source: &'static Source,
    inputs: Vec<Input>,
    options: Options,
}

/// The columns of an import's files, with what they seem to be and what was decided.
///
/// # Errors
/// [`MappingError`].
pub async fn columns(cx: &Context, id: &ImportRunId) -> Result<Columns, MappingError> {
    let open = open(cx, id).await?;
    let options = open.options.clone();
    columns_of(cx, open, options).await
}

/// The same, as if this had been decided.
///
/// # Errors
/// [`MappingError`].
pub async fn columns_as(
    cx: &Context,
    id: &ImportRunId,
    options: Options,
) -> Result<Columns, MappingError> {
    columns_of(cx, open(cx, id).await?, options).await
}

async fn columns_of(cx: &Context, open: Open, options: Options) -> Result<Columns, MappingError> {
    let Open { run, inputs, .. } = open;
    let (app, decided) = ((**cx).clone(), options.clone());
    let files = start::blocking(move || guess_all(&app, &inputs, &decided)).await?;
    Ok(Columns {
        run,
        files,
        options,
    })
}

fn guess_all(
    app: &App,
    inputs: &[Input],
    options: &Options,
) -> Result<Vec<FileColumns>, StartError> {
    let mut files: Vec<FileColumns> = Vec::with_capacity(inputs.len());
    for input in inputs {
        if files.iter().any(|file| file.name == input.name) {
            continue;
        }
        let decided = options.mapping_of(&input.name);
        let guess = heads::guess(app, input, decided.separator);
        let mut guess = guess.map_err(|error| StartError::File {
            name: input.name.clone(),
            error,
        })?;
        guess.decide(&decided);
        files.push(FileColumns {
            name: input.name.clone(),
            guess,
        });
    }
    if files.is_empty() {
        return Err(StartError::NoFile);
    }
    Ok(files)
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

fn read(files: &Files) -> Result<Preview, StartError> {
    let mut preview = Preview::default();
    for (index, (file, _)) in files.files.iter().enumerate() {
        let (reader, _) = files.open(index).map_err(|error| StartError::File {
            name: file.name.clone(),
            error,
        })?;
        for row in reader.take(ROWS) {
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
