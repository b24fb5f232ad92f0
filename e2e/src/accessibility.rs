//! The accessibility check: axe-core, run inside the page.

use std::fmt::Write as _;

use anyhow::{Result, bail};
use serde::Deserialize;
use serde_json::json;

use crate::tools;
use crate::webdriver::Session;

/// The success criteria of WCAG 2.2, levels A and AA, and what axe's authors advise beyond.
const RUN: &str = r#"
const done = arguments[arguments.length - 1];
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
axe.run(document, { runOnly: tags, resultTypes: ["violations"] })
   .then(result => done({ violations: result.violations }), error => done({ failed: String(error) }));
"#;

#[derive(Deserialize)]
struct Report {
    failed: Option<String>,
    #[serde(default)]
    violations: Vec<Violation>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Violation {
    id: String,
    help: String,
    help_url: String,
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Node {
    html: String,
    failure_summary: String,
}

/// Everything that axe-core objects to on the page, to be read by a person; empty when all is well.
pub(crate) async fn violations(session: &Session) -> Result<String> {
    let axe = std::fs::read_to_string(tools::npm_file("axe-core/axe.min.js")?)?;
    let script = json!({ "script": format!("{axe}\n{RUN}"), "args": [] });
    let report: Report = serde_json::from_value(session.post("/execute/async", script).await?)?;
    if let Some(error) = report.failed {
        bail!("axe-core failed: {error}");
    }
    let mut text = String::new();
    for violation in &report.violations {
        writeln!(
            text,
            "- {} ({}), see {}",
            violation.help, violation.id, violation.help_url
        )?;
        for node in &violation.nodes {
            writeln!(text, "    {}", node.html)?;
            writeln!(
                text,
                "      {}",
                node.failure_summary.replace('\n', "\n      ")
            )?;
        }
    }
    Ok(text)
}
