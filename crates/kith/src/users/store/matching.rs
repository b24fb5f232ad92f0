//! The SQL of finding people by many keys.

use db::{Error, Tx, Value, in_list, sql};
use import::identifier::IdentityKind;

use super::USER;
use crate::context::Context;
use crate::id::{IdentityId, UserId};
use crate::users::User;
use crate::users::digest::digest;

/// How many keys one statement looks up.
pub(in crate::users) const KEYS_PER_STATEMENT: usize = 500;

pub(in crate::users) async fn by_provided_ids(
    tx: &mut Tx,
    cx: &Context,
    provided_ids: &[&str],
) -> Result<Vec<UserId>, Error> {
    let mut found = Vec::new();
    for some in provided_ids.chunks(KEYS_PER_STATEMENT) {
        let mut ids = sql(format!(
            "
            select id
              from users
             where environment_id = $1
               and provided_id in ({})",
            in_list(2, some.len())
        ))
        .bind(&cx.environment().id)
        .bind_all(some.iter().map(|id| Value::from(*id)))
        .fetch_all(tx)
        .await?;
        found.append(&mut ids);
    }
    Ok(found)
}

pub(in crate::users) async fn by_identities(
    tx: &mut Tx,
    cx: &Context,
    identities: &[(IdentityKind, &str)],
) -> Result<Vec<UserId>, Error> {
    let environment = &cx.environment().id;
    let mut found = Vec::new();
    for some in identities.chunks(KEYS_PER_STATEMENT) {
        let mut ids = sql(format!(
            "
            select user_id
              from identities
             where digest in ({})",
            in_list(1, some.len())
        ))
        .bind_all(
            some.iter()
                .map(|(kind, folded)| Value::from(digest(environment, kind, folded))),
        )
        .fetch_all(tx)
        .await?;
        found.append(&mut ids);
    }
    Ok(found)
}

pub(in crate::users) async fn by_ids(
    tx: &mut Tx,
    cx: &Context,
    ids: &[&UserId],
) -> Result<Vec<User>, Error> {
    sql(format!(
        "
        select {USER}
         where users.environment_id = $1
           and users.id in ({})",
        in_list(2, ids.len())
    ))
    .bind(&cx.environment().id)
    .bind_all(ids.iter().map(|id| Value::from(*id)))
    .fetch_all(tx)
    .await
}

pub(in crate::users) async fn taken_users(
    tx: &mut Tx,
    ids: &[&UserId],
) -> Result<Vec<UserId>, Error> {
    sql(format!(
        "select id from users where id in ({})",
        in_list(1, ids.len())
    ))
    .bind_all(ids.iter().map(|id| Value::from(*id)))
    .fetch_all(tx)
    .await
}

pub(in crate::users) async fn taken_identities(
    tx: &mut Tx,
    ids: &[&IdentityId],
) -> Result<Vec<IdentityId>, Error> {
    sql(format!(
        "select id from identities where id in ({})",
        in_list(1, ids.len())
    ))
    .bind_all(ids.iter().map(|id| Value::from(*id)))
    .fetch_all(tx)
    .await
}
