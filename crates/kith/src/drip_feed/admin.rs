//! The screens of the move in the dashboard: how far it is, which old system is asked, and its end.

mod resets;
mod setup;

use axum::Router;
use axum::body::Body;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};

use super::State;
use super::statistics::{Forecast, Statistics};
use super::view::{Count, DayBar, EndMigration, FailedCheck, Migration};
use crate::http::routing::{get, post};
use crate::http::{Form, Result};
use crate::pages::{Message, Notice};
use crate::team::Member;
use crate::time::Timestamp;

/// How many failures are shown.
const FAILURES: i64 = 20;

/// The screens below `/migration`.
pub fn routes() -> Router {
    Router::new()
        .route("/migration", get(show))
        .route("/migration/waiting.csv", get(waiting))
        .route("/migration/end", get(ask_to_end).merge(post(end)))
        .route(
            "/migration/resets",
            get(resets::ask).merge(post(resets::start)),
        )
        .route("/migration/resets/stop", post(resets::stop))
        .route("/migration/old-system", get(setup::choose))
        .route(
            "/migration/old-system/{connector}",
            get(setup::show).merge(post(setup::save)),
        )
        .route(
            "/migration/old-system/{connector}/test",
            post(setup::try_out),
        )
}

async fn show(member: Member) -> Result<Response> {
    let cx = &member.cx;
    let mut tx = cx.db().read().await?;
    let configuration = super::configuration(cx, &mut tx).await?;
    let statistics = super::statistics(cx, &mut tx).await?;
    let failures = super::failures(cx, &mut tx, FAILURES).await?;
    let resets = resets::progress(&member, &mut tx).await?;
    let state = match configuration.as_ref().map(super::Configuration::state) {
        None => "none",
        Some(State::On) => "on",
        Some(State::Ended) => "ended",
        Some(State::Paused) => "off",
    };
    Ok(member.show(&Migration {
        state,
        ended_at: configuration
            .as_ref()
            .and_then(|configuration| configuration.ended_at)
            .map(Timestamp::millis),
        provider: configuration.map(|configuration| configuration.connector.label.to_owned()),
        waiting: statistics.waiting,
        moved: statistics.moved,
        forecast: match statistics.forecast {
            Forecast::Reached => Message::new("migration-forecast-reached"),
            Forecast::Never => Message::new("migration-forecast-never"),
            Forecast::InDays(days) => Message::new("migration-forecast-days").with("days", days),
        },
        days: bars(&statistics),
        doors: counts(&statistics.doors, "migration-door"),
        outcomes: counts(&statistics.outcomes, "migration-outcome"),
        failures: failures
            .into_iter()
            .map(|check| FailedCheck {
                at: check.checked_at.millis(),
                outcome: Message::new(phrase("migration-outcome", &check.outcome)),
                reason: check.reason.unwrap_or_default(),
                took_ms: check.took_ms,
            })
            .collect(),
        resets,
        runs_url: member.url("/users/imports"),
        setup_url: member.url("/migration/old-system"),
        waiting_url: member.url("/migration/waiting.csv"),
        end_url: member.url("/migration/end"),
    }))
}

fn bars(statistics: &Statistics) -> Vec<DayBar> {
    let most = statistics.days.iter().map(|day| day.moved).max();
    let most = most.unwrap_or(0).max(1);
    (0..)
        .zip(&statistics.days)
        .map(|(number, day): (i64, _)| DayBar {
            begins_at: day.begins_at.millis(),
            moved: day.moved,
            height: day.moved * 100 / most,
            x: number * 10,
        })
        .collect()
}

fn counts(counted: &[super::Counted], of: &str) -> Vec<Count> {
    let count = |counted: &super::Counted| Count {
        label: Message::new(phrase(of, &counted.name)),
        count: counted.count,
    };
    counted.iter().map(count).collect()
}

/// The phrase of a door or an outcome.
fn phrase(of: &str, name: &str) -> &'static str {
    match (of, name) {
        ("migration-door", "sign_in") => "migration-door-sign_in",
        ("migration-door", "reset") => "migration-door-reset",
        ("migration-door", _) => "migration-door-sign_up",
        (_, "moved") => "migration-outcome-moved",
        (_, "wrong") => "migration-outcome-wrong",
        (_, "locked") => "migration-outcome-locked",
        (_, "too_many") => "migration-outcome-too_many",
        (_, "slow") => "migration-outcome-slow",
        (_, "down") => "migration-outcome-down",
        (_, "unknown") => "migration-outcome-unknown",
        (_, "refused") => "migration-outcome-refused",
        _ => "migration-outcome-unclear",
    }
}

/// Those who are still to come, as a table: to write to them, or to export them again.
async fn waiting(member: Member) -> Result<Response> {
    let body = Body::from_stream(super::table(&member.cx));
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (
            CONTENT_DISPOSITION,
            "attachment; filename=\"still-to-move.csv\"",
        ),
    ];
    Ok((headers, body).into_response())
}

async fn ask_to_end(member: Member) -> Result<Response> {
    let cx = &member.cx;
    let mut tx = cx.db().read().await?;
    let statistics = super::statistics(cx, &mut tx).await?;
    let configuration = super::configuration(cx, &mut tx).await?;
    Ok(member.show(&EndMigration {
        migration_url: member.url("/migration"),
        action: member.url("/migration/end"),
        provider: configuration.map_or_else(String::new, |configuration| {
            configuration.connector.label.to_owned()
        }),
        waiting: statistics.waiting,
        moved_this_week: statistics
            .days
            .iter()
            .rev()
            .take(7)
            .map(|day| day.moved)
            .sum(),
    }))
}

async fn end(member: Member, form: Form) -> Result<Response> {
    member.check(&form)?;
    let mut tx = member.cx.db().begin().await?;
    super::end(&member.cx, &mut tx).await?;
    tx.commit().await?;
    let said = Notice::good(Message::new("migration-ended-notice"));
    Ok(member.done("/migration", &said))
}
