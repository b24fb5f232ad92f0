//! `kith import map`: what the columns of a file seem to be, to look at and to correct.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use import::mapping::{self, Column, Dates, MapFile};
use serde_json::{Value, json};

use super::folder;
use crate::cli::say;
use crate::imports::{self, FileColumns, Options};

/// 64 KiB: what of a file is looked at.
const HEAD: u64 = 64 * 1024;

/// Show what the columns of your own tables, or the fields of your own JSON, seem to be. Nothing is imported.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  kith import map users.csv\n  kith import map users.csv --write map.toml\n  kith import csv users.csv --map map.toml --dry-run"
)]
pub(super) struct Map {
    /// The files; a folder stands for the files in it.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// What was decided already, as a file that --write has written.
    #[arg(long = "map", value_name = "FILE")]
    decided: Option<PathBuf>,
    /// Write the mapping to a file that can be corrected and given back as --map.
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

impl Map {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let decided = self.decided.as_deref().map(read).transpose()?;
        let decided = decided.unwrap_or_default();
        let options = Options {
            all: decided.all,
            files: decided.files,
            ..Options::default()
        };
        let paths = folder::expanded(&self.files, None)?;
        let files = paths.iter().map(|path| file(path, &options));
        let files: Vec<FileColumns> = files.collect::<anyhow::Result<_>>()?;
        if let Some(path) = &self.write {
            std::fs::write(path, imports::map_file(&files, &options.all.constants))
                .with_context(|| format!("can't write {}", path.display()))?;
        }
        if self.json {
            let shown = match files.as_slice() {
                [file] => as_json(file),
                files => json!({"files": files.iter().map(as_json).collect::<Vec<_>>()}),
            };
            say(&shown.to_string());
        } else {
            for line in files.iter().flat_map(lines) {
                say(&line);
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// A file of what was decided.
pub(super) fn read(path: &Path) -> anyhow::Result<MapFile> {
    let shown = path.display();
    let text = std::fs::read_to_string(path).with_context(|| format!("can't read {shown}"))?;
    toml::from_str(&text).with_context(|| {
        format!("can't read {shown}: write a line `\"column\" = \"field\"` for each column")
    })
}

/// What the columns of a file seem to be, and were decided to be.
pub(super) fn file(path: &Path, options: &Options) -> anyhow::Result<FileColumns> {
    let shown = path.display();
    let file = std::fs::File::open(path).with_context(|| format!("can't read {shown}"))?;
    let mut head = Vec::new();
    file.take(HEAD)
        .read_to_end(&mut head)
        .with_context(|| format!("can't read {shown}"))?;
    let name = shown.to_string();
    let decided = options.mapping_of(&name);
    let mut guess = mapping::guess(&head, decided.separator)
        .with_context(|| format!("can't make sense of {name}"))?;
    guess.decide(&decided);
    Ok(FileColumns { name, guess })
}

/// A guess for people.
pub(super) fn lines(FileColumns { name, guess }: &FileColumns) -> Vec<String> {
    let taken = guess
        .columns
        .iter()
        .filter(|column| column.taken().is_some());
    let (n_taken, n_columns) = (taken.count(), guess.columns.len());
    let table = guess.separator();
    let table = table.map_or(String::new(), |separator| {
        format!(", separated by {separator}")
    });
    let mut lines = vec![format!(
        "{name}: {n_taken} of {n_columns} columns are taken{table}"
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
            "  {:<width$}  {field:<26} {sure:<8} {}{}",
            column.name,
            column.why,
            dates(column).map_or(String::new(), |dates| format!("; dates: {dates}"))
        ));
    }
    for note in &guess.notes {
        lines.push(format!("Please check: {}", note.reason));
    }
    lines
}

/// In which form the dates of a column are, where that matters.
fn dates(column: &Column) -> Option<&'static str> {
    let shown = match (column.decided_dates, column.dates) {
        (Some(format), _) | (None, Some(Dates::Are(format))) => format.as_str(),
        (None, Some(Dates::Ambiguous)) => "d/m/y or m/d/y?",
        (None, Some(Dates::Mixed)) => "in several forms",
        (None, None) => return None,
    };
    Some(shown).filter(|_| column.has_dates())
}

fn as_json(FileColumns { name, guess }: &FileColumns) -> Value {
    let column = |column: &Column| {
        json!({
            "name": column.name,
            "field": column.field.map(|field| field.name),
            "is_taken": column.taken().is_some(),
            "confidence": column.confidence.as_str(),
            "why": column.why,
            "dates": dates(column),
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
    json!({
        "file": name,
        "separator": guess.separator(),
        "rows": guess.n_rows,
        "columns": columns,
        "notes": notes,
    })
}
