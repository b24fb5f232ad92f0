//! What every program of an application finds.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::compile::unit::Unit;
use crate::diagnostic::Diagnostic;
use crate::globals::{self, Globals};
use crate::program::{Module, Positions};

/// The world of an application's programs: packages that they may import, and a prelude that makes their globals.
///
/// Made once and shared; what it holds is compiled at its first use and kept.
#[derive(Default)]
pub struct Environment {
    packages: BTreeMap<String, String>,
    aliases: BTreeMap<String, String>,
    preludes: Vec<(String, String)>,
    precedence: Precedence,
    ready: OnceLock<Result<Ready, Vec<Diagnostic>>>,
    units: Mutex<HashMap<String, Arc<Unit>>>,
}

/// Who wins when a project has a package of ours among its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Precedence {
    #[default]
    Ours,
    Own,
}

/// What each run loads first.
pub(crate) struct Ready {
    pub(crate) globals: Globals,
    pub(crate) preludes: Vec<(String, Module)>,
}

impl Environment {
    /// A world with the standard globals and nothing else.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a package: the text of an ES module, JavaScript or TypeScript, that is imported by `name`, which may be a sub-path such as
    /// `react/jsx-runtime`. It may import other packages of this environment.
    #[must_use]
    pub fn package(mut self, name: impl Into<String>, source: impl Into<String>) -> Self {
        self.packages.insert(name.into(), source.into());
        self
    }

    /// Makes `alias` another name of the package `name`.
    #[must_use]
    pub fn alias(mut self, alias: impl Into<String>, name: impl Into<String>) -> Self {
        self.aliases.insert(alias.into(), name.into());
        self
    }

    /// Adds a script that runs before each program, in the order in which they are added.
    ///
    /// It is the body of a function with the parameters `host` and `globals`. `globals` is the program's global object. The script runs
    /// when an engine is prepared, where nobody waits and no program is known; what it returns, if that is a function, is called when a
    /// program begins. `host(name, ...arguments)` is [`crate::Host::call`], from then on: it blocks and returns the answer or throws.
    /// Nothing but a prelude can reach it. A prelude is JavaScript, or TypeScript without imports.
    #[must_use]
    pub fn prelude(mut self, file: impl Into<String>, source: impl Into<String>) -> Self {
        self.preludes.push((file.into(), source.into()));
        self
    }

    /// Lets a package in a project's own `node_modules` win over ours of the same name.
    #[must_use]
    pub fn prefer_own_packages(mut self) -> Self {
        self.precedence = Precedence::Own;
        self
    }

    pub(crate) fn precedence(&self) -> Precedence {
        self.precedence
    }

    /// The package that is imported as `specifier`, by its own name, and its text.
    pub(crate) fn find_package(&self, specifier: &str) -> Option<(&str, &str)> {
        let name = self
            .aliases
            .get(specifier)
            .map_or(specifier, String::as_str);
        self.packages
            .get_key_value(name)
            .map(|(name, text)| (name.as_str(), text.as_str()))
    }

    /// What each run loads first, compiled.
    ///
    /// # Errors
    ///
    /// The diagnostics of a prelude that is no JavaScript: a mistake of the application, which its programs report.
    pub(crate) fn ready(&self) -> Result<&Ready, &[Diagnostic]> {
        self.ready
            .get_or_init(|| {
                let globals = globals::compile()?;
                let preludes = self
                    .preludes
                    .iter()
                    .map(|(file, text)| {
                        let module = crate::compile::prelude(file, text)?;
                        Ok((file.clone(), module))
                    })
                    .collect::<Result<_, Vec<Diagnostic>>>()?;
                Ok(Ready { globals, preludes })
            })
            .as_ref()
            .map_err(Vec::as_slice)
    }

    /// The positions of a prelude, by its name in stack traces.
    pub(crate) fn prelude_positions(&self, name: &str) -> Option<&Positions> {
        let (_, module) = self
            .ready()
            .ok()?
            .preludes
            .iter()
            .find(|(file, _)| file == name)?;
        Some(&module.positions)
    }

    /// The packages of ours that programs have used so far, compiled, as far as they stand by themselves: those that import others are
    /// found when a program imports them.
    pub(crate) fn packages(&self) -> Vec<Arc<Module>> {
        let units = self.units.lock().unwrap_or_else(PoisonError::into_inner);
        let alone = units.values().filter(|unit| unit.imports.is_empty());
        alone
            .filter_map(|unit| unit.module.get().cloned())
            .collect()
    }

    /// A package of ours as translated before, or as `translate` gives it now.
    pub(crate) fn unit(
        &self,
        name: &str,
        translate: impl FnOnce() -> Result<Unit, Vec<Diagnostic>>,
    ) -> Result<Arc<Unit>, Vec<Diagnostic>> {
        let known = self
            .units
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(name)
            .cloned();
        if let Some(unit) = known {
            return Ok(unit);
        }
        let unit = Arc::new(translate()?);
        self.units
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(name.to_owned(), unit.clone());
        Ok(unit)
    }
}

impl std::fmt::Debug for Environment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Environment")
            .field("packages", &self.packages.keys())
            .field("aliases", &self.aliases)
            .field(
                "preludes",
                &self
                    .preludes
                    .iter()
                    .map(|(file, _)| file)
                    .collect::<Vec<_>>(),
            )
            .field("precedence", &self.precedence)
            .finish_non_exhaustive()
    }
}
