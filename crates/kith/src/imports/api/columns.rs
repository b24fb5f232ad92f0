//! What the columns of people's own files are: read, and decided.

use std::collections::BTreeMap;

use axum::extract::Path;
use import::mapping::{self, DateFormat, Dates, Mapping, Separator};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{CreateImports, ImportBody, ReadImports};
use crate::http::{Caller, Json, Result, Success};
use crate::id::ImportRunId;
use crate::imports::{self, FileColumns, NotFound, Options};

/// A column of a file, and what it seems to be.
#[derive(Debug, Serialize, ToSchema)]
struct ImportColumn {
    /// Its name, or the path of a JSON field.
    name: String,
    /// Its first values, secrets blanked.
    samples: Vec<String>,
    /// The field that it seems to be, or was decided to be.
    field: Option<&'static str>,
    /// Whether it is read as that.
    is_taken: bool,
    /// How sure that is: `certain`, `likely`, `unsure` or `none`.
    confidence: &'static str,
    /// Why.
    why: String,
    /// In which form its dates are, as was decided or as all values show: `iso`, `seconds`, `milliseconds`, `d/m/y`, `m/d/y`,
    /// `y/m/d` or `yyyymmdd`. `ambiguous` if the day or the month may stand first, and somebody has to say which; `mixed` if they are in several
    /// forms; none if they are no dates.
    dates: Option<&'static str>,
}

/// Something to know about the columns of a file.
#[derive(Debug, Serialize, ToSchema)]
struct ImportColumnNote {
    /// The stable code, such as `ambiguous_dates`.
    code: &'static str,
    /// The column that it is about, where it is about one.
    column: Option<String>,
    /// What was seen, and what to do.
    reason: String,
}

/// A file of an import, and its columns.
#[derive(Debug, Serialize, ToSchema)]
struct ImportFileColumns {
    /// The file's name.
    name: String,
    /// What separates its cells: `comma`, `semicolon`, `tab` or `pipe`; none where it holds JSON.
    separator: Option<&'static str>,
    /// The columns, in their order.
    columns: Vec<ImportColumn>,
    /// What to know before trusting the guess.
    notes: Vec<ImportColumnNote>,
}

/// The columns of an import's files.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ColumnsBody {
    #[serde(flatten)]
    success: Success,
    /// The columns of the first file, in their order.
    columns: Vec<ImportColumn>,
    /// The files, in the order in which they came.
    files: Vec<ImportFileColumns>,
    /// What all rows have, unless they say otherwise: fields and values.
    constants: BTreeMap<String, String>,
    /// The names of the fields that there are.
    fields: Vec<&'static str>,
}

/// What somebody decides about the columns of a file.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
struct SetFileColumns {
    /// Columns by their names in the file, or JSON fields by their paths, and the fields that they are: `ignore` takes one out.
    columns: BTreeMap<String, String>,
    /// Fields, and what all rows have there unless they say otherwise.
    constants: BTreeMap<String, String>,
    /// Columns by their names, and the form of their dates: `iso`, `seconds`, `milliseconds`, `d/m/y`, `m/d/y`, `y/m/d` or `yyyymmdd`.
    #[schema(value_type = BTreeMap<String, String>)]
    dates: BTreeMap<String, DateFormat>,
    /// What separates the cells of a table: `comma`, `semicolon`, `tab` or `pipe`.
    #[schema(value_type = Option<String>)]
    separator: Option<Separator>,
}

impl From<SetFileColumns> for Mapping {
    fn from(decided: SetFileColumns) -> Self {
        Self {
            columns: decided.columns,
            constants: decided.constants,
            dates: decided.dates,
            separator: decided.separator,
        }
    }
}

/// What somebody decides about the columns of an import.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct SetImportColumns {
    /// What holds for all files; its columns are those of the files that have them.
    #[serde(flatten)]
    all: SetFileColumns,
    /// What holds for single files, by their names. It goes before what holds for all.
    #[serde(default)]
    files: BTreeMap<String, SetFileColumns>,
}

/// Read the columns of an import
///
/// What the columns of your own table, or the fields of your own JSON, seem to be. Only while the import waits for its start.
#[utoipa::path(get, path = "/api/v1/imports/{import_id}/columns", operation_id = "getImportColumns", tag = "Imports",
    params(("import_id" = String, Path, description = "The import's id.")),
    responses(
        (status = 200, description = "The columns.", body = ColumnsBody),
        (status = 404, description = "There is no such import."),
        (status = 409, description = "Its source knows its columns, or the import has begun.")),
    security(("kindeBearerAuth" = ["read:imports"])))]
pub(super) async fn get_import_columns(
    Caller { cx, .. }: Caller<ReadImports>,
    Path(id): Path<String>,
) -> Result<Json<ColumnsBody>> {
    let id: ImportRunId = id.parse().map_err(|_| NotFound)?;
    let found = imports::columns(&cx, &id).await?;
    let files: Vec<ImportFileColumns> = found.files.iter().map(file).collect();
    Ok(Json(ColumnsBody {
        success: Success::default(),
        columns: found.files.iter().take(1).flat_map(columns).collect(),
        files,
        constants: found.options.all.constants,
        fields: mapping::FIELDS.iter().map(|field| field.name).collect(),
    }))
}

fn file(file: &FileColumns) -> ImportFileColumns {
    let note = |note: &mapping::Note| ImportColumnNote {
        code: note.code,
        column: note.column.clone(),
        reason: note.reason.clone(),
    };
    ImportFileColumns {
        name: file.name.clone(),
        separator: file.guess.separator().map(Separator::as_str),
        columns: columns(file),
        notes: file.guess.notes.iter().map(note).collect(),
    }
}

fn columns(file: &FileColumns) -> Vec<ImportColumn> {
    let column = |column: &mapping::Column| ImportColumn {
        name: column.name.clone(),
        samples: column.samples.clone(),
        field: column.field.map(|field| field.name),
        is_taken: column.taken().is_some(),
        confidence: column.confidence.as_str(),
        why: column.why.clone(),
        dates: match (column.decided_dates, column.dates) {
            _ if !column.has_dates() => None,
            (Some(format), _) | (None, Some(Dates::Are(format))) => Some(format.as_str()),
            (None, Some(Dates::Ambiguous)) => Some("ambiguous"),
            (None, Some(Dates::Mixed)) => Some("mixed"),
            (None, None) => None,
        },
    };
    file.guess.columns.iter().map(column).collect()
}

/// Decide the columns of an import
///
/// Says what the columns of your own tables or JSON are, what separates their cells, and in which form their dates are; what is not
/// said is guessed. The files are read anew, to tell what would
/// happen (`checking`), and `startImport` reads them the same way.
#[utoipa::path(put, path = "/api/v1/imports/{import_id}/columns", operation_id = "setImportColumns", tag = "Imports",
    params(("import_id" = String, Path, description = "The import's id.")),
    request_body(content = SetImportColumns),
    responses(
        (status = 200, description = "The files are read anew.", body = ImportBody),
        (status = 400, description = "A column or file can't be what is said, or is not there."),
        (status = 404, description = "There is no such import."),
        (status = 409, description = "Its source knows its columns, or the import has begun.")),
    security(("kindeBearerAuth" = ["create:imports"])))]
pub(super) async fn set_import_columns(
    Caller { cx, .. }: Caller<CreateImports>,
    Path(id): Path<String>,
    Json(body): Json<SetImportColumns>,
) -> Result<Json<ImportBody>> {
    let id: ImportRunId = id.parse().map_err(|_| NotFound)?;
    let files = body.files.into_iter();
    let options = Options {
        all: body.all.into(),
        files: files
            .map(|(name, decided)| (name, decided.into()))
            .collect(),
        ..imports::columns(&cx, &id).await?.options
    };
    let run = imports::remap(&cx, &id, &options).await?;
    Ok(Json(ImportBody::new(run)))
}
