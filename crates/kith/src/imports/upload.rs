//! Files that come over the network: kept in the database in pieces, so that any node can read them and memory stays flat
//! whatever their size.

use std::error::Error as StdError;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures::{Stream, TryStreamExt as _};

use super::input::{Content, Input};
use super::start::{self, StartError};
use super::{Options, Run, State, store};
use crate::context::Context;
use crate::error::{Code, Coded};
use crate::id::ImportRunId;

/// 512 KiB: large enough that a piece costs little, small enough that a few in memory don't matter.
const PIECE: usize = 512 * 1024;

/// How long files that nobody decides about are kept: they hold password hashes.
pub(super) const KEPT: Duration = Duration::from_hours(24);

/// Files on their way.
pub struct Upload {
    cx: Context,
    id: ImportRunId,
    options: Options,
    inputs: Vec<Input>,
}

/// A file did not arrive.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    /// The connection broke, or the body is malformed.
    #[error("the file did not arrive whole; send it again")]
    Broken(#[source] Box<dyn StdError + Send + Sync>),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Coded for UploadError {
    fn code(&self) -> Code {
        match self {
            Self::Broken(_) => Code::INVALID_BODY,
            Self::Db(error) => Coded::code(error),
        }
    }
}

impl Upload {
    /// Makes room for files.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn begin(cx: &Context, options: Options) -> Result<Self, db::Error> {
        let run = Run::new(cx, State::Uploading);
        let mut tx = cx.db().begin().await?;
        store::insert(&mut tx, cx, &run, &start::seal(cx, &options)).await?;
        store::keep_until(&mut tx, &run.id, cx.now() + KEPT).await?;
        tx.commit().await?;
        Ok(Self {
            cx: cx.clone(),
            id: run.id,
            options,
            inputs: Vec::new(),
        })
    }

    /// Keeps a file as it arrives. An empty one is left out; says whether it was kept.
    ///
    /// # Errors
    /// [`UploadError`]; the upload is of no use then.
    pub async fn add<E: StdError + Send + Sync + 'static>(
        &mut self,
        name: &str,
        content: impl Stream<Item = Result<Bytes, E>>,
    ) -> Result<bool, UploadError> {
        let file = i64::try_from(self.inputs.len()).unwrap_or(i64::MAX);
        let (mut piece, mut n_pieces, mut bytes) = (BytesMut::new(), 0, 0);
        let mut content = std::pin::pin!(content);
        loop {
            let part = content.try_next().await;
            let part = part.map_err(|error| UploadError::Broken(Box::new(error)))?;
            let is_over = part.is_none();
            piece.extend_from_slice(&part.unwrap_or_default());
            while piece.len() >= PIECE || (is_over && !piece.is_empty()) {
                let whole = piece.split_to(piece.len().min(PIECE));
                bytes += i64::try_from(whole.len()).unwrap_or(0);
                let mut tx = self.cx.db().begin().await?;
                store::chunks::insert(&mut tx, &self.id, (file, n_pieces), &whole).await?;
                tx.commit().await?;
                n_pieces += 1;
            }
            if is_over {
                break;
            }
        }
        if bytes > 0 {
            self.inputs.push(Input {
                name: name.to_owned(),
                content: Content::Stored {
                    run: self.id.clone(),
                    file,
                    bytes,
                },
            });
        }
        Ok(bytes > 0)
    }

    /// Looks at the files, and hands the import to the worker. `source` is none to tell it from the files.
    ///
    /// # Errors
    /// [`StartError`] when the files can't be imported; nothing is kept of them then.
    pub async fn finish(self, source: Option<String>, is_dry_run: bool) -> Result<Run, StartError> {
        let state = if is_dry_run {
            State::Checking
        } else {
            State::Running
        };
        let mut run = Run {
            id: self.id.clone(),
            is_dry_run,
            is_uploaded: true,
            ..Run::new(&self.cx, state)
        };
        match start::look(&self.cx, source, self.inputs.clone(), &self.options).await {
            Ok((source, files)) => {
                run.source = source.name.to_owned();
                run.files = files.into_iter().map(|(file, _)| file).collect();
            }
            Err(error) => {
                self.discard().await?;
                return Err(error);
            }
        }
        let mut tx = self.cx.db().begin().await?;
        store::set_uploaded(&mut tx, &run).await?;
        start::tell(&self.cx, &mut tx, &run).await?;
        tx.commit().await?;
        self.cx.wake_worker();
        Ok(run)
    }

    /// Forgets the files, and that they were sent.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn discard(self) -> Result<(), db::Error> {
        let mut tx = self.cx.db().begin().await?;
        store::delete(&mut tx, &self.id).await?;
        tx.commit().await
    }
}
