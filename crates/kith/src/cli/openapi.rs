//! `kith openapi`: the document of the management API.

use std::process::ExitCode;

use clap::Args;

use super::say;
use crate::openapi;

/// Print the `OpenAPI` document of the management API.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  kith openapi > openapi.json")]
pub(super) struct OpenApi {}

impl OpenApi {
    pub(super) fn run() -> anyhow::Result<ExitCode> {
        say(&openapi::document().to_pretty_json()?);
        Ok(ExitCode::SUCCESS)
    }
}
