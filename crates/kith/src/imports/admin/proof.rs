//! Proving an import: known passwords in a form or a small file, tried one by one. None is shown again, and none is kept.

use axum::extract::multipart::Field;
use axum::extract::{Multipart, Path};
use axum::response::Response;

use super::bring::{broken, check_token};
use super::{cohorts, find, head, path};
use crate::http::Result;
use crate::imports::view::{CohortTable, ProofAnswer, ProofPage};
use crate::imports::{self, MAX_PAIRS, Pair, Proof, ProveError, Run};
use crate::pages::{Message, Problems};
use crate::secret::Secret;
use crate::team::Member;

/// 64 KiB: room for far more pairs than are tried.
const MAX_TEXT: usize = 64 * 1024;

pub(super) async fn show(member: Member, Path(id): Path<String>) -> Result<Response> {
    let run = find(&member, &id).await?;
    Ok(member.show(&page(&member, &run).await?))
}

/// Tries the pairs, and tells of each what it has shown.
pub(super) async fn submit(
    member: Member,
    Path(id): Path<String>,
    mut parts: Multipart,
) -> Result<Response> {
    check_token(&member, &mut parts).await?;
    let run = find(&member, &id).await?;
    let problems = match pairs(&mut parts).await? {
        Ok(pairs) if pairs.is_empty() => Problems::at("pairs", Message::new("import-proof-none")),
        Ok(pairs) if pairs.len() > MAX_PAIRS => {
            let many = Message::new("import-proof-many").with("max", max_pairs());
            Problems::at("pairs", many.with("count", pairs.len() as u64))
        }
        Ok(pairs) => {
            let mut answers = Vec::with_capacity(pairs.len());
            for pair in pairs {
                answers.push(answer(&member, &run, pair).await?);
            }
            let page = page(&member, &run).await?;
            return Ok(member.show(&ProofPage { answers, ..page }));
        }
        Err(problems) => problems,
    };
    let page = page(&member, &run).await?;
    Ok(member.show_again(&ProofPage { problems, ..page }))
}

/// The pairs of the form: the one in its fields, those that were pasted, those of the file.
async fn pairs(parts: &mut Multipart) -> Result<Result<Vec<Pair>, Problems>> {
    let (mut identifier, mut password) = (String::new(), String::new());
    let mut pairs = Vec::new();
    while let Some(part) = parts.next_field().await.map_err(broken)? {
        let name = part.name().unwrap_or_default().to_owned();
        let field = if name == "file" { "file" } else { "pairs" };
        let Some(text) = text(part).await? else {
            return Ok(Err(Problems::at(field, Message::new("import-proof-large"))));
        };
        match name.as_str() {
            "identifier" => text.trim().clone_into(&mut identifier),
            "password" => password = text,
            "pairs" | "file" => match imports::read_pairs(text.as_bytes()) {
                Ok(some) => pairs.extend(some),
                Err(error) => {
                    let reason =
                        Message::new("import-error-reason").with("reason", error.to_string());
                    return Ok(Err(Problems::at(field, reason)));
                }
            },
            _ => {}
        }
    }
    match (identifier.is_empty(), password.is_empty()) {
        (true, true) => {}
        (true, false) => {
            let missing = Message::new("import-detective-who");
            return Ok(Err(Problems::at("identifier", missing)));
        }
        (false, true) => {
            let missing = Message::new("import-detective-password-missing");
            return Ok(Err(Problems::at("password", missing)));
        }
        (false, false) => pairs.insert(
            0,
            Pair {
                identifier,
                password: Secret::new(password),
            },
        ),
    }
    Ok(Ok(pairs))
}

/// The text of a part; none where it is larger than any list of ours.
async fn text(mut part: Field<'_>) -> Result<Option<String>> {
    let mut bytes = Vec::new();
    while let Some(piece) = part.chunk().await.map_err(broken)? {
        if bytes.len() + piece.len() > MAX_TEXT {
            return Ok(None);
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
}

async fn answer(member: &Member, run: &Run, pair: Pair) -> Result<ProofAnswer> {
    let proof = imports::prove(&member.cx, run, &pair).await;
    let (tone, outcome, text) = match proof {
        Ok(proof) => said(&proof),
        // The others are tried all the same.
        Err(ProveError::TooMany(_)) => (
            "bad",
            "import-proof-too-many",
            Message::new("import-proof-too-many-text"),
        ),
        Err(error) => return Err(error.into()),
    };
    Ok(ProofAnswer {
        identifier: pair.identifier,
        tone,
        outcome: Message::new(outcome),
        text,
    })
}

fn said(proof: &Proof) -> (&'static str, &'static str, Message) {
    match proof {
        Proof::Proved { cohort } => (
            "good",
            "import-proof-right",
            Message::new("import-proof-right-text").with("cohort", cohort.as_str()),
        ),
        Proof::OtherImport => (
            "warn",
            "import-proof-right",
            Message::new("import-proof-other-text"),
        ),
        Proof::SetHere => (
            "warn",
            "import-proof-right",
            Message::new("import-proof-here-text"),
        ),
        Proof::Wrong => (
            "bad",
            "import-proof-wrong",
            Message::new("import-proof-wrong-text"),
        ),
        Proof::NoPassword => (
            "warn",
            "import-proof-no-password",
            Message::new("import-proof-no-password-text"),
        ),
        Proof::NoPerson => (
            "warn",
            "import-proof-no-person",
            Message::new("import-proof-no-person-text"),
        ),
    }
}

fn max_pairs() -> u64 {
    MAX_PAIRS as u64
}

async fn page(member: &Member, run: &Run) -> Result<ProofPage> {
    let mut tx = member.cx.db().read().await?;
    let cohorts = cohorts::table(member, &mut tx, run).await?;
    Ok(ProofPage {
        head: head(member, run, "/proof"),
        action: member.url(&path(run, "/proof")),
        max_pairs: max_pairs(),
        answers: Vec::new(),
        cohorts: CohortTable {
            proof_url: None,
            ..cohorts
        },
        problems: Problems::none(),
    })
}
