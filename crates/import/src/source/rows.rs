//! Rows of a table as objects, for providers that export the same fields as a table and as JSON.

use serde_json::Value;

use crate::header::{Column, Header};
use crate::objects::Object;
use crate::problem::FileError;
use crate::table::Row;

/// A table's columns, each with the key that it has in JSON.
pub(super) struct Rows {
    columns: Vec<(String, Column)>,
}

impl Rows {
    /// All columns that have a name, by the keys that `key` gives to their names.
    ///
    /// # Errors
    ///
    /// [`FileError::MalformedHeader`] when two columns have one name.
    pub(super) fn new(
        header: &mut Header,
        key: impl Fn(&str) -> String,
    ) -> Result<Self, FileError> {
        let names: Vec<String> = header.names().map(str::to_owned).collect();
        let mut columns = Vec::with_capacity(names.len());
        for name in names.iter().filter(|name| !name.is_empty()) {
            columns.push((key(name), header.column(&[name])?));
        }
        Ok(Self { columns })
    }

    /// The row as an object of texts. What is blank is absent.
    pub(super) fn object(&self, row: &Row<'_>) -> Object {
        let filled = self.columns.iter().filter_map(|(key, column)| {
            let cell = column.of(row);
            (!cell.trim().is_empty()).then(|| (key.clone(), Value::from(cell.into_owned())))
        });
        filled.collect()
    }

    /// The same, where cells that hold a JSON object or list are that object or list.
    pub(super) fn document(&self, row: &Row<'_>) -> Object {
        let mut object = self.object(row);
        for value in object.values_mut() {
            if let Value::String(text) = value
                && text.trim_start().starts_with(['{', '['])
                && let Ok(document) = serde_json::from_str::<Value>(text)
            {
                *value = document;
            }
        }
        object
    }
}
