//! What undoing an import would do, told before anybody decides. Nothing is written.
//!
//! Each person is looked at as [`super::undo`] does it. Somebody waits for the answer, so of a large import only the first
//! [`MAX_LOOKED_AT`] are; of the others it is told how many they are. They are looked at when it is done.

use std::collections::HashSet;

use db::Tx;
use serde::Serialize;
use utoipa::ToSchema;

use super::store::journal::{self, Entry};
use super::store::parts;
use super::undo::{self, Fate};
use super::{Run, RunError, UndoError, Undone};
use crate::context::Context;
use crate::id::UserId;

/// How many people are looked at: some seconds' work.
const MAX_LOOKED_AT: i64 = 20_000;

/// How many people are read at a time.
const AT_A_TIME: i64 = 500;

/// What undoing an import would do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = import_undo_preview)]
pub struct Foreseen {
    /// What would become of those who were looked at.
    #[serde(flatten)]
    pub undone: Undone,
    /// How many more there are, who were not looked at.
    pub unseen: i64,
}

impl Foreseen {
    fn count(&mut self, fate: &Fate) {
        match fate {
            Fate::Deleted => self.undone.deleted += 1,
            Fate::Restored(_) => self.undone.restored += 1,
            Fate::Kept(_) => self.undone.kept += 1,
        }
    }

    fn n_seen(&self) -> i64 {
        self.undone.deleted + self.undone.restored + self.undone.kept
    }
}

/// Tells what undoing an import would do now.
///
/// # Errors
/// [`UndoError::State`] and [`UndoError::DryRun`], as undoing it would.
pub async fn foresee_undo(cx: &Context, run: &Run) -> Result<Foreseen, UndoError> {
    undo::check(cx, run)?;
    let mut foreseen = Foreseen::default();
    let mut tx = cx.db().read().await?;
    let (n_entries, n_made) = journal::count_people(&mut tx, cx, &run.id).await?;
    drop(tx);
    for look_at in [Whom::Changed, Whom::Created] {
        let mut after = String::new();
        while foreseen.n_seen() < MAX_LOOKED_AT {
            let mut tx = cx.db().read().await?;
            let last = look_at
                .some(cx, &mut tx, run, &after, &mut foreseen)
                .await?;
            let Some(last) = last else { break };
            after = last.to_string();
        }
    }
    foreseen.unseen = (n_entries + n_made - foreseen.n_seen()).max(0);
    Ok(foreseen)
}

/// Whom a batch is about, as in undoing.
#[derive(Clone, Copy)]
enum Whom {
    Changed,
    Created,
}

impl Whom {
    /// Looks at the first people after one; returns the last of them.
    async fn some(
        self,
        cx: &Context,
        tx: &mut Tx,
        run: &Run,
        after: &str,
        foreseen: &mut Foreseen,
    ) -> Result<Option<UserId>, UndoError> {
        let last = match self {
            Self::Changed => {
                let entries = journal::page(tx, &run.id, after, AT_A_TIME).await?;
                let people: Vec<UserId> = entries.iter().map(|entry| entry.user.clone()).collect();
                let found = parts::read(tx, &people).await?;
                for entry in &entries {
                    if let Some(rows) = found.get(&entry.user) {
                        let fate = Fate::of_entry(cx, rows, entry).map_err(RunError::Journal)?;
                        foreseen.count(&fate);
                    }
                }
                people.into_iter().next_back()
            }
            Self::Created => {
                let people = journal::people_of_run(tx, cx, &run.id, after, AT_A_TIME).await?;
                let entries = journal::of_people(tx, &run.id, &people).await?;
                let seen: HashSet<UserId> =
                    entries.into_iter().map(|Entry { user, .. }| user).collect();
                for (user, rows) in parts::read(tx, &people).await? {
                    if !seen.contains(&user) {
                        foreseen.count(&Fate::of_made(&rows));
                    }
                }
                people.into_iter().next_back()
            }
        };
        Ok(last)
    }
}
