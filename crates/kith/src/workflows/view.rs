//! What the pages of workflows show: facts for `templates/admin/workflows/`.

mod preview;
mod repository;
mod runs;
mod variables;
mod versions;

pub use preview::{PreviewLink, PreviewVersion};
pub use repository::{ConnectRepository, RepositoryLink, RepositoryPage, SyncRow};
pub use runs::{CallRow, LineRow, RunDetails, RunFailure, RunRow, RuntimeLogs};
pub use variables::{EditVariable, VariableList, VariableRow};
pub use versions::{Build, BuildLogs, EncryptionKeys, KeyRow, VersionRow, Versions};

use serde::Serialize;

use crate::pages::{Message, Page, Problems, Tab};

/// Workflows: a list.
#[derive(Debug, Clone, Serialize)]
pub struct WorkflowList {
    /// Where a project is deployed.
    pub deploy_url: String,
    /// Where they come from.
    pub repository: RepositoryLink,
    /// The workflows, oldest first.
    pub rows: Vec<WorkflowRow>,
}

/// A workflow in the list.
#[derive(Debug, Clone, Serialize)]
pub struct WorkflowRow {
    /// What people call it.
    pub name: String,
    /// The id that its author gave it.
    pub code: String,
    /// What fires it.
    pub trigger: String,
    /// Whether the trigger fires yet.
    pub is_fired: bool,
    /// Whether a version of it runs.
    pub is_live: bool,
    /// Its page.
    pub url: String,
    /// Its runtime logs.
    pub logs_url: String,
    /// When it was last deployed, in milliseconds since 1970.
    pub deployed_at: Option<i64>,
    /// Runs of the last 24 hours that did what their author meant.
    pub n_right: i64,
    /// Runs of the last 24 hours that failed.
    pub n_failed: i64,
}

/// Deploying a project: a form.
#[derive(Debug, Clone, Serialize)]
pub struct Deploy {
    /// Where `folder` or `files`, and `is_live`, are posted.
    pub action: String,
    /// Back to the list.
    pub list_url: String,
    /// Whether what is deployed runs at once.
    pub is_live: bool,
    /// What is wrong with the files that were sent, and what deserves a look.
    pub findings: Vec<FindingRow>,
    /// What is wrong with the form.
    pub problems: Problems,
}

/// Something that is wrong with a project, or deserves a look.
#[derive(Debug, Clone, Serialize)]
pub struct FindingRow {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: u64,
    /// The column, from 1.
    pub column: u64,
    /// A stable code.
    pub code: String,
    /// What is wrong and what to do.
    pub message: String,
    /// Whether it keeps the project from being deployed.
    pub is_error: bool,
}

/// The top of a workflow's pages.
#[derive(Debug, Clone, Serialize)]
pub struct Head {
    /// What people call it.
    pub name: String,
    /// The id that its author gave it.
    pub code: String,
    /// Whether a version of it runs.
    pub is_live: bool,
    /// Back to the list.
    pub list_url: String,
    /// Its parts.
    pub tabs: Vec<Tab>,
}

/// A workflow: Details.
#[derive(Debug, Clone, Serialize)]
pub struct WorkflowDetails {
    /// The top.
    pub head: Head,
    /// What fires it.
    pub trigger: String,
    /// When that is, in a sentence.
    pub about: Option<Message>,
    /// Whether the trigger fires yet.
    pub is_fired: bool,
    /// What its failure means.
    pub policy: Option<Message>,
    /// What it declares.
    pub bindings: Vec<BindingRow>,
    /// The version that runs.
    pub live: Option<LiveVersion>,
    /// Where a version is made live.
    pub versions_url: String,
    /// Where Deactivate posts; none while no version is live.
    pub deactivate_url: Option<String>,
    /// Where it is deleted.
    pub delete_url: String,
}

/// A binding that a workflow declares.
#[derive(Debug, Clone, Serialize)]
pub struct BindingRow {
    /// Its name.
    pub name: String,
    /// Its settings, as JSON; empty where it has none.
    pub settings: String,
}

/// The version that runs.
#[derive(Debug, Clone, Serialize)]
pub struct LiveVersion {
    /// Its number.
    pub number: i64,
    /// The file that is the workflow.
    pub file: String,
    /// When it was deployed, in milliseconds since 1970.
    pub deployed_at: i64,
    /// Who deployed it.
    pub deployed_by: String,
}

/// 2026-11-20, 12:00 UTC, in milliseconds since 1970.
const SAMPLE_TIME: i64 = 1_795_176_000_000;

impl Head {
    fn sample(current: &str) -> Self {
        let url = "/admin/workflows/wf_0193";
        let tab = |label, part: &str| Tab {
            label: Message::new(label),
            url: format!("{url}{part}"),
            is_current: part == current,
        };
        Self {
            name: "Ask the old system".to_owned(),
            code: "dripFeedMigration".to_owned(),
            is_live: true,
            list_url: "/admin/workflows".to_owned(),
            tabs: vec![
                tab("tab-details", ""),
                tab("workflow-versions", "/versions"),
                tab("workflow-keys", "/keys"),
                tab("workflow-runs", "/runs"),
                tab("workflow-build-logs", "/build-logs"),
            ],
        }
    }
}

impl FindingRow {
    fn samples() -> Vec<Self> {
        let error = Self {
            file: "kindeSrc/environment/workflows/drip/Workflow.ts".to_owned(),
            line: 4,
            column: 12,
            code: "unknown_trigger".to_owned(),
            message: "Unknown trigger requested: there is no trigger user:sneezed".to_owned(),
            is_error: true,
        };
        let warning = Self {
            line: 7,
            column: 3,
            code: "unknown_binding".to_owned(),
            message: "there is no binding kinde.tea, so it grants nothing".to_owned(),
            is_error: false,
            ..error.clone()
        };
        vec![error, warning]
    }
}

impl Page for WorkflowList {
    const TEMPLATE: &'static str = "admin/workflows/list.html";

    fn sample() -> Self {
        let drip = WorkflowRow {
            name: "Ask the old system".to_owned(),
            code: "dripFeedMigration".to_owned(),
            trigger: "user:existing_password_provided".to_owned(),
            is_fired: true,
            is_live: true,
            url: "/admin/workflows/wf_0193".to_owned(),
            logs_url: "/admin/workflows/wf_0193/runs".to_owned(),
            deployed_at: Some(SAMPLE_TIME),
            n_right: 4_120,
            n_failed: 3,
        };
        let plan = WorkflowRow {
            name: "Keep good customers".to_owned(),
            code: "plans".to_owned(),
            trigger: "user:plan_selection".to_owned(),
            is_fired: false,
            is_live: false,
            url: "/admin/workflows/wf_0194".to_owned(),
            logs_url: "/admin/workflows/wf_0194/runs".to_owned(),
            n_right: 0,
            n_failed: 0,
            ..drip.clone()
        };
        Self {
            deploy_url: "/admin/workflows/deploy".to_owned(),
            repository: RepositoryLink::sample(),
            rows: vec![drip, plan],
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        let empty = Self {
            repository: RepositoryLink {
                sync_url: None,
                ..RepositoryLink::sample()
            },
            rows: Vec::new(),
            ..Self::sample()
        };
        vec![("empty", empty)]
    }
}

impl Page for Deploy {
    const TEMPLATE: &'static str = "admin/workflows/deploy.html";

    fn sample() -> Self {
        Self {
            action: "/admin/workflows/deploy".to_owned(),
            list_url: "/admin/workflows".to_owned(),
            is_live: true,
            findings: Vec::new(),
            problems: Problems::none(),
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        let wrong = Self {
            findings: FindingRow::samples(),
            ..Self::sample()
        };
        let none = Self {
            problems: Problems::at("folder", Message::new("workflow-deploy-error-none")),
            ..Self::sample()
        };
        vec![("wrong", wrong), ("none", none)]
    }
}

impl Page for WorkflowDetails {
    const TEMPLATE: &'static str = "admin/workflows/details.html";

    fn sample() -> Self {
        let url = "/admin/workflows/wf_0193";
        let binding = |name: &str, settings: &str| BindingRow {
            name: name.to_owned(),
            settings: settings.to_owned(),
        };
        Self {
            head: Head::sample(""),
            trigger: "user:existing_password_provided".to_owned(),
            about: Some(Message::new("workflow-trigger-existing-password")),
            is_fired: true,
            policy: Some(Message::new("workflow-policy-stop")),
            bindings: vec![
                binding("kinde.fetch", ""),
                binding("kinde.mfa", r#"{"policy":"required"}"#),
            ],
            live: Some(LiveVersion {
                number: 4,
                file: "kindeSrc/environment/workflows/drip/Workflow.ts".to_owned(),
                deployed_at: SAMPLE_TIME,
                deployed_by: "member:kp_0193".to_owned(),
            }),
            versions_url: format!("{url}/versions"),
            deactivate_url: Some(format!("{url}/deactivate")),
            delete_url: format!("{url}/delete"),
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        let idle = Self {
            head: Head {
                is_live: false,
                ..Head::sample("")
            },
            is_fired: false,
            bindings: Vec::new(),
            live: None,
            deactivate_url: None,
            ..Self::sample()
        };
        vec![("idle", idle)]
    }
}
