//! An import at work, as it goes: the page while it runs, and the events that keep it up to date.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::Path;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures::stream;

use super::{count, find, names, path};
use crate::http::Result;
use crate::imports::view::{Progress, Running};
use crate::imports::{Run, State};
use crate::team::Member;

/// How often the page learns how far it is.
const PAUSE: Duration = Duration::from_millis(500);

/// Whether the page of an import is the one that goes along.
pub(super) fn is_live(member: &Member, run: &Run) -> bool {
    match run.state {
        State::Uploading | State::Checking => true,
        State::Running => !run.is_abandoned(member.cx.now()),
        _ => false,
    }
}

pub(super) fn page(member: &Member, run: &Run) -> Running {
    let can_stop = run.is_uploaded && run.state == State::Running;
    Running {
        is_dry_run: run.is_dry_run,
        files: names(run),
        runs_url: member.url("/users/imports"),
        events_url: member.url(&path(run, "/events")),
        stop_action: can_stop.then(|| member.url(&path(run, "/stop"))),
        progress: progress(member, run),
    }
}

fn progress(member: &Member, run: &Run) -> Progress {
    let done = count(run.tally.records);
    let total = run.summary.expected.map(count);
    let since = run.started_at.map(|start| member.cx.now().since(start));
    let millis = since.map_or(0, |since| since.as_millis());
    let rate = u128::from(done) * 1_000 / millis.max(1);
    let per_second = u64::try_from(rate).unwrap_or(0);
    let left = total.map(|total| total.saturating_sub(done));
    Progress {
        done,
        total,
        per_second,
        seconds_left: left
            .filter(|_| per_second > 0)
            .map(|left| left.div_ceil(per_second)),
    }
}

/// Tells how far an import is until it is not at work any more.
pub(super) async fn events(member: Member, Path(id): Path<String>) -> Result<Response> {
    find(&member, &id).await?;
    let events = stream::unfold(Some((member, id)), async |state| {
        let (member, id) = state?;
        tokio::select! {
            () = member.cx.stopping().cancelled() => return None,
            () = tokio::time::sleep(PAUSE) => {}
        }
        // When it can't be read now, the browser asks again by itself.
        let run = find(&member, &id).await.ok()?;
        if is_live(&member, &run) {
            let html = member.part(&progress(&member, &run));
            let event = Event::default().event("progress").data(html);
            return Some((Ok::<_, Infallible>(event), Some((member, id))));
        }
        // A browser drops an event without data (HTML, §9.2.6), so it has to have some.
        let event = Event::default().event("done").data("done");
        Some((Ok(event), None))
    });
    Ok(Sse::new(events)
        .keep_alive(KeepAlive::default())
        .into_response())
}
