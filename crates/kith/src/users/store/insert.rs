//! Inserting people, many in a statement.

use db::{Error, Tx, Value, placeholders, sql};

use crate::context::Context;
use crate::id::{IdentityId, UserId};
use crate::time::Timestamp;
use crate::users::{NewIdentity, NewUser, folded_name};

const USER_COLUMNS: usize = 19;
const IDENTITY_COLUMNS: usize = 12;

/// Inserts people under these ids, with their identities.
pub(in crate::users) async fn insert_many(
    tx: &mut Tx,
    cx: &Context,
    ids: &[UserId],
    new: Vec<NewUser>,
) -> Result<(), Error> {
    let now = cx.now();
    let mut identities = Vec::with_capacity(new.len());
    let rows_per_insert = cx.db().rows_per_insert(USER_COLUMNS);
    let mut values = Vec::with_capacity(rows_per_insert.min(new.len()) * USER_COLUMNS);
    for (id, mut user) in ids.iter().zip(new) {
        let own = std::mem::take(&mut user.identities);
        identities.extend(own.into_iter().map(|identity| (id, identity)));
        values.extend(user_values(cx, id, user, now));
        if values.len() == rows_per_insert * USER_COLUMNS {
            insert_users(tx, std::mem::take(&mut values)).await?;
        }
    }
    insert_users(tx, values).await?;
    insert_identities(tx, cx, identities, now).await
}

async fn insert_users(tx: &mut Tx, values: Vec<Value>) -> Result<(), Error> {
    if values.is_empty() {
        return Ok(());
    }
    sql(format!(
        "
        insert into users
               (id, environment_id, provided_id, given_name, family_name, folded_name, picture,
                locale, is_suspended, suspended_until, is_password_reset_requested, source, import_run_id, properties,
                total_sign_ins, failed_sign_ins, last_signed_in_at, created_at, updated_at)
        values {}",
        placeholders(values.len() / USER_COLUMNS, USER_COLUMNS)
    ))
    .bind_all(values)
    .execute(tx)
    .await?;
    Ok(())
}

fn user_values(cx: &Context, id: &UserId, user: NewUser, now: Timestamp) -> [Value; USER_COLUMNS] {
    let folded_name = folded_name(user.given_name.as_deref(), user.family_name.as_deref());
    [
        id.into(),
        Value::from(&cx.environment().id),
        user.provided_id.into(),
        user.given_name.into(),
        user.family_name.into(),
        folded_name.into(),
        user.picture.into(),
        user.locale.into(),
        user.is_suspended.into(),
        user.suspended_until.into(),
        user.is_password_reset_requested.into(),
        user.source.as_str().into(),
        user.source.import_run().into(),
        user.properties.into(),
        0_i64.into(),
        0_i64.into(),
        user.last_signed_in_at.into(),
        now.into(),
        now.into(),
    ]
}

async fn insert_identities(
    tx: &mut Tx,
    cx: &Context,
    identities: Vec<(&UserId, NewIdentity)>,
    now: Timestamp,
) -> Result<(), Error> {
    let rows_per_insert = cx.db().rows_per_insert(IDENTITY_COLUMNS);
    for rows in identities.chunks(rows_per_insert) {
        sql(format!(
            "
            insert into identities
                   (id, environment_id, user_id, kind, value, folded, is_verified, is_primary, profile,
                    total_sign_ins, last_signed_in_at, created_at)
            values {}",
            placeholders(rows.len(), IDENTITY_COLUMNS)
        ))
        .bind_all(
            rows.iter()
                .flat_map(|(user, identity)| identity_values(cx, user, identity, now)),
        )
        .execute(tx)
        .await?;
    }
    Ok(())
}

fn identity_values(
    cx: &Context,
    user: &UserId,
    identity: &NewIdentity,
    now: Timestamp,
) -> [Value; IDENTITY_COLUMNS] {
    [
        Value::from(cx.new_id::<IdentityId>()),
        Value::from(&cx.environment().id),
        user.into(),
        identity.identifier.kind().to_string().into(),
        identity.identifier.value().into(),
        identity.identifier.folded().into(),
        identity.is_verified.into(),
        identity.is_primary.into(),
        Value::from(&identity.profile),
        0_i64.into(),
        None::<i64>.into(),
        now.into(),
    ]
}
