//! Changing how a connected repository is followed, without connecting it anew: its id, its syncs and its webhook's address stay.

use db::Tx;

use super::address::{self, Branch};
use super::{HOOK_SECRET, InvalidRepository, Repository, TOKEN, find, sync};
use crate::context::Context;
use crate::secret::Secret;
use crate::workflows::{WorkflowsError, store};

/// What is to be changed; the rest stays.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// The branch that is followed.
    pub branch: Option<Branch>,
    /// Whether the branch is looked at now and then.
    pub is_polled: Option<bool>,
    /// What a private repository asks for; none inside where it asks for nothing any more.
    pub token: Option<Token>,
}

/// What a repository asks for from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    /// This.
    New(Secret),
    /// Nothing.
    None,
}

impl Changes {
    /// Reads what a person typed; an empty branch is `main`, an empty token none.
    ///
    /// # Errors
    /// [`InvalidRepository`] says what can't be.
    pub fn parse(
        branch: Option<&str>,
        is_polled: Option<bool>,
        token: Option<&str>,
    ) -> Result<Self, InvalidRepository> {
        let read = |text: &str| Ok(address::token(text)?.map_or(Token::None, Token::New));
        Ok(Self {
            branch: branch.map(Branch::parse).transpose()?,
            is_polled,
            token: token.map(read).transpose()?,
        })
    }
}

/// Changes the repository. Another branch, or another token, asks for a sync: wake the worker after the commit. What a sync that is
/// under way has fetched is not deployed any more then.
///
/// # Errors
/// [`WorkflowsError::NoRepository`]; when the database fails.
pub async fn change(
    cx: &Context,
    tx: &mut Tx,
    changes: Changes,
) -> Result<Repository, WorkflowsError> {
    let before = find(cx, tx).await?;
    let branch = changes
        .branch
        .filter(|branch| branch.as_str() != before.branch);
    let is_read_otherwise = branch.is_some() || changes.token.is_some();
    if let Some(branch) = branch {
        store::set_branch(tx, &before.id, branch.as_str()).await?;
    }
    if let Some(token) = changes.token {
        let sealed = match token {
            Token::New(token) => Some(cx.seal(TOKEN, token.reveal())),
            Token::None => None,
        };
        store::set_token(tx, &before.id, sealed).await?;
    }
    if let Some(is_polled) = changes
        .is_polled
        .filter(|polled| *polled != before.is_polled)
    {
        let next_poll_at = sync::next_poll(cx);
        store::set_polling(tx, &before.id, is_polled, next_poll_at).await?;
    }
    if is_read_otherwise {
        store::break_lease(tx, &before.id).await?;
        store::request_sync(tx, &before.id, true).await?;
    }
    find(cx, tx).await
}

/// Gives the webhook another secret, which is told here and never again; messages that are signed with the old one are refused from now
/// on. Until the repository's server has it too, pushes are noticed by the clock alone.
///
/// # Errors
/// [`WorkflowsError::NoRepository`]; when the database fails.
pub async fn rotate_secret(
    cx: &Context,
    tx: &mut Tx,
) -> Result<(Repository, Secret), WorkflowsError> {
    let repository = find(cx, tx).await?;
    let secret = cx.random_token();
    let sealed = cx.seal(HOOK_SECRET, secret.reveal());
    store::set_hook_secret(tx, &repository.id, &sealed).await?;
    Ok((repository, secret))
}
