//! Transactions of an import: as many batches as lie ready, as long as nobody waits.
//!
//! A large transaction costs less a row: keys come in any order, so each row changes pages of its own in the indexes, and what
//! several rows of a transaction change of one page is written once. But while it lasts nobody else writes into an SQLite file.
//! So a transaction takes batch after batch, and ends when somebody waits ([`db::Tx::is_awaited`]), when no batch lies ready, or
//! when it has taken enough for the pages to fit the cache.
//!
//! Rows that are written are let go, for those of a whole transaction would take more memory than all else. Where a transaction
//! fails since others take the very identities that it brings, the files are read again from where the run stands; from then on
//! transactions are small, and their rows are kept for another attempt.
//!
//! Positions, counters, notes and people are written together, so wherever it ends, and whenever the process does, the next
//! transaction goes on right there.

use std::collections::VecDeque;
use std::time::Duration;

use import::FileError;

use super::fresh::Fresh;
use super::reading::{Batch, Batches, Files};
use super::run::{Lease, RunError};
use super::writer::{WriteError, Writing};
use super::{Run, store};
use crate::context::Context;

/// How many batches a transaction takes at most.
const MOST: usize = 32;

/// How many it takes at most where others get in the way.
const MOST_KEPT: usize = 6;

/// How often a transaction is begun anew because others take the very identities that it brings: people who sign up, another
/// import of the same people.
const ATTEMPTS: u32 = 20;

/// How much longer to wait before each further attempt, so that of two who meet again and again one gets ahead.
const PAUSE: Duration = Duration::from_millis(10);

/// Writes the batches of a run.
pub(super) struct Writer {
    files: Files,
    batches: Batches,
    fresh: Fresh,
    /// Batches that are here and not committed.
    pending: VecDeque<Batch>,
    /// Whether their rows are kept until then.
    keeps_rows: bool,
    /// How many batches the next transaction takes at most. It begins with one, so that whoever watches soon sees something.
    most: usize,
}

impl Writer {
    /// Begins where the run stands.
    ///
    /// # Errors
    /// When the database fails.
    pub(super) async fn begin(cx: &Context, run: &Run, files: Files) -> Result<Self, db::Error> {
        let mut tx = cx.db().read().await?;
        Ok(Self {
            batches: files.clone().read(run.position),
            files,
            fresh: Fresh::of(cx, &mut tx, run).await?,
            pending: VecDeque::new(),
            keeps_rows: false,
            most: 1,
        })
    }

    /// Whether there is more to write; waits for it.
    ///
    /// # Errors
    /// When the files can't be read on.
    pub(super) async fn has_more(&mut self) -> Result<bool, FileError> {
        if self.pending.is_empty() {
            self.pending.extend(self.batches.next().await?);
        }
        Ok(!self.pending.is_empty())
    }

    /// Writes what is pending, and what lies ready after it, and moves the run on to where that ends. Says why the file has no
    /// more rows, where it gave out before its end.
    ///
    /// # Errors
    /// [`RunError::TakenOver`] when somebody else works on the run by now, and when the database fails or the files can't be read
    /// again; nothing of the transaction is written then.
    pub(super) async fn write(
        &mut self,
        cx: &Context,
        run: &mut Run,
        lease: &Lease,
    ) -> Result<Option<FileError>, RunError> {
        for attempt in 1..=ATTEMPTS {
            match self.attempt(cx, run, lease).await {
                Ok((next, n_batches)) => {
                    *run = next;
                    let most = if self.keeps_rows { MOST_KEPT } else { MOST };
                    self.most = (self.most * 2).min(most);
                    let last = self.pending.drain(..n_batches).next_back();
                    return Ok(last.and_then(|batch| batch.cut));
                }
                Err(WriteError::Overtaken) => {
                    self.give_way(run).await?;
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
    ) -> Result<(Run, usize), WriteError> {
        let cx = &cx.in_batch();
        let options = &self.files.options;
        let mut writing = Writing::begin(cx, run, options, &mut self.fresh).await?;
        let mut n_batches = 0;
        while let Some(batch) = self.pending.get_mut(n_batches) {
            let rows = if self.keeps_rows {
                batch.rows.clone()
            } else {
                std::mem::take(&mut batch.rows)
            };
            writing.rows(batch.file, rows).await?;
            writing.run.end_batch(batch);
            n_batches += 1;
            if n_batches == self.most || batch.cut.is_some() || writing.tx.is_awaited() {
                break;
            }
            if n_batches == self.pending.len() {
                self.pending.extend(self.batches.ready());
            }
        }
        let Writing {
            mut tx, run: next, ..
        } = writing;
        if !store::advance(&mut tx, &next, lease.until(cx)).await? {
            return Err(WriteError::TakenOver);
        }
        tx.commit().await?;
        Ok((next, n_batches))
    }

    /// After a transaction that failed: what it brought is there again to be written, in smaller transactions.
    async fn give_way(&mut self, run: &Run) -> Result<(), FileError> {
        self.fresh.give_up();
        self.most = 1;
        if !self.keeps_rows {
            self.keeps_rows = true;
            self.batches = self.files.clone().read(run.position);
            self.pending.clear();
            self.pending.extend(self.batches.next().await?);
        }
        Ok(())
    }
}
