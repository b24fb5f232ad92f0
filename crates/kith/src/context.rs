//! What a use case needs of the world: clock, randomness, settings, database, hashing threads, who is acting.
//!
//! [`App`] is the installation, one a process; [`Context`] is the installation as one caller sees it in one environment, and
//! what every use case takes first. Nothing else reads the clock or draws randomness, so tests move the one and seed the
//! other.

mod local;
mod memory;

use std::any::Any;
use std::net::IpAddr;
use std::ops::Deref;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use local::{LocalServer, Nested};

use crate::config::Config;
use crate::environments::Environment;
use crate::hashing::Hashing;
use crate::id::{ApplicationId, DeploymentId, Id, UserId};
use crate::outgoing::Outgoing;
use crate::pages::Pages;
use crate::secret::{Sealer, Secret};
use crate::time::Timestamp;

/// The installation: what the whole process shares. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Shared>);

struct Shared {
    config: Config,
    db: db::Db,
    clock: Clock,
    random: Random,
    last_id: AtomicU64,
    sealer: Sealer,
    signing_keys: crate::keys::Cache,
    hashing: Hashing,
    common_passwords: password::common::CommonPasswords,
    pages: Pages,
    outgoing: Outgoing,
    tasks: TaskTracker,
    stopping: CancellationToken,
    work: Notify,
    memory: memory::Memory,
    local_server: local::Slot,
}

/// Where the time comes from.
pub enum Clock {
    /// The machine's clock.
    System,
    /// A clock that tests move: milliseconds since the epoch.
    Manual(Arc<AtomicI64>),
}

/// Where randomness comes from.
pub enum Random {
    /// The operating system.
    System,
    /// A generator with a known seed, for tests.
    Seeded(Box<Mutex<StdRng>>),
}

impl Random {
    /// A generator with a known seed, for tests.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self::Seeded(Box::new(Mutex::new(StdRng::seed_from_u64(seed))))
    }
}

impl App {
    /// Assembles the installation.
    #[must_use]
    pub fn new(
        config: Config,
        db: db::Db,
        (clock, random): (Clock, Random),
        secret_key: &Secret,
        common_passwords: password::common::CommonPasswords,
    ) -> Self {
        let hashing = Hashing::start(config.hash_threads, config.password_hash);
        Self(Arc::new(Shared {
            sealer: Sealer::new(secret_key),
            signing_keys: crate::keys::Cache::default(),
            outgoing: Outgoing::new(config.allow_private_networks),
            config,
            db,
            clock,
            random,
            last_id: AtomicU64::new(0),
            hashing,
            common_passwords,
            pages: Pages::new(),
            tasks: TaskTracker::new(),
            stopping: CancellationToken::new(),
            work: Notify::new(),
            memory: memory::Memory::default(),
            local_server: local::Slot::default(),
        }))
    }

    /// The settings.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.0.config
    }

    /// The database.
    #[must_use]
    pub fn db(&self) -> &db::Db {
        &self.0.db
    }

    /// The threads that hash passwords.
    #[must_use]
    pub fn hashing(&self) -> &Hashing {
        &self.0.hashing
    }

    /// The passwords that are too common.
    #[must_use]
    pub fn common_passwords(&self) -> &password::common::CommonPasswords {
        &self.0.common_passwords
    }

    /// The way to other servers.
    #[must_use]
    pub fn outgoing(&self) -> &Outgoing {
        &self.0.outgoing
    }

    /// The templates, ready to render.
    #[must_use]
    pub fn pages(&self) -> &Pages {
        &self.0.pages
    }

    /// The signing keys in memory; [`crate::keys`] is the way in.
    #[must_use]
    pub(crate) fn signing_keys(&self) -> &crate::keys::Cache {
        &self.0.signing_keys
    }

    /// What encrypts stored secrets; [`App::seal`] is the usual way in.
    #[must_use]
    pub fn sealer(&self) -> &Sealer {
        &self.0.sealer
    }

    /// The text encrypted for one purpose, as it is stored.
    #[must_use]
    pub fn seal(&self, purpose: &str, text: &str) -> String {
        self.sealer()
            .seal(purpose, text.as_bytes(), self.random_bytes())
    }

    /// The instant.
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the clock"
    )]
    pub fn now(&self) -> Timestamp {
        match &self.0.clock {
            Clock::System => Timestamp::from_millis(jiff::Timestamp::now().as_millisecond()),
            Clock::Manual(millis) => Timestamp::from_millis(millis.load(Ordering::SeqCst)),
        }
    }

    /// Fresh random bytes, fit for secrets.
    ///
    /// # Panics
    /// When the operating system has no randomness to give: nothing safe can be done then.
    #[must_use]
    pub fn random_bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        match &self.0.random {
            Random::System => {
                aws_lc_rs::rand::fill(&mut bytes).expect("the operating system gives randomness");
            }
            Random::Seeded(rng) => rng
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .fill_bytes(&mut bytes),
        }
        bytes
    }

    /// A token of 256 random bits, as 64 hex digits: for cookies, links, codes and refresh tokens.
    #[must_use]
    pub fn random_token(&self) -> Secret {
        Secret::new(hex::encode(self.random_bytes::<32>()))
    }

    /// So many random letters and digits (5.95 bits each), the form that SDKs check client secrets for.
    #[must_use]
    pub fn random_alphanumeric(&self, length: usize) -> Secret {
        const ALPHABET: &[u8; 62] =
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        let mut text = String::with_capacity(length);
        while text.len() < length {
            // Bytes past the last multiple of 62 would favor the first letters.
            let usable = self
                .random_bytes::<64>()
                .into_iter()
                .filter(|byte| *byte < 248);
            text.extend(
                usable
                    .take(length - text.len())
                    .map(|byte| char::from(ALPHABET[usize::from(byte % 62)])),
            );
        }
        Secret::new(text)
    }

    /// Six random digits, for one-time codes.
    #[must_use]
    pub fn random_digits(&self) -> Secret {
        // 2^64 is so much larger than 10^6 that the bias is 5·10⁻¹⁴.
        let number = u64::from_le_bytes(self.random_bytes()) % 1_000_000;
        Secret::new(format!("{number:06}"))
    }

    /// A fresh id: a `UUIDv7` of this instant. Ids made by one process ascend, also within a millisecond (RFC 9562 §6.2).
    #[must_use]
    pub fn new_id<I: Id>(&self) -> I {
        // 48 bits of milliseconds and a counter of 12 bits in one number; a full counter runs into the next millisecond.
        let now = u64::try_from(self.now().millis()).unwrap_or(0) << 12;
        let mut stamp = now;
        // The closure always returns a value, so the update can't fail.
        let _ = self
            .0
            .last_id
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |last| {
                stamp = now.max(last + 1);
                Some(stamp)
            });
        let mut tail = self.random_bytes::<10>();
        tail[0] = u8::try_from((stamp >> 8) & 0x0f).unwrap_or(0);
        tail[1] = u8::try_from(stamp & 0xff).unwrap_or(0);
        I::from_uuid(uuid::Builder::from_unix_timestamp_millis(stamp >> 12, &tail).into_uuid())
    }

    /// This installation as `actor` sees it in `environment`.
    #[must_use]
    pub fn at(&self, environment: Arc<Environment>, actor: Actor) -> Context {
        Context {
            app: self.clone(),
            environment,
            actor,
            batch: None,
            nesting: 0,
            peer: None,
            preview: None,
        }
    }

    /// What a slice keeps in memory for the life of the process, by its type; made at the first call.
    pub fn memory<T: Any + Send + Sync>(&self, make: impl FnOnce() -> T) -> Arc<T> {
        self.0.memory.get(make)
    }

    /// Says where the server is found from within. It is forgotten when it ends.
    pub fn set_local_server(&self, server: Weak<dyn LocalServer>) {
        self.0.local_server.set(server);
    }

    /// The server of this process, if one runs.
    #[must_use]
    pub fn local_server(&self) -> Option<Arc<dyn LocalServer>> {
        self.0.local_server.get()
    }

    /// Runs a task beside the requests; a stop waits for it.
    pub fn spawn<F: Future<Output = ()> + Send + 'static>(&self, task: F) {
        self.0.tasks.spawn(task);
    }

    /// Is cancelled when the process is asked to stop.
    #[must_use]
    pub fn stopping(&self) -> &CancellationToken {
        &self.0.stopping
    }

    /// Waits until every spawned task has ended.
    pub async fn wait_for_tasks(&self) {
        self.0.tasks.close();
        self.0.tasks.wait().await;
    }

    /// Tells the worker that there is something to do now: a mail, an import.
    pub fn wake_worker(&self) {
        self.0.work.notify_waiters();
    }

    /// Waits until there is something to do.
    pub async fn work(&self) {
        self.0.work.notified().await;
    }
}

/// Who does what is being done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// Kith itself: the command line, the worker.
    System,
    /// A browser on the hosted pages, whoever is behind it.
    Browser,
    /// An application with a token for the management API.
    Application(ApplicationId),
    /// A member of the team, at the dashboard.
    Member(UserId),
}

impl std::fmt::Display for Actor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::System => f.write_str("system"),
            Self::Browser => f.write_str("browser"),
            Self::Application(id) => write!(f, "application:{id}"),
            Self::Member(id) => write!(f, "member:{id}"),
        }
    }
}

/// The installation as one caller sees it in one environment. Cheap to clone.
#[derive(Clone)]
pub struct Context {
    app: App,
    environment: Arc<Environment>,
    actor: Actor,
    /// The instant of the batch that is being written, if one is.
    batch: Option<Timestamp>,
    /// How many programs of the business stand behind this.
    nesting: u8,
    /// Who is at the other end of the request, if it is one.
    peer: Option<Arc<Peer>>,
    /// The deployment whose workflows run in place of the live ones.
    preview: Option<DeploymentId>,
}

/// The other end of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peer {
    /// Its address.
    pub address: IpAddr,
    /// What it calls itself.
    pub user_agent: String,
}

impl Context {
    /// The environment in which this happens.
    #[must_use]
    pub fn environment(&self) -> &Environment {
        &self.environment
    }

    /// Who does it.
    #[must_use]
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The same environment with another actor.
    #[must_use]
    pub fn acting_as(&self, actor: Actor) -> Self {
        Self {
            actor,
            ..self.clone()
        }
    }

    /// The same for the length of one batch of an import: all that is written bears one instant, so that whatever came with
    /// the batch can be told from what was changed later, and no event tells of single people. An import tells once.
    #[must_use]
    pub fn in_batch(&self) -> Self {
        Self {
            batch: Some(self.now()),
            ..self.clone()
        }
    }

    /// The same on behalf of a request that came from within.
    #[must_use]
    pub fn nested(&self, nesting: Nested) -> Self {
        Self {
            nesting: nesting.0,
            ..self.clone()
        }
    }

    /// How many programs of the business stand behind this: none where somebody outside asked.
    #[must_use]
    pub fn nesting(&self) -> u8 {
        self.nesting
    }

    /// The same on behalf of a request from there.
    #[must_use]
    pub fn asked_by(&self, address: IpAddr, user_agent: &str) -> Self {
        Self {
            peer: Some(Arc::new(Peer {
                address,
                user_agent: user_agent.to_owned(),
            })),
            ..self.clone()
        }
    }

    /// Who is at the other end of the request, where that is known.
    #[must_use]
    pub fn peer(&self) -> Option<&Peer> {
        self.peer.as_deref()
    }

    /// The same in a preview: the workflows of that deployment run in place of the live ones. Without one, whatever is live.
    #[must_use]
    pub fn previewing(&self, deployment: Option<DeploymentId>) -> Self {
        Self {
            preview: deployment,
            ..self.clone()
        }
    }

    /// The deployment that is previewed; none where whatever is live runs.
    #[must_use]
    pub fn preview(&self) -> Option<&DeploymentId> {
        self.preview.as_ref()
    }

    /// Whether a batch of an import is being written.
    #[must_use]
    pub fn is_in_batch(&self) -> bool {
        self.batch.is_some()
    }

    /// The instant; within a batch, that of the batch.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.batch.unwrap_or_else(|| self.app.now())
    }
}

impl Deref for Context {
    type Target = App;

    fn deref(&self) -> &App {
        &self.app
    }
}
