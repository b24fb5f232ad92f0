//! Runtime logs: what a workflow's runs were told, did and cost.

use axum::extract::Path;
use axum::response::Response;
use serde::Deserialize;
use serde_json::Value;

use super::{find, head, url};
use crate::http::{Query, Result};
use crate::pages::{self, Message, Tone};
use crate::team::Member;
use crate::team::admin::listing::{Span, address};
use crate::workflows::WorkflowsError;
use crate::workflows::runs::{self, Filter, Outcome, Run};
use crate::workflows::view::{CallRow, LineRow, RunDetails, RunFailure, RunRow, RuntimeLogs};

/// How a run may have ended: outcome, phrase, tone.
const OUTCOMES: &[(Outcome, &str, Tone)] = &[
    (Outcome::Succeeded, "workflow-outcome-succeeded", Tone::Good),
    (Outcome::Denied, "workflow-outcome-denied", Tone::Warn),
    (
        Outcome::Invalidated,
        "workflow-outcome-invalidated",
        Tone::Warn,
    ),
    (Outcome::Failed, "workflow-outcome-failed", Tone::Bad),
    (
        Outcome::FailedAndWentOn,
        "workflow-outcome-failed-and-went-on",
        Tone::Bad,
    ),
];

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    q: String,
    show: String,
}

pub(super) async fn list(
    member: Member,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    Query(span): Query<Span>,
) -> Result<Response> {
    let mut tx = member.cx.db().read().await?;
    let workflow = find(&member, &mut tx, &id).await?;
    drop(tx);
    let q = asked.q.trim();
    let chosen = OUTCOMES
        .iter()
        .map(|(outcome, ..)| outcome.as_str())
        .find(|outcome| *outcome == asked.show)
        .unwrap_or_default();
    let filled = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let filter = Filter {
        workflow: Some(workflow.id.clone()),
        outcome: filled(chosen),
        text: filled(q),
    };
    let page = runs::list(&member.cx, &filter, &span.wanted(true)).await?;
    let action = format!("{}/runs", url(&member, &workflow));
    let (found, pager) = span.settle(
        page,
        |run| run.id.as_str(),
        |at| address(&action, &[("q", q), ("show", chosen), at]),
    );
    Ok(member.show(&RuntimeLogs {
        head: head(&member, &workflow, "/runs"),
        q: q.to_owned(),
        filters: filters(&action, q, chosen),
        rows: found.into_iter().map(|run| row(&action, &run)).collect(),
        pager,
        action,
    }))
}

fn filters(action: &str, q: &str, chosen: &str) -> Vec<pages::Filter> {
    let filter = |value: &'static str, label| pages::Filter {
        label: Message::new(label),
        value,
        url: address(action, &[("q", q), ("show", value)]),
        is_current: value == chosen,
    };
    let all = std::iter::once(filter("", "workflow-runs-all"));
    let outcomes = OUTCOMES.iter();
    all.chain(outcomes.map(|(outcome, label, _)| filter(outcome.as_str(), label)))
        .collect()
}

fn row(url: &str, run: &Run) -> RunRow {
    let (outcome, tone) = ended(&run.outcome);
    RunRow {
        url: format!("{url}/{}", run.id),
        outcome,
        tone,
        is_preview: run.is_preview,
        said: said(&run.document),
        began_at: run.created_at.millis(),
        took_ms: run.duration_ms,
    }
}

fn ended(outcome: &str) -> (Message, Tone) {
    let known = OUTCOMES
        .iter()
        .find(|(known, ..)| known.as_str() == outcome);
    // What another version of Kith wrote is at least no success.
    let (_, label, tone) = known.unwrap_or(&OUTCOMES[3]);
    (Message::new(label), *tone)
}

/// The one line that tells most of a run: why it failed, or else what it printed last.
fn said(document: &Value) -> String {
    let failure = document["failure"]["message"].as_str();
    let printed = || {
        let last = document["lines"].as_array().and_then(|lines| lines.last());
        last.and_then(|line| line["text"].as_str())
    };
    let text = failure.or_else(printed).unwrap_or_default();
    text.chars().take(120).collect()
}

pub(super) async fn show(
    member: Member,
    Path((id, run)): Path<(String, String)>,
) -> Result<Response> {
    let mut tx = member.cx.db().read().await?;
    let workflow = find(&member, &mut tx, &id).await?;
    drop(tx);
    let unknown = || WorkflowsError::UnknownRun(run.clone());
    let found = runs::find(&member.cx, &run.parse().map_err(|_| unknown())?).await?;
    if found.workflow != workflow.id {
        return Err(unknown().into());
    }
    let (outcome, tone) = ended(&found.outcome);
    let document = &found.document;
    Ok(member.show(&RunDetails {
        head: head(&member, &workflow, "/runs"),
        runs_url: format!("{}/runs", url(&member, &workflow)),
        id: found.id.to_string(),
        outcome,
        tone,
        trigger: found.trigger,
        version: found.version.to_string(),
        is_preview: found.is_preview,
        began_at: found.created_at.millis(),
        took_ms: found.duration_ms,
        cpu_ms: document["cost"]["cpu_ms"].as_u64().unwrap_or_default(),
        memory_kib: document["cost"]["memory_bytes"]
            .as_u64()
            .unwrap_or_default()
            / 1024,
        failure: failure(&document["failure"]),
        lines: each(&document["lines"], line),
        calls: each(&document["calls"], call),
        effects: pretty(&document["effects"]),
        event: pretty(&document["event"]),
    }))
}

fn each<T>(list: &Value, of: impl Fn(&Value) -> T) -> Vec<T> {
    let all = list.as_array().map(Vec::as_slice).unwrap_or_default();
    all.iter().map(of).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn failure(failure: &Value) -> Option<RunFailure> {
    failure.is_object().then(|| RunFailure {
        kind: text(&failure["kind"]),
        message: text(&failure["message"]),
        stack: each(&failure["stack"], text),
    })
}

fn line(line: &Value) -> LineRow {
    LineRow {
        after_ms: line["after_ms"].as_u64().unwrap_or_default(),
        level: text(&line["level"]),
        text: text(&line["text"]),
    }
}

fn call(call: &Value) -> CallRow {
    CallRow {
        after_ms: call["after_ms"].as_u64().unwrap_or_default(),
        method: text(&call["method"]),
        url: text(&call["url"]),
        status: call["status"].as_u64(),
        error: text(&call["error"]),
        took_ms: call["duration_ms"].as_u64().unwrap_or_default(),
        is_local: call["is_local"].as_bool().unwrap_or_default(),
        is_encrypted: call["is_encrypted"].as_bool().unwrap_or_default(),
    }
}

/// JSON for people; empty where there is nothing to see.
fn pretty(value: &Value) -> String {
    let is_empty = value.is_null() || value.as_object().is_some_and(serde_json::Map::is_empty);
    if is_empty {
        String::new()
    } else {
        format!("{value:#}")
    }
}
