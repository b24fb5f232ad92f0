//! Reading a project from a folder, or from a repository.

mod git;

use std::path::{Path, PathBuf};

use script::Files;

use super::bundle::MAX_BYTES;
use super::deploy::{MAX_FILES, Source};
use crate::error::{Code, Coded};
use crate::secret::Secret;

pub use git::{Reach, Remote, files, head};

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
    /// There are too many files, or they are too large.
    #[error("{0} holds more than 5,000 files or 20 MiB of text; name the folder with kinde.json")]
    TooMuch(PathBuf),
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

impl Coded for SourceError {
    fn code(&self) -> Code {
        match self {
            Self::TooMuch(_) => Code::BODY_TOO_LARGE,
            Self::File { .. } | Self::NoGit(_) => Code::INTERNAL,
            Self::Git { .. } => Code::WORKFLOW_REPOSITORY_UNREADABLE,
        }
    }
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
    let files = project(&root)?;
    Ok((files, Source::Folder(root.display().to_string())))
}

/// The files of the project in this very folder.
fn project(root: &Path) -> Result<Files, SourceError> {
    let mut collected = Collected::default();
    collect(root, root, &mut collected)?;
    Ok(collected.files)
}

#[derive(Default)]
struct Collected {
    files: Files,
    n_bytes: usize,
}

fn collect(root: &Path, folder: &Path, into: &mut Collected) -> Result<(), SourceError> {
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
                collect(root, &path, into)?;
            }
        } else if kind.is_file() && is_read(&path) {
            let size = entry.metadata().map_err(|cause| at(&path, cause))?.len();
            into.n_bytes += usize::try_from(size).unwrap_or(MAX_BYTES);
            if into.files.len() >= MAX_FILES || into.n_bytes > MAX_BYTES {
                return Err(SourceError::TooMuch(root.to_owned()));
            }
            let bytes = std::fs::read(&path).map_err(|cause| at(&path, cause))?;
            let relative = path
                .strip_prefix(root)
                .unwrap_or(&path)
                .to_string_lossy()
                .replace('\\', "/");
            into.files
                .insert(relative, String::from_utf8_lossy(&bytes).into_owned());
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
/// is never printed. For addresses that whoever runs the machine has typed: they may name any place.
///
/// # Errors
/// [`SourceError`]; what git says is told without what is secret.
pub fn git(address: &str, token: Option<&str>) -> Result<Read, SourceError> {
    let (url, branch) = address
        .split_once('#')
        .map_or((address, None), |(url, branch)| (url, Some(branch)));
    git::files(&Remote {
        url: url.to_owned(),
        branch: branch.map(str::to_owned),
        token: token.map(Secret::new),
        reach: Reach::Anywhere,
    })
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
    }
}
