//! An embedded TypeScript and JavaScript engine: compile a project once, run its function often, within limits.
//!
//! ```
//! use std::sync::Arc;
//! use script::{Cancel, Environment, Files, Host, HostError, Limits};
//!
//! struct Nobody;
//! impl Host for Nobody {
//!     fn call(&mut self, function: &str, _: Vec<serde_json::Value>, _: std::time::Duration) -> Result<serde_json::Value, HostError> {
//!         Err(HostError { name: "TypeError".to_owned(), message: format!("there is no {function}") })
//!     }
//! }
//!
//! let environment = Arc::new(Environment::new());
//! let files = Files::from_iter([("main.ts", "export default (event: { n: number }) => event.n + 1")]);
//! let program = script::compile(&environment, &files, "main.ts").expect("the program is right");
//! let run = script::run(&program, &serde_json::json!({ "n": 41 }), &mut Nobody, &Limits::default(), &Cancel::new());
//! assert_eq!(run.outcome.expect("it answers"), 42);
//! ```
//!
//! # What a program may do
//!
//! Compute, and call what the application lends it: one [`Host`] function, on which the application's own scripts (the *prelude* of an
//! [`Environment`]) build what programs see. There is no network, no file, no process and no clock to wait on but its own timers;
//! `eval` and `new Function` don't exist. Each run has an engine of its own, so that nothing is left for the next one.
//!
//! # What stops it
//!
//! [`Limits`]: wall time, computing time, memory, stack, host calls, console output, size of the answer. They are checked by the engine,
//! not by the program: an interrupt can't be caught, and what a program does to the prototypes of its own world changes nothing here.
//! `limits.rs` says how exact each is.
//!
//! # How
//!
//! `oxc` takes the types off and remembers the places; QuickJS compiles the modules to bytecode, once. A run loads the bytecode into a
//! fresh engine whose parser is not linked in, which is both faster and the reason why no text can become code. An [`Engine`] can be
//! prepared before anybody waits for it.
//! The alternatives that were measured: boa has no memory limit and no clock; V8 can't be built without a download.

mod compile;
mod diagnostic;
mod environment;
mod files;
mod globals;
mod limits;
mod program;
mod raw;
mod run;

pub use compile::compile;
pub use diagnostic::Diagnostic;
pub use environment::Environment;
pub use files::Files;
pub use limits::{Cancel, Limits, Usage};
pub use program::Program;
pub use run::console::{Level, Line};
pub use run::engine::{Engine, Spent};
pub use run::failure::{Failure, FailureKind, Frame};
pub use run::host::{Host, HostError};
pub use run::inspect::{Inspected, inspect};
pub use run::{Run, run};
