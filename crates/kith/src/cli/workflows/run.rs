//! `kith workflows run`: one workflow, tried with an event, without a server and without consequence.
//!
//! It runs in an installation of its own that is thrown away afterwards. Our own API answers there, so a program that creates people
//! creates them for a moment; credentials for it are there unless others are given. Whatever else the program calls, it really calls.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use serde_json::{Value, json};

use super::{Project, read, tell};
use crate::applications;
use crate::cli::say;
use crate::config::Config;
use crate::context::{Actor, Context};
use crate::secret::Secret;
use crate::workflows::deploy::{self, Start};
use crate::workflows::runs::Outcome;
use crate::workflows::secure::Encoding;
use crate::workflows::variables::{self, Sensitivity};
use crate::workflows::{Caller, Trigger, WorkflowsError, changed, encryption_keys, try_out};
use crate::{installation, server};

/// Try a workflow with an event, in an installation that is thrown away afterwards.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  kith workflows run . --trigger user:existing_password_provided --event event.json --env AUTH0_DOMAIN=example.auth0.com"
)]
pub(super) struct Run {
    #[command(flatten)]
    project: Project,
    /// What fires; may be left out where the project has one workflow.
    #[arg(long)]
    trigger: Option<String>,
    /// A JSON file with what the event says; the rest is a sample.
    #[arg(long, value_name = "FILE")]
    event: Option<PathBuf>,
    /// An environment variable; can be given several times.
    #[arg(long, value_name = "KEY=VALUE")]
    env: Vec<String>,
    /// One that is sensitive: it is taken out of what is printed.
    #[arg(long, value_name = "KEY=VALUE")]
    secret: Vec<String>,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

impl Run {
    pub(super) async fn run(self, config: Config) -> anyhow::Result<ExitCode> {
        let event = match &self.event {
            Some(path) => read_event(path)?,
            None => json!({}),
        };
        let folder = tempfile::tempdir()?;
        let app = installation::open(thrown_away(config, &folder)).await?;
        let environments = installation::ensure(&app).await?;
        // Found from within as long as it is held.
        let router = server::router(&app, &environments);
        let cx = app.at(environments.production, Actor::System);
        let outcome = self.try_in(&cx, event).await;
        drop(router);
        app.db().close().await;
        outcome
    }

    async fn try_in(self, cx: &Context, event: Value) -> anyhow::Result<ExitCode> {
        self.set_variables(cx).await?;
        let (files, source) = read(&self.project).await?;
        let deployment = match deploy::deploy(cx, files, &source, Start::Live).await {
            Ok(deployment) => deployment,
            Err(WorkflowsError::Invalid(findings)) => {
                tell(&findings);
                return Ok(ExitCode::FAILURE);
            }
            Err(error) => return Err(error.into()),
        };
        let triggers: Vec<_> = deployment
            .workflows
            .iter()
            .map(|deployed| deployed.trigger)
            .collect();
        let trigger = chosen(self.trigger.as_deref(), &triggers)?;
        let mut tx = cx.db().begin().await?;
        for deployed in &deployment.workflows {
            encryption_keys::add(cx, &mut tx, &deployed.code, Encoding::default()).await?;
        }
        tx.commit().await?;
        changed(cx).await;
        let caller = Caller::new("203.0.113.9", "kith workflows run").for_client("sample");
        let (outcome, trial) = try_out(cx, trigger, event, &caller)
            .await?
            .with_context(|| format!("the project has no workflow for {trigger}"))?;
        let failed = matches!(outcome, Outcome::Failed | Outcome::FailedAndWentOn);
        let document = serde_json::to_value(&trial)?;
        if self.json {
            say(
                &json!({"trigger": trigger.id(), "outcome": outcome, "details": document})
                    .to_string(),
            );
        } else {
            for line in lines(&document) {
                say(&line);
            }
            say(&format!(
                "{} in {} ms",
                outcome.as_str(),
                trial.cost.wall_ms
            ));
        }
        Ok(if failed {
            ExitCode::FAILURE
        } else {
            ExitCode::SUCCESS
        })
    }

    async fn set_variables(&self, cx: &Context) -> anyhow::Result<()> {
        let own = applications::ensure_management_client(cx, false).await?;
        let mut all = vec![
            (
                "KINDE_WF_M2M_CLIENT_ID".to_owned(),
                Secret::new(own.id.as_str()),
                Sensitivity::Plain,
            ),
            (
                "KINDE_WF_M2M_CLIENT_SECRET".to_owned(),
                own.secret,
                Sensitivity::Sensitive,
            ),
        ];
        let given = self.env.iter().map(|pair| (pair, Sensitivity::Plain));
        for (pair, sensitivity) in given.chain(
            self.secret
                .iter()
                .map(|pair| (pair, Sensitivity::Sensitive)),
        ) {
            let (key, value) = pair
                .split_once('=')
                .with_context(|| format!("{pair} is not KEY=VALUE"))?;
            all.retain(|(known, ..)| known != key);
            all.push((key.to_owned(), Secret::new(value), sensitivity));
        }
        let mut tx = cx.db().begin().await?;
        for (key, value, sensitivity) in &all {
            variables::create(cx, &mut tx, key, value, *sensitivity).await?;
        }
        Ok(tx.commit().await?)
    }
}

/// The settings of an installation in this folder, otherwise as they are.
fn thrown_away(config: Config, folder: &tempfile::TempDir) -> Config {
    let database = format!("sqlite://{}", folder.path().join("kith.db").display());
    Config {
        data_dir: folder.path().to_owned(),
        database_url: Secret::new(database),
        secret_key: None,
        smtp_url: None,
        ..config
    }
}

fn read_event(path: &std::path::Path) -> anyhow::Result<Value> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("can't read {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is not JSON", path.display()))
}

fn chosen(wanted: Option<&str>, triggers: &[&str]) -> anyhow::Result<Trigger> {
    let id = match (wanted, triggers) {
        (Some(wanted), _) => wanted,
        (None, [only]) => only,
        (None, _) => anyhow::bail!(
            "name what fires by --trigger: the project has {}",
            triggers.join(", ")
        ),
    };
    Trigger::parse(id).with_context(|| {
        format!("there is no trigger {id}; `kith workflows list --triggers` shows them")
    })
}

/// A run for people: lines and calls in their order, what it wanted done, why it failed.
pub(super) fn lines(document: &Value) -> Vec<String> {
    let list = |name: &str| document[name].as_array().cloned().unwrap_or_default();
    let mut all: Vec<(u64, String)> = Vec::new();
    for line in list("lines") {
        let text = line["text"].as_str().unwrap_or_default();
        let after = line["after_ms"].as_u64().unwrap_or(0);
        all.push((
            after,
            format!(
                "{after:>5} ms {:<5} {text}",
                line["level"].as_str().unwrap_or_default()
            ),
        ));
    }
    for call in list("calls") {
        let after = call["after_ms"].as_u64().unwrap_or(0);
        let answered = call["status"].as_u64().map_or_else(
            || call["error"].as_str().unwrap_or_default().to_owned(),
            |status| status.to_string(),
        );
        let place = if call["is_local"] == true {
            "own"
        } else {
            "call"
        };
        let (method, url) = (
            call["method"].as_str().unwrap_or_default(),
            call["url"].as_str().unwrap_or_default(),
        );
        all.push((
            after,
            format!(
                "{after:>5} ms {place:<5} {method} {url} → {answered} ({} ms)",
                call["duration_ms"]
            ),
        ));
    }
    all.sort_by_key(|(after, _)| *after);
    let mut shown: Vec<_> = all.into_iter().map(|(_, text)| text).collect();
    if document["effects"]
        .as_object()
        .is_some_and(|effects| !effects.is_empty())
    {
        shown.push(format!("effects  {}", document["effects"]));
    }
    if let Some(message) = document["failure"]["message"].as_str() {
        shown.push(format!("failure  {message}"));
        let stack = document["failure"]["stack"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        shown.extend(
            stack
                .iter()
                .filter_map(Value::as_str)
                .map(|frame| format!("         at {frame}")),
        );
    }
    shown
}
