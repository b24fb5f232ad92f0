//! `kith import prove`: tries known passwords against what an import has brought.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use serde::Deserialize;
use serde_json::json;

use super::report;
use crate::cli::say;
use crate::context::Context;
use crate::id::ImportRunId;
use crate::imports::{self, Pair, Proof, Run};
use crate::secret::Secret;

/// Try known passwords of a few people, to see that the imported hashes work before everybody signs in. Nobody is locked out.
#[derive(Debug, Args)]
#[command(
    after_help = "The file has a line `identifier,password` for each, or a JSON object with these keys.\nPasswords never go into arguments.\n\nExample:\n  kith import prove RUN known.csv\n  pass show testers | kith import prove RUN -"
)]
pub(super) struct Prove {
    /// The import, as `kith import list` shows it.
    run: ImportRunId,
    /// The known passwords: CSV with the header `identifier,password`, or NDJSON; `-` reads standard input.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// A line of NDJSON.
#[derive(Deserialize)]
struct Line {
    identifier: String,
    password: Secret,
}

impl Prove {
    pub(super) async fn run(self, cx: &Context) -> anyhow::Result<ExitCode> {
        let found = imports::find(cx, &mut cx.db().read().await?, &self.run).await?;
        let run = found.ok_or(imports::NotFound)?;
        let mut proofs = Vec::new();
        for pair in pairs(&self.file)? {
            let proof = imports::prove(cx, &run, &pair).await?;
            proofs.push((pair.identifier, proof));
        }
        self.print(cx, &run, &proofs).await?;
        let are_right = |(_, proof): &(String, Proof)| matches!(proof, Proof::Proved { .. });
        Ok(if !proofs.is_empty() && proofs.iter().all(are_right) {
            ExitCode::SUCCESS
        } else {
            ExitCode::from(3)
        })
    }

    async fn print(
        &self,
        cx: &Context,
        run: &Run,
        proofs: &[(String, Proof)],
    ) -> anyhow::Result<()> {
        let cohorts = imports::cohorts(&mut cx.db().read().await?, run).await?;
        if self.json {
            let proofs: Vec<_> = proofs
                .iter()
                .map(|(identifier, proof)| {
                    let mut object = serde_json::to_value(proof)?;
                    object["identifier"] = json!(identifier);
                    Ok(object)
                })
                .collect::<anyhow::Result<_>>()?;
            say(&json!({ "proofs": proofs, "cohorts": cohorts }).to_string());
            return Ok(());
        }
        for (identifier, proof) in proofs {
            say(&format!("{identifier}: {}", outcome(proof)));
        }
        for line in report::cohorts(&cohorts) {
            say(&line);
        }
        Ok(())
    }
}

fn outcome(proof: &Proof) -> String {
    match proof {
        Proof::Proved { cohort } => format!("the password is right; {cohort} works"),
        Proof::OtherImport => "the password is right; it came with another import".to_owned(),
        Proof::SetHere => {
            "the password is right; it was set here, so it shows nothing of the import".to_owned()
        }
        Proof::Wrong => {
            "the password is WRONG: it is not theirs, or the hash needs other parameters".to_owned()
        }
        Proof::NoPassword => "has no password here".to_owned(),
        Proof::NoPerson => "nobody here has this identifier".to_owned(),
    }
}

/// The pairs of a file, or of standard input.
fn pairs(path: &Path) -> anyhow::Result<Vec<Pair>> {
    if path == Path::new("-") {
        return read(BufReader::new(std::io::stdin())).context("can't read standard input");
    }
    let shown = path.display();
    let file = File::open(path).with_context(|| format!("can't read {shown}"))?;
    read(BufReader::new(file)).with_context(|| format!("can't read {shown}"))
}

fn read(mut input: impl BufRead) -> anyhow::Result<Vec<Pair>> {
    let is_json = input.fill_buf()?.trim_ascii_start().starts_with(b"{");
    if is_json {
        return input
            .lines()
            .filter(|line| line.as_ref().map_or(true, |line| !line.trim().is_empty()))
            .zip(1..)
            .map(|(line, number)| {
                // The cause is not told: it may repeat what it met.
                let Ok(Line {
                    identifier,
                    password,
                }) = serde_json::from_str(&line?)
                else {
                    anyhow::bail!(
                        "line {number} is not an object with the texts identifier and password"
                    );
                };
                Ok(Pair {
                    identifier,
                    password,
                })
            })
            .collect();
    }
    let mut reader = csv::Reader::from_reader(input);
    let header = reader.headers().context("it is not CSV")?.clone();
    let column = |name: &str| {
        let at = header.iter().position(|cell| cell.trim() == name);
        at.with_context(|| format!("the first line has no column {name}"))
    };
    let (identifier, password) = (column("identifier")?, column("password")?);
    let pair = |row: csv::Result<csv::StringRecord>| {
        let row =
            row.map_err(|_| anyhow::anyhow!("a line has more or fewer cells than the first"))?;
        Ok(Pair {
            identifier: row[identifier].to_owned(),
            password: Secret::new(&row[password]),
        })
    };
    reader.records().map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(text: &str) -> Vec<(String, String)> {
        let pairs = read(text.as_bytes()).unwrap().into_iter();
        let pairs = pairs.map(|pair| (pair.identifier, pair.password.reveal().to_owned()));
        pairs.collect()
    }

    #[test]
    fn pairs_come_as_a_table_or_as_objects() {
        let expected = [("ada@example.com".to_owned(), "a,b \"c\"".to_owned())];
        assert_eq!(
            seen("password,identifier\n\"a,b \"\"c\"\"\",ada@example.com\n"),
            expected
        );
        assert_eq!(
            seen("{\"identifier\":\"ada@example.com\",\"password\":\"a,b \\\"c\\\"\"}\n\n"),
            expected
        );
    }

    #[test]
    fn what_is_wrong_with_a_file_is_said_without_what_is_in_it() {
        for text in [
            "identifier,secret\na,hunter2\n",
            "identifier,password\na,hunter2,x\n",
            "{\"identifier\":\"a\",\"password\":7,\"x\":\"hunter2\"}\n",
        ] {
            let error = format!("{:#}", read(text.as_bytes()).unwrap_err());
            assert!(!error.contains("hunter2"), "{error}");
        }
    }
}
