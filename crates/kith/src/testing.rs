//! Installations for tests: fresh databases of each engine, a clock that stands still until moved, seeded randomness.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use db::testing::TestDb;

use crate::config::{Config, Values};
use crate::context::{Actor, App, Clock, Context, Random};
use crate::environments::{self, Environments};
use crate::secret::Secret;

/// The instant at which every test begins: 2026-01-01T00:00:00Z.
pub const START: i64 = 1_767_225_600_000;

/// An installation on a database of its own.
pub struct Installation {
    /// The installation.
    pub app: App,
    /// Its environments.
    pub environments: Environments,
    clock: Arc<AtomicI64>,
    // Dropped last: the database goes with it.
    _db: TestDb,
}

impl Installation {
    /// One installation an engine: SQLite always, PostgreSQL where `KITH_TEST_POSTGRES_URL` names a server.
    ///
    /// # Panics
    /// When one can't be made.
    pub async fn all() -> Vec<Self> {
        let mut all = Vec::new();
        for db in db::testing::migrated(crate::MIGRATIONS).await {
            all.push(Self::on(db).await);
        }
        all
    }

    async fn on(db: TestDb) -> Self {
        let clock = Arc::new(AtomicI64::new(START));
        let values = Values::from([
            ("hash_threads".into(), "1".into()),
            ("allow_private_networks".into(), "true".into()),
        ]);
        let config = Config::from_values(&values).expect("the settings work");
        let app = App::new(
            config,
            (*db).clone(),
            (Clock::Manual(Arc::clone(&clock)), Random::seeded(7)),
            &Secret::new("a key for tests, 32 bytes at least"),
            password::common::CommonPasswords::embedded(),
        );
        let environments = environments::ensure(&app, "Example")
            .await
            .expect("the environments are made");
        Self {
            app,
            environments,
            clock,
            _db: db,
        }
    }

    /// A context in the production environment, acting as Kith itself.
    #[must_use]
    pub fn cx(&self) -> Context {
        self.app
            .at(Arc::clone(&self.environments.production), Actor::System)
    }

    /// Moves the clock on.
    pub fn advance(&self, duration: Duration) {
        self.clock.fetch_add(
            i64::try_from(duration.as_millis()).expect("a test lasts less than an age"),
            Ordering::SeqCst,
        );
    }
}
