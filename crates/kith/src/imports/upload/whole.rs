//! Files that come in one request.

use std::error::Error as StdError;

use bytes::Bytes;
use futures::Stream;

use super::{StartError, UploadError, forget};
use crate::context::Context;
use crate::id::ImportRunId;
use crate::imports::{Options, Run, store};

/// Files on their way.
pub struct Upload {
    cx: Context,
    id: ImportRunId,
}

impl Upload {
    /// Makes room for files.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn begin(cx: &Context, options: Options) -> Result<Self, db::Error> {
        let mut tx = cx.db().begin().await?;
        let run = super::begin(cx, &mut tx, &options).await?;
        tx.commit().await?;
        Ok(Self {
            cx: cx.clone(),
            id: run.id,
        })
    }

    /// The import that the files are of.
    #[must_use]
    pub fn run_id(&self) -> &ImportRunId {
        &self.id
    }

    /// Keeps a file as it arrives. Says whether there was anything in it.
    ///
    /// # Errors
    /// [`UploadError`]; the upload is of no use then.
    pub async fn add<E: StdError + Send + Sync + 'static>(
        &mut self,
        name: &str,
        content: impl Stream<Item = Result<Bytes, E>>,
    ) -> Result<bool, UploadError> {
        let mut tx = self.cx.db().begin().await?;
        let file = super::add_file(&self.cx, &mut tx, &self.id, name, None).await?;
        tx.commit().await?;
        let file = super::append(&self.cx, &self.id, file.number, 0, content).await?;
        Ok(file.received > 0)
    }

    /// Looks at the files, and hands the import to the worker. `source` is none to tell it from the files.
    ///
    /// # Errors
    /// [`StartError`] when the files can't be imported; nothing is kept of them then.
    pub async fn finish(self, source: Option<String>, is_dry_run: bool) -> Result<Run, StartError> {
        match super::complete(&self.cx, &self.id, source, is_dry_run).await {
            Ok(run) => Ok(run),
            Err(error) => {
                self.discard().await?;
                Err(error)
            }
        }
    }

    /// Forgets the files, and that they were sent.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn discard(self) -> Result<(), db::Error> {
        forget(&self.cx, &self.id).await?;
        let mut tx = self.cx.db().begin().await?;
        store::delete(&mut tx, &self.id).await?;
        tx.commit().await
    }
}
