//! The clock and the scales of one run.
//!
//! Everything that could cost asks here: the interpreter through its interrupt, the allocator at each block, the host binding and the
//! timers around their waiting. The first limit that is passed is the reason for which the run fails; from then on every answer is no.

use std::cell::{Cell, OnceCell};
use std::time::{Duration, Instant};

use super::failure::FailureKind;
use crate::limits::{Cancel, Limits, Usage};

/// A block below this is still given when the memory is used up: the engine's own bookkeeping must not fail halfway, and the run is
/// stopped at its next interrupt anyway.
const SMALL: usize = 1024;

/// How far small blocks may go beyond the limit, in bytes.
const RESERVE: usize = 8 * 1024 * 1024;

/// The allocator looks at the clock once in so many blocks.
const BLOCKS_A_LOOK: u32 = 256;

/// A block from this size on is slow to fill, so that the clock is looked at.
const LARGE: usize = 64 * 1024;

/// See the module.
pub(crate) struct Meter {
    /// What holds while the engine is prepared.
    preparing: Span,
    /// What holds as soon as a program runs.
    running: OnceCell<Span>,
    outside: Cell<Duration>,
    memory: Cell<usize>,
    peak: Cell<usize>,
    blocks: Cell<u32>,
    host_calls: Cell<u32>,
    /// The engine is being made or torn down: memory is counted and never refused, for QuickJS doesn't survive that.
    is_lenient: Cell<bool>,
    tripped: Cell<Option<FailureKind>>,
}

/// From when on which limits hold.
struct Span {
    limits: Limits,
    cancel: Cancel,
    start: Instant,
}

impl Span {
    fn start(limits: &Limits, cancel: &Cancel) -> Self {
        Self {
            limits: limits.clone(),
            cancel: cancel.clone(),
            start: Instant::now(),
        }
    }
}

impl Meter {
    /// For an engine that is being prepared, within the usual limits.
    pub(crate) fn prepare() -> Self {
        Self {
            preparing: Span::start(&Limits::default(), &Cancel::new()),
            running: OnceCell::new(),
            outside: Cell::default(),
            memory: Cell::default(),
            peak: Cell::default(),
            blocks: Cell::default(),
            host_calls: Cell::default(),
            is_lenient: Cell::new(true),
            tripped: Cell::default(),
        }
    }

    /// A program begins: from now on time is its own, and memory may be refused. An engine runs one program, so this counts once.
    pub(crate) fn begin(&self, limits: &Limits, cancel: &Cancel) {
        self.running.get_or_init(|| Span::start(limits, cancel));
        self.is_lenient.set(false);
    }

    fn span(&self) -> &Span {
        self.running.get().unwrap_or(&self.preparing)
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.span().limits
    }

    pub(crate) fn cancel(&self) -> &Cancel {
        &self.span().cancel
    }

    /// The limit that was passed first, if one was.
    pub(crate) fn tripped(&self) -> Option<FailureKind> {
        self.tripped.get()
    }

    /// Says that a limit was passed.
    pub(crate) fn trip(&self, kind: FailureKind) {
        if self.tripped.get().is_none() {
            self.tripped.set(Some(kind));
        }
    }

    /// Looks at the clock and at the cancellation. Whether the run must stop.
    pub(crate) fn must_stop(&self) -> bool {
        if self.tripped.get().is_some() {
            return true;
        }
        let Span {
            limits,
            cancel,
            start,
        } = self.span();
        let wall = start.elapsed();
        if cancel.is_cancelled() {
            self.trip(FailureKind::Cancelled);
        } else if wall >= limits.wall {
            self.trip(FailureKind::TimedOut);
        } else if wall.saturating_sub(self.outside.get()) >= limits.cpu {
            self.trip(FailureKind::CpuExceeded);
        }
        self.tripped.get().is_some()
    }

    /// The wall time that is left.
    pub(crate) fn left(&self) -> Duration {
        self.limits().wall.saturating_sub(self.elapsed())
    }

    /// When the wall time ends.
    pub(crate) fn deadline(&self) -> Instant {
        self.span().start + self.limits().wall
    }

    pub(crate) fn elapsed(&self) -> Duration {
        self.span().start.elapsed()
    }

    /// Waits for the world with `f`; the time counts as wall time only.
    pub(crate) fn outside<T>(&self, f: impl FnOnce() -> T) -> T {
        let before = Instant::now();
        let answer = f();
        self.outside.set(self.outside.get() + before.elapsed());
        answer
    }

    /// Counts a host call; `false` when there were enough.
    pub(crate) fn count_host_call(&self) -> bool {
        if self.host_calls.get() >= self.limits().host_calls {
            self.trip(FailureKind::TooManyCalls);
            return false;
        }
        self.host_calls.set(self.host_calls.get() + 1);
        true
    }

    /// Memory is no longer refused: the engine is torn down.
    pub(crate) fn be_lenient(&self) {
        self.is_lenient.set(true);
    }

    /// A block grows from `old` bytes (0 for a new one) to `new`; `false` when it may not.
    pub(crate) fn grow(&self, old: usize, new: usize) -> bool {
        let memory = self.memory.get() - old + new;
        if !self.is_lenient.get() && !self.may_grow(memory, new) {
            return false;
        }
        self.regrow_to(memory);
        true
    }

    fn may_grow(&self, memory: usize, block: usize) -> bool {
        let blocks = self.blocks.get().wrapping_add(1);
        self.blocks.set(blocks);
        // A program that is slow inside the engine, where no interrupt is polled, needs memory sooner or later; then it ends here.
        let is_time_to_look = block >= LARGE || blocks.is_multiple_of(BLOCKS_A_LOOK);
        if is_time_to_look && self.must_stop() && block > SMALL {
            return false;
        }
        if memory <= self.limits().memory {
            return true;
        }
        self.trip(FailureKind::OutOfMemory);
        block <= SMALL && memory <= self.limits().memory.saturating_add(RESERVE)
    }

    /// Counts bytes without asking.
    pub(crate) fn regrow(&self, size: usize) {
        self.regrow_to(self.memory.get() + size);
    }

    fn regrow_to(&self, memory: usize) {
        self.memory.set(memory);
        self.peak.set(self.peak.get().max(memory));
    }

    /// A block of `size` bytes is given back.
    pub(crate) fn shrink(&self, size: usize) {
        self.memory.set(self.memory.get() - size);
    }

    /// The system has no memory, or a size was absurd.
    pub(crate) fn refuse_memory(&self) {
        self.trip(FailureKind::OutOfMemory);
    }

    pub(crate) fn usage(&self) -> Usage {
        let wall = self.elapsed();
        Usage {
            wall,
            cpu: wall.saturating_sub(self.outside.get()),
            memory: self.peak.get(),
            host_calls: self.host_calls.get(),
        }
    }
}
