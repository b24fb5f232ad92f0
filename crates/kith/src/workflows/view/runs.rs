//! Runtime logs.

use serde::Serialize;

use super::{Head, SAMPLE_TIME};
use crate::pages::{Filter, Message, Page, Pager, Tone};

/// A workflow: Runtime logs.
#[derive(Debug, Clone, Serialize)]
pub struct RuntimeLogs {
    /// The top.
    pub head: Head,
    /// Where the search asks.
    pub action: String,
    /// What was searched for.
    pub q: String,
    /// Outcomes to choose from.
    pub filters: Vec<Filter>,
    /// The runs, newest first.
    pub rows: Vec<RunRow>,
    /// The pages around this one.
    pub pager: Pager,
}

/// A run in the list.
#[derive(Debug, Clone, Serialize)]
pub struct RunRow {
    /// Its page.
    pub url: String,
    /// How it ended.
    pub outcome: Message,
    /// How that is meant.
    pub tone: Tone,
    /// Whether it was one of a preview.
    pub is_preview: bool,
    /// Why it failed, or what it printed last; empty where it was silent.
    pub said: String,
    /// When it began, in milliseconds since 1970.
    pub began_at: i64,
    /// How long it took, in milliseconds.
    pub took_ms: i64,
}

/// A run.
#[derive(Debug, Clone, Serialize)]
pub struct RunDetails {
    /// The top.
    pub head: Head,
    /// Back to the list.
    pub runs_url: String,
    /// Its id.
    pub id: String,
    /// How it ended.
    pub outcome: Message,
    /// How that is meant.
    pub tone: Tone,
    /// What fired it.
    pub trigger: String,
    /// The id of the version that ran.
    pub version: String,
    /// Whether it was one of a preview.
    pub is_preview: bool,
    /// When it began, in milliseconds since 1970.
    pub began_at: i64,
    /// How long it took, in milliseconds.
    pub took_ms: i64,
    /// How long it computed, in milliseconds.
    pub cpu_ms: u64,
    /// The most that it held, in KiB.
    pub memory_kib: u64,
    /// Why it failed.
    pub failure: Option<RunFailure>,
    /// What it printed.
    pub lines: Vec<LineRow>,
    /// What it called.
    pub calls: Vec<CallRow>,
    /// What it wanted done, as JSON; empty where that is nothing.
    pub effects: String,
    /// What it was told, as JSON, secrets taken out; empty where that was too long to be kept.
    pub event: String,
}

/// Why a run failed.
#[derive(Debug, Clone, Serialize)]
pub struct RunFailure {
    /// A stable code.
    pub kind: String,
    /// What happened.
    pub message: String,
    /// Where, innermost first.
    pub stack: Vec<String>,
}

/// A line that a run printed.
#[derive(Debug, Clone, Serialize)]
pub struct LineRow {
    /// Milliseconds after the start.
    pub after_ms: u64,
    /// `debug`, `log`, `info`, `warn` or `error`.
    pub level: String,
    /// The text.
    pub text: String,
}

/// A call to another server, or to our own API.
#[derive(Debug, Clone, Serialize)]
pub struct CallRow {
    /// Milliseconds after the start.
    pub after_ms: u64,
    /// In capitals.
    pub method: String,
    /// Where to.
    pub url: String,
    /// What was answered; none where nothing was.
    pub status: Option<u64>,
    /// Why there is no answer; empty where there is one.
    pub error: String,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
    /// Whether it was answered here, without a network.
    pub is_local: bool,
    /// Whether the body was encrypted.
    pub is_encrypted: bool,
}

impl Page for RuntimeLogs {
    const TEMPLATE: &'static str = "admin/workflows/runs.html";

    fn sample() -> Self {
        let url = "/admin/workflows/wf_0193/runs";
        let row = |outcome, tone, said: &str| RunRow {
            url: format!("{url}/wfrun_0193"),
            outcome: Message::new(outcome),
            tone,
            is_preview: said == "moved",
            said: said.to_owned(),
            began_at: SAMPLE_TIME,
            took_ms: 212,
        };
        let filter = |value: &'static str, label| Filter {
            label: Message::new(label),
            value,
            url: format!("{url}?show={value}"),
            is_current: value.is_empty(),
        };
        Self {
            head: Head::sample("/runs"),
            action: url.to_owned(),
            q: String::new(),
            filters: vec![
                filter("", "workflow-runs-all"),
                filter("failed", "workflow-outcome-failed"),
            ],
            rows: vec![
                row("workflow-outcome-succeeded", Tone::Good, "moved"),
                row(
                    "workflow-outcome-failed",
                    Tone::Bad,
                    "connection refused by acme.eu.auth0.com",
                ),
                row("workflow-outcome-denied", Tone::Warn, ""),
            ],
            pager: Pager::default(),
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        let empty = Self {
            rows: Vec::new(),
            ..Self::sample()
        };
        let unfound = Self {
            q: "refused".to_owned(),
            ..empty.clone()
        };
        vec![("empty", empty), ("unfound", unfound)]
    }
}

impl Page for RunDetails {
    const TEMPLATE: &'static str = "admin/workflows/run.html";

    fn sample() -> Self {
        let line = |after_ms, level: &str, text: &str| LineRow {
            after_ms,
            level: level.to_owned(),
            text: text.to_owned(),
        };
        let call = CallRow {
            after_ms: 3,
            method: "POST".to_owned(),
            url: "https://acme.eu.auth0.com/oauth/token".to_owned(),
            status: Some(200),
            error: String::new(),
            took_ms: 180,
            is_local: false,
            is_encrypted: false,
        };
        let unanswered = CallRow {
            status: None,
            error: "connection refused".to_owned(),
            is_encrypted: true,
            ..call.clone()
        };
        let own = CallRow {
            url: "https://id.example.com/api/v1/user".to_owned(),
            is_local: true,
            ..call.clone()
        };
        Self {
            head: Head::sample("/runs"),
            runs_url: "/admin/workflows/wf_0193/runs".to_owned(),
            id: "wfrun_0193".to_owned(),
            outcome: Message::new("workflow-outcome-succeeded"),
            tone: Tone::Good,
            trigger: "user:existing_password_provided".to_owned(),
            version: "wfv_0193".to_owned(),
            is_preview: true,
            began_at: SAMPLE_TIME,
            took_ms: 212,
            cpu_ms: 4,
            memory_kib: 910,
            failure: None,
            lines: vec![
                line(1, "log", "asking Auth0 about ada@example.com"),
                line(190, "warn", "no verified address"),
            ],
            calls: vec![call, unanswered, own],
            effects: "{\n  \"denied\": \"Ask your administrator.\"\n}".to_owned(),
            event: "{\n  \"context\": {\n    \"auth\": { \"password\": \"•••\" }\n  }\n}"
                .to_owned(),
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        let failed = Self {
            outcome: Message::new("workflow-outcome-failed"),
            tone: Tone::Bad,
            is_preview: false,
            failure: Some(RunFailure {
                kind: "thrown".to_owned(),
                message: "TypeError: cannot read property 'email' of undefined".to_owned(),
                stack: vec!["default (Workflow.ts:14:21)".to_owned()],
            }),
            lines: Vec::new(),
            calls: Vec::new(),
            effects: String::new(),
            event: String::new(),
            ..Self::sample()
        };
        vec![("failed", failed)]
    }
}
