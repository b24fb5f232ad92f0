//! Importing organizations: what people are members of goes first.

use axum::extract::Request;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::CreateImports;
use crate::http::spool::spool;
use crate::http::{Caller, Json, Query, Result, Success};
use crate::organizations::{self, Imported, Mode, OrganizationTally};

/// How organizations are to be imported.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ImportOrganizationsQuery {
    /// Whether only to tell what would happen.
    #[serde(default)]
    dry_run: bool,
}

/// What became of a file of organizations.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OrganizationImportBody {
    #[serde(flatten)]
    success: Success,
    /// Whether it was only told what would happen.
    is_dry_run: bool,
    /// How many rows came to what.
    counts: OrganizationTally,
    /// The first thousand rows that did not go in.
    refusals: Vec<RefusedOrganization>,
}

/// A row that did not go in.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RefusedOrganization {
    /// Which record of the file, from 1.
    number: u64,
    /// The line where it begins, from 1.
    line: u64,
    /// The column or field that is to blame.
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<String>,
    /// The stable code.
    code: String,
    /// What is wrong, and what to do.
    reason: String,
    /// The row.
    row: String,
}

impl OrganizationImportBody {
    fn new(imported: Imported, mode: Mode) -> Self {
        let refused = imported.refused.into_iter();
        Self {
            success: Success::default(),
            is_dry_run: mode == Mode::DryRun,
            counts: imported.tally,
            refusals: refused
                .map(|problem| RefusedOrganization {
                    number: problem.number,
                    line: problem.line,
                    column: problem.column,
                    code: problem.code.to_string(),
                    reason: problem.reason,
                    row: problem.row,
                })
                .collect(),
        }
    }
}

/// Import organizations
///
/// Adds organizations, or gives those with a known external id the name that the file says: a table with the columns `name` and
/// `id`, or JSON objects with these keys, plain or gzip. `id` is the organization's id in the former system, by which files of
/// users name it. Nothing is taken away, and importing a file again changes nothing.
#[utoipa::path(post, path = "/api/v1/imports/organizations", operation_id = "importOrganizations", tag = "Imports",
    params(ImportOrganizationsQuery),
    request_body(content(
        (String = "text/csv"),
        (String = "application/x-ndjson"),
        (Vec<u8> = "application/gzip")
    )),
    responses((status = 200, description = "What became of the rows.", body = OrganizationImportBody)),
    security(("kindeBearerAuth" = ["create:imports"])))]
pub(super) async fn import_organizations(
    Caller { cx, .. }: Caller<CreateImports>,
    Query(query): Query<ImportOrganizationsQuery>,
    request: Request,
) -> Result<Json<OrganizationImportBody>> {
    let mode = if query.dry_run {
        Mode::DryRun
    } else {
        Mode::Import
    };
    let file = spool(request.into_body().into_data_stream()).await?;
    let imported = organizations::import_file(&cx, file, mode).await?;
    Ok(Json(OrganizationImportBody::new(imported, mode)))
}
