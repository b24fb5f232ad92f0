//! What a run may cost, who may stop it, and what it has cost.
//!
//! How exact: memory is counted at each allocation. Time is looked at after ten thousand steps of the interpreter, at each
//! backtracking of a regular expression, every few allocations, around each host call, and in the functions of the language that work
//! through much at once (`globals/guard.js`). What is left are operators on texts of many megabytes, whose comparison allocates nothing:
//! ten thousand of them, each through all the memory, are the longest overrun, some thirty seconds with the default memory.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What a run may cost. Nothing here is a limit on the compiler.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// From start to answer, waiting included.
    pub wall: Duration,
    /// As `wall`, without the time inside [`crate::Host::call`] and asleep in timers.
    pub cpu: Duration,
    /// Bytes that the engine may hold at once, the loaded program included; below 1 MiB no program starts.
    pub memory: usize,
    /// Bytes of the calling thread's stack that nested calls may use. The thread needs 256 KiB more than this.
    pub stack: usize,
    /// Calls of the host.
    pub host_calls: u32,
    /// Bytes of console output that are kept; more is dropped and said so, and doesn't fail the run.
    pub console_bytes: usize,
    /// Bytes of the answer, and of the arguments of one host call, written as JSON.
    pub answer_bytes: usize,
}

impl Default for Limits {
    /// 10 s, 2 s of them computing, 64 MiB, 512 KiB of stack, 200 host calls, 64 KiB of console, 1 MiB of answer.
    fn default() -> Self {
        Self {
            wall: Duration::from_secs(10),
            cpu: Duration::from_secs(2),
            memory: 64 * 1024 * 1024,
            stack: 512 * 1024,
            host_calls: 200,
            console_bytes: 64 * 1024,
            answer_bytes: 1024 * 1024,
        }
    }
}

/// What a run has cost.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// From start to answer.
    pub wall: Duration,
    /// As `wall`, without the host and without sleeping.
    pub cpu: Duration,
    /// The most bytes that the engine held at once.
    pub memory: usize,
    /// Calls of the host.
    pub host_calls: u32,
}

/// A handle that stops a run from another thread. Clones stop the same runs.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<Signal>);

#[derive(Debug, Default)]
struct Signal {
    is_cancelled: AtomicBool,
    lock: Mutex<()>,
    changed: Condvar,
}

impl Cancel {
    /// A handle that has not been used.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Stops the run at its next interrupt, or now if it sleeps. A run that starts later with this handle stops at once. A host call is
    /// not interrupted: it ends by its own `left`.
    pub fn cancel(&self) {
        self.0.is_cancelled.store(true, Ordering::Release);
        // Taken so that nobody is between looking and falling asleep.
        drop(self.0.lock.lock().unwrap_or_else(PoisonError::into_inner));
        self.0.changed.notify_all();
    }

    /// Whether [`Self::cancel`] was called.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.is_cancelled.load(Ordering::Acquire)
    }

    /// Sleeps until `until`, or until cancelled.
    pub(crate) fn sleep(&self, until: Instant) {
        let mut guard = self.0.lock.lock().unwrap_or_else(PoisonError::into_inner);
        while !self.is_cancelled() {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            guard = self
                .0
                .changed
                .wait_timeout(guard, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }
}
