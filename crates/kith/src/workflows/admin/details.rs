//! A workflow at a glance, and its end.

use axum::extract::Path;
use axum::response::Response;

use super::{find, head, path, refused, url};
use crate::http::{Form, Result};
use crate::pages::{Confirm, Message, Notice, Problems};
use crate::team::Member;
use crate::workflows::changed;
use crate::workflows::settings::{FailurePolicy, Settings};
use crate::workflows::trigger::Trigger;
use crate::workflows::versions::{self, Version, Workflow};
use crate::workflows::view::{BindingRow, LiveVersion, WorkflowDetails};

pub(super) async fn show(member: Member, Path(id): Path<String>) -> Result<Response> {
    let cx = &member.cx;
    let mut tx = cx.db().read().await?;
    let workflow = find(&member, &mut tx, &id).await?;
    let versions = versions::versions(cx, &mut tx, &id).await?;
    let live = versions
        .iter()
        .find(|version| Some(&version.id) == workflow.live_version.as_ref());
    // While none is live, the newest one says what the workflow is.
    let settings = match live.or(versions.first()) {
        Some(version) => Some(version.settings()?),
        None => None,
    };
    let url = url(&member, &workflow);
    Ok(member.show(&WorkflowDetails {
        head: head(&member, &workflow, ""),
        trigger: workflow.trigger.clone(),
        about: about(&workflow),
        is_fired: workflow.is_fired(),
        policy: settings.as_ref().map(policy),
        bindings: settings.map(bindings).unwrap_or_default(),
        live: live.map(live_version),
        versions_url: format!("{url}/versions"),
        deactivate_url: workflow
            .live_version
            .as_ref()
            .map(|_| format!("{url}/deactivate")),
        delete_url: format!("{url}/delete"),
    }))
}

fn live_version(version: &Version) -> LiveVersion {
    LiveVersion {
        number: version.number,
        file: version.entry.clone(),
        deployed_at: version.created_at.millis(),
        deployed_by: version.deployed_by.clone(),
    }
}

fn policy(settings: &Settings) -> Message {
    Message::new(match settings.failure_policy {
        FailurePolicy::Stop => "workflow-policy-stop",
        FailurePolicy::Continue => "workflow-policy-continue",
    })
}

fn bindings(settings: Settings) -> Vec<BindingRow> {
    let row = |(name, value): (String, serde_json::Value)| BindingRow {
        name,
        settings: match value {
            serde_json::Value::Object(fields) if fields.is_empty() => String::new(),
            value => value.to_string(),
        },
    };
    settings.bindings.into_iter().map(row).collect()
}

/// When the workflow fires, in a sentence; none for a trigger of another version of Kith.
fn about(workflow: &Workflow) -> Option<Message> {
    let key = match Trigger::parse(&workflow.trigger)? {
        Trigger::UserTokens => "workflow-trigger-user-tokens",
        Trigger::MachineToken => "workflow-trigger-machine-token",
        Trigger::PreRegistration => "workflow-trigger-pre-registration",
        Trigger::PostAuthentication => "workflow-trigger-post-authentication",
        Trigger::PreMfa => "workflow-trigger-pre-mfa",
        Trigger::ExistingPassword => "workflow-trigger-existing-password",
        Trigger::NewPassword => "workflow-trigger-new-password",
        Trigger::NewUsername => "workflow-trigger-new-username",
        Trigger::PlanSelection => "workflow-trigger-plan-selection",
        Trigger::PlanCancellation => "workflow-trigger-plan-cancellation",
    };
    Some(Message::new(key))
}

pub(super) async fn deactivate(
    member: Member,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response> {
    member.check(&form)?;
    let cx = &member.cx;
    let mut tx = cx.db().begin().await?;
    let workflow = find(&member, &mut tx, &id).await?;
    if let Err(error) = versions::deactivate(cx, &mut tx, &id).await {
        return refused(&member, &path(&workflow), error);
    }
    tx.commit().await?;
    changed(cx).await;
    let said = Message::new("workflow-deactivated-notice").with("name", workflow.name.clone());
    Ok(member.done(&path(&workflow), &Notice::good(said)))
}

pub(super) async fn ask_delete(member: Member, Path(id): Path<String>) -> Result<Response> {
    let mut tx = member.cx.db().read().await?;
    let workflow = find(&member, &mut tx, &id).await?;
    Ok(member.show(&confirm(&member, &workflow)))
}

pub(super) async fn delete(member: Member, Path(id): Path<String>, form: Form) -> Result<Response> {
    member.check(&form)?;
    let cx = &member.cx;
    let mut tx = cx.db().begin().await?;
    let workflow = find(&member, &mut tx, &id).await?;
    if form.get("typed_name") != workflow.code {
        let problems = Problems::at("typed_name", Message::new("confirm-error-typed"));
        return Ok(member.show_again(&Confirm {
            problems,
            ..confirm(&member, &workflow)
        }));
    }
    versions::delete(cx, &mut tx, &id).await?;
    tx.commit().await?;
    changed(cx).await;
    let said = Message::new("workflow-deleted-notice").with("name", workflow.name);
    Ok(member.done("/workflows", &Notice::good(said)))
}

fn confirm(member: &Member, workflow: &Workflow) -> Confirm {
    let url = url(member, workflow);
    Confirm {
        title: Message::new("workflow-delete-title").with("name", workflow.name.clone()),
        what: vec![
            Message::new("workflow-delete-what"),
            Message::new("confirm-for-good"),
        ],
        typed: Some(workflow.code.clone()),
        action: format!("{url}/delete"),
        button: Message::new("workflow-delete"),
        cancel_url: url,
        problems: Problems::none(),
    }
}
