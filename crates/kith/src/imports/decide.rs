//! What people decide about an import that was uploaded: to begin it after its dry run, to stop it, to go on, to forget it.

use db::Tx;

use super::{NotFound, Options, Position, Run, State, Summary, Tally, start, store};
use crate::context::Context;
use crate::error::{Code, Coded};
use crate::events::{self, Event};
use crate::id::ImportRunId;

/// It could not be done.
#[derive(Debug, thiserror::Error)]
pub enum DecideError {
    /// There is no such import.
    #[error(transparent)]
    NotFound(#[from] NotFound),
    /// The import is not in a state in which that makes sense.
    #[error("the import is {0} by now; reload the page")]
    State(&'static str),
    /// A file looks as if strangers would get in, and nobody insists.
    #[error("{0}; to import it all the same, insist (tick the box, or force=true)")]
    Suspicious(String),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Coded for DecideError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound(error) => error.code(),
            Self::State(_) => Code::IMPORT_STATE,
            Self::Suspicious(_) => Code::IMPORT_SUSPICIOUS,
            Self::Db(error) => Coded::code(error),
        }
    }
}

/// Does what a dry run has told.
///
/// # Errors
/// [`DecideError::State`] unless its dry run is over and its files are here; [`DecideError::Suspicious`] when the dry run has
/// found that strangers would get in, unless it `is_forced`.
pub async fn confirm(
    cx: &Context,
    tx: &mut Tx,
    id: &ImportRunId,
    is_forced: bool,
) -> Result<Run, DecideError> {
    let mut run = decidable(cx, tx, id, &[State::Checked]).await?;
    if let Some(doubt) = run.summary.refusal().filter(|_| !is_forced) {
        return Err(DecideError::Suspicious(doubt.reason.clone()));
    }
    run.summary = Summary {
        expected: Some(run.tally.records),
        ..Summary::default()
    };
    run.tally = Tally::default();
    run.position = Position::default();
    run.bytes_read = 0;
    run.is_dry_run = false;
    store::refusals::delete(tx, id).await?;
    store::set_back(tx, &run).await?;
    set_state(cx, tx, &mut run, State::Running).await?;
    start::tell(cx, tx, &run).await?;
    Ok(run)
}

/// Tells anew what an import would do, with other options: those that the [detective](super::detective) found, or columns that
/// were named by hand.
///
/// # Errors
/// [`DecideError::State`] unless it waits for a decision and its files are here.
pub async fn recheck(
    cx: &Context,
    tx: &mut Tx,
    id: &ImportRunId,
    options: &Options,
) -> Result<Run, DecideError> {
    let mut run = decidable(cx, tx, id, &[State::Checking, State::Checked]).await?;
    run.summary = Summary::default();
    run.tally = Tally::default();
    run.position = Position::default();
    run.bytes_read = 0;
    store::set_options(tx, id, &start::seal(cx, options)).await?;
    store::refusals::delete(tx, id).await?;
    store::set_back(tx, &run).await?;
    set_state(cx, tx, &mut run, State::Checking).await?;
    Ok(run)
}

/// Stops an import at the end of a batch, in a way that it can go on.
///
/// # Errors
/// [`DecideError::State`] unless it is running and its files are here.
pub async fn stop(cx: &Context, tx: &mut Tx, id: &ImportRunId) -> Result<Run, DecideError> {
    let mut run = decidable(cx, tx, id, &[State::Running]).await?;
    set_state(cx, tx, &mut run, State::Stopped).await?;
    let run_id = run.id.clone();
    events::record(cx, tx, &Event::ImportStopped { run_id }).await?;
    Ok(run)
}

/// Goes on with an import that was stopped.
///
/// # Errors
/// [`DecideError::State`] unless it was stopped and its files are here.
pub async fn go_on(cx: &Context, tx: &mut Tx, id: &ImportRunId) -> Result<Run, DecideError> {
    let mut run = decidable(cx, tx, id, &[State::Stopped]).await?;
    set_state(cx, tx, &mut run, State::Running).await?;
    let run_id = run.id.clone();
    events::record(cx, tx, &Event::ImportResumed { run_id }).await?;
    Ok(run)
}

/// Calls an import off. What is written stays; the worker forgets the files.
///
/// # Errors
/// [`DecideError::State`] when it is running, or over.
pub async fn discard(cx: &Context, tx: &mut Tx, id: &ImportRunId) -> Result<Run, DecideError> {
    let states = [
        State::Uploading,
        State::Checking,
        State::Checked,
        State::Stopped,
    ];
    let mut run = decidable(cx, tx, id, &states).await?;
    set_state(cx, tx, &mut run, State::Cancelled).await?;
    if !run.is_dry_run {
        let run_id = run.id.clone();
        events::record(cx, tx, &Event::ImportCancelled { run_id }).await?;
    }
    Ok(run)
}

async fn decidable(
    cx: &Context,
    tx: &mut Tx,
    id: &ImportRunId,
    states: &[State],
) -> Result<Run, DecideError> {
    let run = store::find(tx, cx, id).await?.ok_or(NotFound)?;
    let has_files = run.is_uploaded || run.state == State::Uploading;
    if has_files && states.contains(&run.state) {
        Ok(run)
    } else {
        Err(DecideError::State(run.state.as_str()))
    }
}

/// Changes the state, and takes the run from whoever works on it.
async fn set_state(
    cx: &Context,
    tx: &mut Tx,
    run: &mut Run,
    state: State,
) -> Result<(), DecideError> {
    let before = run.state;
    run.state = state;
    if store::set_state(tx, cx, run, before).await? {
        Ok(())
    } else {
        Err(DecideError::State("somewhere else"))
    }
}
