//! The SQL of what people had in the former system and that no other table holds.

use db::{Error, Tx, Value, in_list, placeholders, sql};

use crate::context::Context;
use crate::id::UserId;

/// Remembers further ids that people had; those that somebody has stay theirs.
pub(in crate::imports) async fn insert_ids(
    tx: &mut Tx,
    cx: &Context,
    ids: &[(UserId, String)],
) -> Result<(), Error> {
    for rows in ids.chunks(cx.db().rows_per_insert(3)) {
        sql(format!(
            "
            insert into former_ids (environment_id, former_id, user_id)
            values {}
            on conflict do nothing",
            placeholders(rows.len(), 3)
        ))
        .bind_all(rows.iter().flat_map(|(user, id)| {
            [
                Value::from(&cx.environment().id),
                Value::from(id.as_str()),
                Value::from(user),
            ]
        }))
        .execute(tx)
        .await?;
    }
    Ok(())
}

/// Who had one of these ids, beside the one that they are known by.
pub(in crate::imports) async fn people_with_ids(
    tx: &mut Tx,
    cx: &Context,
    ids: &[&str],
) -> Result<Vec<UserId>, Error> {
    let mut found = Vec::new();
    for some in ids.chunks(500) {
        let mut people = sql(format!(
            "select user_id from former_ids where environment_id = $1 and former_id in ({})",
            in_list(2, some.len())
        ))
        .bind(&cx.environment().id)
        .bind_all(some.iter().map(|id| Value::from(*id)))
        .fetch_all(tx)
        .await?;
        found.append(&mut people);
    }
    Ok(found)
}

/// The further ids of these people, sorted.
pub(in crate::imports) async fn ids_of(
    tx: &mut Tx,
    users: &[&UserId],
) -> Result<Vec<(UserId, String)>, Error> {
    let mut ids: Vec<(UserId, String)> = sql(format!(
        "select user_id, former_id from former_ids where user_id in ({})",
        in_list(1, users.len())
    ))
    .bind_all(users.iter().map(|user| Value::from(*user)))
    .fetch_all(tx)
    .await?;
    // Sorted here, since the engines sort text differently.
    ids.sort_unstable();
    Ok(ids)
}
