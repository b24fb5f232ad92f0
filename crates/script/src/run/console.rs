//! What a program prints.

use std::cell::{Cell, RefCell};
use std::time::Duration;

/// A line of console output; it may contain line breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// How loud it is.
    pub level: Level,
    /// The text, formatted as Node formats it.
    pub text: String,
    /// How long after the start of the run.
    pub after: Duration,
}

/// The loudness of a console line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// `console.debug` and `console.trace`.
    Debug,
    /// `console.log`.
    Log,
    /// `console.info`.
    Info,
    /// `console.warn`.
    Warn,
    /// `console.error` and failed `console.assert`.
    Error,
}

impl Level {
    /// The method's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Log => "log",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
        }
    }

    /// From quiet to loud, in the order in which `globals/core.js` numbers them.
    const ALL: [Self; 5] = [Self::Debug, Self::Log, Self::Info, Self::Warn, Self::Error];
}

/// Collects lines up to a number of bytes.
#[derive(Default)]
pub(crate) struct Console {
    lines: RefCell<Vec<Line>>,
    used: Cell<usize>,
    is_full: Cell<bool>,
}

impl Console {
    /// Whether nothing more is kept, so that a caller may spare the formatting.
    pub(crate) fn is_full(&self) -> bool {
        self.is_full.get()
    }

    /// Keeps a line, or what fits of it into so many bytes in all. Each line costs 16 bytes besides its text, so that empty ones end
    /// too.
    pub(crate) fn push(&self, level: usize, text: String, after: Duration, limit: usize) {
        let level = Level::ALL.get(level).copied().unwrap_or(Level::Log);
        if self.is_full() {
            return;
        }
        let cost = text.len() + 16;
        let left = limit.saturating_sub(self.used.get());
        let mut lines = self.lines.borrow_mut();
        if cost <= left {
            self.used.set(self.used.get() + cost);
            lines.push(Line { level, text, after });
            return;
        }
        self.is_full.set(true);
        let room = left.saturating_sub(16);
        if room > 0 {
            lines.push(Line {
                level,
                text: bounded(text, room),
                after,
            });
        }
        lines.push(Line {
            level: Level::Warn,
            text: format!(
                "the output is longer than {} KiB; the rest is left out",
                limit / 1024
            ),
            after,
        });
    }

    pub(super) fn take(&self) -> Vec<Line> {
        self.lines.take()
    }
}

/// The text, cut to at most so many bytes.
pub(crate) fn bounded(mut text: String, bytes: usize) -> String {
    if text.len() > bytes {
        text.truncate(text.floor_char_boundary(bytes));
        text.push('…');
    }
    text
}
