//! The threads on which workflows run: a fixed number, with a bounded queue.
//!
//! A run keeps its thread while it waits for other servers, since `kinde.fetch` answers at once; so there are more threads than cores,
//! and they are no async ones. Past the queue a caller waits at most [`PATIENCE`] and is then told to come back.

use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

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

type Job = Box<dyn FnOnce() + Send>;

/// The threads.
pub(super) struct Pool {
    jobs: mpsc::Sender<Job>,
    places: Arc<Semaphore>,
}

impl Pool {
    /// Starts the threads. They end when this is dropped and their work is done.
    pub(super) fn start(name: &str, threads: usize) -> Self {
        let (jobs, queue) = mpsc::channel::<Job>();
        let queue = Arc::new(Mutex::new(queue));
        for n in 0..threads {
            let queue = Arc::clone(&queue);
            std::thread::Builder::new()
                .name(format!("{name}-{n}"))
                .stack_size(STACK)
                .spawn(move || work(&queue))
                .expect("a thread can be started");
        }
        let places = Arc::new(Semaphore::new(threads * (QUEUE_PER_THREAD + 1)));
        Self { jobs, places }
    }

    /// Has the job done on one of the threads. It gets what it answers with, so that it can go on after its answer.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce(oneshot::Sender<T>) + Send + 'static,
    ) -> Result<T, Busy> {
        let place = Arc::clone(&self.places).acquire_owned();
        let place = tokio::time::timeout(PATIENCE, place)
            .await
            .map_err(|_| Busy)?;
        let place: OwnedSemaphorePermit = place.map_err(|_| Busy)?;
        let (answer, answered) = oneshot::channel();
        let job = move || {
            let _place = place;
            job(answer);
        };
        self.jobs.send(Box::new(job)).map_err(|_| Busy)?;
        answered.await.map_err(|_| Busy)
    }
}

fn work(queue: &Mutex<mpsc::Receiver<Job>>) {
    loop {
        let job = match queue.lock() {
            Ok(queue) => queue.recv(),
            Err(_) => return,
        };
        let Ok(job) = job else { return };
        // A panic in one run must not cost the others their thread.
        if std::panic::catch_unwind(std::panic::AssertUnwindSafe(job)).is_err() {
            tracing::error!("a workflow could not be run: the thread panicked");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_costs_no_thread() {
        let pool = Pool::start("test", 1);
        let panicked = pool
            .run(|_: oneshot::Sender<()>| panic!("on purpose"))
            .await;
        assert_eq!(panicked, Err(Busy));
        let answered = pool.run(|answer| _ = answer.send(42)).await;
        assert_eq!(answered, Ok(42));
    }

    #[tokio::test(start_paused = true)]
    #[expect(
        clippy::disallowed_methods,
        reason = "a test's tasks end with the test"
    )]
    async fn past_the_queue_a_caller_is_told_to_come_back() {
        let pool = Arc::new(Pool::start("test", 1));
        let (open, gate) = mpsc::channel::<()>();
        let gate = Arc::new(Mutex::new(gate));
        let waiting: Vec<_> = (0..3)
            .map(|_| {
                let (pool, gate) = (Arc::clone(&pool), Arc::clone(&gate));
                tokio::task::spawn(async move {
                    let job = move |answer: oneshot::Sender<()>| {
                        let _ = gate.lock().unwrap().recv();
                        let _ = answer.send(());
                    };
                    pool.run(job).await
                })
            })
            .collect();
        tokio::task::yield_now().await;
        assert_eq!(pool.run(|answer| _ = answer.send(())).await, Err(Busy));
        drop(open);
        for one in waiting {
            assert_eq!(one.await.unwrap(), Ok(()));
        }
    }
}
