//! What the users' pages of the dashboard show: facts for `templates/admin/users/`.

mod parts;

use serde::Serialize;

use crate::pages::{Filter, Message, Page, Pager, Problems};

pub use parts::{
    AddUser, TemporaryPassword, UserActivity, UserEvent, UserIdentities, UserIdentity,
};
pub use parts::{UserHead, UserOrganization, UserOrganizations};

/// One person of the list.
#[derive(Debug, Clone, Serialize)]
pub struct UserRow {
    /// Their name, or whatever else they are known by.
    pub name: String,
    /// Address, phone or username, unless it is their name already.
    pub contact: Option<String>,
    /// Whether they can't sign in.
    pub is_suspended: bool,
    /// Where they came from: "Auth0", or how they were added here.
    pub source: Message,
    /// Unix milliseconds.
    pub created_at: i64,
    /// Unix milliseconds.
    pub last_signed_in_at: Option<i64>,
    /// Their page.
    pub url: String,
    /// Posts: it can be undone, so it isn't asked about.
    pub suspend_action: String,
    /// Posts.
    pub unsuspend_action: String,
    /// Asks whether to delete.
    pub delete_url: String,
}

/// Users.
#[derive(Debug, Clone, Serialize)]
pub struct UserList {
    /// How many there are in the environment, whatever is filtered.
    pub total: u64,
    /// The list itself; the search form sends `q` and `show` there.
    pub action: String,
    /// What is searched for.
    pub q: String,
    /// All, active, suspended, imported.
    pub filters: Vec<Filter>,
    /// One page of people.
    pub rows: Vec<UserRow>,
    /// The pages around it.
    pub pager: Pager,
    /// Import users.
    pub import_url: String,
    /// Add user.
    pub add_url: String,
}

/// Where somebody came from.
#[derive(Debug, Clone, Serialize)]
pub struct Origin {
    /// The former provider, as it calls itself.
    pub source: String,
    /// Unix milliseconds.
    pub imported_at: i64,
    /// The import that brought them, when it is still recorded.
    pub run_url: Option<String>,
}

/// A user: details.
#[derive(Debug, Clone, Serialize)]
pub struct UserDetails {
    /// Who, and the parts of their page.
    pub head: UserHead,
    /// Where the profile form posts `first_name`, `last_name`.
    pub profile_action: String,
    /// As stored, or as typed.
    pub first_name: String,
    /// As stored, or as typed.
    pub last_name: String,
    /// What is wrong with the profile form.
    pub problems: Problems,
    /// Their id at the former provider.
    pub provided_id: Option<String>,
    /// Unix milliseconds.
    pub created_at: i64,
    /// Unix milliseconds.
    pub last_signed_in_at: Option<i64>,
    /// How often they signed in.
    pub total_sign_ins: u64,
    /// `None` for those who were not imported.
    pub origin: Option<Origin>,
    /// How the password is kept, with its cost: "bcrypt, cost 10". `None` without a password.
    pub password_scheme: Option<String>,
    /// Whether that is the scheme that new passwords get.
    pub is_password_native: bool,
    /// Whether they have to choose their own at the next sign-in.
    pub is_password_temporary: bool,
    /// Whether they were asked to choose a new one.
    pub is_password_reset_requested: bool,
    /// The language that they read.
    pub locale: Option<String>,
    /// What they proved themselves with at the former provider beside a password, and what becomes of it.
    pub factors: Vec<Message>,
    /// Posts: asks for a new password at the next sign-in.
    pub require_reset_action: String,
    /// The page that sets a temporary password.
    pub temporary_password_url: String,
    /// Posts: ends sessions and stops sign-ins. It can be undone, so it isn't asked about.
    pub suspend_action: String,
    /// Posts: lets them in again.
    pub unsuspend_action: String,
    /// The question before deleting.
    pub delete_url: String,
}

impl Page for UserList {
    const TEMPLATE: &'static str = "admin/users/list.html";

    fn sample() -> Self {
        let filter = |label, value, is_current| Filter {
            label: Message::new(label),
            value,
            url: format!("/admin/users?show={value}"),
            is_current,
        };
        Self {
            total: 8_402,
            action: "/admin/users".to_owned(),
            q: String::new(),
            filters: vec![
                filter("users-filter-all", "", true),
                filter("users-filter-active", "active", false),
                filter("users-filter-suspended", "suspended", false),
                filter("users-filter-imported", "imported", false),
            ],
            rows: sample_rows(),
            pager: Pager {
                previous: None,
                next: Some("/admin/users?after=b2Zm".to_owned()),
            },
            import_url: "/admin/users/import".to_owned(),
            add_url: "/admin/users/new".to_owned(),
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        let empty = Self {
            total: 0,
            rows: Vec::new(),
            pager: Pager::default(),
            ..Self::sample()
        };
        let nobody = Self {
            total: 8_402,
            q: "zebra".to_owned(),
            ..empty.clone()
        };
        vec![("empty", empty), ("none", nobody)]
    }
}

fn sample_rows() -> Vec<UserRow> {
    let row = |name: &str, contact: &str, source: Option<&str>, seen: Option<i64>, is_suspended| {
        UserRow {
            name: name.to_owned(),
            contact: (!contact.is_empty()).then(|| contact.to_owned()),
            is_suspended,
            source: match source {
                Some(label) => Message::new("user-source-import").with("source", label),
                None => Message::new("user-source-sign-up"),
            },
            created_at: 1_795_224_660_000,
            last_signed_in_at: seen,
            url: "/admin/users/kp_0193".to_owned(),
            suspend_action: "/admin/users/kp_0193/suspend".to_owned(),
            unsuspend_action: "/admin/users/kp_0193/unsuspend".to_owned(),
            delete_url: "/admin/users/kp_0193/delete".to_owned(),
        }
    };
    vec![
        row(
            "Ada Lovelace",
            "ada@example.com",
            Some("Auth0"),
            Some(1_795_260_000_000),
            false,
        ),
        row(
            "Charles Babbage",
            "charles@example.com",
            Some("Auth0"),
            None,
            false,
        ),
        row(
            "mary@example.com",
            "",
            Some("Clerk"),
            Some(1_795_250_000_000),
            true,
        ),
        row(
            "Ødger Wilhelmína Sørensdóttir-Featherstonehaugh",
            "o.w@a-rather-long-domain.example.com",
            None,
            None,
            false,
        ),
    ]
}

impl Page for UserDetails {
    const TEMPLATE: &'static str = "admin/users/details.html";

    fn sample() -> Self {
        Self {
            head: UserHead::sample("tab-details"),
            profile_action: "/admin/users/kp_0193".to_owned(),
            first_name: "Ada".to_owned(),
            last_name: "Lovelace".to_owned(),
            problems: Problems::none(),
            provided_id: Some("auth0|5f7c8ec7c33c6c004bbafe82".to_owned()),
            created_at: 1_795_224_660_000,
            last_signed_in_at: Some(1_795_260_000_000),
            total_sign_ins: 1_204,
            origin: Some(Origin {
                source: "Auth0".to_owned(),
                imported_at: 1_795_224_660_000,
                run_url: Some("/admin/users/imports/imp_0193".to_owned()),
            }),
            password_scheme: Some("bcrypt, cost 10".to_owned()),
            is_password_native: false,
            is_password_temporary: false,
            is_password_reset_requested: false,
            locale: Some("en-GB".to_owned()),
            factors: vec![
                Message::new("user-factor-totp").with("count", 1),
                Message::new("user-factor-recovery-codes").with("count", 8),
                Message::new("user-factor-passkeys-here")
                    .with("count", 1)
                    .with("domain", "example.com"),
                Message::new("user-factor-passkeys-elsewhere")
                    .with("count", 2)
                    .with("domain", "lovelace.example")
                    .with("host", "login.example.com"),
            ],
            require_reset_action: "/admin/users/kp_0193/require-reset".to_owned(),
            temporary_password_url: "/admin/users/kp_0193/temporary-password".to_owned(),
            suspend_action: "/admin/users/kp_0193/suspend".to_owned(),
            unsuspend_action: "/admin/users/kp_0193/unsuspend".to_owned(),
            delete_url: "/admin/users/kp_0193/delete".to_owned(),
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        let sample = Self::sample();
        let suspended = Self {
            head: UserHead {
                is_suspended: true,
                ..UserHead::sample("tab-details")
            },
            provided_id: None,
            last_signed_in_at: None,
            origin: None,
            password_scheme: None,
            is_password_temporary: true,
            is_password_reset_requested: true,
            locale: None,
            factors: Vec::new(),
            ..sample.clone()
        };
        vec![
            (
                "native",
                Self {
                    is_password_native: true,
                    ..sample
                },
            ),
            ("suspended", suspended),
        ]
    }
}
