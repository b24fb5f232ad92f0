//! Looking into a program without running it.

use rquickjs::Value;

use super::engine::Engine;
use super::failure::Failure;
use crate::limits::{Cancel, Limits};
use crate::program::Program;

/// What a program says of itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Inspected {
    /// The export, as JSON; `None` when the module has none of that name, or it is nothing that JSON can say.
    pub value: Option<serde_json::Value>,
    /// Whether the default export can be called: a function, or an object with one.
    pub is_callable: bool,
}

/// Evaluates the program's module, without prelude and without host, and reads one of its exports.
///
/// # Errors
///
/// What the module's own code throws, or the limit that it passes.
pub fn inspect(program: &Program, export: &str, limits: &Limits) -> Result<Inspected, Failure> {
    let engine = Engine::bare(program.environment())?;
    engine.begin(program, limits, &Cancel::new(), |running| {
        let namespace = running.module()?;
        let read = |name: &str| -> Result<Value<'_>, Failure> {
            namespace.get(name).map_err(|error| running.failed(&error))
        };
        let value = read(export)?;
        let value = if value.is_undefined() || value.is_function() {
            None
        } else {
            Some(running.to_json(value)?)
        };
        let is_callable = running
            .is_callable(read("default")?)
            .map_err(|error| running.failed(&error))?;
        Ok(Inspected { value, is_callable })
    })
}
