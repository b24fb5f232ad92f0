//! One run of a workflow, on the thread that it is given.

use std::sync::Arc;
use std::time::Instant;

use script::{Cancel, Failure, FailureKind, Limits, Spent};
use serde::Serialize;
use serde_json::{Value, json};
use tokio::runtime::Handle;

use super::binding;
use super::check::Finding;
use super::effects::Effects;
use super::event::{Caller, Moment};
use super::host::{Call, Line, RunHost, TokenCache};
use super::live::Live;
use super::pool::Prepared;
use super::trigger::Trigger;
use crate::context::Context;
use crate::secret::Secret;
use crate::time::Timestamp;

/// What a run needs.
pub(super) struct Order {
    pub(super) cx: Context,
    pub(super) handle: Handle,
    pub(super) environment: Arc<script::Environment>,
    pub(super) tokens: Arc<TokenCache>,
    pub(super) live: Arc<Live>,
    pub(super) moment: Moment,
    pub(super) caller: Caller,
    /// The bcrypt hash of the password, where the program wants it.
    pub(super) hashed_password: Option<String>,
}

/// Why a run gave nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Trouble {
    /// `thrown`, `timed_out`, `cpu_exceeded`, `out_of_memory`, …
    pub kind: &'static str,
    /// What happened, secrets taken out.
    pub message: String,
    /// Where, innermost first, as `function (file:line:column)`, secrets taken out.
    pub stack: Vec<String>,
}

/// What a run has cost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Cost {
    /// Milliseconds in all.
    pub wall_ms: u64,
    /// Milliseconds of computing.
    pub cpu_ms: u64,
    /// The most bytes that it held.
    pub memory_bytes: u64,
}

/// A run that is over, with secrets still in it.
pub(super) struct Over {
    pub(super) outcome: Result<Effects, Failure>,
    host: RunHost,
    console: Vec<script::Line>,
    event: Value,
    cost: Cost,
    trigger: Trigger,
    started_at: Timestamp,
    live: Arc<Live>,
    moment: Moment,
    hashed_password: Option<String>,
    /// Taken down with this, when nobody waits for the run any more.
    _engine: Option<Spent>,
}

/// A run as it may be kept and shown: no secret is in it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Trial {
    /// What the program was told.
    pub event: Value,
    /// What it printed, and what Kith remarked.
    pub lines: Vec<Line>,
    /// What it called.
    pub calls: Vec<Call>,
    /// What it wanted done, whether or not that counts.
    pub effects: Value,
    /// Why it gave nothing; none where it ended well.
    pub failure: Option<Trouble>,
    /// What it has cost.
    pub cost: Cost,
    /// When it began.
    #[serde(skip)]
    pub started_at: Timestamp,
}

/// Runs the workflow in the engine. Blocks the thread until it is over.
pub(super) fn run(engine: Prepared, order: Order) -> Over {
    let Order {
        cx,
        handle,
        environment,
        tokens,
        live,
        moment,
        caller,
        hashed_password,
    } = order;
    let trigger = moment.trigger();
    let mut event = moment.event(&caller, &cx.environment().base_url);
    if let Some(hash) = &hashed_password {
        event["context"]["auth"]["hashedPassword"] = hash.as_str().into();
    }
    let (started_at, began) = (cx.now(), Instant::now());
    let mut host = RunHost::new(
        (cx, handle),
        Arc::clone(&live),
        tokens,
        (trigger, moment.claims()),
    );
    let limits = Limits {
        wall: trigger.row().wall,
        ..Limits::default()
    };
    let program = live.code.program(&environment).map_err(not_compiled);
    let (run, spent) = match program.and_then(|program| Ok((program, engine?))) {
        Ok((program, engine)) => {
            let (run, spent) = engine.run(program, &event, &mut host, &limits, &Cancel::new());
            (run, Some(spent))
        }
        Err(failure) => (never_began(failure), None),
    };
    let script::Run {
        outcome,
        console,
        usage,
    } = run;
    let outcome = outcome.map(drop);
    let millis =
        |duration: std::time::Duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    let cost = Cost {
        wall_ms: millis(began.elapsed()),
        cpu_ms: millis(usage.cpu),
        memory_bytes: u64::try_from(usage.memory).unwrap_or(u64::MAX),
    };
    let outcome = outcome
        .map(|()| host.effects.clone())
        .map_err(|failure| with_remedy(failure, &host));
    Over {
        outcome,
        host,
        console,
        event,
        cost,
        trigger,
        started_at,
        live,
        moment,
        hashed_password,
        _engine: spent,
    }
}

fn never_began(failure: Failure) -> script::Run {
    script::Run {
        outcome: Err(failure),
        console: Vec::new(),
        usage: script::Usage::default(),
    }
}

fn not_compiled(findings: &[Finding]) -> Failure {
    let first = findings
        .first()
        .map(ToString::to_string)
        .unwrap_or_default();
    Failure {
        kind: FailureKind::Thrown,
        message: format!("the workflow can't be compiled; deploy it again: {first}"),
        stack: Vec::new(),
    }
}

/// A program that uses what it doesn't declare fails with "cannot read property of undefined". It is told why.
fn with_remedy(mut failure: Failure, host: &RunHost) -> Failure {
    for name in &host.undeclared {
        let remedy = binding::remedy(name);
        if failure.kind == FailureKind::Thrown && !failure.message.contains(&remedy) {
            failure.message = format!("{} ({remedy})", failure.message);
        }
    }
    failure
}

impl Over {
    /// What fired it.
    pub(super) fn trigger(&self) -> Trigger {
        self.trigger
    }

    /// The run without secrets.
    pub(super) fn redacted(&self) -> Trial {
        let mut own = self.host.redactor.clone();
        for secret in self.moment.secrets() {
            own.add_secret(&secret);
        }
        if let Some(hash) = &self.hashed_password {
            own.add(hash);
        }
        if let Some(key) = &self.live.key {
            own.add_secret(&Secret::new(key.text().as_str()));
        }
        let shared = &self.live.variables.redactor;
        let clean = |text: &str| own.text(&shared.text(text));
        let value = |value: &Value| own.value(&shared.value(value));
        let mut lines: Vec<Line> = self
            .console
            .iter()
            .map(|line| console_line(line, &clean))
            .collect();
        lines.extend(self.host.lines.iter().map(|line| Line {
            text: clean(&line.text),
            ..line.clone()
        }));
        lines.sort_by_key(|line| line.after_ms);
        let calls = self.host.calls.iter().map(|call| Call {
            url: clean(&call.url),
            error: call.error.as_deref().map(&clean),
            ..call.clone()
        });
        Trial {
            event: value(&self.event),
            lines,
            calls: calls.collect(),
            effects: value(&json!(self.host.effects)),
            failure: self
                .outcome
                .as_ref()
                .err()
                .map(|failure| trouble(failure, &clean)),
            cost: self.cost,
            started_at: self.started_at,
        }
    }
}

fn console_line(line: &script::Line, clean: &impl Fn(&str) -> String) -> Line {
    Line {
        after_ms: u64::try_from(line.after.as_millis()).unwrap_or(u64::MAX),
        level: line.level.name(),
        text: clean(&line.text),
    }
}

fn trouble(failure: &Failure, clean: &impl Fn(&str) -> String) -> Trouble {
    Trouble {
        kind: kind(failure.kind),
        message: clean(&failure.message),
        stack: failure
            .stack
            .iter()
            .map(|frame| {
                clean(&format!(
                    "{} ({}:{}:{})",
                    frame.function, frame.file, frame.line, frame.column
                ))
            })
            .collect(),
    }
}

fn kind(kind: FailureKind) -> &'static str {
    match kind {
        FailureKind::Thrown => "thrown",
        FailureKind::TimedOut => "timed_out",
        FailureKind::CpuExceeded => "cpu_exceeded",
        FailureKind::OutOfMemory => "out_of_memory",
        FailureKind::StackOverflow => "stack_overflow",
        FailureKind::TooManyCalls => "too_many_calls",
        FailureKind::NeverSettled => "never_settled",
        FailureKind::NoDefaultExport => "no_default_export",
        FailureKind::AnswerTooLong => "answer_too_long",
        FailureKind::Cancelled => "cancelled",
    }
}
