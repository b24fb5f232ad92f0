//! The first rows of a file, as columns of text.

use std::io::Cursor;

use serde_json::Value;

use super::{Layout, Separator};
use crate::objects::{Nesting, Object, Objects};
use crate::problem::FileError;
use crate::table::Table;

/// 200: enough to see what a column holds.
const MAX_ROWS: usize = 200;

/// 500: an object with more fields than that is a map, whose keys are values.
const MAX_PATHS: usize = 500;

/// 6: how deep objects are looked into.
const MAX_DEPTH: usize = 6;

/// Columns with their first values.
pub(super) struct Sample {
    pub(super) layout: Layout,
    pub(super) n_rows: usize,
    pub(super) columns: Vec<Column>,
}

pub(super) struct Column {
    pub(super) name: String,
    /// Those that are not blank.
    pub(super) values: Vec<String>,
}

/// The columns at the start of a file. `is_whole` tells whether `text` is all of it; otherwise its last row may be cut.
pub(super) fn of(
    text: Vec<u8>,
    is_whole: bool,
    separator: Option<Separator>,
) -> Result<Sample, FileError> {
    let first = text.trim_ascii_start().first().copied();
    if matches!(first, Some(b'{' | b'[')) {
        of_objects(text, is_whole)
    } else {
        of_table(text, is_whole, separator)
    }
}

fn of_table(
    text: Vec<u8>,
    is_whole: bool,
    separator: Option<Separator>,
) -> Result<Sample, FileError> {
    let (mut table, names) = Table::open_separated(Box::new(Cursor::new(text)), separator)?;
    let mut rows: Vec<Vec<String>> = Vec::new();
    while rows.len() < MAX_ROWS
        && let Some(found) = table.next()?
    {
        if let Ok(row) = found.row
            && row.len() >= names.len()
        {
            rows.push(row.iter().map(|cell| cell.trim().to_owned()).collect());
        }
    }
    if !is_whole && rows.len() > 1 && rows.len() < MAX_ROWS {
        rows.pop();
    }
    let columns = names.into_iter().enumerate().map(|(index, name)| Column {
        name,
        values: rows
            .iter()
            .map(|row| row[index].clone())
            .filter(|value| !value.is_empty())
            .collect(),
    });
    Ok(Sample {
        layout: Layout::Table {
            separator: table.separator(),
        },
        n_rows: rows.len(),
        columns: columns.collect(),
    })
}

fn of_objects(text: Vec<u8>, is_whole: bool) -> Result<Sample, FileError> {
    let mut objects = Objects::open(Box::new(Cursor::new(text)), &Nesting::FLAT)?;
    let mut sample = Sample {
        layout: Layout::Objects,
        n_rows: 0,
        columns: Vec::new(),
    };
    while sample.n_rows < MAX_ROWS
        && let Some(found) = objects.next()?
    {
        // A cut object is no object, so it needs no further care.
        if let Ok(object) = found.object {
            sample.n_rows += 1;
            sample.add_object("", &object, 0);
        }
    }
    if sample.n_rows == 0 {
        let what = if is_whole {
            "JSON"
        } else {
            "the start of JSON"
        };
        return Err(FileError::UnknownSource {
            saw: format!("{what} without one whole object"),
        });
    }
    Ok(sample)
}

impl Sample {
    fn add_object(&mut self, path: &str, object: &Object, depth: usize) {
        for (key, value) in object {
            let path = if path.is_empty() {
                key.clone()
            } else {
                format!("{path}.{key}")
            };
            self.add_value(&path, value, depth + 1);
        }
    }

    fn add_value(&mut self, path: &str, value: &Value, depth: usize) {
        match value {
            Value::Object(object) if depth < MAX_DEPTH => self.add_object(path, object, depth),
            Value::Array(values) if values.first().is_some_and(Value::is_object) => {
                self.add_value(&format!("{path}.0"), &values[0], depth + 1);
            }
            value => self.add_text(path, &as_text(value).unwrap_or_default()),
        }
    }

    fn add_text(&mut self, path: &str, text: &str) {
        let known = self.columns.iter().position(|column| column.name == path);
        let column = match known {
            Some(index) => &mut self.columns[index],
            None if self.columns.len() >= MAX_PATHS => return,
            None => {
                self.columns.push(Column {
                    name: path.to_owned(),
                    values: Vec::new(),
                });
                self.columns.last_mut().expect("one was just pushed")
            }
        };
        if !text.trim().is_empty() {
            column.values.push(text.trim().to_owned());
        }
    }
}

/// A JSON value as a cell would have it: a list as its parts with commas between; an object as JSON. `None` for null.
pub(super) fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => Some(value.to_string()),
        Value::Array(values) => {
            let parts: Option<Vec<&str>> = values.iter().map(Value::as_str).collect();
            Some(parts.map_or_else(|| value.to_string(), |parts| parts.join(",")))
        }
    }
}

/// The value at a path such as `profile.emails.0.address`. A key that has points itself is found too.
pub(super) fn at<'a>(object: &'a Object, path: &str) -> Option<&'a Value> {
    if let Some(value) = object.get(path) {
        return Some(value);
    }
    let mut points = path.match_indices('.').map(|(at, _)| at);
    points.find_map(|at| within(object.get(&path[..at])?, &path[at + 1..]))
}

fn within<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    match value {
        Value::Object(object) => at(object, path),
        Value::Array(values) => {
            let (index, rest) = path.split_once('.').unwrap_or((path, ""));
            let value = values.get(index.parse::<usize>().ok()?)?;
            if rest.is_empty() {
                Some(value)
            } else {
                within(value, rest)
            }
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_path_leads_through_objects_and_lists() {
        let object = json!({
            "profile": {"emails": [{"address": "mara@voss.example"}]},
            "a.b": {"c": 1}
        });
        let object = object.as_object().unwrap();
        let found = |path| at(object, path);
        assert_eq!(
            found("profile.emails.0.address"),
            Some(&json!("mara@voss.example"))
        );
        assert_eq!(found("a.b.c"), Some(&json!(1)));
        assert_eq!(found("profile.emails.1.address"), None);
        assert_eq!(found("profile.emails.x"), None);
        assert_eq!(found("nothing"), None);
    }

    #[test]
    fn objects_become_columns_by_their_paths() {
        let text = br#"{"id":1,"profile":{"email":"a@voss.example"},"roles":["admin","owner"]}
{"id":2,"tags":[{"x":true}],"gone":null}
{"id":3,"cut"#;
        let sample = of(text.to_vec(), false, None).unwrap();
        let seen: Vec<_> = sample
            .columns
            .iter()
            .map(|column| format!("{}={}", column.name, column.values.join("|")))
            .collect();
        assert_eq!(
            seen,
            [
                "id=1|2",
                "profile.email=a@voss.example",
                "roles=admin,owner",
                "gone=",
                "tags.0.x=true"
            ]
        );
    }

    #[test]
    fn the_last_row_of_a_cut_table_is_not_looked_at() {
        let sample = of(b"id;mail\n1;a@voss.example\n2;b@vo".to_vec(), false, None).unwrap();
        assert_eq!(sample.n_rows, 1);
        assert_eq!(
            sample.layout,
            Layout::Table {
                separator: Separator::Semicolon
            }
        );
        let whole = of(
            b"id;mail\n1;a@voss.example\n2;b@voss.example".to_vec(),
            true,
            None,
        )
        .unwrap();
        assert_eq!(whole.n_rows, 2);
    }
}
