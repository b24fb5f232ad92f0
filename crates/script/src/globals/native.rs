//! What the scripts of this folder can't do themselves.

use std::rc::Rc;

use rquickjs::{Ctx, Exception, Function, Object, Value};

use super::Globals;
use crate::program::Code;
use crate::run::console::{Console, bounded};
use crate::run::meter::Meter;
use crate::run::timers::Timers;

/// What a run's globals reach.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) code: Rc<Code>,
    pub(crate) meter: Rc<Meter>,
    pub(crate) console: Rc<Console>,
    pub(crate) timers: Rc<Timers>,
}

impl World {
    fn globals(&self) -> Option<&Globals> {
        Some(&self.code.environment.ready().ok()?.globals)
    }
}

/// Runs `core.js`; gives back the functions that the run calls.
///
/// # Errors
///
/// When memory or time is too short even for that.
pub(crate) fn install<'js>(ctx: &Ctx<'js>, world: &World) -> rquickjs::Result<Object<'js>> {
    let globals = world
        .globals()
        .ok_or_else(|| Exception::throw_internal(ctx, "the globals are not compiled"))?;
    let install: Function<'js> = crate::run::engine::evaluate(ctx, &globals.core)?;
    let native = Object::new(ctx.clone())?;
    native.set("print", Function::new(ctx.clone(), printer(world))?)?;
    let timers = world.timers.clone();
    native.set(
        "schedule",
        Function::new(ctx.clone(), move |id: u32, ms: f64| timers.schedule(id, ms))?,
    )?;
    let timers = world.timers.clone();
    native.set(
        "unschedule",
        Function::new(ctx.clone(), move |id: u32| timers.unschedule(id))?,
    )?;
    native.set("load", Function::new(ctx.clone(), loader(world))?)?;
    install.call((ctx.globals(), native))
}

fn printer(world: &World) -> impl Fn(usize, rquickjs::String<'_>) -> rquickjs::Result<()> + use<> {
    let World { console, meter, .. } = world.clone();
    move |level, text| {
        if !console.is_full() {
            let text = text.to_string()?;
            let most = meter.limits().console_bytes;
            console.push(level, bounded(text, most), meter.elapsed(), most);
        }
        Ok(())
    }
}

fn loader<'js>(
    world: &World,
) -> impl Fn(Ctx<'js>, String) -> rquickjs::Result<Value<'js>> + use<'js> {
    let world = world.clone();
    move |ctx, group| {
        let module = world
            .globals()
            .and_then(|globals| globals.group(&group))
            .ok_or_else(|| Exception::throw_internal(&ctx, "there is no such group"))?;
        let make: Function<'js> = crate::run::engine::evaluate(&ctx, module)?;
        let native = Object::new(ctx.clone())?;
        match group.as_str() {
            "crypto" => super::crypto::define(&native)?,
            "encoding" => super::encoding::define(&native)?,
            "guard" => {
                let meter = world.meter.clone();
                let must_stop = Function::new(ctx.clone(), move || meter.must_stop())?;
                native.set("mustStop", must_stop)?;
            }
            "inspect" => super::inspect::define(&native, &world.code)?,
            "url" => super::url::define(&native)?,
            _ => {}
        }
        make.call((native,))
    }
}
