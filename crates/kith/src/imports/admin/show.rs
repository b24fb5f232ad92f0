//! The page of an import: what would happen, what is happening, what has happened.

use axum::extract::Path;
use axum::response::Response;
use db::Tx;

use super::{counts, find, live, names, path, state};
use crate::context::Actor;
use crate::http::Result;
use crate::imports::view::{DryRun, Findings, RefusedRow, Run as RunPage, SampleRow, Way};
use crate::imports::{self, Run, SampleOutcome, State};
use crate::pages::Message;
use crate::team::Member;
use crate::users;

/// How many refused rows a page shows; the file has them all.
const SHOWN: i64 = 50;

pub(super) async fn show(member: Member, Path(id): Path<String>) -> Result<Response> {
    let run = find(&member, &id).await?;
    if live::is_live(&member, &run) {
        return Ok(member.show(&live::page(&member, &run)));
    }
    let findings = findings(&member, &run).await?;
    if run.state == State::Checked && run.is_uploaded {
        return Ok(member.show(&DryRun {
            source: run.label().to_owned(),
            files: names(&run),
            back_url: member.url("/users/import"),
            counts: counts(&run.tally),
            findings,
            confirm_action: member.url(&path(&run, "/start")),
            discard_action: member.url(&path(&run, "/discard")),
        }));
    }
    let can_go_on = run.state == State::Stopped && run.is_uploaded;
    Ok(member.show(&RunPage {
        id: run.id.to_string(),
        source: run.label().to_owned(),
        files: names(&run),
        state: state(&member, &run),
        failure: failure(&run),
        runs_url: member.url("/users/imports"),
        users_url: member.url("/users"),
        resume_action: can_go_on.then(|| member.url(&path(&run, "/resume"))),
        counts: counts(&run.tally),
        findings,
        started_at: run.started_at.unwrap_or(run.created_at).millis(),
        finished_at: run.finished_at.map(crate::time::Timestamp::millis),
        by: started_by(&member, &run).await?,
    }))
}

/// Why an import stands where it does, when that needs a sentence.
fn failure(run: &Run) -> Option<Message> {
    match run.state {
        State::Running => {
            Some(Message::new("import-failure-interrupted").with("run", run.id.to_string()))
        }
        State::Stopped => Some(Message::new("import-failure-stopped")),
        State::Cancelled => Some(Message::new("import-failure-discarded")),
        State::Failed => {
            let failed = run.failure.as_ref()?;
            Some(Message::new("import-error-reason").with("reason", failed.message.clone()))
        }
        _ => None,
    }
}

/// Who began it; none for Kith itself, which is the command line.
async fn started_by(member: &Member, run: &Run) -> Result<Option<String>> {
    if run.started_by == Actor::System.to_string() {
        return Ok(None);
    }
    let id = run.started_by.strip_prefix("member:");
    let Some(id) = id.and_then(|id| id.parse().ok()) else {
        return Ok(Some(run.started_by.clone()));
    };
    let mut tx = member.cx.db().read().await?;
    let user = users::find(member.team(), &mut tx, &id).await?;
    Ok(user.map(|user| user.display_name()))
}

async fn findings(member: &Member, run: &Run) -> Result<Findings> {
    let mut tx = member.cx.db().read().await?;
    let ways = ways(run);
    let schemes = run.summary.schemes.iter();
    let schemes: Vec<String> = schemes
        .map(|(scheme, n)| format!("{scheme} ({})", grouped(*n)))
        .collect();
    Ok(Findings {
        warnings: warnings(run),
        ways_total: ways.iter().map(|way| way.people).sum(),
        ways,
        schemes: schemes.join(", "),
        samples: samples(run),
        refused: refused(&mut tx, run).await?,
        report_url: member.url(&path(run, "/refused.csv")),
    })
}

/// How the people who are new will sign in, the most common way first.
fn ways(run: &Run) -> Vec<Way> {
    let outlook = &run.summary.outlook;
    let mut ways: Vec<Way> = [
        ("import-way-password", outlook.with_password),
        ("import-way-verify", outlook.with_password_and_code),
        ("import-way-choose", outlook.with_code),
        ("import-way-social", outlook.with_account_elsewhere),
    ]
    .into_iter()
    .map(|(label, people)| Way {
        label: Message::new(label),
        people: super::count(people),
    })
    .filter(|way| way.people > 0)
    .collect();
    ways.sort_by_key(|way| std::cmp::Reverse(way.people));
    ways
}

fn warnings(run: &Run) -> Vec<Message> {
    let summary = &run.summary;
    let doubts = summary.findings.iter();
    let doubts = doubts
        .map(|doubt| Message::new("import-error-reason").with("reason", doubt.reason.clone()));
    let left_out = summary.warnings.iter();
    let left_out = left_out.map(|(code, n)| {
        let said = Message::new("import-odd-left-out").with("count", *n);
        said.with("code", code.as_str())
    });
    let suspended = summary.outlook.suspended;
    let suspended =
        (suspended > 0).then(|| Message::new("import-odd-suspended").with("count", suspended));
    doubts.chain(left_out).chain(suspended).collect()
}

fn samples(run: &Run) -> Vec<SampleRow> {
    let samples = run.summary.samples.iter();
    let row = |sample: &imports::Sample| SampleRow {
        name: sample.name.clone(),
        email: sample.contact.clone(),
        is_verified: sample.is_verified,
        scheme: sample.scheme.clone(),
        outcome: Message::new(match sample.outcome {
            SampleOutcome::Created => "import-outcome-create",
            SampleOutcome::Updated => "import-outcome-update",
            SampleOutcome::Unchanged => "import-outcome-unchanged",
        }),
    };
    samples.map(row).collect()
}

async fn refused(tx: &mut Tx, run: &Run) -> Result<Vec<RefusedRow>> {
    let rows = imports::first_refused(tx, &run.id, SHOWN).await?;
    let row = |row: imports::Refusal| RefusedRow {
        line: super::count(row.line),
        column: row.column,
        code: row.code,
        reason: row.reason,
    };
    Ok(rows.into_iter().map(row).collect())
}

/// The number with commas between its thousands.
fn grouped(number: i64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_have_commas() {
        let shown: Vec<String> = [7, 999, 1_000, 4_120_003]
            .into_iter()
            .map(grouped)
            .collect();
        assert_eq!(shown, ["7", "999", "1,000", "4,120,003"]);
    }
}
