//! `kith hash detect`: finds out how a hash was made, from a password that is known.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use password::detective::{self, Hints, Known, Reading, Verdict};
use serde::Deserialize;
use serde_json::json;

use crate::cli::say;
use crate::secret::Secret;

/// Find out how hashes were made: rows whose password is known, on standard input.
///
/// A row is a JSON object: `password`, `hash`, the row's other `columns` (one may be the salt), and `peppers` that may have
/// been mixed in. Several rows, one a line, decide where one leaves it open. Exits 3 when nothing fits, or several readings do.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  echo '{\"password\":\"hunter2\",\"hash\":\"2ab96390c7dbe3439de74d0c9b0b1767\",\"columns\":{\"id\":\"7\"}}' | kith hash detect"
)]
pub(super) struct Detect {
    /// How long to try, in seconds.
    #[arg(long, default_value_t = 0.7, value_name = "SECONDS")]
    patience: f64,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// A row as it comes in.
#[derive(Deserialize)]
struct Row {
    password: Secret,
    #[serde(alias = "encoded")]
    hash: String,
    #[serde(default)]
    columns: BTreeMap<String, String>,
    #[serde(default)]
    peppers: Vec<Secret>,
}

impl Detect {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let mut text = String::new();
        std::io::stdin()
            .lock()
            .read_to_string(&mut text)
            .context("can't read standard input")?;
        let rows: Vec<Row> = serde_json::Deserializer::from_str(&text)
            .into_iter()
            .collect::<Result<_, _>>()
            // The cause repeats what it could not read, which may be a password.
            .map_err(|_| {
                anyhow::anyhow!("write JSON objects with password, hash and columns, all texts")
            })?;
        anyhow::ensure!(!rows.is_empty(), "expected a JSON object on standard input");
        let columns: Vec<Vec<(&str, &str)>> = rows
            .iter()
            .map(|row| {
                let columns = row.columns.iter();
                columns
                    .map(|(name, value)| (name.as_str(), value.as_str()))
                    .collect()
            })
            .collect();
        let known: Vec<Known<'_>> = rows
            .iter()
            .zip(&columns)
            .map(|(row, columns)| Known {
                password: row.password.reveal(),
                hash: &row.hash,
                columns,
            })
            .collect();
        let peppers: Vec<&str> = rows
            .iter()
            .flat_map(|row| &row.peppers)
            .map(Secret::reveal)
            .collect();
        let hints = Hints {
            peppers: &peppers,
            patience_ms: std::time::Duration::try_from_secs_f64(self.patience)
                .ok()
                .and_then(|patience| u64::try_from(patience.as_millis()).ok())
                .context("write --patience in seconds, such as 5")?,
        };
        let verdict = detective::detect(&known, &hints);
        if self.json {
            say(&json(&verdict).to_string());
        } else {
            for line in lines(&verdict) {
                say(&line);
            }
        }
        Ok(match verdict {
            Verdict::One(_) => ExitCode::SUCCESS,
            Verdict::Ambiguous(_) | Verdict::None { .. } => ExitCode::from(3),
        })
    }
}

fn json(verdict: &Verdict) -> serde_json::Value {
    let shown = |reading: &Reading| {
        // A pepper was given by whoever asks; it is not given back.
        let params = password::Params {
            pepper: None,
            ..reading.params.clone()
        };
        json!({
            "scheme": reading.scheme, "params": params, "salt_column": reading.salt_column,
            "summary": reading.summary(), "assumed": reading.assumed,
        })
    };
    match verdict {
        Verdict::One(reading) => json!({ "verdict": "one", "readings": [shown(reading)] }),
        Verdict::Ambiguous(readings) => {
            let readings: Vec<_> = readings.iter().map(shown).collect();
            json!({ "verdict": "ambiguous", "readings": readings })
        }
        Verdict::None { was_all_tried } => {
            json!({ "verdict": "none", "readings": [], "was_all_tried": was_all_tried })
        }
    }
}

fn lines(verdict: &Verdict) -> Vec<String> {
    match verdict {
        Verdict::One(reading) => {
            let mut lines = vec![reading.summary()];
            lines.push(format!("  --hash-param scheme={}", reading.scheme));
            lines.extend(settings(reading));
            lines.extend(reading.assumed.iter().map(|text| format!("  not told: {text}")));
            lines
        }
        Verdict::Ambiguous(readings) => {
            let mut lines = vec!["several readings fit; add a row of somebody else:".to_owned()];
            lines.extend(readings.iter().map(|reading| format!("  {}", reading.summary())));
            lines
        }
        Verdict::None {
            was_all_tried: true,
        } => vec!["nothing fits: the password is not the one, or the hash was made in a way that is not known here".to_owned()],
        Verdict::None { .. } => {
            vec!["nothing has fitted so far; try longer with --patience 10".to_owned()]
        }
    }
}

/// The options of `kith import` that say the same.
fn settings(reading: &Reading) -> Vec<String> {
    let params = password::Params {
        pepper: None,
        ..reading.params.clone()
    };
    let params = serde_json::to_value(params).unwrap_or_default();
    let mut lines: Vec<String> = params
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| {
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            format!("  --hash-param {name}=\"{text}\"")
        })
        .collect();
    if reading.params.pepper.is_some() {
        lines.push("  --hash-param pepper=…".to_owned());
    }
    if let Some(column) = &reading.salt_column {
        lines.push(format!("  --map with a line \"{column}\" = \"salt\""));
    }
    lines
}
