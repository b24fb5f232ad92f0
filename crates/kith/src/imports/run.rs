//! Going through the files of an import, from where it stands to the end.

use std::time::Duration;

use import::FileError;

use super::gone::{self, GoneError};
use super::input::Input;
use super::reading::{Batch, Files};
use super::summary::Doubt;
use super::transaction::Writer;
use super::{Failed, Options, Run, State, Tally, dry_run, store, upload};
use crate::context::Context;
use crate::error::{Code, Coded};
use crate::events::{self, Event};
use crate::id::ImportRunId;
use crate::secret::{Secret, Unsealable};
use crate::time::Timestamp;

/// How long a run belongs to whoever last showed a sign of life. After that, another node may go on.
pub(super) const LEASE: Duration = Duration::from_secs(10);

/// How often whoever works on a run shows one: a batch may take longer, and the first pass of a dry run writes nothing.
const SIGN_OF_LIFE: Duration = Duration::from_secs(3);

/// An import stopped. What was written before stays, and the import can go on from there unless it says otherwise.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// A file can't be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// Somebody else works on the run by now.
    #[error("somebody else goes on with this import; see how far it is with `kith import show`")]
    TakenOver,
    /// People kept signing up with the very addresses that were about to come in.
    #[error(
        "people sign up with addresses of this file faster than they can be imported; try again"
    )]
    Overtaken,
    /// What was before can't be opened.
    #[error("what people were before the import can't be read: {0}")]
    Journal(Unsealable),
    /// The process is asked to stop.
    #[error("the import was interrupted; it can be resumed")]
    Stopped,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Coded for RunError {
    fn code(&self) -> Code {
        match self {
            Self::File(_) => Code::IMPORT_FILE,
            Self::TakenOver => Code::IMPORT_STATE,
            Self::Journal(error) => error.code(),
            Self::Overtaken | Self::Stopped => Code::UNAVAILABLE,
            Self::Db(error) => Coded::code(error),
        }
    }
}

/// The right to move a run on, as long as nobody takes it over.
pub(super) struct Lease {
    owner: Secret,
}

impl Lease {
    pub(super) fn new(cx: &Context) -> Self {
        Self {
            owner: cx.random_token(),
        }
    }

    pub(super) fn owner(&self) -> &str {
        self.owner.reveal()
    }

    /// The owner, and until when the lease is renewed.
    pub(super) fn until(&self, cx: &Context) -> (&str, Timestamp) {
        (self.owner(), cx.now() + LEASE)
    }
}

/// How far an import is, for whoever watches it.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// What became of the rows so far.
    pub tally: Tally,
    /// How much of the files was read, in bytes.
    pub bytes_read: i64,
}

impl Progress {
    pub(super) fn of(run: &Run) -> Self {
        Self {
            tally: run.tally,
            bytes_read: run.bytes_read,
        }
    }
}

/// Goes through the files from where the run stands, and tells `watch` after each batch. A run that is to be checked is checked.
///
/// Takes the run over from whoever had it. The files must be those of the run, in its order.
///
/// # Errors
/// [`RunError`]. Where a file is to blame the run has failed, and says so itself; after all errors it can be resumed.
pub async fn run(
    cx: &Context,
    run: Run,
    options: &Options,
    inputs: Vec<Input>,
    watch: impl FnMut(&Progress),
) -> Result<Run, RunError> {
    let lease = Lease::new(cx);
    let mut tx = cx.db().begin().await?;
    let is_ours = store::take_over(&mut tx, cx, &run, lease.until(cx)).await?;
    // As it stands now: whoever had it may have committed one more batch after we looked.
    let ours = store::find(&mut tx, cx, &run.id).await?;
    tx.commit().await?;
    match ours {
        Some(run) if is_ours => work_through(cx, run, &lease, options, inputs, watch).await,
        _ => Err(RunError::TakenOver),
    }
}

/// [`run`] for whoever has the run already.
pub(super) async fn work_through(
    cx: &Context,
    mut run: Run,
    lease: &Lease,
    options: &Options,
    inputs: Vec<Input>,
    mut watch: impl FnMut(&Progress),
) -> Result<Run, RunError> {
    let files = Files {
        app: (**cx).clone(),
        source: import::source::find(&run.source).ok_or_else(|| FileError::UnknownSource {
            saw: run.source.clone(),
        })?,
        options: options.clone(),
        files: run.files.iter().cloned().zip(inputs).collect(),
    };
    let again = files.clone();
    let id = run.id.clone();
    // On the heap: it is what all of an import waits in.
    let work = Box::pin(async {
        if run.state == State::Checking {
            dry_run::go_through(cx, &mut run, lease, files, &mut watch).await
        } else {
            go_through(cx, &mut run, lease, files, &mut watch).await
        }
    });
    let done = tokio::select! {
        done = work => done,
        lost = keep(cx, lease, &id) => Err(lost),
    };
    let done = match done {
        Ok(()) => find_gone(cx, &mut run, again).await,
        failed => failed,
    };
    match done {
        Ok(()) if run.state == State::Checking => run.state = State::Checked,
        Ok(()) => run.state = State::Finished,
        Err(RunError::File(error)) => {
            run.state = State::Failed;
            run.failure = Some(Failed {
                code: error.code().to_owned(),
                message: error.to_string(),
            });
        }
        Err(error) => return Err(error),
    }
    finish(cx, &mut run, lease).await?;
    Ok(run)
}

async fn go_through(
    cx: &Context,
    run: &mut Run,
    lease: &Lease,
    files: Files,
    watch: &mut impl FnMut(&Progress),
) -> Result<(), RunError> {
    let mut writer = Writer::begin(cx, run, files).await?;
    while writer.has_more().await? {
        if cx.stopping().is_cancelled() {
            return Err(RunError::Stopped);
        }
        let cut = writer.write(cx, run, lease).await?;
        watch(&Progress::of(run));
        if let Some(error) = cut {
            return Err(error.into());
        }
        cx.db().make_room().await;
    }
    Ok(())
}

/// Keeps a run as long as it is worked on; comes back when it is lost.
async fn keep(cx: &Context, lease: &Lease, run: &ImportRunId) -> RunError {
    loop {
        tokio::time::sleep(SIGN_OF_LIFE).await;
        match renew(cx, lease, run).await {
            Ok(true) => {}
            Ok(false) => return RunError::TakenOver,
            Err(error) => return error.into(),
        }
    }
}

async fn renew(cx: &Context, lease: &Lease, run: &ImportRunId) -> Result<bool, db::Error> {
    let mut tx = cx.db().begin().await?;
    let is_ours = store::renew(&mut tx, run, lease.until(cx)).await?;
    tx.commit().await?;
    Ok(is_ours)
}

/// Tells of those who came before and are missing now.
async fn find_gone(cx: &Context, run: &mut Run, files: Files) -> Result<(), RunError> {
    match gone::find(cx, run, files).await {
        Ok(doubt) => {
            run.summary.findings.extend(doubt);
            Ok(())
        }
        Err(GoneError::File(error)) => Err(error.into()),
        Err(GoneError::Db(error)) => Err(error.into()),
    }
}

async fn finish(cx: &Context, run: &mut Run, lease: &Lease) -> Result<(), RunError> {
    let mut tx = cx.db().begin().await?;
    run.finished_at = Some(cx.now());
    if !store::advance(&mut tx, run, lease.until(cx)).await?
        || !store::end(&mut tx, run, lease.owner()).await?
    {
        return Err(RunError::TakenOver);
    }
    if run.state == State::Checked && run.is_uploaded {
        store::keep_until(&mut tx, &run.id, cx.now() + upload::KEPT).await?;
    }
    let has_changed = !run.is_dry_run;
    if has_changed {
        let run_id = run.id.clone();
        let event = if run.state == State::Failed {
            Event::ImportFailed { run_id }
        } else {
            Event::ImportFinished { run_id }
        };
        events::record(cx, &mut tx, &event).await?;
    }
    tx.commit().await?;
    if run.is_uploaded && run.state.is_over() {
        upload::forget_left_over(cx).await?;
    }
    if has_changed {
        cx.db().checkpoint().await?;
    }
    Ok(())
}

impl Run {
    /// Moves on to where a batch ends.
    pub(super) fn end_batch(&mut self, batch: &Batch) {
        self.position = batch.end;
        self.bytes_read = batch.bytes_read;
        let doubts = batch.findings.iter();
        let doubts = doubts.map(|finding| Doubt::about(batch.file, finding));
        self.summary.findings.extend(doubts);
    }
}
