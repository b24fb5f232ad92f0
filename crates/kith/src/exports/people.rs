//! People as records: all that is known of them, gathered from every slice that knows something.

use std::collections::HashMap;

use db::Tx;
use import::own::{Own, OwnIdentity, OwnMembership};
use import::{Locale, Membership, UserRecord};

use super::ExportError;
use crate::context::Context;
use crate::credentials::former::{self, Former};
use crate::credentials::moved::{self, Moved};
use crate::id::UserId;
use crate::imports::{self, Brought};
use crate::organizations::{self, Standing};
use crate::roles::{self, RightsOf};
use crate::time::Timestamp;
use crate::users::{self, Identity, User};

/// What is known of some people, by person.
struct Known {
    identities: HashMap<UserId, Vec<Identity>>,
    standings: HashMap<UserId, Vec<Standing>>,
    rights: RightsOf,
    brought: HashMap<UserId, Brought>,
    passwords: HashMap<UserId, Moved>,
    factors: HashMap<UserId, Vec<Former>>,
}

/// The records of these people, in their order. A few statements for all of them.
pub(super) async fn records(
    cx: &Context,
    tx: &mut Tx,
    people: Vec<User>,
    with_secrets: bool,
) -> Result<Vec<(UserId, UserRecord)>, ExportError> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<&UserId> = people.iter().map(|user| &user.id).collect();
    let mut known = Known {
        identities: by_person(users::identities_of(tx, &ids).await?, |one| &one.user_id),
        standings: by_person(organizations::standings(tx, &ids).await?, |one| &one.user),
        rights: roles::rights_of(tx, &ids).await?,
        brought: imports::brought(tx, &ids).await?,
        passwords: HashMap::new(),
        factors: HashMap::new(),
    };
    if with_secrets {
        known.factors = former::kept(cx, tx, &ids).await?;
        known.passwords = moved::of_users(cx, tx, &ids).await?.into_iter().collect();
    }
    Ok(people
        .into_iter()
        .map(|user| (user.id.clone(), known.record(user)))
        .collect())
}

fn by_person<T>(all: Vec<T>, whose: impl Fn(&T) -> &UserId) -> HashMap<UserId, Vec<T>> {
    let mut sorted: HashMap<UserId, Vec<T>> = HashMap::new();
    for one in all {
        sorted.entry(whose(&one).clone()).or_default().push(one);
    }
    sorted
}

impl Known {
    fn record(&mut self, user: User) -> UserRecord {
        let id = &user.id;
        let identities = self.identities.remove(id).unwrap_or_default();
        let standings = self.standings.remove(id).unwrap_or_default();
        let brought = self.brought.remove(id).unwrap_or_default();
        let password = self.passwords.remove(id);
        let mut own = Own {
            id: id.to_string(),
            source: user.source,
            created_at: user.created_at.millis(),
            updated_at: user.updated_at.millis(),
            total_sign_ins: user.total_sign_ins,
            failed_sign_ins: user.failed_sign_ins,
            ..Own::default()
        };
        let mut record = UserRecord {
            provided_id: user.provided_id,
            given_name: user.given_name,
            family_name: user.family_name,
            picture: user.picture,
            last_sign_in_at: user.last_signed_in_at.map(Timestamp::millis),
            locale: user
                .locale
                .as_deref()
                .and_then(|tag| Locale::parse(tag).ok()),
            // Where a suspension ends by itself, its end tells whether it holds.
            suspended: Some(user.is_suspended && user.suspended_until.is_none()),
            suspended_until: user.suspended_until.map(Timestamp::millis),
            must_reset_password: Some(user.is_password_reset_requested),
            ..brought.record(user.properties.as_deref())
        };
        for identity in identities {
            add_identity(&identity, &mut record, &mut own);
        }
        for standing in standings {
            let organization = &standing.organization;
            let keys = |rights| RightsOf::keys(rights, id, organization);
            record.organizations.push(Membership {
                external_id: Some(organization.to_string()),
                roles: keys(&self.rights.roles),
                permissions: keys(&self.rights.permissions),
            });
            own.memberships.push(OwnMembership {
                code: organization.to_string(),
                external_id: standing.external_id,
                is_default: standing.is_default,
                joined_at: standing.joined_at.millis(),
                last_sign_in_at: standing.last_signed_in_at.map(Timestamp::millis),
            });
        }
        for factor in self.factors.remove(id).unwrap_or_default() {
            match factor {
                Former::Totp(totp) => record.totp.push(totp),
                Former::RecoveryCode(code) => record.recovery_codes.push(code),
                Former::Passkey(passkey) => record.passkeys.push(passkey),
            }
        }
        if let Some(password) = password {
            record.password = Some(password.hash);
            own.password = Some(password.own);
        }
        record.own = Some(Box::new(own));
        record
    }
}

/// Adds an identity, unless what is stored can't be one any more: then nobody can sign in with it either.
fn add_identity(identity: &Identity, record: &mut UserRecord, own: &mut Own) {
    let Some(identifier) = identity.identifier() else {
        return;
    };
    let profile = identity.profile.as_deref();
    record.identities.push(import::Identity {
        verified: Some(identity.is_verified),
        primary: identity.is_primary,
        profile: profile.and_then(|text| serde_json::from_str(text).ok()),
        ..import::Identity::new(identifier)
    });
    own.identities.push(OwnIdentity {
        id: identity.id.to_string(),
        created_at: identity.created_at.millis(),
        total_sign_ins: identity.total_sign_ins,
        last_sign_in_at: identity.last_signed_in_at.map(Timestamp::millis),
    });
}
