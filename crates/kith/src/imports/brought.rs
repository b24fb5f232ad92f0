//! What people brought along from a former system and that no other slice holds: for exports.

use std::collections::HashMap;

use db::{Error, Tx};
use import::UserRecord;

use super::former::Former;
use super::store;
use crate::id::UserId;

/// What a person brought along.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Brought {
    /// Further ids that they had.
    pub alternate_ids: Vec<String>,
}

impl Brought {
    /// A record of what they brought; `properties` is what [`crate::users::User::properties`] keeps of it.
    #[must_use]
    pub fn record(self, properties: Option<&str>) -> UserRecord {
        let former = Former::parse(properties);
        UserRecord {
            alternate_ids: self.alternate_ids,
            created_at: former.created_at,
            properties: former.properties,
            private_properties: former.private_properties,
            feature_flags: former.feature_flags,
            ..UserRecord::default()
        }
    }
}

/// What these people brought along; who brought nothing is missing.
///
/// # Errors
/// When the database fails.
pub async fn brought(tx: &mut Tx, users: &[&UserId]) -> Result<HashMap<UserId, Brought>, Error> {
    let mut brought: HashMap<UserId, Brought> = HashMap::new();
    for (user, id) in store::former::ids_of(tx, users).await? {
        brought.entry(user).or_default().alternate_ids.push(id);
    }
    Ok(brought)
}
