//! The pieces of uploaded files: their SQL, and a reader over them.

use std::io::{self, Read};

use db::{Db, Error, Tx, sql};
use tokio::runtime::Handle;

use crate::id::ImportRunId;

/// How many pieces are deleted at once: a few MiB, so that nobody waits for it.
const PIECES_PER_DELETE: i64 = 8;

/// Keeps the piece of a file that begins at this position.
pub(in crate::imports) async fn insert(
    tx: &mut Tx,
    run: &ImportRunId,
    (file, position): (i64, i64),
    content: Vec<u8>,
) -> Result<(), Error> {
    sql("insert into import_chunks (run_id, file, position, content) values ($1, $2, $3, $4)")
        .bind(run)
        .bind(file)
        .bind(position)
        .bind(content)
        .execute(tx)
        .await?;
    Ok(())
}

async fn find(
    tx: &mut Tx,
    run: &ImportRunId,
    (file, position): (i64, i64),
) -> Result<Option<Vec<u8>>, Error> {
    sql("select content from import_chunks where run_id = $1 and file = $2 and position = $3")
        .bind(run)
        .bind(file)
        .bind(position)
        .fetch_optional(tx)
        .await
}

/// Forgets some pieces of a run's files. Says whether there may be more.
pub(in crate::imports) async fn delete_some(tx: &mut Tx, run: &ImportRunId) -> Result<bool, Error> {
    let n_deleted = sql("
        delete from import_chunks
         where run_id = $1
           and (file, position) in (select file, position
                                      from import_chunks
                                     where run_id = $1
                                     limit $2)")
    .bind(run)
    .bind(PIECES_PER_DELETE)
    .execute(tx)
    .await?;
    Ok(n_deleted > 0)
}

/// Reads a file from its pieces, one in memory at a time. It blocks, so it belongs on a thread where that is allowed.
pub(in crate::imports) struct Chunks {
    db: Db,
    runtime: Handle,
    run: ImportRunId,
    file: i64,
    next: i64,
    piece: io::Cursor<Vec<u8>>,
}

impl Chunks {
    pub(in crate::imports) fn new(db: Db, run: ImportRunId, file: i64) -> Self {
        Self {
            db,
            runtime: Handle::current(),
            run,
            file,
            next: 0,
            piece: io::Cursor::default(),
        }
    }

    /// Whether there was another piece.
    fn advance(&mut self) -> io::Result<bool> {
        let place = (self.file, self.next);
        let content = self.runtime.block_on(async {
            let mut tx = self.db.read().await?;
            find(&mut tx, &self.run, place).await
        });
        let Some(content) = content.map_err(io::Error::other)? else {
            return Ok(false);
        };
        self.next += i64::try_from(content.len()).unwrap_or(i64::MAX);
        self.piece = io::Cursor::new(content);
        Ok(true)
    }
}

impl Read for Chunks {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let n_bytes = self.piece.read(buffer)?;
            if n_bytes > 0 || buffer.is_empty() || !self.advance()? {
                return Ok(n_bytes);
            }
        }
    }
}
