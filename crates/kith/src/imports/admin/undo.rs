//! Undoing an import: what it would do and the question, the undoing as it goes, and those who were left as they are.

use axum::extract::Path;
use axum::response::Response;
use serde::Deserialize;

use super::{count, find, head, path};
use crate::error::Code;
use crate::http::{Failure, Form, Query, Result};
use crate::id::UserId;
use crate::imports::view::{KeptPeople, KeptRow, UndoProgress, Undoing, UndoneCounts};
use crate::imports::{self, Foreseen, Kept, KeptReason, NotFound, Run, Undone};
use crate::pages::{Confirm, Message, Pager, Problems};
use crate::team::Member;
use crate::team::admin::listing::{SIZE, address};
use crate::users;

pub(super) async fn ask(member: Member, Path(id): Path<String>) -> Result<Response> {
    let run = find(&member, &id).await?;
    let foreseen = imports::foresee_undo(&member.cx, &run).await?;
    Ok(member.show(&question(&member, &run, &foreseen, Problems::none())))
}

pub(super) async fn undo(member: Member, Path(id): Path<String>, form: Form) -> Result<Response> {
    member.check(&form)?;
    let run = find(&member, &id).await?;
    let typed = form.get("typed_name");
    if typed != name(&run) && typed != run.id.as_str() {
        let foreseen = imports::foresee_undo(&member.cx, &run).await?;
        let problems = Problems::at("typed_name", Message::new("confirm-error-typed"));
        return Ok(member.show_again(&question(&member, &run, &foreseen, problems)));
    }
    let id = id.parse().map_err(|_| NotFound)?;
    let mut tx = member.cx.db().begin().await?;
    let run = imports::begin_undo(&member.cx, &mut tx, &id).await?;
    tx.commit().await?;
    member.cx.wake_worker();
    Ok(member.redirect(&path(&run, "")))
}

/// What is to be typed: the name of the first file, as it is shown on the import's page.
fn name(run: &Run) -> &str {
    let first = run.files.first().map(|file| file.name.trim());
    first
        .filter(|name| !name.is_empty())
        .unwrap_or(run.id.as_str())
}

fn question(member: &Member, run: &Run, foreseen: &Foreseen, problems: Problems) -> Confirm {
    let Undone {
        deleted,
        restored,
        kept,
    } = foreseen.undone;
    let mut what = vec![
        Message::new("import-undo-deleted").with("count", deleted),
        Message::new("import-undo-restored").with("count", restored),
        Message::new("import-undo-kept").with("count", kept),
    ];
    if foreseen.unseen > 0 {
        what.push(Message::new("import-undo-unseen").with("count", foreseen.unseen));
    }
    what.push(Message::new("import-undo-newest-first"));
    what.push(Message::new("confirm-for-good"));
    Confirm {
        title: Message::new("import-undo-title").with("source", run.label()),
        what,
        typed: Some(name(run).to_owned()),
        action: member.url(&path(run, "/undo")),
        button: Message::new("import-undo-button"),
        cancel_url: member.url(&path(run, "")),
        problems,
    }
}

/// The page of an import that is being undone.
pub(super) fn undoing(member: &Member, run: &Run) -> Undoing {
    Undoing {
        head: head(member, run, ""),
        events_url: member.url(&path(run, "/events")),
        progress: progress(run),
    }
}

/// How far undoing is.
pub(super) fn progress(run: &Run) -> UndoProgress {
    UndoProgress {
        undone: counts(&run.summary.undone.unwrap_or_default()),
    }
}

pub(super) fn counts(undone: &Undone) -> UndoneCounts {
    UndoneCounts {
        deleted: count(undone.deleted),
        restored: count(undone.restored),
        kept: count(undone.kept),
    }
}

/// After whom a page begins.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    after: String,
}

pub(super) async fn kept(
    member: Member,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let run = find(&member, &id).await?;
    let after: Option<UserId> = if asked.after.is_empty() {
        None
    } else {
        let malformed = |_| Failure::new(Code::INVALID_CURSOR, "start again at the first page");
        Some(asked.after.parse().map_err(malformed)?)
    };
    let mut tx = member.cx.db().read().await?;
    let wanted = i64::from(SIZE) + 1;
    let mut found = imports::kept(&mut tx, &run.id, after.as_ref(), wanted).await?;
    let has_more = found.len() > SIZE as usize;
    found.truncate(SIZE as usize);
    let all = member.url(&path(&run, "/kept"));
    let last = found.last().filter(|_| has_more);
    let pager = Pager {
        previous: after.map(|_| all.clone()),
        next: last.map(|last| address(&all, &[("after", last.user_id.as_str())])),
    };
    Ok(member.show(&KeptPeople {
        head: head(&member, &run, "/kept"),
        rows: found.into_iter().map(|kept| row(&member, kept)).collect(),
        pager,
    }))
}

fn row(member: &Member, kept: Kept) -> KeptRow {
    let name = users::full_name(kept.given_name.as_deref(), kept.family_name.as_deref());
    let email = kept.email.unwrap_or_default();
    let called = if email.is_empty() {
        kept.user_id.to_string()
    } else {
        email.clone()
    };
    KeptRow {
        url: member.url(&format!("/users/{}", kept.user_id)),
        email: if name.is_some() { email } else { String::new() },
        name: name.unwrap_or(called),
        was_created: kept.was_created,
        reason: Message::new(match kept.reason {
            KeptReason::SignedIn => "import-kept-signed-in",
            KeptReason::Changed => "import-kept-changed",
        }),
    }
}
