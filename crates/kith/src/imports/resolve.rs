//! Organizations, roles and permissions: from the keys of a file to what exists here.
//!
//! What doesn't exist is taken out of a record before it is planned, with a warning; otherwise each repetition of the import
//! would try to add it again. A person of an unknown organization goes to the default one, without the roles and permissions
//! that were meant for the other: an administrator of one customer must not become one of everybody.

use std::collections::{BTreeSet, HashMap};

use db::{Error, Tx};
use import::own::{Own, OwnMembership};
use import::{Membership, Passkey, ProblemCode, RecordRole, UserRecord, Warning};

use super::definitions::{Name, Pending};

use crate::context::Context;
use crate::id::{OrganizationId, PermissionId, RoleId, UserId};
use crate::organizations::{self, NewMember, Organization, Standing};
use crate::roles::{self, permissions};
use crate::time::Timestamp;

/// What the keys of a batch mean here.
#[derive(Default)]
pub(super) struct Directory {
    /// Where people without another organization go, if anywhere.
    default: Option<OrganizationId>,
    /// The default organization, whether or not people go there by themselves.
    default_id: Option<OrganizationId>,
    /// By external id, and by code.
    organizations: HashMap<String, Known>,
    /// Where people will sign in.
    host: String,
    roles: HashMap<String, RoleId>,
    permissions: HashMap<String, PermissionId>,
}

/// An organization that exists.
struct Known {
    id: OrganizationId,
    /// How plans name it: by its external id, else its code; the default one not at all.
    name: Option<String>,
}

impl Directory {
    /// Looks up everything that these records name. A few statements for a whole batch.
    ///
    /// # Errors
    /// When the database fails.
    pub(super) async fn load<'a>(
        cx: &Context,
        tx: &mut Tx,
        records: impl Iterator<Item = &'a UserRecord>,
    ) -> Result<Self, Error> {
        let default = organizations::default(cx, tx).await?;
        Self::load_beside(cx, tx, default, records).await
    }

    /// [`Directory::load`] where the default organization is known: where nobody names another, no statement is needed.
    ///
    /// # Errors
    /// When the database fails.
    pub(super) async fn load_beside<'a>(
        cx: &Context,
        tx: &mut Tx,
        default: Option<Organization>,
        records: impl Iterator<Item = &'a UserRecord>,
    ) -> Result<Self, Error> {
        let (mut external_ids, mut role_keys, mut permission_keys) =
            (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for record in records {
            for membership in &record.organizations {
                external_ids.extend(membership.external_id.as_deref());
                role_keys.extend(membership.roles.iter().map(String::as_str));
                permission_keys.extend(membership.permissions.iter().map(String::as_str));
            }
            let own = record.own.iter().flat_map(|own| &own.memberships);
            external_ids.extend(own.filter_map(|own| own.external_id.as_deref()));
        }
        let listed = |keys: BTreeSet<&'a str>| keys.into_iter().collect::<Vec<_>>();
        let mut directory = Self {
            default_id: default.as_ref().map(|default| default.id.clone()),
            default: default
                .filter(|default| default.is_auto_membership_enabled)
                .map(|default| default.id),
            host: cx.environment().host(),
            ..Self::default()
        };
        directory
            .load_organizations(cx, tx, &listed(external_ids))
            .await?;
        for some in listed(role_keys).chunks(500) {
            let found = roles::find_many_by_keys(cx, tx, some).await?;
            let found = found.into_iter().map(|role| (role.key, role.id));
            directory.roles.extend(found);
        }
        for some in listed(permission_keys).chunks(500) {
            let found = permissions::find_many_by_keys(cx, tx, some).await?;
            let found = found.into_iter().map(|one| (one.key, one.id));
            directory.permissions.extend(found);
        }
        Ok(directory)
    }

    async fn load_organizations(
        &mut self,
        cx: &Context,
        tx: &mut Tx,
        ids: &[&str],
    ) -> Result<(), Error> {
        let found = organizations::find_many_by_external_ids(cx, tx, ids).await?;
        for (external_id, id) in found {
            self.add_organization(&id, Some(external_id));
        }
        let is_unknown = |id: &&str| !self.organizations.contains_key(*id);
        let codes: Vec<&str> = ids
            .iter()
            .copied()
            .filter(is_unknown)
            .filter(|id| id.parse::<OrganizationId>().is_ok())
            .collect();
        for (id, external_id) in organizations::find_many_by_codes(cx, tx, &codes).await? {
            self.add_organization(&id, external_id);
        }
        Ok(())
    }

    fn add_organization(&mut self, id: &OrganizationId, external_id: Option<String>) {
        let code = id.to_string();
        let is_default = Some(id) == self.default_id.as_ref();
        let name = external_id.unwrap_or_else(|| code.clone());
        for key in [code, name.clone()] {
            let known = Known {
                id: id.clone(),
                name: (!is_default).then(|| name.clone()),
            };
            self.organizations.insert(key, known);
        }
    }

    /// Takes what a dry run has seen defined for something that exists.
    pub(super) fn expect<'a>(
        &mut self,
        cx: &Context,
        pending: &Pending,
        records: impl Iterator<Item = &'a UserRecord>,
    ) {
        for record in records {
            for membership in &record.organizations {
                if let Some(id) = &membership.external_id
                    && !self.organizations.contains_key(id)
                    && pending.has(Name::Organization(id))
                {
                    let known = Known {
                        id: cx.new_id(),
                        name: Some(id.clone()),
                    };
                    self.organizations.insert(id.clone(), known);
                }
                for key in &membership.roles {
                    if !self.roles.contains_key(key) && pending.has(Name::Role(key)) {
                        self.roles.insert(key.clone(), cx.new_id());
                    }
                }
                for key in &membership.permissions {
                    if !self.permissions.contains_key(key) && pending.has(Name::Permission(key)) {
                        self.permissions.insert(key.clone(), cx.new_id());
                    }
                }
            }
        }
    }

    /// Leaves of a record's organizations what exists here, each once; says what was left out.
    pub(super) fn keep_known(&self, record: &mut UserRecord) -> Vec<Warning> {
        let mut warnings = Vec::new();
        let mut kept: Vec<Membership> = Vec::new();
        let own = record.own.as_ref().map(|own| &own.memberships);
        for (index, mut membership) in std::mem::take(&mut record.organizations)
            .into_iter()
            .enumerate()
        {
            if let Some(own) = own.and_then(|own| own.get(index)) {
                self.translate(&mut membership, own);
            }
            let Some(known) = self.known(membership, &mut warnings) else {
                continue;
            };
            let same = |other: &&mut Membership| other.external_id == known.external_id;
            match kept.iter_mut().find(same) {
                None => kept.push(known),
                Some(other) => {
                    other.roles.extend(known.roles);
                    other.permissions.extend(known.permissions);
                }
            }
        }
        if record.role == RecordRole::Addition {
            // Of roles that nobody knows nothing is left to add. Whether the person belongs to the default organization is
            // not for them to say.
            kept.retain(|membership| {
                membership.external_id.is_some()
                    || !membership.roles.is_empty()
                    || !membership.permissions.is_empty()
            });
        }
        record.organizations = kept;
        warnings.extend(self.passkeys_elsewhere(record));
        warnings
    }

    /// Where the code of an organization in another installation of ours means nothing here, its external id may.
    fn translate(&self, membership: &mut Membership, own: &OwnMembership) {
        if let Some(known) = self.known_id(own) {
            membership.external_id = Some(known.to_owned());
        }
    }

    /// The code or external id by which the organization of a membership elsewhere is known here.
    fn known_id<'a>(&'a self, own: &'a OwnMembership) -> Option<&'a str> {
        if own.is_default && self.default_id.is_some() {
            return self.default_id.as_ref().map(OrganizationId::as_str);
        }
        [Some(&own.code), own.external_id.as_ref()]
            .into_iter()
            .flatten()
            .find(|id| self.organizations.contains_key(*id))
            .map(String::as_str)
    }

    /// The memberships of a new person from another installation of ours, with their instants there.
    pub(super) fn standings(&self, user: &UserId, own: &Own) -> Vec<Standing> {
        let standing = |own: &OwnMembership| {
            let known = self.known_id(own)?;
            let organization = match self.organizations.get(known) {
                Some(known) => known.id.clone(),
                None => self.default_id.clone()?,
            };
            Some(Standing {
                user: user.clone(),
                organization,
                external_id: None,
                is_default: own.is_default,
                joined_at: Timestamp::from_millis(own.joined_at),
                last_signed_in_at: own.last_sign_in_at.map(Timestamp::from_millis),
            })
        };
        own.memberships.iter().filter_map(standing).collect()
    }

    /// A clear word on passkeys that will not work here. They are kept all the same: the host may yet change.
    fn passkeys_elsewhere(&self, record: &UserRecord) -> Option<Warning> {
        let is_lost = |passkey: &&Passkey| passkey.works_at(&self.host) != Some(true);
        let passkey = record.passkeys.iter().find(is_lost)?;
        let here = &self.host;
        let reason = match &passkey.rp_id {
            Some(domain) => format!(
                "browsers offer a passkey of {domain} at {domain} and below only, and people sign in at {here}; \
                 it is kept, and works once the sign-in is at a host of {domain}"
            ),
            None => format!(
                "the file does not say for which domain a passkey was made; it is kept, and works at {here} only if it \
                 was made for that host or one above it"
            ),
        };
        Some(Warning {
            column: Some("passkeys".to_owned()),
            code: ProblemCode::PASSKEY_ELSEWHERE,
            reason,
        })
    }

    /// The membership as plans compare it: known keys only, and the default organization without an id.
    fn known(&self, mut wanted: Membership, warnings: &mut Vec<Warning>) -> Option<Membership> {
        let mut warn = |code, reason| {
            warnings.push(Warning {
                column: None,
                code,
                reason,
            });
        };
        let mut is_named = false;
        if let Some(external_id) = &wanted.external_id {
            if let Some(known) = self.organization(external_id) {
                is_named = true;
                wanted.external_id = known;
            } else {
                let outcome = match &self.default {
                    Some(_) => {
                        "the person goes to the default organization, without roles or permissions there"
                    }
                    None => "the person joins no organization for it",
                };
                let reason =
                    format!("no organization has the external id {external_id}; {outcome}");
                warn(ProblemCode::UNKNOWN_ORGANIZATION, reason);
                wanted = Membership {
                    external_id: None,
                    roles: Vec::new(),
                    permissions: Vec::new(),
                };
            }
        }
        wanted.roles.retain(|key| {
            let is_known = self.roles.contains_key(key);
            if !is_known {
                let reason = format!("no role has the key {key}; it is not given");
                warn(ProblemCode::UNKNOWN_ROLE, reason);
            }
            is_known
        });
        wanted.permissions.retain(|key| {
            let is_known = self.permissions.contains_key(key);
            if !is_known {
                let reason = format!("no permission has the key {key}; it is not given");
                warn(ProblemCode::UNKNOWN_PERMISSION, reason);
            }
            is_known
        });
        (is_named || self.default.is_some()).then_some(wanted)
    }

    /// How plans name the organization with this external id or code; none where there is no such organization.
    #[expect(clippy::option_option, reason = "the default organization has no name")]
    fn organization(&self, id: &str) -> Option<Option<String>> {
        if let Some(known) = self.organizations.get(id) {
            return Some(known.name.clone());
        }
        let default = self.default_id.as_ref();
        default
            .is_some_and(|default| default.as_str() == id)
            .then_some(None)
    }

    /// Puts a new person into the default organization where no row of theirs names another, so that what rows to come change
    /// of them is planned against what is written.
    pub(super) fn join_default(&self, record: &mut UserRecord) {
        if self.default.is_some() && record.organizations.is_empty() && record.own.is_none() {
            record.organizations.push(Membership {
                external_id: None,
                roles: Vec::new(),
                permissions: Vec::new(),
            });
        }
    }

    /// These memberships of a person, by ids.
    pub(super) fn members(&self, user: &UserId, memberships: &[Membership]) -> Vec<NewMember> {
        let member = |membership: &Membership| {
            let organization = match &membership.external_id {
                None => self.default_id.as_ref(),
                Some(name) => self.organizations.get(name).map(|known| &known.id),
            };
            organization.map(|organization| NewMember {
                organization: organization.clone(),
                user: user.clone(),
                roles: ids(&membership.roles, &self.roles),
                permissions: ids(&membership.permissions, &self.permissions),
            })
        };
        memberships.iter().filter_map(member).collect()
    }
}

fn ids<I: Clone>(keys: &[String], known: &HashMap<String, I>) -> Vec<I> {
    let known = keys.iter().filter_map(|key| known.get(key));
    known.cloned().collect()
}
