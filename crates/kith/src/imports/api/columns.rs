//! What the columns of people's own files are: read, and decided.

use std::collections::BTreeMap;

use axum::extract::Path;
use import::mapping;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{CreateImports, ImportBody, ReadImports};
use crate::http::{Caller, Json, Result, Success};
use crate::id::ImportRunId;
use crate::imports::{self, NotFound, Options};

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
}

/// The columns of an import's first file.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ColumnsBody {
    #[serde(flatten)]
    success: Success,
    /// The columns, in their order.
    columns: Vec<ImportColumn>,
    /// What all rows have, unless they say otherwise: fields and values.
    constants: BTreeMap<String, String>,
    /// The names of the fields that there are.
    fields: Vec<&'static str>,
}

/// What somebody decides about the columns of an import.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(super) struct SetImportColumns {
    /// Columns by their names in the file, or JSON fields by their paths, and the fields that they are: `ignore` takes one out.
    columns: BTreeMap<String, String>,
    /// Fields, and what all rows have there unless they say otherwise.
    constants: BTreeMap<String, String>,
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
    let column = |column: mapping::Column| ImportColumn {
        is_taken: column.taken().is_some(),
        field: column.field.map(|field| field.name),
        confidence: column.confidence.as_str(),
        name: column.name,
        samples: column.samples,
        why: column.why,
    };
    Ok(Json(ColumnsBody {
        success: Success::default(),
        columns: found.guess.columns.into_iter().map(column).collect(),
        constants: found.options.constants,
        fields: mapping::FIELDS.iter().map(|field| field.name).collect(),
    }))
}

/// Decide the columns of an import
///
/// Says what the columns of your own table or JSON are; what is not said is guessed. The files are read anew, to tell what would
/// happen (`checking`), and `startImport` reads them the same way.
#[utoipa::path(put, path = "/api/v1/imports/{import_id}/columns", operation_id = "setImportColumns", tag = "Imports",
    params(("import_id" = String, Path, description = "The import's id.")),
    request_body(content = SetImportColumns),
    responses(
        (status = 200, description = "The files are read anew.", body = ImportBody),
        (status = 400, description = "A column can't be what is said."),
        (status = 404, description = "There is no such import."),
        (status = 409, description = "Its source knows its columns, or the import has begun.")),
    security(("kindeBearerAuth" = ["create:imports"])))]
pub(super) async fn set_import_columns(
    Caller { cx, .. }: Caller<CreateImports>,
    Path(id): Path<String>,
    Json(body): Json<SetImportColumns>,
) -> Result<Json<ImportBody>> {
    let id: ImportRunId = id.parse().map_err(|_| NotFound)?;
    let options = Options {
        columns: body.columns,
        constants: body.constants,
        ..imports::columns(&cx, &id).await?.options
    };
    let run = imports::remap(&cx, &id, &options).await?;
    Ok(Json(ImportBody::new(run)))
}
