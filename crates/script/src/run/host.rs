//! What the application lends to a program: one function.

use std::rc::Rc;
use std::time::Duration;

use rquickjs::function::Rest;
use rquickjs::{Array, Ctx, Exception, Function, Object, Value};

use super::json;
use super::meter::Meter;
use crate::raw::Lent;

/// The application's side of a run.
pub trait Host {
    /// Answers a call of a prelude.
    ///
    /// Runs on the thread of the run and may block; `left` is the wall time that is left. The time doesn't count as computing.
    ///
    /// # Errors
    ///
    /// What the program should catch: it is thrown in JavaScript as an `Error` of that name and message.
    fn call(
        &mut self,
        function: &str,
        arguments: Vec<serde_json::Value>,
        left: Duration,
    ) -> Result<serde_json::Value, HostError>;
}

/// An error that a host call throws in the program.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name}: {message}")]
pub struct HostError {
    /// The name of the error in JavaScript: `TypeError`, `FetchError`, …
    pub name: String,
    /// What went wrong, for the program and its author.
    pub message: String,
}

/// The function that a prelude gets as `host`.
pub(super) fn function<'js>(
    ctx: &Ctx<'js>,
    lent: Lent,
    meter: Rc<Meter>,
) -> rquickjs::Result<Function<'js>> {
    Function::new(
        ctx.clone(),
        move |ctx: Ctx<'js>, function: String, arguments: Rest<Value<'js>>| {
            call(&ctx, &lent, &meter, &function, arguments.0)
        },
    )?
    .with_name("host")
}

fn call<'js>(
    ctx: &Ctx<'js>,
    lent: &Lent,
    meter: &Meter,
    function: &str,
    arguments: Vec<Value<'js>>,
) -> rquickjs::Result<Value<'js>> {
    if !meter.count_host_call() || meter.must_stop() {
        return Err(Exception::throw_range(ctx, "the run is over"));
    }
    let arguments = to_json(ctx, meter, arguments)?;
    let answer = meter
        .outside(|| lent.with(|host| host.call(function, arguments, meter.left())))
        .ok_or_else(|| Exception::throw_type(ctx, "the host is not here"))?;
    match answer {
        Ok(value) => ctx.json_parse(value.to_string()),
        Err(error) => Err(thrown(ctx, &error)),
    }
}

/// The arguments as JSON says them: `undefined` and functions become `null`, as elements of a list do.
fn to_json<'js>(
    ctx: &Ctx<'js>,
    meter: &Meter,
    arguments: Vec<Value<'js>>,
) -> rquickjs::Result<Vec<serde_json::Value>> {
    let list = Array::new(ctx.clone())?;
    for (at, argument) in arguments.into_iter().enumerate() {
        list.set(at, argument)?;
    }
    let text = ctx
        .json_stringify(list)?
        .ok_or_else(|| Exception::throw_type(ctx, "the arguments can't be written as JSON"))?
        .to_string()?;
    if text.len() > meter.limits().answer_bytes {
        let most = meter.limits().answer_bytes;
        return Err(Exception::throw_range(
            ctx,
            &format!(
                "the arguments are too long: {} bytes of JSON, at most {most} may be sent",
                text.len()
            ),
        ));
    }
    json::read(&text).map_err(|error| {
        Exception::throw_type(
            ctx,
            &format!("the arguments can't be written as JSON: {error}"),
        )
    })
}

fn thrown(ctx: &Ctx<'_>, error: &HostError) -> rquickjs::Error {
    let made = Exception::from_message(ctx.clone(), &error.message).and_then(|exception| {
        let object: &Object<'_> = exception.as_object();
        object.prop(
            "name",
            rquickjs::object::Property::from(error.name.as_str())
                .writable()
                .configurable(),
        )?;
        Ok(exception)
    });
    match made {
        Ok(exception) => exception.throw(),
        Err(error) => error,
    }
}
