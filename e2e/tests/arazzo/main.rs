//! The public Arazzo workflow that moves one user in with a password hash, unchanged, by a public runner: proof that
//! what is written for Kinde's management API runs here, request by request and schema by schema.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use e2e::Kith;
use serde_json::{Value, json};

/// bcrypt of "correct horse battery".
const HASH: &str = "$2b$10$abcdefghijklmnopqrstuuCj7fyLDJytXL.TfOiOeiv0fQvSOK1/2";

const STEPS: [&str; 3] = ["createUser", "importPassword", "verifyUser"];

#[tokio::test]
async fn the_workflow_that_migrates_a_user_with_a_password_runs_unchanged() -> Result<()> {
    let kith = Kith::start().await?;
    let report = kith.folder().join("report.json");
    let input = json!({
        "givenName": "Ada",
        "familyName": "Example",
        "email": "ada@example.com",
        "hashedPassword": HASH,
        "hashingMethod": "bcrypt",
    });
    let mut runner = Command::new(e2e::node());
    runner
        .arg("--import")
        .arg(here("bearer.mjs"))
        .arg(e2e::npm_file("@redocly/cli/bin/cli.js")?)
        .arg("respect");
    runner.arg(here(
        "../../../crates/kith/tests/arazzo/kinde-migrate-user-with-password-workflow.yml",
    ));
    runner
        .arg("--server")
        .arg(format!("kindeManagementApi={}", kith.url("")));
    runner
        .arg("--input")
        .arg(input.to_string())
        .arg("--json-output")
        .arg(&report);
    runner.env("ACCESS_TOKEN", kith.management_token().await?);
    runner
        .env("REDOCLY_TELEMETRY", "off")
        .env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true");
    let output = runner
        .current_dir(kith.folder())
        .output()
        .context("could not start Node.js")?;
    let said = String::from_utf8_lossy(&output.stdout);
    let log = kith.log();
    ensure!(
        output.status.success(),
        "the workflow failed:\n{said}\nthe server's log:\n{log}"
    );
    assert_eq!(passed_steps(&report)?, STEPS, "{said}");
    Ok(())
}

/// The steps that the runner ran and found nothing wrong with.
fn passed_steps(report: &Path) -> Result<Vec<String>> {
    let report: Value = serde_json::from_slice(&std::fs::read(report)?)?;
    let files = report["files"]
        .as_object()
        .context("the report lists files")?;
    let workflows = files
        .values()
        .filter_map(|file| file["executedWorkflows"].as_array())
        .flatten();
    let steps = workflows
        .filter_map(|workflow| workflow["executedSteps"].as_array())
        .flatten();
    let passed = steps.filter(|step| step["status"] == "success");
    Ok(passed
        .filter_map(|step| Some(step["stepId"].as_str()?.to_owned()))
        .collect())
}

fn here(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/arazzo")
        .join(file)
}
