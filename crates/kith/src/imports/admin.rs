//! The screens of imports in the dashboard: choose a source, upload, see what would happen, say yes, watch.

mod choose;
mod decide;
mod list;
mod live;
mod show;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::response::Response;
use axum::routing::{get, post};

use super::view::{Counts, RunState};
use super::{NotFound, Run, State, Tally, api, report};
use crate::http::Result;
use crate::team::Member;

/// The screens below `/users`.
pub fn routes() -> Router {
    let run = Router::new()
        .route("/", get(show::show))
        .route("/events", get(live::events))
        .route("/refused.csv", get(refused))
        .route("/start", post(decide::start))
        .route("/stop", post(decide::stop))
        .route("/resume", post(decide::resume))
        .route("/discard", post(decide::discard));
    // Files go into the database in pieces as they arrive, whatever their size.
    let upload = get(choose::upload)
        .post(choose::receive)
        .layer(DefaultBodyLimit::disable());
    Router::new()
        .route("/users/import", get(choose::choose))
        .route("/users/import/{source}", upload)
        .route("/users/imports", get(list::show))
        .nest("/users/imports/{run}", run)
}

/// The rows that did not go in, as a file.
async fn refused(
    member: Member,
    axum::extract::Path(id): axum::extract::Path<String>,
) -> Result<Response> {
    let run = find(&member, &id).await?;
    Ok(api::download(&member.cx, &run, report::Format::Csv))
}

/// The import that an address names.
async fn find(member: &Member, id: &str) -> Result<Run> {
    let id = id.parse().map_err(|_| NotFound)?;
    let mut tx = member.cx.db().read().await?;
    Ok(super::find(&member.cx, &mut tx, &id)
        .await?
        .ok_or(NotFound)?)
}

/// The path of an import's page, with something after it.
fn path(run: &Run, rest: &str) -> String {
    format!("/users/imports/{}{rest}", run.id)
}

/// The names of an import's files.
fn names(run: &Run) -> Vec<String> {
    run.files.iter().map(|file| file.name.clone()).collect()
}

fn counts(tally: &Tally) -> Counts {
    Counts {
        created: count(tally.created),
        updated: count(tally.updated),
        unchanged: count(tally.unchanged),
        refused: count(tally.refused),
    }
}

/// A count as pages take it; counts are never negative.
fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

/// Where an import stands, for people.
fn state(member: &Member, run: &Run) -> RunState {
    match run.state {
        State::Uploading | State::Checking => RunState::Checking,
        State::Checked => RunState::Ready,
        State::Running if run.is_abandoned(member.cx.now()) => RunState::Stopped,
        State::Running => RunState::Running,
        State::Finished if run.tally.refused > 0 => RunState::FinishedWithRefusals,
        State::Finished => RunState::Finished,
        State::Stopped | State::Cancelled => RunState::Stopped,
        State::Failed => RunState::Failed,
    }
}
