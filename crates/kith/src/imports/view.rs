//! What the pages of imports show: facts for `templates/admin/imports/`.

mod choose;
mod cohorts;
mod detective;
mod findings;
mod list;
mod live;
mod mapping;
mod proof;
mod risks;
mod rows;
mod undo;
mod uploading;

use serde::Serialize;

use crate::pages::{Message, Tab};

pub use choose::{ChooseSource, FileSlot, SourceCard, SourceGroup, TextField, Upload};
pub use cohorts::{CohortRow, CohortTable, Keeping};
pub use detective::{Detective, Solution};
pub use findings::{DryRun, Examples, Findings, Run, SampleChangeRow, SampleRow, Way};
pub use list::{RunList, RunRow};
pub use live::{Chart, Progress, Running};
pub use mapping::{
    ColumnRow, ConstantField, DateFormatRow, DatesField, FieldRow, FileRow, MappingPage,
    SeparatorField,
};
pub use proof::{ProofAnswer, ProofPage};
pub use risks::RiskRow;
pub use rows::{CodeFilter, NoteRow, Rows};
pub use undo::{KeptPeople, KeptRow, UndoProgress, Undoing, UndoneCounts};
pub use uploading::{Arriving, ArrivingFile, Uploading, size};

/// Rows by outcome. In a dry run: what they would be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// New people.
    pub created: u64,
    /// People who changed.
    pub updated: u64,
    /// People who were already so.
    pub unchanged: u64,
    /// Rows that can't go in.
    pub refused: u64,
}

/// Where an import stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// Its files are on their way.
    Uploading,
    /// The dry run is at work.
    Checking,
    /// The dry run is done and waits for a yes.
    Ready,
    /// It is writing.
    Running,
    /// Everything went in.
    Finished,
    /// Some rows did not.
    FinishedWithRefusals,
    /// Somebody stopped it.
    Stopped,
    /// It could not go on.
    Failed,
    /// Its files were discarded.
    Discarded,
    /// What it has written is being taken back.
    Undoing,
    /// What it had written was taken back.
    Undone,
}

/// The head of an import's pages.
#[derive(Debug, Clone, Serialize)]
pub struct RunHead {
    /// The source's name.
    pub source: String,
    /// The files' names.
    pub files: Vec<String>,
    /// Where it stands.
    pub state: RunState,
    /// The list of imports.
    pub runs_url: String,
    /// Its pages.
    pub tabs: Vec<Tab>,
}

impl RunHead {
    /// An invented import, at one of its pages.
    fn sample(state: RunState, current: &str) -> Self {
        let tab = |label, path: &str| Tab {
            label: Message::new(label),
            url: format!("/admin/users/imports/imp_0193{path}"),
            is_current: path == current,
        };
        Self {
            source: "Auth0".to_owned(),
            files: vec!["users.ndjson".to_owned(), "passwords.ndjson".to_owned()],
            state,
            runs_url: "/admin/users/imports".to_owned(),
            tabs: vec![
                tab("import-tab-overview", ""),
                tab("import-tab-rows", "/rows"),
                tab("import-tab-proof", "/proof"),
                tab("import-tab-columns", "/columns"),
                tab("import-tab-detective", "/detective"),
            ],
        }
    }
}
