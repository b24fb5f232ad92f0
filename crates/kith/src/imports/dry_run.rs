//! Telling what an import would do: the same reading and planning, and nobody to write.
//!
//! The database doesn't grow as the rows go by, so what earlier rows would have made of people has to be kept here, as far as later
//! rows mean the same people. Mostly nobody comes twice: then one pass over the files tells all. A filter of fixed size sees who comes
//! again, and if anybody does, another pass remembers them; so memory stays flat whatever the size of the files. Passwords in a file of
//! their own are the exception: each is about somebody who would have come in before, of whom a few bytes are kept.

mod ledger;

use std::collections::HashSet;

use db::Tx;
use import::source::Row;
use import::{FileError, Problem};

use super::batch::{find_people, with_policy};
use super::planning::{Planned, plan_rows};
use super::reading::{Batch, Files};
use super::resolve::Directory;
use super::run::{Lease, Progress, RunError};
use super::{Options, Position, Run, Summary, Tally, definitions, store};
use crate::context::Context;
use crate::users;
use ledger::Ledger;

/// How often the files are gone through at most: to see who comes again, to see whom else they are about, to tell. What would want
/// another pass then is somebody whom others change meanwhile.
const PASSES: usize = 3;

/// Goes through the files from the beginning; a dry run that was interrupted starts anew.
pub(super) async fn go_through(
    cx: &Context,
    run: &mut Run,
    lease: &Lease,
    files: Files,
    watch: &mut impl FnMut(&Progress),
) -> Result<(), RunError> {
    let is_anybody_here = users::is_anybody(cx, &mut cx.db().read().await?).await?;
    let mut next = Some(Ledger::first(&files, is_anybody_here));
    let mut cut = None;
    for _ in 0..PASSES {
        let Some(mut ledger) = next else { break };
        begin_anew(cx, run, lease).await?;
        cut = pass(cx, run, lease, files.clone(), watch, &mut ledger).await?;
        next = ledger.once_more();
    }
    cut.map_or(Ok(()), |error| Err(error.into()))
}

/// Tells of all rows, one after the other. Says why a file has no more rows, where it gave out before its end.
async fn pass(
    cx: &Context,
    run: &mut Run,
    lease: &Lease,
    files: Files,
    watch: &mut impl FnMut(&Progress),
    ledger: &mut Ledger,
) -> Result<Option<FileError>, RunError> {
    let options = files.options.clone();
    let mut batches = files.read(Position::default());
    while let Some(mut batch) = batches.next().await? {
        if cx.stopping().is_cancelled() {
            return Err(RunError::Stopped);
        }
        let cut = batch.cut.take();
        let repeated = ledger.see(&batch.rows);
        if !ledger.is_in_vain() {
            tell(cx, run, lease, &options, batch, (ledger, &repeated)).await?;
            watch(&Progress::of(run));
        }
        if cut.is_some() {
            return Ok(cut);
        }
    }
    Ok(None)
}

async fn begin_anew(cx: &Context, run: &mut Run, lease: &Lease) -> Result<(), RunError> {
    run.tally = Tally::default();
    run.summary = Summary::default();
    run.position = Position::default();
    let mut tx = cx.db().begin().await?;
    store::refusals::delete(&mut tx, &run.id).await?;
    if !store::advance(&mut tx, run, lease.until(cx)).await? {
        return Err(RunError::TakenOver);
    }
    Ok(tx.commit().await?)
}

/// Plans a batch, and keeps what there is to say about it.
async fn tell(
    cx: &Context,
    run: &mut Run,
    lease: &Lease,
    options: &Options,
    mut batch: Batch,
    (ledger, repeated): (&mut Ledger, &HashSet<u64>),
) -> Result<(), RunError> {
    let rows = std::mem::take(&mut batch.rows);
    let mut tx = cx.db().read().await?;
    let planned = plan_batch(cx, &mut tx, run, options, rows, (ledger, repeated)).await?;
    drop(tx);
    run.tally += planned.tally;
    planned.add_to(&mut run.summary);
    run.end_batch(&batch);
    let mut tx = cx.db().begin().await?;
    store::refusals::insert_many(&mut tx, &run.id, batch.file, &planned.notes).await?;
    if !store::advance(&mut tx, run, lease.until(cx)).await? {
        return Err(RunError::TakenOver);
    }
    Ok(tx.commit().await?)
}

async fn plan_batch(
    cx: &Context,
    tx: &mut Tx,
    run: &Run,
    options: &Options,
    mut rows: Vec<Result<Row, Problem>>,
    (ledger, repeated): (&mut Ledger, &HashSet<u64>),
) -> Result<Planned, db::Error> {
    let defined = definitions::tell(cx, tx, &mut rows, &mut ledger.pending).await?;
    let records: Vec<_> = rows.iter().flatten().map(|row| &row.record).collect();
    let mut directory = Directory::load(cx, tx, records.iter().copied()).await?;
    directory.expect(cx, &ledger.pending, records.iter().copied());
    let found = if ledger.is_anybody_here {
        find_people(cx, tx, Some(&run.id), &records).await?
    } else {
        Vec::new()
    };
    let mut known = ledger.known(found, &records);
    let mut planned = with_policy(cx, options, |policy| {
        plan_rows(rows, &mut known, repeated, &directory, policy)
    });
    planned.add_definitions(defined);
    ledger.remember(&planned, &known);
    Ok(planned)
}
