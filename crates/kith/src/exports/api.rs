//! The management API of exports. Kinde has none; this operation is our own.

use axum::body::Body;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use futures::{Stream, StreamExt as _, TryStreamExt as _};
use import::target::{TARGETS, Target};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;

use super::{ExportError, Losses, Order, Piece, What};
use crate::error::Code;
use crate::http::{Caller, Failure, Query, Result};
use crate::routes;

crate::scopes! {
    ReadExport = "read:export";
    ReadExportSecrets = "read:export_secrets";
}

/// The operations.
#[must_use]
pub fn routes() -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(get_export))
        .routes(routes!(get_export_losses))
}

/// What is exported, and how.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ExportQuery {
    /// What: `users`, `organizations`, or `all`, which is permissions, roles, organizations and users; `all` when nothing is said.
    what: Option<String>,
    /// For whom: `kith`, or the provider whose format it is, such as `auth0`; `kith` when nothing is said.
    format: Option<String>,
    /// Whether password hashes and the secrets of other factors come along. It takes the scope `read:export_secrets` as well.
    #[serde(default)]
    with_passwords: bool,
}

/// Export people and organizations
///
/// A file of everything, from one moment of the database, as it is written: it may be of any size. Our own format (`kith`, lines of JSON)
/// loses nothing, and another installation imports it as it is. If the file breaks off, so does the connection: a file that
/// ends has arrived whole.
#[utoipa::path(get, path = "/api/v1/export", operation_id = "getExport", tag = "Exports",
    params(ExportQuery),
    responses((status = 200, description = "The file.", content(
        (String = "application/x-ndjson"),
        (String = "application/json"),
        (String = "text/csv")))),
    security(("kindeBearerAuth" = ["read:export"])))]
async fn get_export(
    Caller { cx, .. }: Caller<ReadExport>,
    secrets: Result<Caller<ReadExportSecrets>>,
    Query(query): Query<ExportQuery>,
) -> Result<Response> {
    let order = query.order(secrets)?;
    let pieces = super::export(&cx, &order).await?;
    Ok(download(&order, pieces))
}

/// List what an export leaves out
///
/// What the format of a provider can't say of somebody, which `getExport` with the same parameters leaves out: a table with a line for
/// each such fact, `user,field,detail`. It has no more than its first line where nothing is left out.
#[utoipa::path(get, path = "/api/v1/export/losses", operation_id = "getExportLosses", tag = "Exports",
    params(ExportQuery),
    responses((status = 200, description = "The table.", content((String = "text/csv")))),
    security(("kindeBearerAuth" = ["read:export"])))]
async fn get_export_losses(
    Caller { cx, .. }: Caller<ReadExport>,
    secrets: Result<Caller<ReadExportSecrets>>,
    Query(query): Query<ExportQuery>,
) -> Result<Response> {
    let order = query.order(secrets)?;
    let pieces = super::export(&cx, &order).await?;
    let lines = pieces.map_ok(|piece| {
        let people = piece.losses.iter();
        people.fold(String::new(), |lines, (user, losses)| {
            lines + &Losses::lines(user, losses)
        })
    });
    let head = futures::stream::once(async { Ok(Losses::HEADER.to_owned()) });
    Ok(file("losses.csv", "csv", head.chain(lines)))
}

impl ExportQuery {
    /// What is asked for, by somebody who may.
    fn order(self, secrets: Result<Caller<ReadExportSecrets>>) -> Result<Order> {
        if self.with_passwords {
            secrets?;
        }
        Ok(Order {
            what: self
                .what
                .map_or(Ok(What::All), |what| what.parse())
                .map_err(|error| Failure::new(Code::INVALID_REQUEST, error.to_string()))?,
            target: self.format.map_or(Ok(&TARGETS[0]), |name| named(&name))?,
            with_secrets: self.with_passwords,
        })
    }
}

fn named(name: &str) -> Result<&'static Target> {
    import::target::find(name).ok_or_else(|| {
        let names = TARGETS.iter().map(|target| target.name);
        let names = names.collect::<Vec<_>>().join(", ");
        Failure::new(
            Code::INVALID_REQUEST,
            format!("there is no format of that name; use one of {names}"),
        )
    })
}

/// An export as a file that is written while it is read.
pub(super) fn download(
    order: &Order,
    pieces: impl Stream<Item = std::result::Result<Piece, ExportError>> + Send + 'static,
) -> Response {
    let extension = order.target.extension;
    let name = format!("{}.{extension}", order.what.as_str());
    file(&name, extension, pieces.map_ok(|piece| piece.text))
}

/// A file that is written while it is read.
fn file(
    name: &str,
    extension: &str,
    text: impl Stream<Item = std::result::Result<String, ExportError>> + Send + 'static,
) -> Response {
    let name = format!("attachment; filename=\"{name}\"");
    let content_type = match extension {
        "ndjson" => "application/x-ndjson",
        "csv" => "text/csv; charset=utf-8",
        _ => "application/json",
    };
    let headers = [
        (header::CONTENT_TYPE, content_type),
        (header::CONTENT_DISPOSITION, name.as_str()),
        (header::CACHE_CONTROL, "no-store"),
    ];
    let text = text.inspect_err(|error| {
        tracing::error!("an export broke off: {error}");
    });
    (headers, Body::from_stream(text)).into_response()
}
