//! `kith import organizations`: what people are members of goes first.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use serde_json::json;

use crate::cli::say;
use crate::context::Context;
use crate::organizations::{self, Imported, Mode};

/// How many refused rows are printed.
const SHOWN: usize = 20;

/// Import organizations from a table `name,id`, or from JSON objects with these keys, before the people who belong to them.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  kith import organizations organizations.csv --dry-run\n  kith import organizations organizations.csv"
)]
pub(super) struct Organizations {
    /// The file; `id` is the organization's id in the former system.
    file: PathBuf,
    /// Tell what would happen, and change nothing.
    #[arg(long)]
    dry_run: bool,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

impl Organizations {
    pub(super) async fn run(self, cx: &Context) -> anyhow::Result<ExitCode> {
        let shown = self.file.display();
        let file =
            std::fs::File::open(&self.file).with_context(|| format!("can't read {shown}"))?;
        let mode = if self.dry_run {
            Mode::DryRun
        } else {
            Mode::Import
        };
        let imported = organizations::import_file(cx, file, mode)
            .await
            .with_context(|| format!("can't import {shown}"))?;
        if self.json {
            say(&as_json(&imported, mode));
        } else {
            for line in lines(&imported, mode) {
                say(&line);
            }
        }
        Ok(if imported.tally.refused > 0 {
            ExitCode::from(3)
        } else {
            ExitCode::SUCCESS
        })
    }
}

fn lines(imported: &Imported, mode: Mode) -> Vec<String> {
    let tally = imported.tally;
    let (new, renamed) = match mode {
        Mode::DryRun => ("would be new", "would be renamed"),
        Mode::Import => ("new", "renamed"),
    };
    let counts = [
        (tally.records, "rows"),
        (tally.created, new),
        (tally.updated, renamed),
        (tally.unchanged, "unchanged"),
        (tally.refused, "refused"),
    ];
    let counts = counts.map(|(count, what)| format!("  {count:>9}  {what}"));
    let mut lines = counts.to_vec();
    for problem in imported.refused.iter().take(SHOWN) {
        let column = problem.column.as_deref().unwrap_or("-");
        lines.push(format!(
            "line {}, {column}: {} ({})",
            problem.line, problem.reason, problem.code
        ));
    }
    lines
}

fn as_json(imported: &Imported, mode: Mode) -> String {
    let refused: Vec<_> = imported
        .refused
        .iter()
        .map(|problem| {
            json!({
                "number": problem.number,
                "line": problem.line,
                "column": problem.column,
                "code": problem.code.as_str(),
                "reason": problem.reason,
                "row": problem.row,
            })
        })
        .collect();
    json!({
        "is_dry_run": mode == Mode::DryRun,
        "counts": imported.tally,
        "refusals": refused,
    })
    .to_string()
}
