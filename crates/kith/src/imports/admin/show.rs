//! The page of an import: what would happen, what is happening, what has happened.

use axum::extract::Path;
use axum::response::Response;

use super::{cohorts, counts, examples, find, head, live, path, risks, undo, uploading};
use crate::context::Actor;
use crate::http::Result;
use crate::imports::view::{DryRun, Findings, Run as RunPage, Way};
use crate::imports::{self, Run, State};
use crate::pages::Message;
use crate::team::Member;
use crate::users;

pub(super) async fn show(member: Member, Path(id): Path<String>) -> Result<Response> {
    let run = find(&member, &id).await?;
    if run.state == State::Uploading {
        return Ok(member.show(&uploading::page(&member, &run).await?));
    }
    if run.state == State::Undoing {
        return Ok(member.show(&undo::undoing(&member, &run)));
    }
    if live::is_live(&member, &run) {
        return Ok(member.show(&live::page(&member, &run).await?));
    }
    let findings = findings(&member, &run).await?;
    if run.state == State::Checked && run.is_uploaded {
        return Ok(member.show(&DryRun {
            head: head(&member, &run, ""),
            counts: counts(&run.tally),
            findings,
            must_insist: run.summary.refusal().map(|doubt| {
                Message::new("import-error-reason").with("reason", doubt.reason.clone())
            }),
            confirm_action: member.url(&path(&run, "/start")),
            discard_action: member.url(&path(&run, "/discard")),
        }));
    }
    let can_go_on = run.state == State::Stopped && run.is_uploaded;
    Ok(member.show(&RunPage {
        head: head(&member, &run, ""),
        id: run.id.to_string(),
        failure: failure(&run),
        users_url: member.url("/users"),
        resume_action: can_go_on.then(|| member.url(&path(&run, "/resume"))),
        undo_url: imports::can_undo(&member.cx, &run).then(|| member.url(&path(&run, "/undo"))),
        undone: run.summary.undone.as_ref().map(undo::counts),
        kept_url: member.url(&path(&run, "/kept")),
        counts: counts(&run.tally),
        findings,
        started_at: run.started_at.unwrap_or(run.created_at).millis(),
        finished_at: run.finished_at.map(crate::time::Timestamp::millis),
        per_second: per_second(&run),
        by: started_by(&member, &run).await?,
    }))
}

/// Rows a second, from beginning to end; none for an import that was stopped in between, or of nothing.
fn per_second(run: &Run) -> Option<u64> {
    let (start, end) = run.started_at.zip(run.finished_at)?;
    let rows = super::count(run.tally.records);
    let millis = u64::try_from(end.since(start).as_millis()).ok()?;
    let is_whole = run.state == State::Finished && rows > 0;
    is_whole.then(|| rows.saturating_mul(1_000) / millis.max(1))
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
    Ok(Findings {
        risks: risks::rows(run),
        warnings: warnings(run),
        ways_total: ways.iter().map(|way| way.people).sum(),
        ways,
        cohorts: cohorts::table(member, &mut tx, run).await?,
        examples: examples::all(member, &mut tx, run).await?,
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
    let left_out = summary.warnings.iter();
    let left_out = left_out.map(|(code, n)| {
        let said = Message::new("import-odd-left-out").with("count", *n);
        said.with("code", code.as_str())
    });
    let suspended = summary.outlook.suspended;
    let suspended =
        (suspended > 0).then(|| Message::new("import-odd-suspended").with("count", suspended));
    left_out.chain(suspended).collect()
}
