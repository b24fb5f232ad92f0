//! Settings > Attack protection.

use serde::Serialize;

use crate::pages::{Message, Page, Problems};

/// Settings > Attack protection.
#[derive(Debug, Clone, Serialize)]
pub struct AttackProtectionSettings {
    /// Back to settings.
    pub settings_url: String,
    /// Where the form posts `max_failures`, `lock_minutes`, `enumeration_protection`.
    pub action: String,
    /// As stored, or as typed.
    pub max_failures: String,
    /// As stored, or as typed.
    pub lock_minutes: String,
    /// Whether answers hide whether an account exists.
    pub enumeration_protection: bool,
    /// What is wrong with the form.
    pub problems: Problems,
}

impl Page for AttackProtectionSettings {
    const TEMPLATE: &'static str = "admin/settings/protection.html";

    fn sample() -> Self {
        Self {
            settings_url: "/admin/settings".to_owned(),
            action: "/admin/settings/attack-protection".to_owned(),
            max_failures: "5".to_owned(),
            lock_minutes: "5".to_owned(),
            enumeration_protection: true,
            problems: Problems::none(),
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        let message = Message::new("protection-error-number").with("most", 100);
        let problems = Problems::at("max_failures", message);
        let refused = Self {
            max_failures: "many".to_owned(),
            problems,
            ..Self::sample()
        };
        vec![("refused", refused)]
    }
}
