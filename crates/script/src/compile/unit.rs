//! A file after translation, before it is linked with the others.

use std::collections::BTreeSet;
use std::sync::Arc;

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
    /// Compiled before, when the unit is a package that many programs share.
    pub(crate) module: std::sync::OnceLock<Arc<Module>>,
}

/// An import of another module.
pub(crate) struct Import {
    /// The module's name.
    pub(crate) target: String,
    /// The names that are taken from it.
    pub(crate) names: Vec<Name>,
    /// Whether all its names may be used: `import *`, `export *`, `import()`.
    pub(crate) is_whole: bool,
}

/// A name that is imported, with its place.
pub(crate) struct Name {
    pub(crate) name: String,
    /// The name under which it is exported again, if it is not used otherwise.
    pub(crate) exported_as: Option<String>,
    pub(crate) line: u32,
    pub(crate) column: u32,
}

/// The names that a module exports.
pub(crate) enum Exports {
    Known {
        names: BTreeSet<String>,
        /// The modules of `export * from`.
        stars: Vec<String>,
    },
    /// A CommonJS or JSON module: its names are known when it has run.
    Open,
}
