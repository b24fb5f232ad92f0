//! Reading a project from a folder, or from a repository.

use std::path::{Path, PathBuf};
use std::process::Command;

use script::Files;

use super::deploy::{MAX_FILES, Source};

/// Files that are read; what else lies in a folder is no code.
const READ: &[&str] = &[
    "ts", "tsx", "js", "jsx", "mjs", "cjs", "json", "jsonc", "html", "css", "txt", "md",
];

/// Folders that hold no code of a project's own. `node_modules` is read: a package that is installed wins over ours.
const SKIPPED: &[&str] = &[".git", ".github", "dist", "coverage", "kith-data"];

/// A project could not be read.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// A file can't be read.
    #[error("{path} can't be read: {cause}")]
    File {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// There are too many files.
    #[error("{0} holds more than 5,000 files; name the folder with kinde.json")]
    TooMany(PathBuf),
    /// There is no git on this machine.
    #[error("git could not be started ({0}); install git, or deploy a folder")]
    NoGit(std::io::Error),
    /// git failed.
    #[error("git could not fetch {url}: {why}")]
    Git {
        /// The address, without what is secret in it.
        url: String,
        /// What git says.
        why: String,
    },
}

/// A project's files, with where they came from.
pub type Read = (Files, Source);

/// The files of a folder's project: of the folder with `kinde.json` that the path lies in, or of the folder itself.
///
/// # Errors
/// [`SourceError`] names what can't be read.
pub fn folder(path: &Path) -> Result<Read, SourceError> {
    let at = |path: &Path, cause| SourceError::File {
        path: path.to_owned(),
        cause,
    };
    let path = path.canonicalize().map_err(|cause| at(path, cause))?;
    let root = path
        .ancestors()
        .find(|folder| folder.join("kinde.json").is_file())
        .unwrap_or(&path)
        .to_owned();
    let mut files = Files::new();
    collect(&root, &root, &mut files)?;
    Ok((files, Source::Folder(root.display().to_string())))
}

fn collect(root: &Path, folder: &Path, files: &mut Files) -> Result<(), SourceError> {
    let at = |path: &Path, cause| SourceError::File {
        path: path.to_owned(),
        cause,
    };
    let entries = std::fs::read_dir(folder).map_err(|cause| at(folder, cause))?;
    for entry in entries {
        let entry = entry.map_err(|cause| at(folder, cause))?;
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        // A link may lead anywhere on this machine, so it is not followed.
        let kind = entry.file_type().map_err(|cause| at(&path, cause))?;
        if kind.is_dir() {
            if !SKIPPED.contains(&name.as_str()) {
                collect(root, &path, files)?;
            }
        } else if kind.is_file() && is_read(&path) {
            if files.len() >= MAX_FILES {
                return Err(SourceError::TooMany(root.to_owned()));
            }
            let bytes = std::fs::read(&path).map_err(|cause| at(&path, cause))?;
            let relative = path
                .strip_prefix(root)
                .unwrap_or(&path)
                .to_string_lossy()
                .replace('\\', "/");
            files.insert(relative, String::from_utf8_lossy(&bytes).into_owned());
        }
    }
    Ok(())
}

/// Whether a file at this path, relative to the project, is read.
#[must_use]
pub fn belongs(path: &str) -> bool {
    path.split('/').all(|part| !SKIPPED.contains(&part)) && is_read(Path::new(path))
}

fn is_read(path: &Path) -> bool {
    // Types are not looked at.
    let is_types = path.to_string_lossy().ends_with(".d.ts");
    !is_types
        && path
            .extension()
            .and_then(|ending| ending.to_str())
            .is_some_and(|ending| READ.contains(&ending))
}

/// Whether a text is the address of a repository, and no folder.
#[must_use]
pub fn is_git(text: &str) -> bool {
    let is_address = ["https://", "http://", "ssh://", "git://", "git@", "file://"]
        .iter()
        .any(|start| text.starts_with(start));
    is_address && !Path::new(text).exists()
}

/// The files of a repository, of its main branch or of the one named behind `#`. A token for a private one goes along as a header and
/// is never printed.
///
/// # Errors
/// [`SourceError`]; what git says is told without what is secret.
pub fn git(address: &str, token: Option<&str>) -> Result<Read, SourceError> {
    let (url, branch) = address
        .split_once('#')
        .map_or((address, None), |(url, branch)| (url, Some(branch)));
    let into = tempfile::tempdir().map_err(|cause| SourceError::File {
        path: std::env::temp_dir(),
        cause,
    })?;
    let mut clone = Command::new("git");
    clone.args(["clone", "--quiet", "--depth", "1", "--no-tags"]);
    if let Some(branch) = branch {
        clone.args(["--branch", branch]);
    }
    // Never a question at the terminal, and no helper of the user's that might ask one.
    clone
        .env("GIT_TERMINAL_PROMPT", "0")
        .args(["--", url])
        .arg(into.path().join("project"));
    if let Some(token) = token {
        // In the environment and not among the arguments, which every user of the machine can see.
        let basic = base64::Engine::encode(
            &base64::engine::general_purpose::STANDARD,
            format!("x-access-token:{token}"),
        );
        clone
            .env("GIT_CONFIG_COUNT", "1")
            .env("GIT_CONFIG_KEY_0", "http.extraHeader")
            .env(
                "GIT_CONFIG_VALUE_0",
                format!("Authorization: Basic {basic}"),
            );
    }
    let shown = without_secrets(url);
    said(clone, &shown, token)?;
    let project = into.path().join("project");
    let mut commit = Command::new("git");
    commit.arg("-C").arg(&project).args(["rev-parse", "HEAD"]);
    let commit = said(commit, &shown, token)?;
    let (files, _) = folder(&project)?;
    Ok((files, Source::Git { url: shown, commit }))
}

fn said(mut command: Command, url: &str, token: Option<&str>) -> Result<String, SourceError> {
    let output = command.output().map_err(SourceError::NoGit)?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if output.status.success() {
        return Ok(text(&output.stdout));
    }
    let mut why = text(&output.stderr);
    if let Some(token) = token.filter(|token| !token.is_empty()) {
        why = why.replace(token, super::MASK);
    }
    Err(SourceError::Git {
        url: url.to_owned(),
        why,
    })
}

/// The address without a name and a password in it.
fn without_secrets(url: &str) -> String {
    let Ok(mut parsed) = url::Url::parse(url) else {
        return url.to_owned();
    };
    // An address that can't have them has none.
    let _ = parsed.set_password(None);
    let _ = parsed.set_username("");
    parsed.to_string()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_folder_is_read_from_where_kinde_json_lies() {
        let root = tempfile::tempdir().unwrap();
        let deep = root.path().join("kindeSrc/environment/workflows/a");
        fs::create_dir_all(&deep).unwrap();
        fs::write(root.path().join("kinde.json"), "{}").unwrap();
        fs::write(deep.join("Workflow.ts"), "1").unwrap();
        fs::write(deep.join("picture.png"), "x").unwrap();
        let (files, source) = folder(&deep).unwrap();
        assert_eq!(
            files.get("kindeSrc/environment/workflows/a/Workflow.ts"),
            Some("1")
        );
        assert_eq!(files.len(), 2);
        assert!(matches!(source, Source::Folder(_)));
        assert!(folder(&root.path().join("nowhere")).is_err());
    }

    #[test]
    fn what_is_no_code_does_not_belong_to_a_project() {
        for path in ["app/kinde.json", "app/node_modules/x/index.js"] {
            assert!(belongs(path), "{path}");
        }
        for path in [
            "app/.git/config.json",
            "app/logo.png",
            "app/types.d.ts",
            "dist/a.js",
        ] {
            assert!(!belongs(path), "{path}");
        }
    }

    #[test]
    fn an_address_is_told_from_a_folder() {
        assert!(is_git("https://github.com/example/workflows.git#main"));
        assert!(is_git("git@github.com:example/workflows.git"));
        assert!(!is_git("./workflows") && !is_git("workflows"));
        assert_eq!(
            without_secrets("https://ada:hush@git.example.com/x"),
            "https://git.example.com/x"
        );
    }

    #[test]
    fn a_repository_is_read_with_its_commit() {
        let root = tempfile::tempdir().unwrap();
        let git_in = |arguments: &[&str]| {
            let mut command = Command::new("git");
            command.arg("-C").arg(root.path()).args([
                "-c",
                "user.name=Ada",
                "-c",
                "user.email=ada@example.com",
            ]);
            command.args(arguments).output()
        };
        let Ok(made) = git_in(&["init", "--quiet", "-b", "main"]) else {
            // Without git there is nothing to test but the message.
            let error = git("https://git.example.com/x", None).unwrap_err();
            assert!(error.to_string().contains("install git"));
            return;
        };
        assert!(made.status.success());
        fs::write(root.path().join("aWorkflow.ts"), "1").unwrap();
        assert!(git_in(&["add", "."]).unwrap().status.success());
        assert!(
            git_in(&["commit", "--quiet", "-m", "First"])
                .unwrap()
                .status
                .success()
        );
        let address = format!("file://{}", root.path().display());
        let (files, source) = git(&format!("{address}#main"), None).unwrap();
        assert_eq!(files.get("aWorkflow.ts"), Some("1"));
        assert!(matches!(source, Source::Git { commit, .. } if commit.len() == 40));
        let error = git(&format!("{address}#nowhere"), Some("hush"))
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("git could not fetch") && !error.contains("hush"),
            "{error}"
        );
    }
}
