//! `kith import --detect`: the options for a whole file from people whose password is known.

use std::path::Path;

use anyhow::Context as _;
use serde::Deserialize;

use crate::context::Context;
use crate::imports::detective::{Answer, Known, Question, detect};
use crate::imports::{Input, Options};
use crate::secret::Secret;

/// A line of the file.
#[derive(Deserialize)]
struct Line {
    identifier: String,
    password: Secret,
    #[serde(default)]
    peppers: Vec<Secret>,
}

/// The options under which the hashes of these people take their passwords. Fails unless there is exactly one reading.
pub(super) async fn options(
    cx: &Context,
    known: &Path,
    source: Option<String>,
    inputs: &[Input],
    options: Options,
) -> anyhow::Result<Options> {
    let (known, peppers) = read(known)?;
    let question = Question {
        source: source.filter(|source| source != "auto"),
        inputs: inputs.to_vec(),
        options,
        known,
        peppers,
    };
    match detect(cx, question).await? {
        Answer::Found(finding) => {
            tell(&format!(
                "hashes in column {}: {}",
                finding.column, finding.summary
            ));
            for assumed in &finding.assumed {
                tell(&format!("  not told: {assumed}"));
            }
            finding.options.context(
                "this source has no place for what was found; import the file as a CSV, with --map for its columns",
            )
        }
        Answer::Ambiguous(readings) => anyhow::bail!(
            "several readings fit, so nothing was imported; add a line for somebody else:\n  {}",
            readings.join("\n  ")
        ),
        Answer::Nothing { .. } => anyhow::bail!(
            "no way of hashing fits, so nothing was imported; is the password the one? \
             `kith hash detect --patience 10` tries longer"
        ),
    }
}

fn read(path: &Path) -> anyhow::Result<(Vec<Known>, Vec<Secret>)> {
    let shown = path.display();
    let text = if path == Path::new("-") {
        std::io::read_to_string(std::io::stdin().lock())
    } else {
        std::fs::read_to_string(path)
    }
    .with_context(|| format!("can't read {shown}"))?;
    let lines: Vec<Line> = serde_json::Deserializer::from_str(&text)
        .into_iter()
        .collect::<Result<_, _>>()
        // The cause repeats what it could not read, which may be a password.
        .map_err(|_| {
            anyhow::anyhow!(
                "can't read {shown}: write lines of {{\"identifier\": …, \"password\": …}}"
            )
        })?;
    let peppers = lines.iter().flat_map(|line| line.peppers.clone()).collect();
    let known = lines
        .into_iter()
        .map(|line| Known {
            identifier: line.identifier,
            password: line.password,
        })
        .collect();
    Ok((known, peppers))
}

/// Standard output is for what a script would read.
#[expect(clippy::print_stderr, reason = "the answer is for whoever watches")]
fn tell(line: &str) {
    eprintln!("{line}");
}
