//! `kith serve`: the server.

use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use tokio::signal::unix::{SignalKind, signal};

use super::say;
use crate::config::Config;
use crate::context::App;
use crate::{installation, metrics, server, team, worker, workflows};

/// Start the server. Makes what is missing on first start and prints the owner's one-time set-up link.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  kith serve --public-url https://auth.example.com --listen 0.0.0.0:8080"
)]
pub(super) struct Serve {
    /// Print the effective settings, secrets blanked, and stop.
    #[arg(long)]
    print_config: bool,
}

impl Serve {
    pub(super) async fn run(self, config: Config) -> anyhow::Result<ExitCode> {
        if self.print_config {
            say(config.to_toml().trim_end());
            return Ok(ExitCode::SUCCESS);
        }
        let listener = std::net::TcpListener::bind(config.listen).with_context(|| {
            format!(
                "can't listen on {}: choose another address with `listen`",
                config.listen
            )
        })?;
        let app = installation::open(config).await?;
        let environments = installation::ensure(&app).await?;
        let router = server::router(&app, &environments);
        metrics::serve(&app)
            .await
            .context("can't listen on `metrics_listen`")?;
        worker::start(&app, &environments);
        stop_on_signal(&app)?;
        tracing::info!(
            "listening on {}, serving {}",
            app.config().listen,
            app.config().public_url
        );
        if let Some(link) = team::setup::link(&app, &environments).await? {
            say(&format!(
                "Kith is ready at {}\n\nSet up the owner's account, once, at\n  {link}\n",
                app.config().public_url
            ));
        }
        server::serve(&app, router, listener).await?;
        app.stopping().cancel();
        app.wait_for_tasks().await;
        workflows::runs::write_waiting(&app).await?;
        app.db().close().await;
        Ok(ExitCode::SUCCESS)
    }
}

/// SIGTERM and Ctrl-C ask the process to stop.
pub(super) fn stop_on_signal(app: &App) -> anyhow::Result<()> {
    let stopping = app.stopping().clone();
    let (mut terminate, mut interrupt) = (
        signal(SignalKind::terminate())?,
        signal(SignalKind::interrupt())?,
    );
    app.spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
            () = stopping.cancelled() => {}
        }
        stopping.cancel();
    });
    Ok(())
}
