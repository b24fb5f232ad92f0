//! A fresh engine with its globals, in which one program can run.

use std::cell::OnceCell;
use std::rc::Rc;
use std::sync::Arc;

use rquickjs::context::intrinsic;
use rquickjs::loader::{ImportAttributes, Loader, Resolver};
use rquickjs::module::Declared;
use rquickjs::{Context, Ctx, Error, FromJs, Function, Object, Persistent, Runtime, Value};

use super::console::Console;
use super::failure::{Failure, FailureKind};
use super::host::{self, Host};
use super::meter::Meter;
use super::timers::Timers;
use super::{Run, Running};
use crate::environment::Environment;
use crate::files::join;
use crate::globals::native::{self, World};
use crate::limits::{Cancel, Limits};
use crate::program::{Code, Module, Program};
use crate::raw::{self, Counted, Lending, Lent};

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

/// How many bytes an engine may hold before it looks for rings that hold each other. What most programs leave is less, and goes with the
/// engine.
const GARBAGE: usize = 8 * 1024 * 1024;

/// An engine that is ready: made, with its globals and the preludes of an environment, and nothing run in it yet.
///
/// Making one and taking it down costs more than most programs. Whoever has a thread for programs prepares the engine before anybody
/// waits for it, and drops what [`Engine::run`] leaves when nobody waits any more. An engine stays on its thread.
pub struct Engine {
    // Values go before the context that they are of.
    core: Persistent<Object<'static>>,
    /// What the preludes want called when a program begins.
    beginnings: Vec<Persistent<Function<'static>>>,
    context: Context,
    world: World,
    lent: Lent,
}

/// An engine in which a program has run. There is nothing to do with it but to drop it, which takes it down.
pub struct Spent {
    _engine: Engine,
}

impl Engine {
    /// Makes an engine for programs of an environment, runs its preludes, and loads the packages that its programs have used so far.
    ///
    /// # Errors
    ///
    /// [`FailureKind::OutOfMemory`] if the engine can't be made; what a prelude throws.
    pub fn prepare(environment: &Arc<Environment>) -> Result<Self, Failure> {
        let mut engine = Self::bare(environment)?;
        let (world, lent) = (&engine.world, &engine.lent);
        engine.beginnings = engine.context.with(|ctx| {
            let prepare = || {
                for package in environment.packages() {
                    raw::load(&ctx, &package)?;
                }
                preludes(&ctx, world, lent)
            };
            prepare().map_err(|error| Failure::of_error(&ctx, &world.code, &world.meter, &error))
        })?;
        Ok(engine)
    }

    /// Makes an engine without preludes.
    pub(super) fn bare(environment: &Arc<Environment>) -> Result<Self, Failure> {
        let world = World {
            code: Rc::new(Code {
                environment: Arc::clone(environment),
                program: OnceCell::new(),
            }),
            meter: Rc::new(Meter::prepare()),
            console: Rc::new(Console::default()),
            timers: Rc::new(Timers::default()),
        };
        let context = make(&world.meter).map_err(|error| {
            Failure::of_kind(
                FailureKind::OutOfMemory,
                format!("the engine can't start: {error}"),
            )
        })?;
        let core = context.with(|ctx| {
            native::install(&ctx, &world)
                .map(|core| Persistent::save(&ctx, core))
                .map_err(|error| Failure::of_error(&ctx, &world.code, &world.meter, &error))
        })?;
        Ok(Self {
            core,
            beginnings: Vec::new(),
            context,
            world,
            lent: Lent::default(),
        })
    }

    /// Calls the program's default export with an event.
    ///
    /// The export is a function, or an object with one; what it returns is awaited. The run ends with its answer: jobs that it started
    /// are finished, timers are not. The calling thread is busy for the whole time, and needs the stack that the limits say.
    ///
    /// # Panics
    ///
    /// When the program was compiled for another environment.
    pub fn run(
        self,
        program: &Program,
        event: &serde_json::Value,
        host: &mut dyn Host,
        limits: &Limits,
        cancel: &Cancel,
    ) -> (Run, Spent) {
        let lending = Lending::to(&self.lent, host);
        let outcome = self.begin(program, limits, cancel, |running| {
            running.beginnings(&self.beginnings)?;
            let namespace = running.module()?;
            running.call(&namespace, event)
        });
        drop(lending);
        let run = Run {
            outcome,
            console: self.world.console.take(),
            usage: self.world.meter.usage(),
        };
        (run, Spent { _engine: self })
    }

    /// Lets `f` run a program.
    pub(super) fn begin<T>(
        &self,
        program: &Program,
        limits: &Limits,
        cancel: &Cancel,
        f: impl FnOnce(&Running<'_, '_>) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let Self { context, world, .. } = self;
        assert!(
            Arc::ptr_eq(&world.code.environment, program.environment()),
            "a program runs in an engine of its own environment"
        );
        world.code.program.get_or_init(|| program.clone());
        let runtime = context.runtime();
        runtime.set_max_stack_size(limits.stack);
        runtime.set_loader(Modules(program.clone()), Modules(program.clone()));
        world.meter.begin(limits, cancel);
        let answer = context.with(|ctx| {
            let core = self
                .core
                .clone()
                .restore(&ctx)
                .map_err(|error| Failure::of_error(&ctx, &world.code, &world.meter, &error))?;
            f(&Running {
                world,
                ctx: &ctx,
                entry: program.entry(),
                core,
            })
        });
        world.meter.be_lenient();
        answer
    }
}

fn make(meter: &Rc<Meter>) -> rquickjs::Result<Context> {
    let runtime = Runtime::new_with_alloc(Counted(meter.clone()))?;
    runtime.set_gc_threshold(GARBAGE);
    let asked = meter.clone();
    runtime.set_interrupt_handler(Some(Box::new(move || asked.must_stop())));
    Context::custom::<Intrinsics>(&runtime)
}

/// Runs the preludes; gives the functions that they want called when a program begins. Where the preludes are wrong there are none:
/// their programs don't compile.
fn preludes(
    ctx: &Ctx<'_>,
    world: &World,
    lent: &Lent,
) -> rquickjs::Result<Vec<Persistent<Function<'static>>>> {
    let Ok(ready) = world.code.environment.ready() else {
        return Ok(Vec::new());
    };
    let mut beginnings = Vec::new();
    for (_, module) in &ready.preludes {
        let host = host::function(ctx, lent.clone(), world.meter.clone())?;
        let prelude: Function<'_> = evaluate(ctx, module)?;
        let begin: Value<'_> = prelude.call((host, ctx.globals()))?;
        beginnings.extend(
            begin
                .into_function()
                .map(|begin| Persistent::save(ctx, begin)),
        );
    }
    Ok(beginnings)
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
    match promise.result::<Value<'js>>() {
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
