//! `kith import map`: what the columns of a file seem to be, to look at and to correct.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use import::mapping::{self, Column, Guess};
use serde_json::{Value, json};

use crate::cli::say;
use crate::imports;

/// 64 KiB: what of a file is looked at.
const HEAD: u64 = 64 * 1024;

/// Show what the columns of your own table, or the fields of your own JSON, seem to be. Nothing is imported.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  kith import map users.csv\n  kith import map users.csv --write map.toml\n  kith import csv users.csv --map map.toml --dry-run"
)]
pub(super) struct Map {
    /// The file.
    file: PathBuf,
    /// Write the mapping to a file that can be corrected and given back as --map.
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

impl Map {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let guess = guess(&self.file)?;
        if let Some(path) = &self.write {
            std::fs::write(path, imports::mapping_file(&guess, &BTreeMap::new()))
                .with_context(|| format!("can't write {}", path.display()))?;
        }
        if self.json {
            say(&as_json(&guess).to_string());
        } else {
            for line in lines(&self.file.display().to_string(), &guess) {
                say(&line);
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// What the columns of a file seem to be.
pub(super) fn guess(path: &Path) -> anyhow::Result<Guess> {
    let shown = path.display();
    let file = std::fs::File::open(path).with_context(|| format!("can't read {shown}"))?;
    let mut head = Vec::new();
    file.take(HEAD)
        .read_to_end(&mut head)
        .with_context(|| format!("can't read {shown}"))?;
    mapping::guess(&head).with_context(|| format!("can't make sense of {shown}"))
}

/// A guess for people.
pub(super) fn lines(name: &str, guess: &Guess) -> Vec<String> {
    let taken = guess
        .columns
        .iter()
        .filter(|column| column.taken().is_some());
    let (n_taken, n_columns) = (taken.count(), guess.columns.len());
    let mut lines = vec![format!(
        "{name}: {n_taken} of {n_columns} columns are taken"
    )];
    let width = guess
        .columns
        .iter()
        .map(|column| column.name.chars().count())
        .max();
    let width = width.unwrap_or(0).min(40);
    for column in &guess.columns {
        let (field, sure) = match (column.field, column.taken()) {
            (_, Some(field)) => (field.name.to_owned(), column.confidence.as_str()),
            (Some(field), None) => (format!("({}?)", field.name), column.confidence.as_str()),
            (None, None) => ("-".to_owned(), ""),
        };
        lines.push(format!(
            "  {:<width$}  {field:<26} {sure:<8} {}",
            column.name, column.why
        ));
    }
    for note in &guess.notes {
        lines.push(format!("Please check: {}", note.reason));
    }
    lines
}

fn as_json(guess: &Guess) -> Value {
    let column = |column: &Column| {
        json!({
            "name": column.name,
            "field": column.field.map(|field| field.name),
            "is_taken": column.taken().is_some(),
            "confidence": column.confidence.as_str(),
            "why": column.why,
            "sample": column.samples.first(),
            "filled": column.n_filled,
        })
    };
    let columns: Vec<_> = guess.columns.iter().map(column).collect();
    let notes: Vec<_> = guess
        .notes
        .iter()
        .map(|note| json!({"code": note.code, "column": note.column, "reason": note.reason}))
        .collect();
    json!({"rows": guess.n_rows, "columns": columns, "notes": notes})
}
