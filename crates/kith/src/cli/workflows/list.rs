//! `kith workflows list`: what is deployed, in which versions, and what can be.

use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use crate::cli::say;
use crate::context::Context;
use crate::workflows::trigger::TRIGGERS;
use crate::workflows::versions::{self, Version};

/// Show the workflows that are deployed; or the versions of one; or the triggers that there are.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  kith workflows list\n  kith workflows list addClaims\n  kith workflows list --triggers"
)]
pub(super) struct List {
    /// Show the versions of this workflow, newest first.
    #[arg(conflicts_with = "triggers")]
    workflow: Option<String>,
    /// Show the triggers instead: when each fires.
    #[arg(long)]
    triggers: bool,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

impl List {
    pub(super) async fn run(self, cx: &Context) -> anyhow::Result<ExitCode> {
        if self.triggers {
            self.list_triggers();
            return Ok(ExitCode::SUCCESS);
        }
        if let Some(workflow) = &self.workflow {
            let mut tx = cx.db().read().await?;
            let all = versions::versions(cx, &mut tx, workflow).await?;
            self.list_versions(&all);
            return Ok(ExitCode::SUCCESS);
        }
        let workflows = versions::list(cx, &mut cx.db().read().await?).await?;
        if self.json {
            let shown = workflows.iter().map(|workflow| {
                json!({
                    "id": workflow.id, "workflow_id": workflow.code, "name": workflow.name, "trigger": workflow.trigger,
                    "is_fired": workflow.is_fired(), "live_version_id": workflow.live_version,
                })
            });
            say(&json!({"workflows": shown.collect::<Vec<_>>()}).to_string());
        } else if workflows.is_empty() {
            say("no workflow is deployed; `kith workflows deploy DIR` deploys those of a folder");
        } else {
            for workflow in workflows {
                let state = if workflow.live_version.is_some() {
                    "live"
                } else {
                    "idle"
                };
                let yet = if workflow.is_fired() {
                    ""
                } else {
                    "  fires: not yet"
                };
                say(&format!(
                    "{:<4} {:<30} {}{yet}",
                    state, workflow.trigger, workflow.code
                ));
            }
        }
        Ok(ExitCode::SUCCESS)
    }

    fn list_versions(&self, all: &[Version]) {
        if self.json {
            let shown = all.iter().map(|version| {
                json!({
                    "id": version.id, "number": version.number, "state": version.state, "file": version.entry,
                    "deployment_id": version.deployment, "deployed_by": version.deployed_by,
                    "created_on": version.created_at.rfc3339(),
                })
            });
            say(&json!({"versions": shown.collect::<Vec<_>>()}).to_string());
            return;
        }
        for version in all {
            say(&format!(
                "{:>4} {:<11} {} {} {}",
                version.number,
                version.state.as_str(),
                version.created_at.rfc3339(),
                version.deployed_by,
                version.id
            ));
        }
    }

    fn list_triggers(&self) {
        if self.json {
            let shown = TRIGGERS
                .iter()
                .map(|row| json!({"id": row.id, "about": row.about, "is_fired": row.is_fired}));
            say(&json!({"triggers": shown.collect::<Vec<_>>()}).to_string());
            return;
        }
        for row in TRIGGERS {
            let yet = if row.is_fired {
                ""
            } else {
                " (fires: not yet)"
            };
            say(&format!("{:<30} {}{yet}", row.id, row.about));
        }
    }
}
