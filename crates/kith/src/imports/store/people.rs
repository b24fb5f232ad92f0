//! The SQL of what plans have to know about people, beside what [`users::match_many`] tells: passwords, memberships, rights.

use std::collections::HashMap;

use db::{Error, FromRow, Tx, Value, in_list, sql};
use import::Membership;
use import::plan::{Factors, KnownPassword};

use crate::credentials::former::Kind;
use crate::id::UserId;

/// How many people one statement is about.
const PEOPLE_PER_STATEMENT: usize = 500;

/// What is known of a person.
#[derive(Default)]
pub(in crate::imports) struct Holdings {
    pub(in crate::imports) password: KnownPassword,
    pub(in crate::imports) factors: Factors,
    pub(in crate::imports) alternate_ids: Vec<String>,
    pub(in crate::imports) memberships: Vec<Membership>,
}

/// What each of these people has. Who has nothing is missing.
pub(in crate::imports) async fn holdings(
    tx: &mut Tx,
    people: &[&UserId],
) -> Result<HashMap<UserId, Holdings>, Error> {
    let mut found = Found::default();
    for some in people.chunks(PEOPLE_PER_STATEMENT) {
        for (user, set_by, digest) in of_people(tx, PASSWORDS, some).await? {
            let (set_by, digest): (String, Option<String>) = (set_by, digest);
            found.of(user).password = known_password(&set_by, digest);
        }
        for (user, id) in of_people(tx, FORMER_IDS, some).await? {
            found.of(user).alternate_ids.push(id);
        }
        for (user, kind) in of_people(tx, FACTORS, some).await? {
            let factors = &mut found.of(user).factors;
            match kind {
                Kind::Totp => factors.totp = true,
                Kind::RecoveryCode => factors.recovery_codes = true,
                Kind::Passkey => factors.passkeys = true,
            }
        }
        for (user, is_default, external_id) in of_people(tx, MEMBERSHIPS, some).await? {
            found.of(user).membership(is_default, external_id);
        }
        for (user, is_default, external_id, role) in of_people(tx, ROLES, some).await? {
            found
                .of(user)
                .membership(is_default, external_id)
                .roles
                .push(role);
        }
        for (user, is_default, external_id, key) in of_people(tx, PERMISSIONS, some).await? {
            let membership = found.of(user).membership(is_default, external_id);
            membership.permissions.push(key);
        }
    }
    Ok(found.0)
}

#[derive(Default)]
struct Found(HashMap<UserId, Holdings>);

impl Found {
    fn of(&mut self, user: UserId) -> &mut Holdings {
        self.0.entry(user).or_default()
    }
}

impl Holdings {
    /// The membership of an organization, which plans know by its external id; the default one has none there.
    fn membership(&mut self, is_default: bool, external_id: Option<String>) -> &mut Membership {
        let external_id = external_id.filter(|_| !is_default);
        let same = |known: &Membership| known.external_id == external_id;
        let known = self.memberships.iter().position(same);
        let index = known.unwrap_or_else(|| {
            self.memberships.push(Membership {
                external_id,
                roles: Vec::new(),
                permissions: Vec::new(),
            });
            self.memberships.len() - 1
        });
        &mut self.memberships[index]
    }
}

fn known_password(set_by: &str, digest: Option<String>) -> KnownPassword {
    let digest = digest.and_then(|text| hex::decode(text).ok()?.try_into().ok());
    match digest {
        Some(digest) if set_by == "import" => KnownPassword::Imported { digest },
        _ => KnownPassword::SetHere,
    }
}

const PASSWORDS: &str = "
    select user_id, set_by, imported_digest
      from passwords
     where user_id in ";

const FORMER_IDS: &str = "
    select user_id, former_id
      from former_ids
     where user_id in ";

const FACTORS: &str = "
    select distinct user_id, kind
      from former_credentials
     where user_id in ";

const MEMBERSHIPS: &str = "
    select members.user_id, organizations.is_default,
           coalesce(organizations.external_id, organizations.id)
      from members
      join organizations on organizations.id = members.organization_id
     where members.user_id in ";

const ROLES: &str = "
    select member_roles.user_id, organizations.is_default,
           coalesce(organizations.external_id, organizations.id), roles.key
      from member_roles
      join roles on roles.id = member_roles.role_id
      join organizations on organizations.id = member_roles.organization_id
     where member_roles.user_id in ";

const PERMISSIONS: &str = "
    select member_permissions.user_id, organizations.is_default,
           coalesce(organizations.external_id, organizations.id), permissions.key
      from member_permissions
      join permissions on permissions.id = member_permissions.permission_id
      join organizations on organizations.id = member_permissions.organization_id
     where member_permissions.user_id in ";

async fn of_people<T: FromRow>(
    tx: &mut Tx,
    statement: &str,
    people: &[&UserId],
) -> Result<Vec<T>, Error> {
    sql(format!("{statement}({})", in_list(1, people.len())))
        .bind_all(people.iter().map(|user| Value::from(*user)))
        .fetch_all(tx)
        .await
}
