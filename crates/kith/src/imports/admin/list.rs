//! The list of imports.

use axum::response::Response;

use super::{counts, names, path, state};
use crate::http::{Query, Result};
use crate::imports;
use crate::imports::view::{RunList, RunRow};
use crate::team::Member;
use crate::team::admin::listing::{Span, address};

pub(super) async fn show(member: Member, Query(span): Query<Span>) -> Result<Response> {
    let wanted = span.wanted(true);
    let mut tx = member.cx.db().read().await?;
    let page = imports::list(&member.cx, &mut tx, &wanted).await?;
    let list = member.url("/users/imports");
    let (runs, pager) = span.settle(page, |run| run.id.as_str(), |at| address(&list, &[at]));
    let row = |run: &imports::Run| RunRow {
        source: run.label().to_owned(),
        files: names(run),
        state: state(&member, run),
        counts: counts(&run.tally),
        started_at: run.created_at.millis(),
        url: member.url(&path(run, "")),
    };
    Ok(member.show(&RunList {
        users_url: member.url("/users"),
        import_url: member.url("/users/import"),
        rows: runs.iter().map(row).collect(),
        pager,
    }))
}
