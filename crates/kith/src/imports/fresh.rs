//! Knowing of a row that nobody can be meant by it, without asking the database.
//!
//! Most imports are the first one, into an environment where nobody is. Then a row can mean somebody only if an earlier row of the
//! same import has one of its keys, and those are in a [`Filter`] of fixed size. It takes a few strange rows for known ones; the
//! database is asked about these.
//!
//! Others may come in meanwhile: somebody signs up with an address of the file. The unique indexes refuse the row then, the batch
//! is written anew, and from then on the database is asked about every row.

use db::{Error, Tx};
use import::UserRecord;

use super::filter::Filter;
use super::{Position, Run, keys};
use crate::context::Context;
use crate::users;

/// The keys of the rows so far, where nobody was before.
pub(super) struct Fresh {
    seen: Option<Filter>,
}

impl Fresh {
    /// What is known at the beginning of a run, or when it goes on.
    ///
    /// # Errors
    /// When the database fails.
    pub(super) async fn of(cx: &Context, tx: &mut Tx, run: &Run) -> Result<Self, Error> {
        let is_first = run.position == Position::default() && !users::is_anybody(cx, tx).await?;
        Ok(Self {
            seen: is_first.then(|| Filter::of_mib(32)),
        })
    }

    /// Forgets what it knows: somebody came in from elsewhere.
    pub(super) fn give_up(&mut self) {
        self.seen = None;
    }

    /// Those of the records that may mean somebody of an earlier batch, or of elsewhere.
    pub(super) fn doubtful<'a>(
        &self,
        records: impl Iterator<Item = &'a UserRecord>,
    ) -> Vec<&'a UserRecord> {
        let is_doubtful = |record: &&UserRecord| match &self.seen {
            None => true,
            // No index keeps these apart from the ids of people who come in from elsewhere.
            Some(_) if !record.alternate_ids.is_empty() => true,
            Some(seen) => keys::of_candidates(record).any(|key| seen.may_contain(key)),
        };
        records.filter(is_doubtful).collect()
    }

    /// Remembers records that are written now.
    pub(super) fn add<'a>(&mut self, records: impl Iterator<Item = &'a UserRecord>) {
        if let Some(seen) = &mut self.seen {
            for key in records.flat_map(keys::of_record) {
                seen.insert(key);
            }
        }
    }
}
