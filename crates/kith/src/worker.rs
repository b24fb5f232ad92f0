//! The worker: what is done beside the requests, on every node.
//!
//! Each kind of work claims what it does in the database, so that any number of nodes share it and a dead node's work is taken
//! over. Between rounds the worker sleeps until it is woken ([`App::wake_worker`]) or a second has passed.

use std::time::Duration;

use crate::context::App;
use crate::environments::Environments;
use crate::{imports, mail, sessions, sign_in, tokens};

/// How long after its last round a quiet kind of work looks again.
const PAUSE: Duration = Duration::from_secs(1);

/// How often what has expired is deleted.
const HOUSEKEEPING: Duration = Duration::from_secs(300);

/// Starts every kind of work; each ends when the process is asked to stop.
pub fn start(app: &App, environments: &Environments) {
    repeat(app, environments, PAUSE, "mail", async |app, _| {
        Ok(mail::deliver_due(app).await?)
    });
    repeat(
        app,
        environments,
        PAUSE,
        "imports",
        async |app, environments| Ok(imports::work(app, environments).await?),
    );
    repeat(
        app,
        environments,
        HOUSEKEEPING,
        "housekeeping",
        async |app, _| {
            sessions::forget_expired(app).await?;
            tokens::forget_expired(app).await?;
            sign_in::forget_expired(app).await?;
            Ok(())
        },
    );
}

fn repeat<F>(app: &App, environments: &Environments, pause: Duration, what: &'static str, work: F)
where
    F: AsyncFn(&App, &Environments) -> anyhow::Result<()> + Send + 'static,
    for<'a> F::CallRefFuture<'a>: Send,
{
    let (worker, environments) = (app.clone(), environments.clone());
    app.spawn(async move {
        while !worker.stopping().is_cancelled() {
            if let Err(error) = work(&worker, &environments).await {
                tracing::error!(cause = format!("{error:#}"), "{what} failed; trying again");
            }
            tokio::select! {
                () = worker.stopping().cancelled() => {}
                () = worker.work() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    });
}
