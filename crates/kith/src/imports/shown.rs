//! An import as programs see it: the management API and `--json` of the command line.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::{Cohort, Doubt, File, Outlook, Run, Tally, Undone};
use crate::time::Timestamp;

/// An import.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = import)]
pub struct Shown {
    /// Its id.
    pub id: String,
    /// The name of the source, such as `auth0`.
    pub source: String,
    /// `uploading`, `checking`, `checked`, `running`, `stopped`, `finished`, `failed`, `cancelled`, `undoing` or `undone`.
    pub state: &'static str,
    /// Whether it only tells what would happen.
    pub is_dry_run: bool,
    /// The files, in the order in which they are read.
    pub files: Vec<File>,
    /// Size of all files, in bytes.
    pub bytes: i64,
    /// How much of them was read, in bytes.
    pub bytes_read: i64,
    /// What became of the rows so far.
    pub counts: Tally,
    /// How the people who are new will be able to sign in.
    pub sign_in: Outlook,
    /// Passwords by the scheme of their hash.
    pub schemes: BTreeMap<String, i64>,
    /// Refused rows by code.
    pub refused_by_code: BTreeMap<String, i64>,
    /// What was left out of rows, by code.
    pub warnings_by_code: BTreeMap<String, i64>,
    /// What is to be weighed, the gravest first: doubts about the files, and risks of the people in them.
    pub findings: Vec<Doubt>,
    /// Passwords by scheme and parameters, with how many people have shown that theirs works. Not in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cohorts: Option<Vec<Cohort>>,
    /// What was undone, where it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undone: Option<Undone>,
    /// Why it failed, where it did.
    pub error: Option<ShownError>,
    /// When it was made.
    pub created_on: String,
    /// When its first row was read.
    pub started_on: Option<String>,
    /// When it was over.
    pub finished_on: Option<String>,
}

/// Why an import failed.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = import_error)]
pub struct ShownError {
    /// The stable code.
    pub code: String,
    /// What happened, and what to do.
    pub message: String,
}

impl Shown {
    /// The same with its cohorts.
    #[must_use]
    pub fn with_cohorts(self, cohorts: Vec<Cohort>) -> Self {
        Self {
            cohorts: Some(cohorts),
            ..self
        }
    }
}

impl From<Run> for Shown {
    fn from(run: Run) -> Self {
        Self {
            bytes: run.bytes(),
            findings: run.summary.doubts(),
            id: run.id.to_string(),
            source: run.source,
            state: run.state.as_str(),
            is_dry_run: run.is_dry_run,
            files: run.files,
            bytes_read: run.bytes_read,
            counts: run.tally,
            sign_in: run.summary.outlook,
            schemes: run.summary.schemes,
            refused_by_code: run.summary.refused,
            warnings_by_code: run.summary.warnings,
            cohorts: None,
            undone: run.summary.undone,
            error: run.failure.map(|failed| ShownError {
                code: failed.code,
                message: failed.message,
            }),
            created_on: run.created_at.iso(),
            started_on: run.started_at.map(Timestamp::iso),
            finished_on: run.finished_at.map(Timestamp::iso),
        }
    }
}
