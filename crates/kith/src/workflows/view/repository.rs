//! The repository that workflows come from.

use serde::Serialize;

use super::{FindingRow, SAMPLE_TIME};
use crate::pages::{Message, Page, Problems};

/// What the list of workflows says of the repository.
#[derive(Debug, Clone, Serialize)]
pub struct RepositoryLink {
    /// Its page, or the form that connects one.
    pub url: String,
    /// Where Sync code posts; none where no repository is connected.
    pub sync_url: Option<String>,
}

/// Connecting a repository: a form.
#[derive(Debug, Clone, Serialize)]
pub struct ConnectRepository {
    /// Where `url`, `branch`, `token` and `is_polled` are posted.
    pub action: String,
    /// Back to the list.
    pub list_url: String,
    /// Its address.
    pub url: String,
    /// The branch.
    pub branch: String,
    /// Whether the branch is looked at now and then.
    pub is_polled: bool,
    /// What is wrong with the form.
    pub problems: Problems,
}

/// The repository that is connected.
#[derive(Debug, Clone, Serialize)]
pub struct RepositoryPage {
    /// Back to the list.
    pub list_url: String,
    /// Its address.
    pub url: String,
    /// The branch.
    pub branch: String,
    /// Whether it is fetched with a token.
    pub has_token: bool,
    /// Whether the branch is looked at now and then.
    pub is_polled: bool,
    /// Whether a sync was asked for and is not done yet.
    pub is_waiting: bool,
    /// The last commit that was deployed.
    pub commit: Option<String>,
    /// When the branch was last looked at, in milliseconds since 1970.
    pub checked_at: Option<i64>,
    /// Where the repository's server tells of pushes.
    pub hook_url: String,
    /// What it signs its messages with, where that was just made; it is on no other page.
    pub secret: Option<String>,
    /// Where Sync code posts.
    pub sync_url: String,
    /// Where `branch`, `token` and `is_polled` are posted to change it, and `forget_token`, where it asks for none any more.
    pub change_action: String,
    /// Where Make a new secret posts.
    pub rotate_url: String,
    /// What is wrong with what was typed to change it.
    pub problems: Problems,
    /// Where it is disconnected.
    pub disconnect_url: String,
    /// The last syncs, newest first.
    pub syncs: Vec<SyncRow>,
}

/// A sync in the list.
#[derive(Debug, Clone, Serialize)]
pub struct SyncRow {
    /// What made it begin.
    pub cause: Message,
    /// The commit.
    pub commit: Option<String>,
    /// Whether it was deployed.
    pub is_right: bool,
    /// When it ended, in milliseconds since 1970.
    pub ended_at: i64,
    /// The build log.
    pub findings: Vec<FindingRow>,
    /// Why nothing was deployed: a stable code.
    pub code: Option<String>,
    /// The same in words.
    pub message: Option<String>,
    /// The id of its build log on the page.
    pub anchor: String,
}

impl RepositoryLink {
    pub(super) fn sample() -> Self {
        Self {
            url: "/admin/workflows/repository".to_owned(),
            sync_url: Some("/admin/workflows/repository/sync".to_owned()),
        }
    }
}

impl Page for ConnectRepository {
    const TEMPLATE: &'static str = "admin/workflows/connect_repo.html";

    fn sample() -> Self {
        Self {
            action: "/admin/workflows/repository".to_owned(),
            list_url: "/admin/workflows".to_owned(),
            url: String::new(),
            branch: "main".to_owned(),
            is_polled: true,
            problems: Problems::none(),
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        let wrong = Self {
            url: "git@git.example.com:example/workflows".to_owned(),
            problems: Problems::at("url", Message::new("workflow-repo-error-address")),
            ..Self::sample()
        };
        vec![("wrong", wrong)]
    }
}

impl Page for RepositoryPage {
    const TEMPLATE: &'static str = "admin/workflows/repository.html";

    fn sample() -> Self {
        let url = "/admin/workflows/repository";
        let right = SyncRow {
            cause: Message::new("workflow-sync-push"),
            commit: Some("9fceb02d0a".to_owned()),
            is_right: true,
            ended_at: SAMPLE_TIME,
            findings: Vec::new(),
            code: None,
            message: None,
            anchor: "wfsync_0193".to_owned(),
        };
        let wrong = SyncRow {
            cause: Message::new("workflow-sync-request"),
            commit: Some("5d41402abc".to_owned()),
            is_right: false,
            findings: FindingRow::samples(),
            code: Some("workflow_invalid".to_owned()),
            message: Some("the files can't be deployed".to_owned()),
            anchor: "wfsync_0192".to_owned(),
            ..right.clone()
        };
        Self {
            list_url: "/admin/workflows".to_owned(),
            url: "https://git.example.com/example/workflows".to_owned(),
            branch: "main".to_owned(),
            has_token: true,
            is_polled: true,
            is_waiting: false,
            commit: Some("9fceb02d0a".to_owned()),
            checked_at: Some(SAMPLE_TIME),
            hook_url: "https://auth.example.com/hooks/workflows/wfrepo_0193".to_owned(),
            secret: None,
            sync_url: format!("{url}/sync"),
            change_action: format!("{url}/change"),
            rotate_url: format!("{url}/rotate"),
            problems: Problems::none(),
            disconnect_url: format!("{url}/disconnect"),
            syncs: vec![right, wrong],
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        let new = Self {
            has_token: false,
            is_polled: false,
            is_waiting: true,
            commit: None,
            checked_at: None,
            secret: Some("c2FtcGxlIHNlY3JldA".to_owned()),
            syncs: Vec::new(),
            ..Self::sample()
        };
        let wrong = Self {
            branch: "a..b".to_owned(),
            problems: Problems::at("branch", Message::new("workflow-repo-error-branch")),
            ..Self::sample()
        };
        vec![("new", new), ("wrong", wrong)]
    }
}
