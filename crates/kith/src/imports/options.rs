//! What somebody decided about an import: kept with it, sealed.

use std::collections::BTreeMap;

use import::mapping::Mapping;
use import::plan::OnConflict;
use import::source::Source;
use serde::{Deserialize, Serialize};

/// What somebody decided about an import.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Options {
    /// The name of the source that was chosen before its files came; none to tell it from them.
    pub source: Option<String>,
    /// What holds for all files: columns for those that have them, constants, dates, and what separates cells.
    #[serde(flatten)]
    pub all: Mapping,
    /// What holds for single files, by their names: it goes before what holds for all.
    pub files: BTreeMap<String, Mapping>,
    /// Parameters of all hashes, such as a project's signer key.
    pub hash: password::Params,
    /// Whether a record whose address belongs to a person with another id is taken for that person.
    pub merges_on_conflict: bool,
    /// Whether somebody insists, although a file looks as if strangers would get in.
    pub is_forced: bool,
}

impl Options {
    /// What was decided about the file of this name.
    #[must_use]
    pub fn mapping_of(&self, file: &str) -> Mapping {
        self.own_mapping(file)
            .map_or_else(|| self.all.clone(), |own| own.over(&self.all))
    }

    /// What was decided about this file alone. A path is known by its last part too.
    pub(super) fn own_mapping(&self, file: &str) -> Option<&Mapping> {
        let last = || file.rsplit(['/', '\\']).next();
        self.files
            .get(file)
            .or_else(|| self.files.get(last().unwrap_or_default()))
    }

    /// Says of a column, in whichever file it is, which field it is.
    pub(super) fn rename(&mut self, column: &str, field: &str) {
        for own in self.files.values_mut() {
            own.columns
                .retain(|name, _| !import::is_same_name(name, column));
        }
        self.all.columns.insert(column.to_owned(), field.to_owned());
    }

    pub(super) fn on_conflict(&self) -> OnConflict {
        if self.merges_on_conflict {
            OnConflict::Merge
        } else {
            OnConflict::Refuse
        }
    }

    /// How a file of a source is to be read.
    pub(super) fn reading(&self, source: &Source, file: &str) -> import::source::Options {
        let Mapping {
            columns,
            constants,
            dates,
            separator,
        } = self.mapping_of(file);
        let (columns, shared_columns) = if source.is_mapped() {
            let own = self.own_mapping(file);
            let own = own.map(|own| own.columns.clone()).unwrap_or_default();
            (own, self.all.columns.clone())
        } else {
            (columns, BTreeMap::new())
        };
        import::source::Options {
            columns,
            shared_columns,
            constants,
            dates,
            separator,
            hash: self.hash.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mapping(columns: &[(&str, &str)]) -> Mapping {
        let columns = columns.iter();
        Mapping {
            columns: columns
                .map(|(name, field)| ((*name).to_owned(), (*field).to_owned()))
                .collect(),
            ..Mapping::default()
        }
    }

    #[test]
    fn options_of_earlier_versions_are_still_read() {
        let stored = r#"{"source":"csv","columns":{"wer":"email"},"constants":{"locale":"de"},"hash":{},"merges_on_conflict":true}"#;
        let options: Options = serde_json::from_str(stored).unwrap();
        assert_eq!(options.all.columns["wer"], "email");
        assert_eq!(options.all.constants["locale"], "de");
        assert!(options.merges_on_conflict && !options.is_forced && options.files.is_empty());
        let again: Options =
            serde_json::from_str(&serde_json::to_string(&options).unwrap()).unwrap();
        assert_eq!(again, options);
    }

    #[test]
    fn a_path_is_known_by_its_last_part_and_what_a_file_says_goes_first() {
        let mut options = Options {
            all: mapping(&[("wer", "email"), ("nr", "id")]),
            ..Options::default()
        };
        let own = mapping(&[("wer", "username")]);
        options.files.insert("people.csv".to_owned(), own);
        for name in ["people.csv", "old/people.csv", "C:\\old\\people.csv"] {
            let both = options.mapping_of(name).columns;
            assert_eq!(
                (both["wer"].as_str(), both["nr"].as_str()),
                ("username", "id")
            );
        }
        assert_eq!(options.mapping_of("others.csv").columns["wer"], "email");
        options.rename("Wer", "login");
        assert_eq!(options.mapping_of("people.csv").columns["Wer"], "login");
        assert!(
            !options
                .mapping_of("people.csv")
                .columns
                .contains_key("username")
        );
    }
}
