//! Beginning an import: what the files are, whose, and in which order they are read.

use std::io::Read as _;

use db::Tx;
use import::source::{FileRole, Part, Source, Survey, survey};
use import::{FileError, Finding};

use super::input::Input;
use super::reading::Files;
use super::{File, Options, Run, State, heads, store};
use crate::context::{App, Context};
use crate::error::{Code, Coded};
use crate::events::{self, Event};
use crate::id::ImportRunId;
use crate::secret::{Unsealable, sha256_hex};

/// 1 MiB: the part of a file by which it is recognized and known again.
const HEAD: u64 = 1024 * 1024;

/// What stored options are sealed for.
const PURPOSE: &str = "import_options";

/// An import to be.
#[derive(Debug, Clone)]
pub struct NewRun {
    /// The name of the source; none to tell it from the files.
    pub source: Option<String>,
    /// The files, in any order.
    pub inputs: Vec<Input>,
    /// What somebody decided about it.
    pub options: Options,
    /// Whether it only tells what would happen.
    pub is_dry_run: bool,
}

/// An import could not begin.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A file can't be imported.
    #[error("{name}: {error}")]
    File {
        /// Which one.
        name: String,
        /// Why.
        #[source]
        error: FileError,
    },
    /// There is no such source.
    #[error("there is no source called {0}; `kith import --list` shows them")]
    UnknownSource(String),
    /// The files are of different sources.
    #[error("the files come from different sources, {0} and {1}; import them one after the other")]
    DifferentSources(&'static str, &'static str),
    /// No file was given.
    #[error("name a file to import")]
    NoFile,
    /// There is no such import.
    #[error(transparent)]
    NotFound(#[from] super::NotFound),
    /// The import is over, or waits for something else.
    #[error("the import is {0}, so it can't be resumed")]
    State(&'static str),
    /// Less of a file is here than was announced, or more.
    #[error(
        "{received} of the {bytes} bytes of {name} are here; send the rest, or begin anew with the right size"
    )]
    Incomplete {
        /// Which one.
        name: String,
        /// How much of it is here.
        received: i64,
        /// Its size, as it was announced.
        bytes: i64,
    },
    /// The file is not the one with which the import began.
    #[error(
        "{0} is not the file with which the import began; give the same file, or import the new one from its beginning"
    )]
    Changed(String),
    /// The file looks as if strangers would get in.
    #[error("{name}: {reason}; to import it all the same, insist (--force, or force=true)")]
    Suspicious {
        /// Which one.
        name: String,
        /// What it looks like, and what to do.
        reason: String,
    },
    /// The stored options don't open.
    #[error(transparent)]
    Sealed(#[from] Unsealable),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Coded for StartError {
    fn code(&self) -> Code {
        match self {
            Self::File { .. } | Self::DifferentSources(..) | Self::NoFile | Self::Changed(_) => {
                Code::IMPORT_FILE
            }
            Self::Suspicious { .. } => Code::IMPORT_SUSPICIOUS,
            Self::UnknownSource(_) => Code::INVALID_REQUEST,
            Self::NotFound(error) => error.code(),
            Self::State(_) => Code::IMPORT_STATE,
            Self::Incomplete { .. } => Code::IMPORT_OFFSET,
            Self::Sealed(error) => error.code(),
            Self::Db(error) => Coded::code(error),
        }
    }
}

/// Looks at the files, and records an import of them. Returns the inputs in the order in which they are to be read.
///
/// # Errors
/// [`StartError`]: nothing was recorded then.
pub async fn start(cx: &Context, new: NewRun) -> Result<(Run, Vec<Input>), StartError> {
    let NewRun {
        source,
        inputs,
        options,
        is_dry_run,
    } = new;
    let (source, files) = look(cx, source, inputs, &options).await?;
    if !is_dry_run {
        weigh(cx, source, &files, &options).await?;
    }
    let (files, inputs): (Vec<File>, Vec<Input>) = files.into_iter().unzip();
    let state = if is_dry_run {
        State::Checking
    } else {
        State::Running
    };
    let run = Run {
        source: source.name.to_owned(),
        is_dry_run,
        files,
        ..Run::new(cx, state)
    };
    let mut tx = cx.db().begin().await?;
    store::insert(&mut tx, cx, &run, &seal(cx, &options)).await?;
    tell(cx, &mut tx, &run).await?;
    tx.commit().await?;
    Ok((run, inputs))
}

/// Tells that an import begins, unless it only tells what would happen.
pub(super) async fn tell(cx: &Context, tx: &mut Tx, run: &Run) -> Result<(), db::Error> {
    if run.is_dry_run {
        return Ok(());
    }
    let event = Event::ImportStarted {
        run_id: run.id.clone(),
    };
    events::record(cx, tx, &event).await
}

/// What was decided about a run, as it is stored.
pub(super) fn seal(cx: &Context, options: &Options) -> String {
    let text = serde_json::to_string(options).expect("options are plain data");
    cx.seal(PURPOSE, &text)
}

/// Whose the files are, and each with what it is, in the order in which they are read.
pub(super) async fn look(
    cx: &Context,
    source: Option<String>,
    inputs: Vec<Input>,
    options: &Options,
) -> Result<Looked, StartError> {
    let (app, options) = ((**cx).clone(), options.clone());
    blocking(move || look_at_all(&app, source.as_deref(), inputs, &options)).await
}

/// Refuses files of which the first lines show that strangers would get in, unless somebody insists. Nothing is written yet.
///
/// # Errors
/// [`StartError::Suspicious`].
pub(super) async fn weigh(
    cx: &Context,
    source: &'static Source,
    files: &[(File, Input)],
    options: &Options,
) -> Result<(), StartError> {
    if options.is_forced {
        return Ok(());
    }
    let all = Files {
        app: (**cx).clone(),
        source,
        options: options.clone(),
        files: files.to_vec(),
    };
    blocking(move || {
        for (index, (file, _)) in all.files.iter().enumerate() {
            let name = file.name.clone();
            let opened = all.open(index);
            let (reader, _) = match opened {
                Ok(opened) => opened,
                Err(error) => return Err(StartError::File { name, error }),
            };
            let grave = reader.findings().into_iter().find(|one| one.is_grave);
            if let Some(Finding { reason, .. }) = grave {
                return Err(StartError::Suspicious { name, reason });
            }
        }
        Ok(())
    })
    .await
}

/// An import that was interrupted, with what was decided about it, ready to go on with the same files.
///
/// # Errors
/// [`StartError::NotFound`], [`StartError::State`] when it is over, and [`StartError::Changed`] when a file is another one.
pub async fn resume(
    cx: &Context,
    id: &ImportRunId,
    inputs: Vec<Input>,
) -> Result<(Run, Options, Vec<Input>), StartError> {
    let mut tx = cx.db().read().await?;
    let run = store::find(&mut tx, cx, id).await?.ok_or(super::NotFound)?;
    let options = options(cx, &mut tx, id).await?;
    drop(tx);
    if run.state != State::Running {
        return Err(StartError::State(run.state.as_str()));
    }
    let (app, files) = ((**cx).clone(), run.files.clone());
    let inputs = blocking(move || known_again(&app, &files, inputs)).await?;
    Ok((run, options, inputs))
}

/// What was decided about a run.
pub(super) async fn options(
    cx: &Context,
    tx: &mut Tx,
    id: &ImportRunId,
) -> Result<Options, StartError> {
    let sealed = store::options(tx, id).await?;
    let text = cx.sealer().open_text(PURPOSE, &sealed)?;
    Ok(serde_json::from_str(text.reveal()).map_err(|_| Unsealable)?)
}

/// Runs what waits for files on a thread where that is allowed.
pub(super) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work)
        .await
        .expect("reading a file doesn't panic, and nobody aborts it")
}

/// What the files are: their source, and each with its input.
pub(super) type Looked = (&'static Source, Vec<(File, Input)>);

fn look_at_all(
    app: &App,
    source: Option<&str>,
    inputs: Vec<Input>,
    options: &Options,
) -> Result<Looked, StartError> {
    let mut chosen = match source {
        None => None,
        Some(name) => Some(
            import::source::find(name).ok_or_else(|| StartError::UnknownSource(name.to_owned()))?,
        ),
    };
    let is_told = chosen.is_some();
    let mut parts: Vec<(FileRole, File, Input)> = Vec::with_capacity(inputs.len());
    for (number, input) in (0..).zip(inputs) {
        let (
            file,
            Survey {
                source: of,
                parts: found,
            },
        ) = look_at(app, number, &input, chosen.filter(|_| is_told))?;
        match chosen {
            Some(other) if other.name != of.name => {
                return Err(StartError::DifferentSources(other.label, of.label));
            }
            _ => chosen = Some(of),
        }
        let found = found.into_iter();
        parts.extend(found.map(|part| (part.role, file.with(part), input.clone())));
    }
    // People first, then what they had, then their passwords; the sort keeps the order otherwise.
    parts.sort_by_key(|(role, ..)| *role);
    let files: Vec<_> = parts
        .into_iter()
        .map(|(_, file, input)| (file, input))
        .collect();
    let source = chosen
        .filter(|_| !files.is_empty())
        .ok_or(StartError::NoFile)?;
    heads::check(app, source, options, &files)?;
    check_headers(app, source, options, &files)?;
    Ok((source, files))
}

/// Opens every file once, so that a bad header stops the import before anything is written.
fn check_headers(
    app: &App,
    source: &'static Source,
    options: &Options,
    files: &[(File, Input)],
) -> Result<(), StartError> {
    let all = Files {
        app: app.clone(),
        source,
        options: options.clone(),
        files: files.to_vec(),
    };
    for (index, (file, _)) in files.iter().enumerate() {
        all.open(index).map_err(|error| StartError::File {
            name: file.name.clone(),
            error,
        })?;
    }
    Ok(())
}

impl File {
    /// The file, or the part of it, that is read in one pass.
    fn with(&self, part: Part) -> Self {
        Self {
            part: part.table,
            is_passwords: part.role == FileRole::Passwords,
            is_addition: part.role == FileRole::Additions,
            saw: part.saw,
            ..self.clone()
        }
    }
}

/// A file, whose it is (`told`, or as it looks), and what is in it.
fn look_at(
    app: &App,
    number: i64,
    input: &Input,
    told: Option<&'static Source>,
) -> Result<(File, Survey), StartError> {
    let refuse = |error| StartError::File {
        name: input.name.clone(),
        error,
    };
    let (head, bytes) = head(app, input).map_err(|error| refuse(error.into()))?;
    let content = input.open(app).map_err(|error| refuse(error.into()))?;
    let survey = match (survey(content, told), told) {
        (Ok(survey), _) => survey,
        // It is read as if it were, and tells what is wrong.
        (Err(_), Some(told)) => Survey {
            source: told,
            parts: vec![Part {
                table: None,
                role: FileRole::Users,
                saw: String::new(),
            }],
        },
        (Err(error), None) => return Err(refuse(error)),
    };
    let file = File {
        number,
        name: input.name.clone(),
        part: None,
        is_passwords: false,
        is_addition: false,
        bytes,
        digest: sha256_hex(&head),
        saw: String::new(),
    };
    Ok((file, survey))
}

/// The first MiB of a file, and the size of all of it.
fn head(app: &App, input: &Input) -> std::io::Result<(Vec<u8>, i64)> {
    let mut reader = input.open(app)?;
    let mut head = Vec::new();
    reader.by_ref().take(HEAD).read_to_end(&mut head)?;
    Ok((head, input.size()?))
}

/// The inputs in the order of the run's files.
fn known_again(app: &App, files: &[File], inputs: Vec<Input>) -> Result<Vec<Input>, StartError> {
    let mut given = Vec::with_capacity(inputs.len());
    for input in inputs {
        let (head, bytes) = head(app, &input).map_err(|error| StartError::File {
            name: input.name.clone(),
            error: error.into(),
        })?;
        given.push((sha256_hex(&head), bytes, input));
    }
    files
        .iter()
        .map(|file| {
            // A dump is given once and read several times.
            let is_it = |(digest, bytes, _): &(String, i64, Input)| {
                *digest == file.digest && *bytes == file.bytes
            };
            given
                .iter()
                .find(|input| is_it(input))
                .map(|(_, _, input)| input.clone())
                .ok_or_else(|| StartError::Changed(file.name.clone()))
        })
        .collect()
}
