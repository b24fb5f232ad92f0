//! `kith workflows preview`: a link with which a version is tried that is not live.

use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use serde_json::json;

use crate::cli::say;
use crate::context::Context;
use crate::id::ApplicationId;
use crate::workflows::preview::{self, PARAMETER};
use crate::workflows::versions;

/// Make a link with which a version is tried that is not live. It is good for a day.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  kith workflows preview addClaims 3\n  kith workflows preview addClaims 3 --application 0193a2b4c6d87e0f8a1b2c3d4e5f6071"
)]
pub(super) struct Preview {
    /// The workflow's id.
    workflow: String,
    /// The version's number, as `kith workflows list WORKFLOW` shows it.
    number: i64,
    /// The application whose sign-in the link leads to; without it, the parameter is told that an application adds to its own request.
    #[arg(long, value_name = "ID")]
    application: Option<ApplicationId>,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

impl Preview {
    pub(super) async fn run(self, cx: &Context) -> anyhow::Result<ExitCode> {
        let mut tx = cx.db().read().await?;
        let all = versions::versions(cx, &mut tx, &self.workflow).await?;
        let version = all
            .iter()
            .find(|version| version.number == self.number)
            .with_context(|| format!("{} has no version {}", self.workflow, self.number))?;
        let pass = preview::pass(cx, &mut tx, &self.workflow, version.id.as_str()).await?;
        let url = match &self.application {
            Some(id) => Some(preview::link(cx, &mut tx, id, &pass).await?),
            None => None,
        };
        let expires_on = pass.expires_at.rfc3339();
        if self.json {
            say(&json!({
                "deployment_id": pass.deployment, "parameter": PARAMETER, "value": pass.text, "url": url, "expires_on": expires_on,
            })
            .to_string());
        } else {
            say(&url.unwrap_or_else(|| format!("{PARAMETER}={}", pass.text)));
            say(&format!("good until {expires_on}"));
        }
        Ok(ExitCode::SUCCESS)
    }
}
