//! What the pages of the move show: facts for `templates/admin/drip_feed/`.

mod resets;

use serde::Serialize;

use crate::pages::{Message, Page, Problems, Tone};

pub use resets::{NewPasswordMail, Resets, StartResets};

/// The move at a glance: Migration.
#[derive(Debug, Clone, Serialize)]
pub struct Migration {
    /// What the old system is called; none before one is chosen.
    pub provider: Option<String>,
    /// `on`, `off`, `ended`, or `none`.
    pub state: &'static str,
    /// When it was ended.
    pub ended_at: Option<i64>,
    /// People who have no password here yet.
    pub waiting: i64,
    /// People who have moved.
    pub moved: i64,
    /// When nearly all will have moved.
    pub forecast: Message,
    /// Moves a day, oldest first.
    pub days: Vec<DayBar>,
    /// Moves by door.
    pub doors: Vec<Count>,
    /// Checks of the last day by outcome.
    pub outcomes: Vec<Count>,
    /// What went wrong last.
    pub failures: Vec<FailedCheck>,
    /// Writing to those who are left.
    pub resets: Resets,
    /// Where imports are.
    pub runs_url: String,
    /// Where the old system is chosen.
    pub setup_url: String,
    /// Where those who are still to come are downloaded.
    pub waiting_url: String,
    /// Where the old system is given up.
    pub end_url: String,
}

/// A day in the chart.
#[derive(Debug, Clone, Serialize)]
pub struct DayBar {
    /// Its first instant.
    pub begins_at: i64,
    /// How many moved.
    pub moved: i64,
    /// How high the bar is, of a hundred.
    pub height: i64,
    /// Where it stands, of fourteen times ten.
    pub x: i64,
}

/// How many of a kind.
#[derive(Debug, Clone, Serialize)]
pub struct Count {
    /// What kind.
    pub label: Message,
    /// How many.
    pub count: i64,
}

/// A check that moved nobody.
#[derive(Debug, Clone, Serialize)]
pub struct FailedCheck {
    /// When.
    pub at: i64,
    /// What came out.
    pub outcome: Message,
    /// What happened.
    pub reason: String,
    /// How long it took, in milliseconds.
    pub took_ms: i64,
}

/// Choosing the old system: a list.
#[derive(Debug, Clone, Serialize)]
pub struct Connectors {
    /// Back to the move.
    pub migration_url: String,
    /// What can be asked.
    pub connectors: Vec<ConnectorEntry>,
}

/// An old system that can be asked.
#[derive(Debug, Clone, Serialize)]
pub struct ConnectorEntry {
    /// What people call it.
    pub label: String,
    /// What is needed, in a sentence.
    pub text: Message,
    /// Where it is set up.
    pub url: String,
    /// Whether it is the one that is asked.
    pub is_current: bool,
}

/// Setting up the old system: a form.
#[derive(Debug, Clone, Serialize)]
pub struct ConnectorForm {
    /// Back to the list.
    pub connectors_url: String,
    /// What people call it.
    pub label: String,
    /// What is needed, in a sentence.
    pub text: Message,
    /// Where Save posts the fields, `is_on` and `trusts_addresses`.
    pub action: String,
    /// Where the test posts the same fields with `identifier` and `password`.
    pub test_action: String,
    /// The fields.
    pub fields: Vec<FormField>,
    /// Whether the old system is asked.
    pub is_on: bool,
    /// Whether its word on addresses is taken.
    pub trusts_addresses: bool,
    /// Who is tried.
    pub identifier: String,
    /// What a test found.
    pub tried: Option<Tried>,
    /// What is wrong with the form.
    pub problems: Problems,
}

/// A field of an old system.
#[derive(Debug, Clone, Serialize)]
pub struct FormField {
    /// Its name.
    pub name: &'static str,
    /// What it is called.
    pub label: Message,
    /// As stored or typed; empty for a secret.
    pub value: String,
    /// What one looks like.
    pub example: &'static str,
    /// Whether it is never shown.
    pub is_secret: bool,
    /// Whether a secret is stored.
    pub is_kept: bool,
    /// Whether it may be left out.
    pub is_optional: bool,
}

/// What a test of one account found.
#[derive(Debug, Clone, Serialize)]
pub struct Tried {
    /// Good, or bad.
    pub tone: Tone,
    /// In a sentence.
    pub title: Message,
    /// What happened, where that helps.
    pub detail: String,
    /// What would come along: a label and a value each.
    pub facts: Vec<Fact>,
}

/// Something known of a person.
#[derive(Debug, Clone, Serialize)]
pub struct Fact {
    /// What.
    pub label: Message,
    /// As it would be kept.
    pub value: String,
}

/// Giving up the old system.
#[derive(Debug, Clone, Serialize)]
pub struct EndMigration {
    /// Back to the move.
    pub migration_url: String,
    /// Where Yes posts.
    pub action: String,
    /// What the old system is called.
    pub provider: String,
    /// How many people would need a reset.
    pub waiting: i64,
    /// How many moved in the last week: as long as people do, it is needed.
    pub moved_this_week: i64,
}

impl Page for Migration {
    const TEMPLATE: &'static str = "admin/drip_feed/migration.html";

    fn sample() -> Self {
        let moved = [0, 2, 5, 40, 120, 95, 88, 71, 64, 20, 12, 44, 39, 31];
        let day = |(number, moved): (i64, i64)| DayBar {
            begins_at: 1_767_225_600_000 + number * 86_400_000,
            moved,
            height: moved * 100 / 120,
            x: number * 10,
        };
        let count = |label, count| Count {
            label: Message::new(label),
            count,
        };
        Self {
            provider: Some("Auth0".to_owned()),
            state: "on",
            ended_at: None,
            waiting: 1_204,
            moved: 3_112,
            forecast: Message::new("migration-forecast-days").with("days", 23),
            days: (0..).zip(moved).map(day).collect(),
            doors: vec![
                count("migration-door-sign_in", 3_090),
                count("migration-door-sign_up", 22),
            ],
            outcomes: vec![
                count("migration-outcome-moved", 31),
                count("migration-outcome-wrong", 12),
                count("migration-outcome-slow", 2),
            ],
            failures: vec![FailedCheck {
                at: 1_767_312_000_000,
                outcome: Message::new("migration-outcome-down"),
                reason: "the old system answered 502 Bad Gateway".to_owned(),
                took_ms: 812,
            }],
            resets: Resets::sample(),
            runs_url: "/admin/users/imports".to_owned(),
            setup_url: "/admin/migration/old-system".to_owned(),
            waiting_url: "/admin/migration/waiting.csv".to_owned(),
            end_url: "/admin/migration/end".to_owned(),
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        let none = Self {
            provider: None,
            state: "none",
            waiting: 0,
            moved: 0,
            forecast: Message::new("migration-forecast-reached"),
            days: Vec::new(),
            doors: Vec::new(),
            outcomes: Vec::new(),
            failures: Vec::new(),
            ..Self::sample()
        };
        let ended = Self {
            state: "ended",
            ended_at: Some(1_767_312_000_000),
            failures: Vec::new(),
            resets: Resets::running(),
            ..Self::sample()
        };
        vec![("none", none), ("ended", ended)]
    }
}

impl Page for Connectors {
    const TEMPLATE: &'static str = "admin/drip_feed/connectors.html";

    fn sample() -> Self {
        let entry = |label: &str, name: &str, is_current| ConnectorEntry {
            label: label.to_owned(),
            text: Message::new(text_key(name)),
            url: format!("/admin/migration/old-system/{name}"),
            is_current,
        };
        Self {
            migration_url: "/admin/migration".to_owned(),
            connectors: vec![
                entry("Auth0", "auth0", true),
                entry("Firebase", "firebase", false),
                entry("HTTP", "http", false),
            ],
        }
    }
}

/// The phrase that says what a connector needs.
pub(super) fn text_key(connector: &str) -> &'static str {
    match connector {
        "auth0" => "connector-auth0-text",
        "cognito" => "connector-cognito-text",
        "azure" => "connector-azure-text",
        "firebase" => "connector-firebase-text",
        "keycloak" => "connector-keycloak-text",
        "supabase" => "connector-supabase-text",
        "oauth2" => "connector-oauth2-text",
        "ldap" => "connector-ldap-text",
        "sql" => "connector-sql-text",
        _ => "connector-http-text",
    }
}

impl Page for ConnectorForm {
    const TEMPLATE: &'static str = "admin/drip_feed/connector.html";

    fn sample() -> Self {
        let field = |name, label, value: &str| FormField {
            name,
            label: Message::new(label),
            value: value.to_owned(),
            example: "",
            is_secret: false,
            is_kept: false,
            is_optional: false,
        };
        let secret = FormField {
            is_secret: true,
            is_kept: true,
            is_optional: true,
            ..field("client_secret", "connector-field-client_secret", "")
        };
        Self {
            connectors_url: "/admin/migration/old-system".to_owned(),
            label: "Auth0".to_owned(),
            text: Message::new("connector-auth0-text"),
            action: "/admin/migration/old-system/auth0".to_owned(),
            test_action: "/admin/migration/old-system/auth0/test".to_owned(),
            fields: vec![
                field("domain", "connector-field-domain", "acme.eu.auth0.com"),
                field("client_id", "connector-field-client_id", "kTh9x2"),
                secret,
            ],
            is_on: true,
            trusts_addresses: false,
            identifier: String::new(),
            tried: None,
            problems: Problems::none(),
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        let fact = |label, value: &str| Fact {
            label: Message::new(label),
            value: value.to_owned(),
        };
        let right = Tried {
            tone: Tone::Good,
            title: Message::new("connector-tried-right"),
            detail: String::new(),
            facts: vec![
                fact("connector-fact-id", "auth0|5f7c8ec7c33c6c004bbafe82"),
                fact("connector-fact-name", "Ada King"),
                fact("connector-fact-identities", "ada@example.com"),
            ],
        };
        let down = Tried {
            tone: Tone::Bad,
            title: Message::new("connector-tried-down"),
            detail: "acme.eu.auth0.com could not be reached: connection refused".to_owned(),
            facts: Vec::new(),
        };
        let with = |tried| Self {
            identifier: "ada@example.com".to_owned(),
            tried: Some(tried),
            ..Self::sample()
        };
        let refused = Self {
            problems: Problems::at("domain", Message::new("connector-error-missing")),
            ..Self::sample()
        };
        vec![
            ("right", with(right)),
            ("down", with(down)),
            ("refused", refused),
        ]
    }
}

impl Page for EndMigration {
    const TEMPLATE: &'static str = "admin/drip_feed/end.html";

    fn sample() -> Self {
        Self {
            migration_url: "/admin/migration".to_owned(),
            action: "/admin/migration/end".to_owned(),
            provider: "Auth0".to_owned(),
            waiting: 12,
            moved_this_week: 3,
        }
    }
}
