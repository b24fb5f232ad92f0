//! What a dry run has seen defined: a few bytes for each, since a file may define a million organizations.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher as _};

use import::own::{Definition, Organization, Role};

use super::same_role;
use crate::organizations::DefineError;

/// What would exist by now.
#[derive(Default)]
pub(in crate::imports) struct Pending {
    names: HashSet<u64>,
    /// Of permissions and organizations: what each says, by its name.
    contents: HashMap<u64, u64>,
    /// Of roles, which are few and grow with each mention.
    roles: HashMap<String, Role>,
    /// Handles and external ids, each with the name of the organization that has it.
    owners: HashMap<u64, u64>,
}

/// A kind of definition, and a name among its like.
#[derive(Debug, Clone, Copy, Hash)]
pub(in crate::imports) enum Name<'a> {
    /// The key of a permission.
    Permission(&'a str),
    /// The key of a role.
    Role(&'a str),
    /// The code or the external id of an organization.
    Organization(&'a str),
    /// The handle of an organization.
    Handle(&'a str),
    /// The default organization, whatever its code.
    DefaultOrganization,
}

/// What an earlier line has said under the same name.
pub(super) enum Before {
    /// Nothing.
    Other,
    /// The same.
    Same,
    /// Something else.
    Changed,
}

impl Pending {
    /// Whether something of this name would exist.
    pub(in crate::imports) fn has(&self, name: Name<'_>) -> bool {
        self.names.contains(&number(name))
    }

    /// Why a definition would be refused for what an earlier line has said.
    pub(super) fn refusal(&self, definition: &Definition) -> Option<DefineError> {
        let Definition::Organization(organization) = definition else {
            return None;
        };
        let name = self.name_of(organization);
        let is_others = |taken: Name<'_>| {
            let owner = self.owners.get(&number(taken));
            owner.is_some_and(|owner| *owner != name)
        };
        let handle = organization.handle.as_deref();
        handle
            .is_some_and(|handle| is_others(Name::Handle(handle)))
            .then_some(DefineError::HandleTaken)
    }

    /// Takes note of a definition.
    pub(super) fn remember(&mut self, definition: &Definition) -> Before {
        match definition {
            Definition::Permission(one) => {
                let name = number(Name::Permission(&one.key));
                self.names.insert(name);
                self.replace(name, number((&one.name, &one.description)))
            }
            Definition::Role(one) => {
                self.names.insert(number(Name::Role(&one.key)));
                self.grow(one)
            }
            Definition::Organization(one) => {
                let name = self.name_of(one);
                self.names.insert(name);
                self.names.insert(number(Name::Organization(&one.code)));
                if let Some(external_id) = &one.external_id {
                    let id = number(Name::Organization(external_id));
                    self.names.insert(id);
                    self.owners.insert(id, name);
                }
                if let Some(handle) = &one.handle {
                    self.owners.insert(number(Name::Handle(handle)), name);
                }
                let says = (
                    &one.name,
                    &one.handle,
                    &one.external_id,
                    one.is_auto_membership_enabled,
                    one.suspended_at,
                );
                self.replace(name, number(says))
            }
        }
    }

    /// The number that stands for an organization: that of the one with its external id, where an earlier line had it.
    fn name_of(&self, organization: &Organization) -> u64 {
        if organization.is_default {
            return number(Name::DefaultOrganization);
        }
        let code = number(Name::Organization(&organization.code));
        let external_id = organization.external_id.as_deref();
        let by_external_id = external_id.map(|id| number(Name::Organization(id)));
        match by_external_id.and_then(|id| self.owners.get(&id)) {
            Some(owner) if !self.contents.contains_key(&code) => *owner,
            _ => code,
        }
    }

    fn replace(&mut self, name: u64, content: u64) -> Before {
        match self.contents.insert(name, content) {
            None => Before::Other,
            Some(before) if before == content => Before::Same,
            Some(_) => Before::Changed,
        }
    }

    fn grow(&mut self, role: &Role) -> Before {
        let Some(known) = self.roles.get_mut(&role.key) else {
            self.roles.insert(role.key.clone(), role.clone());
            return Before::Other;
        };
        if same_role(known, role) {
            return Before::Same;
        }
        let mut permissions = std::mem::take(&mut known.permissions);
        permissions.extend(role.permissions.iter().cloned());
        *known = Role {
            permissions,
            ..role.clone()
        };
        Before::Changed
    }
}

fn number(of: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}
