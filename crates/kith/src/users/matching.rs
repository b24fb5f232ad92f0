//! Finding the people whom a batch of records may mean.

use std::collections::{HashMap, HashSet};

use db::{Error, Tx};
use import::identifier::IdentityKind;

use super::{Identity, User, store};
use crate::context::Context;
use crate::id::{IdentityId, UserId};

/// By what records know people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Keys<'a> {
    /// Ids in the former system.
    pub provided_ids: Vec<&'a str>,
    /// Identities: the kind, and the form that is compared.
    pub identities: Vec<(IdentityKind, &'a str)>,
    /// Ids here, where something else has told them.
    pub ids: Vec<UserId>,
}

/// A person whom a record may mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matched {
    /// The person.
    pub user: User,
    /// All names by which they are known, oldest first.
    pub identities: Vec<Identity>,
}

/// Everyone who has any of these ids or identities, each once, in no order. A few statements for a whole batch.
///
/// # Errors
/// When the database fails.
pub async fn match_many(cx: &Context, tx: &mut Tx, keys: &Keys<'_>) -> Result<Vec<Matched>, Error> {
    let mut ids = keys.ids.clone();
    ids.append(&mut store::matching::by_provided_ids(tx, cx, &keys.provided_ids).await?);
    ids.append(&mut store::matching::by_identities(tx, cx, &keys.identities).await?);
    ids.sort_unstable();
    ids.dedup();
    let mut matched = Vec::with_capacity(ids.len());
    for some in ids.chunks(store::matching::KEYS_PER_STATEMENT) {
        let some: Vec<&UserId> = some.iter().collect();
        let mut identities: HashMap<UserId, Vec<Identity>> = HashMap::new();
        for identity in store::identities::of_users(tx, &some).await? {
            let own = identities.entry(identity.user_id.clone()).or_default();
            own.push(identity);
        }
        for user in store::matching::by_ids(tx, cx, &some).await? {
            matched.push(Matched {
                identities: identities.remove(&user.id).unwrap_or_default(),
                user,
            });
        }
    }
    Ok(matched)
}

/// Those of some ids that are taken, in any environment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TakenIds {
    /// Ids of people.
    pub users: HashSet<UserId>,
    /// Ids of identities.
    pub identities: HashSet<IdentityId>,
}

/// Which of these ids are taken, so that people who come from another installation can keep the others.
///
/// # Errors
/// When the database fails.
pub async fn taken_ids(
    tx: &mut Tx,
    users: &[&UserId],
    identities: &[&IdentityId],
) -> Result<TakenIds, Error> {
    let mut taken = TakenIds::default();
    for some in users.chunks(store::matching::KEYS_PER_STATEMENT) {
        taken
            .users
            .extend(store::matching::taken_users(tx, some).await?);
    }
    for some in identities.chunks(store::matching::KEYS_PER_STATEMENT) {
        taken
            .identities
            .extend(store::matching::taken_identities(tx, some).await?);
    }
    Ok(taken)
}
