//! What an import found out: the result of a dry run, and the page of a finished run.

use serde::Serialize;

use super::{Counts, RunState};
use crate::pages::{Message, Page};

/// A way in which some of the people will sign in.
#[derive(Debug, Clone, Serialize)]
pub struct Way {
    /// Which way.
    pub label: Message,
    /// How many people.
    pub people: u64,
}

/// A row, and what happens to it.
#[derive(Debug, Clone, Serialize)]
pub struct SampleRow {
    /// The person's name; may be empty.
    pub name: String,
    /// Their address; may be empty.
    pub email: String,
    /// Whether it counts as verified.
    pub is_verified: bool,
    /// How the password is kept; never the hash.
    pub scheme: Option<String>,
    /// Created, updated, unchanged.
    pub outcome: Message,
}

/// A row that can't go in.
#[derive(Debug, Clone, Serialize)]
pub struct RefusedRow {
    /// The line in the file, from 1.
    pub line: u64,
    /// The column at fault, if one is.
    pub column: Option<String>,
    /// Stable, for programs.
    pub code: String,
    /// For people.
    pub reason: String,
}

/// What a dry run, or a run, found out beside the counts.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Findings {
    /// What looks odd.
    pub warnings: Vec<Message>,
    /// How people will sign in, the most common way first.
    pub ways: Vec<Way>,
    /// All people of `ways` together.
    pub ways_total: u64,
    /// Password schemes: "bcrypt (4,120), md5 (3)"; may be empty.
    pub schemes: String,
    /// Some rows, to see that columns went where they belong.
    pub samples: Vec<SampleRow>,
    /// The first refused rows.
    pub refused: Vec<RefusedRow>,
    /// All refused rows as CSV.
    pub report_url: String,
}

/// The result of a dry run, and the question.
#[derive(Debug, Clone, Serialize)]
pub struct DryRun {
    /// The source's name.
    pub source: String,
    /// The files' names.
    pub files: Vec<String>,
    /// Back to the sources.
    pub back_url: String,
    /// What would happen.
    pub counts: Counts,
    /// What was found out.
    #[serde(flatten)]
    pub findings: Findings,
    /// Posts: does it.
    pub confirm_action: String,
    /// Posts: forgets the files.
    pub discard_action: String,
}

/// A finished, failed or stopped run.
#[derive(Debug, Clone, Serialize)]
pub struct Run {
    /// Its id.
    pub id: String,
    /// The source's name.
    pub source: String,
    /// The files' names.
    pub files: Vec<String>,
    /// Where it stands.
    pub state: RunState,
    /// Why it stands there, when that needs a sentence.
    pub failure: Option<Message>,
    /// The list of imports.
    pub runs_url: String,
    /// The users.
    pub users_url: String,
    /// Posts: goes on where it stopped; `None` when there is nothing to go on with.
    pub resume_action: Option<String>,
    /// What it did.
    pub counts: Counts,
    /// What was found out.
    #[serde(flatten)]
    pub findings: Findings,
    /// Unix milliseconds.
    pub started_at: i64,
    /// Unix milliseconds.
    pub finished_at: Option<i64>,
    /// Who started it; `None` for the command line.
    pub by: Option<String>,
}

impl Findings {
    fn sample() -> Self {
        let way = |label, people| Way {
            label: Message::new(label),
            people,
        };
        let refused = |line, column: Option<&str>, code: &str, reason: &str| RefusedRow {
            line,
            column: column.map(str::to_owned),
            code: code.to_owned(),
            reason: reason.to_owned(),
        };
        Self {
            warnings: vec![
                Message::new("import-odd-unverified"),
                Message::new("import-odd-no-passwords").with("percent", 12),
            ],
            ways: vec![
                way("import-way-password", 3_412),
                way("import-way-verify", 203),
                way("import-way-choose", 489),
                way("import-way-social", 16),
            ],
            ways_total: 4_120,
            schemes: "bcrypt (3,612), md5 (3)".to_owned(),
            samples: sample_rows(),
            refused: vec![
                refused(
                    17,
                    Some("email"),
                    "email_invalid",
                    "“ada@” is not an email address",
                ),
                refused(
                    1_204,
                    None,
                    "row_unbalanced_quote",
                    "a quote that opens is never closed",
                ),
            ],
            report_url: "/admin/users/imports/imp_0193/refused.csv".to_owned(),
        }
    }
}

fn sample_rows() -> Vec<SampleRow> {
    let row = |name: &str, email: &str, is_verified, scheme: Option<&str>, outcome| SampleRow {
        name: name.to_owned(),
        email: email.to_owned(),
        is_verified,
        scheme: scheme.map(str::to_owned),
        outcome: Message::new(outcome),
    };
    vec![
        row(
            "Ada Lovelace",
            "ada@example.com",
            true,
            Some("bcrypt, cost 10"),
            "import-outcome-create",
        ),
        row(
            "Charles Babbage",
            "charles@example.com",
            false,
            None,
            "import-outcome-update",
        ),
        row(
            "Mary Somerville",
            "mary@example.com",
            true,
            Some("md5"),
            "import-outcome-unchanged",
        ),
    ]
}

impl Page for DryRun {
    const TEMPLATE: &'static str = "admin/imports/dry_run.html";

    fn sample() -> Self {
        Self {
            source: "Auth0".to_owned(),
            files: vec!["users.ndjson".to_owned(), "passwords.ndjson".to_owned()],
            back_url: "/admin/users/import".to_owned(),
            counts: Counts {
                created: 4_117,
                updated: 3,
                unchanged: 0,
                refused: 12,
            },
            findings: Findings::sample(),
            confirm_action: "/admin/users/imports/imp_0193/confirm".to_owned(),
            discard_action: "/admin/users/imports/imp_0193/discard".to_owned(),
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        let counts = Counts {
            unchanged: 4_120,
            ..Counts::default()
        };
        vec![(
            "nothing",
            Self {
                counts,
                findings: Findings::default(),
                ..Self::sample()
            },
        )]
    }
}

impl Page for Run {
    const TEMPLATE: &'static str = "admin/imports/run.html";

    fn sample() -> Self {
        Self {
            id: "imp_0193a1c28d7b".to_owned(),
            source: "Auth0".to_owned(),
            files: vec!["users.ndjson".to_owned(), "passwords.ndjson".to_owned()],
            state: RunState::FinishedWithRefusals,
            failure: None,
            runs_url: "/admin/users/imports".to_owned(),
            users_url: "/admin/users".to_owned(),
            resume_action: None,
            counts: Counts {
                created: 4_117,
                updated: 3,
                unchanged: 0,
                refused: 12,
            },
            findings: Findings {
                warnings: Vec::new(),
                samples: Vec::new(),
                ..Findings::sample()
            },
            started_at: 1_795_224_660_000,
            finished_at: Some(1_795_224_661_400),
            by: Some("Ada Lovelace".to_owned()),
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        let stopped = Self {
            state: RunState::Stopped,
            failure: Some(Message::new("import-failure-stopped")),
            resume_action: Some("/admin/users/imports/imp_0193/resume".to_owned()),
            findings: Findings::default(),
            finished_at: None,
            by: None,
            ..Self::sample()
        };
        vec![("stopped", stopped)]
    }
}
