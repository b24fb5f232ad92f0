//! Stack traces as people read them.

use rquickjs::{Function, Object};

use crate::program::Program;
use crate::run::failure::frames;

/// Defines what `inspect.js` calls.
pub(super) fn define(native: &Object<'_>, program: &Program) -> rquickjs::Result<()> {
    let program = program.clone();
    let stack = move |text: String| -> String {
        frames(&text, &program)
            .iter()
            .map(|frame| format!("    {frame}"))
            .collect::<Vec<_>>()
            .join("\n")
    };
    native.set("stack", Function::new(native.ctx().clone(), stack)?)
}
