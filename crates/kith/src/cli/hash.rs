//! `kith hash`: tells what a password hash is, and checks a password against it.
//!
//! Secrets come from standard input, never from arguments, which other users of the machine can see.

use std::io::{BufRead, BufWriter, Write as _};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use password::{Hash, Params};
use serde::Deserialize;
use serde_json::json;

use super::say;

/// Tell what a password hash is, or check a password against it.
#[derive(Debug, Args)]
pub(super) struct HashCommand {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Inspect(Inspect),
    Verify(Verify),
}

/// Explain the hash on standard input: scheme, parameters, strength.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  echo '$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy' | kith hash inspect"
)]
struct Inspect {
    /// The scheme, where the hash itself doesn't tell (bare digests), such as md5 or sha256.
    #[arg(long)]
    scheme: Option<String>,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// Check passwords: the hash in the first line of standard input, the password in the second; or many with --batch.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  printf '%s\\n%s\\n' \"$HASH\" \"$PASSWORD\" | kith hash verify\n  kith hash verify --batch < vectors.ndjson"
)]
struct Verify {
    /// The scheme, where the hash itself doesn't tell.
    #[arg(long)]
    scheme: Option<String>,
    /// Read one JSON object a line (`scheme`, `password`, `encoded`, `params`), answer one a line.
    #[arg(long, conflicts_with = "scheme")]
    batch: bool,
}

/// One line of a batch.
#[derive(Deserialize)]
struct Question {
    scheme: String,
    password: String,
    encoded: String,
    #[serde(default)]
    params: Params,
}

impl HashCommand {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        match self.verb {
            Verb::Inspect(inspect) => inspect.run(),
            Verb::Verify(verify) if verify.batch => batch(std::io::stdin().lock()),
            Verb::Verify(verify) => verify.run(),
        }
    }
}

impl Inspect {
    fn run(self) -> anyhow::Result<ExitCode> {
        let encoded = line(&mut std::io::stdin().lock(), "the hash")?;
        let description = parse(self.scheme.as_deref(), &encoded)?.describe();
        let object = serde_json::to_value(&description)?;
        if self.json {
            say(&object.to_string());
            return Ok(ExitCode::SUCCESS);
        }
        for (name, value) in object.as_object().into_iter().flatten() {
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            say(&format!("{name:<12} {text}"));
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Verify {
    fn run(self) -> anyhow::Result<ExitCode> {
        let mut input = std::io::stdin().lock();
        let encoded = line(&mut input, "the hash")?;
        let password = line(&mut input, "the password in the second line")?;
        if parse(self.scheme.as_deref(), &encoded)?.verify(&password) {
            say("the password matches");
            Ok(ExitCode::SUCCESS)
        } else {
            say("the password does not match");
            Ok(ExitCode::FAILURE)
        }
    }
}

fn batch(input: impl BufRead) -> anyhow::Result<ExitCode> {
    let mut output = BufWriter::new(std::io::stdout().lock());
    for text in input.lines() {
        let text = text.context("can't read standard input")?;
        if text.trim().is_empty() {
            continue;
        }
        let answer = match serde_json::from_str::<Question>(&text) {
            Err(_) => json!({"ok": false, "error": "malformed_line"}),
            Ok(question) => {
                match Hash::parse(&question.scheme, &question.encoded, &question.params) {
                    Err(error) => json!({"ok": false, "error": error.code()}),
                    Ok(hash) => json!({"ok": hash.verify(&question.password), "error": null}),
                }
            }
        };
        writeln!(output, "{answer}")?;
    }
    output.flush()?;
    Ok(ExitCode::SUCCESS)
}

fn parse(scheme: Option<&str>, encoded: &str) -> anyhow::Result<Hash> {
    Ok(match scheme {
        Some(scheme) => Hash::parse(scheme, encoded, &Params::default())?,
        None => Hash::recognize(encoded)?,
    })
}

fn line(input: &mut impl BufRead, what: &str) -> anyhow::Result<String> {
    let mut text = String::new();
    let length = input
        .read_line(&mut text)
        .with_context(|| format!("can't read {what} from standard input"))?;
    anyhow::ensure!(length > 0, "expected {what} on standard input");
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}
