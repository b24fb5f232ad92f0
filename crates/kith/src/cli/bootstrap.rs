//! `kith bootstrap`: set-up for scripts.

use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use super::say;
use crate::config::Config;
use crate::context::Actor;
use crate::{applications, installation, team};

/// Make what is missing and print what a script needs. Can be repeated: a second call prints the same management client.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  kith bootstrap --json | jq -r .management.client_secret")]
pub(super) struct Bootstrap {
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
    /// Replace the management client's secret.
    #[arg(long)]
    rotate: bool,
}

impl Bootstrap {
    pub(super) async fn run(self, config: Config) -> anyhow::Result<ExitCode> {
        let app = installation::open(config).await?;
        let environments = installation::ensure(&app).await?;
        let cx = app.at(environments.production.clone(), Actor::System);
        let client = applications::ensure_management_client(&cx, self.rotate).await?;
        let link = team::setup::link(&app, &environments).await?;
        let issuer = &environments.production.base_url;
        let answer = json!({
            "issuer": issuer,
            "environment": environments.production.code,
            "business_code": environments.production.business_id.as_str(),
            "owner_setup_url": link,
            "management": {
                "client_id": client.id.as_str(),
                "client_secret": client.secret.reveal(),
                "audience": format!("{issuer}/api"),
                "token_endpoint": format!("{issuer}/oauth2/token"),
            },
        });
        if self.json {
            say(&answer.to_string());
        } else {
            say(&format!("issuer                    {issuer}"));
            say(&format!(
                "business code             {}",
                environments.production.business_id
            ));
            say(&format!(
                "owner's set-up link       {}",
                link.as_deref()
                    .unwrap_or("used: the owner's account is set up")
            ));
            say(&format!("management client id      {}", client.id));
            say(&format!(
                "management client secret  {}",
                client.secret.reveal()
            ));
            say(&format!("management audience       {issuer}/api"));
            say(&format!("token endpoint            {issuer}/oauth2/token"));
        }
        app.db().close().await;
        Ok(ExitCode::SUCCESS)
    }
}
