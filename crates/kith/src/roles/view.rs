//! What the pages of roles and permissions show: facts for `templates/admin/roles/`.

use serde::Serialize;

use crate::pages::{Message, Page, Pager, Problems};

/// Which of the two a page is about; they look alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Bundles of permissions.
    Roles,
    /// Single rights.
    Permissions,
}

/// One role or permission of the list.
#[derive(Debug, Clone, Serialize)]
pub struct RoleRow {
    /// Its name.
    pub name: String,
    /// Its key.
    pub key: String,
    /// What it is for; may be empty.
    pub description: String,
    /// Whether new members get it; never for a permission.
    pub is_default: bool,
    /// Its page.
    pub url: String,
    /// The question before deleting.
    pub delete_url: String,
}

/// Roles, or permissions.
#[derive(Debug, Clone, Serialize)]
pub struct RoleList {
    /// Which of the two.
    pub kind: Kind,
    /// Back to settings.
    pub settings_url: String,
    /// One page of them.
    pub rows: Vec<RoleRow>,
    /// The pages around it.
    pub pager: Pager,
    /// Add one.
    pub add_url: String,
}

/// A permission that a role may bundle.
#[derive(Debug, Clone, Serialize)]
pub struct RolePermission {
    /// The value of the check box `permission`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is for; may be empty.
    pub description: String,
    /// Whether the role has it.
    pub is_assigned: bool,
}

/// Add or edit a role or a permission.
#[derive(Debug, Clone, Serialize)]
pub struct EditRole {
    /// Which of the two.
    pub kind: Kind,
    /// "Add role", "Edit role".
    pub title: Message,
    /// Where the form posts `name`, `key`, `description`, and for roles `is_default_role` and `permission`, repeated.
    pub action: String,
    /// Back to the list.
    pub cancel_url: String,
    /// As stored, or as typed.
    pub name: String,
    /// As stored, or as typed.
    pub key: String,
    /// As stored, or as typed.
    pub description: String,
    /// Whether new members get it.
    pub is_default: bool,
    /// All permissions of the business; none when a permission is edited.
    pub permissions: Vec<RolePermission>,
    /// What is wrong with the form.
    pub problems: Problems,
}

impl Page for RoleList {
    const TEMPLATE: &'static str = "admin/roles/list.html";

    fn sample() -> Self {
        let row = |name: &str, key: &str, description: &str, is_default| RoleRow {
            name: name.to_owned(),
            key: key.to_owned(),
            description: description.to_owned(),
            is_default,
            url: "/admin/settings/roles/1".to_owned(),
            delete_url: "/admin/settings/roles/1/delete".to_owned(),
        };
        Self {
            kind: Kind::Roles,
            settings_url: "/admin/settings".to_owned(),
            rows: vec![
                row("Owner", "owner", "May do everything.", false),
                row("Editor", "editor", "Writes and publishes reports.", true),
            ],
            pager: Pager::default(),
            add_url: "/admin/settings/roles/new".to_owned(),
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        let empty = Self {
            rows: Vec::new(),
            ..Self::sample()
        };
        let permissions = Self {
            kind: Kind::Permissions,
            ..Self::sample()
        };
        vec![
            ("empty", empty.clone()),
            ("permissions", permissions),
            (
                "no-permissions",
                Self {
                    kind: Kind::Permissions,
                    ..empty
                },
            ),
        ]
    }
}

impl Page for EditRole {
    const TEMPLATE: &'static str = "admin/roles/edit.html";

    fn sample() -> Self {
        let permission = |id: &str, name: &str, description: &str, is_assigned| RolePermission {
            id: id.to_owned(),
            name: name.to_owned(),
            description: description.to_owned(),
            is_assigned,
        };
        Self {
            kind: Kind::Roles,
            title: Message::new("roles-edit"),
            action: "/admin/settings/roles/1".to_owned(),
            cancel_url: "/admin/settings/roles".to_owned(),
            name: "Editor".to_owned(),
            key: "editor".to_owned(),
            description: "Writes and publishes reports.".to_owned(),
            is_default: true,
            permissions: vec![
                permission("1", "Read reports", "read:reports", true),
                permission("2", "Publish reports", "", false),
            ],
            problems: Problems::none(),
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        let permission = Self {
            kind: Kind::Permissions,
            title: Message::new("permissions-add"),
            permissions: Vec::new(),
            ..Self::sample()
        };
        vec![("permission", permission)]
    }
}
