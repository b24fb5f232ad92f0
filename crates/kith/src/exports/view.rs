//! What the page of exports shows: facts for `templates/admin/exports/`.

use serde::Serialize;

use crate::pages::{Choice, Message, Page, Problems};

/// Settings > Export.
#[derive(Debug, Clone, Serialize)]
pub struct ExportPage {
    /// Back to settings.
    pub settings_url: String,
    /// Where the form posts `what`, `format`, `with_passwords`, `password`; the answer is the file.
    pub action: String,
    /// How many people there are.
    pub people: u64,
    /// What can be exported.
    pub whats: Vec<Choice>,
    /// In which formats.
    pub formats: Vec<Choice>,
    /// Whether whoever looks may take password hashes along.
    pub may_take_passwords: bool,
    /// Whether they have ticked that they want to.
    pub with_passwords: bool,
    /// What is wrong with the form.
    pub problems: Problems,
}

impl Page for ExportPage {
    const TEMPLATE: &'static str = "admin/exports/export.html";

    fn sample() -> Self {
        let choice = |value, label, is_current| Choice {
            value,
            label: Message::new(label).with("name", "Auth0"),
            is_current,
        };
        Self {
            settings_url: "/admin/settings".to_owned(),
            action: "/admin/settings/export".to_owned(),
            people: 4_120,
            whats: vec![
                choice("all", "export-what-all", true),
                choice("users", "export-what-users", false),
                choice("organizations", "export-what-organizations", false),
            ],
            formats: vec![
                choice("kith", "export-format-kith", true),
                choice("auth0", "export-format-other", false),
            ],
            may_take_passwords: true,
            with_passwords: false,
            problems: Problems::none(),
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        let refused = Self {
            with_passwords: true,
            problems: Problems::at("password", Message::new("export-error-password")),
            ..Self::sample()
        };
        let admin = Self {
            may_take_passwords: false,
            ..Self::sample()
        };
        vec![("refused", refused), ("admin", admin)]
    }
}
