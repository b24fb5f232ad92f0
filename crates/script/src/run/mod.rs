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

use rquickjs::{Ctx, Function, Module, Object, Persistent, Promise, Value};

use self::console::Line;
use self::engine::Engine;
use self::failure::{Failure, FailureKind};
use self::host::Host;
use crate::globals::native::World;
use crate::limits::{Cancel, Limits, Usage};
use crate::program::Program;

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

/// Calls the program's default export with an event, in an engine that is made for it and taken down: [`Engine::run`] for whoever
/// has none prepared.
pub fn run(
    program: &Program,
    event: &serde_json::Value,
    host: &mut dyn Host,
    limits: &Limits,
    cancel: &Cancel,
) -> Run {
    match Engine::prepare(program.environment()) {
        Ok(engine) => engine.run(program, event, host, limits, cancel).0,
        Err(failure) => Run {
            outcome: Err(failure),
            console: Vec::new(),
            usage: Usage::default(),
        },
    }
}

/// A program that runs.
struct Running<'a, 'js> {
    world: &'a World,
    ctx: &'a Ctx<'js>,
    /// The name of its first module.
    entry: &'a str,
    /// What `core.js` gives.
    core: Object<'js>,
}

impl<'js> Running<'_, 'js> {
    fn failed(&self, error: &rquickjs::Error) -> Failure {
        Failure::of_error(self.ctx, &self.world.code, &self.world.meter, error)
    }

    fn beginnings(&self, beginnings: &[Persistent<Function<'static>>]) -> Result<(), Failure> {
        let run = || {
            for begin in beginnings {
                begin.clone().restore(self.ctx)?.call::<_, ()>(())?;
            }
            Ok(())
        };
        run().map_err(|error| self.failed(&error))
    }

    /// Evaluates the entry and gives its exports.
    fn module(&self) -> Result<Object<'js>, Failure> {
        let promise = Module::import(self.ctx, self.entry).map_err(|error| self.failed(&error))?;
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
