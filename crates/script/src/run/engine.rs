//! A fresh engine with a program's modules in reach.

use std::rc::Rc;

use rquickjs::context::intrinsic;
use rquickjs::loader::{ImportAttributes, Loader, Resolver};
use rquickjs::module::Declared;
use rquickjs::{Context, Ctx, Error, FromJs, Runtime};

use super::failure::{Failure, FailureKind};
use super::meter::Meter;
use crate::files::join;
use crate::program::{Module, Program};
use crate::raw::{self, Counted};

/// The language, without `Eval`: the parser is not linked in, so no text becomes code, by whatever constructor.
type Intrinsics = (
    intrinsic::Date,
    intrinsic::RegExpCompiler,
    intrinsic::RegExp,
    intrinsic::Json,
    intrinsic::Proxy,
    intrinsic::MapSet,
    intrinsic::TypedArrays,
    intrinsic::Promise,
    intrinsic::WeakRef,
    intrinsic::Performance,
    intrinsic::DOMException,
);

/// Runs `f` in a fresh engine.
///
/// # Errors
///
/// Those of `f`; [`FailureKind::OutOfMemory`] if the engine can't be made.
pub(super) fn with<T>(
    program: &Program,
    meter: &Rc<Meter>,
    f: impl FnOnce(&Ctx<'_>) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let context = make(program, meter).map_err(|error| {
        Failure::of_kind(
            FailureKind::OutOfMemory,
            format!("the engine can't start: {error}"),
        )
    })?;
    meter.be_strict();
    let answer = context.with(|ctx| f(&ctx));
    meter.be_lenient();
    answer
}

fn make(program: &Program, meter: &Rc<Meter>) -> rquickjs::Result<Context> {
    let runtime = Runtime::new_with_alloc(Counted(meter.clone()))?;
    runtime.set_max_stack_size(meter.limits().stack);
    let asked = meter.clone();
    runtime.set_interrupt_handler(Some(Box::new(move || asked.must_stop())));
    runtime.set_loader(Modules(program.clone()), Modules(program.clone()));
    Context::custom::<Intrinsics>(&runtime)
}

/// Evaluates a module of this crate, which doesn't wait, and gives its default export.
///
/// # Errors
///
/// What it throws.
pub(crate) fn evaluate<'js, T: FromJs<'js>>(
    ctx: &Ctx<'js>,
    module: &Module,
) -> rquickjs::Result<T> {
    let (module, promise) = raw::load(ctx, module)?.eval()?;
    match promise.result::<rquickjs::Value<'js>>() {
        Some(Err(error)) => Err(error),
        _ => module.get("default"),
    }
}

/// Finds the modules of a program. The compiler has put their names into the code; what is left is `import()` of something computed.
struct Modules(Program);

impl Resolver for Modules {
    fn resolve<'js>(
        &mut self,
        _: &Ctx<'js>,
        base: &str,
        name: &str,
        _: Option<ImportAttributes<'js>>,
    ) -> rquickjs::Result<String> {
        if self.0.module(name).is_some() {
            return Ok(name.to_owned());
        }
        let path = join(base, name);
        ["", ".ts", ".tsx", ".js", ".jsx", ".json", "/index.ts", "/index.js"]
            .iter()
            .map(|ending| format!("{path}{ending}"))
            .find(|path| self.0.module(path).is_some())
            .ok_or_else(|| {
                let why = "it is not part of the program; import it with its name written out, so that it is compiled";
                Error::new_resolving_message(base, name, why)
            })
    }
}

impl Loader for Modules {
    fn load<'js>(
        &mut self,
        ctx: &Ctx<'js>,
        name: &str,
        _: Option<ImportAttributes<'js>>,
    ) -> rquickjs::Result<rquickjs::Module<'js, Declared>> {
        let module = self
            .0
            .module(name)
            .ok_or_else(|| Error::new_loading(name))?;
        raw::load(ctx, module)
    }
}
