//! Reading the files: a thread that parses rows and hands them over in batches, a little ahead of the writer.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use import::source::{Reader, Row, Source};
use import::{FileError, Finding, Problem};
use tokio::sync::mpsc;

use super::input::{Counted, Input};
use super::{File, Options, Position};
use crate::context::App;

/// How many rows are planned and written together. So few that whoever waits for the database waits for tens of milliseconds:
/// between two batches a transaction may end.
const ROWS_PER_BATCH: usize = 1_000;

/// How many batches lie ready. A few keep reader and writer busy at the same time; the memory of an import is a few batches.
const BATCHES_AHEAD: usize = 2;

/// Rows that are written together.
pub(super) struct Batch {
    /// Rows and refused rows, in the order of the file.
    pub(super) rows: Vec<Result<Row, Problem>>,
    /// Where the next batch begins.
    pub(super) end: Position,
    /// The file that the rows are of.
    pub(super) file: i64,
    /// Bytes of all files that were read by then.
    pub(super) bytes_read: i64,
    /// With the last batch of a file: doubts about it.
    pub(super) findings: Vec<Finding>,
    /// Why the file has no more rows, where it gave out before its end.
    pub(super) cut: Option<FileError>,
}

/// Why the file has no more rows after these, where it gave out before its end.
fn cut(rows: &[Result<Row, Problem>]) -> Option<FileError> {
    match rows.last() {
        Some(Err(problem)) if problem.ends_file() => {
            let cause = std::io::Error::other(problem.reason.clone());
            Some(FileError::Unreadable(cause))
        }
        _ => None,
    }
}

/// Batches as the reader hands them over.
pub(super) struct Batches {
    receiver: mpsc::Receiver<Result<Batch, FileError>>,
    failed: Option<FileError>,
}

impl Batches {
    /// The next batch, when it is there; none after the last one.
    ///
    /// # Errors
    /// When the files could not be read on.
    pub(super) async fn next(&mut self) -> Result<Option<Batch>, FileError> {
        match self.failed.take() {
            Some(error) => Err(error),
            None => self.receiver.recv().await.transpose(),
        }
    }

    /// The next batch, if it lies ready. An error waits for [`Batches::next`].
    pub(super) fn ready(&mut self) -> Option<Batch> {
        if self.failed.is_some() {
            return None;
        }
        match self.receiver.try_recv().ok()? {
            Ok(batch) => Some(batch),
            Err(error) => {
                self.failed = Some(error);
                None
            }
        }
    }
}

/// Files and how to read them.
#[derive(Clone)]
#[expect(clippy::struct_field_names, reason = "files are what they are")]
pub(super) struct Files {
    pub(super) app: App,
    pub(super) source: &'static Source,
    pub(super) options: Options,
    pub(super) files: Vec<(File, Input)>,
}

impl Files {
    /// Reads from a position on. Nobody who stops listening need say so.
    pub(super) fn read(self, from: Position) -> Batches {
        let (sender, receiver) = mpsc::channel(BATCHES_AHEAD);
        tokio::task::spawn_blocking(move || {
            if let Err(error) = self.send_all(from, &sender) {
                // Nobody to tell when nobody listens any more.
                let _ = sender.blocking_send(Err(error));
            }
        });
        Batches {
            receiver,
            failed: None,
        }
    }

    /// A reader of one file, and the bytes that it has taken so far.
    ///
    /// # Errors
    /// When nothing of the file can be read.
    pub(super) fn open(&self, index: usize) -> Result<(Reader, Arc<AtomicI64>), FileError> {
        let count = Arc::new(AtomicI64::new(0));
        let (file, input) = &self.files[index];
        let bytes = Counted::new(input.open(&self.app)?, Arc::clone(&count));
        let options = self.options.reading(self.source, &file.name);
        let part = file.part.as_deref();
        let reader = import::source::open_table(self.source, part, bytes, &options)?;
        Ok((reader, count))
    }

    fn send_all(
        &self,
        from: Position,
        sender: &mpsc::Sender<Result<Batch, FileError>>,
    ) -> Result<(), FileError> {
        let mut bytes_before = 0;
        for (index, (file, _)) in self.files.iter().enumerate() {
            let number = i64::try_from(index).unwrap_or(i64::MAX);
            if number >= from.file {
                let skipped = if number == from.file { from.record } else { 0 };
                if !self.send_file(number, skipped, bytes_before, sender)? {
                    return Ok(());
                }
            }
            bytes_before += file.bytes;
        }
        Ok(())
    }

    /// Whether anybody still listens, and the file could be read to its end.
    fn send_file(
        &self,
        file: i64,
        skipped: i64,
        bytes_before: i64,
        sender: &mpsc::Sender<Result<Batch, FileError>>,
    ) -> Result<bool, FileError> {
        let (mut reader, count) = self.open(usize::try_from(file).unwrap_or(usize::MAX))?;
        let mut record = 0;
        while record < skipped && reader.next().is_some() {
            record += 1;
        }
        loop {
            let rows: Vec<_> = reader.by_ref().take(ROWS_PER_BATCH).collect();
            let is_last = rows.len() < ROWS_PER_BATCH;
            record += i64::try_from(rows.len()).unwrap_or(0);
            let cut = cut(&rows);
            let is_cut = cut.is_some();
            let batch = Batch {
                rows,
                cut,
                end: if is_last {
                    Position {
                        file: file + 1,
                        record: 0,
                    }
                } else {
                    Position { file, record }
                },
                file,
                bytes_read: bytes_before + count.load(Ordering::Relaxed),
                findings: if is_last {
                    reader.findings()
                } else {
                    Vec::new()
                },
            };
            if sender.blocking_send(Ok(batch)).is_err() {
                return Ok(false);
            }
            if is_last {
                return Ok(!is_cut);
            }
        }
    }
}
