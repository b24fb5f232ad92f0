//! Looking through the rows that did not go in: by code, page by page, forwards and backwards.

use db::{Error, Tx};

use super::{Place, Refusal, store};
use crate::id::ImportRunId;

/// Which notes about rows are asked for; all of them by default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NoteFilter {
    /// Only those with this code.
    pub code: Option<String>,
    /// Only warnings, or only refused rows.
    pub is_warning: Option<bool>,
}

/// Where a page of notes begins, or ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotesFrom {
    /// After this place.
    After(Place),
    /// Before this place.
    Before(Place),
}

impl Default for NotesFrom {
    fn default() -> Self {
        Self::After(Place::default())
    }
}

/// At most `limit` notes of a run next to a place, in the order of the files.
///
/// # Errors
/// When the database fails.
pub async fn notes(
    tx: &mut Tx,
    run: &ImportRunId,
    filter: &NoteFilter,
    from: &NotesFrom,
    limit: i64,
) -> Result<Vec<Refusal>, Error> {
    let mut rows = store::notes::page(tx, run, filter, from, limit).await?;
    if matches!(from, NotesFrom::Before(_)) {
        rows.reverse();
    }
    Ok(rows)
}
