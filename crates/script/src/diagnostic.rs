//! What is wrong with a program, and where.

use std::fmt;

/// A reason why a project can't be compiled.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Diagnostic {
    /// The path of the file, as in [`crate::Files`], or the name of the package or prelude.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, in UTF-16 units as editors count.
    pub column: u32,
    /// The kind, stable for programs: one of [`Diagnostic::CODES`].
    pub code: &'static str,
    /// What is wrong and what to do, for people.
    pub message: String,
}

impl Diagnostic {
    /// Every code with its meaning.
    pub const CODES: &[(&str, &str)] = &[
        (code::SYNTAX, "the text is not TypeScript or JavaScript"),
        (code::JSON, "an imported JSON file is not JSON"),
        (
            code::ENTRY_MISSING,
            "the file to start with is not in the project",
        ),
        (
            code::UNRESOLVED,
            "an import names no file and no known package",
        ),
        (
            code::UNAVAILABLE,
            "an import names a module of Node, which doesn't exist here",
        ),
        (
            code::NOT_EXPORTED,
            "an import names something that the module doesn't export",
        ),
        (
            code::NO_DEFAULT_EXPORT,
            "the file to start with has no default export",
        ),
        (code::TOO_LARGE, "a file is longer than can be compiled"),
        (
            code::TOO_DEEP,
            "a file is nested deeper than can be compiled",
        ),
        (code::UNSUPPORTED, "the engine doesn't support a construct"),
    ];
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}:{}:{}: {} ({})",
            self.file, self.line, self.column, self.message, self.code
        )
    }
}

impl std::error::Error for Diagnostic {}

/// The codes by name.
pub(crate) mod code {
    pub(crate) const SYNTAX: &str = "syntax";
    pub(crate) const JSON: &str = "invalid_json";
    pub(crate) const ENTRY_MISSING: &str = "entry_missing";
    pub(crate) const UNRESOLVED: &str = "unresolved_import";
    pub(crate) const UNAVAILABLE: &str = "unavailable_module";
    pub(crate) const NOT_EXPORTED: &str = "not_exported";
    pub(crate) const NO_DEFAULT_EXPORT: &str = "no_default_export";
    pub(crate) const TOO_LARGE: &str = "file_too_large";
    pub(crate) const TOO_DEEP: &str = "nested_too_deep";
    pub(crate) const UNSUPPORTED: &str = "unsupported";
}

/// A text with the starts of its lines, to turn offsets into places.
pub(crate) struct Places<'a> {
    file: &'a str,
    text: &'a str,
}

impl<'a> Places<'a> {
    pub(crate) fn new(file: &'a str, text: &'a str) -> Self {
        Self { file, text }
    }

    /// Line and column, from 1, of a byte offset.
    pub(crate) fn of(&self, offset: u32) -> (u32, u32) {
        let mut offset = (offset as usize).min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let before = &self.text[..offset];
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = before.bytes().filter(|byte| *byte == b'\n').count();
        let column = before[start..].encode_utf16().count();
        let from_one = |n: usize| u32::try_from(n + 1).unwrap_or(u32::MAX);
        (from_one(line), from_one(column))
    }

    pub(crate) fn diagnostic(
        &self,
        code: &'static str,
        offset: u32,
        message: impl Into<String>,
    ) -> Diagnostic {
        let (line, column) = self.of(offset);
        Diagnostic {
            file: self.file.to_owned(),
            line,
            column,
            code,
            message: message.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_becomes_line_and_column_as_an_editor_counts() {
        let places = Places::new("a.ts", "é\n𝔸b\n");
        assert_eq!(places.of(0), (1, 1));
        assert_eq!(places.of(2), (1, 2));
        assert_eq!(places.of(3), (2, 1));
        assert_eq!(places.of(7), (2, 3));
        assert_eq!(places.of(99), (3, 1));
    }
}
