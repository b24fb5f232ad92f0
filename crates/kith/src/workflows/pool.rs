//! The threads on which workflows run: at most so many, with a bounded queue, each with an engine that is made before anybody waits
//! for it.
//!
//! A run keeps its thread while it waits for other servers, since `kinde.fetch` answers at once; so there may be more threads than
//! cores, and they are no async ones. Past the queue a caller waits at most [`PATIENCE`] and is then told to come back.
//!
//! A thread that has run something makes its next engine and then lies idle; whoever became idle last is woken first, and a thread is
//! started where none is idle. So there are as many threads and engines as runs at once were ever needed.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::time::Duration;

use script::{Engine, Environment, Failure};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

/// How long a caller waits for a place in the queue.
pub(super) const PATIENCE: Duration = Duration::from_secs(2);

/// How many may wait for each thread.
const QUEUE_PER_THREAD: usize = 2;

/// The stack of a thread: what a run may use (512 KiB) and what the engine needs around it.
const STACK: usize = 2 * 1024 * 1024;

/// Every place in the queue is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many workflows at once; try again in a few seconds")]
pub struct Busy;

/// An engine for one run, or why there is none.
pub(super) type Prepared = Result<Engine, Failure>;

type Job = Box<dyn FnOnce(Prepared) + Send>;

/// The threads.
pub(super) struct Pool {
    desk: Arc<Desk>,
    places: Arc<Semaphore>,
}

/// Where jobs and threads find each other.
struct Desk {
    name: &'static str,
    most_threads: usize,
    environment: Arc<Environment>,
    waiting: Mutex<Waiting>,
}

#[derive(Default)]
struct Waiting {
    jobs: VecDeque<Job>,
    /// Threads without a job.
    idle: Vec<mpsc::Sender<Job>>,
    n_threads: usize,
    is_closed: bool,
}

impl Desk {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn give(self: &Arc<Self>, job: Job) -> std::io::Result<()> {
        let mut waiting = self.waiting();
        if let Some(thread) = waiting.idle.pop() {
            // It waits until it has an answer, so it is there.
            drop(thread.send(job));
            return Ok(());
        }
        waiting.jobs.push_back(job);
        if waiting.n_threads < self.most_threads {
            let desk = Arc::clone(self);
            let started = std::thread::Builder::new()
                .name(format!("{}-{}", self.name, waiting.n_threads))
                .stack_size(STACK)
                .spawn(move || work(&desk));
            if let Err(error) = started {
                // Those that run take it later; where there are none, whoever waits for it hears that nobody answers.
                if waiting.n_threads == 0 {
                    waiting.jobs.clear();
                }
                return Err(error);
            }
            waiting.n_threads += 1;
        }
        Ok(())
    }

    /// Waits for a job; none when there will be no more.
    fn take(&self) -> Option<Job> {
        let mut waiting = self.waiting();
        if let Some(job) = waiting.jobs.pop_front() {
            return Some(job);
        }
        if waiting.is_closed {
            return None;
        }
        let (thread, job) = mpsc::channel();
        waiting.idle.push(thread);
        drop(waiting);
        job.recv().ok()
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        let mut waiting = self.desk.waiting();
        waiting.is_closed = true;
        waiting.idle.clear();
    }
}

impl Pool {
    /// Threads that are started when they are needed. They end when this is dropped and their work is done.
    pub(super) fn new(
        name: &'static str,
        most_threads: usize,
        environment: &Arc<Environment>,
    ) -> Self {
        let desk = Desk {
            name,
            most_threads,
            environment: Arc::clone(environment),
            waiting: Mutex::default(),
        };
        Self {
            desk: Arc::new(desk),
            places: Arc::new(Semaphore::new(most_threads * (QUEUE_PER_THREAD + 1))),
        }
    }

    /// Has the job done on one of the threads. It gets what it answers with, so that it can go on after its answer.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce(Prepared, oneshot::Sender<T>) + Send + 'static,
    ) -> Result<T, Busy> {
        let place = Arc::clone(&self.places).acquire_owned();
        let place = tokio::time::timeout(PATIENCE, place)
            .await
            .map_err(|_| Busy)?;
        let place: OwnedSemaphorePermit = place.map_err(|_| Busy)?;
        let (answer, answered) = oneshot::channel();
        let given = self.desk.give(Box::new(move |engine| {
            let _place = place;
            job(engine, answer);
        }));
        if let Err(error) = given {
            tracing::warn!(cause = %error, "no further thread for workflows could be started");
        }
        answered.await.map_err(|_| Busy)
    }
}

fn work(desk: &Desk) {
    let mut prepared = None;
    while let Some(job) = desk.take() {
        let engine = prepared.take();
        let engine = engine.unwrap_or_else(|| Engine::prepare(&desk.environment));
        // A panic in one run must not cost the others their thread.
        if std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| job(engine))).is_err() {
            tracing::error!("a workflow could not be run: the thread panicked");
        }
        prepared = Some(Engine::prepare(&desk.environment));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pool() -> Pool {
        Pool::new("test", 1, &Arc::new(Environment::new()))
    }

    #[tokio::test]
    async fn a_panic_costs_no_thread() {
        let pool = pool();
        let panicked = pool
            .run(|_, _: oneshot::Sender<()>| panic!("on purpose"))
            .await;
        assert_eq!(panicked, Err(Busy));
        let answered = pool
            .run(|_, answer| {
                let _ = answer.send(42);
            })
            .await;
        assert_eq!(answered, Ok(42));
    }

    #[tokio::test]
    async fn threads_are_started_as_they_are_needed_and_end() {
        let pool = Pool::new("test", 8, &Arc::new(Environment::new()));
        for _ in 0..3 {
            let answered = pool.run(|_, answer| {
                let _ = answer.send(());
            });
            answered.await.unwrap();
            while pool.desk.waiting().idle.is_empty() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
        assert_eq!(pool.desk.waiting().n_threads, 1);
        let desk = Arc::downgrade(&pool.desk);
        drop(pool);
        while desk.strong_count() > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    #[expect(clippy::disallowed_methods, reason = "the test waits for them itself")]
    #[tokio::test(start_paused = true)]
    async fn past_the_queue_a_caller_is_told_to_come_back() {
        let pool = Arc::new(pool());
        let (open, gate) = mpsc::channel::<()>();
        let gate = Arc::new(Mutex::new(gate));
        let waiting: Vec<_> = (0..3)
            .map(|_| {
                let (pool, gate) = (Arc::clone(&pool), Arc::clone(&gate));
                tokio::task::spawn(async move {
                    let job = move |_, answer: oneshot::Sender<()>| {
                        let _ = gate.lock().unwrap().recv();
                        let _ = answer.send(());
                    };
                    pool.run(job).await
                })
            })
            .collect();
        tokio::task::yield_now().await;
        assert_eq!(
            pool.run(|_, answer| {
                let _ = answer.send(());
            })
            .await,
            Err(Busy)
        );
        drop(open);
        for one in waiting {
            assert_eq!(one.await.unwrap(), Ok(()));
        }
    }
}
