//! How far the move is, and who is still to come.

use axum::body::Body;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse as _, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::ReadDripFeed;
use crate::drip_feed::{self, Check, Counted, Forecast, Statistics, Waiting};
use crate::http::{Caller, Json, Paging, Query, Result, Success, cursor};
use crate::id::UserId;

/// How many failures are told.
const FAILURES: i64 = 20;

/// How far the move is.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DripFeedStatisticsResponse {
    #[serde(flatten)]
    success: Success,
    /// How many people are here and have no password yet.
    waiting: i64,
    /// How many people have moved.
    moved: i64,
    /// In how many days 95 of a hundred will have moved, if the pace of the last week holds: 0 where they have, none where nobody has
    /// moved in that week.
    days_to_go: Option<i64>,
    /// Moves a day (UTC), the last 14 days, oldest first.
    days: Vec<DripFeedDay>,
    /// Moves by where people stood, all time: `sign_in`, `sign_up` or `reset`.
    doors: Vec<DripFeedCount>,
    /// What the old system was asked in the last 24 hours, by what came of it: `moved`, `wrong`, `unknown`, `locked`, `too_many`,
    /// `slow`, `down`, `unclear`, or `refused` by what is here.
    outcomes: Vec<DripFeedCount>,
    /// The last questions that moved nobody for another reason than a wrong password, newest first.
    failures: Vec<DripFeedFailure>,
}

/// One day's moves.
#[derive(Debug, Serialize, ToSchema)]
struct DripFeedDay {
    /// When it begins, ISO 8601.
    begins_on: String,
    /// How many people moved.
    moved: i64,
}

/// How many of one kind.
#[derive(Debug, Serialize, ToSchema)]
struct DripFeedCount {
    /// The kind.
    name: String,
    /// How many.
    count: i64,
}

impl From<Counted> for DripFeedCount {
    fn from(Counted { name, count }: Counted) -> Self {
        Self { name, count }
    }
}

/// A question that moved nobody.
#[derive(Debug, Serialize, ToSchema)]
struct DripFeedFailure {
    /// What came of it.
    outcome: String,
    /// What happened, where that helps.
    reason: Option<String>,
    /// How it was asked: a connector's name, or `workflow`.
    connector: String,
    /// How long it took, in milliseconds.
    duration_ms: i64,
    /// When, ISO 8601.
    checked_on: String,
}

impl From<Check> for DripFeedFailure {
    fn from(check: Check) -> Self {
        Self {
            outcome: check.outcome,
            reason: check.reason,
            connector: check.connector,
            duration_ms: check.took_ms,
            checked_on: check.checked_at.iso(),
        }
    }
}

impl DripFeedStatisticsResponse {
    fn new(statistics: Statistics, failures: Vec<Check>) -> Self {
        let day = |day: drip_feed::Day| DripFeedDay {
            begins_on: day.begins_at.iso(),
            moved: day.moved,
        };
        Self {
            success: Success::default(),
            waiting: statistics.waiting,
            moved: statistics.moved,
            days_to_go: match statistics.forecast {
                Forecast::Reached => Some(0),
                Forecast::InDays(days) => Some(days),
                Forecast::Never => None,
            },
            days: statistics.days.into_iter().map(day).collect(),
            doors: statistics.doors.into_iter().map(Into::into).collect(),
            outcomes: statistics.outcomes.into_iter().map(Into::into).collect(),
            failures: failures.into_iter().map(Into::into).collect(),
        }
    }
}

/// Somebody who is still to come.
#[derive(Debug, Serialize, ToSchema)]
struct WaitingUser {
    /// Their id.
    id: UserId,
    /// Their id at the old system.
    provided_id: Option<String>,
    /// Their primary address.
    email: Option<String>,
}

impl From<Waiting> for WaitingUser {
    fn from(waiting: Waiting) -> Self {
        Self {
            id: waiting.id,
            provided_id: waiting.provided_id,
            email: waiting.email,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub(super) struct WaitingUsersResponse {
    #[serde(flatten)]
    success: Success,
    /// The people, in the order of their ids.
    users: Vec<WaitingUser>,
    /// Where the next page begins; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// Get the figures of the move
///
/// How many people have moved and how many are still to come, by day and by what the old system said, and when it will be over.
#[utoipa::path(get, path = "/api/v1/drip_feed/statistics", operation_id = "getDripFeedStatistics", tag = "Drip-feed",
    responses((status = 200, description = "The figures.", body = DripFeedStatisticsResponse)),
    security(("kindeBearerAuth" = ["read:drip_feed"])))]
pub(super) async fn get_drip_feed_statistics(
    Caller { cx, .. }: Caller<ReadDripFeed>,
) -> Result<Json<DripFeedStatisticsResponse>> {
    let mut tx = cx.db().read().await?;
    let statistics = drip_feed::statistics(&cx, &mut tx).await?;
    let failures = drip_feed::failures(&cx, &mut tx, FAILURES).await?;
    Ok(Json(DripFeedStatisticsResponse::new(statistics, failures)))
}

/// List people who are still to move
///
/// People who were brought here, have no password and have not signed in. All of them at once as a table with `Accept: text/csv`.
#[utoipa::path(get, path = "/api/v1/drip_feed/waiting", operation_id = "getDripFeedWaiting", tag = "Drip-feed",
    params(
        ("page_size" = Option<u32>, Query, description = "How many results a page has: 10 when nothing is said, 500 at most."),
        ("next_token" = Option<String>, Query, description = "Where the next page begins: the `next_token` of the page before.")),
    responses((status = 200, description = "The people.", content(
        (WaitingUsersResponse = "application/json"),
        (String = "text/csv")))),
    security(("kindeBearerAuth" = ["read:drip_feed"])))]
pub(super) async fn get_drip_feed_waiting(
    Caller { cx, .. }: Caller<ReadDripFeed>,
    Query(paging): Query<Paging>,
    headers: HeaderMap,
) -> Result<Response> {
    let accept = headers.get(header::ACCEPT);
    if accept.and_then(|value| value.to_str().ok()) == Some("text/csv") {
        let headers = [(header::CONTENT_TYPE, "text/csv; charset=utf-8")];
        return Ok((headers, Body::from_stream(drip_feed::table(&cx))).into_response());
    }
    let after: String = cursor::decode(paging.next_token.as_deref())?.unwrap_or_default();
    let size = cursor::page_size(paging.page_size);
    let mut tx = cx.db().read().await?;
    let mut people = drip_feed::waiting(&cx, &mut tx, &after, i64::from(size) + 1).await?;
    let has_more = people.len() > size as usize;
    people.truncate(size as usize);
    let last = people.last().filter(|_| has_more);
    Ok(Json(WaitingUsersResponse {
        success: Success::default(),
        next_token: last.map(|person| cursor::encode(&person.id)),
        users: people.into_iter().map(Into::into).collect(),
    })
    .into_response())
}
