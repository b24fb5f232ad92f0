//! Running a program.

pub(crate) mod console;
pub(crate) mod engine;
pub(crate) mod failure;
pub(crate) mod host;
pub(crate) mod inspect;
mod json;
pub(crate) mod meter;
mod settle;
pub(crate) mod timers;

use std::rc::Rc;

use rquickjs::{Ctx, Function, Module, Object, Promise, Value};

use self::console::{Console, Line};
use self::failure::{Failure, FailureKind};
use self::host::Host;
use self::meter::Meter;
use self::timers::Timers;
use crate::globals::native::{self, World};
use crate::limits::{Cancel, Limits, Usage};
use crate::program::Program;
use crate::raw::{Lending, Lent};

/// What came of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// What the default export returned or resolved to, as JSON (`undefined` is `null`), or why it didn't.
    pub outcome: Result<serde_json::Value, Failure>,
    /// What it printed, in order.
    pub console: Vec<Line>,
    /// What it cost.
    pub usage: Usage,
}

/// Calls the program's default export with an event, in a fresh engine.
///
/// The export is a function, or an object with one; what it returns is awaited. The run ends with its answer: jobs that it started are
/// finished, timers are not. The calling thread is busy for the whole time, and needs the stack that the limits say.
pub fn run(
    program: &Program,
    event: &serde_json::Value,
    host: &mut dyn Host,
    limits: &Limits,
    cancel: &Cancel,
) -> Run {
    let lending = Lending::new(host);
    let world = world(program, limits, cancel);
    let outcome = with_running(&world, |running| {
        running.preludes(&lending.lent())?;
        let namespace = running.module()?;
        running.call(&namespace, event)
    });
    Run {
        outcome,
        console: world.console.take(),
        usage: world.meter.usage(),
    }
}

fn world(program: &Program, limits: &Limits, cancel: &Cancel) -> World {
    World {
        program: program.clone(),
        meter: Rc::new(Meter::start(limits, cancel)),
        console: Rc::new(Console::new(limits.console_bytes)),
        timers: Rc::new(Timers::default()),
    }
}

/// Makes the engine with its globals, and runs `f` there.
fn with_running<T>(
    world: &World,
    f: impl FnOnce(&Running<'_, '_>) -> Result<T, Failure>,
) -> Result<T, Failure> {
    engine::with(&world.program, &world.meter, |ctx| {
        let core = native::install(ctx, world)
            .map_err(|error| Failure::of_error(ctx, &world.program, &world.meter, &error))?;
        f(&Running { world, ctx, core })
    })
}

/// An engine with its globals, in which a program can run.
struct Running<'a, 'js> {
    world: &'a World,
    ctx: &'a Ctx<'js>,
    /// What `core.js` gives.
    core: Object<'js>,
}

impl<'js> Running<'_, 'js> {
    fn failed(&self, error: &rquickjs::Error) -> Failure {
        Failure::of_error(self.ctx, &self.world.program, &self.world.meter, error)
    }

    fn preludes(&self, lent: &Lent) -> Result<(), Failure> {
        let run = || {
            let Ok(ready) = self.world.program.environment().ready() else {
                return Ok(());
            };
            for (_, module) in &ready.preludes {
                let host = host::function(self.ctx, lent.clone(), self.world.meter.clone())?;
                let prelude: Function<'js> = engine::evaluate(self.ctx, module)?;
                prelude.call::<_, ()>((host, self.ctx.globals()))?;
            }
            Ok(())
        };
        run().map_err(|error| self.failed(&error))
    }

    /// Evaluates the entry and gives its exports.
    fn module(&self) -> Result<Object<'js>, Failure> {
        let promise = Module::import(self.ctx, self.world.program.entry())
            .map_err(|error| self.failed(&error))?;
        let namespace = self.settle(&promise)?;
        namespace
            .into_object()
            .ok_or_else(|| self.failed(&rquickjs::Error::Unknown))
    }

    /// Calls the default export and awaits what it returns.
    fn call(
        &self,
        namespace: &Object<'js>,
        event: &serde_json::Value,
    ) -> Result<serde_json::Value, Failure> {
        let start = || {
            let exported: Value<'js> = namespace.get("default")?;
            if !self.is_callable(exported.clone())? {
                return Ok(None);
            }
            let event = self.ctx.json_parse(event.to_string())?;
            let invoke: Function<'js> = self.core.get("invoke")?;
            invoke.call::<_, Promise<'js>>((exported, event)).map(Some)
        };
        let Some(promise) = start().map_err(|error| self.failed(&error))? else {
            return Err(Failure::of_kind(
                FailureKind::NoDefaultExport,
                "no default function exported; write `export default async function (event) { … }`",
            ));
        };
        let answer = self.settle(&promise)?;
        self.to_json(answer)
    }

    fn is_callable(&self, exported: Value<'js>) -> rquickjs::Result<bool> {
        self.core
            .get::<_, Function<'js>>("isCallable")?
            .call((exported,))
    }

    fn settle(&self, promise: &Promise<'js>) -> Result<Value<'js>, Failure> {
        let fire = self.core.get("fire").map_err(|error| self.failed(&error))?;
        settle::settle(self, &fire, promise)
    }

    /// A value as JSON; what JSON leaves out is `null`.
    fn to_json(&self, value: Value<'js>) -> Result<serde_json::Value, Failure> {
        let text = self
            .ctx
            .json_stringify(value)
            .and_then(|text| text.map(|text| text.to_string()).transpose())
            .map_err(|error| self.failed(&error))?;
        let Some(text) = text else {
            return Ok(serde_json::Value::Null);
        };
        let most = self.world.meter.limits().answer_bytes;
        if text.len() > most {
            return Err(Failure::of_kind(
                FailureKind::AnswerTooLong,
                format!(
                    "the answer has {} bytes as JSON; at most {most} may be returned",
                    text.len()
                ),
            ));
        }
        json::read(&text).map_err(|error| {
            Failure::of_kind(
                FailureKind::Thrown,
                format!("the answer can't be read as JSON: {error}"),
            )
        })
    }
}
