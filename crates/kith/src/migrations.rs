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
    "0030_drip_feed",
    "0031_workflows",
    "0032_workflow_runs",
    "0033_workflow_repositories",
    "0034_reset_campaigns",
    "0036_workflow_previews",
    "0037_no_of_workflows",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_in_the_list_and_in_its_order() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
        let entries = std::fs::read_dir(folder).unwrap();
        let mut files: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        files.sort();
        let listed: Vec<String> = MIGRATIONS
            .iter()
            .map(|migration| format!("{}.sql", migration.name))
            .collect();
        assert_eq!(listed, files);
    }
}
