//! `kith import list` and `kith import show`: the recorded imports.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use super::report;
use crate::cli::say;
use crate::context::Context;
use crate::id::ImportRunId;
use crate::imports::{self, Shown};
use crate::paging::{Order, Wanted};

/// Show the recorded imports, newest first.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  kith import list --json | jq -r '.imports[0].id'")]
pub(super) struct List {
    /// How many.
    #[arg(long, default_value_t = 20)]
    limit: u32,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// Show what became of an import.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  kith import show RUN --report refused.csv")]
pub(super) struct Show {
    /// The import, as `kith import list` shows it.
    run: ImportRunId,
    /// Write the refused rows to a file: CSV, or NDJSON by its ending.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

impl List {
    pub(super) async fn run(self, cx: &Context) -> anyhow::Result<ExitCode> {
        let wanted = Wanted::first(Order::NEWEST_FIRST, self.limit);
        let page = imports::list(cx, &mut cx.db().read().await?, &wanted).await?;
        if self.json {
            let runs: Vec<Shown> = page.items.into_iter().map(Shown::from).collect();
            say(&json!({ "imports": runs }).to_string());
            return Ok(ExitCode::SUCCESS);
        }
        if page.items.is_empty() {
            say(
                "Nothing was imported yet. `kith import auto FILE --dry-run` tells what would happen.",
            );
        }
        for run in page.items {
            say(&format!(
                "{}  {}  {:<10} {:<10} {:>9} new {:>9} changed {:>9} refused",
                run.id,
                run.created_at.rfc3339(),
                run.source,
                run.state.as_str(),
                run.tally.created,
                run.tally.updated,
                run.tally.refused
            ));
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Show {
    pub(super) async fn run(self, cx: &Context) -> anyhow::Result<ExitCode> {
        let found = imports::find(cx, &mut cx.db().read().await?, &self.run).await?;
        let run = found.ok_or(imports::NotFound)?;
        if let Some(path) = &self.report {
            report::save(cx, &run.id, path).await?;
        }
        super::print(cx, &run, self.json).await?;
        Ok(ExitCode::SUCCESS)
    }
}
