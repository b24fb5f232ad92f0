//! `kith verify`: is everything here that the files say?

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::import::{Reading, inputs, report, table::Table};
use super::say;
use crate::config::Config;
use crate::context::{Actor, Context};
use crate::imports::{self, Claim, Refusal, Verification};
use crate::installation;

/// How many missing things are shown.
const SHOWN: usize = 20;

/// Compare what the files say with what is stored, person by person. Exits 0 only if nothing is missing; changes nothing.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  kith verify auth0 users.json.gz passwords.ndjson --report missing.csv\n  kith verify auto users.csv --json | jq .missing"
)]
pub(super) struct Verify {
    /// Whose export it is: `auto`, or a name that `kith import --list` shows.
    source: String,
    /// The files, in any order; `-` reads standard input.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Write what is missing to a file: CSV, or NDJSON by its ending.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    #[command(flatten)]
    reading: Reading,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

impl Verify {
    pub(super) async fn run(self, config: Config) -> anyhow::Result<ExitCode> {
        let app = installation::open(config).await?;
        let environments = installation::ensure(&app).await?;
        let cx = app.at(environments.production, Actor::System);
        super::serve::stop_on_signal(&app)?;
        let outcome = self.verify(&cx).await;
        app.stopping().cancel();
        app.wait_for_tasks().await;
        app.db().close().await;
        outcome
    }

    async fn verify(self, cx: &Context) -> anyhow::Result<ExitCode> {
        let (inputs, _spooled) = inputs(&self.files)?;
        let claim = Claim {
            source: Some(self.source.clone()).filter(|source| source != "auto"),
            inputs,
            options: self.reading.options()?,
        };
        let mut table = match &self.report {
            Some(path) => Some(Table::create(
                path,
                &["file", "row", "line", "column", "code", "reason", "content"],
            )?),
            None => None,
        };
        let mut first = Vec::new();
        let found = imports::verify(cx, claim, |missing| {
            if first.len() < SHOWN {
                first.push(missing.clone());
            }
            match &mut table {
                Some(table) => write(table, missing).map_err(std::io::Error::other),
                None => Ok(()),
            }
        });
        let found = found.await?;
        if let Some(table) = table {
            table.end()?;
        }
        self.print(&found, &first)?;
        Ok(if found.missing > 0 {
            ExitCode::from(3)
        } else {
            ExitCode::SUCCESS
        })
    }

    fn print(&self, found: &Verification, first: &[Refusal]) -> anyhow::Result<()> {
        if self.json {
            say(&serde_json::to_string(found)?);
            return Ok(());
        }
        for (count, what) in [
            (found.records, "rows"),
            (found.present, "with everything here"),
            (found.missing, "with something missing"),
        ] {
            say(&format!("  {count:>9}  {what}"));
        }
        for (code, count) in &found.missing_by_code {
            say(&format!("  {count:>9}  {code}"));
        }
        for missing in first {
            let place = format!("file {}, line {}", missing.file + 1, missing.line);
            say(&format!("{place}: {}: {}", missing.code, missing.reason));
        }
        for line in report::cohorts(&found.cohorts) {
            say(&line);
        }
        Ok(())
    }
}

fn write(table: &mut Table, missing: &Refusal) -> anyhow::Result<()> {
    let (file, number) = (missing.file.to_string(), missing.number.to_string());
    let line = missing.line.to_string();
    let cells = [
        &file,
        &number,
        &line,
        missing.column.as_deref().unwrap_or_default(),
        &missing.code,
        &missing.reason,
        &missing.content,
    ];
    table.row(&cells, missing)
}
