//! A folder in the place of a file: it stands for the files in it, as Keycloak exports a realm.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use import::source::detect;

use crate::cli::complain;

/// 1 MiB: by its beginning a file is recognized.
const HEAD: u64 = 1024 * 1024;

/// The files to import, with those of each folder in the order of their names. Of a folder, files of no source or of
/// another than `source` are told and left out: exports lie among other things.
pub(super) fn expanded(paths: &[PathBuf], source: Option<&str>) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::with_capacity(paths.len());
    for path in paths {
        if path.is_dir() {
            files.extend(files_in(path, source)?);
        } else {
            files.push(path.clone());
        }
    }
    Ok(files)
}

fn files_in(folder: &Path, source: Option<&str>) -> anyhow::Result<Vec<PathBuf>> {
    let shown = folder.display();
    let unreadable = || format!("can't read the folder {shown}");
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(unreadable)? {
        paths.push(entry.with_context(unreadable)?.path());
    }
    paths.sort();
    let mut files = Vec::with_capacity(paths.len());
    for path in paths {
        match reason_to_skip(&path, source)? {
            None => files.push(path),
            Some(reason) => complain(&format!("{} is left out: {reason}", path.display())),
        }
    }
    anyhow::ensure!(
        !files.is_empty(),
        "there is no file to import in {shown}; check the path, or name the files"
    );
    Ok(files)
}

fn reason_to_skip(path: &Path, source: Option<&str>) -> anyhow::Result<Option<String>> {
    if !path.is_file() {
        return Ok(Some("it is not a file".to_owned()));
    }
    let mut head = Vec::new();
    File::open(path)
        .and_then(|file| file.take(HEAD).read_to_end(&mut head))
        .with_context(|| format!("can't read {}", path.display()))?;
    Ok(match detect(&head) {
        Err(error) => Some(error.to_string()),
        Ok(seen) => source
            .filter(|name| *name != seen.source.name)
            .map(|_| format!("it looks like {}", seen.saw)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_stands_for_the_files_that_are_of_the_source() {
        let folder = tempfile::tempdir().unwrap();
        let write =
            |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        write(
            "voss-users-1.json",
            r#"{"realm":"voss","users":[{"id":"2"}]}"#,
        );
        write(
            "voss-users-0.json",
            r#"{"realm":"voss","users":[{"id":"1"}]}"#,
        );
        write("people.csv", "email\nada@example.com\n");
        write("notes.txt", "nothing");
        std::fs::create_dir(folder.path().join("inner")).unwrap();
        let names = |source| {
            let files = expanded(&[folder.path().to_owned()], source).unwrap();
            let name = |path: PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
            files.into_iter().map(name).collect::<Vec<_>>()
        };
        assert_eq!(
            names(Some("keycloak")),
            ["voss-users-0.json", "voss-users-1.json"]
        );
        assert_eq!(
            names(None),
            ["people.csv", "voss-users-0.json", "voss-users-1.json"]
        );
        let inner = [folder.path().join("inner")];
        assert!(expanded(&inner, None).is_err());
        assert_eq!(
            expanded(&[PathBuf::from("-")], None).unwrap(),
            [PathBuf::from("-")]
        );
    }
}
