//! The mapping editor: what each column of somebody's own file is, tried on its first rows, and written as a file.

use std::collections::BTreeMap;

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use import::mapping::{self, Column, DateFormat, Dates, Mapping, Separator};

use super::{examples, head, path, rows};
use crate::error::{Coded as _, Kind};
use crate::http::{Form, Result};
use crate::id::ImportRunId;
use crate::imports::view::{
    ColumnRow, ConstantField, DateFormatRow, DatesField, FieldRow, FileRow, MappingPage,
    SeparatorField,
};
use crate::imports::{self, Columns, FileColumns, MappingError, NotFound, Options, Preview};
use crate::pages::{Choice, Message, Notice, Problems};
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
    let known = imports::columns(&member.cx, &id).await?;
    // The controls are those of the columns as they were shown.
    let as_shown = imports::columns_as(&member.cx, &id, under(&known, &form)).await?;
    let options = decided(&as_shown, &form);
    let columns = imports::columns_as(&member.cx, &id, options).await?;
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

/// The options under which the form was shown: with its separators, which need not be those that were kept.
fn under(known: &Columns, form: &Form) -> Options {
    let mut options = known.options.clone();
    for (index, file) in known.files.iter().enumerate() {
        let shown = form.get(&control('u', index)).parse().ok();
        let mut mapping = options.mapping_of(&file.name);
        mapping.separator = shown.or(mapping.separator);
        options.files.insert(file.name.clone(), mapping);
    }
    options
}

/// What the form says, of each file by itself; what it has no control for stays as it was.
fn decided(shown: &Columns, form: &Form) -> Options {
    let mut options = shown.options.clone();
    for (index, file) in shown.files.iter().enumerate() {
        let mapping = of_file(file, index, &options.mapping_of(&file.name), form);
        options.files.insert(file.name.clone(), mapping);
    }
    options.all = Mapping {
        constants: options.all.constants,
        ..Mapping::default()
    };
    for (field, ..) in CONSTANTS {
        match form.get(field) {
            "" => options.all.constants.remove(*field),
            value => options
                .all
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

/// What the form says of a file. Other separators make other columns, of which nothing was said yet.
fn of_file(file: &FileColumns, index: usize, before: &Mapping, form: &Form) -> Mapping {
    let chosen: Option<Separator> = form.get(&control('s', index)).parse().ok();
    if chosen.is_some() && chosen != file.guess.separator() {
        return Mapping {
            separator: chosen,
            ..Mapping::default()
        };
    }
    let mut mapping = Mapping {
        constants: BTreeMap::new(),
        ..before.clone()
    };
    for (which, column) in file.guess.columns.iter().enumerate() {
        let field = form.get(&column_control('c', index, which));
        if !field.is_empty() {
            mapping
                .columns
                .insert(column.name.clone(), field.to_owned());
        }
        let dates = column_control('d', index, which);
        match form.get(&dates).parse::<DateFormat>() {
            Ok(format) => {
                mapping.dates.insert(column.name.clone(), format);
            }
            Err(_) if form.0.iter().any(|(name, _)| *name == dates) => {
                mapping.dates.remove(&column.name);
            }
            Err(_) => {}
        }
    }
    mapping
}

/// The name of a control of a file: `s` its separator, `u` the separator under which its columns were shown.
fn control(kind: char, file: usize) -> String {
    format!("{kind}{file}")
}

/// The name of a control of a column: `c` which field it is, `d` in which form its dates are.
fn column_control(kind: char, file: usize, column: usize) -> String {
    format!("{kind}{file}-{column}")
}

fn download(columns: &Columns) -> Response {
    let text = imports::map_file(&columns.files, &columns.options.all.constants);
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
    let run = &columns.run;
    let files = columns.files.iter().enumerate();
    let files = files.map(|(index, file)| file_row(index, file, wrong.as_ref()));
    Ok(MappingPage {
        head: head(member, run, "/columns"),
        action: member.url(&path(run, "/columns")),
        files: files.collect(),
        date_formats: date_formats(),
        fields: fields(),
        constants: constants(&columns.options.all.constants),
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

/// A column that is wrong: its file, its name, and why.
struct Wrong {
    file: String,
    column: String,
    reason: String,
}

/// What is wrong, and with which column.
fn said(error: &MappingError) -> (Message, Option<Wrong>) {
    match error.column() {
        Some(blamed) => (
            Message::new("import-map-problem").with("column", blamed.column),
            Some(Wrong {
                file: blamed.file.to_owned(),
                column: blamed.column.to_owned(),
                reason: blamed.reason.to_owned(),
            }),
        ),
        None => (
            Message::new("import-error-reason").with("reason", error.to_string()),
            None,
        ),
    }
}

fn file_row(index: usize, file: &FileColumns, wrong: Option<&Wrong>) -> FileRow {
    let guess = &file.guess;
    let columns = guess.columns.iter().enumerate().map(|(which, column)| {
        let blamed = wrong.filter(|wrong| {
            wrong.file == file.name && import::is_same_name(&wrong.column, &column.name)
        });
        ColumnRow {
            error: blamed.map(|wrong| wrong.reason.clone()),
            ..row((index, which), column)
        }
    });
    FileRow {
        name: file.name.clone(),
        n_rows: guess.n_rows as u64,
        separator: guess.separator().map(|separator| SeparatorField {
            control: control('s', index),
            shown: control('u', index),
            value: separator.as_str(),
            choices: Separator::ALL
                .map(|one| separator_choice(one, separator))
                .to_vec(),
        }),
        notes: guess.notes.iter().map(|note| note.reason.clone()).collect(),
        columns: columns.collect(),
    }
}

fn separator_choice(separator: Separator, current: Separator) -> Choice {
    let label = match separator {
        Separator::Comma => "import-map-separator-comma",
        Separator::Semicolon => "import-map-separator-semicolon",
        Separator::Tab => "import-map-separator-tab",
        Separator::Pipe => "import-map-separator-pipe",
    };
    Choice {
        value: separator.as_str(),
        label: Message::new(label),
        is_current: separator == current,
    }
}

fn row((file, which): (usize, usize), column: &Column) -> ColumnRow {
    ColumnRow {
        control: column_control('c', file, which),
        name: column.name.clone(),
        samples: column.samples.clone(),
        guessed: column.field.map(|field| field.name),
        confidence: column.confidence.as_str(),
        why: column.why.clone(),
        chosen: column.taken().map_or(IGNORE, |field| field.name).to_owned(),
        dates: column.has_dates().then(|| DatesField {
            control: column_control('d', file, which),
            seen: match column.dates {
                Some(Dates::Are(format)) => {
                    Message::new("import-map-dates-are").with("format", format.as_str())
                }
                Some(Dates::Ambiguous) => Message::new("import-map-dates-which"),
                Some(Dates::Mixed) | None => Message::new("import-map-dates-each"),
            },
            value: column.decided_dates.map_or("", DateFormat::as_str),
        }),
        error: None,
    }
}

fn date_formats() -> Vec<DateFormatRow> {
    let format = |format: DateFormat| DateFormatRow {
        name: format.as_str(),
        example: format.example(),
    };
    DateFormat::ALL.map(format).to_vec()
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
