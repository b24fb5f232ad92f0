//! What the process keeps for workflows: the engine's world, threads, what is live, tokens, runs that wait to be written.

use std::sync::{Arc, OnceLock};

use super::host::TokenCache;
use super::live;
use super::package;
use super::pool::Pool;
use super::runs::Recorder;
use crate::context::App;

/// Everything that lives as long as the process.
pub(super) struct Runtime {
    pub(super) environment: Arc<script::Environment>,
    threads: usize,
    pool: OnceLock<Pool>,
    nested: OnceLock<Pool>,
    pub(super) live: live::Cache,
    pub(super) tokens: Arc<TokenCache>,
    pub(super) recorder: Recorder,
}

impl Runtime {
    fn new(threads: usize) -> Self {
        Self {
            environment: package::environment(),
            threads,
            pool: OnceLock::new(),
            nested: OnceLock::new(),
            live: live::Cache::default(),
            tokens: Arc::default(),
            recorder: Recorder::default(),
        }
    }

    /// The threads for what happens outside.
    pub(super) fn pool(&self) -> &Pool {
        self.pool
            .get_or_init(|| Pool::new("workflow", self.threads, &self.environment))
    }

    /// Those for what a workflow's call of our own API fires. Whoever waits for a nested run holds a thread itself; were there one
    /// pool, they could hold all of them.
    pub(super) fn nested_pool(&self) -> &Pool {
        let threads = (self.threads / 4).max(1);
        self.nested
            .get_or_init(|| Pool::new("nested-workflow", threads, &self.environment))
    }
}

/// The process's own.
pub(super) fn runtime(app: &App) -> Arc<Runtime> {
    app.memory(|| Runtime::new(app.config().workflow_threads))
}
