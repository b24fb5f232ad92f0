//! Mappings as they are written by hand.

use std::collections::BTreeMap;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use super::{DateFormat, Mapping, Separator};

/// A mapping of one file or of several.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MapFile {
    /// What holds for all files that have such columns.
    pub all: Mapping,
    /// What holds for single ones, by their names.
    pub files: BTreeMap<String, Mapping>,
}

/// What a key stands for.
#[derive(Deserialize)]
#[serde(untagged)]
enum Entry {
    Field(String),
    Table(BTreeMap<String, String>),
    Files(BTreeMap<String, BTreeMap<String, Entry>>),
}

/// A line a column, and tables for what is no column.
impl<'de> Deserialize<'de> for MapFile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut entries = BTreeMap::<String, Entry>::deserialize(deserializer)?;
        let mut files = BTreeMap::new();
        match entries.remove("files") {
            None => {}
            // Nobody has a file yet, or nobody decides about one.
            Some(Entry::Table(none)) if none.is_empty() => {}
            Some(Entry::Files(each)) => {
                for (name, entries) in each {
                    files.insert(name, mapping(entries).map_err(D::Error::custom)?);
                }
            }
            // A column may be called so.
            Some(field @ Entry::Field(_)) => {
                entries.insert("files".to_owned(), field);
            }
            Some(Entry::Table(_)) => {
                let reason = "[files] holds a table a file; write [files.\"NAME\"]";
                return Err(D::Error::custom(reason));
            }
        }
        Ok(Self {
            all: mapping(entries).map_err(D::Error::custom)?,
            files,
        })
    }
}

fn mapping(entries: BTreeMap<String, Entry>) -> Result<Mapping, String> {
    let mut mapping = Mapping::default();
    for (name, entry) in entries {
        let table = match entry {
            Entry::Field(field) => {
                mapping.columns.insert(name, field);
                continue;
            }
            Entry::Table(table) => table,
            Entry::Files(_) => return Err(no_table(&name)),
        };
        match name.as_str() {
            "constants" => mapping.constants = table,
            "columns" => mapping.columns.extend(table),
            "dates" => mapping.dates = dates(table)?,
            "format" => mapping.separator = separator(table)?,
            _ => return Err(no_table(&name)),
        }
    }
    Ok(mapping)
}

fn no_table(name: &str) -> String {
    format!(
        "[{name}] is no table of a mapping; write [constants], [dates], [format] or [files.\"NAME\"], \
         or a line \"column\" = \"field\""
    )
}

fn dates(table: BTreeMap<String, String>) -> Result<BTreeMap<String, DateFormat>, String> {
    let dates = table
        .into_iter()
        .map(|(column, format)| match format.parse() {
            Ok(format) => Ok((column, format)),
            Err(error) => Err(format!("the dates of {column}: {error}")),
        });
    dates.collect()
}

fn separator(table: BTreeMap<String, String>) -> Result<Option<Separator>, String> {
    let mut separator = None;
    for (key, text) in table {
        if key != "separator" {
            return Err(format!(
                "[format] has no {key}; write separator = \"semicolon\""
            ));
        }
        separator = Some(
            text.parse::<Separator>()
                .map_err(|error| error.to_string())?,
        );
    }
    Ok(separator)
}
