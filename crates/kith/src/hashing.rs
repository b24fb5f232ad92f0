//! The threads that hash passwords: as many as cores, with a bounded queue.
//!
//! Hashing is the slowest and hungriest thing we do (16 ms and 19 MiB for one argon2id). On the async threads it would stall
//! every other request; on an unbounded blocking pool a burst of sign-ins takes gigabytes. So a fixed number of threads,
//! each with its own memory kept, take work from a short queue. Past the queue a caller waits at most [`PATIENCE`] and is then
//! told to come back ([`Busy`]): a queue of seconds would only hash for people who have left.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use futures::StreamExt as _;
use password::{Hash, Native, Workspace};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use crate::config::PasswordHash;
use crate::secret::Secret;

/// How long a caller waits for a place in the queue.
pub const PATIENCE: Duration = Duration::from_millis(500);

/// How long work that nobody waits for lets sign-ins go first.
pub const SPARE_PATIENCE: Duration = Duration::from_secs(2);

/// How often it looks whether a thread is free.
const SPARE_PAUSE: Duration = Duration::from_millis(20);

/// How many may wait for each thread.
const QUEUE_PER_THREAD: usize = 16;

/// Every place in the queue is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many sign-ins at once; try again in a few seconds")]
pub struct Busy;

/// The threads that hash passwords.
pub struct Hashing {
    jobs: std::sync::mpsc::Sender<Job>,
    threads: usize,
    places: Arc<Semaphore>,
    /// How many jobs of [`Hashing::in_spare_time`] have a place now.
    spare: AtomicUsize,
    native: Native,
    /// A hash that nobody has: verified when there is no user, so that the answer takes as long.
    decoy: Hash,
    slowest: Slowest,
    /// How many hashes of native cost were computed for callers who wait.
    n_native: AtomicU64,
}

/// How long the slowest verification of a foreign hash has lately taken, in microseconds.
#[derive(Default)]
struct Slowest(AtomicU64);

impl Slowest {
    /// No answer is held back for longer, however busy the machine was when it measured.
    const MAX: Duration = Duration::from_secs(1);

    fn record(&self, took: Duration) {
        let took = u64::try_from(took.min(Self::MAX).as_micros()).unwrap_or(u64::MAX);
        // The past counts for less and less, so that one slow moment is forgotten. The closure always returns a value.
        let _ = self
            .0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |slowest| {
                Some(took.max(slowest - slowest / 64))
            });
    }

    fn get(&self) -> Duration {
        Duration::from_micros(self.0.load(Ordering::Relaxed))
    }
}

type Job = Box<dyn FnOnce(&mut Workspace) + Send>;

impl Hashing {
    /// Starts the threads. They end when this is dropped.
    ///
    /// # Panics
    /// When the operating system can't start a thread.
    #[must_use]
    pub fn start(threads: usize, scheme: PasswordHash) -> Self {
        let native = match scheme {
            PasswordHash::Argon2id => Native::default(),
            PasswordHash::Bcrypt => Native::Bcrypt { cost: 12 },
        };
        let (jobs, queue) = std::sync::mpsc::channel::<Job>();
        let queue = Arc::new(std::sync::Mutex::new(queue));
        for n in 0..threads {
            let queue = Arc::clone(&queue);
            std::thread::Builder::new()
                .name(format!("hashing-{n}"))
                .spawn(move || run(&queue))
                .expect("a thread can be started");
        }
        Self {
            jobs,
            threads,
            spare: AtomicUsize::new(0),
            places: Arc::new(Semaphore::new(threads * (QUEUE_PER_THREAD + 1))),
            decoy: decoy(scheme, native),
            native,
            slowest: Slowest::default(),
            n_native: AtomicU64::new(0),
        }
    }

    /// The scheme in which new passwords are stored.
    #[must_use]
    pub fn native(&self) -> &Native {
        &self.native
    }

    /// Whether the password is the one of the hash.
    ///
    /// A refusal takes as long for everybody: exactly one hash of native cost is computed (without a hash that of nobody, for a
    /// wrapped one its own, after a foreign hash one more), and whoever has no slow foreign hash waits as long as the slowest
    /// of them has lately taken. Waiting costs no thread. So neither a quick nor a slow answer tells whether somebody exists,
    /// or where they came from; `docs/decisions/a-sign-in-takes-alike-long.md` weighs it.
    ///
    /// # Errors
    /// [`Busy`] when no thread has room within [`PATIENCE`].
    pub async fn verify(&self, hash: Option<Hash>, password: &Secret) -> Result<bool, Busy> {
        let (own, foreign) = match hash {
            Some(hash) if self.native.costs_as_much(&hash) => (Some(hash), None),
            other => (None, other),
        };
        let mut spent = Duration::ZERO;
        if let Some(hash) = foreign {
            let password = password.clone();
            let (is_right, took) = self
                .run(move |workspace| {
                    let began = Instant::now();
                    (
                        hash.verify_in(password.reveal(), workspace),
                        began.elapsed(),
                    )
                })
                .await?;
            self.slowest.record(took);
            if is_right {
                return Ok(true);
            }
            spent = took;
        }
        let is_real = own.is_some();
        let hash = own.unwrap_or_else(|| self.decoy.clone());
        let password = password.clone();
        self.n_native.fetch_add(1, Ordering::Relaxed);
        let is_right = self
            .run(move |workspace| hash.verify_in(password.reveal(), workspace) && is_real)
            .await?;
        if !is_right {
            tokio::time::sleep(self.slowest.get().saturating_sub(spent)).await;
        }
        Ok(is_right)
    }

    /// The password's hash in the native scheme.
    ///
    /// # Errors
    /// [`Busy`] when no thread has room within [`PATIENCE`].
    pub async fn hash(&self, password: &Secret, salt: [u8; 16]) -> Result<Hash, Busy> {
        let password = password.clone();
        let native = self.native;
        self.n_native.fetch_add(1, Ordering::Relaxed);
        self.run(move |workspace| native.hash(password.reveal(), &salt, workspace))
            .await
    }

    /// The password's hash in bcrypt, for those who store it elsewhere and know no other scheme.
    ///
    /// # Errors
    /// As [`Hashing::hash`].
    pub async fn bcrypt(&self, password: &Secret, salt: [u8; 16]) -> Result<Hash, Busy> {
        let password = password.clone();
        let bcrypt = Native::Bcrypt { cost: 10 };
        self.run(move |workspace| bcrypt.hash(password.reveal(), &salt, workspace))
            .await
    }

    /// Does work that nobody waits for, on half of the threads at most, piece by piece, and each only when no sign-in has or
    /// wants a thread; or after [`SPARE_PATIENCE`], so that the work ends on a busy server too. A sign-in that comes meanwhile
    /// waits for one piece at most. Returns what was done, in any order.
    pub async fn in_spare_time<I, T>(
        &self,
        pieces: Vec<I>,
        work: impl Fn(I, &mut Workspace) -> T + Clone + Send + 'static,
    ) -> Vec<T>
    where
        I: Send + 'static,
        T: Send + 'static,
    {
        let at_once = (self.threads / 2).max(1);
        let outcomes = futures::stream::iter(pieces)
            .map(|piece| {
                let work = work.clone();
                self.one_in_spare_time(move |workspace| work(piece, workspace))
            })
            .buffer_unordered(at_once);
        outcomes.filter_map(std::future::ready).collect().await
    }

    /// One piece. None if its thread panicked, which was logged.
    async fn one_in_spare_time<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Workspace) -> T + Send + 'static,
    ) -> Option<T> {
        let began = tokio::time::Instant::now();
        while self.is_wanted() && began.elapsed() < SPARE_PATIENCE {
            tokio::time::sleep(SPARE_PAUSE).await;
        }
        self.spare.fetch_add(1, Ordering::Relaxed);
        let timed = move |workspace: &mut Workspace| {
            let began = Instant::now();
            (work(workspace), began.elapsed())
        };
        let done = self.run(timed).await.ok();
        self.spare.fetch_sub(1, Ordering::Relaxed);
        let (outcome, took) = done?;
        if self.threads == 1 {
            // Half of a thread.
            tokio::time::sleep(took).await;
        }
        Some(outcome)
    }

    /// Whether a sign-in has or waits for a thread.
    fn is_wanted(&self) -> bool {
        let all = self.threads * (QUEUE_PER_THREAD + 1);
        all - self.places.available_permits() > self.spare.load(Ordering::Relaxed)
    }

    async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Workspace) -> T + Send + 'static,
    ) -> Result<T, Busy> {
        let permit = tokio::time::timeout(PATIENCE, Arc::clone(&self.places).acquire_owned())
            .await
            .map_err(|_| Busy)?
            .map_err(|_| Busy)?;
        let (answer, result) = oneshot::channel();
        self.jobs
            .send(Box::new(move |workspace| {
                let _place: OwnedSemaphorePermit = permit;
                // A caller that has left doesn't want the work.
                if !answer.is_closed() {
                    let _ = answer.send(job(workspace));
                }
            }))
            .map_err(|_| Busy)?;
        result.await.map_err(|_| Busy)
    }
}

/// The hash against which passwords are checked where nobody has one: as costly as everybody's. Made once a process.
fn decoy(scheme: PasswordHash, native: Native) -> Hash {
    static ARGON2ID: OnceLock<Hash> = OnceLock::new();
    static BCRYPT: OnceLock<Hash> = OnceLock::new();
    let decoy = match scheme {
        PasswordHash::Argon2id => &ARGON2ID,
        PasswordHash::Bcrypt => &BCRYPT,
    };
    let make = || {
        native.hash(
            "a password that nobody has",
            &[0; 16],
            &mut Workspace::default(),
        )
    };
    decoy.get_or_init(make).clone()
}

fn run(queue: &std::sync::Mutex<std::sync::mpsc::Receiver<Job>>) {
    let mut workspace = Workspace::default();
    loop {
        let job = match queue.lock() {
            Ok(queue) => queue.recv(),
            Err(_) => return,
        };
        let Ok(job) = job else { return };
        // A panic in one verification must not cost the others their thread.
        if std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| job(&mut workspace))).is_err() {
            tracing::error!("a password could not be hashed or verified: the thread panicked");
            workspace = Workspace::default();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_hashed_verifies() {
        let hashing = Hashing::start(1, PasswordHash::Argon2id);
        let hash = hashing
            .hash(&Secret::new("correct horse"), [1; 16])
            .await
            .unwrap();
        assert_eq!(
            hashing
                .verify(Some(hash.clone()), &Secret::new("correct horse"))
                .await,
            Ok(true)
        );
        assert_eq!(
            hashing
                .verify(Some(hash), &Secret::new("wrong horse"))
                .await,
            Ok(false)
        );
    }

    #[tokio::test]
    async fn nobody_has_the_decoys_password() {
        let hashing = Hashing::start(1, PasswordHash::Argon2id);
        assert_eq!(
            hashing
                .verify(None, &Secret::new("a password that nobody has"))
                .await,
            Ok(false)
        );
    }

    #[tokio::test]
    async fn a_refusal_takes_as_long_as_that_of_the_slowest_foreign_hash() {
        let hashing = Hashing::start(1, PasswordHash::Argon2id);
        hashing.slowest.record(Duration::from_millis(700));
        tokio::time::pause();
        for hash in [None, Some(hashing.decoy.clone())] {
            let began = tokio::time::Instant::now();
            assert_eq!(hashing.verify(hash, &Secret::new("wrong")).await, Ok(false));
            assert!(began.elapsed() >= Duration::from_millis(700));
        }
        let right = hashing
            .hash(&Secret::new("correct horse"), [1; 16])
            .await
            .unwrap();
        let began = tokio::time::Instant::now();
        assert_eq!(
            hashing
                .verify(Some(right), &Secret::new("correct horse"))
                .await,
            Ok(true)
        );
        assert!(began.elapsed() < Duration::from_millis(700));
    }

    /// The hashes that somebody may have, one a kind, each of `Correct-Horse_42`.
    fn stored_hashes(hashing: &Hashing) -> Vec<Option<Hash>> {
        let none = password::Params::default();
        let mut workspace = Workspace::new();
        let md5 = Hash::parse("md5", "a3c68e193330b110c76ba1a5098cc64c", &none).unwrap();
        let bcrypt = "$2a$04$abcdefghijklmnopqrstuusdRCN/1WmgUHC4msDXrQGy7cAU8.Va.";
        vec![
            None,
            Some(
                hashing
                    .native
                    .hash("Correct-Horse_42", &[7; 16], &mut workspace),
            ),
            md5.wrap(&[7; 16], &mut workspace),
            Some(md5),
            Some(Hash::recognize(bcrypt).unwrap()),
            Some(Hash::recognize("$P$B4d9sKs1/dnhuyW1zKsS9Yd3AclG4L/").unwrap()),
        ]
    }

    #[tokio::test]
    async fn a_refusal_computes_one_native_hash_whatever_is_stored() {
        for scheme in [PasswordHash::Argon2id, PasswordHash::Bcrypt] {
            let hashing = Hashing::start(1, scheme);
            for hash in stored_hashes(&hashing) {
                let before = hashing.n_native.load(Ordering::Relaxed);
                let wrong = Secret::new("correct-horse_42");
                assert_eq!(hashing.verify(hash.clone(), &wrong).await, Ok(false));
                let after = hashing.n_native.load(Ordering::Relaxed);
                assert_eq!(after - before, 1, "{hash:?}");
            }
        }
    }

    #[tokio::test]
    async fn a_right_password_is_right_whatever_is_stored() {
        let hashing = Hashing::start(1, PasswordHash::Argon2id);
        for hash in stored_hashes(&hashing) {
            let is_somebody = hash.is_some();
            let right = Secret::new("Correct-Horse_42");
            assert_eq!(hashing.verify(hash, &right).await, Ok(is_somebody));
        }
    }

    #[tokio::test]
    async fn work_that_nobody_waits_for_lets_sign_ins_go_first() {
        let hashing = Hashing::start(1, PasswordHash::Argon2id);
        tokio::time::pause();
        let began = tokio::time::Instant::now();
        assert_eq!(
            hashing.in_spare_time(vec![1, 2], |n, _| 2 * n).await,
            [2, 4]
        );
        assert!(began.elapsed() < SPARE_PATIENCE);
        // Somebody has a thread all the time: the work is done all the same, slowly.
        let place = Arc::clone(&hashing.places).acquire_owned().await.unwrap();
        let began = tokio::time::Instant::now();
        assert_eq!(
            hashing.in_spare_time(vec![1, 2], |n, _| 2 * n).await,
            [2, 4]
        );
        assert!(began.elapsed() >= 2 * SPARE_PATIENCE);
        drop(place);
    }

    #[test]
    fn one_slow_moment_is_forgotten() {
        let slowest = Slowest::default();
        slowest.record(Duration::from_mins(1));
        assert_eq!(slowest.get(), Slowest::MAX);
        for _ in 0..300 {
            slowest.record(Duration::from_millis(50));
        }
        assert_eq!(slowest.get(), Duration::from_millis(50));
    }

    #[tokio::test]
    async fn past_the_queue_a_caller_is_told_to_come_back() {
        let hashing = Arc::new(Hashing::start(1, PasswordHash::Argon2id));
        let places = Arc::clone(&hashing.places)
            .acquire_many_owned(u32::try_from(QUEUE_PER_THREAD + 1).unwrap())
            .await
            .unwrap();
        tokio::time::pause();
        assert_eq!(hashing.verify(None, &Secret::new("x")).await, Err(Busy));
        drop(places);
    }
}
