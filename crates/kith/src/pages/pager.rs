//! Where a list goes on: links made by the slice, because only it knows its filters and cursors.

use serde::Serialize;

/// Links to the neighboring pages of a list that is paged by key.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Pager {
    /// The page before, if there is one.
    pub previous: Option<String>,
    /// The page after, if there is one.
    pub next: Option<String>,
}
