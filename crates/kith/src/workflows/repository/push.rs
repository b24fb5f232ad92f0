//! What a repository's server tells of pushes.
//!
//! Anybody can send such a message, so it says nothing that is believed: it only makes us look at the branch, and only when it comes
//! with a proof that the secret is known. GitHub signs the body (HMAC-SHA-256, `X-Hub-Signature-256`), as Gitea and Forgejo do;
//! GitLab sends the secret itself (`X-Gitlab-Token`).

use aws_lc_rs::hmac;
use serde::Deserialize;

use super::super::WorkflowsError;
use super::super::store;
use super::HOOK_SECRET;
use crate::context::Context;
use crate::id::WorkflowRepositoryId;
use crate::secret::Secret;

/// Where messages come in, below the environment's address; the repository's id follows.
pub const PATH: &str = "/hooks/workflows";

/// By what a message shows that its sender knows the secret.
#[derive(Debug, Clone)]
pub enum Proof {
    /// The body signed with it: `sha256=` and the hex digits of the HMAC.
    Signature(String),
    /// The secret itself.
    Token(Secret),
}

impl Proof {
    /// Whether the proof is right for this body; compared in constant time.
    #[must_use]
    pub fn is_right(&self, secret: &Secret, body: &[u8]) -> bool {
        match self {
            Self::Signature(text) => {
                let hex = text.strip_prefix("sha256=").unwrap_or_default();
                let Ok(tag) = hex::decode(hex) else {
                    return false;
                };
                let key = hmac::Key::new(hmac::HMAC_SHA256, secret.reveal().as_bytes());
                hmac::verify(&key, body, &tag).is_ok()
            }
            Self::Token(token) => token == secret,
        }
    }
}

/// What came of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// The branch will be looked at.
    SyncRequested,
    /// It tells of another branch.
    OtherBranch,
}

/// The part of a message that is read. What is no JSON, or tells of no branch, makes us look all the same.
#[derive(Default, Deserialize)]
struct Message {
    #[serde(rename = "ref", default)]
    pushed: Option<String>,
}

/// Hears a message. Quick: the sync is the worker's.
///
/// # Errors
/// [`WorkflowsError::NotSigned`] where there is no such repository or the proof is wrong; when the database fails.
pub async fn hear(
    cx: &Context,
    repository: &str,
    proof: &Proof,
    body: &[u8],
) -> Result<Heard, WorkflowsError> {
    let id: WorkflowRepositoryId = repository.parse().map_err(|_| WorkflowsError::NotSigned)?;
    let mut tx = cx.db().read().await?;
    let known = store::hook(&mut tx, &cx.environment().id, &id).await?;
    drop(tx);
    let (sealed, branch) = known.ok_or(WorkflowsError::NotSigned)?;
    let secret = cx.sealer().open_text(HOOK_SECRET, &sealed)?;
    if !proof.is_right(&secret, body) {
        return Err(WorkflowsError::NotSigned);
    }
    let message: Message = serde_json::from_slice(body).unwrap_or_default();
    if message
        .pushed
        .is_some_and(|pushed| pushed != format!("refs/heads/{branch}"))
    {
        return Ok(Heard::OtherBranch);
    }
    let mut tx = cx.db().begin().await?;
    store::request_sync(&mut tx, &id, false).await?;
    tx.commit().await?;
    cx.wake_worker();
    Ok(Heard::SyncRequested)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_that_of_github() {
        // The example of GitHub's guide, "Validating webhook deliveries".
        let secret = Secret::new("It's a Secret to Everybody");
        let signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
        let proof = Proof::Signature(signature.to_owned());
        assert!(proof.is_right(&secret, b"Hello, World!"));
        assert!(!proof.is_right(&secret, b"Hello, World?"));
        assert!(!proof.is_right(&Secret::new("another"), b"Hello, World!"));
        for wrong in ["", "sha256=", "sha256=zz", "sha256=757107", &signature[7..]] {
            let proof = Proof::Signature(wrong.to_owned());
            assert!(!proof.is_right(&secret, b"Hello, World!"), "{wrong}");
        }
    }

    #[test]
    fn a_token_is_the_secret_itself() {
        let secret = Secret::new("hush");
        assert!(Proof::Token(Secret::new("hush")).is_right(&secret, b""));
        assert!(!Proof::Token(Secret::new("hus")).is_right(&secret, b""));
        assert!(!Proof::Token(Secret::new("")).is_right(&secret, b""));
    }
}
