//! Versions, build logs, encryption keys.

use serde::Serialize;

use super::{FindingRow, Head, SAMPLE_TIME};
use crate::pages::{Choice, Message, Page};

/// A workflow: Versions.
#[derive(Debug, Clone, Serialize)]
pub struct Versions {
    /// The top.
    pub head: Head,
    /// The versions, newest first.
    pub rows: Vec<VersionRow>,
}

/// A version in the list.
#[derive(Debug, Clone, Serialize)]
pub struct VersionRow {
    /// Its number.
    pub number: i64,
    /// `live`, `deployed`, `deactivated`, …
    pub state: &'static str,
    /// When it was deployed, in milliseconds since 1970.
    pub deployed_at: i64,
    /// Who deployed it.
    pub deployed_by: String,
    /// Where its files came from.
    pub source: Message,
    /// How many things deserved a look when it was built.
    pub n_remarks: usize,
    /// Where they are.
    pub log_url: String,
    /// Where Make live posts; none where it can't be or is already.
    pub activate_url: Option<String>,
    /// Where a link to preview it is made; none where it can't be or is live.
    pub preview_url: Option<String>,
}

/// A workflow: Build logs.
#[derive(Debug, Clone, Serialize)]
pub struct BuildLogs {
    /// The top.
    pub head: Head,
    /// The builds, newest first.
    pub builds: Vec<Build>,
}

/// The build of a version.
#[derive(Debug, Clone, Serialize)]
pub struct Build {
    /// The version's number.
    pub number: i64,
    /// When it was deployed, in milliseconds since 1970.
    pub deployed_at: i64,
    /// What deserved a look.
    pub findings: Vec<FindingRow>,
}

/// A workflow: Encryption keys.
#[derive(Debug, Clone, Serialize)]
pub struct EncryptionKeys {
    /// The top.
    pub head: Head,
    /// The keys, oldest first.
    pub rows: Vec<KeyRow>,
    /// The key that was just made; it is on no other page.
    pub shown: Option<String>,
    /// How messages may be written.
    pub encodings: Vec<Choice>,
    /// Where `encoding` is posted to make a key.
    pub add_action: String,
}

/// A key in the list.
#[derive(Debug, Clone, Serialize)]
pub struct KeyRow {
    /// Its id.
    pub id: String,
    /// How its messages are written.
    pub encoding: &'static str,
    /// Whether it encrypts now.
    pub is_active: bool,
    /// When it was made, in milliseconds since 1970.
    pub created_at: i64,
    /// Where Make active posts.
    pub activate_url: String,
    /// Where Deactivate posts.
    pub deactivate_url: String,
    /// Where it is deleted.
    pub delete_url: String,
}

impl Page for Versions {
    const TEMPLATE: &'static str = "admin/workflows/versions.html";

    fn sample() -> Self {
        let url = "/admin/workflows/wf_0193";
        let row = |number: i64, state, can_run: bool| VersionRow {
            number,
            state,
            deployed_at: SAMPLE_TIME + number * 86_400_000,
            deployed_by: "member:kp_0193".to_owned(),
            source: Message::new("workflow-source-upload"),
            n_remarks: 0,
            log_url: format!("{url}/build-logs#version-{number}"),
            activate_url: can_run.then(|| format!("{url}/versions/wfv_{number}/activate")),
            preview_url: can_run.then(|| format!("{url}/versions/wfv_{number}/preview")),
        };
        let git = VersionRow {
            source: Message::new("workflow-source-git")
                .with("url", "https://git.example.com/workflows")
                .with("commit", "9fceb02d0a"),
            n_remarks: 2,
            ..row(1, "deactivated", true)
        };
        Self {
            head: Head::sample("/versions"),
            rows: vec![
                row(4, "live", false),
                row(3, "deployed", true),
                row(2, "failed", false),
                git,
            ],
        }
    }
}

impl Page for BuildLogs {
    const TEMPLATE: &'static str = "admin/workflows/build_logs.html";

    fn sample() -> Self {
        let build = |number, findings| Build {
            number,
            deployed_at: SAMPLE_TIME,
            findings,
        };
        Self {
            head: Head::sample("/build-logs"),
            builds: vec![build(2, Vec::new()), build(1, FindingRow::samples())],
        }
    }
}

impl Page for EncryptionKeys {
    const TEMPLATE: &'static str = "admin/workflows/keys.html";

    fn sample() -> Self {
        let url = "/admin/workflows/wf_0193/keys";
        let row = |id: &str, is_active| KeyRow {
            id: id.to_owned(),
            encoding: "base64url",
            is_active,
            created_at: SAMPLE_TIME,
            activate_url: format!("{url}/{id}/activate"),
            deactivate_url: format!("{url}/{id}/deactivate"),
            delete_url: format!("{url}/{id}/delete"),
        };
        let choice = |value, label| Choice {
            value,
            label: Message::new(label),
            is_current: value == "base64url",
        };
        Self {
            head: Head::sample("/keys"),
            rows: vec![row("wfkey_0193", true), row("wfkey_0194", false)],
            shown: None,
            encodings: vec![
                choice("base64url", "workflow-key-base64url"),
                choice("base64", "workflow-key-base64"),
            ],
            add_action: url.to_owned(),
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        let shown = Self {
            shown: Some("c2FtcGxlIGtleSBvZiAzMiBieXRlcywgbm90IGEgb25l".to_owned()),
            ..Self::sample()
        };
        let none = Self {
            rows: Vec::new(),
            ..Self::sample()
        };
        vec![("shown", shown), ("none", none)]
    }
}
