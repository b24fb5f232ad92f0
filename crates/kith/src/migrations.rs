//! The migrations, in order. Written once, run on both engines.

use db::Migration;

macro_rules! migrations {
    ($($name:literal),* $(,)?) => {
        /// Every migration, oldest first. Forward only; each is safe while the previous version still runs.
        pub const MIGRATIONS: &[Migration] = &[$(Migration {
            name: $name,
            sql: include_str!(concat!("../migrations/", $name, ".sql")),
        }),*];
    };
}

migrations! {
    "0001_environments",
    "0002_keys",
    "0003_users",
    "0004_passwords",
    "0005_organizations",
    "0006_roles",
    "0007_applications",
    "0008_sessions",
    "0009_tokens",
    "0010_mail",
    "0011_imports",
    "0012_events",
    "0013_team",
    "0014_former_credentials",
    "0016_weak_hashes",
    "0020_import_trust",
    "0023_import_notes",
    "0031_workflows",
    "0032_workflow_runs",
}
