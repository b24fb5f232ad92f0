//! How far an import is: a bar on a terminal, a plain line every few seconds otherwise.

use std::cell::Cell;
use std::io::IsTerminal as _;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::cli::complain;
use crate::context::Context;
use crate::imports::{Progress, Run, Tally};
use crate::time::Timestamp;

/// How often a plain line is written.
const PAUSE: Duration = Duration::from_secs(5);

/// Shows progress on standard error.
pub(in crate::cli) enum Display {
    Bar(ProgressBar),
    Lines {
        cx: Context,
        bytes: i64,
        last: Cell<Timestamp>,
    },
}

impl Display {
    pub(in crate::cli) fn new(cx: &Context, run: &Run) -> Self {
        if !std::io::stderr().is_terminal() {
            return Self::Lines {
                cx: cx.clone(),
                bytes: run.bytes(),
                last: Cell::new(cx.now()),
            };
        }
        let style = ProgressStyle::with_template("{bar:32} {percent:>3}%  {msg}  {eta} left")
            .expect("the template is a constant");
        let bar = ProgressBar::new(u64::try_from(run.bytes()).unwrap_or(0)).with_style(style);
        Self::Bar(bar)
    }

    pub(in crate::cli) fn show(&self, progress: &Progress) {
        match self {
            Self::Bar(bar) => {
                bar.set_position(u64::try_from(progress.bytes_read).unwrap_or(0));
                bar.set_message(counts(&progress.tally));
            }
            Self::Lines { cx, bytes, last } => {
                let now = cx.now();
                if now.since(last.get()) >= PAUSE {
                    last.set(now);
                    let percent = progress.bytes_read.saturating_mul(100) / (*bytes).max(1);
                    complain(&format!("{percent}%, {}", counts(&progress.tally)));
                }
            }
        }
    }

    pub(in crate::cli) fn end(&self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}

fn counts(tally: &Tally) -> String {
    format!(
        "{} rows, {} new, {} changed, {} refused",
        tally.records, tally.created, tally.updated, tally.refused
    )
}
