//! Why a run gave no answer.

use std::fmt;

use rquickjs::{Ctx, Object, Value};

use super::meter::Meter;
use crate::program::Code;

/// A run that gave no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What kind of end it was.
    pub kind: FailureKind,
    /// What happened: for [`FailureKind::Thrown`] the error as JavaScript prints it (`TypeError: x is not a function`), otherwise a
    /// sentence that says what to do.
    pub message: String,
    /// Where it happened, innermost call first, in places of the original files. Empty when it is not known.
    pub stack: Vec<Frame>,
}

/// The kinds of end without answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FailureKind {
    /// The program threw something and nobody caught it, or answered what JSON can't say.
    Thrown,
    /// The wall time was over.
    TimedOut,
    /// The computing time was over.
    CpuExceeded,
    /// The memory was used up, even if the program caught the error.
    OutOfMemory,
    /// Calls were nested too deep.
    StackOverflow,
    /// The host was called too often.
    TooManyCalls,
    /// The promise can't settle any more: nothing is left that could run.
    NeverSettled,
    /// The default export is not a function, nor an object with one function.
    NoDefaultExport,
    /// The answer is longer than it may be.
    AnswerTooLong,
    /// Somebody used [`crate::Cancel`].
    Cancelled,
}

impl FailureKind {
    /// The kind's name, stable for programs and logs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Thrown => "thrown",
            Self::TimedOut => "timed_out",
            Self::CpuExceeded => "cpu_exceeded",
            Self::OutOfMemory => "out_of_memory",
            Self::StackOverflow => "stack_overflow",
            Self::TooManyCalls => "too_many_calls",
            Self::NeverSettled => "never_settled",
            Self::NoDefaultExport => "no_default_export",
            Self::AnswerTooLong => "answer_too_long",
            Self::Cancelled => "cancelled",
        }
    }
}

/// One call of a stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The function's name; empty for one without.
    pub function: String,
    /// The path of the file or the name of the package; empty inside the engine.
    pub file: String,
    /// The line, from 1; 0 inside the engine.
    pub line: u32,
    /// The column, from 1; 0 inside the engine.
    pub column: u32,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        for frame in &self.stack {
            write!(f, "\n    {frame}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Failure {}

impl fmt::Display for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let function = if self.function.is_empty() {
            "<anonymous>"
        } else {
            &self.function
        };
        if self.file.is_empty() {
            write!(f, "at {function} (native)")
        } else {
            write!(
                f,
                "at {function} ({}:{}:{})",
                self.file, self.line, self.column
            )
        }
    }
}

impl Failure {
    pub(super) fn of_kind(kind: FailureKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            stack: Vec::new(),
        }
    }

    /// The failure for the limit that was passed.
    pub(super) fn of_limit(kind: FailureKind, meter: &Meter) -> Self {
        let limits = meter.limits();
        let message = match kind {
            FailureKind::TimedOut => format!(
                "the run took longer than {:?}; wait for less, or set timeouts on what is called",
                limits.wall
            ),
            FailureKind::CpuExceeded => format!(
                "the run computed for longer than {:?}; look for a loop that doesn't end",
                limits.cpu
            ),
            FailureKind::OutOfMemory => format!(
                "the run needed more than {} KiB of memory; keep less at once",
                limits.memory / 1024
            ),
            FailureKind::TooManyCalls => format!(
                "the run called its host more than {} times; call less often",
                limits.host_calls
            ),
            FailureKind::Cancelled => "the run was cancelled".to_owned(),
            other => other.code().to_owned(),
        };
        Self::of_kind(kind, message)
    }

    /// The failure for an engine error: a limit if one was passed, else what was thrown.
    pub(super) fn of_error(
        ctx: &Ctx<'_>,
        code: &Code,
        meter: &Meter,
        error: &rquickjs::Error,
    ) -> Self {
        let thrown = error.is_exception().then(|| ctx.catch());
        let stack = thrown
            .as_ref()
            .map(|thrown| stack_of(thrown, code))
            .unwrap_or_default();
        if let Some(kind) = meter.tripped() {
            return Self {
                stack,
                ..Self::of_limit(kind, meter)
            };
        }
        let Some(thrown) = thrown else {
            return Self::of_kind(FailureKind::Thrown, error.to_string());
        };
        let message = message_of(ctx, &thrown);
        if is_stack_overflow(&thrown) {
            return Self {
                kind: FailureKind::StackOverflow,
                message: format!(
                    "calls are nested too deep; look for a recursion that doesn't end ({message})"
                ),
                stack,
            };
        }
        Self {
            kind: FailureKind::Thrown,
            message,
            stack,
        }
    }
}

/// What the engine throws when the stack ends: `RangeError: Maximum call stack size exceeded`, or `SyntaxError: stack overflow` inside
/// JSON and regular expressions.
fn is_stack_overflow(thrown: &Value<'_>) -> bool {
    thrown.as_object().is_some_and(|object| {
        let message = own_text(object, "message").unwrap_or_default();
        object.is_error()
            && (message.contains("call stack size exceeded") || message.contains("stack overflow"))
    })
}

/// What was thrown as `console.log` would print its first line.
fn message_of<'js>(ctx: &Ctx<'js>, thrown: &Value<'js>) -> String {
    let text = match thrown.as_object() {
        Some(object) if object.is_error() => {
            let name = text(object, "name").unwrap_or_else(|| "Error".to_owned());
            let message = text(object, "message").unwrap_or_default();
            if message.is_empty() {
                name
            } else {
                format!("{name}: {message}")
            }
        }
        // A `DOMException` is no error to the engine.
        Some(object) => match (text(object, "name"), text(object, "message")) {
            (Some(name), Some(message)) => format!("{name}: {message}"),
            (None, Some(message)) => message,
            _ => ctx
                .json_stringify(thrown.clone())
                .ok()
                .flatten()
                .and_then(|text| text.to_string().ok())
                .unwrap_or_else(|| "an object was thrown".to_owned()),
        },
        None => thrown
            .get::<rquickjs::Coerced<String>>()
            .map_or_else(|_| "something was thrown".to_owned(), |text| text.0),
    };
    // A getter of the thrown object may have thrown in its turn.
    ctx.catch();
    crate::run::console::bounded(text, 8 * 1024)
}

fn text(object: &Object<'_>, key: &str) -> Option<String> {
    object
        .get::<_, Value<'_>>(key)
        .ok()?
        .as_string()?
        .to_string()
        .ok()
}

fn own_text(object: &Object<'_>, key: &str) -> Option<String> {
    object
        .contains_key(key)
        .ok()?
        .then(|| text(object, key))
        .flatten()
}

/// The stack that the engine wrote into an error.
fn stack_of(thrown: &Value<'_>, code: &Code) -> Vec<Frame> {
    thrown
        .as_object()
        .filter(|object| object.is_error())
        .and_then(|object| own_text(object, "stack"))
        .map(|stack| frames(&stack, code))
        .unwrap_or_default()
}

/// A stack of the engine in original places, without the frames of this crate, and no longer than is useful.
pub(crate) fn frames(stack: &str, code: &Code) -> Vec<Frame> {
    stack
        .lines()
        .filter_map(|line| frame(line, code))
        .take(50)
        .collect()
}

/// Reads `at name (file:line:column)`, `at file:line:column` or `at name (native)`.
fn frame(line: &str, code: &Code) -> Option<Frame> {
    let line = line.trim().strip_prefix("at ")?;
    let (function, place) = match line.rsplit_once(" (") {
        Some((function, place)) => (function, place.strip_suffix(')')?),
        None => ("", line),
    };
    let function = if function == "<anonymous>" {
        ""
    } else {
        function
    };
    if place == "native" {
        return Some(Frame {
            function: function.to_owned(),
            file: String::new(),
            line: 0,
            column: 0,
        });
    }
    let mut parts = place.rsplitn(3, ':');
    let column: u32 = parts.next()?.parse().ok()?;
    let line: u32 = parts.next()?.parse().ok()?;
    let module = parts.next()?;
    if crate::compile::is_internal(module) {
        return None;
    }
    let (line, column) = code
        .positions(module)
        .and_then(|positions| positions.original(line, column))
        .unwrap_or((line, column));
    Some(Frame {
        function: function.to_owned(),
        file: crate::compile::file_of(module).to_owned(),
        line,
        column,
    })
}
