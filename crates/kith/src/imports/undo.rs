//! Undoing an import: everything is again what it was.
//!
//! People whom the run has made are deleted, with all that hangs on them; people whom it has changed get back their former
//! rows from the [journal](super::journal). Except those who have changed since, by signing in, by what they or the team did, or
//! by another import: they are left as they are, and listed ([`kept`]). Newer imports are therefore undone before older ones.
//!
//! It goes in batches, each in a transaction that ends with the run's new counts, so that it may be killed at any moment: what
//! was undone is no longer there to be undone, and whoever goes on begins with what is left. It is recorded as a state of the
//! run; undoing it again changes nothing.

use std::collections::HashSet;

use db::Tx;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::journal::{fingerprint, open};
use super::run::{Lease, RunError};
use super::store::journal::{self, Entry};
use super::store::parts::{self, PARTS, PartRow, Rows};
use super::{NotFound, Run, State, store};
use crate::context::Context;
use crate::error::{Code, Coded};
use crate::events::{self, Event};
use crate::id::{ImportRunId, UserId};
use crate::secret::Unsealable;
use crate::users;

/// How many people one transaction takes: few, so that sign-ins don't wait.
const PEOPLE_AT_A_TIME: i64 = 500;

/// What undoing an import has done so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = import_undone)]
pub struct Undone {
    /// People who were new, and are gone.
    pub deleted: i64,
    /// People who were changed, and are as before.
    pub restored: i64,
    /// People who were left as they are, because they have changed since.
    pub kept: i64,
}

/// Somebody who was left as they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = import_kept)]
pub struct Kept {
    /// The person.
    pub user_id: UserId,
    /// First name.
    pub given_name: Option<String>,
    /// Last name.
    pub family_name: Option<String>,
    /// The primary e-mail address.
    pub email: Option<String>,
    /// Whether the import had made the person, rather than changed them.
    pub was_created: bool,
    /// Why.
    pub reason: KeptReason,
}

/// Why somebody was left as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = import_kept_reason)]
pub enum KeptReason {
    /// They have signed in since.
    SignedIn,
    /// Their profile, identities, password, memberships or roles have changed since.
    Changed,
}

impl KeptReason {
    /// As it is stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignedIn => "signed_in",
            Self::Changed => "changed",
        }
    }

    pub(super) fn of(text: &str) -> Self {
        if text == Self::SignedIn.as_str() {
            Self::SignedIn
        } else {
            Self::Changed
        }
    }
}

/// An import was not undone.
#[derive(Debug, thiserror::Error)]
pub enum UndoError {
    /// There is no such import.
    #[error(transparent)]
    NotFound(#[from] NotFound),
    /// It only told what would happen.
    #[error("it was a dry run, which has changed nothing; there is nothing to undo")]
    DryRun,
    /// It is at work, or waits for something.
    #[error("the import is {0}; stop it or let it end, then undo it")]
    State(&'static str),
    /// It stopped halfway; done again, it goes on.
    #[error(transparent)]
    Run(#[from] RunError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Coded for UndoError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound(error) => error.code(),
            Self::DryRun | Self::State(_) => Code::IMPORT_STATE,
            Self::Run(error) => error.code(),
            Self::Db(error) => Coded::code(error),
        }
    }
}

/// Begins to undo an import: the worker of any node does it. One that is being undone, or was, stays as it is.
///
/// # Errors
/// [`UndoError::State`] while it is at work or was never begun; [`UndoError::DryRun`] when there is nothing to undo.
pub async fn begin_undo(cx: &Context, tx: &mut Tx, id: &ImportRunId) -> Result<Run, UndoError> {
    let mut run = store::find(tx, cx, id).await?.ok_or(NotFound)?;
    let before = run.state;
    if matches!(before, State::Undoing | State::Undone) {
        return Ok(run);
    }
    check(cx, &run)?;
    run.state = State::Undoing;
    if !store::set_state(tx, cx, &run, before).await? {
        return Err(UndoError::State("somewhere else by now"));
    }
    Ok(run)
}

/// Whether there is something to undo, and nobody at work on it.
///
/// # Errors
/// [`UndoError::State`] and [`UndoError::DryRun`].
pub(super) fn check(cx: &Context, run: &Run) -> Result<(), UndoError> {
    match run.state {
        _ if run.is_dry_run => Err(UndoError::DryRun),
        State::Finished | State::Failed | State::Stopped | State::Cancelled => Ok(()),
        State::Running if run.is_abandoned(cx.now()) => Ok(()),
        state => Err(UndoError::State(state.as_str())),
    }
}

/// Whether an import can be undone now.
#[must_use]
pub fn can_undo(cx: &Context, run: &Run) -> bool {
    check(cx, run).is_ok()
}

/// Undoes an import to the end, and tells `watch` after each batch.
///
/// # Errors
/// [`UndoError`]. After [`UndoError::Run`] it can be called again.
pub async fn undo(
    cx: &Context,
    id: &ImportRunId,
    watch: impl FnMut(&Undone),
) -> Result<Run, UndoError> {
    let lease = Lease::new(cx);
    let mut tx = cx.db().begin().await?;
    let run = begin_undo(cx, &mut tx, id).await?;
    if run.state == State::Undone {
        return Ok(run);
    }
    let is_ours = store::take_over(&mut tx, cx, &run, lease.until(cx)).await?;
    tx.commit().await?;
    if !is_ours {
        return Err(RunError::TakenOver.into());
    }
    Ok(take_back(cx, run, &lease, watch).await?)
}

/// [`undo`] for whoever has the run already.
pub(super) async fn take_back(
    cx: &Context,
    mut run: Run,
    lease: &Lease,
    mut watch: impl FnMut(&Undone),
) -> Result<Run, RunError> {
    for phase in [Phase::Changed, Phase::Created] {
        let mut after = String::new();
        while let Some(last) = take_batch(cx, &mut run, lease, phase, &after).await? {
            after = last.to_string();
            watch(&run.summary.undone.unwrap_or_default());
            if cx.stopping().is_cancelled() {
                return Err(RunError::Stopped);
            }
        }
    }
    end(cx, &mut run, lease).await?;
    Ok(run)
}

/// Whom a batch is about.
#[derive(Clone, Copy)]
enum Phase {
    /// People of the journal.
    Changed,
    /// People whom the run has made and no later batch of it has changed.
    Created,
}

/// Takes back what was done to some people; returns the last of them.
async fn take_batch(
    cx: &Context,
    run: &mut Run,
    lease: &Lease,
    phase: Phase,
    after: &str,
) -> Result<Option<UserId>, RunError> {
    let cx = &cx.in_batch();
    let mut tx = cx.db().begin().await?;
    let mut next = run.clone();
    let undone = next.summary.undone.get_or_insert_default();
    let last = match phase {
        Phase::Changed => restore_some(cx, &mut tx, &run.id, after, undone).await?,
        Phase::Created => delete_some(cx, &mut tx, &run.id, after, undone).await?,
    };
    if last.is_some() {
        undone.kept = journal::count_kept(&mut tx, &run.id).await?;
        if !store::advance(&mut tx, &next, lease.until(cx)).await? {
            return Err(RunError::TakenOver);
        }
        tx.commit().await?;
        *run = next;
    }
    Ok(last)
}

async fn end(cx: &Context, run: &mut Run, lease: &Lease) -> Result<(), RunError> {
    let mut tx = cx.db().begin().await?;
    run.state = State::Undone;
    run.finished_at = Some(cx.now());
    let undone = run.summary.undone.get_or_insert_default();
    undone.kept = journal::count_kept(&mut tx, &run.id).await?;
    journal::delete_all(&mut tx, &run.id).await?;
    if !store::advance(&mut tx, run, lease.until(cx)).await?
        || !store::end(&mut tx, run, lease.owner()).await?
    {
        return Err(RunError::TakenOver);
    }
    let run_id = run.id.clone();
    events::record(cx, &mut tx, &Event::ImportUndone { run_id }).await?;
    tx.commit().await?;
    Ok(())
}

async fn restore_some(
    cx: &Context,
    tx: &mut Tx,
    run: &ImportRunId,
    after: &str,
    undone: &mut Undone,
) -> Result<Option<UserId>, RunError> {
    let entries = journal::page(tx, run, after, PEOPLE_AT_A_TIME).await?;
    let people: Vec<UserId> = entries.iter().map(|entry| entry.user.clone()).collect();
    parts::lock(tx, &people).await?;
    let mut found = parts::read(tx, &people).await?;
    let mut gone = Vec::new();
    for entry in entries {
        let Some(rows) = found.remove(&entry.user) else {
            continue;
        };
        match Fate::of_entry(cx, &rows, &entry).map_err(RunError::Journal)? {
            Fate::Kept(reason) => journal::keep(tx, run, &entry.user, reason).await?,
            Fate::Restored(former) => {
                put_back(tx, &entry.user, former).await?;
                journal::delete(tx, run, &entry.user).await?;
                undone.restored += 1;
            }
            Fate::Deleted => gone.push(entry.user),
        }
    }
    undone.deleted += users::delete_many(cx, tx, &gone).await?;
    Ok(people.into_iter().next_back())
}

async fn delete_some(
    cx: &Context,
    tx: &mut Tx,
    run: &ImportRunId,
    after: &str,
    undone: &mut Undone,
) -> Result<Option<UserId>, RunError> {
    let people = journal::people_of_run(tx, cx, run, after, PEOPLE_AT_A_TIME).await?;
    parts::lock(tx, &people).await?;
    let entries = journal::of_people(tx, run, &people).await?;
    // Whoever still has an entry was looked at already, and kept.
    let kept: HashSet<UserId> = entries.into_iter().map(|Entry { user, .. }| user).collect();
    let rest: Vec<UserId> = people
        .iter()
        .filter(|user| !kept.contains(*user))
        .cloned()
        .collect();
    let mut gone = Vec::new();
    for (user, rows) in parts::read(tx, &rest).await? {
        match Fate::of_made(&rows) {
            Fate::Kept(reason) => journal::keep(tx, run, &user, reason).await?,
            Fate::Deleted | Fate::Restored(_) => gone.push(user),
        }
    }
    undone.deleted += users::delete_many(cx, tx, &gone).await?;
    Ok(people.into_iter().next_back())
}

/// What undoing makes of a person.
pub(super) enum Fate {
    /// The import has made them, and they are gone.
    Deleted,
    /// They are what they were: these rows.
    Restored(Rows),
    /// They have changed since, and stay.
    Kept(KeptReason),
}

impl Fate {
    /// The fate of somebody in the journal.
    ///
    /// # Errors
    /// When what they were was sealed with another key.
    pub(super) fn of_entry(cx: &Context, rows: &Rows, entry: &Entry) -> Result<Self, Unsealable> {
        let former = entry.former.as_deref().map(|former| open(cx, former));
        let former = former.transpose()?;
        Ok(if fingerprint(cx, rows) == entry.fingerprint {
            former.map_or(Self::Deleted, Self::Restored)
        } else {
            Self::Kept(why(rows, former.as_ref()))
        })
    }

    /// The fate of somebody whom the import has made, and who is not in the journal.
    pub(super) fn of_made(rows: &Rows) -> Self {
        if is_as_imported(rows) {
            Self::Deleted
        } else {
            Self::Kept(why(rows, None))
        }
    }
}

/// Whether nothing was written about a person since the batch that made them: a batch writes one instant.
fn is_as_imported(rows: &Rows) -> bool {
    let Some(instant) = user(rows).and_then(|row| row.number("created_at")) else {
        return false;
    };
    let mut parts = PARTS.iter().zip(rows);
    sign_ins(rows) == 0
        && parts.all(|(part, rows)| rows.iter().all(|row| row.is_of_instant(part, instant)))
}

fn why(rows: &Rows, former: Option<&Rows>) -> KeptReason {
    if sign_ins(rows) > former.map_or(0, sign_ins) {
        KeptReason::SignedIn
    } else {
        KeptReason::Changed
    }
}

fn sign_ins(rows: &Rows) -> i64 {
    let count = user(rows).and_then(|row| row.number("total_sign_ins"));
    count.unwrap_or(0)
}

fn user(rows: &Rows) -> Option<&PartRow> {
    rows.first()?.first()
}

/// Makes the person's rows what they were.
async fn put_back(tx: &mut Tx, user: &UserId, former: Rows) -> Result<(), db::Error> {
    for (part, mut former) in PARTS.iter().zip(former) {
        let current = parts::of_part(tx, part, user).await?;
        let key = |row: &PartRow| parts::key(part, row);
        for row in &current {
            if former.iter().all(|one| key(one) != key(row)) {
                parts::delete(tx, part, user, row).await?;
            }
        }
        // Whatever is primary comes last: there is never more than one.
        former.sort_by_key(|row| row.flag("is_primary"));
        for row in &former {
            match current.iter().find(|one| key(one) == key(row)) {
                None => parts::insert(tx, part, row).await?,
                Some(one) if one.compared(part) != row.compared(part) => {
                    parts::update(tx, part, user, row).await?;
                }
                Some(_) => {}
            }
        }
    }
    Ok(())
}

/// Those whom undoing an import left as they are, by id, after a person; at most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn kept(
    tx: &mut Tx,
    run: &ImportRunId,
    after: Option<&UserId>,
    limit: i64,
) -> Result<Vec<Kept>, db::Error> {
    journal::kept(tx, run, after.map_or("", UserId::as_str), limit).await
}
