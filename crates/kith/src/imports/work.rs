//! Working on the imports whose files were uploaded: any node may, one at a time for each run.

use super::input::{Content, Input};
use super::run::{Lease, RunError, work_through};
use super::start::{self, StartError};
use super::{NotFound, Run, State, store, undo, upload};
use crate::context::{Actor, App, Context};
use crate::environments::Environments;
use crate::error::{Code, Coded};

/// The worker could not go on with an import. It is tried again.
#[derive(Debug, thiserror::Error)]
pub enum WorkError {
    /// What was decided about it can't be read.
    #[error(transparent)]
    Start(#[from] StartError),
    /// It stopped.
    #[error(transparent)]
    Run(#[from] RunError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Coded for WorkError {
    fn code(&self) -> Code {
        match self {
            Self::Start(error) => error.code(),
            Self::Run(error) => error.code(),
            Self::Db(error) => Coded::code(error),
        }
    }
}

/// Goes on with every uploaded import that nobody works on, until there is none, and forgets files that nobody decided about.
///
/// # Errors
/// [`WorkError`]: the import at hand is tried again when its lease is over.
pub async fn work(app: &App, environments: &Environments) -> Result<(), WorkError> {
    let mut tx = app.db().begin().await?;
    store::cancel_undecided(&mut tx, app).await?;
    tx.commit().await?;
    upload::forget_left_over(app).await?;
    while !app.stopping().is_cancelled() {
        let Some((cx, lease, run)) = claim(app, environments).await? else {
            return Ok(());
        };
        if run.state == State::Undoing {
            match undo::take_back(&cx, run, &lease, |_| {}).await {
                Ok(_) | Err(RunError::Stopped | RunError::TakenOver) => continue,
                Err(error) => return Err(error.into()),
            }
        }
        let options = start::options(&cx, &mut cx.db().read().await?, &run.id).await?;
        let inputs = stored(&run);
        match work_through(&cx, run, &lease, &options, inputs, |_| {}).await {
            Ok(_) | Err(RunError::Stopped | RunError::TakenOver) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

async fn claim(
    app: &App,
    environments: &Environments,
) -> Result<Option<(Context, Lease, Run)>, WorkError> {
    let cx = app.at(environments.production.clone(), Actor::System);
    let lease = Lease::new(&cx);
    let mut tx = app.db().begin().await?;
    let claimed = store::claim(&mut tx, app, lease.until(&cx)).await?;
    tx.commit().await?;
    let Some((id, environment)) = claimed else {
        return Ok(None);
    };
    let cx = if environment == environments.team.id {
        app.at(environments.team.clone(), Actor::System)
    } else {
        cx
    };
    let run = store::find(&mut app.db().read().await?, &cx, &id).await?;
    let run = run.ok_or(NotFound).map_err(StartError::from)?;
    Ok(Some((cx, lease, run)))
}

/// The uploaded files of a run, in the order in which they are read.
pub(super) fn stored(run: &Run) -> Vec<Input> {
    run.files
        .iter()
        .map(|file| Input {
            name: file.name.clone(),
            content: Content::Stored {
                run: run.id.clone(),
                file: file.number,
                bytes: file.bytes,
            },
        })
        .collect()
}
