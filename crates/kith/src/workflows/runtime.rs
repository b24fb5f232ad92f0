//! What the process keeps for workflows: the engine's world, threads, what is live, tokens, runs that wait to be written.

use std::sync::Arc;

use super::host::TokenCache;
use super::live;
use super::package;
use super::pool::Pool;
use super::runs::Recorder;
use crate::context::App;

/// Everything that lives as long as the process.
pub(super) struct Runtime {
    pub(super) environment: Arc<script::Environment>,
    /// For what happens outside.
    pub(super) pool: Pool,
    /// For what a workflow's call of our own API fires.
    pub(super) nested: Pool,
    pub(super) live: live::Cache,
    pub(super) tokens: Arc<TokenCache>,
    pub(super) recorder: Recorder,
}

impl Runtime {
    fn start(threads: usize) -> Self {
        Self {
            environment: package::environment(),
            pool: Pool::start("workflow", threads),
            nested: Pool::start("nested-workflow", (threads / 4).max(1)),
            live: live::Cache::default(),
            tokens: Arc::default(),
            recorder: Recorder::default(),
        }
    }
}

/// The process's own; started when it is first wanted.
pub(super) fn runtime(app: &App) -> Arc<Runtime> {
    app.memory(|| Runtime::start(app.config().workflow_threads))
}
