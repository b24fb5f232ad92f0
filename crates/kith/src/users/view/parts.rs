//! The other parts of a user's page, and the forms around it.

use serde::Serialize;

use crate::pages::{Choice, Message, Page, Pager, Problems, Tab};

/// Who a page is about.
#[derive(Debug, Clone, Serialize)]
pub struct UserHead {
    /// `kp_…`
    pub id: String,
    /// Their name, or whatever else they are known by.
    pub name: String,
    /// Address, phone or username, unless it is their name already.
    pub contact: Option<String>,
    /// Whether they can't sign in.
    pub is_suspended: bool,
    /// Back to the list.
    pub list_url: String,
    /// Details, identities, organizations, activity.
    pub tabs: Vec<Tab>,
}

/// One way in which a user is known.
#[derive(Debug, Clone, Serialize)]
pub struct UserIdentity {
    /// Email, phone, username, or the provider's name.
    pub kind: Message,
    /// The address, number, name, or the id at the provider.
    pub value: String,
    /// Whether it was confirmed.
    pub is_verified: bool,
    /// Whether it is the one that tokens carry.
    pub is_primary: bool,
    /// Unix milliseconds.
    pub last_signed_in_at: Option<i64>,
    /// Posts: makes it primary; `None` where that makes no sense.
    pub make_primary_action: Option<String>,
    /// The question before deleting; `None` when it must stay.
    pub delete_url: Option<String>,
}

/// A user: identities, and a form for one more.
#[derive(Debug, Clone, Serialize)]
pub struct UserIdentities {
    /// Who.
    pub head: UserHead,
    /// Their identities.
    pub rows: Vec<UserIdentity>,
    /// Where the form posts `type` and `value`.
    pub add_action: String,
    /// Kinds that can be added.
    pub types: Vec<Choice>,
    /// What was typed.
    pub value: String,
    /// What is wrong with the form.
    pub problems: Problems,
}

/// A membership.
#[derive(Debug, Clone, Serialize)]
pub struct UserOrganization {
    /// `org_…`
    pub code: String,
    /// Its name.
    pub name: String,
    /// Names of the user's roles in it.
    pub roles: Vec<String>,
    /// Its page.
    pub url: String,
}

/// A user: organizations.
#[derive(Debug, Clone, Serialize)]
pub struct UserOrganizations {
    /// Who.
    pub head: UserHead,
    /// Their memberships.
    pub rows: Vec<UserOrganization>,
}

/// Something that happened.
#[derive(Debug, Clone, Serialize)]
pub struct UserEvent {
    /// The event's name: `user.updated`.
    pub kind: String,
    /// Who did it.
    pub by: String,
    /// Unix milliseconds.
    pub at: i64,
}

/// A user: activity, newest first.
#[derive(Debug, Clone, Serialize)]
pub struct UserActivity {
    /// Who.
    pub head: UserHead,
    /// One page of events.
    pub rows: Vec<UserEvent>,
    /// The pages around it.
    pub pager: Pager,
}

/// Add user.
#[derive(Debug, Clone, Serialize)]
pub struct AddUser {
    /// Where the form posts `first_name`, `last_name`, `email`.
    pub action: String,
    /// Back to the list.
    pub cancel_url: String,
    /// What was typed.
    pub first_name: String,
    /// What was typed.
    pub last_name: String,
    /// What was typed.
    pub email: String,
    /// What is wrong with the form.
    pub problems: Problems,
}

/// Set a temporary password.
#[derive(Debug, Clone, Serialize)]
pub struct TemporaryPassword {
    /// Whose.
    pub name: String,
    /// Where the form posts `new_password`.
    pub action: String,
    /// Back to the user.
    pub cancel_url: String,
    /// What is wrong with the form.
    pub problems: Problems,
}

impl UserHead {
    /// An invented person, for samples; `part` names the tab that is shown.
    #[must_use]
    pub fn sample(part: &str) -> Self {
        let tab = |label, path| Tab {
            label: Message::new(label),
            url: format!("/admin/users/kp_0193{path}"),
            is_current: label == part,
        };
        Self {
            id: "kp_0193a1c28d7b4f0e9a6c51b2d3e4f5a6".to_owned(),
            name: "Ada Lovelace".to_owned(),
            contact: Some("ada@example.com".to_owned()),
            is_suspended: false,
            list_url: "/admin/users".to_owned(),
            tabs: vec![
                tab("tab-details", ""),
                tab("user-tab-identities", "/identities"),
                tab("nav-organizations", "/organizations"),
                tab("user-tab-activity", "/activity"),
            ],
        }
    }
}

impl Page for UserIdentities {
    const TEMPLATE: &'static str = "admin/users/identities.html";

    fn sample() -> Self {
        let identity = |kind, value: &str, is_verified, is_primary| UserIdentity {
            kind,
            value: value.to_owned(),
            is_verified,
            is_primary,
            last_signed_in_at: is_primary.then_some(1_795_260_000_000),
            make_primary_action: (!is_primary).then(|| "/admin/identities/1/primary".to_owned()),
            delete_url: (!is_primary).then(|| "/admin/identities/1/delete".to_owned()),
        };
        let choice = |value, label, is_current| Choice {
            value,
            label: Message::new(label),
            is_current,
        };
        Self {
            head: UserHead::sample("user-tab-identities"),
            rows: vec![
                identity(
                    Message::new("identity-kind-email"),
                    "ada@example.com",
                    true,
                    true,
                ),
                identity(
                    Message::new("identity-kind-email"),
                    "countess@example.com",
                    false,
                    false,
                ),
                identity(
                    Message::new("identity-kind-social").with("provider", "Google"),
                    "108 204 268 033",
                    true,
                    false,
                ),
            ],
            add_action: "/admin/users/kp_0193/identities".to_owned(),
            types: vec![
                choice("email", "identity-kind-email", true),
                choice("username", "identity-kind-username", false),
                choice("phone", "identity-kind-phone", false),
            ],
            value: String::new(),
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

impl Page for UserOrganizations {
    const TEMPLATE: &'static str = "admin/users/organizations.html";

    fn sample() -> Self {
        let membership = |code: &str, name: &str, roles: &[&str]| UserOrganization {
            code: code.to_owned(),
            name: name.to_owned(),
            roles: roles.iter().map(|role| (*role).to_owned()).collect(),
            url: format!("/admin/organizations/{code}"),
        };
        let rows = vec![
            membership(
                "org_4f1c2a7b90d",
                "Lovelace Analytics",
                &["Owner", "Editor"],
            ),
            membership("org_7a2d11c0b3e", "Difference Engines Ltd", &[]),
        ];
        Self {
            head: UserHead::sample("nav-organizations"),
            rows,
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

impl Page for UserActivity {
    const TEMPLATE: &'static str = "admin/users/activity.html";

    fn sample() -> Self {
        let event = |kind: &str, by: &str, at| UserEvent {
            kind: kind.to_owned(),
            by: by.to_owned(),
            at,
        };
        Self {
            head: UserHead::sample("user-tab-activity"),
            rows: vec![
                event("user.authenticated", "Ada Lovelace", 1_795_260_000_000),
                event("user.updated", "grace@example.com", 1_795_250_000_000),
                event("user.created", "Import", 1_795_224_660_000),
            ],
            pager: Pager::default(),
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

impl Page for AddUser {
    const TEMPLATE: &'static str = "admin/users/add.html";

    fn sample() -> Self {
        Self {
            action: "/admin/users".to_owned(),
            cancel_url: "/admin/users".to_owned(),
            first_name: String::new(),
            last_name: String::new(),
            email: String::new(),
            problems: Problems::none(),
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        let taken = Problems::at("email", Message::new("users-error-email-taken"));
        vec![(
            "taken",
            Self {
                email: "ada@example.com".to_owned(),
                problems: taken,
                ..Self::sample()
            },
        )]
    }
}

impl Page for TemporaryPassword {
    const TEMPLATE: &'static str = "admin/users/temporary_password.html";

    fn sample() -> Self {
        Self {
            name: "Ada Lovelace".to_owned(),
            action: "/admin/users/kp_0193/temporary-password".to_owned(),
            cancel_url: "/admin/users/kp_0193".to_owned(),
            problems: Problems::none(),
        }
    }
}
