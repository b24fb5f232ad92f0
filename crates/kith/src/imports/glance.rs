//! The migration at a glance: what has come from where, what is at work, what asks for a look.

use db::{Error, Tx};

use super::{Run, State, cohorts, list_in, store};
use crate::context::Context;
use crate::paging::{Order, Wanted};

/// How many imports are told of each kind.
const SHOWN: usize = 5;

/// How many of the newest imports are looked through for what asks for a look.
const LOOKED_THROUGH: u32 = 20;

/// Where an import is that somebody may wait for, or that waits for somebody.
const OPEN: &[State] = &[
    State::Uploading,
    State::Checking,
    State::Checked,
    State::Running,
    State::Stopped,
    State::Undoing,
];

/// Where an import is that has written something, or may have.
const WRITTEN: &[State] = &[
    State::Running,
    State::Stopped,
    State::Finished,
    State::Failed,
    State::Cancelled,
];

/// People who are new by imports of one source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfSource {
    /// The name of the source, such as `auth0`.
    pub source: String,
    /// How many.
    pub people: i64,
}

/// An import with passwords of which nobody knows yet whether they work.
#[derive(Debug, Clone, PartialEq)]
pub struct Unproved {
    /// The import.
    pub run: Run,
    /// How many cohorts it has.
    pub cohorts: usize,
    /// How many of them are without proof.
    pub unproved: usize,
    /// How many people these have.
    pub people: i64,
}

/// The migration at a glance.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Glance {
    /// People by source, the most first.
    pub sources: Vec<OfSource>,
    /// Imports at work or waiting for a decision, the newest first; a few.
    pub open: Vec<Run>,
    /// Newest imports with unproved cohorts; a few.
    pub unproved: Vec<Unproved>,
    /// Newest imports that have refused rows; a few.
    pub refused: Vec<Run>,
}

/// What there is to know of all imports of the environment, without reading what people are.
///
/// # Errors
/// When the database fails.
pub async fn glance(cx: &Context, tx: &mut Tx) -> Result<Glance, Error> {
    let newest = |count| Wanted::first(Order::NEWEST_FIRST, count);
    let open = list_in(cx, tx, OPEN, &newest(LOOKED_THROUGH)).await?.items;
    let written = list_in(cx, tx, WRITTEN, &newest(LOOKED_THROUGH))
        .await?
        .items;
    let mut glance = Glance {
        sources: store::states::people_by_source(tx, cx).await?,
        open: open.into_iter().filter(waits).take(SHOWN).collect(),
        ..Glance::default()
    };
    for run in written.into_iter().filter(|run| !run.is_dry_run) {
        if glance.unproved.len() < SHOWN {
            glance.unproved.extend(unproved(tx, &run).await?);
        }
        if run.tally.refused > 0 && glance.refused.len() < SHOWN {
            glance.refused.push(run);
        }
    }
    Ok(glance)
}

/// Whether somebody or something has yet to go on with it: the dry run of a command is over when it is told.
fn waits(run: &Run) -> bool {
    run.state != State::Checked || run.is_uploaded
}

async fn unproved(tx: &mut Tx, run: &Run) -> Result<Option<Unproved>, Error> {
    let all = cohorts(tx, run).await?;
    let unproved: Vec<_> = all.iter().filter(|cohort| cohort.is_unproved()).collect();
    Ok((!unproved.is_empty()).then(|| Unproved {
        run: run.clone(),
        cohorts: all.len(),
        unproved: unproved.len(),
        people: unproved.iter().map(|cohort| cohort.people).sum(),
    }))
}
