//! `kith import`: brings people in from files on this machine, straight into the database, with or without a running server.

mod detect;
mod folder;
mod map;
mod organizations;
pub(super) mod progress;
mod prove;
pub(super) mod report;
mod runs;
pub(super) mod table;
mod undo;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, Subcommand, ValueEnum};

use super::say;
use crate::config::Config;
use crate::context::{Actor, Context};
use crate::credentials::weak;
use crate::id::ImportRunId;
use crate::imports::{self, Content, Input, NewRun, Options, Run, Shown, State};
use crate::installation;
use progress::Display;

/// Import people from another provider's export. Importing a file again changes nothing.
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Examples:\n  kith import auto users.csv --dry-run\n  kith import auth0 users.json.gz passwords.ndjson --report refused.csv\n  kith import show RUN"
)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag that may be given or not"
)]
pub(super) struct ImportCommand {
    #[command(subcommand)]
    verb: Option<Verb>,
    /// Whose export it is: `auto`, or a name that --list shows.
    #[arg(required_unless_present = "list")]
    source: Option<String>,
    /// The files, in any order; a folder stands for the files in it, and `-` reads standard input.
    #[arg(required_unless_present = "list", value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Show the sources and which files they read.
    #[arg(long, conflicts_with_all = ["source", "files"])]
    list: bool,
    /// Tell what would happen, and change nothing.
    #[arg(long)]
    dry_run: bool,
    /// Write the refused rows to a file: CSV, or NDJSON by its ending.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    #[command(flatten)]
    reading: Reading,
    /// Find out how hashes were made, from people whose password is known, and import with that. A file, or `-`, of lines
    /// `{"identifier": …, "password": …}`.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["resume", "list"])]
    detect: Option<PathBuf>,
    /// Import a file although it looks as if strangers would get in.
    #[arg(long)]
    force: bool,
    /// Go on with an interrupted import of the same files.
    #[arg(long, value_name = "RUN", conflicts_with_all = ["dry_run", "hash_param", "map"])]
    resume: Option<ImportRunId>,
    /// Print one JSON object at the end.
    #[arg(long)]
    json: bool,
}

/// How files are to be read.
#[derive(Debug, Args)]
pub(super) struct Reading {
    /// A parameter of all hashes, such as `signer_key`=…; can be given several times.
    #[arg(long, value_name = "KEY=VALUE")]
    hash_param: Vec<String>,
    /// A TOML file that names columns by hand: `"E-mail address" = "email"`, one a line; `kith import map` writes one.
    #[arg(long, value_name = "FILE")]
    map: Option<PathBuf>,
    /// What to do with a row whose address belongs to a person with another id.
    #[arg(long, value_enum, default_value_t)]
    on_conflict: OnConflict,
}

#[derive(Debug, Subcommand)]
enum Verb {
    List(runs::List),
    Show(runs::Show),
    Map(map::Map),
    Organizations(organizations::Organizations),
    Prove(prove::Prove),
    Undo(undo::Undo),
}

/// What to do with a row whose address belongs to a person with another id.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum OnConflict {
    /// Refuse the row.
    #[default]
    Refuse,
    /// Take them for one person, who keeps the id that they have.
    Merge,
}

impl ImportCommand {
    pub(super) async fn run(self, config: Config) -> anyhow::Result<ExitCode> {
        if self.list {
            list_sources(self.json);
            return Ok(ExitCode::SUCCESS);
        }
        if let Some(Verb::Map(map)) = &self.verb {
            return map.run();
        }
        let app = installation::open(config).await?;
        let environments = installation::ensure(&app).await?;
        let cx = app.at(environments.production, Actor::System);
        super::serve::stop_on_signal(&app)?;
        let outcome = match self.verb {
            Some(Verb::List(list)) => list.run(&cx).await,
            Some(Verb::Show(show)) => show.run(&cx).await,
            Some(Verb::Map(map)) => map.run(),
            Some(Verb::Organizations(organizations)) => organizations.run(&cx).await,
            Some(Verb::Prove(prove)) => prove.run(&cx).await,
            Some(Verb::Undo(undo)) => undo.run(&cx).await,
            None => self.import(&cx).await,
        };
        app.stopping().cancel();
        app.wait_for_tasks().await;
        app.db().close().await;
        outcome
    }

    async fn import(self, cx: &Context) -> anyhow::Result<ExitCode> {
        let source = self.source.as_deref().filter(|source| *source != "auto");
        let files = folder::expanded(&self.files, source)?;
        let (inputs, _spooled) = inputs(&files)?;
        let (run, options, inputs) = if let Some(id) = &self.resume {
            imports::resume(cx, id, inputs).await?
        } else {
            let mut options = Options {
                is_forced: self.force,
                ..self.reading.options()?
            };
            if let Some(known) = &self.detect {
                let source = self.source.clone();
                options = detect::options(cx, known, source, &inputs, options).await?;
            }
            let new = NewRun {
                source: self.source.filter(|source| source != "auto"),
                inputs,
                options: options.clone(),
                is_dry_run: self.dry_run,
            };
            let (run, inputs) = imports::start(cx, new).await?;
            (run, options, inputs)
        };
        if !self.json {
            show_mappings(&run, &self.files, &options);
        }
        let display = Display::new(cx, &run);
        let id = run.id.clone();
        let done = imports::run(cx, run, &options, inputs, |progress| display.show(progress)).await;
        display.end();
        let run = done.with_context(|| {
            format!("the import {id} stopped; what was written stays, and `--resume {id}` goes on")
        })?;
        if let Some(path) = &self.report {
            report::save(cx, &run.id, path).await?;
        }
        print(cx, &run, self.json).await?;
        Ok(exit_code(&run))
    }
}

impl Reading {
    /// What was decided about the files.
    pub(super) fn options(&self) -> anyhow::Result<Options> {
        let mut options = Options {
            merges_on_conflict: matches!(self.on_conflict, OnConflict::Merge),
            ..Options::default()
        };
        for param in &self.hash_param {
            let (key, value) = param
                .split_once('=')
                .context("write --hash-param as key=value, such as salt_position=prefix")?;
            options.hash.set(key, value)?;
        }
        if let Some(path) = &self.map {
            let map = map::read(path)?;
            options.all = map.all;
            options.files = map.files;
        }
        Ok(options)
    }
}

/// The files as inputs. Standard input is kept in a temporary file that goes with the second value: an import reads twice.
pub(super) fn inputs(
    files: &[PathBuf],
) -> anyhow::Result<(Vec<Input>, Vec<tempfile::NamedTempFile>)> {
    let (mut inputs, mut spooled) = (Vec::new(), Vec::new());
    for path in files {
        if path == Path::new("-") {
            let mut file = tempfile::NamedTempFile::new().context("can't keep standard input")?;
            std::io::copy(&mut std::io::stdin().lock(), &mut file)
                .context("can't read standard input")?;
            inputs.push(Input {
                name: "standard input".to_owned(),
                content: Content::Path(file.path().to_owned()),
            });
            spooled.push(file);
            continue;
        }
        anyhow::ensure!(
            path.is_file(),
            "there is no file {}; check the path",
            path.display()
        );
        inputs.push(Input {
            name: path.display().to_string(),
            content: Content::Path(path.clone()),
        });
    }
    Ok((inputs, spooled))
}

/// Says how the columns of people's own tables were understood, where nobody has said it all.
fn show_mappings(run: &Run, files: &[PathBuf], options: &Options) {
    let source = import::source::find(&run.source);
    if !source.is_some_and(import::source::Source::is_mapped) {
        return;
    }
    for path in files.iter().filter(|path| path.is_file()) {
        if let Ok(file) = map::file(path, options) {
            for line in map::lines(&file) {
                say(&line);
            }
        }
    }
}

fn list_sources(json: bool) {
    if json {
        let sources: Vec<_> = import::source::SOURCES
            .iter()
            .map(|source| {
                serde_json::json!({
                    "name": source.name,
                    "label": source.label,
                    "about": source.about,
                    "project_params": source.project_params,
                })
            })
            .collect();
        say(&serde_json::json!({ "sources": sources }).to_string());
        return;
    }
    for source in import::source::SOURCES {
        say(&format!("{:<14} {}", source.name, source.about));
    }
}

/// Prints what became of an import.
async fn print(cx: &Context, run: &Run, json: bool) -> anyhow::Result<()> {
    let n_weak = weak::count(cx).await?;
    let cohorts = imports::cohorts(&mut cx.db().read().await?, run).await?;
    if json {
        let shown = Shown::from(run.clone()).with_cohorts(cohorts);
        let mut shown = serde_json::to_value(shown)?;
        shown["weak_hashes_waiting"] = n_weak.into();
        say(&shown.to_string());
    } else {
        for line in report::lines(run) {
            say(&line);
        }
        let cohorts = if run.is_dry_run { Vec::new() } else { cohorts };
        for line in report::cohorts(&cohorts) {
            say(&line);
        }
        if n_weak > 0 {
            say(&format!(
                "{n_weak} weak hashes wait to go under argon2id; the server does it in the background"
            ));
        }
    }
    Ok(())
}

fn exit_code(run: &Run) -> ExitCode {
    if run.state == State::Failed {
        ExitCode::FAILURE
    } else if run.tally.refused > 0 {
        ExitCode::from(3)
    } else {
        ExitCode::SUCCESS
    }
}
