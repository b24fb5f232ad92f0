//! What the APIs' pages of the dashboard show: facts for `templates/admin/apis/`.

use serde::Serialize;

use crate::pages::{Page, Problems};

/// One API of the list.
#[derive(Debug, Clone, Serialize)]
pub struct ApiRow {
    /// Its name.
    pub name: String,
    /// What tokens carry as `aud`.
    pub audience: String,
    /// Whether it is our own management API.
    pub is_management: bool,
    /// How many applications may ask for tokens.
    pub n_applications: u64,
    /// Its page.
    pub url: String,
    /// Authorize application.
    pub authorize_url: String,
    /// Manage scopes.
    pub scopes_url: String,
}

/// APIs.
#[derive(Debug, Clone, Serialize)]
pub struct ApiList {
    /// All of them; an environment has few.
    pub rows: Vec<ApiRow>,
    /// Add API.
    pub add_url: String,
}

/// Add API.
#[derive(Debug, Clone, Serialize)]
pub struct AddApi {
    /// Where the form posts `name`, `audience`.
    pub action: String,
    /// Back to the list.
    pub cancel_url: String,
    /// What was typed.
    pub name: String,
    /// What was typed.
    pub audience: String,
    /// What is wrong with the form.
    pub problems: Problems,
}

/// A scope of an API.
#[derive(Debug, Clone, Serialize)]
pub struct ScopeRow {
    /// `read:reports`
    pub key: String,
    /// What it allows; may be empty.
    pub description: String,
    /// Posts: deletes it; `None` where it must stay.
    pub delete_action: Option<String>,
}

/// An application that has something to do with an API.
#[derive(Debug, Clone, Serialize)]
pub struct ApplicationLink {
    /// Its name.
    pub name: String,
    /// Its page, or this page for it.
    pub url: String,
    /// Whether it is the one shown.
    pub is_current: bool,
}

/// An API: details and scopes, and a form for one more scope.
#[derive(Debug, Clone, Serialize)]
pub struct ApiDetails {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What tokens carry as `aud`.
    pub audience: String,
    /// Whether it is our own management API, which can't be changed.
    pub is_management: bool,
    /// Back to the list.
    pub list_url: String,
    /// Applications that may ask for tokens.
    pub applications: Vec<ApplicationLink>,
    /// Its scopes.
    pub scopes: Vec<ScopeRow>,
    /// Authorize application.
    pub authorize_url: String,
    /// Manage scopes.
    pub scopes_url: String,
    /// Where the form posts `key`, `description`.
    pub add_scope_action: String,
    /// What was typed as `key`.
    pub scope_key: String,
    /// What was typed as `description`.
    pub scope_description: String,
    /// The question before deleting.
    pub delete_url: String,
    /// What is wrong with the form.
    pub problems: Problems,
}

/// An application that may be authorized.
#[derive(Debug, Clone, Serialize)]
pub struct Authorizable {
    /// The value of the check box `application`.
    pub client_id: String,
    /// Its name.
    pub name: String,
    /// `reg`, `spa`, `m2m` or `device`, as in the management API.
    pub kind: &'static str,
    /// Whether it is authorized.
    pub is_authorized: bool,
}

/// Authorize application.
#[derive(Debug, Clone, Serialize)]
pub struct Authorize {
    /// For which API.
    pub api_name: String,
    /// Where the form posts `application`, repeated: all that are to be authorized.
    pub action: String,
    /// Back to the API.
    pub cancel_url: String,
    /// All applications of the environment.
    pub applications: Vec<Authorizable>,
}

/// A scope that an application may have.
#[derive(Debug, Clone, Serialize)]
pub struct ScopeChoice {
    /// The value of the check box `scope`.
    pub key: String,
    /// What it allows; may be empty.
    pub description: String,
    /// Whether the application has it.
    pub is_enabled: bool,
}

/// Manage scopes, of one application at a time.
#[derive(Debug, Clone, Serialize)]
pub struct ManageScopes {
    /// For which API.
    pub api_name: String,
    /// The authorized applications; none yet, and the page says how to authorize one.
    pub applications: Vec<ApplicationLink>,
    /// The one shown.
    pub application_name: String,
    /// Where the form posts `scope`, repeated: all that are to be enabled.
    pub action: String,
    /// Back to the API.
    pub cancel_url: String,
    /// Authorize application.
    pub authorize_url: String,
    /// All scopes of the API.
    pub scopes: Vec<ScopeChoice>,
}

impl Page for ApiList {
    const TEMPLATE: &'static str = "admin/apis/list.html";

    fn sample() -> Self {
        let row = |name: &str, audience: &str, is_management, n_applications| ApiRow {
            name: name.to_owned(),
            audience: audience.to_owned(),
            is_management,
            n_applications,
            url: "/admin/apis/1".to_owned(),
            authorize_url: "/admin/apis/1/authorize".to_owned(),
            scopes_url: "/admin/apis/1/scopes".to_owned(),
        };
        Self {
            rows: vec![
                row(
                    "Kinde Management API",
                    "https://id.example.com/api",
                    true,
                    2,
                ),
                row("Reports", "https://reports.example.com", false, 0),
            ],
            add_url: "/admin/apis/new".to_owned(),
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

impl Page for AddApi {
    const TEMPLATE: &'static str = "admin/apis/add.html";

    fn sample() -> Self {
        Self {
            action: "/admin/apis".to_owned(),
            cancel_url: "/admin/apis".to_owned(),
            name: String::new(),
            audience: String::new(),
            problems: Problems::none(),
        }
    }
}

impl Page for ApiDetails {
    const TEMPLATE: &'static str = "admin/apis/details.html";

    fn sample() -> Self {
        let scope = |key: &str, description: &str| ScopeRow {
            key: key.to_owned(),
            description: description.to_owned(),
            delete_action: Some("/admin/apis/1/scopes/1/delete".to_owned()),
        };
        let portal = ApplicationLink {
            name: "Customer portal".to_owned(),
            url: "/admin/applications/0f6e".to_owned(),
            is_current: false,
        };
        Self {
            id: "api_0193a1c28d7b".to_owned(),
            name: "Reports".to_owned(),
            audience: "https://reports.example.com".to_owned(),
            is_management: false,
            list_url: "/admin/apis".to_owned(),
            applications: vec![portal],
            scopes: vec![
                scope("read:reports", "Read reports"),
                scope("write:reports", ""),
            ],
            authorize_url: "/admin/apis/1/authorize".to_owned(),
            scopes_url: "/admin/apis/1/scopes".to_owned(),
            add_scope_action: "/admin/apis/1/scopes".to_owned(),
            scope_key: String::new(),
            scope_description: String::new(),
            delete_url: "/admin/apis/1/delete".to_owned(),
            problems: Problems::none(),
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        let fresh = Self {
            scopes: Vec::new(),
            applications: Vec::new(),
            ..Self::sample()
        };
        vec![
            ("fresh", fresh),
            (
                "management",
                Self {
                    is_management: true,
                    ..Self::sample()
                },
            ),
        ]
    }
}

impl Page for Authorize {
    const TEMPLATE: &'static str = "admin/apis/authorize.html";

    fn sample() -> Self {
        let application = |client_id: &str, name: &str, kind, is_authorized| Authorizable {
            client_id: client_id.to_owned(),
            name: name.to_owned(),
            kind,
            is_authorized,
        };
        Self {
            api_name: "Kinde Management API".to_owned(),
            action: "/admin/apis/1/authorize".to_owned(),
            cancel_url: "/admin/apis/1".to_owned(),
            applications: vec![
                application("0f6e", "Customer portal", "reg", false),
                application("1a2b", "Drip feed migration app", "m2m", true),
            ],
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        vec![(
            "empty",
            Self {
                applications: Vec::new(),
                ..Self::sample()
            },
        )]
    }
}

impl Page for ManageScopes {
    const TEMPLATE: &'static str = "admin/apis/scopes.html";

    fn sample() -> Self {
        let scope = |key: &str, description: &str, is_enabled| ScopeChoice {
            key: key.to_owned(),
            description: description.to_owned(),
            is_enabled,
        };
        let application = |name: &str, is_current| ApplicationLink {
            name: name.to_owned(),
            url: "/admin/apis/1/scopes?application=1a2b".to_owned(),
            is_current,
        };
        Self {
            api_name: "Kinde Management API".to_owned(),
            applications: vec![
                application("Drip feed migration app", true),
                application("Nightly reports", false),
            ],
            application_name: "Drip feed migration app".to_owned(),
            action: "/admin/apis/1/scopes?application=1a2b".to_owned(),
            cancel_url: "/admin/apis/1".to_owned(),
            authorize_url: "/admin/apis/1/authorize".to_owned(),
            scopes: vec![
                scope("create:users", "Create users", true),
                scope("read:users", "Read users", false),
                scope("update:users", "Change users", false),
                scope("delete:users", "Delete users", false),
                scope("update:user_passwords", "Set passwords of users", true),
                scope("read:organizations", "", false),
            ],
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        vec![(
            "none",
            Self {
                applications: Vec::new(),
                ..Self::sample()
            },
        )]
    }
}
