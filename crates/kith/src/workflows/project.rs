//! A project of workflows: `kinde.json`, and which files are workflows.

use script::Files;
use serde::Deserialize;

/// The folder that is searched where `kinde.json` names none.
pub const DEFAULT_ROOT: &str = "kindeSrc";

/// What `kinde.json` says.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Manifest {
    /// The folder that is searched for code.
    pub root_dir: String,
    /// The date of the runtime's last change that the author knew.
    pub version: Option<String>,
    /// What it works together with.
    pub integrations: Integrations,
}

/// What a project works together with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Integrations {
    /// Packages of npm.
    pub npm: Npm,
}

/// Whether packages have to be of the versions that `package.json` asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Npm {
    /// They have, unless this is `false`.
    pub enabled: Option<bool>,
}

impl Default for Manifest {
    fn default() -> Self {
        Self {
            root_dir: DEFAULT_ROOT.to_owned(),
            version: None,
            integrations: Integrations::default(),
        }
    }
}

/// A project as it was found among files.
#[derive(Debug, Clone)]
pub struct Project {
    /// Its files, relative to the folder of `kinde.json`.
    pub files: Files,
    /// What `kinde.json` says; the defaults where there is none.
    pub manifest: Manifest,
    /// Whether there is a `kinde.json`.
    pub has_manifest: bool,
}

/// `kinde.json` can't be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}:{line}: kinde.json can't be read: {message}")]
pub struct ManifestError {
    /// Where it lies among the files.
    pub path: String,
    /// The line, from 1.
    pub line: u32,
    /// Why.
    pub message: String,
}

impl Project {
    /// The project among these files: that of the `kinde.json` which lies least deep.
    ///
    /// # Errors
    /// [`ManifestError`] when that file isn't JSON, comments and trailing commas forgiven.
    pub fn find(files: &Files) -> Result<Self, ManifestError> {
        let is_manifest = |path: &str| path == "kinde.json" || path.ends_with("/kinde.json");
        let manifest = files
            .iter()
            .filter(|(path, _)| is_manifest(path) && !is_installed(path))
            .min_by_key(|(path, _)| path.split('/').count());
        let Some((path, text)) = manifest else {
            return Ok(Self {
                files: files.clone(),
                manifest: Manifest::default(),
                has_manifest: false,
            });
        };
        let manifest =
            serde_json::from_str(&without_comments(text)).map_err(|error| ManifestError {
                path: path.to_owned(),
                line: u32::try_from(error.line().max(1)).unwrap_or(u32::MAX),
                message: error.to_string(),
            })?;
        let folder = path.strip_suffix("kinde.json").unwrap_or_default();
        let files = files
            .iter()
            .filter_map(|(path, text)| Some((path.strip_prefix(folder)?, text)))
            .collect();
        Ok(Self {
            files,
            manifest,
            has_manifest: true,
        })
    }

    /// The folder in which workflows lie, with `/` at its end; empty for everywhere.
    fn folder(&self) -> String {
        let root = self
            .manifest
            .root_dir
            .trim_start_matches("./")
            .trim_matches('/');
        let usual = format!("{root}/environment/workflows/");
        let holds_code = |folder: &str| {
            self.files
                .iter()
                .any(|(path, _)| path.starts_with(folder) && is_code(path))
        };
        if holds_code(&usual) || self.has_manifest {
            usual
        } else if holds_code("environment/workflows/") {
            "environment/workflows/".to_owned()
        } else {
            String::new()
        }
    }

    /// The files that are workflows: by their name, or because they say `workflowSettings`.
    #[must_use]
    pub fn candidates(&self) -> Vec<Candidate> {
        let folder = self.folder();
        self.files
            .iter()
            .filter(|(path, _)| path.starts_with(&folder) && is_code(path))
            .filter_map(|(path, text)| {
                let is_named = is_named_workflow(path);
                (is_named || text.contains("workflowSettings")).then(|| Candidate {
                    path: path.to_owned(),
                    is_named,
                })
            })
            .collect()
    }

    /// Where workflows were searched, for people.
    #[must_use]
    pub fn searched(&self) -> String {
        let folder = self.folder();
        if folder.is_empty() {
            ".".to_owned()
        } else {
            folder
        }
    }
}

/// A file that may be a workflow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Where it lies.
    pub path: String,
    /// Whether its name says that it is one. Others are only if they export settings.
    pub is_named: bool,
}

fn is_installed(path: &str) -> bool {
    path.split('/').any(|part| part == "node_modules")
}

fn is_code(path: &str) -> bool {
    let is_script = [".ts", ".js", ".tsx", ".jsx"]
        .iter()
        .any(|ending| path.ends_with(ending));
    is_script && !path.ends_with(".d.ts") && !is_installed(path)
}

fn is_named_workflow(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default().to_lowercase();
    name.rsplit_once('.')
        .is_some_and(|(stem, _)| stem.ends_with("workflow"))
}

/// The text with comments blanked and without commas before a closing bracket; lines stay where they are.
fn without_comments(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.trim_start_matches('\u{feff}').chars().peekable();
    let mut is_string = false;
    while let Some(c) = chars.next() {
        match (c, chars.peek()) {
            ('\\', _) if is_string => {
                plain.push(c);
                plain.extend(chars.next());
            }
            ('"', _) => {
                is_string = !is_string;
                plain.push(c);
            }
            ('/', Some('/')) if !is_string => {
                while chars.peek().is_some_and(|c| *c != '\n') {
                    chars.next();
                }
            }
            ('/', Some('*')) if !is_string => {
                let mut before = ' ';
                chars.next();
                for c in chars.by_ref() {
                    if c == '\n' {
                        plain.push(c);
                    }
                    if before == '*' && c == '/' {
                        break;
                    }
                    before = c;
                }
            }
            (']' | '}', _) if !is_string => {
                let end = plain.trim_end().len();
                if plain[..end].ends_with(',') {
                    plain.replace_range(end - 1..end, " ");
                }
                plain.push(c);
            }
            _ => plain.push(c),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project(files: &[(&str, &str)]) -> Project {
        Project::find(&files.iter().copied().collect()).unwrap()
    }

    fn found(files: &[(&str, &str)]) -> Vec<String> {
        project(files)
            .candidates()
            .into_iter()
            .map(|file| file.path)
            .collect()
    }

    #[test]
    fn the_usual_layout_is_found() {
        let files = [
            ("kinde.json", r#"{"version": "2024-12-09"}"#),
            ("kindeSrc/environment/workflows/a/Workflow.ts", ""),
            ("kindeSrc/environment/workflows/b/deep/MyWORKFLOW.js", ""),
            ("kindeSrc/environment/workflows/a/helper.ts", ""),
            ("kindeSrc/environment/pages/page.tsx", "workflowSettings"),
            ("other/Workflow.ts", ""),
            ("node_modules/x/workflow.js", ""),
        ];
        assert_eq!(
            found(&files),
            [
                "kindeSrc/environment/workflows/a/Workflow.ts",
                "kindeSrc/environment/workflows/b/deep/MyWORKFLOW.js",
            ]
        );
    }

    #[test]
    fn a_file_that_says_settings_is_found_whatever_its_name() {
        let files = [
            ("kinde.json", "{}"),
            (
                "kindeSrc/environment/workflows/blockThem.ts",
                "export const workflowSettings = {}",
            ),
            (
                "kindeSrc/environment/workflows/types.d.ts",
                "workflowSettings",
            ),
        ];
        assert_eq!(
            found(&files),
            ["kindeSrc/environment/workflows/blockThem.ts"]
        );
    }

    #[test]
    fn comments_and_trailing_commas_are_forgiven() {
        let text = "{\n  // where\n  \"rootDir\": \"src\", /* no\n matter */ \"version\": \"2024-12-09//\",\n}\n";
        let found = project(&[
            ("app/kinde.json", text),
            ("app/src/environment/workflows/aWorkflow.ts", ""),
        ]);
        assert_eq!(found.manifest.root_dir, "src");
        assert_eq!(found.manifest.version.as_deref(), Some("2024-12-09//"));
        assert_eq!(
            found.candidates()[0].path,
            "src/environment/workflows/aWorkflow.ts"
        );
    }

    #[test]
    fn a_broken_manifest_is_told_with_its_line() {
        let files = Files::from_iter([("kinde.json", "{\n\"rootDir\": \n}")]);
        assert_eq!(Project::find(&files).unwrap_err().line, 3);
    }

    #[test]
    fn without_a_manifest_any_folder_will_do() {
        assert_eq!(found(&[("dripWorkflow.ts", "")]), ["dripWorkflow.ts"]);
        assert_eq!(
            found(&[
                ("environment/workflows/a/Workflow.ts", ""),
                ("xWorkflow.ts", "")
            ])
            .len(),
            1
        );
    }
}
