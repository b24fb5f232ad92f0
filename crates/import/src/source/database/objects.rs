//! A table's rows as JSON objects: its columns are the keys. Django's `dumpdata` has them one level down, beside the
//! name of the table.

use serde_json::Value;

use crate::header::folded;
use crate::objects::Object;
use crate::sql::Block;
use crate::table::Sheet;

/// The columns of a row and their values.
pub(super) struct Cells<'a>(Vec<(String, &'a Value)>);

impl<'a> Cells<'a> {
    pub(super) fn of(object: &'a Object) -> Self {
        let keyed = |object: &'a Object| object.iter().map(|(key, value)| (folded(key), value));
        match model(object) {
            None => Self(keyed(object).collect()),
            Some((_, fields)) => {
                let id = object.get("pk").map(|id| ("id".to_owned(), id));
                Self(keyed(fields).chain(id).collect())
            }
        }
    }

    /// Puts together the row that has these columns, each known by any of its keys.
    pub(super) fn put_into(&self, asked: &[Vec<String>], sheet: &mut Sheet) {
        sheet.clear();
        for keys in asked {
            let found = keys
                .iter()
                .find_map(|key| self.0.iter().find(|(name, _)| name == key));
            match found.map(|(_, value)| *value) {
                None | Some(Value::Null) => sheet.push(""),
                Some(Value::String(text)) => sheet.push(text),
                Some(other) => sheet.push(&other.to_string()),
            }
        }
    }
}

/// The columns of the row that an object is, folded.
pub(super) fn keys(object: &Object) -> Vec<String> {
    Cells::of(object)
        .0
        .into_iter()
        .map(|(key, _)| key)
        .collect()
}

/// The table that an object of `dumpdata` names, as the database calls it, and its columns.
pub(super) fn block(object: &Object) -> Option<Block> {
    let (model, _) = model(object)?;
    Some(Block {
        table: model.replace('.', "_"),
        columns: keys(object).into(),
    })
}

fn model(object: &Object) -> Option<(&str, &Object)> {
    let model = object.get("model")?.as_str()?;
    let fields = object.get("fields")?.as_object()?;
    Some((model, fields))
}
