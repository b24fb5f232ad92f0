//! Deploying a project from the files that a browser sends.

use axum::Router;
use axum::extract::multipart::MultipartError;
use axum::extract::{DefaultBodyLimit, Multipart};
use axum::http::StatusCode;
use axum::response::Response;
use script::Files;

use crate::error::Code;
use crate::http::routing::{get, post};
use crate::http::{Failure, Result};
use crate::pages::{Message, Notice, Problems};
use crate::team::Member;
use crate::workflows::WorkflowsError;
use crate::workflows::check::Finding;
use crate::workflows::deploy::{self, Source, Start};
use crate::workflows::source;
use crate::workflows::view::{Deploy, FindingRow};

/// The largest form, in bytes: the most text that can be deployed, and room for what else lies in a folder.
const MAX_FORM: usize = 32 * 1024 * 1024;

pub(super) fn routes() -> Router {
    let form = get(show).merge(post(submit));
    Router::new().route(
        "/workflows/deploy",
        form.layer(DefaultBodyLimit::max(MAX_FORM)),
    )
}

async fn show(member: Member) -> Response {
    member.show(&page(&member, Start::Live))
}

async fn submit(member: Member, parts: Multipart) -> Result<Response> {
    let (files, start) = match receive(&member, parts).await {
        Ok(received) => received,
        Err(Broken::TooLarge) => return Ok(too_large(&member, Start::Live)),
        Err(Broken::Refused(failure)) => return Err(failure),
    };
    if files.is_empty() {
        let problems = Problems::at("folder", Message::new("workflow-deploy-error-none"));
        return Ok(again(&member, start, problems));
    }
    match deploy::deploy(&member.cx, files, &Source::Upload, start).await {
        Ok(deployment) => {
            let names: Vec<_> = deployment
                .workflows
                .iter()
                .map(|deployed| deployed.name.as_str())
                .collect();
            let said = match start {
                Start::Live => Message::new("workflow-deployed-notice"),
                Start::Waiting => Message::new("workflow-deployed-waiting-notice"),
            };
            let said = said.with("names", names.join(", "));
            Ok(member.done("/workflows", &Notice::good(said)))
        }
        Err(WorkflowsError::Invalid(findings)) => Ok(member.show_again(&Deploy {
            findings: findings.into_iter().map(row).collect(),
            ..page(&member, start)
        })),
        Err(WorkflowsError::TooLarge) => Ok(too_large(&member, start)),
        Err(WorkflowsError::TriggerTaken { trigger, workflow }) => {
            let message = Message::new("workflow-error-trigger-taken")
                .with("trigger", trigger)
                .with("workflow", workflow);
            Ok(again(&member, start, Problems::overall(message)))
        }
        Err(error) => Err(error.into()),
    }
}

/// Why there are no files.
enum Broken {
    TooLarge,
    Refused(Failure),
}

impl From<MultipartError> for Broken {
    fn from(error: MultipartError) -> Self {
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
            return Self::TooLarge;
        }
        let why = format!("the form can't be read: {}", error.body_text());
        Self::Refused(Failure::new(Code::INVALID_BODY, why))
    }
}

/// The project's files, and whether they run at once. The form's token comes first, so that nothing is read of a form that was made for
/// another browser.
async fn receive(
    member: &Member,
    mut parts: Multipart,
) -> std::result::Result<(Files, Start), Broken> {
    let token = match parts.next_field().await? {
        Some(part) if part.name() == Some("csrf") => part.text().await?,
        _ => String::new(),
    };
    member.check_token(&token).map_err(Broken::Refused)?;
    let (mut files, mut start) = (Files::new(), Start::Waiting);
    while let Some(part) = parts.next_field().await? {
        // Where a folder was chosen, a file's name is its path in it.
        let path = part.file_name().unwrap_or_default().to_owned();
        if part.name() == Some("is_live") {
            start = Start::Live;
        } else if !path.is_empty() && source::belongs(&path) {
            let bytes = part.bytes().await?;
            files.insert(path, String::from_utf8_lossy(&bytes).into_owned());
        }
    }
    Ok((files, start))
}

fn too_large(member: &Member, start: Start) -> Response {
    let problems = Problems::at("folder", Message::new("workflow-deploy-error-large"));
    again(member, start, problems)
}

fn again(member: &Member, start: Start, problems: Problems) -> Response {
    member.show_again(&Deploy {
        problems,
        ..page(member, start)
    })
}

fn row(finding: Finding) -> FindingRow {
    FindingRow {
        file: finding.file,
        line: finding.line.into(),
        column: finding.column.into(),
        code: finding.code.to_owned(),
        message: finding.message,
        is_error: finding.is_error,
    }
}

fn page(member: &Member, start: Start) -> Deploy {
    Deploy {
        action: member.url("/workflows/deploy"),
        list_url: member.url("/workflows"),
        is_live: start == Start::Live,
        findings: Vec::new(),
        problems: Problems::none(),
    }
}
