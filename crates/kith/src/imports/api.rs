//! The management API of imports. Kinde has none; these operations are our own.

mod columns;
mod organizations;
mod trust;
mod uploads;

use axum::body::Body;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{DefaultBodyLimit, FromRequest as _, Multipart, Path, Request};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;

use super::report::{self, Format};
use super::upload::{Upload, UploadError};
use super::{NotFound, NoteFilter, Options, Place, Refusal, Run, Shown};
use crate::context::Context;
use crate::error::Code;
use crate::http::paging::next_token;
use crate::http::{Caller, Created, Failure, Json, Paging, Query, Result, Success, cursor};
use crate::paging::Key;
use crate::routes;

crate::scopes! {
    CreateImports = "create:imports";
    ReadImports = "read:imports";
}

/// The operations.
#[must_use]
pub fn routes() -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(get_imports, create_import))
        .routes(routes!(get_import))
        .merge(uploads::routes())
        .routes(routes!(start_import))
        .routes(routes!(get_import_refusals))
        .routes(routes!(organizations::import_organizations))
        .routes(routes!(trust::prove_import))
        .routes(routes!(trust::undo_import, trust::preview_import_undo))
        .routes(routes!(
            columns::get_import_columns,
            columns::set_import_columns
        ))
        .routes(routes!(trust::get_import_kept))
        // Files go into the database in pieces as they arrive, whatever their size.
        .layer(DefaultBodyLimit::disable())
}

/// How files are to be imported.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct CreateImportQuery {
    /// Whose export it is, such as `auth0`; `auto`, or nothing, to tell it from the files.
    source: Option<String>,
    /// Whether only to tell what would happen. `startImport` does it then.
    #[serde(default)]
    dry_run: bool,
    /// What to do with a row whose address belongs to a person with another id: `refuse` it, or `merge` the two.
    on_conflict: Option<String>,
    /// Whether to import a file although it looks as if strangers would get in.
    #[serde(default)]
    force: bool,
}

/// Whether to insist.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct StartImportQuery {
    /// Whether to import the files although they look as if strangers would get in: a finding of the level `refuse`.
    #[serde(default)]
    force: bool,
}

/// Several files of one export.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read as it arrives")]
struct ImportFiles {
    /// The files, in any order: each a part of its own, with any name.
    #[schema(format = Binary, value_type = Vec<String>)]
    file: Vec<Vec<u8>>,
}

/// An import.
#[derive(Debug, Serialize, ToSchema)]
struct ImportBody {
    #[serde(flatten)]
    success: Success,
    /// The import.
    import: Shown,
}

impl ImportBody {
    fn new(run: Run) -> Self {
        Self {
            success: Success::default(),
            import: run.into(),
        }
    }
}

/// A page of imports.
#[derive(Debug, Serialize, ToSchema)]
struct ImportsBody {
    #[serde(flatten)]
    success: Success,
    /// The imports.
    imports: Vec<Shown>,
    /// Where the next page begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// A page of rows that did not go in.
#[derive(Debug, Serialize, ToSchema)]
struct RefusalsBody {
    #[serde(flatten)]
    success: Success,
    /// The rows, in the order of the files.
    refusals: Vec<Refusal>,
    /// Where the next page begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// Import users
///
/// Brings people in from another provider's export: the file as the body, or several files as parts of
/// `multipart/form-data`; plain or gzip, of any size. The import goes on when the answer is here; read it to see how far it is.
/// Importing a file again changes nothing.
#[utoipa::path(post, path = "/api/v1/imports", operation_id = "createImport", tag = "Imports",
    params(CreateImportQuery),
    request_body(content(
        (String = "text/csv"),
        (String = "application/x-ndjson"),
        (Vec<u8> = "application/gzip"),
        (ImportFiles = "multipart/form-data")
    )),
    responses((status = 201, description = "The import has begun.", body = ImportBody)),
    security(("kindeBearerAuth" = ["create:imports"])))]
async fn create_import(
    Caller { cx, .. }: Caller<CreateImports>,
    Query(query): Query<CreateImportQuery>,
    request: Request,
) -> Result<Created<ImportBody>> {
    let options = Options {
        merges_on_conflict: merges(query.on_conflict.as_deref())?,
        is_forced: query.force,
        ..Options::default()
    };
    let mut upload = Upload::begin(&cx, options).await?;
    if let Err(failure) = receive(&mut upload, request).await {
        upload.discard().await?;
        return Err(failure);
    }
    let source = query.source.filter(|source| source != "auto");
    let run = upload.finish(source, query.dry_run).await?;
    Ok(Created(ImportBody::new(run)))
}

fn merges(on_conflict: Option<&str>) -> Result<bool> {
    match on_conflict {
        None | Some("refuse") => Ok(false),
        Some("merge") => Ok(true),
        Some(_) => Err(Failure::new(
            Code::INVALID_REQUEST,
            "on_conflict is refuse or merge",
        )),
    }
}

/// Keeps the files of a body as they arrive.
async fn receive(upload: &mut Upload, request: Request<Body>) -> Result<()> {
    let content_type = request.headers().get(header::CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.to_str().ok());
    if !content_type.is_some_and(|value| value.starts_with("multipart/form-data")) {
        let body = request.into_body().into_data_stream();
        upload.add("upload", body).await?;
        return Ok(());
    }
    let malformed = |error: MultipartRejection| UploadError::Broken(Box::new(error));
    let mut parts = Multipart::from_request(request, &())
        .await
        .map_err(malformed)?;
    let broken = |error| UploadError::Broken(Box::new(error));
    while let Some(part) = parts.next_field().await.map_err(broken)? {
        let name = part
            .file_name()
            .or(part.name())
            .unwrap_or("upload")
            .to_owned();
        upload.add(&name, part).await?;
    }
    Ok(())
}

/// List imports
///
/// Every import, by age: sorted by `id_asc` or `id_desc`.
#[utoipa::path(get, path = "/api/v1/imports", operation_id = "getImports", tag = "Imports",
    params(Paging),
    responses((status = 200, description = "The imports.", body = ImportsBody)),
    security(("kindeBearerAuth" = ["read:imports"])))]
async fn get_imports(
    Caller { cx, .. }: Caller<ReadImports>,
    Query(paging): Query<Paging>,
) -> Result<Json<ImportsBody>> {
    let wanted = paging.wanted(&[Key::Id])?;
    let page = super::list(&cx, &mut cx.db().read().await?, &wanted).await?;
    Ok(Json(ImportsBody {
        success: Success::default(),
        next_token: next_token(&page),
        imports: page.items.into_iter().map(Shown::from).collect(),
    }))
}

/// Read an import
///
/// How far it is, what became of its rows, and how the people who came will be able to sign in.
#[utoipa::path(get, path = "/api/v1/imports/{import_id}", operation_id = "getImport", tag = "Imports",
    params(("import_id" = String, Path, description = "The import's id.")),
    responses(
        (status = 200, description = "The import.", body = ImportBody),
        (status = 404, description = "There is no such import.")),
    security(("kindeBearerAuth" = ["read:imports"])))]
async fn get_import(
    Caller { cx, .. }: Caller<ReadImports>,
    Path(id): Path<String>,
) -> Result<Json<ImportBody>> {
    let run = find(&cx, &id).await?;
    let cohorts = super::cohorts(&mut cx.db().read().await?, &run).await?;
    Ok(Json(ImportBody {
        success: Success::default(),
        import: Shown::from(run).with_cohorts(cohorts),
    }))
}

/// Do what a dry run has told
///
/// Imports the files of a dry run that is over (`checked`). They are kept for a day.
#[utoipa::path(post, path = "/api/v1/imports/{import_id}/start", operation_id = "startImport", tag = "Imports",
    params(("import_id" = String, Path, description = "The import's id."), StartImportQuery),
    responses(
        (status = 200, description = "The import has begun.", body = ImportBody),
        (status = 404, description = "There is no such import."),
        (status = 409, description = "The dry run is not over, the files are gone, or a finding asks to insist.")),
    security(("kindeBearerAuth" = ["create:imports"])))]
async fn start_import(
    Caller { cx, .. }: Caller<CreateImports>,
    Path(id): Path<String>,
    Query(query): Query<StartImportQuery>,
) -> Result<Json<ImportBody>> {
    let id = id.parse().map_err(|_| NotFound)?;
    let mut tx = cx.db().begin().await?;
    let run = super::confirm(&cx, &mut tx, &id, query.force).await?;
    tx.commit().await?;
    cx.wake_worker();
    Ok(Json(ImportBody::new(run)))
}

/// List rows that did not go in
///
/// The refused rows of an import, and those of which something was left out, in the order of the files; never with a hash or
/// a salt. All of them at once as a file with `Accept: text/csv` or `Accept: application/x-ndjson`.
#[utoipa::path(get, path = "/api/v1/imports/{import_id}/refusals", operation_id = "getImportRefusals", tag = "Imports",
    params(
        ("import_id" = String, Path, description = "The import's id."),
        ("page_size" = Option<u32>, Query, description = "How many results a page has: 10 when nothing is said, 500 at most."),
        ("next_token" = Option<String>, Query, description = "Where the next page begins: the `next_token` of the page before.")),
    responses(
        (status = 200, description = "The rows.", content(
            (RefusalsBody = "application/json"),
            (String = "text/csv"),
            (String = "application/x-ndjson"))),
        (status = 404, description = "There is no such import.")),
    security(("kindeBearerAuth" = ["read:imports"])))]
async fn get_import_refusals(
    Caller { cx, .. }: Caller<ReadImports>,
    Path(id): Path<String>,
    Query(paging): Query<Paging>,
    headers: HeaderMap,
) -> Result<Response> {
    let run = find(&cx, &id).await?;
    let accept = headers.get(header::ACCEPT);
    match accept.and_then(|value| value.to_str().ok()) {
        Some("text/csv") => return Ok(download(&cx, &run, NoteFilter::default(), Format::Csv)),
        Some("application/x-ndjson") => {
            return Ok(download(&cx, &run, NoteFilter::default(), Format::Ndjson));
        }
        _ => {}
    }
    let after = cursor::decode(paging.next_token.as_deref())?.unwrap_or_default();
    let size = cursor::page_size(paging.page_size);
    let mut tx = cx.db().read().await?;
    let mut rows = super::refusals(&mut tx, &run.id, &after, i64::from(size) + 1).await?;
    let has_more = rows.len() > size as usize;
    rows.truncate(size as usize);
    let last = rows.last().filter(|_| has_more);
    let next_token = last.map(|row| cursor::encode(&Place::of(row)));
    Ok(Json(RefusalsBody {
        success: Success::default(),
        refusals: rows,
        next_token,
    })
    .into_response())
}

/// Notes about a run's rows as a file.
pub(super) fn download(cx: &Context, run: &Run, filter: NoteFilter, format: Format) -> Response {
    let (content_type, ending) = match format {
        Format::Csv => ("text/csv; charset=utf-8", "csv"),
        Format::Ndjson => ("application/x-ndjson", "ndjson"),
    };
    let disposition = format!("attachment; filename=\"{}-refused.{ending}\"", run.id);
    let headers = [
        (header::CONTENT_TYPE, content_type),
        (header::CONTENT_DISPOSITION, &disposition),
    ];
    let body = Body::from_stream(report::stream_some(cx, &run.id, filter, format));
    (headers, body).into_response()
}

async fn find(cx: &Context, id: &str) -> Result<Run> {
    let id = id.parse().map_err(|_| NotFound)?;
    let run = super::find(cx, &mut cx.db().read().await?, &id).await?;
    Ok(run.ok_or(NotFound)?)
}
