//! A file after translation, before it is linked with the others.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use crate::program::{Module, Position};

/// A translated file.
pub(crate) struct Unit {
    /// JavaScript whose imports name modules, not paths.
    pub(crate) code: String,
    /// From places of `code` to places of the file.
    pub(crate) positions: Vec<Position>,
    /// What it imports, in order.
    pub(crate) imports: Vec<Import>,
    /// What it exports.
    pub(crate) exports: Exports,
    /// The bytecode of an ES module, once it was made: packages of the environment are compiled for the first program only.
    pub(crate) module: OnceLock<Arc<Module>>,
}

/// An import of another module.
pub(crate) struct Import {
    /// The module's name.
    pub(crate) target: String,
    /// The names that are taken from it.
    pub(crate) names: Vec<Name>,
    /// How it is imported beyond these.
    pub(crate) reach: Reach,
}

/// Whether an import reaches more than the names that it writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    Named,
    /// `import *`, `export *`, `import()`: any name may be used.
    Whole,
}

/// A name that is imported, with its place.
pub(crate) struct Name {
    /// What the other module calls it.
    pub(crate) imported: String,
    /// The name under which `export … from` exports it again.
    pub(crate) exported_as: Option<String>,
    pub(crate) line: u32,
    pub(crate) column: u32,
}

/// The names that a module exports.
pub(crate) enum Exports {
    /// Those of an ES module.
    Known {
        names: BTreeSet<String>,
        /// The modules of `export * from`.
        stars: Vec<String>,
    },
    /// JSON, whose code defines `value`: the keys of the top level.
    Json(BTreeSet<String>),
    /// CommonJS, whose code is a function body: its names are known when it has run.
    CommonJs(CommonJs),
    /// A file that was refused: nobody else is blamed for it.
    Refused,
}

/// What can be seen of a CommonJS module without running it.
#[derive(Default)]
pub(crate) struct CommonJs {
    /// What it requires: specifier and module.
    pub(crate) requires: Vec<(String, String)>,
    /// Names that it seems to export.
    pub(crate) found: BTreeSet<String>,
    /// Modules whose exports it seems to take over.
    pub(crate) taken: Vec<String>,
}

impl Unit {
    pub(crate) fn new(code: String, exports: Exports) -> Self {
        Self {
            code,
            positions: Vec::new(),
            imports: Vec::new(),
            exports,
            module: OnceLock::new(),
        }
    }
}
