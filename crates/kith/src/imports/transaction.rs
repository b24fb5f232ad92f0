//! Transactions of an import: as many batches as lie ready, as long as nobody waits.
//!
//! A large transaction costs less a row: keys come in any order, so each row changes pages of its own in the indexes, and what
//! several rows of a transaction change of one page is written once. But while it lasts nobody else writes into an SQLite file.
//! So a transaction takes batch after batch, and ends when somebody waits ([`db::Tx::is_awaited`]), when no batch lies ready, or
//! when it has taken enough for the pages to fit the cache.
//!
//! Positions, counters, notes and people are written together, so wherever it ends, and whenever the process does, the next
//! transaction goes on right there.

use std::collections::VecDeque;
use std::time::Duration;

use import::FileError;

use super::fresh::Fresh;
use super::reading::{Batch, Batches};
use super::run::{Lease, RunError};
use super::writer::{WriteError, write_rows};
use super::{Options, Run, store};
use crate::context::Context;

/// How many batches a transaction takes at most.
const MOST: usize = 6;

/// How often a transaction is begun anew because others take the very identities that it brings: people who sign up, another
/// import of the same people.
const ATTEMPTS: u32 = 20;

/// How much longer to wait before each further attempt, so that of two who meet again and again one gets ahead.
const PAUSE: Duration = Duration::from_millis(10);

/// Writes the batches of a run.
pub(super) struct Writer {
    options: Options,
    fresh: Fresh,
    /// Batches that are here and not written.
    pending: VecDeque<Batch>,
    /// How many batches the next transaction takes at most. It begins with one, so that whoever watches soon sees something.
    most: usize,
}

impl Writer {
    /// Begins where the run stands.
    ///
    /// # Errors
    /// When the database fails.
    pub(super) async fn begin(
        cx: &Context,
        run: &Run,
        options: Options,
    ) -> Result<Self, db::Error> {
        let mut tx = cx.db().read().await?;
        Ok(Self {
            options,
            fresh: Fresh::of(cx, &mut tx, run).await?,
            pending: VecDeque::new(),
            most: 1,
        })
    }

    /// Whether there is more to write; waits for it.
    ///
    /// # Errors
    /// When the files can't be read on.
    pub(super) async fn has_more(&mut self, batches: &mut Batches) -> Result<bool, FileError> {
        if self.pending.is_empty() {
            self.pending.extend(batches.next().await?);
        }
        Ok(!self.pending.is_empty())
    }

    /// Writes what is pending, and what lies ready after it, and moves the run on to where that ends. Says why the file has no
    /// more rows, where it gave out before its end.
    ///
    /// # Errors
    /// [`RunError::TakenOver`] when somebody else works on the run by now, and when the database fails; nothing of the
    /// transaction is written then.
    pub(super) async fn write(
        &mut self,
        cx: &Context,
        run: &mut Run,
        lease: &Lease,
        batches: &mut Batches,
    ) -> Result<Option<FileError>, RunError> {
        for attempt in 1..=ATTEMPTS {
            match self.attempt(cx, run, lease, batches).await {
                Ok((next, n_batches)) => {
                    *run = next;
                    self.most = (self.most * 2).min(MOST);
                    let last = self.pending.drain(..n_batches).next_back();
                    return Ok(last.and_then(|batch| batch.cut()));
                }
                Err(WriteError::Overtaken) => {
                    self.fresh.give_up();
                    self.most = 1;
                    tokio::time::sleep(PAUSE * attempt).await;
                }
                Err(WriteError::TakenOver) => return Err(RunError::TakenOver),
                Err(WriteError::Db(error)) => return Err(error.into()),
            }
        }
        Err(RunError::Overtaken)
    }

    /// The run as the transaction leaves it, and how many batches are in it.
    async fn attempt(
        &mut self,
        cx: &Context,
        run: &Run,
        lease: &Lease,
        batches: &mut Batches,
    ) -> Result<(Run, usize), WriteError> {
        let cx = &cx.in_batch();
        let mut next = run.clone();
        let mut tx = cx.db().begin().await?;
        let mut n_batches = 0;
        while let Some(batch) = self.pending.get(n_batches) {
            write_rows(
                cx,
                &mut tx,
                &mut next,
                &self.options,
                &mut self.fresh,
                batch,
            )
            .await?;
            next.end_batch(batch);
            n_batches += 1;
            if n_batches == self.most || batch.cut().is_some() || tx.is_awaited() {
                break;
            }
            if n_batches == self.pending.len() {
                self.pending.extend(batches.ready());
            }
        }
        if !store::advance(&mut tx, &next, lease.until(cx)).await? {
            return Err(WriteError::TakenOver);
        }
        tx.commit().await?;
        Ok((next, n_batches))
    }
}
