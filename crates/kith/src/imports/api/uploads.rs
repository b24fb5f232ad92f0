//! Bringing the files of an import bit by bit, so that a broken connection costs a bit and not the file.
//!
//! `createImportUpload`, then for each file `addImportFile` and as many `appendImportFile` as it takes, then `completeImport`.
//! After an interruption `getImportFiles` tells from where to go on.

use axum::extract::{Path, Request};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;

use super::{CreateImports, ImportBody, ReadImports, merges};
use crate::http::{Caller, Created, Json, Query, Result, Success};
use crate::imports::{self, Arrived, NotFound, Options, UploadError, upload};
use crate::routes;

pub(super) fn routes() -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(create_import_upload))
        .routes(routes!(get_import_files, add_import_file))
        .routes(routes!(append_import_file))
        .routes(routes!(complete_import))
        .routes(routes!(discard_import))
}

/// How files are to be imported once they are here.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
struct CreateImportUpload {
    /// What to do with a row whose address belongs to a person with another id: `refuse` it, or `merge` the two.
    on_conflict: Option<String>,
    /// Whether to import a file although it looks as if strangers would get in.
    force: bool,
}

/// A file that will be sent.
#[derive(Debug, Deserialize, ToSchema)]
struct AddImportFile {
    /// Its name.
    name: String,
    /// Its size, in bytes. If it is said, the import begins only when so many are here.
    bytes: Option<i64>,
}

/// Where the bytes of a body belong.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct AppendImportFileQuery {
    /// How many bytes of the file lie before those of the body.
    offset: i64,
}

/// What to do with files that are here.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct CompleteImportQuery {
    /// Whose export it is, such as `auth0`; `auto`, or nothing, to tell it from the files.
    source: Option<String>,
    /// Whether only to tell what would happen. `startImport` does it then.
    #[serde(default)]
    dry_run: bool,
}

/// A file of an import that is on its way.
#[derive(Debug, Serialize, ToSchema)]
struct ImportFileBody {
    #[serde(flatten)]
    success: Success,
    /// The file.
    file: Arrived,
}

impl ImportFileBody {
    fn new(file: Arrived) -> Self {
        Self {
            success: Success::default(),
            file,
        }
    }
}

/// The files of an import that is on its way.
#[derive(Debug, Serialize, ToSchema)]
struct ImportFilesBody {
    #[serde(flatten)]
    success: Success,
    /// The files, in the order in which they were announced.
    files: Vec<Arrived>,
}

/// Begin an upload
///
/// Makes an import that waits for its files (`uploading`). They may be of any size and come in as many requests as it takes,
/// to whichever node; what is here is kept for a day after the last request.
#[utoipa::path(post, path = "/api/v1/imports/uploads", operation_id = "createImportUpload", tag = "Imports",
    request_body(content = CreateImportUpload),
    responses((status = 201, description = "The import waits for its files.", body = ImportBody)),
    security(("kindeBearerAuth" = ["create:imports"])))]
async fn create_import_upload(
    Caller { cx, .. }: Caller<CreateImports>,
    Json(body): Json<CreateImportUpload>,
) -> Result<Created<ImportBody>> {
    let options = Options {
        merges_on_conflict: merges(body.on_conflict.as_deref())?,
        is_forced: body.force,
        ..Options::default()
    };
    let mut tx = cx.db().begin().await?;
    let run = upload::begin(&cx, &mut tx, &options).await?;
    tx.commit().await?;
    Ok(Created(ImportBody::new(run)))
}

/// Announce a file
///
/// Its bytes follow with `appendImportFile`, under the number that is answered.
#[utoipa::path(post, path = "/api/v1/imports/{import_id}/files", operation_id = "addImportFile", tag = "Imports",
    params(("import_id" = String, Path, description = "The import's id.")),
    request_body(content = AddImportFile),
    responses(
        (status = 201, description = "The file can be sent.", body = ImportFileBody),
        (status = 404, description = "There is no such import."),
        (status = 409, description = "The import has begun, or is over.")),
    security(("kindeBearerAuth" = ["create:imports"])))]
async fn add_import_file(
    Caller { cx, .. }: Caller<CreateImports>,
    Path(id): Path<String>,
    Json(body): Json<AddImportFile>,
) -> Result<Created<ImportFileBody>> {
    let id = id.parse().map_err(|_| NotFound)?;
    let mut tx = cx.db().begin().await?;
    let file = upload::add_file(&cx, &mut tx, &id, &body.name, body.bytes).await?;
    tx.commit().await?;
    Ok(Created(ImportFileBody::new(file)))
}

/// List the files of an upload
///
/// How much of each is here: `received` is the offset from which to go on.
#[utoipa::path(get, path = "/api/v1/imports/{import_id}/files", operation_id = "getImportFiles", tag = "Imports",
    params(("import_id" = String, Path, description = "The import's id.")),
    responses(
        (status = 200, description = "The files.", body = ImportFilesBody),
        (status = 404, description = "There is no such import.")),
    security(("kindeBearerAuth" = ["read:imports"])))]
async fn get_import_files(
    Caller { cx, .. }: Caller<ReadImports>,
    Path(id): Path<String>,
) -> Result<Json<ImportFilesBody>> {
    let id = id.parse().map_err(|_| NotFound)?;
    let mut tx = cx.db().read().await?;
    Ok(Json(ImportFilesBody {
        success: Success::default(),
        files: upload::arrived(&cx, &mut tx, &id).await?,
    }))
}

/// Send bytes of a file
///
/// The body is the bytes that follow the first `offset` ones. Bytes that are here already are passed over, so a request can be
/// repeated; what arrived before a connection broke is kept. The answer, and the error `IMPORT_OFFSET` when bytes before these
/// are missing, say how many are here.
#[utoipa::path(put, path = "/api/v1/imports/{import_id}/files/{number}", operation_id = "appendImportFile", tag = "Imports",
    params(
        ("import_id" = String, Path, description = "The import's id."),
        ("number" = i64, Path, description = "Which of its files, from 0."),
        AppendImportFileQuery),
    request_body(content((Vec<u8> = "application/octet-stream"))),
    responses(
        (status = 200, description = "The bytes are kept.", body = ImportFileBody),
        (status = 404, description = "There is no such file on its way."),
        (status = 409, description = "Bytes before these are missing.")),
    security(("kindeBearerAuth" = ["create:imports"])))]
async fn append_import_file(
    Caller { cx, .. }: Caller<CreateImports>,
    Path((id, number)): Path<(String, String)>,
    Query(query): Query<AppendImportFileQuery>,
    request: Request,
) -> Result<Json<ImportFileBody>> {
    let id = id.parse().map_err(|_| NotFound)?;
    let number = number.parse().map_err(|_| UploadError::NoFile)?;
    let body = request.into_body().into_data_stream();
    let file = upload::append(&cx, &id, number, query.offset, body).await?;
    Ok(Json(ImportFileBody::new(file)))
}

/// Import what was sent
///
/// Looks at the files and begins the import, or its dry run. If they can't be imported, they stay, and the import waits for the
/// rest or for another source.
#[utoipa::path(post, path = "/api/v1/imports/{import_id}/complete", operation_id = "completeImport", tag = "Imports",
    params(("import_id" = String, Path, description = "The import's id."), CompleteImportQuery),
    responses(
        (status = 200, description = "The import has begun.", body = ImportBody),
        (status = 404, description = "There is no such import."),
        (status = 409, description = "The import has begun before, or bytes of its files are missing.")),
    security(("kindeBearerAuth" = ["create:imports"])))]
async fn complete_import(
    Caller { cx, .. }: Caller<CreateImports>,
    Path(id): Path<String>,
    Query(query): Query<CompleteImportQuery>,
) -> Result<Json<ImportBody>> {
    let id = id.parse().map_err(|_| NotFound)?;
    let source = query.source.filter(|source| source != "auto");
    let run = upload::complete(&cx, &id, source, query.dry_run).await?;
    Ok(Json(ImportBody::new(run)))
}

/// Call an import off
///
/// Forgets the files of an import that waits: for files, for a decision, or because it was stopped. What it has written stays.
#[utoipa::path(delete, path = "/api/v1/imports/{import_id}", operation_id = "discardImport", tag = "Imports",
    params(("import_id" = String, Path, description = "The import's id.")),
    responses(
        (status = 200, description = "The import is called off.", body = ImportBody),
        (status = 404, description = "There is no such import."),
        (status = 409, description = "The import is running, or over.")),
    security(("kindeBearerAuth" = ["create:imports"])))]
async fn discard_import(
    Caller { cx, .. }: Caller<CreateImports>,
    Path(id): Path<String>,
) -> Result<Json<ImportBody>> {
    let id = id.parse().map_err(|_| NotFound)?;
    let mut tx = cx.db().begin().await?;
    let run = imports::discard(&cx, &mut tx, &id).await?;
    tx.commit().await?;
    cx.wake_worker();
    Ok(Json(ImportBody::new(run)))
}
