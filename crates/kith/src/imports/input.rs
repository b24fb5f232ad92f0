//! Where the bytes of an import come from.

use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use crate::context::App;
use crate::id::ImportRunId;

/// A file to import.
#[derive(Debug, Clone)]
pub struct Input {
    /// What to call it.
    pub name: String,
    /// Where its bytes are.
    pub content: Content,
}

/// Where the bytes of a file are.
#[derive(Debug, Clone)]
pub enum Content {
    /// On this machine.
    Path(PathBuf),
    /// In the database, in pieces.
    Stored {
        /// The import that it belongs to.
        run: ImportRunId,
        /// Which of its files.
        file: i64,
        /// Its size.
        bytes: i64,
    },
}

impl Input {
    /// A reader from the beginning. It blocks, so it belongs on a thread where that is allowed.
    ///
    /// # Errors
    /// When the file can't be opened.
    pub(super) fn open(&self, app: &App) -> io::Result<Box<dyn Read + Send>> {
        match &self.content {
            Content::Path(path) => Ok(Box::new(std::fs::File::open(path)?)),
            Content::Stored { run, file, .. } => Ok(Box::new(super::store::chunks::Chunks::new(
                app.db().clone(),
                run.clone(),
                *file,
            ))),
        }
    }

    /// The size of the file, in bytes.
    pub(super) fn size(&self) -> io::Result<i64> {
        match &self.content {
            Content::Path(path) => {
                let bytes = std::fs::metadata(path)?.len();
                Ok(i64::try_from(bytes).unwrap_or(i64::MAX))
            }
            Content::Stored { bytes, .. } => Ok(*bytes),
        }
    }
}

/// Counts the bytes that pass.
pub(super) struct Counted<R> {
    inner: R,
    count: Arc<AtomicI64>,
}

impl<R> Counted<R> {
    pub(super) fn new(inner: R, count: Arc<AtomicI64>) -> Self {
        Self { inner, count }
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n_bytes = self.inner.read(buffer)?;
        self.count
            .fetch_add(i64::try_from(n_bytes).unwrap_or(0), Ordering::Relaxed);
        Ok(n_bytes)
    }
}
