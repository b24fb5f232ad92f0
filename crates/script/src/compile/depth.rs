//! Room for deep recursion.
//!
//! The parser and the passes after it call themselves for each level of nesting, and a stack that overflows ends the process. So the
//! compiler runs on a thread whose stack is large enough for the deepest file that [`check`] lets through. The memory is reserved, not
//! used: a page counts when it is touched.

use std::panic::resume_unwind;
use std::thread;

use crate::diagnostic::{Diagnostic, Places, code};

/// Levels of nesting that a file may have, as [`check`] counts them. Programs of people stay below 100, bundles below 2,000.
const MAX_DEPTH: usize = 10_000;

/// Brackets that may be open at once. Lower, because each pair may be a function or a class: compiling takes the square of their depth.
const MAX_OPEN: usize = 500;

/// Bytes of stack for one level, with room to spare; `tests/it/depth.rs` nests each construct as deep as it may be.
const BYTES_A_LEVEL: usize = if cfg!(debug_assertions) {
    40 * 1024
} else {
    12 * 1024
};

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
            Err(error) => panic!("the system gives no thread to compile on: {error}"),
        }
    })
}

/// Refuses a text that may be nested deeper than [`MAX_DEPTH`].
///
/// Counts what can open a level: brackets that are open, plus the operators, keywords and tags since the last end of a statement or
/// element. Text in quotes counts as code, since telling the two apart takes a parser: the count is never too low, and too high only
/// for what nobody writes.
///
/// # Errors
///
/// One diagnostic, at the place where it becomes too deep.
pub(super) fn check(places: &Places<'_>, text: &str) -> Result<(), Vec<Diagnostic>> {
    let mut open: Vec<usize> = Vec::new();
    // Operators since the last separator, in all brackets that are open.
    let mut pending = 0;
    let mut of_bracket = 0;
    // `else if` goes one deeper than the `if` before it.
    let mut chained = 0;
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        let start = at;
        at += 1;
        match byte {
            b'(' | b'[' | b'{' => {
                open.push(of_bracket);
                of_bracket = 0;
            }
            b')' | b']' | b'}' => {
                if let Some(before) = open.pop() {
                    pending -= of_bracket;
                    of_bracket = before;
                }
                // A call or an index is a level of the chain that it belongs to: `a()()()`.
                pending += 1;
                of_bracket += 1;
            }
            b';' | b',' => {
                pending -= of_bracket;
                of_bracket = 0;
            }
            b'+' | b'-' | b'*' | b'/' | b'%' | b'!' | b'~' | b'&' | b'|' | b'^' | b'<' | b'>'
            | b'=' | b'?' | b'.' | b'`' | b'@' => {
                pending += 1;
                of_bracket += 1;
            }
            // Labels in labels are looked up in each other.
            b':' => {
                pending += 4;
                of_bracket += 4;
            }
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'$' => {
                while at < bytes.len()
                    && (bytes[at].is_ascii_alphanumeric() || matches!(bytes[at], b'_' | b'$'))
                {
                    at += 1;
                }
                let word = &text[start..at];
                if word == "else" {
                    chained += 1;
                } else if KEYWORDS.contains(&word) {
                    pending += 1;
                    of_bracket += 1;
                }
            }
            _ => {}
        }
        if open.len() > MAX_OPEN || open.len() + pending + chained > MAX_DEPTH {
            let offset = u32::try_from(start).unwrap_or(u32::MAX);
            let message = format!(
                "the file is nested too deep to be compiled: at most {MAX_OPEN} brackets may be open, and {MAX_DEPTH} operators follow each other"
            );
            return Err(vec![places.diagnostic(code::TOO_DEEP, offset, message)]);
        }
    }
    Ok(())
}

/// Words that can be repeated without a separator between them, each a level deeper.
const KEYWORDS: [&str; 26] = [
    "as",
    "async",
    "await",
    "case",
    "catch",
    "class",
    "delete",
    "do",
    "extends",
    "for",
    "function",
    "if",
    "in",
    "infer",
    "instanceof",
    "is",
    "keyof",
    "new",
    "of",
    "return",
    "satisfies",
    "try",
    "typeof",
    "unique",
    "void",
    "while",
];
