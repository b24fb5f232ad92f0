//! Import users: choosing a source, and bringing its files.

use serde::Serialize;

use crate::pages::{Message, Page, Problems};

/// Whose export can be imported.
#[derive(Debug, Clone, Serialize)]
pub struct SourceCard {
    /// What guides call it.
    pub title: Message,
    /// What to bring.
    pub text: Message,
    /// Its upload page.
    pub url: String,
}

/// Sources that have something in common.
#[derive(Debug, Clone, Serialize)]
pub struct SourceGroup {
    /// What that is.
    pub title: Message,
    /// For the heading's id.
    pub id: &'static str,
    /// The sources.
    pub sources: Vec<SourceCard>,
}

/// Import users: choose a source.
#[derive(Debug, Clone, Serialize)]
pub struct ChooseSource {
    /// Back to the users.
    pub users_url: String,
    /// The list of imports, when there are any.
    pub runs_url: Option<String>,
    /// Where the search leads.
    pub action: String,
    /// What is searched for.
    pub q: String,
    /// The one that finds out by itself; none while something is searched for.
    pub auto: Option<SourceCard>,
    /// The others.
    pub groups: Vec<SourceGroup>,
}

/// A file to bring.
#[derive(Debug, Clone, Serialize)]
pub struct FileSlot {
    /// The field's name: `file`, `users`, `passwords`.
    pub field: &'static str,
    /// What it is.
    pub label: Message,
    /// Where it comes from.
    pub hint: Message,
    /// For the browser's file dialog: `.csv,.gz`.
    pub accept: &'static str,
    /// Whether the import makes sense without it.
    pub is_required: bool,
    /// Whether there may be several.
    pub is_many: bool,
}

/// Something to be said about the files that they don't say themselves.
#[derive(Debug, Clone, Serialize)]
pub struct TextField {
    /// The field's name.
    pub field: &'static str,
    /// What it is.
    pub label: Message,
    /// Where it is found.
    pub hint: Message,
    /// What was typed, unless it is a secret.
    pub value: String,
    /// Whether it is a secret.
    pub is_secret: bool,
}

/// Import users: upload.
#[derive(Debug, Clone, Serialize)]
pub struct Upload {
    /// What guides call the source.
    pub title: Message,
    /// What to bring.
    pub text: Message,
    /// Where the form posts, as `multipart/form-data`; `csrf` is its first part.
    pub action: String,
    /// Back to the sources.
    pub back_url: String,
    /// The files.
    pub slots: Vec<FileSlot>,
    /// What is to be said about the hashes.
    pub params: Vec<TextField>,
    /// Whether few need to say it.
    pub has_closed_params: bool,
    /// Whether a row whose address belongs to somebody with another id is taken for them.
    pub merges: bool,
    /// What is wrong with the files.
    pub problems: Problems,
}

impl Page for ChooseSource {
    const TEMPLATE: &'static str = "admin/imports/choose.html";

    fn sample() -> Self {
        let card = |label: &str, about: &str| SourceCard {
            title: Message::new("import-source").with("label", label),
            text: Message::new("import-source-about").with("about", about),
            url: "/admin/users/import/clerk".to_owned(),
        };
        let auto = SourceCard {
            title: Message::new("import-source-auto"),
            text: Message::new("import-source-auto-text"),
            url: "/admin/users/import/auto".to_owned(),
        };
        Self {
            users_url: "/admin/users".to_owned(),
            runs_url: Some("/admin/users/imports".to_owned()),
            action: "/admin/users/import".to_owned(),
            q: String::new(),
            auto: Some(auto),
            groups: vec![
                SourceGroup {
                    title: Message::new("import-group-own"),
                    id: "own",
                    sources: vec![card("Custom CSV", "A table with the columns of the guide.")],
                },
                SourceGroup {
                    title: Message::new("import-group-providers"),
                    id: "providers",
                    sources: vec![
                        card("Auth0", "The user export, and the password export."),
                        card("Clerk", "The CSV exactly as Clerk exports it."),
                    ],
                },
            ],
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        let none = Self {
            q: "quux".to_owned(),
            auto: None,
            groups: Vec::new(),
            ..Self::sample()
        };
        vec![("none", none)]
    }
}

impl Page for Upload {
    const TEMPLATE: &'static str = "admin/imports/upload.html";

    fn sample() -> Self {
        let slot = FileSlot {
            field: "file",
            label: Message::new("import-files-label"),
            hint: Message::new("import-file-hint"),
            accept: ".csv,.json,.ndjson,.gz",
            is_required: true,
            is_many: true,
        };
        Self {
            title: Message::new("import-source-auto"),
            text: Message::new("import-source-auto-text"),
            action: "/admin/users/import/auto".to_owned(),
            back_url: "/admin/users/import".to_owned(),
            slots: vec![slot],
            params: Vec::new(),
            has_closed_params: false,
            merges: false,
            problems: Problems::none(),
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        let slot = |field, label, hint| FileSlot {
            field,
            label: Message::new(label),
            hint: Message::new(hint),
            accept: ".json,.ndjson,.gz",
            is_required: false,
            is_many: false,
        };
        let auth0 = Self {
            slots: vec![
                slot("users", "import-file-users", "import-file-users-hint"),
                slot(
                    "passwords",
                    "import-file-passwords",
                    "import-file-passwords-hint",
                ),
            ],
            problems: Problems::at("users", Message::new("import-error-file")),
            ..Self::sample()
        };
        let unknown = Self {
            problems: Problems::at("file", Message::new("import-error-unknown")),
            ..Self::sample()
        };
        let param = |field, label, hint, is_secret| TextField {
            field,
            label: Message::new(label),
            hint: Message::new(hint),
            value: String::new(),
            is_secret,
        };
        let firebase = Self {
            params: vec![
                param(
                    "signer_key",
                    "import-param-signer-key",
                    "import-param-signer-key-hint",
                    true,
                ),
                param(
                    "rounds",
                    "import-param-rounds",
                    "import-param-rounds-hint",
                    false,
                ),
            ],
            ..Self::sample()
        };
        let closed = Self {
            has_closed_params: true,
            ..firebase.clone()
        };
        vec![
            ("auth0", auth0),
            ("unknown", unknown),
            ("params", firebase),
            ("closed", closed),
        ]
    }
}
