//! From JavaScript to bytecode.

use std::collections::BTreeMap;
use std::sync::Arc;

use rquickjs::context::intrinsic;
use rquickjs::loader::{ImportAttributes, Loader, Resolver};
use rquickjs::module::Declared;
use rquickjs::{Context, Ctx, Runtime};

use super::link::Linked;
use super::unit::Unit;
use crate::diagnostic::{Diagnostic, code};
use crate::program::{Module, Positions};
use crate::raw;

/// What the compiler needs of the language: nothing runs here.
type Intrinsics = (intrinsic::Eval, intrinsic::RegExpCompiler);

/// Compiles every module of a graph.
///
/// # Errors
///
/// What the engine refuses though `oxc` took it, by module.
pub(super) fn compile(
    linked: &BTreeMap<String, Linked>,
) -> Result<BTreeMap<String, Arc<Module>>, Vec<Diagnostic>> {
    let compiler = Compiler::new()?;
    let mut modules = BTreeMap::new();
    let mut diagnostics = Vec::new();
    for (name, linked) in linked {
        let known = linked.unit.as_ref().and_then(|unit| unit.module.get());
        if let Some(module) = known {
            modules.insert(name.clone(), module.clone());
            continue;
        }
        match compiler.code(name, &linked.code, Positions::new(linked.positions.clone())) {
            Ok(module) => {
                let module = Arc::new(module);
                if let Some(unit) = &linked.unit {
                    // Another thread may have been faster; either's is right.
                    let _ = unit.module.set(module.clone());
                }
                modules.insert(name.clone(), module);
            }
            Err(diagnostic) => diagnostics.push(diagnostic),
        }
    }
    if diagnostics.is_empty() {
        Ok(modules)
    } else {
        Err(diagnostics)
    }
}

/// Compiles one translated file.
pub(super) fn single(name: &str, unit: &Unit) -> Result<Module, Vec<Diagnostic>> {
    Compiler::new()?
        .code(name, &unit.code, Positions::new(unit.positions.clone()))
        .map_err(|diagnostic| vec![diagnostic])
}

/// Compiles JavaScript as it is.
pub(super) fn raw(name: &str, text: &str) -> Result<Module, Vec<Diagnostic>> {
    Compiler::new()?
        .code(name, text, Positions::default())
        .map_err(|diagnostic| vec![diagnostic])
}

struct Compiler {
    context: Context,
}

impl Compiler {
    fn new() -> Result<Self, Vec<Diagnostic>> {
        let make = || {
            let runtime = Runtime::new()?;
            runtime.set_max_stack_size(8 * 1024 * 1024);
            runtime.set_loader(Anything, Anything);
            Context::custom::<Intrinsics>(&runtime)
        };
        match make() {
            Ok(context) => Ok(Self { context }),
            Err(error) => Err(vec![refused(
                "",
                &Positions::default(),
                1,
                1,
                &error.to_string(),
            )]),
        }
    }

    fn code(&self, name: &str, code: &str, positions: Positions) -> Result<Module, Diagnostic> {
        let compiled = self.context.with(|ctx| {
            raw::compiled(&ctx, name, code).map_err(|error| {
                let thrown = ctx.catch();
                let (line, column) = place_of(&thrown);
                let message = thrown
                    .as_exception()
                    .and_then(rquickjs::Exception::message)
                    .unwrap_or_else(|| error.to_string());
                (line, column, message)
            })
        });
        match compiled {
            Ok(bytecode) => Ok(Module {
                bytecode,
                positions,
                hash: super::sha256(&[code.as_bytes()]),
            }),
            Err((line, column, message)) => Err(refused(name, &positions, line, column, &message)),
        }
    }
}

/// The first place in the stack of a syntax error.
fn place_of(thrown: &rquickjs::Value<'_>) -> (u32, u32) {
    let find = || {
        let stack = thrown.as_exception()?.stack()?;
        let place = stack.lines().next()?.trim_end_matches(')');
        let mut parts = place.rsplitn(3, ':');
        let column = parts.next()?.parse().ok()?;
        let line = parts.next()?.parse().ok()?;
        Some((line, column))
    };
    find().unwrap_or((1, 1))
}

fn refused(name: &str, positions: &Positions, line: u32, column: u32, message: &str) -> Diagnostic {
    let (line, column) = positions.original(line, column).unwrap_or((1, 1));
    Diagnostic {
        file: super::file_of(name).to_owned(),
        line,
        column,
        code: code::UNSUPPORTED,
        message: format!("the engine can't compile this: {message}"),
    }
}

/// Answers each import with an empty module: a module is compiled by itself, and names are looked up when it is loaded.
struct Anything;

impl Resolver for Anything {
    fn resolve<'js>(
        &mut self,
        _: &Ctx<'js>,
        _: &str,
        name: &str,
        _: Option<ImportAttributes<'js>>,
    ) -> rquickjs::Result<String> {
        Ok(name.to_owned())
    }
}

impl Loader for Anything {
    fn load<'js>(
        &mut self,
        ctx: &Ctx<'js>,
        name: &str,
        _: Option<ImportAttributes<'js>>,
    ) -> rquickjs::Result<rquickjs::Module<'js, Declared>> {
        rquickjs::Module::declare(ctx.clone(), name, "")
    }
}
