//! From a project to a [`Program`].
//!
//! Each file that the entry reaches is *translated* (types off, imports resolved), then all are *linked* (does every imported name
//! exist?), then each is *compiled* to bytecode. The compiler runs on a thread of its own, whose stack fits the deepest file.

mod bytecode;
mod commonjs;
mod depth;
mod graph;
mod link;
mod resolve;
mod translate;
pub(crate) mod unit;

use std::collections::BTreeMap;
use std::sync::Arc;

use aws_lc_rs::digest;

use self::link::{Linked, Types, Unlinked};

use crate::diagnostic::{Diagnostic, code};
use crate::environment::Environment;
use crate::files::{Files, normalize};
use crate::program::{Module, Program};

/// Names of modules that are no file and no package start so.
const INTERNAL: &str = "script:";

/// Compiles the project whose program starts in the file `entry`.
///
/// Types are taken off, not checked. What is imported is resolved, linked and compiled, so that a program that compiles can only fail
/// by what it does.
///
/// # Errors
///
/// Everything that is wrong, ordered by file and place; see [`Diagnostic::CODES`].
pub fn compile(
    environment: &Arc<Environment>,
    files: &Files,
    entry: &str,
) -> Result<Program, Vec<Diagnostic>> {
    let entry = normalize(entry);
    if files.get(&entry).is_none() {
        return Err(vec![Diagnostic {
            file: entry.clone(),
            line: 1,
            column: 1,
            code: code::ENTRY_MISSING,
            message: format!("the project has no file {entry}"),
        }]);
    }
    depth::with_stack(|| {
        environment.ready().map_err(<[Diagnostic]>::to_vec)?;
        let linked = linked(environment, files, &entry)?;
        let modules = bytecode::compile(&linked)?;
        Ok(Program::new(environment.clone(), entry, modules))
    })
    .map_err(|mut diagnostics: Vec<Diagnostic>| {
        diagnostics.sort();
        diagnostics.dedup();
        diagnostics
    })
}

fn linked(
    environment: &Environment,
    files: &Files,
    entry: &str,
) -> Result<BTreeMap<String, Linked>, Vec<Diagnostic>> {
    let mut types = Types::new();
    loop {
        let graph = graph::collect(environment, files, entry, &types)?;
        match link::link(&graph, entry) {
            Ok(linked) => return Ok(linked),
            Err(Unlinked::Wrong(diagnostics)) => return Err(diagnostics),
            // Ends: each round leaves out more of the finitely many exports.
            Err(Unlinked::Types(more)) => {
                for (module, mut names) in more {
                    types.entry(module).or_default().append(&mut names);
                }
            }
        }
    }
}

/// Compiles a prelude: the body of a function of `host` and `globals`.
pub(crate) fn prelude(file: &str, text: &str) -> Result<Module, Vec<Diagnostic>> {
    let unit = translate::prelude(file, text)?;
    bytecode::single(file, &unit)
}

/// Compiles a script of this crate.
pub(crate) fn internal(name: &str, text: &str) -> Result<Module, Vec<Diagnostic>> {
    bytecode::raw(name, text)
}

/// Whether a module is one of this crate's.
pub(crate) fn is_internal(module: &str) -> bool {
    module.starts_with(INTERNAL)
}

/// Whether a module has the name of its file or package.
pub(crate) fn is_named(module: &str) -> bool {
    !is_internal(module) && !module.ends_with(commonjs::BODY)
}

/// The file that a module was made of.
pub(crate) fn file_of(module: &str) -> &str {
    module.strip_suffix(commonjs::BODY).unwrap_or(module)
}

/// What follows the last dot of a path.
fn ending(path: &str) -> Option<&str> {
    path.rsplit_once('.').map(|(_, ending)| ending)
}

/// SHA-256 over parts.
pub(crate) fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    let mut context = digest::Context::new(&digest::SHA256);
    for part in parts {
        context.update(part);
    }
    let mut hash = [0; 32];
    hash.copy_from_slice(context.finish().as_ref());
    hash
}
