//! What the dashboard's own pages show: the owner's set-up, Home, search.

use serde::Serialize;

use crate::applications::view::ApplicationTile;
use crate::imports::view::RunState;
use crate::pages::{Message, Page, Problems};

/// The owner's first page, by a link that works once. Rendered in a hosted layout with [`crate::pages::Brand::kith`].
#[derive(Debug, Clone, Serialize)]
pub struct SetUp {
    /// Where the form posts `first_name`, `last_name`, `email`, `new_password`, `repeat_password`.
    pub action: String,
    /// The business they will own.
    pub business: String,
    /// What was typed.
    pub first_name: String,
    /// What was typed.
    pub last_name: String,
    /// What was typed.
    pub email: String,
    /// What is wrong with the form.
    pub problems: Problems,
}

/// One thing to do after the first start.
#[derive(Debug, Clone, Serialize)]
pub struct Step {
    /// What.
    pub title: Message,
    /// Why, in a sentence.
    pub text: Message,
    /// What the button says.
    pub button: Message,
    /// Where it is done.
    pub url: String,
    /// Whether it has been.
    pub is_done: bool,
}

/// The migration at a glance.
#[derive(Debug, Clone, Serialize)]
pub struct Migration {
    /// All users of the environment.
    pub people: u64,
    /// Those who came by an import.
    pub imported: u64,
    /// Those of them who have signed in since.
    pub signed_in: u64,
    /// Rows that imports refused.
    pub refused: u64,
    /// The list of imports.
    pub runs_url: String,
    /// People by where they came from, the most first.
    pub sources: Vec<MigrationSource>,
    /// Imports at work, or waiting for a decision.
    pub open: Vec<MigrationRun>,
    /// Imports with passwords of which nobody knows yet whether they work.
    pub unproved: Vec<MigrationTask>,
    /// Imports with refused rows.
    pub to_mend: Vec<MigrationTask>,
}

/// Where people came from.
#[derive(Debug, Clone, Serialize)]
pub struct MigrationSource {
    /// What people call the source.
    pub name: String,
    /// How many came from there.
    pub people: u64,
}

/// An import that is not over.
#[derive(Debug, Clone, Serialize)]
pub struct MigrationRun {
    /// What people call the source; empty while nobody knows.
    pub source: String,
    /// The files' names.
    pub files: Vec<String>,
    /// Where it stands.
    pub state: RunState,
    /// Its page.
    pub url: String,
}

/// Something about an import that asks for a look.
#[derive(Debug, Clone, Serialize)]
pub struct MigrationTask {
    /// What.
    pub text: Message,
    /// The import's source and files.
    pub about: String,
    /// Where it is looked at.
    pub url: String,
}

/// Home.
#[derive(Debug, Clone, Serialize)]
pub struct Home {
    /// The member's first name, or their address when they gave none.
    pub first_name: String,
    /// What to do next; empty once everything is done.
    pub steps: Vec<Step>,
    /// The applications.
    pub applications: Vec<ApplicationTile>,
    /// Where to add one.
    pub add_application_url: String,
    /// `None` until something was imported.
    pub migration: Option<Migration>,
}

/// Something that a search found.
#[derive(Debug, Clone, Serialize)]
pub struct Found {
    /// A name of `components/icon.html`.
    pub icon: &'static str,
    /// Its name.
    pub title: String,
    /// What it is, or where.
    pub detail: String,
    /// Where it is.
    pub url: String,
}

/// What a search found in settings, users, applications and organizations.
#[derive(Debug, Clone, Serialize)]
pub struct Search {
    /// What was looked for.
    pub q: String,
    /// The best first.
    pub found: Vec<Found>,
}

impl Page for SetUp {
    const TEMPLATE: &'static str = "admin/team/set_up.html";

    fn sample() -> Self {
        Self {
            action: "/admin/setup?token=s3kGq0Vd1xYb7Rw2".to_owned(),
            business: "Lovelace Analytics".to_owned(),
            first_name: String::new(),
            last_name: String::new(),
            email: String::new(),
            problems: Problems::none(),
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        let common = Problems::at("new_password", Message::new("choose-password-error-common"));
        vec![(
            "refused",
            Self {
                problems: common,
                ..Self::sample()
            },
        )]
    }
}

impl Page for Home {
    const TEMPLATE: &'static str = "admin/team/home.html";

    fn sample() -> Self {
        let step = |title, text, button, url: &str, is_done| Step {
            title: Message::new(title),
            text: Message::new(text),
            button: Message::new(button),
            url: url.to_owned(),
            is_done,
        };
        let steps = vec![
            step(
                "home-step-connect-title",
                "home-step-connect-text",
                "home-step-connect-button",
                "/admin/applications",
                true,
            ),
            step(
                "home-step-import-title",
                "home-step-import-text",
                "home-step-import-button",
                "/admin/users/import",
                false,
            ),
            step(
                "home-step-email-title",
                "home-step-email-text",
                "home-step-email-button",
                "/admin/settings/email",
                false,
            ),
        ];
        Self {
            first_name: "Ada".to_owned(),
            steps,
            applications: ApplicationTile::samples(),
            add_application_url: "/admin/applications/new".to_owned(),
            migration: None,
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        let migration = Migration {
            people: 8_402,
            imported: 8_240,
            signed_in: 3_117,
            refused: 12,
            runs_url: "/admin/users/imports".to_owned(),
            sources: vec![
                MigrationSource {
                    name: "Auth0".to_owned(),
                    people: 8_120,
                },
                MigrationSource {
                    name: "Your own table".to_owned(),
                    people: 120,
                },
            ],
            open: vec![MigrationRun {
                source: "Clerk".to_owned(),
                files: vec!["clerk.csv".to_owned()],
                state: RunState::Running,
                url: "/admin/users/imports/imp_0193".to_owned(),
            }],
            unproved: vec![MigrationTask {
                text: Message::new("home-migration-unproved")
                    .with("unproved", 1)
                    .with("cohorts", 3)
                    .with("people", 96),
                about: "Auth0 · users.ndjson".to_owned(),
                url: "/admin/users/imports/imp_0193/proof".to_owned(),
            }],
            to_mend: vec![MigrationTask {
                text: Message::new("home-migration-mend").with("count", 12),
                about: "Auth0 · users.ndjson".to_owned(),
                url: "/admin/users/imports/imp_0193/rows?show=refused".to_owned(),
            }],
        };
        let later = Self {
            steps: Vec::new(),
            migration: Some(migration),
            ..Self::sample()
        };
        vec![("later", later)]
    }
}

impl Page for Search {
    const TEMPLATE: &'static str = "admin/team/search.html";

    fn sample() -> Self {
        let found = |icon, title: &str, detail: &str, url: &str| Found {
            icon,
            title: title.to_owned(),
            detail: detail.to_owned(),
            url: url.to_owned(),
        };
        Self {
            q: "ada".to_owned(),
            found: vec![
                found(
                    "user",
                    "Ada Lovelace",
                    "ada@example.com",
                    "/admin/users/kp_0193",
                ),
                found(
                    "organization",
                    "Adams & Sons",
                    "org_4f1c2a7b90d",
                    "/admin/organizations/org_4f1c",
                ),
            ],
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        vec![(
            "nothing",
            Self {
                q: "zebra".to_owned(),
                found: Vec::new(),
            },
        )]
    }
}
