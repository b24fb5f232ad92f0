//! `kith export`: everything that people are, into a file.

use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use futures::TryStreamExt as _;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use super::{complain, say};
use crate::config::Config;
use crate::context::{Actor, Context};
use crate::exports::{self, Losses, Order, Piece};
use crate::time::Timestamp;
use crate::{installation, users};

/// Write people and organizations to a file, for another installation, another provider, or your own programs.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  kith export all --with-passwords --out everything.ndjson
  kith export users --format auth0 --with-passwords --out users.json --report lost.csv

Without --with-passwords the file holds no hash and no other secret. What a format of another provider can't say is
told on standard error, and of whom in --report; the exit code is 3 then.")]
pub(super) struct ExportCommand {
    /// What: `all` is permissions, roles, organizations and people.
    what: What,
    /// The file; `-` is standard output.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// With password hashes and the secrets of other factors.
    #[arg(long)]
    with_passwords: bool,
    /// For whom.
    #[arg(long, default_value = "kith", value_parser = format_named)]
    format: &'static import::target::Target,
    /// Write what the format can't say, and of whom, to a CSV file.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Print one JSON object at the end.
    #[arg(long)]
    json: bool,
}

/// What is exported.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum What {
    /// People, with their memberships.
    Users,
    /// Organizations.
    Organizations,
    /// Permissions, roles, organizations and people.
    All,
}

fn format_named(name: &str) -> Result<&'static import::target::Target, String> {
    import::target::find(name).ok_or_else(|| {
        let names = import::target::TARGETS.iter().map(|target| target.name);
        format!("use one of {}", names.collect::<Vec<_>>().join(", "))
    })
}

/// What an export came to.
#[derive(Default)]
struct Outcome {
    n_people: u64,
    n_definitions: u64,
    losses: Losses,
    options: Option<String>,
}

impl ExportCommand {
    pub(super) async fn run(self, config: Config) -> anyhow::Result<ExitCode> {
        let app = installation::open(config).await?;
        let environments = installation::ensure(&app).await?;
        let cx = app.at(environments.production, Actor::System);
        let outcome = self.export(&cx).await;
        app.db().close().await;
        let outcome = outcome?;
        self.tell(&outcome)?;
        Ok(if outcome.losses.is_empty() {
            ExitCode::SUCCESS
        } else {
            ExitCode::from(3)
        })
    }

    async fn export(&self, cx: &Context) -> anyhow::Result<Outcome> {
        let order = Order {
            what: match self.what {
                What::Users => exports::What::Users,
                What::Organizations => exports::What::Organizations,
                What::All => exports::What::All,
            },
            target: self.format,
            with_secrets: self.with_passwords,
        };
        let mut out = Out::begin(&self.out)?;
        let mut report = self.report.as_deref().map(Out::begin).transpose()?;
        if let Some(report) = &mut report {
            report.write(Losses::HEADER)?;
        }
        let n_expected = users::count(cx, &mut cx.db().read().await?).await?;
        let display = Display::new(cx, n_expected);
        let mut outcome = Outcome::default();
        let mut pieces = std::pin::pin!(exports::export(cx, &order).await?);
        while let Some(piece) = pieces.try_next().await? {
            out.write(&piece.text)?;
            for (user, losses) in &piece.losses {
                outcome.losses.add(losses);
                if let Some(report) = &mut report {
                    report.write(&Losses::lines(user, losses))?;
                }
            }
            outcome.add(piece);
            display.show(outcome.n_people);
        }
        display.end();
        out.end()?;
        report.map(Out::end).transpose()?;
        Ok(outcome)
    }

    fn tell(&self, outcome: &Outcome) -> anyhow::Result<()> {
        for lost in outcome.losses.counted() {
            let detail = if lost.detail.is_empty() {
                String::new()
            } else {
                format!(" ({})", lost.detail)
            };
            complain(&format!(
                "{} has no place for: {}{detail}, of {} people",
                self.format.label, lost.field, lost.count
            ));
        }
        if let Some(options) = &outcome.options {
            complain(&format!("import the file there with {options}"));
        }
        // Where the file goes to standard output, nothing else does.
        if self.out == Path::new("-") {
            return Ok(());
        }
        if self.json {
            let losses: Vec<_> = outcome
                .losses
                .counted()
                .into_iter()
                .map(|lost| json!({ "field": lost.field, "detail": lost.detail, "users": lost.count }))
                .collect();
            say(&serde_json::to_string(&json!({
                "file": self.out.display().to_string(),
                "format": self.format.name,
                "users": outcome.n_people,
                "definitions": outcome.n_definitions,
                "losses": losses,
                "options": outcome.options,
            }))?);
            return Ok(());
        }
        let secrets = if self.with_passwords {
            ", with password hashes: keep it as you would keep the passwords"
        } else {
            ""
        };
        say(&format!(
            "{} people and {} roles, permissions and organizations are in {}{secrets}",
            outcome.n_people,
            outcome.n_definitions,
            self.out.display()
        ));
        Ok(())
    }
}

impl Outcome {
    fn add(&mut self, piece: Piece) {
        self.n_people += piece.n_people;
        self.n_definitions += piece.n_definitions;
        self.options = piece.options.or(self.options.take());
    }
}

/// A file that is there whole or not at all, and readable by its owner alone; or standard output.
enum Out {
    File {
        file: std::io::BufWriter<tempfile::NamedTempFile>,
        path: PathBuf,
    },
    Stdout(std::io::Stdout),
}

impl Out {
    fn begin(path: &Path) -> anyhow::Result<Self> {
        if path == Path::new("-") {
            return Ok(Self::Stdout(std::io::stdout()));
        }
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        // Such a file has mode 0600 from the beginning.
        let file = tempfile::Builder::new()
            .prefix(".kith-export-")
            .tempfile_in(folder.unwrap_or(Path::new(".")))
            .with_context(|| format!("can't write {}", path.display()))?;
        Ok(Self::File {
            file: std::io::BufWriter::new(file),
            path: path.to_owned(),
        })
    }

    fn write(&mut self, text: &str) -> anyhow::Result<()> {
        match self {
            Self::File { file, path } => file
                .write_all(text.as_bytes())
                .with_context(|| format!("can't write {}", path.display())),
            Self::Stdout(out) => Ok(out.write_all(text.as_bytes())?),
        }
    }

    fn end(self) -> anyhow::Result<()> {
        match self {
            Self::File { file, path } => {
                let failed = || format!("can't write {}", path.display());
                let file = file
                    .into_inner()
                    .map_err(std::io::IntoInnerError::into_error)
                    .with_context(failed)?;
                file.as_file().sync_all().with_context(failed)?;
                file.persist(&path).with_context(failed)?;
                Ok(())
            }
            Self::Stdout(mut out) => Ok(out.flush()?),
        }
    }
}

/// How far an export is: a bar on a terminal, a plain line every few seconds otherwise.
struct Display {
    cx: Context,
    bar: Option<ProgressBar>,
    last: std::cell::Cell<Timestamp>,
}

/// How often a plain line is written.
const PAUSE: Duration = Duration::from_secs(5);

impl Display {
    fn new(cx: &Context, n_people: i64) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let style =
                ProgressStyle::with_template("{bar:32} {percent:>3}%  {pos} people  {eta} left")
                    .expect("the template is a constant");
            ProgressBar::new(u64::try_from(n_people).unwrap_or(0)).with_style(style)
        });
        Self {
            cx: cx.clone(),
            bar,
            last: std::cell::Cell::new(cx.now()),
        }
    }

    fn show(&self, n_people: u64) {
        let now = self.cx.now();
        match &self.bar {
            Some(bar) => bar.set_position(n_people),
            None if now.since(self.last.get()) >= PAUSE => {
                self.last.set(now);
                complain(&format!("{n_people} people"));
            }
            None => {}
        }
    }

    fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
