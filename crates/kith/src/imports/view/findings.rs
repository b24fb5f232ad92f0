//! What an import found out: the result of a dry run, and the page of a finished run.

use serde::Serialize;

use super::{CohortTable, Counts, NoteRow, RiskRow, RunHead, RunState, UndoneCounts};
use crate::pages::{Message, Page};

/// A way in which some of the people will sign in.
#[derive(Debug, Clone, Serialize)]
pub struct Way {
    /// Which way.
    pub label: Message,
    /// How many people.
    pub people: u64,
}

/// A field of a person, before and after.
#[derive(Debug, Clone, Serialize)]
pub struct SampleChangeRow {
    /// Which field.
    pub label: Message,
    /// Which of several of the kind.
    pub of: Option<String>,
    /// What it was; none where there was nothing.
    pub before: Option<String>,
    /// What it becomes; none where that isn't shown.
    pub after: Option<String>,
}

/// A row, and what happens to it.
#[derive(Debug, Clone, Serialize)]
pub struct SampleRow {
    /// The line in the file, from 1.
    pub line: u64,
    /// The person's name; may be empty.
    pub name: String,
    /// Their address; may be empty.
    pub contact: String,
    /// Whether it counts as verified.
    pub is_verified: bool,
    /// What becomes of them, field by field.
    pub changes: Vec<SampleChangeRow>,
    /// The row in the file, secrets blanked.
    pub row: String,
}

/// One outcome, with rows that show it.
#[derive(Debug, Clone, Serialize)]
pub struct Examples {
    /// `created`, `updated`, `unchanged` or `refused`; for ids.
    pub id: &'static str,
    /// The outcome, with its count.
    pub title: Message,
    /// What it means.
    pub text: Message,
    /// Whether people are new, so that there is no before.
    pub is_new: bool,
    /// Some rows.
    pub samples: Vec<SampleRow>,
    /// Some refused rows.
    pub refused: Vec<NoteRow>,
    /// All of them, where there is a list.
    pub all_url: Option<String>,
}

/// What a dry run, or a run, found out beside the counts.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Findings {
    /// What is to be weighed, the gravest first.
    pub risks: Vec<RiskRow>,
    /// What else looks odd.
    pub warnings: Vec<Message>,
    /// How people will sign in, the most common way first.
    pub ways: Vec<Way>,
    /// All people of `ways` together.
    pub ways_total: u64,
    /// Passwords by how they are hashed.
    pub cohorts: CohortTable,
    /// The outcomes that there are, with rows that show them.
    pub examples: Vec<Examples>,
}

/// The result of a dry run, and the question.
#[derive(Debug, Clone, Serialize)]
pub struct DryRun {
    /// Its head.
    pub head: RunHead,
    /// What would happen.
    pub counts: Counts,
    /// What was found out.
    #[serde(flatten)]
    pub findings: Findings,
    /// Why strangers would get in: somebody has to insist. The form says so with the field `force`.
    pub must_insist: Option<Message>,
    /// Posts: does it.
    pub confirm_action: String,
    /// Posts: forgets the files.
    pub discard_action: String,
}

/// A finished, failed or stopped run.
#[derive(Debug, Clone, Serialize)]
pub struct Run {
    /// Its head.
    pub head: RunHead,
    /// Its id.
    pub id: String,
    /// Why it stands there, when that needs a sentence.
    pub failure: Option<Message>,
    /// The users.
    pub users_url: String,
    /// Posts: goes on where it stopped; `None` when there is nothing to go on with.
    pub resume_action: Option<String>,
    /// Where undoing it is asked about; `None` when there is nothing to undo.
    pub undo_url: Option<String>,
    /// What undoing it has done, where it was undone.
    pub undone: Option<UndoneCounts>,
    /// Those who were left as they are then.
    pub kept_url: String,
    /// What it did.
    pub counts: Counts,
    /// What was found out.
    #[serde(flatten)]
    pub findings: Findings,
    /// Unix milliseconds.
    pub started_at: i64,
    /// Unix milliseconds.
    pub finished_at: Option<i64>,
    /// Rows a second, once it is over.
    pub per_second: Option<u64>,
    /// Who started it; `None` for the command line.
    pub by: Option<String>,
}

impl Findings {
    fn sample() -> Self {
        let way = |label, people| Way {
            label: Message::new(label),
            people,
        };
        Self {
            risks: RiskRow::samples(),
            warnings: vec![
                Message::new("import-odd-suspended").with("count", 3),
                Message::new("import-odd-left-out")
                    .with("count", 203)
                    .with("code", "unknown_role"),
            ],
            ways: vec![
                way("import-way-password", 3_412),
                way("import-way-verify", 203),
                way("import-way-choose", 489),
                way("import-way-social", 16),
            ],
            ways_total: 4_120,
            cohorts: CohortTable::sample(),
            examples: examples(),
        }
    }
}

fn examples() -> Vec<Examples> {
    let none = Examples {
        id: "created",
        title: Message::new("import-examples-created").with("count", 4_117),
        text: Message::new("import-examples-created-text"),
        is_new: true,
        samples: Vec::new(),
        refused: Vec::new(),
        all_url: None,
    };
    vec![
        Examples {
            samples: vec![SampleRow::sample()],
            ..none.clone()
        },
        Examples {
            id: "updated",
            title: Message::new("import-examples-updated").with("count", 3),
            text: Message::new("import-examples-updated-text"),
            is_new: false,
            samples: vec![charles()],
            ..none.clone()
        },
        Examples {
            id: "unchanged",
            title: Message::new("import-examples-unchanged").with("count", 1),
            text: Message::new("import-examples-unchanged-text"),
            is_new: false,
            samples: vec![SampleRow {
                name: "Mary Somerville".to_owned(),
                contact: "mary@example.com".to_owned(),
                changes: Vec::new(),
                ..SampleRow::sample()
            }],
            ..none.clone()
        },
        Examples {
            id: "refused",
            title: Message::new("import-examples-refused").with("count", 12),
            text: Message::new("import-examples-refused-text"),
            is_new: false,
            refused: vec![NoteRow::sample()],
            all_url: Some("/admin/users/imports/imp_0193/rows?show=refused".to_owned()),
            ..none
        },
    ]
}

fn change(
    label: &'static str,
    of: Option<&str>,
    before: Option<&str>,
    after: Option<&str>,
) -> SampleChangeRow {
    SampleChangeRow {
        label: Message::new(label),
        of: of.map(str::to_owned),
        before: before.map(str::to_owned),
        after: after.map(str::to_owned),
    }
}

impl SampleRow {
    /// Somebody who is new.
    pub(super) fn sample() -> Self {
        Self {
            line: 1,
            name: "Ada Lovelace".to_owned(),
            contact: "ada@example.com".to_owned(),
            is_verified: true,
            changes: vec![
                change("import-field-first-name", None, None, Some("Ada")),
                change(
                    "import-field-identity",
                    Some("email"),
                    None,
                    Some("ada@example.com"),
                ),
                change("import-field-password", None, None, Some("bcrypt")),
                change(
                    "import-field-organization",
                    Some("acme"),
                    None,
                    Some("admin, billing"),
                ),
            ],
            row: r#"{"email":"ada@example.com","given_name":"Ada","passwordHash":"[redacted]"}"#
                .to_owned(),
        }
    }
}

fn charles() -> SampleRow {
    SampleRow {
        line: 2,
        name: "Charles Babbage".to_owned(),
        contact: "charles@example.com".to_owned(),
        is_verified: false,
        changes: vec![
            change(
                "import-field-last-name",
                None,
                Some("Babage"),
                Some("Babbage"),
            ),
            change(
                "import-field-property",
                Some("city"),
                Some("London"),
                Some("Teignmouth"),
            ),
            change("import-field-suspended", None, None, None),
        ],
        row: r#"{"email":"charles@example.com","family_name":"Babbage"}"#.to_owned(),
    }
}

impl Page for DryRun {
    const TEMPLATE: &'static str = "admin/imports/dry_run.html";

    fn sample() -> Self {
        Self {
            head: RunHead::sample(RunState::Ready, ""),
            counts: Counts {
                created: 4_117,
                updated: 3,
                unchanged: 1,
                refused: 12,
            },
            findings: Findings {
                cohorts: CohortTable::dry_sample(),
                ..Findings::sample()
            },
            must_insist: None,
            confirm_action: "/admin/users/imports/imp_0193/confirm".to_owned(),
            discard_action: "/admin/users/imports/imp_0193/discard".to_owned(),
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        let counts = Counts {
            unchanged: 4_120,
            ..Counts::default()
        };
        let nothing = Self {
            counts,
            findings: Findings::default(),
            ..Self::sample()
        };
        vec![("nothing", nothing)]
    }
}

impl Page for Run {
    const TEMPLATE: &'static str = "admin/imports/run.html";

    fn sample() -> Self {
        Self {
            head: RunHead::sample(RunState::FinishedWithRefusals, ""),
            id: "imp_0193a1c28d7b".to_owned(),
            failure: None,
            users_url: "/admin/users".to_owned(),
            resume_action: None,
            undo_url: Some("/admin/users/imports/imp_0193/undo".to_owned()),
            undone: None,
            kept_url: "/admin/users/imports/imp_0193/kept".to_owned(),
            counts: Counts {
                created: 4_117,
                updated: 3,
                unchanged: 1,
                refused: 12,
            },
            findings: Findings {
                risks: Vec::new(),
                warnings: Vec::new(),
                ..Findings::sample()
            },
            started_at: 1_795_224_660_000,
            finished_at: Some(1_795_224_661_400),
            per_second: Some(2_952),
            by: Some("Ada Lovelace".to_owned()),
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        let stopped = Self {
            head: RunHead::sample(RunState::Stopped, ""),
            failure: Some(Message::new("import-failure-stopped")),
            resume_action: Some("/admin/users/imports/imp_0193/resume".to_owned()),
            findings: Findings::default(),
            finished_at: None,
            per_second: None,
            by: None,
            ..Self::sample()
        };
        let undone = Self {
            head: RunHead::sample(RunState::Undone, ""),
            undo_url: None,
            undone: Some(UndoneCounts::sample()),
            findings: Findings::default(),
            ..Self::sample()
        };
        vec![("stopped", stopped), ("undone", undone)]
    }
}
