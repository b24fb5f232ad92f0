//! Packages of npm in the versions that the project asks for.
//!
//! Packages come along in `node_modules`; nothing is fetched. What lies there may be another version than the one that was meant: an
//! install that was forgotten, or one that was not committed. So whatever a workflow reaches is compared with `package-lock.json`, which
//! names one version for each place, and else with the range in `package.json`. Both are looked for beside `kinde.json`.
//! `integrations.npm.enabled: false` in `kinde.json` says that nothing is locked, and nothing is compared then.
//!
//! Ranges that name no version (`latest`, `workspace:*`, an address) are not judged; a lock says what they have become.

use std::collections::BTreeSet;

use nodejs_semver::{Range, Version};
use script::{Files, Program};
use serde_json::Value;

use super::check::Finding;
use super::project::Project;

/// The fields of `package.json` that ask for packages.
const ASKING: [&str; 4] = [
    "dependencies",
    "optionalDependencies",
    "peerDependencies",
    "devDependencies",
];

/// The packages that programs reach and that are not of the version which the project asks for.
pub(super) fn strays<'a>(
    project: &Project,
    programs: impl Iterator<Item = &'a Program>,
) -> Vec<Finding> {
    if project.manifest.integrations.npm.enabled == Some(false) {
        return Vec::new();
    }
    let roots: BTreeSet<&str> = programs
        .flat_map(Program::modules)
        .filter_map(package_root)
        .collect();
    if roots.is_empty() {
        return Vec::new();
    }
    let asked = Asked::read(&project.files);
    roots
        .into_iter()
        .filter_map(|root| stray(&project.files, &asked, root))
        .collect()
}

/// The folder of the package that a module belongs to: `node_modules/@scope/name`, the deepest where they are nested.
fn package_root(module: &str) -> Option<&str> {
    const FOLDER: &str = "node_modules/";
    let name_at = module.rfind(FOLDER)? + FOLDER.len();
    let name = &module[name_at..];
    let mut ends = name.match_indices('/').map(|(at, _)| at);
    let end = if name.starts_with('@') {
        ends.nth(1)
    } else {
        ends.next()
    };
    Some(&module[..name_at + end?])
}

/// What a project asks for.
struct Asked {
    lock: Value,
    manifest: Value,
}

impl Asked {
    fn read(files: &Files) -> Self {
        // What can't be read locks nothing; npm itself would tell about it.
        let json = |path| {
            let text = files.get(path).unwrap_or_default();
            serde_json::from_str(text).unwrap_or_default()
        };
        Self {
            lock: json("package-lock.json"),
            manifest: json("package.json"),
        }
    }

    /// The version that the lock has for this folder. Since version 2 of the format it has folders, before that it had nested names.
    fn locked(&self, root: &str) -> Option<&str> {
        if let Some(packages) = self.lock.get("packages") {
            return packages.get(root)?["version"].as_str();
        }
        let mut at = &self.lock;
        for name in root.split("node_modules/").skip(1) {
            at = at.get("dependencies")?.get(name.trim_end_matches('/'))?;
        }
        at["version"].as_str()
    }

    /// The range that `package.json` has for a package that lies directly in the project's `node_modules`.
    fn range(&self, root: &str) -> Option<&str> {
        let name = root.strip_prefix("node_modules/")?;
        ASKING
            .iter()
            .find_map(|field| self.manifest.get(field)?.get(name)?.as_str())
    }
}

fn stray(files: &Files, asked: &Asked, root: &str) -> Option<Finding> {
    let path = format!("{root}/package.json");
    let text = files.get(&path).unwrap_or_default();
    let manifest: Value = serde_json::from_str(text).unwrap_or_default();
    let installed = manifest["version"].as_str().unwrap_or("of no version");
    let wrong = |named: &str, by: &str| {
        let line = text.lines().position(|line| line.contains("\"version\""));
        Some(Finding {
            file: path.clone(),
            line: u32::try_from(line.unwrap_or(0) + 1).unwrap_or(1),
            column: 1,
            code: "package_version",
            message: format!(
                "{root} is {installed}, and {by} asks for {named}; run `npm ci`, and deploy the folder with its node_modules"
            ),
            is_error: true,
        })
    };
    if let Some(locked) = asked.locked(root) {
        return if locked == installed {
            None
        } else {
            wrong(locked, "package-lock.json")
        };
    }
    let named = asked.range(root)?;
    let range = Range::parse(named).ok()?;
    match Version::parse(installed) {
        Ok(version) if range.satisfies(&version) => None,
        _ => wrong(named, "package.json"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workflows::check::{Checked, check};
    use crate::workflows::package;

    const WORKFLOW: &str = "import pad from 'left-pad';\nexport const workflowSettings = { id: 'w', trigger: 'user:post_authentication' };\nexport default () => { pad(); };\n";

    /// A project with `left-pad` in this version, which needs `repeat` of 2.0.0 in a folder of its own.
    fn checked(installed: &str, more: &[(&str, &str)]) -> Checked {
        let manifest =
            format!("{{\n  \"name\": \"left-pad\",\n  \"version\": \"{installed}\"\n}}\n");
        let mut files = Files::from_iter([
            ("kindeSrc/environment/workflows/w/Workflow.ts", WORKFLOW),
            ("node_modules/left-pad/package.json", &manifest),
            (
                "node_modules/left-pad/index.js",
                "module.exports = require('repeat');",
            ),
            (
                "node_modules/left-pad/node_modules/repeat/package.json",
                "{\"version\": \"2.0.0\"}",
            ),
            (
                "node_modules/left-pad/node_modules/repeat/index.js",
                "module.exports = () => {};",
            ),
            // Nobody reaches it, so nobody minds.
            (
                "node_modules/other/package.json",
                "{\"version\": \"1.0.0\"}",
            ),
        ]);
        files.insert("kinde.json", "{}");
        files.extend(more.iter().copied());
        check(&package::environment(), &files)
    }

    fn told(installed: &str, more: &[(&str, &str)]) -> Vec<(String, u32, String)> {
        let findings = checked(installed, more).findings;
        let strays = findings
            .into_iter()
            .filter(|one| one.code == "package_version" && one.is_error);
        strays
            .map(|one| (one.file, one.line, one.message))
            .collect()
    }

    const LOCK: &str = r#"{"lockfileVersion": 3, "packages": {
        "": {"dependencies": {"left-pad": "^1.2.0"}},
        "node_modules/left-pad": {"version": "1.3.0"},
        "node_modules/left-pad/node_modules/repeat": {"version": "2.0.0"},
        "node_modules/other": {"version": "9.0.0"}
    }}"#;

    #[test]
    fn another_version_than_the_lock_names_is_refused_at_its_file() {
        let wrong = told("1.2.0", &[("package-lock.json", LOCK)]);
        let [(file, line, message)] = wrong.as_slice() else {
            panic!("{wrong:?}");
        };
        assert_eq!(
            (file.as_str(), *line),
            ("node_modules/left-pad/package.json", 3)
        );
        assert!(
            message.contains("is 1.2.0, and package-lock.json asks for 1.3.0; run `npm ci`"),
            "{message}"
        );
        assert!(!checked("1.2.0", &[("package-lock.json", LOCK)]).is_deployable());
        assert!(checked("1.3.0", &[("package-lock.json", LOCK)]).is_deployable());
    }

    #[test]
    fn nested_packages_have_their_own_version() {
        let lock = LOCK.replace("\"2.0.0\"", "\"2.0.1\"");
        let wrong = told("1.3.0", &[("package-lock.json", &lock)]);
        assert_eq!(wrong.len(), 1);
        assert_eq!(
            wrong[0].0,
            "node_modules/left-pad/node_modules/repeat/package.json"
        );
        let old = r#"{"lockfileVersion": 1, "dependencies": {"left-pad": {"version": "1.3.0", "dependencies": {"repeat": {"version": "1.0.0"}}}}}"#;
        let wrong = told("1.3.0", &[("package-lock.json", old)]);
        assert!(
            wrong.len() == 1 && wrong[0].2.contains("asks for 1.0.0"),
            "{wrong:?}"
        );
    }

    #[test]
    fn without_a_lock_the_range_of_the_manifest_counts() {
        for (range, is_right) in [
            ("^1.2.0", true),
            ("1.1.x", false),
            ("latest", true),
            ("2 || 3", false),
        ] {
            let manifest = format!("{{\"devDependencies\": {{\"left-pad\": \"{range}\"}}}}");
            let wrong = told("1.2.5", &[("package.json", &manifest)]);
            assert_eq!(wrong.is_empty(), is_right, "{range}: {wrong:?}");
        }
        assert!(
            told("1.2.5", &[]).is_empty(),
            "nobody has asked for a version"
        );
    }

    #[test]
    fn a_project_may_lock_nothing() {
        let free = r#"{"integrations": {"npm": {"enabled": false}}}"#;
        let files = [("package-lock.json", LOCK), ("kinde.json", free)];
        assert!(checked("1.2.0", &files).is_deployable());
        let locked = free.replace("false", "true");
        let files = [("package-lock.json", LOCK), ("kinde.json", &locked)];
        assert!(!checked("1.2.0", &files).is_deployable());
    }

    #[test]
    fn a_package_is_told_by_the_last_node_modules() {
        for (module, root) in [
            ("node_modules/a/lib/b.js", Some("node_modules/a")),
            ("node_modules/@s/a/b.js", Some("node_modules/@s/a")),
            (
                "node_modules/a/node_modules/b/c.js",
                Some("node_modules/a/node_modules/b"),
            ),
            ("src/a.ts", None),
            ("@kinde/infrastructure", None),
        ] {
            assert_eq!(package_root(module), root, "{module}");
        }
    }
}
