//! `kith import prove`: tries known passwords against what an import has brought.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use serde_json::json;

use super::report;
use crate::cli::say;
use crate::context::Context;
use crate::id::ImportRunId;
use crate::imports::{self, Pair, Proof, Run};

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
        return imports::read_pairs(BufReader::new(std::io::stdin()))
            .context("can't read standard input");
    }
    let shown = path.display();
    let file = File::open(path).with_context(|| format!("can't read {shown}"))?;
    imports::read_pairs(BufReader::new(file)).with_context(|| format!("can't read {shown}"))
}
