//! Those who are still to come: the tail of the move, to write to them, or to export them again.

use db::Tx;
use futures::Stream;

use super::store;
use crate::context::Context;

pub use super::store::Waiting;

/// How many people are read at a time for a table.
const PIECE: i64 = 500;

/// Those who are still to come, in the order of their ids, after this one (`""` for the first), at most so many.
///
/// # Errors
/// When the database fails.
pub async fn waiting(
    cx: &Context,
    tx: &mut Tx,
    after: &str,
    at_most: i64,
) -> Result<Vec<Waiting>, db::Error> {
    store::waiting(tx, cx, after, at_most).await
}

/// All of them as a table, a piece at a time: `id,external_id,email`.
pub fn table(cx: &Context) -> impl Stream<Item = Result<String, db::Error>> + use<> {
    let head = futures::stream::once(async { Ok("id,external_id,email\n".to_owned()) });
    let pieces = futures::stream::unfold(Some((cx.clone(), String::new())), async |at| {
        let (cx, after) = at?;
        let piece = piece(&cx, &after).await;
        let next = match &piece {
            Ok((_, Some(last))) => Some((cx, last.clone())),
            _ => None,
        };
        Some((piece.map(|(text, _)| text), next))
    });
    futures::StreamExt::chain(head, pieces)
}

/// Some lines of the table, and the last person in them; none where nobody follows.
async fn piece(cx: &Context, after: &str) -> Result<(String, Option<String>), db::Error> {
    let mut tx = cx.db().read().await?;
    let people = waiting(cx, &mut tx, after, PIECE).await?;
    let mut lines = csv::Writer::from_writer(Vec::new());
    for person in &people {
        // Writing into memory doesn't fail.
        let _ = lines.write_record([
            person.id.as_str(),
            person.provided_id.as_deref().unwrap_or_default(),
            person.email.as_deref().unwrap_or_default(),
        ]);
    }
    let text = lines.into_inner().unwrap_or_default();
    let last = people.last().map(|person| person.id.to_string());
    Ok((String::from_utf8(text).unwrap_or_default(), last))
}
