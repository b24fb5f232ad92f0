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
    values: Values,
    // Dropped last: the database goes with it.
    db: TestDb,
}

impl Installation {
    /// One installation an engine: SQLite always, PostgreSQL where `KITH_TEST_POSTGRES_URL` names a server.
    ///
    /// # Panics
    /// When one can't be made.
    pub async fn all() -> Vec<Self> {
        let mut all = Vec::new();
        for db in db::testing::migrated(crate::MIGRATIONS).await {
            all.push(Self::on(db, &Values::new()).await);
        }
        all
    }

    /// An installation on SQLite, for tests of what knows of no engine.
    ///
    /// # Panics
    /// When it can't be made.
    pub async fn sqlite() -> Self {
        let db = db::testing::migrated_sqlite(crate::MIGRATIONS).await;
        Self::on(db, &Values::new()).await
    }

    /// An installation on this database, with these settings over those of tests.
    ///
    /// # Panics
    /// When it can't be made.
    pub async fn on(db: TestDb, settings: &Values) -> Self {
        let clock = Arc::new(AtomicI64::new(START));
        let mut values = Values::from([
            ("hash_threads".into(), "1".into()),
            ("allow_private_networks".into(), "true".into()),
        ]);
        values.extend(settings.clone());
        let app = assemble(&values, (*db).clone(), &clock, 7);
        let environments = environments::ensure(&app, "Example")
            .await
            .expect("the environments are made");
        Self {
            app,
            environments,
            clock,
            values,
            db,
        }
    }

    /// Another node of the same installation: same database, same clock, a process of its own otherwise.
    ///
    /// # Panics
    /// When the database can't be opened.
    pub async fn another_node(&self) -> App {
        let db = db::Db::connect(self.db.url(), db::Options::default())
            .await
            .expect("the database opens");
        assemble(&self.values, db, &self.clock, 8)
    }

    /// Where the database is.
    #[must_use]
    pub fn database_url(&self) -> &str {
        self.db.url()
    }

    /// A context in the production environment, acting as Kith itself.
    #[must_use]
    pub fn cx(&self) -> Context {
        self.app
            .at(Arc::clone(&self.environments.production), Actor::System)
    }

    /// Moves the clock on.
    ///
    /// # Panics
    /// When it is moved by more than an age.
    pub fn advance(&self, duration: Duration) {
        self.clock.fetch_add(
            i64::try_from(duration.as_millis()).expect("a test lasts less than an age"),
            Ordering::SeqCst,
        );
    }
}

fn assemble(values: &Values, db: db::Db, clock: &Arc<AtomicI64>, seed: u64) -> App {
    App::new(
        Config::from_values(values).expect("the settings work"),
        db,
        (Clock::Manual(Arc::clone(clock)), Random::seeded(seed)),
        &Secret::new("a key for tests, 32 bytes at least"),
        password::common::CommonPasswords::embedded(),
    )
}
