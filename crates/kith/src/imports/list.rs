//! Finding imports, and the rows that did not go in.

use std::fmt;
use std::str::FromStr;

use db::{Error, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Run, State, store};
use crate::context::Context;
use crate::error::{Code, Coded};
use crate::id::ImportRunId;
use crate::paging::{Page, Wanted};

/// There is no such import in this environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there is no import with this id")]
pub struct NotFound;

impl Coded for NotFound {
    fn code(&self) -> Code {
        Code::IMPORT_NOT_FOUND
    }
}

/// The import with this id.
///
/// # Errors
/// When the database fails.
pub async fn find(cx: &Context, tx: &mut Tx, id: &ImportRunId) -> Result<Option<Run>, Error> {
    store::find(tx, cx, id).await
}

/// A page of the imports, by id, which is by age.
///
/// # Errors
/// When the database fails.
pub async fn list(cx: &Context, tx: &mut Tx, wanted: &Wanted) -> Result<Page<Run>, Error> {
    let rows = store::page(tx, cx, wanted).await?;
    Ok(wanted.page(rows, |run| ("", run.id.as_str())))
}

/// A page of the imports in any of these states, by id, which is by age.
///
/// # Errors
/// When the database fails.
pub async fn list_in(
    cx: &Context,
    tx: &mut Tx,
    states: &[State],
    wanted: &Wanted,
) -> Result<Page<Run>, Error> {
    let rows = store::states::page(tx, cx, states, wanted).await?;
    Ok(wanted.page(rows, |run| ("", run.id.as_str())))
}

/// What all imports together have done, dry runs left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Totals {
    /// People who are new.
    pub created: i64,
    /// Rows that did not go in.
    pub refused: i64,
}

/// What all imports of the environment together have done so far.
///
/// # Errors
/// When the database fails.
pub async fn totals(cx: &Context, tx: &mut Tx) -> Result<Totals, Error> {
    store::totals(tx, cx).await
}

/// A row that did not go in, or of which something was left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = import_refusal)]
pub struct Refusal {
    /// Which file of the import, from 0.
    pub file: i64,
    /// Which record of the file, from 1, a header not counted.
    pub number: i64,
    /// The line where it begins, from 1.
    pub line: i64,
    /// The column or field to blame, where one is.
    pub column: Option<String>,
    /// The stable code.
    pub code: String,
    /// What is wrong, and what to do.
    pub reason: String,
    /// The row, secrets blanked.
    pub content: String,
    /// Whether the row went in otherwise.
    pub is_warning: bool,
}

/// Where a page of refused rows ended; the default is before the first. As text it is `0-17-invalid_email`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub(super) file: i64,
    pub(super) number: i64,
    pub(super) code: String,
}

impl Place {
    /// The place of this row.
    #[must_use]
    pub fn of(refusal: &Refusal) -> Self {
        Self {
            file: refusal.file,
            number: refusal.number,
            code: refusal.code.clone(),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{}", self.file, self.number, self.code)
    }
}

impl FromStr for Place {
    type Err = NoPlace;

    fn from_str(text: &str) -> Result<Self, NoPlace> {
        let mut parts = text.splitn(3, '-');
        let mut part = || parts.next().ok_or(NoPlace);
        Ok(Self {
            file: part()?.parse().map_err(|_| NoPlace)?,
            number: part()?.parse().map_err(|_| NoPlace)?,
            code: part()?.to_owned(),
        })
    }
}

/// The text names no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a place is a file, a row and a code, as in 0-17-invalid_email")]
pub struct NoPlace;

/// At most `limit` of the rows that did not go in, and of the warnings, in the order of the files, after a place.
///
/// # Errors
/// When the database fails.
pub async fn refusals(
    tx: &mut Tx,
    run: &ImportRunId,
    after: &Place,
    limit: i64,
) -> Result<Vec<Refusal>, Error> {
    store::refusals::page(tx, run, after, limit).await
}

/// The first rows of a run that were refused, warnings left out.
///
/// # Errors
/// When the database fails.
pub async fn first_refused(
    tx: &mut Tx,
    run: &ImportRunId,
    limit: i64,
) -> Result<Vec<Refusal>, Error> {
    store::refusals::first_refused(tx, run, limit).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_reads_back_what_it_prints() {
        for text in ["0-0-", "2-1204-invalid_email"] {
            assert_eq!(text.parse::<Place>().unwrap().to_string(), text);
        }
        for text in ["", "1", "1-2", "a-2-x"] {
            assert_eq!(text.parse::<Place>(), Err(NoPlace), "{text}");
        }
    }
}
