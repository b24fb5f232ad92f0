//! The screens of imports in the dashboard: choose a source, upload, see what would happen, say yes, watch.

mod bring;
mod choose;
mod cohorts;
mod decide;
mod detective;
mod examples;
mod list;
mod live;
mod mapping;
mod pieces;
mod proof;
mod risks;
mod rows;
mod show;
mod undo;
mod uploading;

use axum::Router;
use axum::extract::DefaultBodyLimit;

use super::view::{Counts, RunHead, RunState};
use super::{NotFound, Run, State, Tally};
use crate::http::Result;
use crate::http::routing::{get, post, put};
use crate::pages::{Message, Tab};
use crate::team::Member;

/// The screens below `/users`.
pub fn routes() -> Router {
    let run = Router::new()
        .route("/", get(show::show))
        .route("/events", get(live::events))
        .route("/rows", get(rows::show))
        .route("/refused.csv", get(rows::csv))
        .route("/refused.ndjson", get(rows::ndjson))
        .route("/start", post(decide::start))
        .route("/stop", post(decide::stop))
        .route("/resume", post(decide::resume))
        .route("/discard", post(decide::discard))
        .route("/check", post(uploading::check))
        .route(
            "/detective",
            get(detective::show).merge(post(detective::submit)),
        )
        .route("/detective/apply", post(detective::apply))
        .route("/proof", get(proof::show).merge(post(proof::submit)))
        .route("/undo", get(undo::ask).merge(post(undo::undo)))
        .route("/kept", get(undo::kept))
        .route("/columns", get(mapping::show).merge(post(mapping::submit)))
        .route("/complete", post(pieces::complete))
        .route("/files", get(pieces::files));
    // Files go into the database in pieces as they arrive, whatever their size.
    let upload = get(bring::show)
        .merge(post(bring::receive))
        .layer(DefaultBodyLimit::disable());
    let piece = put(pieces::append).layer(DefaultBodyLimit::disable());
    Router::new()
        .route("/users/import", get(choose::show))
        .route("/users/import/{source}", upload)
        .route("/users/import/{source}/pieces", post(pieces::begin))
        .route("/users/imports", get(list::show))
        .route("/users/imports/{run}/files/{number}", piece)
        .nest("/users/imports/{run}", run)
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
#[must_use]
pub fn path(run: &Run, rest: &str) -> String {
    format!("/users/imports/{}{rest}", run.id)
}

/// The head of an import's pages, at the one with this end of its path.
fn head(member: &Member, run: &Run, current: &str) -> RunHead {
    let tab = |label, rest: &str| Tab {
        label: Message::new(label),
        url: member.url(&path(run, rest)),
        is_current: rest == current,
    };
    let mut tabs = vec![
        tab("import-tab-overview", ""),
        tab("import-tab-rows", "/rows"),
    ];
    if cohorts::can_be_proved(run) {
        tabs.push(tab("import-tab-proof", "/proof"));
    }
    if run.summary.undone.is_some_and(|undone| undone.kept > 0) {
        tabs.push(tab("import-tab-kept", "/kept"));
    }
    if run.state == State::Checked && run.is_uploaded {
        if is_mapped(&run.source) {
            tabs.push(tab("import-tab-columns", "/columns"));
        }
        tabs.push(tab("import-tab-detective", "/detective"));
    }
    RunHead {
        source: run.label().to_owned(),
        files: names(run),
        state: state(member, run),
        runs_url: member.url("/users/imports"),
        tabs,
    }
}

/// Whether what the columns of a source are is for people to say.
fn is_mapped(source: &str) -> bool {
    import::source::find(source).is_some_and(import::source::Source::is_mapped)
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
#[must_use]
pub fn state(member: &Member, run: &Run) -> RunState {
    match run.state {
        State::Uploading => RunState::Uploading,
        State::Checking => RunState::Checking,
        State::Checked => RunState::Ready,
        State::Running if run.is_abandoned(member.cx.now()) => RunState::Stopped,
        State::Running => RunState::Running,
        State::Finished if run.tally.refused > 0 => RunState::FinishedWithRefusals,
        State::Finished => RunState::Finished,
        State::Stopped => RunState::Stopped,
        State::Cancelled => RunState::Discarded,
        State::Failed => RunState::Failed,
        State::Undoing => RunState::Undoing,
        State::Undone => RunState::Undone,
    }
}
