//! The versions of a workflow, what their builds remarked, and which one runs.

use axum::extract::Path;
use axum::response::Response;
use serde_json::Value;

use super::{find, findings, head, path, refused, url};
use crate::http::{Form, Result};
use crate::pages::{Message, Notice};
use crate::team::Member;
use crate::workflows::versions::{self, State, Version};
use crate::workflows::view::{Build, BuildLogs, VersionRow, Versions};
use crate::workflows::{changed, preview};

pub(super) async fn show(member: Member, Path(id): Path<String>) -> Result<Response> {
    let mut tx = member.cx.db().read().await?;
    let workflow = find(&member, &mut tx, &id).await?;
    let all = versions::versions(&member.cx, &mut tx, &id).await?;
    let url = url(&member, &workflow);
    let rows = all.into_iter().map(|version| row(&url, version));
    Ok(member.show(&Versions {
        head: head(&member, &workflow, "/versions"),
        rows: rows.collect(),
    }))
}

fn row(url: &str, version: Version) -> VersionRow {
    let can_run = matches!(version.state, State::Deployed | State::Deactivated);
    VersionRow {
        state: version.state.as_str(),
        n_remarks: version.build_log().as_array().map_or(0, Vec::len),
        source: source(&version.source()),
        activate_url: can_run.then(|| format!("{url}/versions/{}/activate", version.id)),
        preview_url: preview::is_possible(&version)
            .then(|| format!("{url}/versions/{}/preview", version.id)),
        log_url: format!("{url}/build-logs#version-{}", version.number),
        number: version.number,
        deployed_at: version.created_at.millis(),
        deployed_by: version.deployed_by,
    }
}

/// Where the files came from.
fn source(source: &Value) -> Message {
    let text = |field: &str| source[field].as_str().unwrap_or_default().to_owned();
    match source["kind"].as_str() {
        Some("git") => Message::new("workflow-source-git")
            .with("url", text("url"))
            .with(
                "commit",
                text("commit").chars().take(10).collect::<String>(),
            ),
        Some("folder") => Message::new("workflow-source-folder").with("path", text("path")),
        _ => Message::new("workflow-source-upload"),
    }
}

pub(super) async fn build_logs(member: Member, Path(id): Path<String>) -> Result<Response> {
    let mut tx = member.cx.db().read().await?;
    let workflow = find(&member, &mut tx, &id).await?;
    let all = versions::versions(&member.cx, &mut tx, &id).await?;
    let build = |version: Version| Build {
        number: version.number,
        deployed_at: version.created_at.millis(),
        findings: findings(&version.build_log()),
    };
    Ok(member.show(&BuildLogs {
        head: head(&member, &workflow, "/build-logs"),
        builds: all.into_iter().map(build).collect(),
    }))
}

pub(super) async fn activate(
    member: Member,
    Path((id, version)): Path<(String, String)>,
    form: Form,
) -> Result<Response> {
    member.check(&form)?;
    let cx = &member.cx;
    let mut tx = cx.db().begin().await?;
    let workflow = find(&member, &mut tx, &id).await?;
    let back = format!("{}/versions", path(&workflow));
    if let Err(error) = versions::activate(cx, &mut tx, &id, &version).await {
        return refused(&member, &back, error);
    }
    tx.commit().await?;
    changed(cx).await;
    let said = Notice::good(Message::new("workflow-activated-notice"));
    Ok(member.done(&back, &said))
}
