//! What the pages of imports show: facts for `templates/admin/imports/`.

mod findings;

use serde::Serialize;

use crate::pages::{Message, Page, Pager, Problems};

pub use findings::{DryRun, Findings, Run};
pub use findings::{RefusedRow, SampleRow, Way};

/// A kind of file that can be imported.
#[derive(Debug, Clone, Serialize)]
pub struct SourceCard {
    /// What guides call it.
    pub title: Message,
    /// What to bring.
    pub text: Message,
    /// Whether it is the one that finds out by itself.
    pub is_auto: bool,
    /// Its upload page.
    pub url: String,
}

/// Import users: choose a source.
#[derive(Debug, Clone, Serialize)]
pub struct ChooseSource {
    /// Back to the users.
    pub users_url: String,
    /// The list of imports, when there are any.
    pub runs_url: Option<String>,
    /// Auto-detect first.
    pub sources: Vec<SourceCard>,
}

/// A file to bring.
#[derive(Debug, Clone, Serialize)]
pub struct FileSlot {
    /// The field's name: `file`, `users`, `passwords`.
    pub field: &'static str,
    /// What it is.
    pub label: Message,
    /// Where it comes from.
    pub hint: Message,
    /// For the browser's file dialog: `.csv,.gz`.
    pub accept: &'static str,
    /// Whether the import makes sense without it.
    pub is_required: bool,
}

/// Import users: upload.
#[derive(Debug, Clone, Serialize)]
pub struct Upload {
    /// What guides call the source.
    pub title: Message,
    /// What to bring.
    pub text: Message,
    /// Where the form posts, as `multipart/form-data`; `csrf` is its first part.
    pub action: String,
    /// Back to the sources.
    pub back_url: String,
    /// The files.
    pub slots: Vec<FileSlot>,
    /// What is wrong with the files.
    pub problems: Problems,
}

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

/// How far an import is. Also sent alone, as the data of the event `progress`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// Rows that are through.
    pub done: u64,
    /// All rows, when that is known.
    pub total: Option<u64>,
    /// Rows a second; 0 until it is known.
    pub per_second: u64,
    /// How long it still takes, when that is known.
    pub seconds_left: Option<u64>,
}

/// An import, or its dry run, at work.
#[derive(Debug, Clone, Serialize)]
pub struct Running {
    /// Whether nothing is written.
    pub is_dry_run: bool,
    /// The files' names.
    pub files: Vec<String>,
    /// The list of imports.
    pub runs_url: String,
    /// Server-sent events: `progress` with the HTML of [`Progress`], then `done`, upon which the page is loaded again.
    pub events_url: String,
    /// Posts: stops it, in a way that can be resumed; `None` when it can't be stopped.
    pub stop_action: Option<String>,
    /// How far it is.
    #[serde(flatten)]
    pub progress: Progress,
}

/// Where an import stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
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
}

/// One import of the list.
#[derive(Debug, Clone, Serialize)]
pub struct RunRow {
    /// The source's name.
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
    /// One page of them, newest first.
    pub rows: Vec<RunRow>,
    /// The pages around it.
    pub pager: Pager,
}

impl Page for ChooseSource {
    const TEMPLATE: &'static str = "admin/imports/choose.html";

    fn sample() -> Self {
        let source = |title, text, name: &str| SourceCard {
            title: Message::new(title),
            text: Message::new(text),
            is_auto: name == "auto",
            url: format!("/admin/users/import/{name}"),
        };
        Self {
            users_url: "/admin/users".to_owned(),
            runs_url: Some("/admin/users/imports".to_owned()),
            sources: vec![
                source("import-source-auto", "import-source-auto-text", "auto"),
                source("import-source-auth0", "import-source-auth0-text", "auth0"),
                source("import-source-clerk", "import-source-clerk-text", "clerk"),
                source("import-source-csv", "import-source-csv-text", "csv"),
            ],
        }
    }
}

impl Page for Upload {
    const TEMPLATE: &'static str = "admin/imports/upload.html";

    fn sample() -> Self {
        let slot = FileSlot {
            field: "file",
            label: Message::new("import-file"),
            hint: Message::new("import-file-hint"),
            accept: ".csv,.json,.ndjson,.gz",
            is_required: true,
        };
        Self {
            title: Message::new("import-source-auto"),
            text: Message::new("import-source-auto-text"),
            action: "/admin/users/import/auto".to_owned(),
            back_url: "/admin/users/import".to_owned(),
            slots: vec![slot],
            problems: Problems::none(),
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        let slot = |field, label, hint| FileSlot {
            field,
            label: Message::new(label),
            hint: Message::new(hint),
            accept: ".json,.ndjson,.gz",
            is_required: false,
        };
        let auth0 = Self {
            title: Message::new("import-source-auth0"),
            text: Message::new("import-source-auth0-text"),
            slots: vec![
                slot("users", "import-file-users", "import-file-users-hint"),
                slot(
                    "passwords",
                    "import-file-passwords",
                    "import-file-passwords-hint",
                ),
            ],
            problems: Problems::at("users", Message::new("import-error-file")),
            ..Self::sample()
        };
        let unknown = Problems::at("file", Message::new("import-error-unknown"));
        vec![
            ("auth0", auth0),
            (
                "unknown",
                Self {
                    problems: unknown,
                    ..Self::sample()
                },
            ),
        ]
    }
}

impl Page for Progress {
    const TEMPLATE: &'static str = "admin/imports/progress.html";

    fn sample() -> Self {
        Self {
            done: 2_480,
            total: Some(4_120),
            per_second: 8_120,
            seconds_left: Some(12),
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        let unknown = Self {
            total: None,
            seconds_left: None,
            ..Self::sample()
        };
        let starting = Self {
            done: 0,
            total: None,
            per_second: 0,
            seconds_left: None,
        };
        vec![
            (
                "long",
                Self {
                    seconds_left: Some(200),
                    ..Self::sample()
                },
            ),
            ("unknown", unknown),
            ("starting", starting),
        ]
    }
}

impl Page for Running {
    const TEMPLATE: &'static str = "admin/imports/running.html";

    fn sample() -> Self {
        Self {
            is_dry_run: false,
            files: vec!["users.ndjson".to_owned(), "passwords.ndjson".to_owned()],
            runs_url: "/admin/users/imports".to_owned(),
            events_url: "/admin/users/imports/imp_0193/events".to_owned(),
            stop_action: Some("/admin/users/imports/imp_0193/stop".to_owned()),
            progress: Progress::sample(),
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        vec![(
            "dry",
            Self {
                is_dry_run: true,
                stop_action: None,
                ..Self::sample()
            },
        )]
    }
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
        Self {
            users_url: "/admin/users".to_owned(),
            import_url: "/admin/users/import".to_owned(),
            rows: vec![
                row("Clerk", "clerk-export.csv", RunState::Running),
                row("Clerk", "clerk-export.csv", RunState::Checking),
                row("Clerk", "clerk-export.csv", RunState::Ready),
                row("Auth0", "users.ndjson", RunState::FinishedWithRefusals),
                row("Custom CSV", "people.csv", RunState::Finished),
                row("Custom CSV", "people.csv", RunState::Stopped),
                row("Custom CSV", "old.csv", RunState::Failed),
            ],
            pager: Pager::default(),
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        vec![(
            "empty",
            Self {
                rows: Vec::new(),
                ..Self::sample()
            },
        )]
    }
}
