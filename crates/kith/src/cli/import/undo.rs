//! `kith import undo`: everything is again what it was before an import.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;

use super::table::Table;
use crate::cli::{complain, say};
use crate::context::Context;
use crate::id::ImportRunId;
use crate::imports::{self, Kept, Run, Shown, UndoError};

/// How many of those who were left as they are are shown.
const SHOWN: i64 = 20;

/// How many are read at a time.
const AT_A_TIME: i64 = 500;

/// Take back what an import has done, except of people who have changed since; those are listed.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  kith import undo RUN --report kept.csv")]
pub(super) struct Undo {
    /// The import, as `kith import list` shows it.
    run: ImportRunId,
    /// Write those who were left as they are to a file: CSV, or NDJSON by its ending.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Tell what would happen, and change nothing.
    #[arg(long, conflicts_with = "report")]
    dry_run: bool,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

impl Undo {
    pub(super) async fn run(self, cx: &Context) -> anyhow::Result<ExitCode> {
        let id = &self.run;
        if self.dry_run {
            return self.foresee(cx).await;
        }
        let undone = imports::undo(cx, id, |undone| {
            let (deleted, restored) = (undone.deleted, undone.restored);
            complain(&format!("{deleted} deleted, {restored} as before"));
        });
        let run = match undone.await {
            Ok(run) => run,
            Err(error @ UndoError::Run(_)) => {
                return Err(error).with_context(|| {
                    format!("undoing stopped halfway; `kith import undo {id}` goes on")
                });
            }
            Err(error) => return Err(error.into()),
        };
        if let Some(path) = &self.report {
            save(cx, id, path).await?;
        }
        self.print(cx, &run).await?;
        let n_kept = run.summary.undone.unwrap_or_default().kept;
        Ok(if n_kept > 0 {
            ExitCode::from(3)
        } else {
            ExitCode::SUCCESS
        })
    }

    async fn foresee(&self, cx: &Context) -> anyhow::Result<ExitCode> {
        let found = imports::find(cx, &mut cx.db().read().await?, &self.run).await?;
        let run = found.ok_or(imports::NotFound)?;
        let foreseen = imports::foresee_undo(cx, &run).await?;
        if self.json {
            say(&serde_json::to_string(&foreseen)?);
            return Ok(ExitCode::SUCCESS);
        }
        for (count, what) in [
            (foreseen.undone.deleted, "people would be deleted"),
            (foreseen.undone.restored, "people would be as before"),
            (
                foreseen.undone.kept,
                "people would be left as they are, who have changed since",
            ),
            (foreseen.unseen, "more people were not looked at"),
        ] {
            say(&format!("  {count:>9}  {what}"));
        }
        Ok(ExitCode::SUCCESS)
    }

    async fn print(&self, cx: &Context, run: &Run) -> anyhow::Result<()> {
        if self.json {
            say(&serde_json::to_string(&Shown::from(run.clone()))?);
            return Ok(());
        }
        let undone = run.summary.undone.unwrap_or_default();
        say(&format!("{}  undone", run.id));
        for (count, what) in [
            (undone.deleted, "people deleted, who were new"),
            (undone.restored, "people as before, who had been changed"),
            (
                undone.kept,
                "people left as they are, who have changed since",
            ),
        ] {
            say(&format!("  {count:>9}  {what}"));
        }
        let mut tx = cx.db().read().await?;
        for kept in imports::kept(&mut tx, &run.id, None, SHOWN).await? {
            let who = kept.email.as_deref().unwrap_or_default();
            say(&format!(
                "  {}  {who}  {}",
                kept.user_id,
                kept.reason.as_str()
            ));
        }
        Ok(())
    }
}

async fn save(cx: &Context, run: &ImportRunId, path: &std::path::Path) -> anyhow::Result<()> {
    let columns = ["user_id", "email", "was_created", "reason"];
    let mut table = Table::create(path, &columns)?;
    let mut last: Option<Kept> = None;
    loop {
        let after = last.as_ref().map(|kept| &kept.user_id);
        let mut tx = cx.db().read().await?;
        let some = imports::kept(&mut tx, run, after, AT_A_TIME).await?;
        drop(tx);
        for kept in &some {
            let email = kept.email.as_deref().unwrap_or_default();
            let was_created = kept.was_created.to_string();
            let cells = [
                kept.user_id.as_str(),
                email,
                &was_created,
                kept.reason.as_str(),
            ];
            table.row(&cells, kept)?;
        }
        match some.into_iter().next_back() {
            Some(kept) => last = Some(kept),
            None => return table.end(),
        }
    }
}
