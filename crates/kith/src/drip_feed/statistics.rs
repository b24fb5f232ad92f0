//! How far the move is: who is still to come, who came by which door, what the old system was asked, and when it will be over.

use std::time::Duration;

use db::Tx;

use super::store;
use crate::context::Context;
use crate::time::Timestamp;

/// A day, as counted here, from midnight to midnight UTC.
pub(super) const DAY: Duration = Duration::from_hours(24);

/// For how many days back the moves are told.
const DAYS: u32 = 14;

/// By the pace of how many days the end is told.
const PACE_DAYS: i64 = 7;

/// How many of a hundred people have to have moved for the old system to be nearly done with.
const NEARLY_ALL: i64 = 95;

/// How far the move is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statistics {
    /// People who are here and have no password yet.
    pub waiting: i64,
    /// People who have moved by their password.
    pub moved: i64,
    /// Moves a day, oldest first, days without any included.
    pub days: Vec<Day>,
    /// Moves by door, all time.
    pub doors: Vec<Counted>,
    /// Checks by outcome, of the last 24 hours.
    pub outcomes: Vec<Counted>,
    /// When nearly all will have moved.
    pub forecast: Forecast,
}

/// One day's moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    /// Its first instant.
    pub begins_at: Timestamp,
    /// How many people moved.
    pub moved: i64,
}

/// How many of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// The kind: a door, an outcome.
    pub name: String,
    /// How many.
    pub count: i64,
}

/// When 95 of a hundred people will have moved, if the pace of the last week holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forecast {
    /// Nobody waits, or hardly anybody.
    Reached,
    /// Nobody has moved in the last week.
    Never,
    /// In so many days.
    InDays(i64),
}

impl Forecast {
    fn of(waiting: i64, moved: i64, moved_this_week: i64) -> Self {
        let all = waiting + moved;
        // Rounded up, so that a single person who waits is not overlooked among few.
        let may_wait = all * (100 - NEARLY_ALL) / 100;
        let to_come = waiting - may_wait;
        if to_come <= 0 {
            Self::Reached
        } else if moved_this_week == 0 {
            Self::Never
        } else {
            Self::InDays((to_come * PACE_DAYS + moved_this_week - 1) / moved_this_week)
        }
    }
}

/// How far the move is.
///
/// # Errors
/// When the database fails.
pub async fn statistics(cx: &Context, tx: &mut Tx) -> Result<Statistics, db::Error> {
    let now = cx.now();
    let day = i64::try_from(DAY.as_millis()).unwrap_or(i64::MAX);
    let today = now.millis().div_euclid(day);
    let first = today - i64::from(DAYS) + 1;
    let by_day = store::moves_by_day(tx, cx, Timestamp::from_millis(first * day), day).await?;
    let days: Vec<Day> = (first..=today)
        .map(|number| Day {
            begins_at: Timestamp::from_millis(number * day),
            moved: by_day
                .iter()
                .find(|(counted, _)| *counted == number)
                .map_or(0, |(_, moved)| *moved),
        })
        .collect();
    let waiting = store::count_waiting(tx, cx).await?;
    let moved = store::count_moved(tx, cx).await?;
    let this_week: i64 = days.iter().rev().take(7).map(|day| day.moved).sum();
    Ok(Statistics {
        waiting,
        moved,
        days,
        doors: store::moves_by_door(tx, cx).await?,
        outcomes: store::checks_by_outcome(tx, cx, now - DAY).await?,
        forecast: Forecast::of(waiting, moved, this_week),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_is_told_by_the_pace_of_a_week() {
        assert_eq!(Forecast::of(0, 0, 0), Forecast::Reached);
        assert_eq!(Forecast::of(5, 95, 0), Forecast::Reached);
        assert_eq!(Forecast::of(6, 94, 0), Forecast::Never);
        assert_eq!(Forecast::of(1, 0, 0), Forecast::Never);
        // 950 of 1000 are to come, 70 a week.
        assert_eq!(Forecast::of(1_000, 0, 70), Forecast::InDays(95));
        assert_eq!(Forecast::of(1_000, 0, 1_000_000), Forecast::InDays(1));
    }
}
