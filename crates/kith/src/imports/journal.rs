//! The journal: what people were before an import changed them, written in the transaction that changes them.
//!
//! Only people who were here before the batch are in it; whoever a run makes is undone by being deleted. With the former state
//! goes a fingerprint of the person as the import left them, by which [`super::undo`] sees whether anything has changed since.

use std::collections::{BTreeMap, HashMap};

use db::{Error, Tx};

use super::Run;
use super::store::journal::{self as store, Entry};
use super::store::parts::{self, PARTS, PartRow, Rows};
use crate::context::Context;
use crate::id::UserId;
use crate::secret::Unsealable;

/// What former states are sealed for: there are hashes among them.
const PURPOSE: &str = "import_journal";

/// People as they are before a batch changes them.
pub(super) struct Before {
    people: Vec<UserId>,
    former: HashMap<UserId, Rows>,
}

impl Before {
    /// Reads these people.
    ///
    /// # Errors
    /// When the database fails.
    pub(super) async fn read(tx: &mut Tx, mut people: Vec<UserId>) -> Result<Self, Error> {
        people.sort_unstable();
        people.dedup();
        let former = parts::read(tx, &people).await?;
        Ok(Self { people, former })
    }

    /// Writes what they were into the journal, now that the batch has changed them.
    ///
    /// # Errors
    /// When the database fails.
    pub(super) async fn keep(mut self, cx: &Context, tx: &mut Tx, run: &Run) -> Result<(), Error> {
        let mut after = parts::read(tx, &self.people).await?;
        let mut entries = Vec::with_capacity(self.people.len());
        for user in self.people {
            let (former, after) = (self.former.remove(&user), after.remove(&user));
            let (Some(former), Some(after)) = (former, after) else {
                continue;
            };
            let is_of_run = made_by(&former) == Some(run.id.as_str());
            entries.push(Entry {
                user,
                former: (!is_of_run).then(|| seal(cx, former)),
                fingerprint: fingerprint(cx, &after),
            });
        }
        store::insert_many(tx, cx, &run.id, &entries).await
    }
}

/// Writes into the journal that a run has made these people with what they had elsewhere, instants and all: nothing else would
/// tell whether they have changed since.
///
/// # Errors
/// When the database fails.
pub(super) async fn keep_made(
    cx: &Context,
    tx: &mut Tx,
    run: &Run,
    people: &[UserId],
) -> Result<(), Error> {
    let made = parts::read(tx, people).await?.into_iter();
    let entries: Vec<Entry> = made
        .map(|(user, rows)| Entry {
            user,
            former: None,
            fingerprint: fingerprint(cx, &rows),
        })
        .collect();
    store::insert_many(tx, cx, &run.id, &entries).await
}

/// A digest of all that counts of a person.
pub(super) fn fingerprint(cx: &Context, rows: &Rows) -> String {
    let parts = PARTS.iter().zip(rows);
    let compared: Vec<Vec<_>> = parts
        .map(|(part, rows)| rows.iter().map(|row| row.compared(part)).collect())
        .collect();
    let text = serde_json::to_vec(&compared).expect("JSON values serialize");
    hex::encode(cx.sealer().fingerprint(&text))
}

/// The import that has made a person.
fn made_by(rows: &Rows) -> Option<&str> {
    rows.first()?.first()?.text("import_run_id")
}

/// A former state as it is stored: by the names of its tables, which a later version may have more of.
fn seal(cx: &Context, rows: Rows) -> String {
    let named: BTreeMap<_, _> = PARTS.iter().map(|part| part.table).zip(rows).collect();
    let text = serde_json::to_string(&named).expect("JSON values serialize");
    cx.seal(PURPOSE, &text)
}

/// A former state.
///
/// # Errors
/// [`Unsealable`] when it was sealed with another key.
pub(super) fn open(cx: &Context, sealed: &str) -> Result<Rows, Unsealable> {
    let text = cx.sealer().open(PURPOSE, sealed)?;
    let mut named: BTreeMap<String, Vec<PartRow>> =
        serde_json::from_slice(&text).map_err(|_| Unsealable)?;
    let rows = PARTS.iter().map(|part| named.remove(part.table));
    Ok(rows.map(Option::unwrap_or_default).collect())
}
