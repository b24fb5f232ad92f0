//! The list of imports.

use axum::response::Response;
use serde::Deserialize;

use super::{counts, names, path, state};
use crate::http::{Query, Result};
use crate::imports::view::{RunList, RunRow};
use crate::imports::{self, State};
use crate::pages::{Filter, Message};
use crate::paging::{Order, Wanted};
use crate::team::Member;
use crate::team::admin::listing::{Span, address};

/// A way of looking at the list: its value in the address, its phrase, the states that it shows.
type View = (&'static str, &'static str, &'static [State]);

const VIEWS: &[View] = &[
    ("", "import-runs-all", &[]),
    (
        "open",
        "import-runs-open",
        &[
            State::Uploading,
            State::Checking,
            State::Checked,
            State::Running,
            State::Stopped,
        ],
    ),
    ("finished", "import-runs-finished", &[State::Finished]),
    (
        "failed",
        "import-runs-failed",
        &[State::Failed, State::Cancelled],
    ),
];

/// Which imports an address asks for.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    show: String,
}

pub(super) async fn show(
    member: Member,
    Query(asked): Query<Asked>,
    Query(span): Query<Span>,
) -> Result<Response> {
    let found = VIEWS.iter().find(|(value, ..)| *value == asked.show);
    let (shown, _, states) = found.unwrap_or(&VIEWS[0]);
    let wanted = span.wanted(true);
    let (cx, mut tx) = (&member.cx, member.cx.db().read().await?);
    let page = if states.is_empty() {
        imports::list(cx, &mut tx, &wanted).await?
    } else {
        imports::list_in(cx, &mut tx, states, &wanted).await?
    };
    let any = Wanted::first(Order::NEWEST_FIRST, 1);
    let is_empty =
        page.items.is_empty() && imports::list(cx, &mut tx, &any).await?.items.is_empty();
    let list = member.url("/users/imports");
    let (runs, pager) = span.settle(
        page,
        |run| run.id.as_str(),
        |at| address(&list, &[("show", shown), at]),
    );
    let row = |run: &imports::Run| RunRow {
        source: run.label().to_owned(),
        files: names(run),
        state: state(&member, run),
        counts: counts(&run.tally),
        started_at: run.created_at.millis(),
        url: member.url(&path(run, "")),
    };
    let filter = |(value, label, _): &View| Filter {
        label: Message::new(label),
        value,
        url: address(&list, &[("show", value)]),
        is_current: value == shown,
    };
    Ok(member.show(&RunList {
        users_url: member.url("/users"),
        import_url: member.url("/users/import"),
        filters: VIEWS.iter().map(filter).collect(),
        is_empty,
        rows: runs.iter().map(row).collect(),
        pager,
    }))
}
