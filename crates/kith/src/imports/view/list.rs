//! The list of imports.

use serde::Serialize;

use super::{Counts, RunState};
use crate::pages::{Filter, Message, Page, Pager};

/// One import of the list.
#[derive(Debug, Clone, Serialize)]
pub struct RunRow {
    /// The source's name; empty while nobody knows.
    pub source: String,
    /// The files' names.
    pub files: Vec<String>,
    /// Where it stands.
    pub state: RunState,
    /// What it did.
    pub counts: Counts,
    /// Unix milliseconds.
    pub started_at: i64,
    /// Its page.
    pub url: String,
}

/// Imports.
#[derive(Debug, Clone, Serialize)]
pub struct RunList {
    /// Back to the users.
    pub users_url: String,
    /// Import users.
    pub import_url: String,
    /// The ways of looking at the list.
    pub filters: Vec<Filter>,
    /// Whether there are none at all, rather than none of the filter.
    pub is_empty: bool,
    /// One page of them, newest first.
    pub rows: Vec<RunRow>,
    /// The pages around it.
    pub pager: Pager,
}

impl Page for RunList {
    const TEMPLATE: &'static str = "admin/imports/list.html";

    fn sample() -> Self {
        let row = |source: &str, file: &str, state| RunRow {
            source: source.to_owned(),
            files: vec![file.to_owned()],
            state,
            counts: Counts {
                created: 4_120,
                updated: 3,
                unchanged: 0,
                refused: 12,
            },
            started_at: 1_795_224_660_000,
            url: "/admin/users/imports/imp_0193".to_owned(),
        };
        let filter = |label, value: &'static str| Filter {
            label: Message::new(label),
            value,
            url: format!("/admin/users/imports?show={value}"),
            is_current: value.is_empty(),
        };
        Self {
            users_url: "/admin/users".to_owned(),
            import_url: "/admin/users/import".to_owned(),
            filters: vec![
                filter("import-runs-all", ""),
                filter("import-runs-open", "open"),
                filter("import-runs-finished", "finished"),
            ],
            is_empty: false,
            rows: vec![
                row("", "clerk-export.csv", RunState::Uploading),
                row("Clerk", "clerk-export.csv", RunState::Running),
                row("Clerk", "clerk-export.csv", RunState::Checking),
                row("Clerk", "clerk-export.csv", RunState::Ready),
                row("Auth0", "users.ndjson", RunState::FinishedWithRefusals),
                row("Custom CSV", "people.csv", RunState::Finished),
                row("Custom CSV", "people.csv", RunState::Stopped),
                row("Custom CSV", "people.csv", RunState::Discarded),
                row("Custom CSV", "old.csv", RunState::Failed),
            ],
            pager: Pager::default(),
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        let none = Self {
            rows: Vec::new(),
            ..Self::sample()
        };
        let empty = Self {
            is_empty: true,
            ..none.clone()
        };
        vec![("none", none), ("empty", empty)]
    }
}
