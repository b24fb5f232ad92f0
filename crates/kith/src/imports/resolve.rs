//! Organizations, roles and permissions: from the keys of a file to what exists here.
//!
//! What doesn't exist is taken out of a record before it is planned, with a warning; otherwise each repetition of the import
//! would try to add it again. A person of an unknown organization goes to the default one, without the roles and permissions
//! that were meant for the other: an administrator of one customer must not become one of everybody.

use std::collections::{BTreeSet, HashMap};

use db::{Error, Tx};
use import::{Membership, ProblemCode, RecordRole, UserRecord, Warning};

use crate::context::Context;
use crate::id::{OrganizationId, PermissionId, RoleId, UserId};
use crate::organizations::{self, NewMember};
use crate::roles::{self, permissions};

/// What the keys of a batch mean here.
#[derive(Default)]
pub(super) struct Directory {
    /// Where people without another organization go, if anywhere.
    default: Option<OrganizationId>,
    organizations: HashMap<String, OrganizationId>,
    roles: HashMap<String, RoleId>,
    permissions: HashMap<String, PermissionId>,
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
        let (mut external_ids, mut role_keys, mut permission_keys) =
            (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for membership in records.flat_map(|record| &record.organizations) {
            external_ids.extend(membership.external_id.as_deref());
            role_keys.extend(membership.roles.iter().map(String::as_str));
            permission_keys.extend(membership.permissions.iter().map(String::as_str));
        }
        let listed = |keys: BTreeSet<&'a str>| keys.into_iter().collect::<Vec<_>>();
        let default = organizations::default(cx, tx).await?;
        let found = organizations::find_many_by_external_ids(cx, tx, &listed(external_ids)).await?;
        let mut directory = Self {
            default: default
                .filter(|default| default.is_auto_membership_enabled)
                .map(|default| default.id),
            organizations: found.into_iter().collect(),
            ..Self::default()
        };
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

    /// Leaves of a record's organizations what exists here, each once; says what was left out.
    pub(super) fn keep_known(&self, record: &mut UserRecord) -> Vec<Warning> {
        let mut warnings = Vec::new();
        let mut kept: Vec<Membership> = Vec::new();
        for membership in std::mem::take(&mut record.organizations) {
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
        warnings
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
        if let Some(external_id) = &wanted.external_id {
            match self.organizations.get(external_id) {
                Some(id) if Some(id) == self.default.as_ref() => wanted.external_id = None,
                Some(_) => {}
                None => {
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
        (wanted.external_id.is_some() || self.default.is_some()).then_some(wanted)
    }

    /// The memberships of a new person: those of the record, else that of the default organization.
    pub(super) fn of_new(&self, user: &UserId, memberships: &[Membership]) -> Vec<NewMember> {
        if !memberships.is_empty() {
            return self.members(user, memberships);
        }
        let default = self.default.iter();
        default
            .map(|organization| NewMember {
                organization: organization.clone(),
                user: user.clone(),
                roles: Vec::new(),
                permissions: Vec::new(),
            })
            .collect()
    }

    /// These memberships of a person, by ids.
    pub(super) fn members(&self, user: &UserId, memberships: &[Membership]) -> Vec<NewMember> {
        let member = |membership: &Membership| {
            let organization = match &membership.external_id {
                None => self.default.as_ref(),
                Some(external_id) => self.organizations.get(external_id),
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
