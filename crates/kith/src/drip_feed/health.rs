//! How the old system does: when it is left alone, and how it says no. Pure.
//!
//! A circuit breaker (M. Nygard, *Release It!*): after some checks in a row that it left open, nobody is made to wait for it for a
//! while; then one check shows whether it is back. The state is in the database, so that many nodes spare it together.

use std::time::Duration;

use super::connector::NotRight;
use crate::time::Timestamp;

/// How many checks in a row it leaves open before it is left alone.
const FAILURES: i64 = 5;

/// For how long, unless it says so itself.
const PAUSE: Duration = Duration::from_secs(30);

/// The longest pause that it may ask for.
const LONGEST_PAUSE: Duration = Duration::from_mins(10);

/// The longest time that a refusal is made to take.
const LONGEST_NO: i64 = 3_000;

/// How the old system does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Health {
    /// Checks in a row that it has left open.
    pub(super) failures: i64,
    /// Until when it is left alone.
    pub(super) paused_until: Option<Timestamp>,
    /// How long it takes to say no, in milliseconds.
    pub(super) typical_ms: i64,
}

impl Health {
    /// Whether it is to be left alone now.
    pub(super) fn is_paused(&self, now: Timestamp) -> bool {
        self.paused_until.is_some_and(|until| now < until)
    }

    /// How it does after a check.
    pub(super) fn after(
        self,
        outcome: Result<(), &NotRight>,
        took: Duration,
        now: Timestamp,
    ) -> Self {
        match outcome {
            Ok(()) => Self {
                failures: 0,
                ..self
            },
            Err(NotRight::Wrong | NotRight::Locked) => Self {
                failures: 0,
                typical_ms: learned(self.typical_ms, took),
                ..self
            },
            Err(NotRight::TooMany(wait)) => Self {
                paused_until: Some(now + wait.unwrap_or(PAUSE).min(LONGEST_PAUSE)),
                ..self
            },
            Err(NotRight::Slow | NotRight::Down(_) | NotRight::Unclear(_)) => {
                let failures = self.failures + 1;
                Self {
                    failures,
                    paused_until: if failures >= FAILURES {
                        Some(now + PAUSE)
                    } else {
                        self.paused_until
                    },
                    ..self
                }
            }
        }
    }
}

/// A typical time in milliseconds, after another one was seen.
fn learned(typical_ms: i64, took: Duration) -> i64 {
    let took = i64::try_from(took.as_millis()).unwrap_or(LONGEST_NO);
    let typical = if typical_ms == 0 {
        took
    } else {
        (typical_ms * 7 + took) / 8
    };
    typical.min(LONGEST_NO)
}

/// How a workflow says no to the password of somebody whom it asked about elsewhere.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct WorkflowNo {
    /// How long it takes, with all else that an answer takes, in milliseconds.
    pub(super) takes_ms: i64,
    /// The text under the field, where it is one of the program's own words.
    pub(super) says: Option<String>,
}

impl WorkflowNo {
    /// What is known of it after another one.
    pub(super) fn after(self, took: Duration, says: Option<String>) -> Self {
        Self {
            takes_ms: learned(self.takes_ms, took),
            says,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_000_000);

    fn after(health: Health, not_right: &NotRight) -> Health {
        health.after(Err(not_right), Duration::from_millis(200), NOW)
    }

    #[test]
    fn five_failures_in_a_row_make_a_pause_and_one_answer_ends_the_row() {
        let mut health = Health::default();
        for _ in 0..4 {
            health = after(health, &NotRight::Slow);
        }
        assert!(!health.is_paused(NOW));
        assert!(!after(after(health, &NotRight::Wrong), &NotRight::Slow).is_paused(NOW));
        health = after(health, &NotRight::Down(String::new()));
        assert!(health.is_paused(NOW) && !health.is_paused(NOW + PAUSE));
        // Then one check shows whether it is back.
        let still_down = health.after(Err(&NotRight::Slow), Duration::ZERO, NOW + PAUSE);
        assert!(still_down.is_paused(NOW + PAUSE));
        let back = health.after(Ok(()), Duration::ZERO, NOW + PAUSE);
        assert_eq!(back.failures, 0);
        assert!(!back.is_paused(NOW + PAUSE));
    }

    #[test]
    fn the_old_system_may_ask_for_a_pause_of_its_own() {
        let minute = Duration::from_mins(1);
        let health = after(Health::default(), &NotRight::TooMany(Some(minute)));
        assert_eq!(health.paused_until, Some(NOW + minute));
        let day = Duration::from_hours(24);
        let health = after(Health::default(), &NotRight::TooMany(Some(day)));
        assert_eq!(health.paused_until, Some(NOW + LONGEST_PAUSE));
    }

    #[test]
    fn how_long_a_no_takes_is_learned_slowly() {
        let once = after(Health::default(), &NotRight::Wrong);
        assert_eq!(once.typical_ms, 200);
        let slow = once.after(Err(&NotRight::Wrong), Duration::from_mins(1), NOW);
        assert_eq!(slow.typical_ms, 3_000);
        assert_eq!(after(once, &NotRight::Slow).typical_ms, 200);
    }

    #[test]
    fn what_a_workflow_says_is_what_it_said_last() {
        let took = Duration::from_millis(300);
        let once = WorkflowNo::default().after(took, Some("Not here".to_owned()));
        assert_eq!(once.takes_ms, 300);
        let twice = once.after(Duration::from_millis(380), None);
        assert_eq!((twice.takes_ms, twice.says), (310, None));
    }
}
