//! The text files of a project.

use std::collections::BTreeMap;

/// The files of a project: text by path, relative to the project's root, with `/` between folders.
///
/// A path is kept in its plain form: `./a/../b.ts` is `b.ts`. What would lie above the root keeps its `..` and is never found by an
/// import.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files(BTreeMap<String, String>);

impl Files {
    /// The longest text that is compiled, in bytes; a longer one is a [`crate::Diagnostic`] when something imports it.
    pub const MAX_BYTES: usize = 2 * 1024 * 1024;

    /// A project without files.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The text of a file.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&str> {
        self.0.get(path).map(String::as_str)
    }

    /// Adds a file; gives back what was there under the path.
    pub fn insert(&mut self, path: impl AsRef<str>, text: impl Into<String>) -> Option<String> {
        self.0.insert(normalize(path.as_ref()), text.into())
    }

    /// Path and text of each file, ordered by path.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// How many files there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no file.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<P: AsRef<str>, T: Into<String>> FromIterator<(P, T)> for Files {
    fn from_iter<I: IntoIterator<Item = (P, T)>>(files: I) -> Self {
        let mut all = Self::new();
        all.extend(files);
        all
    }
}

impl<P: AsRef<str>, T: Into<String>> Extend<(P, T)> for Files {
    fn extend<I: IntoIterator<Item = (P, T)>>(&mut self, files: I) {
        for (path, text) in files {
            self.insert(path, text);
        }
    }
}

/// A path without `.`, empty parts and, where it can be, `..`.
pub(crate) fn normalize(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// What `relative` means in the folder of the file `from`.
pub(crate) fn join(from: &str, relative: &str) -> String {
    match from.rsplit_once('/') {
        Some((folder, _)) => normalize(&format!("{folder}/{relative}")),
        None => normalize(relative),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_kept_in_its_plain_form() {
        let files = Files::from_iter([("./a/../b.ts", "1"), ("/c//d.ts", "2")]);
        assert_eq!(
            files.iter().collect::<Vec<_>>(),
            [("b.ts", "1"), ("c/d.ts", "2")]
        );
        assert_eq!(normalize("../x/../../y"), "../../y");
    }

    #[test]
    fn a_relative_path_starts_in_the_folder_of_its_file() {
        assert_eq!(join("a/b/c.ts", "../d"), "a/d");
        assert_eq!(join("c.ts", "./d"), "d");
    }
}
