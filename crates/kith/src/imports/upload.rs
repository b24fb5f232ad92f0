//! Files that come over the network: kept in the database in pieces, so that any node can take and read them and memory stays
//! flat whatever their size.
//!
//! A file may come in one request ([`Upload`]) or in as many as it takes: whoever brings it asks how much is here ([`arrived`])
//! and goes on from there ([`append`]), at whichever node, after whatever broke. Bytes that come twice are kept once, also when
//! two bring them at the same time: a piece is kept in the transaction that counts its bytes, and only by who saw the count
//! before it.
//!
//! Nothing of a file is looked at before [`complete`] says that all of them are here.

mod whole;

pub use whole::Upload;

use std::error::Error as StdError;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use db::Tx;
use futures::{Stream, TryStreamExt as _};
use serde::Serialize;
use utoipa::ToSchema;

use super::input::{Content, Input};
use super::start::{self, StartError};
use super::{NotFound, Options, Run, State, store};
use crate::context::{App, Context};
use crate::error::{Code, Coded};
use crate::id::ImportRunId;

/// 512 KiB: large enough that a piece costs little, small enough that a few in memory don't matter.
const PIECE: usize = 512 * 1024;

/// How long files that nobody decides about, or that nobody goes on sending, are kept: they hold password hashes.
pub(super) const KEPT: Duration = Duration::from_hours(24);

/// How much of a file is here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = import_upload_file)]
pub struct Arrived {
    /// Which file of the import, from 0.
    pub number: i64,
    /// Its name.
    pub name: String,
    /// So many bytes of it are here: the offset from which to go on.
    pub received: i64,
    /// Its size, where it was said.
    pub bytes: Option<i64>,
}

/// A file did not arrive.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    /// There is no such import.
    #[error(transparent)]
    NotFound(#[from] NotFound),
    /// There is no such file, or none that is still on its way.
    #[error(
        "no such file of the import is on its way; ask which ones are, or whether the import has begun"
    )]
    NoFile,
    /// Files have been sent; no more can be.
    #[error("the import is {0}, so it takes no more files")]
    State(&'static str),
    /// The bytes before these are not here.
    #[error("{received} bytes of the file are here; go on from there")]
    Offset {
        /// How many are.
        received: i64,
    },
    /// The connection broke, or the body is malformed.
    #[error("the file did not arrive whole; send it again, or go on from where it broke off")]
    Broken(#[source] Box<dyn StdError + Send + Sync>),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Coded for UploadError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound(error) => error.code(),
            Self::NoFile => Code::IMPORT_FILE_NOT_FOUND,
            Self::State(_) => Code::IMPORT_STATE,
            Self::Offset { .. } => Code::IMPORT_OFFSET,
            Self::Broken(_) => Code::INVALID_BODY,
            Self::Db(error) => Coded::code(error),
        }
    }
}

/// Makes room for the files of an import.
///
/// # Errors
/// When the database fails.
pub async fn begin(cx: &Context, tx: &mut Tx, options: &Options) -> Result<Run, db::Error> {
    let run = Run {
        is_uploaded: true,
        ..Run::new(cx, State::Uploading)
    };
    store::insert(tx, cx, &run, &start::seal(cx, options)).await?;
    store::keep_until(tx, &run.id, cx.now() + KEPT).await?;
    Ok(run)
}

/// Announces a file, with its size where that is known.
///
/// # Errors
/// [`UploadError::NotFound`], [`UploadError::State`] when the import takes no more files, and when the database fails.
pub async fn add_file(
    cx: &Context,
    tx: &mut Tx,
    run: &ImportRunId,
    name: &str,
    bytes: Option<i64>,
) -> Result<Arrived, UploadError> {
    // Also what lets two files of one import be announced only one after the other.
    if !store::keep_uploading(tx, cx, run, cx.now() + KEPT).await? {
        let run = store::find(tx, cx, run).await?.ok_or(NotFound)?;
        return Err(UploadError::State(run.state.as_str()));
    }
    let before = store::uploads::of_run(tx, run).await?;
    let file = Arrived {
        number: i64::try_from(before.len()).unwrap_or(i64::MAX),
        name: name.to_owned(),
        received: 0,
        bytes,
    };
    store::uploads::insert(tx, run, &file).await?;
    Ok(file)
}

/// How much of each file of an import is here, in the order in which they were announced.
///
/// # Errors
/// [`UploadError::NotFound`], and when the database fails.
pub async fn arrived(
    cx: &Context,
    tx: &mut Tx,
    run: &ImportRunId,
) -> Result<Vec<Arrived>, UploadError> {
    store::find(tx, cx, run).await?.ok_or(NotFound)?;
    Ok(store::uploads::of_run(tx, run).await?)
}

/// Keeps bytes of a file that begin at `offset`, as they arrive. Those that are here already are passed over, so whoever is not
/// sure how far they came may send some again. What arrived before an error is kept.
///
/// # Errors
/// [`UploadError`]: [`UploadError::Offset`] when bytes before these are missing.
pub async fn append<E: StdError + Send + Sync + 'static>(
    cx: &Context,
    run: &ImportRunId,
    file: i64,
    offset: i64,
    content: impl Stream<Item = Result<Bytes, E>>,
) -> Result<Arrived, UploadError> {
    let mut file = still_open(cx, run, file).await?;
    if !(0..=file.received).contains(&offset) {
        return Err(UploadError::Offset {
            received: file.received,
        });
    }
    let mut tx = cx.db().begin().await?;
    store::keep_uploading(&mut tx, cx, run, cx.now() + KEPT).await?;
    tx.commit().await?;
    let (mut piece, mut position) = (BytesMut::new(), offset);
    let mut content = std::pin::pin!(content);
    loop {
        let part = content.try_next().await;
        let is_over = !matches!(part, Ok(Some(_)));
        if let Ok(Some(part)) = &part {
            piece.extend_from_slice(part);
        }
        while piece.len() >= PIECE || (is_over && !piece.is_empty()) {
            let whole = piece.split_to(piece.len().min(PIECE));
            keep(cx, run, &mut file, position, &whole).await?;
            position += size(&whole);
        }
        match part {
            Ok(Some(_)) => {}
            Ok(None) => return Ok(file),
            Err(error) => return Err(UploadError::Broken(Box::new(error))),
        }
    }
}

/// Keeps those of the bytes from a position on that are not here yet.
async fn keep(
    cx: &Context,
    run: &ImportRunId,
    file: &mut Arrived,
    position: i64,
    bytes: &[u8],
) -> Result<(), UploadError> {
    loop {
        let n_here = usize::try_from(file.received - position).unwrap_or(0);
        let news = bytes.get(n_here..).unwrap_or_default();
        if news.is_empty() {
            return Ok(());
        }
        let (before, after) = (file.received, file.received + size(news));
        let mut tx = cx.db().begin().await?;
        if store::uploads::advance(&mut tx, run, file.number, (before, after)).await? {
            store::chunks::insert(&mut tx, run, (file.number, before), news.to_vec()).await?;
            tx.commit().await?;
            file.received = after;
            return Ok(());
        }
        drop(tx);
        // Somebody else brings the file too, and is ahead.
        *file = still_open(cx, run, file.number).await?;
    }
}

async fn still_open(cx: &Context, run: &ImportRunId, file: i64) -> Result<Arrived, UploadError> {
    let mut tx = cx.db().read().await?;
    let found = store::uploads::find(&mut tx, cx, run, file).await?;
    found.ok_or(UploadError::NoFile)
}

fn size(bytes: &[u8]) -> i64 {
    i64::try_from(bytes.len()).unwrap_or(i64::MAX)
}

/// Looks at the files, and hands the import to the worker. `source` is none for the one that was chosen before, or else to tell
/// it from the files. Empty files are left out.
///
/// # Errors
/// [`StartError`]: the files are kept and the import waits for more, or for another source.
pub async fn complete(
    cx: &Context,
    id: &ImportRunId,
    source: Option<String>,
    is_dry_run: bool,
) -> Result<Run, StartError> {
    let mut tx = cx.db().read().await?;
    let run = store::find(&mut tx, cx, id).await?.ok_or(NotFound)?;
    if run.state != State::Uploading {
        return Err(StartError::State(run.state.as_str()));
    }
    let options = start::options(cx, &mut tx, id).await?;
    let source = source.or_else(|| options.source.clone());
    let inputs = inputs(&mut tx, id).await?;
    drop(tx);
    let (source, files) = start::look(cx, source, inputs, &options).await?;
    if !is_dry_run {
        start::weigh(cx, source, &files, &options).await?;
    }
    let run = Run {
        source: source.name.to_owned(),
        state: if is_dry_run {
            State::Checking
        } else {
            State::Running
        },
        is_dry_run,
        files: files.into_iter().map(|(file, _)| file).collect(),
        ..run
    };
    let mut tx = cx.db().begin().await?;
    if !store::set_uploaded(&mut tx, &run).await? {
        return Err(StartError::State("under way"));
    }
    start::tell(cx, &mut tx, &run).await?;
    tx.commit().await?;
    cx.wake_worker();
    Ok(run)
}

/// The files of an import that has them all, in the order in which they were announced. Empty ones are left out.
///
/// # Errors
/// [`StartError::Incomplete`], and when the database fails.
pub(super) async fn inputs(tx: &mut Tx, id: &ImportRunId) -> Result<Vec<Input>, StartError> {
    let files = store::uploads::of_run(tx, id).await?;
    let is_short = |file: &&Arrived| file.bytes.is_some_and(|bytes| bytes != file.received);
    if let Some(file) = files.iter().find(is_short) {
        return Err(StartError::Incomplete {
            name: file.name.clone(),
            received: file.received,
            bytes: file.bytes.unwrap_or_default(),
        });
    }
    let files = files.into_iter().filter(|file| file.received > 0);
    let inputs = files.map(|file| Input {
        name: file.name,
        content: Content::Stored {
            run: id.clone(),
            file: file.number,
            bytes: file.received,
        },
    });
    Ok(inputs.collect())
}

/// Forgets the files of runs that are over. Each transaction forgets a little: a file may be larger than what a database forgets
/// in a moment, and others wait to write.
///
/// # Errors
/// When the database fails; what is left is forgotten the next time.
pub(super) async fn forget_left_over(app: &App) -> Result<(), db::Error> {
    loop {
        let run = store::uploads::first_left_over(&mut app.db().read().await?).await?;
        let Some(run) = run else { return Ok(()) };
        forget(app, &run).await?;
    }
}

/// Forgets the files of a run.
async fn forget(app: &App, run: &ImportRunId) -> Result<(), db::Error> {
    loop {
        let mut tx = app.db().begin().await?;
        let is_more = store::chunks::delete_some(&mut tx, run).await?;
        if !is_more {
            store::uploads::delete(&mut tx, run).await?;
        }
        tx.commit().await?;
        if !is_more {
            return Ok(());
        }
    }
}
