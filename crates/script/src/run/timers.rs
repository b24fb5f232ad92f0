//! The timers of a run, ordered by their time.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// What waits, by time and then by number. The callbacks stay in JavaScript.
#[derive(Default)]
pub(crate) struct Timers(RefCell<BTreeSet<(Instant, u32)>>);

/// The longest delay, in milliseconds; longer than any run.
const LONGEST: f64 = 86_400_000.0;

impl Timers {
    /// Adds the timer `id`, due in `ms` milliseconds.
    pub(crate) fn schedule(&self, id: u32, ms: f64) {
        let ms = if ms.is_finite() {
            ms.clamp(1.0, LONGEST)
        } else {
            1.0
        };
        let due = Instant::now() + Duration::from_secs_f64(ms / 1000.0);
        self.0.borrow_mut().insert((due, id));
    }

    /// Removes the timer `id`.
    pub(crate) fn unschedule(&self, id: u32) {
        self.0.borrow_mut().retain(|(_, other)| *other != id);
    }

    /// When the next timer is due.
    pub(super) fn next(&self) -> Option<Instant> {
        self.0.borrow().first().map(|(due, _)| *due)
    }

    /// Takes the next timer if its time has come.
    pub(super) fn take_due(&self) -> Option<u32> {
        let mut queue = self.0.borrow_mut();
        let (due, _) = queue.first()?;
        if *due > Instant::now() {
            return None;
        }
        queue.pop_first().map(|(_, id)| id)
    }
}
