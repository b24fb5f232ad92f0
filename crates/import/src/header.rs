//! The header line of a table: which column means what.
//!
//! Names are compared without case, spaces, hyphens and underscores, so that `signerKey`, `Signer Key` and `signer_key`
//! are one. Unknown columns are ignored.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::problem::FileError;
use crate::table::Row;

/// The names of a table's columns.
pub(crate) struct Header {
    columns: Vec<Named>,
    /// Of objects, which have no header: the columns that were asked for, each by all its names.
    asked: Option<Vec<Vec<String>>>,
    constants: Vec<Constant>,
}

/// What all rows have in a field, unless they say otherwise.
struct Constant {
    field: String,
    text: String,
    is_unused: bool,
}

struct Named {
    name: String,
    /// What to look it up by: the name's own folded form, or that of the field it was mapped to by hand.
    key: String,
    /// Mapped by hand, and not yet asked for.
    is_unused_mapping: bool,
}

/// A column that a source reads, present or not.
pub(crate) struct Column {
    index: Option<usize>,
    /// Its name in the file, for whoever has to mend a row; its proper name where it is absent.
    pub(crate) name: String,
    /// What stands for a blank cell.
    constant: Option<String>,
}

impl Column {
    /// Whether the file has it, or whoever imports it has said what stands there.
    pub(crate) fn is_present(&self) -> bool {
        self.index.is_some() || self.constant.is_some()
    }

    /// Its cell in a row; what was said for all rows if that is blank; blank if the file has no such column.
    pub(crate) fn of<'a>(&'a self, row: &Row<'a>) -> Cow<'a, str> {
        let cell = self.index.map(|index| row.cell(index));
        match (cell, &self.constant) {
            (Some(cell), None) => cell,
            (Some(cell), Some(_)) if !cell.trim().is_empty() => cell,
            (_, Some(constant)) => Cow::Borrowed(constant),
            (None, None) => Cow::Borrowed(""),
        }
    }
}

impl Header {
    /// Names as the file has them, some of them renamed by hand.
    ///
    /// # Errors
    ///
    /// [`FileError::UnusableMapping`] for a renamed column that is not there.
    pub(crate) fn new(
        names: Vec<String>,
        renamed: &BTreeMap<String, String>,
    ) -> Result<Self, FileError> {
        let mut columns: Vec<Named> = names
            .into_iter()
            .map(|name| Named {
                key: folded(&name),
                name,
                is_unused_mapping: false,
            })
            .collect();
        for (name, field) in renamed {
            let wanted = folded(name);
            let column = columns
                .iter_mut()
                .find(|column| folded(&column.name) == wanted);
            let column = column.ok_or_else(|| FileError::UnusableMapping {
                column: name.clone(),
                reason: "the header has no such column; correct its name".to_owned(),
            })?;
            column.key = folded(field);
            column.is_unused_mapping = true;
        }
        Ok(Self {
            columns,
            asked: None,
            constants: Vec::new(),
        })
    }

    /// The header of objects. Each may have other keys, so every column that is asked for is there, and
    /// [`asked`](Self::asked) tells which cells to put into a row. Those renamed by hand are known by their new names.
    pub(crate) fn of_objects(renamed: &BTreeMap<String, String>) -> Self {
        let columns = renamed.iter().map(|(name, field)| Named {
            name: name.clone(),
            key: folded(field),
            is_unused_mapping: false,
        });
        Self {
            columns: columns.collect(),
            asked: Some(Vec::new()),
            constants: Vec::new(),
        }
    }

    /// The keys by which to look for each cell of a row, folded.
    pub(crate) fn asked(self) -> Vec<Vec<String>> {
        self.asked.unwrap_or_default()
    }

    /// The same, with what all rows have in some fields.
    pub(crate) fn with_constants(mut self, constants: &BTreeMap<String, String>) -> Self {
        let constants = constants.iter().map(|(field, text)| Constant {
            field: field.clone(),
            text: text.clone(),
            is_unused: true,
        });
        self.constants = constants.collect();
        self
    }

    /// The names as the file has them.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|column| column.name.as_str())
    }

    /// The column of any of `names`, the first of which is the proper one.
    ///
    /// # Errors
    ///
    /// [`FileError::MalformedHeader`] when two columns answer to them.
    pub(crate) fn column(&mut self, names: &[&str]) -> Result<Column, FileError> {
        if let Some(asked) = &mut self.asked {
            let keys: Vec<String> = names.iter().map(|name| folded(name)).collect();
            let renamed = self
                .columns
                .iter()
                .find(|column| keys.contains(&column.key));
            let column = Column {
                constant: None,
                index: Some(asked.len()),
                name: renamed.map_or(names[0], |column| &column.name).to_owned(),
            };
            asked.push(renamed.map_or(keys, |column| vec![folded(&column.name)]));
            return Ok(column);
        }
        let mut found: Option<usize> = None;
        for (index, column) in self.columns.iter_mut().enumerate() {
            if !names.iter().any(|name| folded(name) == column.key) {
                continue;
            }
            column.is_unused_mapping = false;
            if found.replace(index).is_some() {
                return Err(FileError::MalformedHeader(format!(
                    "two columns mean {}; remove or rename one of them",
                    names[0]
                )));
            }
        }
        let name = found.map_or(names[0], |index| &self.columns[index].name);
        let constant = self.constants.iter_mut().find(|constant| {
            let field = folded(&constant.field);
            names.iter().any(|name| folded(name) == field)
        });
        Ok(Column {
            index: found,
            name: name.to_owned(),
            constant: constant.map(|constant| {
                constant.is_unused = false;
                constant.text.clone()
            }),
        })
    }

    /// Checks that every column renamed by hand was asked for, and every constant.
    ///
    /// # Errors
    ///
    /// [`FileError::UnusableMapping`] for one whose field the source does not have.
    pub(crate) fn check_mappings(&self) -> Result<(), FileError> {
        if let Some(constant) = self.constants.iter().find(|constant| constant.is_unused) {
            return Err(FileError::UnusableMapping {
                column: format!("the constant {}", constant.field),
                reason: "the source has no field of that name; correct it".to_owned(),
            });
        }
        match self.columns.iter().find(|column| column.is_unused_mapping) {
            None => Ok(()),
            Some(column) => Err(FileError::UnusableMapping {
                column: column.name.clone(),
                reason: "the source has no field of the name it is mapped to; correct it"
                    .to_owned(),
            }),
        }
    }
}

/// Whether two names of columns, or a column's and a field's, mean the same to a reader of tables.
#[must_use]
pub fn is_same_name(one: &str, other: &str) -> bool {
    folded(one) == folded(other)
}

/// The form in which column names are compared.
pub(crate) fn folded(name: &str) -> String {
    name.chars()
        .filter(|c| !matches!(c, '_' | '-' | ' '))
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(names: &[&str], renamed: &[(&str, &str)]) -> Result<Header, FileError> {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        let renamed = renamed
            .iter()
            .map(|(from, to)| ((*from).to_owned(), (*to).to_owned()));
        Header::new(names, &renamed.collect())
    }

    #[test]
    fn a_column_is_found_however_its_name_is_written() {
        for name in ["signer_key", "signerKey", "Signer Key", "SIGNER-KEY"] {
            let column = header(&[name], &[])
                .unwrap()
                .column(&["signer_key"])
                .unwrap();
            assert!(column.is_present());
            assert_eq!(column.name, name);
        }
    }

    #[test]
    fn two_columns_of_one_meaning_are_refused() {
        let mut header = header(&["role_key", "roles"], &[]).unwrap();
        let error = header.column(&["role_key", "roles"]).err().unwrap();
        assert_eq!(error.code(), "malformed_header");
    }

    #[test]
    fn a_column_mapped_by_hand_answers_to_its_new_name_only() {
        let mut header = header(&["mail"], &[("Mail", "email")]).unwrap();
        assert!(!header.column(&["mail"]).unwrap().is_present());
        assert_eq!(header.column(&["email"]).unwrap().name, "mail");
        assert!(header.check_mappings().is_ok());
    }

    #[test]
    fn a_constant_stands_for_a_column_that_the_file_has_not() {
        let constants = BTreeMap::from([("hashing method".to_owned(), "bcrypt".to_owned())]);
        let mut header = header(&["email"], &[]).unwrap().with_constants(&constants);
        assert_eq!(
            header.check_mappings().unwrap_err().code(),
            "unusable_mapping"
        );
        assert!(header.column(&["hashing_method"]).unwrap().is_present());
        assert!(header.check_mappings().is_ok());
    }

    #[test]
    fn a_mapping_that_leads_nowhere_is_refused() {
        let error = header(&["mail"], &[("post", "email")]).err().unwrap();
        assert_eq!(error.code(), "unusable_mapping");
        let header = header(&["mail"], &[("mail", "emial")]).unwrap();
        assert_eq!(
            header.check_mappings().unwrap_err().code(),
            "unusable_mapping"
        );
    }
}
