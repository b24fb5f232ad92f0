//! What the organizations' pages of the dashboard show: facts for `templates/admin/organizations/`.

use serde::Serialize;

use crate::pages::{Message, Page, Pager, Problems, Tab};

/// One organization of the list.
#[derive(Debug, Clone, Serialize)]
pub struct OrganizationRow {
    /// `org_…`
    pub code: String,
    /// Its name.
    pub name: String,
    /// Whether people without an organization belong to it.
    pub is_default: bool,
    /// How many users it has.
    pub members: u64,
    /// Unix milliseconds.
    pub created_at: i64,
    /// Its page.
    pub url: String,
}

/// Organizations.
#[derive(Debug, Clone, Serialize)]
pub struct OrganizationList {
    /// The list itself; the search form sends `q` there.
    pub action: String,
    /// What is searched for.
    pub q: String,
    /// One page of them.
    pub rows: Vec<OrganizationRow>,
    /// The pages around it.
    pub pager: Pager,
    /// Import organizations.
    pub import_url: String,
    /// Add organization.
    pub add_url: String,
}

/// Import organizations: the form, and what became of the file that was sent last.
#[derive(Debug, Clone, Serialize)]
pub struct ImportOrganizations {
    /// Where the form posts `file`, and `mode`: `dry_run` or `import`.
    pub action: String,
    /// Back to the list.
    pub list_url: String,
    /// What usually comes next.
    pub users_import_url: String,
    /// What became of the file; none before one was sent.
    pub outcome: Option<OrganizationsOutcome>,
    /// What is wrong with the file.
    pub problems: Problems,
}

/// What became of a file of organizations, or what would.
#[derive(Debug, Clone, Serialize)]
pub struct OrganizationsOutcome {
    /// Whether nothing has happened yet.
    pub is_dry_run: bool,
    /// Rows that were read.
    pub records: u64,
    /// Organizations that are new.
    pub created: u64,
    /// Organizations that get another name.
    pub updated: u64,
    /// Rows that say nothing new.
    pub unchanged: u64,
    /// Rows that do not go in.
    pub n_refused: u64,
    /// The first of these.
    pub refused: Vec<RefusedOrganization>,
}

/// A row that does not go in.
#[derive(Debug, Clone, Serialize)]
pub struct RefusedOrganization {
    /// The line where it begins, from 1.
    pub line: u64,
    /// The column that is to blame; may be empty.
    pub column: String,
    /// What is wrong, and what to do.
    pub reason: String,
    /// The row.
    pub row: String,
}

/// Add organization.
#[derive(Debug, Clone, Serialize)]
pub struct AddOrganization {
    /// Where the form posts `name`, `external_id`.
    pub action: String,
    /// Back to the list.
    pub cancel_url: String,
    /// What was typed.
    pub name: String,
    /// What was typed.
    pub external_id: String,
    /// What is wrong with the form.
    pub problems: Problems,
}

/// Which organization a page is about.
#[derive(Debug, Clone, Serialize)]
pub struct OrganizationHead {
    /// `org_…`
    pub code: String,
    /// Its name.
    pub name: String,
    /// Whether people without an organization belong to it.
    pub is_default: bool,
    /// Back to the list.
    pub list_url: String,
    /// Details, users.
    pub tabs: Vec<Tab>,
}

/// An organization: details.
#[derive(Debug, Clone, Serialize)]
pub struct OrganizationDetails {
    /// Which.
    pub head: OrganizationHead,
    /// Where the form posts `name`, `external_id`.
    pub action: String,
    /// As stored, or as typed.
    pub name: String,
    /// As stored, or as typed.
    pub external_id: String,
    /// Unix milliseconds.
    pub created_at: i64,
    /// The question before deleting; `None` for the default organization.
    pub delete_url: Option<String>,
    /// What is wrong with the form.
    pub problems: Problems,
}

/// A member.
#[derive(Debug, Clone, Serialize)]
pub struct MemberRow {
    /// Their name, or whatever else they are known by.
    pub name: String,
    /// Address, phone or username, unless it is their name already.
    pub contact: Option<String>,
    /// Names of their roles.
    pub roles: Vec<String>,
    /// Unix milliseconds.
    pub joined_at: i64,
    /// Their page.
    pub url: String,
    /// Edit roles.
    pub roles_url: String,
    /// Posts: removes them; adding them again undoes it.
    pub remove_action: String,
}

/// An organization: users, and a form for one more.
#[derive(Debug, Clone, Serialize)]
pub struct OrganizationUsers {
    /// Which.
    pub head: OrganizationHead,
    /// One page of members.
    pub rows: Vec<MemberRow>,
    /// The pages around it.
    pub pager: Pager,
    /// Where the form posts `email`.
    pub add_action: String,
    /// What was typed.
    pub email: String,
    /// What is wrong with the form.
    pub problems: Problems,
}

/// A role that a member may have.
#[derive(Debug, Clone, Serialize)]
pub struct MemberRole {
    /// The value of the check box `role`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is for; may be empty.
    pub description: String,
    /// Whether they have it.
    pub is_assigned: bool,
}

/// Edit a member's roles.
#[derive(Debug, Clone, Serialize)]
pub struct MemberRoles {
    /// Whose.
    pub name: String,
    /// In which organization.
    pub organization: String,
    /// Where the form posts `role`, repeated.
    pub action: String,
    /// Back to the members.
    pub cancel_url: String,
    /// All roles of the business.
    pub roles: Vec<MemberRole>,
}

impl OrganizationHead {
    /// An invented organization, for samples; `part` names the tab that is shown.
    #[must_use]
    pub fn sample(part: &str) -> Self {
        let tab = |label, path| Tab {
            label: Message::new(label),
            url: format!("/admin/organizations/org_7a2d{path}"),
            is_current: label == part,
        };
        Self {
            code: "org_7a2d11c0b3e".to_owned(),
            name: "Difference Engines Ltd".to_owned(),
            is_default: false,
            list_url: "/admin/organizations".to_owned(),
            tabs: vec![tab("tab-details", ""), tab("nav-users", "/users")],
        }
    }
}

impl Page for OrganizationList {
    const TEMPLATE: &'static str = "admin/organizations/list.html";

    fn sample() -> Self {
        let row = |code: &str, name: &str, is_default, members| OrganizationRow {
            code: code.to_owned(),
            name: name.to_owned(),
            is_default,
            members,
            created_at: 1_795_224_660_000,
            url: format!("/admin/organizations/{code}"),
        };
        Self {
            action: "/admin/organizations".to_owned(),
            q: String::new(),
            rows: vec![
                row("org_4f1c2a7b90d", "Lovelace Analytics", true, 8_120),
                row("org_7a2d11c0b3e", "Difference Engines Ltd", false, 282),
            ],
            pager: Pager::default(),
            import_url: "/admin/organizations/import".to_owned(),
            add_url: "/admin/organizations/new".to_owned(),
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        vec![(
            "none",
            Self {
                q: "zebra".to_owned(),
                rows: Vec::new(),
                ..Self::sample()
            },
        )]
    }
}

impl Page for ImportOrganizations {
    const TEMPLATE: &'static str = "admin/organizations/import.html";

    fn sample() -> Self {
        Self {
            action: "/admin/organizations/import".to_owned(),
            list_url: "/admin/organizations".to_owned(),
            users_import_url: "/admin/users/import".to_owned(),
            outcome: None,
            problems: Problems::none(),
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        let outcome = OrganizationsOutcome {
            is_dry_run: true,
            records: 284,
            created: 270,
            updated: 3,
            unchanged: 9,
            n_refused: 2,
            refused: vec![
                RefusedOrganization {
                    line: 17,
                    column: "name".to_owned(),
                    reason: "an organization needs a name; fill it in".to_owned(),
                    row: ",acme-7".to_owned(),
                },
                RefusedOrganization {
                    line: 201,
                    column: "id".to_owned(),
                    reason:
                        "line 30 gives this id to an organization of another name; keep one of them"
                            .to_owned(),
                    row: "Difference Engines Ltd,engines-1".to_owned(),
                },
            ],
        };
        let with = |outcome| Self {
            outcome: Some(outcome),
            ..Self::sample()
        };
        let done = OrganizationsOutcome {
            is_dry_run: false,
            n_refused: 0,
            records: 282,
            refused: Vec::new(),
            ..outcome.clone()
        };
        let error = Problems::at("file", Message::new("import-error-file"));
        vec![
            ("checked", with(outcome)),
            ("done", with(done)),
            (
                "error",
                Self {
                    problems: error,
                    ..Self::sample()
                },
            ),
        ]
    }
}

impl Page for AddOrganization {
    const TEMPLATE: &'static str = "admin/organizations/add.html";

    fn sample() -> Self {
        Self {
            action: "/admin/organizations".to_owned(),
            cancel_url: "/admin/organizations".to_owned(),
            name: String::new(),
            external_id: String::new(),
            problems: Problems::none(),
        }
    }
}

impl Page for OrganizationDetails {
    const TEMPLATE: &'static str = "admin/organizations/details.html";

    fn sample() -> Self {
        Self {
            head: OrganizationHead::sample("tab-details"),
            action: "/admin/organizations/org_7a2d".to_owned(),
            name: "Difference Engines Ltd".to_owned(),
            external_id: "acme-7".to_owned(),
            created_at: 1_795_224_660_000,
            delete_url: Some("/admin/organizations/org_7a2d/delete".to_owned()),
            problems: Problems::none(),
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        let head = OrganizationHead {
            is_default: true,
            ..OrganizationHead::sample("tab-details")
        };
        vec![(
            "default",
            Self {
                head,
                delete_url: None,
                ..Self::sample()
            },
        )]
    }
}

impl Page for OrganizationUsers {
    const TEMPLATE: &'static str = "admin/organizations/users.html";

    fn sample() -> Self {
        let member = |name: &str, contact: &str, roles: &[&str]| MemberRow {
            name: name.to_owned(),
            contact: Some(contact.to_owned()),
            roles: roles.iter().map(|role| (*role).to_owned()).collect(),
            joined_at: 1_795_224_660_000,
            url: "/admin/users/kp_0193".to_owned(),
            roles_url: "/admin/organizations/org_7a2d/users/kp_0193".to_owned(),
            remove_action: "/admin/organizations/org_7a2d/users/kp_0193/remove".to_owned(),
        };
        Self {
            head: OrganizationHead::sample("nav-users"),
            rows: vec![
                member("Ada Lovelace", "ada@example.com", &["Owner"]),
                member("Charles Babbage", "charles@example.com", &[]),
            ],
            pager: Pager::default(),
            add_action: "/admin/organizations/org_7a2d/users".to_owned(),
            email: String::new(),
            problems: Problems::none(),
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        vec![(
            "empty",
            Self {
                rows: Vec::new(),
                ..Self::sample()
            },
        )]
    }
}

impl Page for MemberRoles {
    const TEMPLATE: &'static str = "admin/organizations/member_roles.html";

    fn sample() -> Self {
        let role = |id: &str, name: &str, description: &str, is_assigned| MemberRole {
            id: id.to_owned(),
            name: name.to_owned(),
            description: description.to_owned(),
            is_assigned,
        };
        Self {
            name: "Ada Lovelace".to_owned(),
            organization: "Difference Engines Ltd".to_owned(),
            action: "/admin/organizations/org_7a2d/users/kp_0193".to_owned(),
            cancel_url: "/admin/organizations/org_7a2d/users".to_owned(),
            roles: vec![
                role("1", "Owner", "May do everything.", true),
                role("2", "Editor", "", false),
            ],
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        vec![(
            "empty",
            Self {
                roles: Vec::new(),
                ..Self::sample()
            },
        )]
    }
}
