//! A compiled project.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::environment::Environment;

/// A project that is ready to run: its modules without types, as bytecode. Cloning is cheap; threads may share it.
#[derive(Clone)]
pub struct Program(Arc<Inner>);

struct Inner {
    environment: Arc<Environment>,
    entry: String,
    modules: BTreeMap<String, Arc<Module>>,
    hash: [u8; 32],
}

/// A module that can be loaded.
pub(crate) struct Module {
    /// What the engine loads: made by this process, never read from outside.
    pub(crate) bytecode: Vec<u8>,
    /// Where its code came from.
    pub(crate) positions: Positions,
    /// SHA-256 of the code that was compiled.
    pub(crate) hash: [u8; 32],
}

impl Program {
    pub(crate) fn new(
        environment: Arc<Environment>,
        entry: String,
        modules: BTreeMap<String, Arc<Module>>,
    ) -> Self {
        let mut parts: Vec<&[u8]> = vec![entry.as_bytes(), &[0]];
        for (name, module) in &modules {
            parts.extend([name.as_bytes(), &[0], module.hash.as_slice()]);
        }
        let hash = crate::compile::sha256(&parts);
        Self(Arc::new(Inner {
            environment,
            entry,
            modules,
            hash,
        }))
    }

    /// SHA-256 over the code of all modules and their names. Equal for equal code, whatever its comments and types.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        self.0.hash
    }

    /// The path of the file whose default export is called.
    #[must_use]
    pub fn entry(&self) -> &str {
        &self.0.entry
    }

    /// The names of the modules that the program consists of: paths of files and names of packages, ordered.
    pub fn modules(&self) -> impl Iterator<Item = &str> {
        self.0
            .modules
            .keys()
            .map(String::as_str)
            .filter(|name| crate::compile::is_named(name))
    }

    pub(crate) fn environment(&self) -> &Arc<Environment> {
        &self.0.environment
    }

    pub(crate) fn module(&self, name: &str) -> Option<&Arc<Module>> {
        self.0.modules.get(name)
    }
}

/// What runs in an engine: what its environment gives, and the program as soon as one is there.
pub(crate) struct Code {
    pub(crate) environment: Arc<Environment>,
    pub(crate) program: OnceCell<Program>,
}

impl Code {
    /// Where a module's code came from.
    pub(crate) fn positions(&self, module: &str) -> Option<&Positions> {
        let of_program = || Some(&self.program.get()?.module(module)?.positions);
        self.environment
            .prelude_positions(module)
            .or_else(of_program)
    }
}

impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Program")
            .field("entry", &self.0.entry)
            .field("modules", &self.0.modules.keys())
            .finish_non_exhaustive()
    }
}

/// From places in generated code to places in the original, both from 0.
#[derive(Default)]
pub(crate) struct Positions(Vec<Position>);

#[derive(Clone, Copy)]
pub(crate) struct Position {
    pub(crate) generated: (u32, u32),
    pub(crate) original: (u32, u32),
}

impl Positions {
    /// Positions ordered by generated place.
    pub(crate) fn new(positions: Vec<Position>) -> Self {
        Self(positions)
    }

    /// The original place of what is at `line` and `column` of the generated code, all from 1.
    ///
    /// The engine points to the middle of an expression where the map knows its start, so the nearest place before it counts.
    pub(crate) fn original(&self, line: u32, column: u32) -> Option<(u32, u32)> {
        let wanted = (line.checked_sub(1)?, column.saturating_sub(1));
        let after = self
            .0
            .partition_point(|position| position.generated <= wanted);
        let found = self.0[..after]
            .last()
            .filter(|position| position.generated.0 == wanted.0)
            .or_else(|| {
                self.0
                    .get(after)
                    .filter(|next| next.generated.0 == wanted.0)
            })?;
        Some((found.original.0 + 1, found.original.1 + 1))
    }
}
