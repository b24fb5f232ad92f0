//! What a batch needs to know before it can be planned.

use std::collections::HashSet;

use db::{Error, Tx};
use import::identifier::IdentityKind;
use import::plan::{EditedHere, Existing, KnownIdentity, Policy};
use import::source::Row;
use import::{Locale, Problem, UserRecord};

use super::former::Former;
use super::known::Found;
use super::{Options, store};
use crate::context::Context;
use crate::credentials::password;
use crate::events::{self, Edits};
use crate::id::ImportRunId;
use crate::time::Timestamp;
use crate::users::{self, Keys, Matched};

/// Everyone in the database whom these records may mean. `run` is the import that they are of, where they are of one.
///
/// # Errors
/// When the database fails.
pub(super) async fn find_people(
    cx: &Context,
    tx: &mut Tx,
    run: Option<&ImportRunId>,
    records: &[&UserRecord],
) -> Result<Vec<Found>, Error> {
    if records.is_empty() {
        return Ok(Vec::new());
    }
    let similar = records.iter().flat_map(|record| record.untagged_emails());
    let similar: Vec<String> = similar.collect();
    let mut keys = Keys::default();
    let emails = similar
        .iter()
        .map(|email| (IdentityKind::Email, email.as_str()));
    keys.identities.extend(emails);
    for record in records {
        keys.provided_ids.extend(record.provided_id.as_deref());
        keys.provided_ids
            .extend(record.alternate_ids.iter().map(String::as_str));
        keys.identities.extend(
            record
                .identities
                .iter()
                .map(|identity| (identity.kind(), identity.folded())),
        );
    }
    keys.ids = store::former::people_with_ids(tx, cx, &keys.provided_ids).await?;
    let own = records.iter().filter_map(|record| record.own.as_ref());
    keys.ids.extend(own.filter_map(|own| own.id.parse().ok()));
    let matched = users::match_many(cx, tx, &keys).await?;
    let ids: Vec<_> = matched.iter().map(|matched| &matched.user.id).collect();
    let mut holdings = store::people::holdings(tx, &ids).await?;
    let edits = events::edits(tx, &ids).await?;
    let found = matched.into_iter().map(|matched| {
        let held = holdings.remove(&matched.user.id).unwrap_or_default();
        let edits = edits.get(&matched.user.id).copied().unwrap_or_default();
        Found {
            id: matched.user.id.clone(),
            is_of_run: run.is_some() && matched.user.import_run_id.as_ref() == run,
            person: existing(matched, held, edits),
        }
    });
    Ok(found.collect())
}

fn existing(matched: Matched, held: store::people::Holdings, edits: Edits) -> Existing {
    let Matched { user, identities } = matched;
    let former = Former::parse(user.properties.as_deref());
    Existing {
        has_signed_in: user.total_sign_ins > 0,
        user_id: user.id.to_string(),
        provided_id: user.provided_id,
        alternate_ids: held.alternate_ids,
        given_name: user.given_name,
        family_name: user.family_name,
        picture: user.picture,
        locale: user
            .locale
            .as_deref()
            .and_then(|tag| Locale::parse(tag).ok()),
        suspended: user.is_suspended,
        suspended_until: user.suspended_until.map(Timestamp::millis),
        edited_here: EditedHere {
            profile: edits.is_updated,
            suspension: edits.is_unsuspended,
        },
        identities: identities
            .into_iter()
            .map(|identity| KnownIdentity {
                kind: identity.kind,
                folded: identity.folded,
                verified: identity.is_verified,
            })
            .collect(),
        password: held.password,
        factors: held.factors,
        memberships: held.memberships,
        properties: former.properties,
        private_properties: former.private_properties,
        feature_flags: former.feature_flags,
    }
}

/// Calls `plan` with the policy of an import.
pub(super) fn with_policy<T>(
    cx: &Context,
    options: &Options,
    plan: impl FnOnce(&Policy<'_>) -> T,
) -> T {
    plan(&Policy {
        on_conflict: options.on_conflict(),
        digest: &|hash| password::digest(cx, hash),
    })
}

/// The keys that several of these rows have.
pub(super) fn repeated(rows: &[Result<Row, Problem>]) -> HashSet<u64> {
    super::known::repeated(rows.iter().flatten().map(|row| &row.record))
}
