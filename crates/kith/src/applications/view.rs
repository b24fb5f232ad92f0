//! What the applications' pages of the dashboard show: facts for `templates/admin/applications/`.

use serde::Serialize;

use crate::pages::{Message, Page, Problems, Tab};

/// One application, as a tile.
#[derive(Debug, Clone, Serialize)]
pub struct ApplicationTile {
    /// Its name.
    pub name: String,
    /// `reg`, `spa`, `m2m` or `device`, as in the management API.
    pub kind: &'static str,
    /// View details.
    pub details_url: String,
    /// Quick start.
    pub quick_start_url: String,
}

/// Applications.
#[derive(Debug, Clone, Serialize)]
pub struct ApplicationList {
    /// Back to settings.
    pub settings_url: String,
    /// All of them; an environment has few.
    pub applications: Vec<ApplicationTile>,
    /// Add application.
    pub add_url: String,
}

/// Add application.
#[derive(Debug, Clone, Serialize)]
pub struct AddApplication {
    /// Where the form posts `name`, `type` (`reg`, `spa`, `m2m`).
    pub action: String,
    /// Back to the list.
    pub cancel_url: String,
    /// What was typed.
    pub name: String,
    /// What was chosen: `reg`, `spa`, `m2m`; empty before.
    pub kind: &'static str,
    /// What is wrong with the form.
    pub problems: Problems,
}

/// Which application a page is about.
#[derive(Debug, Clone, Serialize)]
pub struct ApplicationHead {
    /// Its name.
    pub name: String,
    /// `reg`, `spa`, `m2m` or `device`, as in the management API.
    pub kind: &'static str,
    /// Its client id.
    pub client_id: String,
    /// Back to the list.
    pub list_url: String,
    /// Details, APIs, Quick start.
    pub tabs: Vec<Tab>,
}

/// An application: details, app keys, URLs.
#[derive(Debug, Clone, Serialize)]
pub struct ApplicationDetails {
    /// Which.
    pub head: ApplicationHead,
    /// Where the form posts `name`, `homepage_uri`, `login_uri`, `redirect_uris`, `logout_uris`; machines have only the
    /// name.
    pub action: String,
    /// As stored, or as typed.
    pub name: String,
    /// As stored, or as typed.
    pub homepage_uri: String,
    /// As stored, or as typed.
    pub login_uri: String,
    /// One per line.
    pub redirect_uris: String,
    /// One per line.
    pub logout_uris: String,
    /// The issuer.
    pub domain: String,
    /// `None` for applications that can't keep one.
    pub client_secret: Option<String>,
    /// The question before a new secret; `None` without a secret.
    pub rotate_url: Option<String>,
    /// The question before deleting.
    pub delete_url: String,
    /// What is wrong with the form.
    pub problems: Problems,
}

/// An API that the application may be authorized for.
#[derive(Debug, Clone, Serialize)]
pub struct ApplicationApi {
    /// Its name.
    pub name: String,
    /// What tokens carry as `aud`.
    pub audience: String,
    /// Whether this application may ask for tokens.
    pub is_authorized: bool,
    /// How many scopes it has then.
    pub n_scopes: u64,
    /// The API's page.
    pub url: String,
    /// Posts: authorizes.
    pub authorize_action: String,
    /// Posts: takes it back.
    pub revoke_action: String,
    /// Manage scopes, for this application.
    pub scopes_url: String,
}

/// An application: APIs.
#[derive(Debug, Clone, Serialize)]
pub struct ApplicationApis {
    /// Which.
    pub head: ApplicationHead,
    /// All APIs of the environment.
    pub rows: Vec<ApplicationApi>,
}

/// Something to copy.
#[derive(Debug, Clone, Serialize)]
pub struct Snippet {
    /// The file it goes to, or the tool it is for.
    pub title: String,
    /// The text.
    pub text: String,
}

/// An application: quick start.
#[derive(Debug, Clone, Serialize)]
pub struct QuickStart {
    /// Which.
    pub head: ApplicationHead,
    /// Where to set the URLs; for a machine, where to authorize it.
    pub urls_url: String,
    /// What to copy, for the SDKs that fit.
    pub snippets: Vec<Snippet>,
}

impl ApplicationTile {
    /// Invented applications, for samples.
    #[must_use]
    pub fn samples() -> Vec<Self> {
        let tile = |name: &str, kind| Self {
            name: name.to_owned(),
            kind,
            details_url: "/admin/applications/0f6e".to_owned(),
            quick_start_url: "/admin/applications/0f6e/quick-start".to_owned(),
        };
        vec![
            tile("Customer portal", "reg"),
            tile("Phone app", "spa"),
            tile("Nightly reports", "m2m"),
        ]
    }
}

impl ApplicationHead {
    /// An invented application, for samples; `part` names the tab that is shown.
    #[must_use]
    pub fn sample(kind: &'static str, part: &str) -> Self {
        let tab = |label, path| Tab {
            label: Message::new(label),
            url: format!("/admin/applications/0f6e{path}"),
            is_current: label == part,
        };
        Self {
            name: "Customer portal".to_owned(),
            kind,
            client_id: "0f6e3a9d41b84c7f9b0d2f3c5e8a7b16".to_owned(),
            list_url: "/admin/applications".to_owned(),
            tabs: vec![
                tab("tab-details", ""),
                tab("nav-apis", "/apis"),
                tab("application-quick-start", "/quick-start"),
            ],
        }
    }
}

impl Page for ApplicationList {
    const TEMPLATE: &'static str = "admin/applications/list.html";

    fn sample() -> Self {
        Self {
            settings_url: "/admin/settings".to_owned(),
            applications: ApplicationTile::samples(),
            add_url: "/admin/applications/new".to_owned(),
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

impl Page for AddApplication {
    const TEMPLATE: &'static str = "admin/applications/add.html";

    fn sample() -> Self {
        Self {
            action: "/admin/applications".to_owned(),
            cancel_url: "/admin/applications".to_owned(),
            name: "Customer portal".to_owned(),
            kind: "reg",
            problems: Problems::none(),
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        vec![(
            "blank",
            Self {
                name: String::new(),
                kind: "",
                ..Self::sample()
            },
        )]
    }
}

impl Page for ApplicationDetails {
    const TEMPLATE: &'static str = "admin/applications/details.html";

    fn sample() -> Self {
        Self {
            head: ApplicationHead::sample("reg", "tab-details"),
            action: "/admin/applications/0f6e".to_owned(),
            name: "Customer portal".to_owned(),
            homepage_uri: "https://app.example.com".to_owned(),
            login_uri: String::new(),
            redirect_uris: "https://app.example.com/api/auth/kinde_callback\n\
                            http://localhost:3000/api/auth/kinde_callback"
                .to_owned(),
            logout_uris: "https://app.example.com".to_owned(),
            domain: "https://id.example.com".to_owned(),
            client_secret: Some("kJ8sample0secret1for2looking3at4pages5only".to_owned()),
            rotate_url: Some("/admin/applications/0f6e/rotate".to_owned()),
            delete_url: "/admin/applications/0f6e/delete".to_owned(),
            problems: Problems::none(),
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        let url = Message::new("application-error-url")
            .with("line", 2)
            .with("url", "localhost:3000")
            .with("rule", "redirect_uri_not_absolute");
        let refused = Self {
            problems: Problems::at("redirect_uris", url),
            ..Self::sample()
        };
        let of_kind = |kind, client_secret: Option<String>| Self {
            head: ApplicationHead::sample(kind, "tab-details"),
            rotate_url: client_secret
                .as_ref()
                .map(|_| "/admin/applications/0f6e/rotate".to_owned()),
            client_secret,
            ..Self::sample()
        };
        vec![
            ("refused", refused),
            ("spa", of_kind("spa", None)),
            ("m2m", of_kind("m2m", Some("sample-secret".to_owned()))),
        ]
    }
}

impl Page for ApplicationApis {
    const TEMPLATE: &'static str = "admin/applications/apis.html";

    fn sample() -> Self {
        let api = |name: &str, audience: &str, is_authorized, n_scopes| ApplicationApi {
            name: name.to_owned(),
            audience: audience.to_owned(),
            is_authorized,
            n_scopes,
            url: "/admin/apis/1".to_owned(),
            authorize_action: "/admin/applications/0f6e/apis/1/authorize".to_owned(),
            revoke_action: "/admin/applications/0f6e/apis/1/revoke".to_owned(),
            scopes_url: "/admin/apis/1/scopes?application=0f6e".to_owned(),
        };
        Self {
            head: ApplicationHead::sample("reg", "nav-apis"),
            rows: vec![
                api(
                    "Kinde Management API",
                    "https://id.example.com/api",
                    true,
                    12,
                ),
                api("Reports", "https://reports.example.com", false, 0),
            ],
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

impl Page for QuickStart {
    const TEMPLATE: &'static str = "admin/applications/quick_start.html";

    fn sample() -> Self {
        let text = "KINDE_CLIENT_ID=0f6e3a9d41b84c7f9b0d2f3c5e8a7b16\n\
                    KINDE_CLIENT_SECRET=kJ8sample0secret1for2looking3at4pages5only\n\
                    KINDE_ISSUER_URL=https://id.example.com\n\
                    KINDE_SITE_URL=http://localhost:3000\n\
                    KINDE_POST_LOGOUT_REDIRECT_URL=http://localhost:3000\n\
                    KINDE_POST_LOGIN_REDIRECT_URL=http://localhost:3000/dashboard";
        Self {
            head: ApplicationHead::sample("reg", "application-quick-start"),
            urls_url: "/admin/applications/0f6e#urls".to_owned(),
            snippets: vec![Snippet {
                title: "Next.js · .env.local".to_owned(),
                text: text.to_owned(),
            }],
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        let head = ApplicationHead::sample("m2m", "application-quick-start");
        vec![(
            "m2m",
            Self {
                head,
                urls_url: "/admin/apis".to_owned(),
                ..Self::sample()
            },
        )]
    }
}
