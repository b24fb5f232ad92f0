//! What became of an import, for people: a few lines on the terminal, and the refused rows as a file.

use std::io::IsTerminal as _;
use std::path::Path;

use anyhow::Context as _;
use futures::TryStreamExt as _;
use tokio::io::AsyncWriteExt as _;

use crate::context::Context;
use crate::id::ImportRunId;
use crate::imports::report::{Format, stream};
use crate::imports::{Cohort, Level, Run, State};

/// Writes the refused rows of a run to a file.
pub(super) async fn save(cx: &Context, run: &ImportRunId, path: &Path) -> anyhow::Result<()> {
    let shown = path.display();
    let format = Format::of_name(&path.to_string_lossy());
    let mut file = tokio::fs::File::create(path)
        .await
        .with_context(|| format!("can't write {shown}"))?;
    let mut pieces = std::pin::pin!(stream(cx, run, format));
    while let Some(piece) = pieces.try_next().await? {
        file.write_all(&piece)
            .await
            .with_context(|| format!("can't write {shown}"))?;
    }
    Ok(file.flush().await?)
}

/// A run in lines.
pub(super) fn lines(run: &Run) -> Vec<String> {
    let mut lines = vec![format!("{}  {}", run.id, headline(run))];
    for file in &run.files {
        let saw = if file.saw.is_empty() {
            run.label()
        } else {
            &file.saw
        };
        lines.push(format!("  {}: {saw}", file.name));
    }
    let tally = run.tally;
    let new = if run.is_dry_run {
        "would be new"
    } else {
        "new"
    };
    for (count, what) in [
        (tally.records, "rows"),
        (tally.created, new),
        (tally.updated, "changed"),
        (tally.unchanged, "unchanged"),
        (tally.refused, "refused"),
        (tally.warnings, "left out of rows that went in"),
    ] {
        lines.push(format!("  {count:>9}  {what}"));
    }
    let outlook = run.summary.outlook;
    let ways = [
        (outlook.with_password, "sign in with their password at once"),
        (
            outlook.with_password_and_code,
            "sign in with their password, and prove their address once",
        ),
        (
            outlook.with_code,
            "prove their address by a code, and choose a password",
        ),
        (
            outlook.with_account_elsewhere,
            "sign in with their account at another provider",
        ),
        (outlook.suspended, "of them are suspended"),
    ];
    if tally.created > 0 {
        lines.push("Of those who are new".to_owned());
        let ways = ways.iter().filter(|(count, _)| *count > 0);
        lines.extend(ways.map(|(count, what)| format!("  {count:>9}  {what}")));
    }
    counted(&mut lines, "Passwords by scheme", &run.summary.schemes);
    counted(&mut lines, "Refused by reason", &run.summary.refused);
    counted(&mut lines, "Left out by reason", &run.summary.warnings);
    for doubt in run.summary.doubts() {
        let said = match doubt.level {
            Level::Note => "Note",
            Level::Warning | Level::Refuse => "Please check",
        };
        lines.push(format!("{said}: {}", doubt.reason));
    }
    if let Some(undone) = &run.summary.undone {
        lines.push(format!(
            "Undone: {} deleted, {} as before, {} left as they are because they have changed since",
            undone.deleted, undone.restored, undone.kept
        ));
    }
    if let Some(failed) = &run.failure {
        lines.push(format!("Failed ({}): {}", failed.code, failed.message));
    }
    lines
}

/// How far cohorts are proved, in lines; a cohort without proof is red on a terminal.
pub(in crate::cli) fn cohorts(cohorts: &[Cohort]) -> Vec<String> {
    let mut lines = Vec::new();
    if !cohorts.is_empty() {
        lines.push("Proved by a sign-in or a known password".to_owned());
    }
    for cohort in cohorts {
        let (proved, people) = (cohort.proved, cohort.people);
        let line = format!("  {proved:>9}  of {people}: {}", cohort.label());
        lines.push(if cohort.is_unproved() {
            red(&format!("{line} (nobody knows yet whether these work)"))
        } else {
            line
        });
    }
    lines
}

/// The text in red, on a terminal.
fn red(text: &str) -> String {
    if std::io::stdout().is_terminal() {
        format!("\u{1b}[31m{text}\u{1b}[0m")
    } else {
        text.to_owned()
    }
}

fn headline(run: &Run) -> String {
    let what = if run.is_dry_run {
        "dry run of an import from"
    } else {
        "import from"
    };
    let state = match run.state {
        State::Running => "unfinished",
        state => state.as_str(),
    };
    format!("{what} {}: {state}", run.label())
}

fn counted(lines: &mut Vec<String>, title: &str, counts: &std::collections::BTreeMap<String, i64>) {
    if counts.is_empty() {
        return;
    }
    lines.push(title.to_owned());
    lines.extend(
        counts
            .iter()
            .map(|(what, count)| format!("  {count:>9}  {what}")),
    );
}
