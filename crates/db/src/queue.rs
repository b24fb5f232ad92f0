//! Who else wants to write into an SQLite file, for whoever writes much at once.
//!
//! A large transaction costs less a row, and makes everybody else wait. So a bulk load asks, from time to time, whether anybody
//! does. Within the process that is a count. Other processes can't be seen waiting, only having the file open: each holds a
//! shared lock on a file beside it, and who gets it alone is alone.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Those who want to write.
#[derive(Debug, Clone, Default)]
pub(crate) struct Queue {
    waiting: Arc<AtomicUsize>,
    open: Option<Arc<File>>,
}

/// Somebody who waits, until it is dropped.
pub(crate) struct Waiting<'a>(&'a AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Queue {
    /// The queue of the database in this file. Where no lock can be had, on some network's folder, other processes go unseen.
    pub(crate) fn of(database: &Path) -> Self {
        let mut path = database.as_os_str().to_owned();
        path.push("-open");
        let mut options = File::options();
        let file = options.create(true).append(true).open(path);
        let locked = file.and_then(|file| file.lock_shared().map(|()| file));
        Self {
            waiting: Arc::default(),
            open: locked.ok().map(Arc::new),
        }
    }

    /// Begins to wait.
    pub(crate) fn wait(&self) -> Waiting<'_> {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        Waiting(&self.waiting)
    }

    /// Whether anybody waits, or might without being seen.
    pub(crate) fn is_awaited(&self) -> bool {
        self.waiting.load(Ordering::Relaxed) > 0 || self.is_shared()
    }

    /// Whether another process has the file open.
    pub(crate) fn is_shared(&self) -> bool {
        let Some(file) = &self.open else {
            return false;
        };
        let is_alone = file.try_lock().is_ok();
        // Whatever the outcome: a lock that could not be changed may be lost (flock(2)).
        let _ = file.lock_shared();
        !is_alone
    }
}
