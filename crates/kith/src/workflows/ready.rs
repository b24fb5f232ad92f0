//! What is live is compiled on each node before anybody waits for it: soon after a start, and after a deployment on whatever node.

use std::sync::Arc;

use super::WorkflowsError;
use super::runtime::runtime;
use crate::context::{Actor, App};
use crate::environments::Environments;

/// Compiles what is live and not compiled yet. The threads that do it have an engine ready then.
///
/// # Errors
/// When what is live can't be read.
pub async fn make_ready(app: &App, environments: &Environments) -> Result<(), WorkflowsError> {
    let runtime = runtime(app);
    for environment in [&environments.production, &environments.team] {
        let cx = app.at(Arc::clone(environment), Actor::System);
        for live in runtime.live.all(&cx).await? {
            if live.code.is_compiled() {
                continue;
            }
            let environment = Arc::clone(&runtime.environment);
            let compiled = runtime.pool().run(move |engine, answer| {
                drop(engine);
                // What is wrong with it is told by its runs.
                let _ = answer.send(live.code.program(&environment).is_ok());
            });
            if compiled.await.is_err() {
                // There is too much to do already; the first run compiles it.
                return Ok(());
            }
        }
    }
    Ok(())
}
