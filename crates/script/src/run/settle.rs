//! The event loop: jobs first, then timers, until a promise is settled.

use rquickjs::{Error, Function, Promise, Value, promise::PromiseState};

use super::Running;
use super::failure::{Failure, FailureKind};
use crate::globals::native::World;

/// Runs what there is to run until `promise` is settled.
///
/// All jobs are run before the promise is looked at, so that what the program started and didn't await is done; its timers are not
/// waited for once there is an answer.
///
/// # Errors
///
/// The limit that was passed, what was thrown, or that nothing is left to run.
pub(super) fn settle<'js>(
    running: &Running<'_, 'js>,
    fire: &Function<'js>,
    promise: &Promise<'js>,
) -> Result<Value<'js>, Failure> {
    let World { meter, timers, .. } = running.world;
    let failed = |error: &Error| running.failed(error);
    loop {
        while running.ctx.execute_pending_job() {
            if meter.must_stop() {
                return Err(failed(&Error::Exception));
            }
        }
        if meter.must_stop() {
            return Err(failed(&Error::Exception));
        }
        if promise.state() != PromiseState::Pending {
            return promise
                .result::<Value<'js>>()
                .unwrap_or(Err(Error::WouldBlock))
                .map_err(|error| failed(&error));
        }
        let Some(due) = timers.next() else {
            return Err(Failure::of_kind(
                FailureKind::NeverSettled,
                "the promise never settles: nothing is left that could resolve it",
            ));
        };
        meter.outside(|| meter.cancel().sleep(due.min(meter.deadline())));
        if !meter.must_stop()
            && let Some(id) = timers.take_due()
        {
            fire.call::<_, ()>((id,)).map_err(|error| failed(&error))?;
        }
    }
}
