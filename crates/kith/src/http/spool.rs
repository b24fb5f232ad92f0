//! Uploads that are read by something that waits: kept in a temporary file as they arrive, so that no memory grows with them.

use std::error::Error as StdError;
use std::fs::File;
use std::io;

use axum::body::Bytes;
use futures::{Stream, TryStreamExt as _};
use tokio::io::{AsyncSeekExt as _, AsyncWriteExt as _};

use crate::error::{Code, Coded};

/// Why an upload was not kept.
#[derive(Debug, thiserror::Error)]
pub enum SpoolError {
    /// It broke off.
    #[error("the upload broke off; send it again")]
    Broken(#[source] Box<dyn StdError + Send + Sync>),
    /// The disk is full, or not ours to write.
    #[error("the upload can't be kept")]
    Disk(#[from] io::Error),
}

impl Coded for SpoolError {
    fn code(&self) -> Code {
        match self {
            Self::Broken(_) => Code::INVALID_BODY,
            Self::Disk(_) => Code::INTERNAL,
        }
    }
}

/// Keeps what arrives in a file that is gone when it is closed, and hands that out from its beginning.
///
/// # Errors
/// [`SpoolError::Broken`] when the upload breaks off; [`SpoolError::Disk`] when it can't be written.
pub async fn spool<E: StdError + Send + Sync + 'static>(
    content: impl Stream<Item = Result<Bytes, E>>,
) -> Result<File, SpoolError> {
    let mut file = tokio::fs::File::from_std(tempfile::tempfile()?);
    let mut content = std::pin::pin!(content);
    while let Some(piece) = content
        .try_next()
        .await
        .map_err(|error| SpoolError::Broken(Box::new(error)))?
    {
        file.write_all(&piece).await?;
    }
    file.flush().await?;
    file.rewind().await?;
    Ok(file.into_std().await)
}
