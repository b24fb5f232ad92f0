//! `kith keys`: the keys that sign tokens.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use serde_json::json;

use super::say;
use crate::config::Config;
use crate::context::Actor;
use crate::installation;
use crate::keys::{self, State};

/// List or rotate the keys that sign tokens.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  kith keys rotate")]
pub(super) struct Keys {
    #[command(subcommand)]
    verb: Verb,
    /// Print one JSON object.
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// The keys, oldest first.
    List,
    /// Make a new key. It is shown to verifiers for a minute, then signs; tokens signed with the old one stay valid until they
    /// expire.
    Rotate,
}

impl Keys {
    pub(super) async fn run(self, config: Config) -> anyhow::Result<ExitCode> {
        let app = installation::open(config).await?;
        let environments = installation::ensure(&app).await?;
        let mut rows = Vec::new();
        for environment in [&environments.production, &environments.team] {
            let cx = app.at(environment.clone(), Actor::System);
            if matches!(self.verb, Verb::Rotate) {
                keys::rotate(&cx).await?;
            }
            for key in keys::list(&cx).await? {
                rows.push((environment.code.clone(), key));
            }
        }
        if self.json {
            let keys: Vec<_> = rows
                .iter()
                .map(|(environment, key)| json!({"environment": environment, "kid": key.kid, "created_at": key.created_at.rfc3339(), "is_signing": key.is_signing()}))
                .collect();
            say(&json!({"keys": keys}).to_string());
        } else {
            for (environment, key) in rows {
                let state = match key.state {
                    State::Waiting { signs_at: None } => "waits".to_owned(),
                    State::Waiting { signs_at: Some(at) } => format!("signs from {}", at.rfc3339()),
                    State::Signing { until: None } => "signs".to_owned(),
                    State::Signing { until: Some(at) } => format!("signs until {}", at.rfc3339()),
                    State::Retired { expires_at } => {
                        format!("verifies until {}", expires_at.rfc3339())
                    }
                };
                say(&format!("{environment:<12} {} {state}", key.kid));
            }
        }
        app.db().close().await;
        Ok(ExitCode::SUCCESS)
    }
}
