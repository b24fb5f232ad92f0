//! Something happens, and the workflow that is live for it runs.

use std::sync::Arc;

use db::Tx;
use serde_json::Value;
use tokio::runtime::Handle;
use tokio::sync::oneshot;

use super::WorkflowsError;
use super::effects::Effects;
use super::event::{Caller, Moment};
use super::live::Live;
use super::pool::{Busy, Prepared};
use super::run::{self, Order, Over, Trial};
use super::runs::{Finished, Outcome};
use super::runtime::{Runtime, runtime};
use super::settings::FailurePolicy;
use super::trigger::Trigger;
use crate::context::Context;
use crate::error::{Code, Coded};
use crate::hashing;

/// How many workflows may stand behind one that is fired: a workflow's call of our API may fire another one, and that one's no more.
const MAX_NESTING: u8 = 1;

/// A workflow was to run, and the flow can't go on.
#[derive(Debug, thiserror::Error)]
pub enum FireError {
    /// It failed, and its author wants the flow to stop then.
    #[error("the workflow {workflow} failed: {message}")]
    Stopped {
        /// Its id, as its author gave it.
        workflow: String,
        /// What happened, secrets taken out.
        message: String,
    },
    /// Workflows fire one another without end.
    #[error(
        "the workflow {workflow} was not run: a call of the API that comes from a workflow which a workflow's call has fired can fire no other"
    )]
    TooDeep {
        /// Its id, as its author gave it.
        workflow: String,
    },
    /// Too many at once.
    #[error(transparent)]
    Busy(#[from] Busy),
    /// The password could not be hashed for it.
    #[error(transparent)]
    Hashing(#[from] hashing::Busy),
    /// What runs could not be read.
    #[error(transparent)]
    Read(#[from] WorkflowsError),
}

impl FireError {
    /// The number by which people know a workflow that failed.
    pub const STOPPED: u32 = 1706;
}

impl Coded for FireError {
    fn code(&self) -> Code {
        match self {
            Self::Stopped { .. } | Self::TooDeep { .. } => Code::WORKFLOW_STOPPED,
            Self::Busy(_) | Self::Hashing(_) => Code::RATE_LIMITED,
            Self::Read(error) => error.code(),
        }
    }
}

impl From<db::Error> for FireError {
    fn from(error: db::Error) -> Self {
        Self::Read(error.into())
    }
}

/// Whether a workflow is live for the trigger, or previewed for it. Cheap: it answers from memory, and looks at most once a second whether something has
/// changed.
///
/// # Errors
/// When what runs can't be read.
pub async fn is_live(cx: &Context, tx: &mut Tx, trigger: Trigger) -> Result<bool, WorkflowsError> {
    runtime(cx).live.is_live(cx, tx, trigger).await
}

/// [`is_live`] for whoever has no transaction open.
///
/// # Errors
/// When what runs can't be read.
pub async fn listens(cx: &Context, trigger: Trigger) -> Result<bool, WorkflowsError> {
    Ok(runtime(cx).live.find(cx, trigger).await?.is_some())
}

/// Whether the text stands in the code that is live for the trigger: its author's words, and nothing of whom a run was about.
///
/// # Errors
/// When what runs can't be read.
pub async fn says(cx: &Context, trigger: Trigger, text: &str) -> Result<bool, WorkflowsError> {
    let live = runtime(cx).live.find(cx, trigger).await?;
    Ok(live.is_some_and(|live| live.code.mentions(text)))
}

/// Runs the workflow that is live for the moment's trigger, or that a preview puts in its place, and tells what it wants done; `None` where none is live. A run that fails
/// and whose author wants to go on then wants nothing done. Not to be called with a transaction open: it may take ten seconds, and
/// the workflow may call our own API.
///
/// # Errors
/// [`FireError`], with which the flow has to stop.
pub async fn fire(
    cx: &Context,
    moment: Moment,
    caller: &Caller,
) -> Result<Option<Effects>, FireError> {
    let runtime = runtime(cx);
    let trigger = moment.trigger();
    let Some(live) = runtime.live.find(cx, trigger).await? else {
        return Ok(None);
    };
    let (workflow, policy) = (
        live.code.settings.id.clone(),
        live.code.settings.failure_policy,
    );
    if cx.nesting() > MAX_NESTING {
        return Err(FireError::TooDeep { workflow });
    }
    let hashed_password = hashed(cx, &live, &moment).await?;
    let order = order(
        cx,
        &runtime,
        live,
        (moment, caller.clone()),
        hashed_password,
    );
    let pool = if cx.nesting() == 0 {
        runtime.pool()
    } else {
        runtime.nested_pool()
    };
    let answered = pool.run({
        let (runtime, cx) = (Arc::clone(&runtime), cx.clone());
        move |engine, answer| run_and_keep(&runtime, &cx, engine, order, answer)
    });
    match answered.await? {
        Ok(effects) => Ok(Some(effects)),
        Err(message) => {
            tracing::warn!(%workflow, %trigger, message, "a workflow failed");
            match policy {
                FailurePolicy::Continue => Ok(Some(Effects::default())),
                FailurePolicy::Stop => Err(FireError::Stopped { workflow, message }),
            }
        }
    }
}

/// Runs the workflow that is live for the trigger with an event that somebody wrote, laid over a sample; `None` where none is live.
/// Nothing is kept of it.
///
/// # Errors
/// As [`fire`]; a run that fails is told like others.
pub async fn try_out(
    cx: &Context,
    trigger: Trigger,
    event: Value,
    caller: &Caller,
) -> Result<Option<(Outcome, Trial)>, FireError> {
    let runtime = runtime(cx);
    let Some(live) = runtime.live.find(cx, trigger).await? else {
        return Ok(None);
    };
    let policy = live.code.settings.failure_policy;
    let moment = Moment::Trial { trigger, event };
    let hashed_password = hashed(cx, &live, &moment).await?;
    let order = order(
        cx,
        &runtime,
        live,
        (moment, caller.clone()),
        hashed_password,
    );
    let answered = runtime.pool().run(move |engine, answer| {
        let over = run::run(engine, order);
        // Nobody waits any more: then there is nobody to tell.
        let _ = answer.send((outcome(&over, policy), over.redacted()));
    });
    Ok(Some(answered.await?))
}

fn order(
    cx: &Context,
    runtime: &Runtime,
    live: Arc<Live>,
    (moment, caller): (Moment, Caller),
    hashed_password: Option<String>,
) -> Order {
    Order {
        cx: cx.clone(),
        handle: Handle::current(),
        environment: Arc::clone(&runtime.environment),
        tokens: Arc::clone(&runtime.tokens),
        live,
        moment,
        caller,
        hashed_password,
    }
}

/// Runs, answers, and then takes the secrets out, keeps the rest and takes the engine down: nobody waits for that.
fn run_and_keep(
    runtime: &Runtime,
    cx: &Context,
    engine: Prepared,
    order: Order,
    answer: oneshot::Sender<Result<Effects, String>>,
) {
    let live = Arc::clone(&order.live);
    let over = run::run(engine, order);
    // Where nobody waits any more, the run is kept all the same.
    let trial = if let Ok(effects) = &over.outcome {
        let _ = answer.send(Ok(effects.clone()));
        over.redacted()
    } else {
        let trial = over.redacted();
        let message = trial
            .failure
            .as_ref()
            .map(|failure| failure.message.clone());
        let _ = answer.send(Err(message.unwrap_or_default()));
        trial
    };
    let finished = Finished {
        id: cx.new_id(),
        environment: cx.environment().id.clone(),
        workflow: live.workflow.clone(),
        version: live.code.version.clone(),
        trigger: over.trigger(),
        outcome: outcome(&over, live.code.settings.failure_policy),
        is_preview: live.is_preview,
        trial,
    };
    runtime.recorder.keep(finished);
}

fn outcome(over: &Over, policy: FailurePolicy) -> Outcome {
    match &over.outcome {
        Err(_) if policy == FailurePolicy::Continue => Outcome::FailedAndWentOn,
        Err(_) => Outcome::Failed,
        Ok(effects) if effects.denied.is_some() || effects.plan_denial.is_some() => Outcome::Denied,
        Ok(effects) if !effects.invalid_fields.is_empty() => Outcome::Invalidated,
        Ok(_) => Outcome::Succeeded,
    }
}

/// The password in bcrypt, for programs that store it as it comes. It is slow on purpose, so only who mentions it gets it.
async fn hashed(cx: &Context, live: &Live, moment: &Moment) -> Result<Option<String>, FireError> {
    let Some(password) = moment.typed_password() else {
        return Ok(None);
    };
    if !live.code.mentions("hashedPassword") {
        return Ok(None);
    }
    let hash = cx.hashing().bcrypt(&password, cx.random_bytes()).await?;
    Ok(Some(hash.encoded().to_owned()))
}
