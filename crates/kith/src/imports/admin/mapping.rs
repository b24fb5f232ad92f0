//! The mapping editor: what each column of somebody's own file is, tried on its first rows, and written as a file.

use std::collections::BTreeMap;

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use import::mapping::{self, Column, Layout};

use super::{examples, head, path, rows};
use crate::error::{Coded as _, Kind};
use crate::http::{Form, Result};
use crate::id::ImportRunId;
use crate::imports::view::{ColumnRow, ConstantField, FieldRow, MappingPage};
use crate::imports::{self, Columns, MappingError, NotFound, Options, Preview};
use crate::pages::{Message, Notice, Problems};
use crate::team::Member;

/// The name of what is not taken.
const IGNORE: &str = "ignore";

/// What all rows may have in common: the field, its phrase, and what it may be; hashing methods are those that there are.
const CONSTANTS: &[(&str, &str, &[&str])] = &[
    ("hashing_method", "import-map-hashing-method", &[]),
    (
        "salt_position",
        "import-map-salt-position",
        &["prefix", "suffix"],
    ),
    (
        "salt_format",
        "import-map-salt-format",
        &["string", "hex", "base64"],
    ),
    ("iterations", "import-map-iterations", &[]),
    ("external_organization_id", "import-map-organization", &[]),
    ("role_key", "import-map-role", &[]),
    ("locale", "import-map-locale", &[]),
];

pub(super) async fn show(member: Member, Path(id): Path<String>) -> Result<Response> {
    let id: ImportRunId = id.parse().map_err(|_| NotFound)?;
    let columns = imports::columns(&member.cx, &id).await?;
    let tried = imports::preview(&member.cx, &id, &columns.options).await;
    Ok(member.show(&page(&member, &columns, tried)?))
}

/// Tries the columns on the first rows, writes them as a file, or reads the files anew as they say.
pub(super) async fn submit(member: Member, Path(id): Path<String>, form: Form) -> Result<Response> {
    member.check(&form)?;
    let id: ImportRunId = id.parse().map_err(|_| NotFound)?;
    let mut columns = imports::columns(&member.cx, &id).await?;
    let options = decided(&columns, &form);
    columns.guess.decide(&options.columns);
    columns.options = options;
    if form.get("do") == "download" {
        return Ok(download(&columns));
    }
    let tried = if form.get("do") == "apply" {
        match imports::remap(&member.cx, &id, &columns.options).await {
            Ok(run) => {
                let said = Notice::good(Message::new("import-map-applied"));
                return Ok(member.done(&path(&run, ""), &said));
            }
            Err(error) => Err(error),
        }
    } else {
        imports::preview(&member.cx, &id, &columns.options).await
    };
    let is_wrong = tried.is_err();
    let page = page(&member, &columns, tried)?;
    Ok(if is_wrong {
        member.show_again(&page)
    } else {
        member.show(&page)
    })
}

/// What the form says; what it has no control for stays as it was.
fn decided(columns: &Columns, form: &Form) -> Options {
    let mut options = columns.options.clone();
    for (index, column) in columns.guess.columns.iter().enumerate() {
        let chosen = form.get(&control(index));
        if !chosen.is_empty() {
            options
                .columns
                .insert(column.name.clone(), chosen.to_owned());
        }
    }
    for (field, ..) in CONSTANTS {
        match form.get(field) {
            "" => options.constants.remove(*field),
            value => options
                .constants
                .insert((*field).to_owned(), value.to_owned()),
        };
    }
    if form.has("no_formula") {
        options.hash.formula = None;
        options.hash.scheme = None;
    }
    if form.has("formula") {
        options.hash.formula = Some(form.get("formula").to_owned());
        options.hash.scheme = Some("custom".to_owned());
    }
    options
}

fn control(index: usize) -> String {
    format!("c{index}")
}

fn download(columns: &Columns) -> Response {
    let text = imports::mapping_file(&columns.guess, &columns.options.constants);
    let headers = [
        (header::CONTENT_TYPE, "application/toml; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"map.toml\"",
        ),
    ];
    (headers, text).into_response()
}

/// The page with what was tried. What is wrong with the form is told in it; what is wrong with us is not.
fn page(
    member: &Member,
    columns: &Columns,
    tried: Result<Preview, MappingError>,
) -> Result<MappingPage> {
    let (preview, problems, wrong) = match tried {
        Ok(preview) => (preview, Problems::none(), None),
        Err(error) if error.code().kind == Kind::Invalid => {
            let (message, wrong) = said(&error);
            (Preview::default(), Problems::overall(message), wrong)
        }
        Err(error) => return Err(error.into()),
    };
    let (run, guess) = (&columns.run, &columns.guess);
    let at = |(index, column)| {
        let row = row(index, column);
        match &wrong {
            Some((name, reason)) if import::is_same_name(name, &row.name) => ColumnRow {
                error: Some(reason.clone()),
                ..row
            },
            _ => row,
        }
    };
    Ok(MappingPage {
        head: head(member, run, "/columns"),
        action: member.url(&path(run, "/columns")),
        file: columns.file.clone(),
        n_rows: guess.n_rows as u64,
        delimiter: match guess.layout {
            Layout::Table { delimiter: '\t' } => Some("tab".to_owned()),
            Layout::Table { delimiter } => Some(delimiter.to_string()),
            Layout::Objects => None,
        },
        notes: guess.notes.iter().map(|note| note.reason.clone()).collect(),
        columns: guess.columns.iter().enumerate().map(at).collect(),
        fields: fields(),
        constants: constants(&columns.options.constants),
        has_formula: columns.options.hash.formula.is_some(),
        people: preview.people.iter().map(examples::sample).collect(),
        refused: preview
            .refused
            .into_iter()
            .map(|row| rows::note(run, row))
            .collect(),
        problems,
    })
}

/// What is wrong, and with which column.
fn said(error: &MappingError) -> (Message, Option<(String, String)>) {
    match error.column() {
        Some((column, reason)) => (
            Message::new("import-map-problem").with("column", column),
            Some((column.to_owned(), reason.to_owned())),
        ),
        None => (
            Message::new("import-error-reason").with("reason", error.to_string()),
            None,
        ),
    }
}

fn row(index: usize, column: &Column) -> ColumnRow {
    ColumnRow {
        control: control(index),
        name: column.name.clone(),
        samples: column.samples.clone(),
        guessed: column.field.map(|field| field.name),
        confidence: column.confidence.as_str(),
        why: column.why.clone(),
        chosen: column.taken().map_or(IGNORE, |field| field.name).to_owned(),
        error: None,
    }
}

fn fields() -> Vec<FieldRow> {
    let fields = mapping::FIELDS.iter().filter(|field| field.name != IGNORE);
    let field = |field: &'static mapping::Field| FieldRow {
        name: field.name,
        about: field.about,
    };
    fields.map(field).collect()
}

fn constants(decided: &BTreeMap<String, String>) -> Vec<ConstantField> {
    let constant = |&(field, label, values): &(&'static str, &'static str, &[&'static str])| {
        let mut values = values.to_vec();
        if field == "hashing_method" {
            values.extend(password::schemes().map(|(name, _)| name));
            values.sort_unstable();
        }
        ConstantField {
            field,
            label: Message::new(label),
            values,
            value: decided.get(field).cloned().unwrap_or_default(),
        }
    };
    CONSTANTS.iter().map(constant).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_constant_is_a_field_of_mapping_files() {
        for (name, ..) in CONSTANTS {
            assert!(mapping::find(name).is_some(), "{name}");
        }
    }
}
