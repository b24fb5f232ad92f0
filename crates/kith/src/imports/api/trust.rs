//! Proving an import by known passwords, and undoing it.

use axum::extract::Path;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{CreateImports, ImportBody, ReadImports, find};
use crate::error::Code;
use crate::http::{Caller, Failure, Json, Paging, Query, Result, Success, cursor};
use crate::id::UserId;
use crate::imports::{self, Cohort, Foreseen, Kept, MAX_PAIRS, NotFound, Pair, Proof};
use crate::secret::Secret;

/// Known passwords.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct ProveImportRequest {
    /// At most 20.
    pairs: Vec<KnownPassword>,
}

/// Somebody's identifier, and the password that they are known to have.
#[derive(Debug, Deserialize, ToSchema)]
struct KnownPassword {
    /// What they type to sign in, or their id at the former provider.
    identifier: String,
    /// The password.
    #[schema(value_type = String)]
    password: Secret,
}

/// What known passwords have shown.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ProofsBody {
    #[serde(flatten)]
    success: Success,
    /// One for each pair, in their order.
    proofs: Vec<Proof>,
    /// Passwords by scheme and parameters, with how many people have shown that theirs works.
    cohorts: Vec<Cohort>,
}

/// What undoing an import would do.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct UndoPreviewBody {
    #[serde(flatten)]
    success: Success,
    /// What would become of people.
    preview: Foreseen,
}

/// Those whom undoing an import left as they are.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct KeptBody {
    #[serde(flatten)]
    success: Success,
    /// The people, by id.
    kept: Vec<Kept>,
    /// Where the next page begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// Try known passwords
///
/// Tries passwords that are known to be somebody's against what the import has brought, which shows that the hashes of their
/// cohort work. It is no sign-in: nobody is locked out. A person can be tried wrongly five times an hour.
#[utoipa::path(post, path = "/api/v1/imports/{import_id}/proofs", operation_id = "proveImport", tag = "Imports",
    params(("import_id" = String, Path, description = "The import's id.")),
    request_body = ProveImportRequest,
    responses(
        (status = 200, description = "What they have shown.", body = ProofsBody),
        (status = 404, description = "There is no such import."),
        (status = 429, description = "Too many wrong passwords of one person.")),
    security(("kindeBearerAuth" = ["create:imports"])))]
pub(super) async fn prove_import(
    Caller { cx, .. }: Caller<CreateImports>,
    Path(id): Path<String>,
    Json(body): Json<ProveImportRequest>,
) -> Result<Json<ProofsBody>> {
    let run = find(&cx, &id).await?;
    if body.pairs.len() > MAX_PAIRS {
        return Err(Failure::new(
            Code::INVALID_REQUEST,
            "send at most 20 pairs with one call",
        ));
    }
    let mut proofs = Vec::with_capacity(body.pairs.len());
    for KnownPassword {
        identifier,
        password,
    } in body.pairs
    {
        let pair = Pair {
            identifier,
            password,
        };
        proofs.push(imports::prove(&cx, &run, &pair).await?);
    }
    let cohorts = imports::cohorts(&mut cx.db().read().await?, &run).await?;
    Ok(Json(ProofsBody {
        success: Success::default(),
        proofs,
        cohorts,
    }))
}

/// Undo an import
///
/// Begins to make everything what it was before: people who were new are deleted, people who were changed are as before,
/// except those who have changed since. Read the import to see how far it is. Undoing an import again changes nothing.
#[utoipa::path(post, path = "/api/v1/imports/{import_id}/undo", operation_id = "undoImport", tag = "Imports",
    params(("import_id" = String, Path, description = "The import's id.")),
    responses(
        (status = 200, description = "The import is being undone.", body = ImportBody),
        (status = 404, description = "There is no such import."),
        (status = 409, description = "The import is at work, or has changed nothing.")),
    security(("kindeBearerAuth" = ["create:imports"])))]
pub(super) async fn undo_import(
    Caller { cx, .. }: Caller<CreateImports>,
    Path(id): Path<String>,
) -> Result<Json<ImportBody>> {
    let id = id.parse().map_err(|_| NotFound)?;
    let mut tx = cx.db().begin().await?;
    let run = imports::begin_undo(&cx, &mut tx, &id).await?;
    tx.commit().await?;
    cx.wake_worker();
    Ok(Json(ImportBody::new(run)))
}

/// Tell what undoing an import would do
///
/// How many people would be deleted, would be as before, and would be left as they are because they have changed since. Nothing is
/// done. Of a large import only the first people are looked at; `unseen` counts the others.
#[utoipa::path(get, path = "/api/v1/imports/{import_id}/undo", operation_id = "previewImportUndo", tag = "Imports",
    params(("import_id" = String, Path, description = "The import's id.")),
    responses(
        (status = 200, description = "What it would do.", body = UndoPreviewBody),
        (status = 404, description = "There is no such import."),
        (status = 409, description = "The import is at work, or has changed nothing.")),
    security(("kindeBearerAuth" = ["read:imports"])))]
pub(super) async fn preview_import_undo(
    Caller { cx, .. }: Caller<ReadImports>,
    Path(id): Path<String>,
) -> Result<Json<UndoPreviewBody>> {
    let run = find(&cx, &id).await?;
    Ok(Json(UndoPreviewBody {
        success: Success::default(),
        preview: imports::foresee_undo(&cx, &run).await?,
    }))
}

/// List people who were left as they are
///
/// Those whom undoing the import left as they are, because they have changed since.
#[utoipa::path(get, path = "/api/v1/imports/{import_id}/kept", operation_id = "getImportKept", tag = "Imports",
    params(
        ("import_id" = String, Path, description = "The import's id."),
        ("page_size" = Option<u32>, Query, description = "How many results a page has: 10 when nothing is said, 500 at most."),
        ("next_token" = Option<String>, Query, description = "Where the next page begins: the `next_token` of the page before.")),
    responses(
        (status = 200, description = "The people.", body = KeptBody),
        (status = 404, description = "There is no such import.")),
    security(("kindeBearerAuth" = ["read:imports"])))]
pub(super) async fn get_import_kept(
    Caller { cx, .. }: Caller<ReadImports>,
    Path(id): Path<String>,
    Query(paging): Query<Paging>,
) -> Result<Json<KeptBody>> {
    let run = find(&cx, &id).await?;
    let after: Option<UserId> = cursor::decode(paging.next_token.as_deref())?;
    let size = cursor::page_size(paging.page_size) as usize;
    let limit = i64::try_from(size + 1).unwrap_or(i64::MAX);
    let mut tx = cx.db().read().await?;
    let mut kept = imports::kept(&mut tx, &run.id, after.as_ref(), limit).await?;
    let has_more = kept.len() > size;
    kept.truncate(size);
    let last = kept.last().filter(|_| has_more);
    Ok(Json(KeptBody {
        success: Success::default(),
        next_token: last.map(|kept| cursor::encode(&kept.user_id)),
        kept,
    }))
}
