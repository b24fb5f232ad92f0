//! An import at work, as it goes: the page while it runs, and the events that keep it up to date.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;

use axum::extract::Path;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures::stream;

use super::{cohorts, count, counts, find, head, path, undo, uploading};
use crate::http::Result;
use crate::imports::view::{Chart, Progress, Running};
use crate::imports::{Run, State};
use crate::team::Member;
use crate::time::Timestamp;

/// How often the page learns how far it is.
const PAUSE: Duration = Duration::from_millis(500);

/// How many looks are drawn: a minute.
const LOOKS: usize = 121;

/// From how many looks back the present rate counts: five seconds.
const RECENT: usize = 10;

/// The box in which the rate is drawn.
const WIDTH: u64 = 600;

/// Its height.
const HEIGHT: u64 = 60;

/// Whether the page of an import is the one that goes along.
pub(super) fn is_live(member: &Member, run: &Run) -> bool {
    match run.state {
        State::Checking => true,
        State::Running => !run.is_abandoned(member.cx.now()),
        _ => false,
    }
}

pub(super) async fn page(member: &Member, run: &Run) -> Result<Running> {
    let can_stop = run.is_uploaded && run.state == State::Running;
    Ok(Running {
        head: head(member, run, ""),
        events_url: member.url(&path(run, "/events")),
        stop_action: can_stop.then(|| member.url(&path(run, "/stop"))),
        progress: progress(member, run, &Pace::default()).await?,
    })
}

/// How fast it went lately: where it stood at the last few looks.
#[derive(Debug, Default)]
struct Pace {
    looks: VecDeque<Look>,
}

/// Where an import stood at an instant.
#[derive(Debug, Clone, Copy)]
struct Look {
    at: Timestamp,
    rows: u64,
    bytes: u64,
}

impl Pace {
    /// Takes note of where it stands.
    fn look(&mut self, now: Timestamp, run: &Run) {
        // A dry run that begins anew has fewer rows than before.
        if self
            .looks
            .back()
            .is_some_and(|last| last.rows > count(run.tally.records))
        {
            self.looks.clear();
        }
        self.looks.push_back(Look {
            at: now,
            rows: count(run.tally.records),
            bytes: count(run.bytes_read),
        });
        if self.looks.len() > LOOKS {
            self.looks.pop_front();
        }
    }

    /// The look from which the present rate counts, a few seconds back.
    fn recent(&self) -> Option<Look> {
        let index = self.looks.len().saturating_sub(RECENT + 1);
        self.looks
            .get(index)
            .filter(|_| self.looks.len() > 1)
            .copied()
    }

    /// The rates between the looks, as a line; none while there are too few for one.
    fn chart(&self) -> Option<Chart> {
        let looks = self.looks.iter().zip(self.looks.iter().skip(1));
        let rates: Vec<u64> = looks
            .map(|(before, after)| per_second(after.rows - before.rows, after.at.since(before.at)))
            .collect();
        let peak = rates
            .iter()
            .copied()
            .max()
            .filter(|_| rates.len() >= 4)?
            .max(1);
        let last = u64::try_from(rates.len() - 1).unwrap_or(1);
        let point = |(index, rate): (u64, &u64)| {
            let (x, y) = (index * WIDTH / last, HEIGHT - rate * (HEIGHT - 2) / peak);
            format!("{x},{y}")
        };
        let points: Vec<String> = (0..).zip(&rates).map(point).collect();
        let (first, now) = (self.looks.front()?, self.looks.back()?);
        Some(Chart {
            line: points.join(" "),
            peak,
            seconds: now.at.since(first.at).as_secs(),
        })
    }
}

fn per_second(n: u64, time: Duration) -> u64 {
    let millis = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    n.saturating_mul(1_000) / millis.max(1)
}

/// Where it stands: by its pace, and since its beginning where that is all that is known.
async fn progress(member: &Member, run: &Run, pace: &Pace) -> Result<Progress> {
    let mut tx = member.cx.db().read().await?;
    let cohorts = cohorts::table(member, &mut tx, run).await?;
    drop(tx);
    let now = member.cx.now();
    let start = run.started_at.map(|at| Look {
        at,
        rows: 0,
        bytes: 0,
    });
    let (done, bytes_read) = (count(run.tally.records), count(run.bytes_read));
    let total = run.summary.expected.map(count);
    let bytes = count(run.bytes());
    let since = pace.recent().or(start);
    let rate = |n: u64, before: fn(&Look) -> u64| {
        since.map_or(0, |since| {
            per_second(n.saturating_sub(before(&since)), now.since(since.at))
        })
    };
    let rows_rate = rate(done, |look| look.rows);
    let (left, its_rate) = match total {
        Some(total) => (total.saturating_sub(done), rows_rate),
        None => (
            bytes.saturating_sub(bytes_read),
            rate(bytes_read, |look| look.bytes),
        ),
    };
    Ok(Progress {
        is_dry_run: run.is_dry_run,
        done,
        total,
        bytes_read,
        bytes,
        per_second: rows_rate,
        seconds_left: (its_rate > 0).then(|| left.div_ceil(its_rate)),
        counts: counts(&run.tally),
        chart: pace.chart(),
        cohorts,
    })
}

/// Tells how far an import is until it is not at work any more.
pub(super) async fn events(member: Member, Path(id): Path<String>) -> Result<Response> {
    find(&member, &id).await?;
    let pace = Pace::default();
    let events = stream::unfold(Some((member, id, pace)), async |state| {
        let (member, id, mut pace) = state?;
        tokio::select! {
            () = member.cx.stopping().cancelled() => return None,
            () = tokio::time::sleep(PAUSE) => {}
        }
        // When it can't be read now, the browser asks again by itself.
        let run = find(&member, &id).await.ok()?;
        if run.state == State::Uploading {
            let arriving = uploading::arriving(&member, &run).await.ok()?;
            let event = Event::default().event("progress");
            let event = event.data(member.part(&arriving));
            return Some((Ok::<_, Infallible>(event), Some((member, id, pace))));
        }
        if run.state == State::Undoing {
            let event = Event::default().event("progress");
            let event = event.data(member.part(&undo::progress(&run)));
            return Some((Ok(event), Some((member, id, pace))));
        }
        if is_live(&member, &run) {
            pace.look(member.cx.now(), &run);
            let html = member.part(&progress(&member, &run, &pace).await.ok()?);
            let event = Event::default().event("progress").data(html);
            return Some((Ok::<_, Infallible>(event), Some((member, id, pace))));
        }
        // A browser drops an event without data (HTML, §9.2.6), so it has to have some.
        let event = Event::default().event("done").data("done");
        Some((Ok(event), None))
    });
    Ok(Sse::new(events)
        .keep_alive(KeepAlive::default())
        .into_response())
}
