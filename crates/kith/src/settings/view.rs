//! What the settings' pages of the dashboard show: facts for `templates/admin/settings/`.

mod email;
mod protection;

use serde::Serialize;

use crate::pages::{Message, Page};

pub use email::{Diagnosis, DiagnosisStep, EmailSettings, StepOutcome};
pub use protection::AttackProtectionSettings;

/// One place among the settings.
#[derive(Debug, Clone, Serialize)]
pub struct SettingsEntry {
    /// A name of `components/icon.html`.
    pub icon: &'static str,
    /// What guides call it.
    pub title: Message,
    /// What is set there.
    pub text: Message,
    /// Where it is.
    pub url: String,
}

/// Settings that belong together.
#[derive(Debug, Clone, Serialize)]
pub struct SettingsGroup {
    /// What guides call the group.
    pub title: Message,
    /// Its places; those without a feature are absent.
    pub entries: Vec<SettingsEntry>,
}

/// Settings: one page with groups.
#[derive(Debug, Clone, Serialize)]
pub struct SettingsIndex {
    /// In the order of the site map.
    pub groups: Vec<SettingsGroup>,
}

/// Environment details.
#[derive(Debug, Clone, Serialize)]
pub struct EnvironmentDetails {
    /// Back to settings.
    pub settings_url: String,
    /// Its name.
    pub name: String,
    /// `env_…`
    pub code: String,
    /// Whether it is the production environment.
    pub is_production: bool,
    /// The issuer, which is also the domain of the app keys.
    pub issuer: String,
    /// Where clients find everything else.
    pub discovery_url: String,
    /// The version of this program.
    pub version: String,
}

impl Page for SettingsIndex {
    const TEMPLATE: &'static str = "admin/settings/index.html";

    fn sample() -> Self {
        let entry = |icon, title, text, url: &str| SettingsEntry {
            icon,
            title: Message::new(title),
            text: Message::new(text),
            url: url.to_owned(),
        };
        let environment = vec![
            entry(
                "info",
                "settings-environment-details",
                "settings-environment-details-text",
                "/admin/settings/environment",
            ),
            entry(
                "app",
                "nav-applications",
                "settings-applications-text",
                "/admin/applications",
            ),
            entry("api", "nav-apis", "settings-apis-text", "/admin/apis"),
            entry(
                "mail",
                "settings-email",
                "settings-email-text",
                "/admin/settings/email",
            ),
        ];
        let users = vec![
            entry(
                "role",
                "nav-roles",
                "settings-roles-text",
                "/admin/settings/roles",
            ),
            entry(
                "permission",
                "nav-permissions",
                "settings-permissions-text",
                "/admin/settings/permissions",
            ),
        ];
        let group = |title, entries| SettingsGroup {
            title: Message::new(title),
            entries,
        };
        Self {
            groups: vec![
                group("settings-group-environment", environment),
                group("settings-group-users", users),
            ],
        }
    }
}

impl Page for EnvironmentDetails {
    const TEMPLATE: &'static str = "admin/settings/environment.html";

    fn sample() -> Self {
        Self {
            settings_url: "/admin/settings".to_owned(),
            name: "Production".to_owned(),
            code: "env_0193a1c28d7b".to_owned(),
            is_production: true,
            issuer: "https://id.example.com".to_owned(),
            discovery_url: "https://id.example.com/.well-known/openid-configuration".to_owned(),
            version: "0.1.0".to_owned(),
        }
    }
}
