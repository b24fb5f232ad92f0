//! The address at which a repository's server tells of pushes. It is no operation of the management API: its caller has no access
//! token, but knows the repository's secret.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path};
use axum::http::{HeaderMap, StatusCode};

use crate::context::Context;
use crate::http::Result;
use crate::http::routing::post;
use crate::secret::Secret;
use crate::workflows::WorkflowsError;
use crate::workflows::repository::push::{self, Heard, PATH, Proof};

/// The largest message, in bytes: a push of very many commits.
const MAX_MESSAGE: usize = 5 * 1024 * 1024;

/// The address.
pub fn routes() -> Router {
    Router::new().route(
        &format!("{PATH}/{{repository}}"),
        post(hear).layer(DefaultBodyLimit::max(MAX_MESSAGE)),
    )
}

async fn hear(
    cx: Context,
    Path(repository): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<(StatusCode, &'static str)> {
    let proof = proof(&headers).ok_or(WorkflowsError::NotSigned)?;
    let heard = push::hear(&cx, &repository, &proof, &body).await?;
    Ok(match heard {
        Heard::SyncRequested => (StatusCode::ACCEPTED, "the branch will be looked at\n"),
        Heard::OtherBranch => (StatusCode::OK, "another branch is followed\n"),
    })
}

/// What GitHub, Gitea and Forgejo send, or GitLab.
fn proof(headers: &HeaderMap) -> Option<Proof> {
    let text = |name: &str| headers.get(name)?.to_str().ok();
    let signature = text("x-hub-signature-256").map(|text| Proof::Signature(text.to_owned()));
    signature.or_else(|| text("x-gitlab-token").map(|text| Proof::Token(Secret::new(text))))
}
