//! The worker: what is done beside the requests, on every node.
//!
//! Each kind of work claims what it does in the database, so that any number of nodes share it and a dead node's work is taken
//! over. Between rounds the worker sleeps until it is woken ([`App::wake_worker`]) or a second has passed.

use std::time::Duration;

use crate::context::App;
use crate::environments::Environments;
use crate::{credentials, drip_feed, imports, mail, sessions, sign_in, tokens, users, workflows};

/// How long after its last round a quiet kind of work looks again.
const PAUSE: Duration = Duration::from_secs(1);

/// How often what has expired is deleted.
const HOUSEKEEPING: Duration = Duration::from_mins(5);

/// Starts every kind of work; each ends when the process is asked to stop.
pub fn start(app: &App, environments: &Environments) {
    repeat(app, PAUSE, "sending mail", {
        let app = app.clone();
        move || deliver(app.clone())
    });
    repeat(app, PAUSE, "importing", {
        let (app, environments) = (app.clone(), environments.clone());
        move || import(app.clone(), environments.clone())
    });
    repeat(app, PAUSE, "writing to people who are still to move", {
        let (app, environments) = (app.clone(), environments.clone());
        move || write_to_those_left(app.clone(), environments.clone())
    });
    repeat(app, PAUSE, "wrapping weak hashes", {
        let app = app.clone();
        move || wrap_weak_hashes(app.clone())
    });
    repeat(app, PAUSE, "writing down runs of workflows", {
        let app = app.clone();
        move || write_runs(app.clone())
    });
    repeat(app, PAUSE, "syncing workflows", {
        let (app, environments) = (app.clone(), environments.clone());
        move || sync_workflows(app.clone(), environments.clone())
    });
    repeat(app, PAUSE, "compiling workflows", {
        let (app, environments) = (app.clone(), environments.clone());
        move || compile_workflows(app.clone(), environments.clone())
    });
    repeat(app, HOUSEKEEPING, "housekeeping", {
        let app = app.clone();
        move || forget_expired(app.clone())
    });
}

async fn deliver(app: App) -> anyhow::Result<()> {
    Ok(mail::deliver_due(&app).await?)
}

async fn import(app: App, environments: Environments) -> anyhow::Result<()> {
    Ok(imports::work(&app, &environments).await?)
}

async fn write_to_those_left(app: App, environments: Environments) -> anyhow::Result<()> {
    Ok(drip_feed::resets::work(&app, &environments).await?)
}

async fn wrap_weak_hashes(app: App) -> anyhow::Result<()> {
    Ok(credentials::weak::wrap_all(&app).await?)
}

async fn write_runs(app: App) -> anyhow::Result<()> {
    Ok(workflows::runs::write_waiting(&app).await?)
}

async fn sync_workflows(app: App, environments: Environments) -> anyhow::Result<()> {
    Ok(workflows::repository::sync::work(&app, &environments).await?)
}

async fn compile_workflows(app: App, environments: Environments) -> anyhow::Result<()> {
    Ok(workflows::make_ready(&app, &environments).await?)
}

async fn forget_expired(app: App) -> anyhow::Result<()> {
    sessions::forget_expired(&app).await?;
    tokens::forget_expired(&app).await?;
    sign_in::forget_expired(&app).await?;
    credentials::forget_expired(&app).await?;
    drip_feed::forget_old(&app).await?;
    users::end_suspensions(&app).await?;
    mail::forget_old(&app).await?;
    workflows::runs::forget_old(&app).await?;
    Ok(())
}

/// Does the work again and again: at once when woken, else after a pause.
fn repeat<F, W>(app: &App, pause: Duration, what: &'static str, work: W)
where
    F: Future<Output = anyhow::Result<()>> + Send,
    W: Fn() -> F + Send + Sync + 'static,
{
    let worker = app.clone();
    app.spawn(async move {
        while !worker.stopping().is_cancelled() {
            if let Err(error) = work().await {
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
