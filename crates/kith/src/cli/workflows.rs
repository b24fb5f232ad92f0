//! `kith workflows`: code of the business that runs when something happens. Straight into the database, with or without a running
//! server, which notices within a second.

mod check;
mod deploy;
mod list;
mod logs;
mod preview;
mod run;

use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, Subcommand};

use crate::config::Config;
use crate::context::{Actor, Context};
use crate::installation;
use crate::workflows::check::Finding;
use crate::workflows::source;

/// Check, try and deploy workflows, and see what they did.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  kith workflows check .\n  kith workflows run . --trigger user:existing_password_provided --env AUTH0_DOMAIN=example.auth0.com\n  kith workflows deploy https://github.com/example/workflows.git#main"
)]
pub(super) struct Workflows {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Check(check::Check),
    Run(run::Run),
    Deploy(deploy::Deploy),
    List(list::List),
    Preview(preview::Preview),
    Logs(logs::Logs),
}

impl Workflows {
    pub(super) async fn run(self, config: Config) -> anyhow::Result<ExitCode> {
        match self.verb {
            Verb::Check(check) => check.run(),
            Verb::Run(run) => Box::pin(run.run(config)).await,
            Verb::Deploy(deploy) => {
                let (files, source) = read(&deploy.project).await?;
                with_installation(config, async |cx| deploy.run(cx, files, source).await).await
            }
            Verb::List(list) => with_installation(config, async |cx| list.run(cx).await).await,
            Verb::Preview(preview) => {
                with_installation(config, async |cx| preview.run(cx).await).await
            }
            Verb::Logs(logs) => with_installation(config, async |cx| logs.run(cx).await).await,
        }
    }
}

/// Where a project is.
#[derive(Debug, Args)]
struct Project {
    /// A folder, or the address of a git repository, with `#BRANCH` behind it where it isn't the main one. A token for a private one
    /// is read from the environment variable `GIT_TOKEN`.
    #[arg(default_value = ".", value_name = "DIR")]
    project: String,
}

async fn read(project: &Project) -> anyhow::Result<source::Read> {
    let address = project.project.clone();
    let token = super::environment()
        .remove("GIT_TOKEN")
        .filter(|token| !token.is_empty());
    // Files and git block.
    tokio::task::spawn_blocking(move || read_blocking(&address, token.as_deref())).await?
}

fn read_blocking(address: &str, token: Option<&str>) -> anyhow::Result<source::Read> {
    if source::is_git(address) {
        Ok(source::git(address, token)?)
    } else {
        source::folder(address.as_ref())
            .with_context(|| format!("no project can be read from {address}"))
    }
}

async fn with_installation(
    config: Config,
    command: impl AsyncFnOnce(&Context) -> anyhow::Result<ExitCode>,
) -> anyhow::Result<ExitCode> {
    let app = installation::open(config).await?;
    let environments = installation::ensure(&app).await?;
    let cx = app.at(environments.production, Actor::System);
    let outcome = command(&cx).await;
    app.db().close().await;
    outcome
}

/// Prints findings, one a line: `file:line:column error code message`.
fn tell(findings: &[Finding]) {
    for finding in findings {
        super::say(&finding.to_string());
    }
}
