//! Imports: bringing people over from another provider, with the passwords that they have.
//!
//! ```text
//! file ─▶ reading ─▶ resolve ─▶ planning ─▶ writer ─▶ import_runs, import_refusals
//!         a thread   keys to ids  pure      some batches a transaction
//! ```
//!
//! A [`Run`] is one attempt to bring in one export. It is remembered for good: what was created, changed and refused, and how
//! the people who came will be able to sign in ([`Summary`]). Files are read by the `import` crate, row by row, on a thread of
//! their own; rows travel in batches; a few batches are planned and written in one transaction together with their refusals,
//! their counters and the position that they end at. So a process may be killed at any moment: whoever goes on ([`resume`], or the
//! [`work`] of any node) begins after the last batch that is in the database, loses nothing and repeats nothing. And since a
//! row is compared with what is there, importing a file again changes nothing.
//!
//! Rows are refused one by one, never the file for a row's sake; what was refused is kept with its place and the reason,
//! secrets blanked, and can be downloaded ([`report`]).
//!
//! A dry run is the same without the writer. It keeps in memory what the rows before would have made of people, as far as rows
//! after it may mean the same ones.

pub mod admin;
pub mod api;
pub mod detective;
pub mod report;
pub mod upload;
pub mod view;

mod arrive;
mod batch;
mod brought;
mod cohorts;
mod decide;
mod definitions;
mod dry_run;
mod filter;
mod foresee;
mod former;
mod fresh;
mod glance;
mod gone;
mod heads;
mod input;
mod journal;
mod keys;
mod known;
mod list;
mod map_file;
mod mapping;
mod notes;
mod options;
mod pairs;
mod planning;
mod prove;
mod reading;
mod resolve;
mod risks;
mod run;
mod sample;
mod shown;
mod start;
mod store;
mod summary;
mod transaction;
mod undo;
mod verify;
mod work;
mod writer;

#[cfg(test)]
mod tests;

pub use arrive::{Arrival, ArriveError, ArrivingPassword, arrive};
pub use brought::{Brought, brought};
pub use cohorts::{Cohort, Kind, Mix, Strength, cohorts};
pub use decide::{DecideError, confirm, discard, go_on, recheck, stop};
pub use foresee::{Foreseen, foresee_undo};
pub use glance::{Glance, OfSource, Unproved, glance};
pub use input::{Content, Input};
pub use list::{
    NotFound, Place, Refusal, Totals, find, first_refused, list, list_in, refusals, totals,
};
pub use map_file::map_file;
pub use mapping::{
    Blamed, Columns, FileColumns, MappingError, Preview, columns, columns_as, preview, remap,
};
pub use notes::{NoteFilter, NotesFrom, notes};
pub use options::Options;
pub use pairs::{PairsError, read_pairs};
pub use prove::{MAX_PAIRS, Pair, Proof, ProveError, prove};
pub use risks::{Clusters, Reuse, Risks};
pub use run::{Progress, RunError, run};
pub use sample::{Sample, SampleChange, SampleField, SampleOutcome};
pub use shown::Shown;
pub use start::{NewRun, StartError, resume, start};
pub use summary::{Doubt, Level, Outlook, Summary};
pub use undo::{Kept, KeptReason, UndoError, Undone, begin_undo, can_undo, kept, undo};
pub use upload::{Arrived, Upload, UploadError};
pub use verify::{Claim, Verification, VerifyError, verify};
pub use work::{WorkError, work};

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::context::Context;
use crate::id::ImportRunId;
use crate::time::Timestamp;

/// One attempt to bring people in from one export.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// Its id.
    pub id: ImportRunId,
    /// The name of the source, such as `auth0`.
    pub source: String,
    /// How far it is.
    pub state: State,
    /// Whether it only tells what would happen.
    pub is_dry_run: bool,
    /// The files, in the order in which they are read.
    pub files: Vec<File>,
    /// What became of the rows so far.
    pub tally: Tally,
    /// How people will be able to sign in, and what is odd about the files.
    pub summary: Summary,
    /// Where the next batch begins.
    pub position: Position,
    /// How much of the files was read, in bytes as they are on disk.
    pub bytes_read: i64,
    /// Why it failed, where it did.
    pub failure: Option<Failed>,
    /// Whether its files are in the database, so that any node can work on it.
    pub is_uploaded: bool,
    /// Until when whoever works on it is waited for.
    pub lease_until: Option<Timestamp>,
    /// Who began it.
    pub started_by: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its first row was read.
    pub started_at: Option<Timestamp>,
    /// When it was over.
    pub finished_at: Option<Timestamp>,
}

impl Run {
    /// A run of nothing yet.
    fn new(cx: &Context, state: State) -> Self {
        Self {
            id: cx.new_id(),
            source: String::new(),
            state,
            is_dry_run: false,
            files: Vec::new(),
            tally: Tally::default(),
            summary: Summary::default(),
            position: Position::default(),
            bytes_read: 0,
            failure: None,
            is_uploaded: false,
            lease_until: None,
            started_by: cx.actor().to_string(),
            created_at: cx.now(),
            started_at: None,
            finished_at: None,
        }
    }

    /// The size of all files, in bytes.
    #[must_use]
    pub fn bytes(&self) -> i64 {
        self.files.iter().map(|file| file.bytes).sum()
    }

    /// Whether it came to a halt, and nobody goes on with it by themselves.
    #[must_use]
    pub fn is_abandoned(&self, now: Timestamp) -> bool {
        let is_waiting = self.state == State::Running && !self.is_uploaded;
        is_waiting && self.lease_until.is_some_and(|until| until < now)
    }

    /// What people call the source.
    #[must_use]
    pub fn label(&self) -> &str {
        import::source::find(&self.source).map_or(&self.source, |source| source.label)
    }
}

/// How far an import is.
///
/// ```text
/// uploading ─▶ checking ─▶ checked ─▶ running ─▶ finished
///                                     ▲     │       │
///                                     └─ stopped ───┴─▶ undoing ─▶ undone
/// ```
///
/// From each that is not over it may come to `failed` or `cancelled`; whatever one has written by then can be undone. Who is sure leaves out the checking:
/// `uploading ─▶ running`; the command line begins with `checking` or `running`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Its files are on their way.
    Uploading,
    /// Its files are read, to tell what would happen.
    Checking,
    /// It was told what would happen; nothing has.
    Checked,
    /// People are coming in.
    Running,
    /// Somebody stopped it; it can go on.
    Stopped,
    /// Every row has been dealt with.
    Finished,
    /// It could not go on.
    Failed,
    /// Somebody called it off.
    Cancelled,
    /// What it has written is being taken back.
    Undoing,
    /// What it had written was taken back.
    Undone,
}

impl State {
    /// As it is stored and shown to programs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Uploading => "uploading",
            Self::Checking => "checking",
            Self::Checked => "checked",
            Self::Running => "running",
            Self::Stopped => "stopped",
            Self::Finished => "finished",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Undoing => "undoing",
            Self::Undone => "undone",
        }
    }

    /// Whether nothing will happen any more.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(
            self,
            Self::Finished | Self::Failed | Self::Cancelled | Self::Undone
        )
    }
}

impl FromStr for State {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        [
            Self::Uploading,
            Self::Checking,
            Self::Checked,
            Self::Running,
            Self::Stopped,
            Self::Finished,
            Self::Failed,
            Self::Cancelled,
            Self::Undoing,
            Self::Undone,
        ]
        .into_iter()
        .find(|state| state.as_str() == text)
        .ok_or_else(|| format!("{text} is no state of an import"))
    }
}

impl db::Column for State {
    fn from_value(value: db::Value) -> Result<Self, db::BoxError> {
        Ok(String::from_value(value)?.parse()?)
    }
}

/// A file of an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = import_file)]
pub struct File {
    /// Which one it was of those that were given, from 0.
    pub number: i64,
    /// Its name, where it had one.
    pub name: String,
    /// Which table of it, where it is a SQL dump. Each is read in a pass of its own, and counts as a file.
    #[serde(default)]
    pub part: Option<String>,
    /// Whether it brings passwords of people who are here already, rather than people.
    pub is_passwords: bool,
    /// Whether it brings what people who are here already had, such as roles and accounts elsewhere.
    #[serde(default)]
    pub is_addition: bool,
    /// Its size.
    pub bytes: i64,
    /// SHA-256 of its first MiB, by which it is known again.
    pub digest: String,
    /// What gave away whose it is; empty when somebody said it.
    pub saw: String,
}

/// How many rows there were, and what became of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = import_counts)]
pub struct Tally {
    /// Rows that were read.
    pub records: i64,
    /// People who are new.
    pub created: i64,
    /// Rows that changed somebody.
    pub updated: i64,
    /// Rows that said nothing new.
    pub unchanged: i64,
    /// Rows that did not go in.
    pub refused: i64,
    /// Things in rows that were left out.
    pub warnings: i64,
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.records += other.records;
        self.created += other.created;
        self.updated += other.updated;
        self.unchanged += other.unchanged;
        self.refused += other.refused;
        self.warnings += other.warnings;
    }
}

/// A place in the files of an import.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Position {
    /// Which file, from 0.
    pub file: i64,
    /// How many records of it lie before.
    pub record: i64,
}

/// Why an import could not go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    /// The stable code.
    pub code: String,
    /// What happened, and what to do.
    pub message: String,
}
