//! `kith workflows deploy`: a project into the installation.

use std::process::ExitCode;

use clap::Args;
use script::Files;
use serde_json::json;

use super::{Project, tell};
use crate::cli::say;
use crate::context::Context;
use crate::workflows::WorkflowsError;
use crate::workflows::deploy::{self, Source, Start};

/// Deploy every workflow of a project, or none if something is wrong.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  kith workflows deploy .\n  kith workflows deploy https://github.com/example/workflows.git#main --draft"
)]
pub(super) struct Deploy {
    #[command(flatten)]
    pub(super) project: Project,
    /// Make no version live: that can be done later, by the API.
    #[arg(long)]
    draft: bool,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

impl Deploy {
    pub(super) async fn run(
        self,
        cx: &Context,
        files: Files,
        source: Source,
    ) -> anyhow::Result<ExitCode> {
        let start = if self.draft {
            Start::Waiting
        } else {
            Start::Live
        };
        let deployment = match deploy::deploy(cx, files, &source, start).await {
            Ok(deployment) => deployment,
            Err(WorkflowsError::Invalid(findings)) => {
                if self.json {
                    say(&json!({"findings": findings}).to_string());
                } else {
                    tell(&findings);
                }
                return Ok(ExitCode::FAILURE);
            }
            Err(error) => return Err(error.into()),
        };
        if self.json {
            let workflows = deployment.workflows.iter().map(|deployed| {
                json!({
                    "workflow_id": deployed.code, "trigger": deployed.trigger, "version_id": deployed.version,
                    "number": deployed.number, "is_fired": deployed.is_fired,
                })
            });
            let workflows: Vec<_> = workflows.collect();
            let shown = json!({
                "deployment_id": deployment.id, "workflows": workflows, "findings": deployment.findings,
                "is_live": !self.draft,
            });
            say(&shown.to_string());
            return Ok(ExitCode::SUCCESS);
        }
        tell(&deployment.findings);
        for deployed in &deployment.workflows {
            let state = if self.draft { "waits" } else { "is live" };
            let yet = if deployed.is_fired {
                ""
            } else {
                "; fires: not yet"
            };
            say(&format!(
                "{} version {} {state} for {}{yet}",
                deployed.code, deployed.number, deployed.trigger
            ));
        }
        Ok(ExitCode::SUCCESS)
    }
}
