//! `kith workflows logs`: what workflows did.

use std::process::ExitCode;

use clap::Args;
use serde_json::{Value, json};

use crate::cli::say;
use crate::context::Context;
use crate::paging::{Order, Wanted};
use crate::workflows::runs::{self, Filter, Run};
use crate::workflows::versions;

/// Show what workflows did, the latest last. Secrets were taken out before it was kept.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  kith workflows logs --outcome failed --text timeout")]
pub(super) struct Logs {
    /// Of this workflow only.
    #[arg(long, value_name = "ID")]
    workflow: Option<String>,
    /// That ended so only: `succeeded`, `denied`, `invalidated`, `failed`, `failed_and_went_on`.
    #[arg(long)]
    outcome: Option<String>,
    /// That have this text in a line, an address or their failure.
    #[arg(long)]
    text: Option<String>,
    /// How many at most.
    #[arg(long, default_value_t = 20)]
    limit: u32,
    /// Print one JSON object a run.
    #[arg(long)]
    json: bool,
}

impl Logs {
    pub(super) async fn run(self, cx: &Context) -> anyhow::Result<ExitCode> {
        let workflow = match &self.workflow {
            Some(id) => Some(versions::find(cx, &mut cx.db().read().await?, id).await?.id),
            None => None,
        };
        let filter = Filter {
            workflow,
            outcome: self.outcome,
            text: self.text,
        };
        let page = runs::list(cx, &filter, &Wanted::first(Order::NEWEST_FIRST, self.limit)).await?;
        if page.items.is_empty() && !self.json {
            say("no run is kept that looks like that");
        }
        for run in page.items.iter().rev() {
            if self.json {
                say(&json(run).to_string());
            } else {
                tell(run);
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn json(run: &Run) -> Value {
    json!({
        "id": run.id, "workflow_id": run.code, "version_id": run.version, "trigger": run.trigger, "outcome": run.outcome,
        "is_preview": run.is_preview, "duration_ms": run.duration_ms, "created_on": run.created_at.rfc3339(), "details": run.document,
    })
}

fn tell(run: &Run) {
    say(&format!(
        "{} {} {} {} {} ms{}",
        run.created_at.rfc3339(),
        run.code,
        run.trigger,
        run.outcome,
        run.duration_ms,
        if run.is_preview { " (preview)" } else { "" }
    ));
    for line in super::run::lines(&run.document) {
        say(&format!("  {line}"));
    }
}
