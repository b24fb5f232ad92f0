//! Environment variables.

use serde::Serialize;

use super::SAMPLE_TIME;
use crate::pages::{Message, Page, Problems};

/// Settings > Data management > Env variables: a list.
#[derive(Debug, Clone, Serialize)]
pub struct VariableList {
    /// Back to the settings.
    pub settings_url: String,
    /// Where one is added.
    pub add_url: String,
    /// The variables, oldest first.
    pub rows: Vec<VariableRow>,
}

/// A variable in the list.
#[derive(Debug, Clone, Serialize)]
pub struct VariableRow {
    /// Its name.
    pub key: String,
    /// Its value; none where it is sensitive.
    pub value: Option<String>,
    /// When it was made, in milliseconds since 1970.
    pub created_at: i64,
    /// Where it is changed, unless it is sensitive.
    pub edit_url: String,
    /// Where it is deleted.
    pub delete_url: String,
}

/// A variable: add or change.
#[derive(Debug, Clone, Serialize)]
pub struct EditVariable {
    /// What the page is called.
    pub title: Message,
    /// Where `key`, `value` and `is_secret` are posted.
    pub action: String,
    /// Back, with nothing done.
    pub cancel_url: String,
    /// Its name.
    pub key: String,
    /// Its value; empty where it is sensitive.
    pub value: String,
    /// Whether it is sensitive from now on.
    pub is_secret: bool,
    /// What is wrong with the form.
    pub problems: Problems,
}

impl Page for VariableList {
    const TEMPLATE: &'static str = "admin/workflows/variables.html";

    fn sample() -> Self {
        let url = "/admin/settings/environment-variables";
        let row = |key: &str, value: Option<&str>| VariableRow {
            key: key.to_owned(),
            value: value.map(str::to_owned),
            created_at: SAMPLE_TIME,
            edit_url: format!("{url}/envvar_0193"),
            delete_url: format!("{url}/envvar_0193/delete"),
        };
        Self {
            settings_url: "/admin/settings".to_owned(),
            add_url: format!("{url}/new"),
            rows: vec![
                row("AUTH0_DOMAIN", Some("acme.eu.auth0.com")),
                row("AUTH0_CLIENT_SECRET", None),
            ],
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        let empty = Self {
            rows: Vec::new(),
            ..Self::sample()
        };
        vec![("empty", empty)]
    }
}

impl Page for EditVariable {
    const TEMPLATE: &'static str = "admin/workflows/edit_variable.html";

    fn sample() -> Self {
        Self {
            title: Message::new("variable-add"),
            action: "/admin/settings/environment-variables/new".to_owned(),
            cancel_url: "/admin/settings/environment-variables".to_owned(),
            key: String::new(),
            value: String::new(),
            is_secret: false,
            problems: Problems::none(),
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        let refused = Self {
            key: "AUTH0 DOMAIN".to_owned(),
            is_secret: true,
            problems: Problems::at("key", Message::new("variable-error-key")),
            ..Self::sample()
        };
        vec![("refused", refused)]
    }
}
