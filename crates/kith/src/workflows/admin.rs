//! The screens of workflows in the dashboard: the list, deploying, a workflow with its parts, and the environment variables.

mod deploy;
mod details;
mod keys;
mod preview;
mod repository;
mod runs;
mod variables;
mod versions;

use axum::Router;
use axum::response::Response;
use db::Tx;

use super::runs::Tally;
use super::versions::Workflow;
use super::view::{FindingRow, Head, RepositoryLink, WorkflowList, WorkflowRow};
use super::{WorkflowsError, runs as runs_of};
use crate::http::Result;
use crate::http::routing::{get, post};
use crate::pages::{Message, Notice, Tab};
use crate::team::Member;

/// The screens below `/workflows` and `/settings/environment-variables`.
pub fn routes() -> Router {
    let workflow = Router::new()
        .route("/", get(details::show))
        .route("/deactivate", post(details::deactivate))
        .route(
            "/delete",
            get(details::ask_delete).merge(post(details::delete)),
        )
        .route("/versions", get(versions::show))
        .route("/versions/{version}/activate", post(versions::activate))
        .route("/versions/{version}/preview", get(preview::show))
        .route("/build-logs", get(versions::build_logs))
        .route("/keys", get(keys::show).merge(post(keys::add)))
        .route("/keys/{key}/activate", post(keys::activate))
        .route("/keys/{key}/deactivate", post(keys::deactivate))
        .route(
            "/keys/{key}/delete",
            get(keys::ask_delete).merge(post(keys::delete)),
        )
        .route("/runs", get(runs::list))
        .route("/runs/{run}", get(runs::show));
    Router::new()
        .route("/workflows", get(list))
        .merge(deploy::routes())
        .merge(repository::routes())
        .nest("/workflows/{workflow}", workflow)
        .merge(variables::routes())
}

async fn list(member: Member) -> Result<Response> {
    let cx = &member.cx;
    let tallies = runs_of::tally(cx).await?;
    let mut tx = cx.db().read().await?;
    let mut rows = Vec::new();
    for workflow in super::versions::list(cx, &mut tx).await? {
        let versions = super::versions::versions(cx, &mut tx, workflow.id.as_str()).await?;
        let deployed_at = versions.first().map(|version| version.created_at.millis());
        let tally = tallies.get(&workflow.id).copied().unwrap_or_default();
        rows.push(row(&member, workflow, deployed_at, tally));
    }
    let is_connected = super::repository::connected(cx, &mut tx).await?.is_some();
    let repository = RepositoryLink {
        url: member.url(repository::PATH),
        sync_url: is_connected.then(|| member.url(&format!("{}/sync", repository::PATH))),
    };
    Ok(member.show(&WorkflowList {
        repository,
        deploy_url: member.url("/workflows/deploy"),
        rows,
    }))
}

fn row(member: &Member, workflow: Workflow, deployed_at: Option<i64>, tally: Tally) -> WorkflowRow {
    let url = url(member, &workflow);
    WorkflowRow {
        is_fired: workflow.is_fired(),
        is_live: workflow.live_version.is_some(),
        logs_url: format!("{url}/runs"),
        url,
        name: workflow.name,
        code: workflow.code,
        trigger: workflow.trigger,
        deployed_at,
        n_right: tally.n_right,
        n_failed: tally.n_failed,
    }
}

/// The path of a workflow's page, below the dashboard's.
fn path(workflow: &Workflow) -> String {
    format!("/workflows/{}", workflow.id)
}

/// The address of a workflow's page.
fn url(member: &Member, workflow: &Workflow) -> String {
    member.url(&path(workflow))
}

/// The workflow that an address names.
async fn find(member: &Member, tx: &mut Tx, id: &str) -> Result<Workflow> {
    Ok(super::versions::find(&member.cx, tx, id).await?)
}

/// A workflow's parts: phrase, path below its page.
const PARTS: &[(&str, &str)] = &[
    ("tab-details", ""),
    ("workflow-versions", "/versions"),
    ("workflow-keys", "/keys"),
    ("workflow-runs", "/runs"),
    ("workflow-build-logs", "/build-logs"),
];

/// The top of a workflow's pages, with the part at `current` marked.
fn head(member: &Member, workflow: &Workflow, current: &str) -> Head {
    let url = url(member, workflow);
    let tab = |&(label, part): &(&'static str, &str)| Tab {
        label: Message::new(label),
        url: format!("{url}{part}"),
        is_current: part == current,
    };
    Head {
        name: workflow.name.clone(),
        code: workflow.code.clone(),
        is_live: workflow.live_version.is_some(),
        list_url: member.url("/workflows"),
        tabs: PARTS.iter().map(tab).collect(),
    }
}

/// What keeps something from being done in this state, as a notice on the page from which it was tried; other errors go on.
fn refused(member: &Member, path: &str, error: WorkflowsError) -> Result<Response> {
    let message = match error {
        WorkflowsError::TriggerTaken { trigger, workflow } => {
            Message::new("workflow-error-trigger-taken")
                .with("trigger", trigger)
                .with("workflow", workflow)
        }
        WorkflowsError::State(_) => Message::new("workflow-error-state"),
        error => return Err(error.into()),
    };
    Ok(member.done(path, &Notice::bad(message)))
}

/// Findings as they are stored with a version.
fn findings(log: &serde_json::Value) -> Vec<FindingRow> {
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let found = log.as_array().map(Vec::as_slice).unwrap_or_default();
    found
        .iter()
        .map(|found| FindingRow {
            file: text(&found["file"]),
            line: found["line"].as_u64().unwrap_or_default(),
            column: found["column"].as_u64().unwrap_or_default(),
            code: text(&found["code"]),
            message: text(&found["message"]),
            is_error: found["is_error"].as_bool().unwrap_or_default(),
        })
        .collect()
}
