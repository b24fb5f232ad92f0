//! Stack traces as people read them.

use std::rc::Rc;

use rquickjs::{Function, Object};

use crate::program::Code;
use crate::run::failure::frames;

/// Defines what `inspect.js` calls.
pub(super) fn define(native: &Object<'_>, code: &Rc<Code>) -> rquickjs::Result<()> {
    let code = Rc::clone(code);
    let stack = move |text: String| -> String {
        frames(&text, &code)
            .iter()
            .map(|frame| format!("    {frame}"))
            .collect::<Vec<_>>()
            .join("\n")
    };
    native.set("stack", Function::new(native.ctx().clone(), stack)?)
}
