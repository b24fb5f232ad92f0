//! `kith hash`: tells what a password hash is, checks a password against it, and finds out how one was made.
//!
//! Secrets come from standard input, never from arguments, which other users of the machine can see.

mod detect;

use std::io::{BufRead, BufWriter, Write as _};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use password::{Description, Hash, Params, Strength};
use serde::Deserialize;
use serde_json::json;

use super::say;

/// Tell what a password hash is, check a password against it, or find out how it was made.
#[derive(Debug, Args)]
pub(super) struct HashCommand {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Inspect(Inspect),
    Verify(Verify),
    Detect(detect::Detect),
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
    /// A parameter of the scheme, such as `formula`=… or `salt_position`=…; can be given several times.
    #[arg(long, value_name = "KEY=VALUE")]
    hash_param: Vec<String>,
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
    /// A parameter of the scheme, such as `formula`=… or `salt_position`=…; can be given several times.
    #[arg(long, value_name = "KEY=VALUE")]
    hash_param: Vec<String>,
    /// Read one JSON object a line (`scheme`, `password`, `encoded`, `params`), answer one a line.
    #[arg(long, conflicts_with_all = ["scheme", "hash_param"])]
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
            Verb::Detect(detect) => detect.run(),
        }
    }
}

impl Inspect {
    fn run(self) -> anyhow::Result<ExitCode> {
        let encoded = line(&mut std::io::stdin().lock(), "the hash")?;
        let hash = parse(self.scheme.as_deref(), &encoded, &self.hash_param)?;
        let told = hash.describe();
        let began = Instant::now();
        let _ = hash.verify("a password to measure by");
        let milliseconds = began.elapsed().as_secs_f64() * 1000.0;
        if self.json {
            let mut object = serde_json::to_value(&told)?;
            object["future"] = future(&told).into();
            object["check_ms"] = json!((milliseconds * 100.0).round() / 100.0);
            say(&object.to_string());
            return Ok(ExitCode::SUCCESS);
        }
        for line in lines(&told) {
            say(&line);
        }
        say(&format!(
            "{:<16} {milliseconds:.1} ms on this machine",
            "one check"
        ));
        say(&format!("{:<16} {}", "once imported", future(&told)));
        Ok(ExitCode::SUCCESS)
    }
}

/// What is told about a hash, a fact a line.
fn lines(told: &Description) -> Vec<String> {
    let mut facts = vec![("scheme", told.scheme.to_owned())];
    if let Some(variant) = &told.variant {
        facts.push(("variant", variant.clone()));
    }
    facts.extend(told.parameters.iter().map(|(name, value)| {
        (
            *name,
            value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned),
        )
    }));
    let strength = match told.strength {
        Strength::Weak => "weak: quick to guess if it is stolen",
        Strength::Fair => "fair: slow, but below what is recommended today",
        Strength::Strong => "strong: as slow as is recommended today",
    };
    facts.push(("strength", strength.to_owned()));
    let salted = if told.salted {
        "yes"
    } else {
        "no: people with the same password have the same hash"
    };
    facts.push(("salted", salted.to_owned()));
    facts
        .into_iter()
        .map(|(name, value)| format!("{name:<16} {value}"))
        .collect()
}

/// What becomes of a hash here.
fn future(told: &Description) -> &'static str {
    match (told.strength, told.scheme) {
        (Strength::Weak, _) => {
            "it goes under argon2id in the background within minutes; its owner signs in as ever, and has a native hash from then on"
        }
        (_, "argon2id") => {
            "it stays as it is, and is replaced at the next good sign-in only if its costs are others than ours"
        }
        _ => "it stays as it is until its owner signs in, and is a native hash from then on",
    }
}

impl Verify {
    fn run(self) -> anyhow::Result<ExitCode> {
        let mut input = std::io::stdin().lock();
        let encoded = line(&mut input, "the hash")?;
        let password = line(&mut input, "the password in the second line")?;
        if parse(self.scheme.as_deref(), &encoded, &self.hash_param)?.verify(&password) {
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

fn parse(scheme: Option<&str>, encoded: &str, set: &[String]) -> anyhow::Result<Hash> {
    let mut params = Params::default();
    for param in set {
        let (key, value) = param
            .split_once('=')
            .context("write --hash-param as key=value, such as salt_position=prefix")?;
        params.set(key, value)?;
    }
    let scheme = scheme.or(params.formula.as_ref().map(|_| "custom"));
    Ok(match scheme {
        Some(scheme) => Hash::parse(scheme, encoded, &params)?,
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
