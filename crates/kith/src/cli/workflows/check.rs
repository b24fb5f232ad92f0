//! `kith workflows check`: what is wrong with a project, without a server.

use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use super::{Project, read_blocking, tell};
use crate::cli::say;
use crate::workflows::{check, package};

/// Tell what is wrong with a project, and change nothing.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  kith workflows check .")]
pub(super) struct Check {
    #[command(flatten)]
    project: Project,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

impl Check {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let token = crate::cli::environment().remove("GIT_TOKEN");
        let (files, _) = read_blocking(&self.project.project, token.as_deref())?;
        let checked = on_a_deep_stack(move || check::check(&package::environment(), &files))?;
        let is_deployable = checked.is_deployable();
        if self.json {
            let ids: Vec<_> = checked
                .workflows
                .iter()
                .map(|workflow| &workflow.settings.id)
                .collect();
            let shown = json!({"is_deployable": is_deployable, "workflows": ids, "findings": checked.findings});
            say(&shown.to_string());
        } else {
            tell(&checked.findings);
            for workflow in &checked.workflows {
                say(&format!(
                    "{} {} {}",
                    workflow.settings.id, workflow.settings.trigger, workflow.path
                ));
            }
        }
        Ok(if is_deployable {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        })
    }
}

/// The engine wants more stack than the main thread is sure to have.
fn on_a_deep_stack<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> anyhow::Result<T> {
    let thread = std::thread::Builder::new()
        .stack_size(8 * 1024 * 1024)
        .spawn(work)?;
    thread
        .join()
        .map_err(|_| anyhow::anyhow!("the check panicked; tell us, with the project if you may"))
}
