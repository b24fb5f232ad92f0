//! Inserting people, many in a statement.

use db::{Error, Tx, Value, rows};

use crate::context::Context;
use crate::id::{IdentityId, UserId};
use crate::time::Timestamp;
use crate::users::digest::digest;
use crate::users::{KeptIdentity, NewIdentity, NewUser, folded_name};

const USERS: &[&str] = &[
    "id",
    "environment_id",
    "provided_id",
    "given_name",
    "family_name",
    "folded_name",
    "picture",
    "locale",
    "is_suspended",
    "suspended_until",
    "is_password_reset_requested",
    "source",
    "import_run_id",
    "properties",
    "total_sign_ins",
    "failed_sign_ins",
    "last_signed_in_at",
    "created_at",
    "updated_at",
];
const USER_COLUMNS: usize = USERS.len();

const IDENTITIES: &[&str] = &[
    "id",
    "environment_id",
    "user_id",
    "kind",
    "value",
    "folded",
    "digest",
    "is_verified",
    "is_primary",
    "profile",
    "total_sign_ins",
    "last_signed_in_at",
    "created_at",
];
const IDENTITY_COLUMNS: usize = IDENTITIES.len();

/// Inserts people under these ids, with their identities.
pub(in crate::users) async fn insert_many(
    tx: &mut Tx,
    cx: &Context,
    ids: &[UserId],
    new: Vec<NewUser>,
) -> Result<(), Error> {
    let now = cx.now();
    let (mut users, mut identities) = (rows("users", USERS), rows("identities", IDENTITIES));
    for (id, mut user) in ids.iter().zip(new) {
        let own = std::mem::take(&mut user.identities);
        let kept = user.kept.as_mut();
        let kept = kept.map(|kept| std::mem::take(&mut kept.identities));
        let mut kept = kept.unwrap_or_default().into_iter();
        for identity in own {
            let kept = kept.next();
            identities.push(identity_values(cx, id, &identity, kept.as_ref(), now));
        }
        users.push(user_values(cx, id, user, now));
    }
    users.insert(tx).await?;
    identities.insert(tx).await
}

fn user_values(cx: &Context, id: &UserId, user: NewUser, now: Timestamp) -> [Value; USER_COLUMNS] {
    let folded_name = folded_name(user.given_name.as_deref(), user.family_name.as_deref());
    let kept = user.kept;
    let source = match &kept {
        Some(kept) => Value::from(kept.source.as_str()),
        None => user.source.as_str().into(),
    };
    let (created_at, updated_at) = kept
        .as_ref()
        .map_or((now, now), |kept| (kept.created_at, kept.updated_at));
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
        source,
        user.source.import_run().into(),
        user.properties.into(),
        kept.as_ref().map_or(0, |kept| kept.total_sign_ins).into(),
        kept.as_ref().map_or(0, |kept| kept.failed_sign_ins).into(),
        user.last_signed_in_at.into(),
        created_at.into(),
        updated_at.into(),
    ]
}

fn identity_values(
    cx: &Context,
    user: &UserId,
    identity: &NewIdentity,
    kept: Option<&KeptIdentity>,
    now: Timestamp,
) -> [Value; IDENTITY_COLUMNS] {
    let id = kept.and_then(|kept| kept.id.clone());
    let (kind, folded) = (identity.identifier.kind(), identity.identifier.folded());
    [
        Value::from(id.unwrap_or_else(|| cx.new_id::<IdentityId>())),
        Value::from(&cx.environment().id),
        user.into(),
        kind.to_string().into(),
        identity.identifier.value().into(),
        folded.into(),
        digest(&cx.environment().id, &kind, folded).into(),
        identity.is_verified.into(),
        identity.is_primary.into(),
        Value::from(&identity.profile),
        kept.map_or(0, |kept| kept.total_sign_ins).into(),
        kept.and_then(|kept| kept.last_signed_in_at).into(),
        kept.map_or(now, |kept| kept.created_at).into(),
    ]
}
