//! An import that is being undone, or was.

use serde::Serialize;

use super::{RunHead, RunState};
use crate::pages::{Message, Page, Pager};

/// What undoing has done so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct UndoneCounts {
    /// People who were new, and are gone.
    pub deleted: u64,
    /// People who were changed, and are as before.
    pub restored: u64,
    /// People who were left as they are.
    pub kept: u64,
}

/// How far undoing is. Also sent alone, as the data of the event `progress`.
#[derive(Debug, Clone, Serialize)]
pub struct UndoProgress {
    /// What is done.
    pub undone: UndoneCounts,
}

/// An import that is being undone.
#[derive(Debug, Clone, Serialize)]
pub struct Undoing {
    /// Its head.
    pub head: RunHead,
    /// Server-sent events: `progress` with the HTML of [`UndoProgress`], then `done`.
    pub events_url: String,
    /// What is done.
    #[serde(flatten)]
    pub progress: UndoProgress,
}

/// Somebody who was left as they are.
#[derive(Debug, Clone, Serialize)]
pub struct KeptRow {
    /// Their name, or what else to call them.
    pub name: String,
    /// Their address; may be empty.
    pub email: String,
    /// Their page.
    pub url: String,
    /// Whether the import had made them, rather than changed them.
    pub was_created: bool,
    /// Why.
    pub reason: Message,
}

/// Those whom undoing left as they are.
#[derive(Debug, Clone, Serialize)]
pub struct KeptPeople {
    /// Its head.
    pub head: RunHead,
    /// One page of them.
    pub rows: Vec<KeptRow>,
    /// The pages around it.
    pub pager: Pager,
}

impl UndoneCounts {
    pub(super) const fn sample() -> Self {
        Self {
            deleted: 4_104,
            restored: 3,
            kept: 13,
        }
    }
}

impl Page for UndoProgress {
    const TEMPLATE: &'static str = "admin/imports/undo_progress.html";

    fn sample() -> Self {
        Self {
            undone: UndoneCounts::sample(),
        }
    }
}

impl Page for Undoing {
    const TEMPLATE: &'static str = "admin/imports/undoing.html";

    fn sample() -> Self {
        Self {
            head: RunHead::sample(RunState::Undoing, ""),
            events_url: "/admin/users/imports/imp_0193/events".to_owned(),
            progress: UndoProgress::sample(),
        }
    }
}

impl Page for KeptPeople {
    const TEMPLATE: &'static str = "admin/imports/kept.html";

    fn sample() -> Self {
        let row = |name: &str, email: &str, was_created, reason| KeptRow {
            name: name.to_owned(),
            email: email.to_owned(),
            url: "/admin/users/kp_0193".to_owned(),
            was_created,
            reason: Message::new(reason),
        };
        Self {
            head: RunHead::sample(RunState::Undone, "/kept"),
            rows: vec![
                row(
                    "Ada Lovelace",
                    "ada@example.com",
                    true,
                    "import-kept-signed-in",
                ),
                row("mary@example.com", "", false, "import-kept-changed"),
            ],
            pager: Pager {
                previous: None,
                next: Some("/admin/users/imports/imp_0193/kept?after=kp_0193".to_owned()),
            },
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        let none = Self {
            rows: Vec::new(),
            pager: Pager::default(),
            ..Self::sample()
        };
        vec![("none", none)]
    }
}
