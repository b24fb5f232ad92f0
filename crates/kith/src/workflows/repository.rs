//! The repository that an environment's workflows come from.
//!
//! One branch is followed. A *sync* fetches it, builds it and makes it live; where that can't be done, what was live stays live, and
//! the sync says why. A sync is asked for by a person, by the repository's server when somebody pushes ([`push`]), or by the clock.
//! Whoever asks only counts a number up; the worker of any node does the work, one at a time for each repository ([`sync::work`]).
//! So a message that comes twice asks twice for the same, and the second time nothing is to be done.

pub mod address;
pub mod change;
pub mod push;
pub mod sync;

use db::Tx;

use super::{WorkflowsError, store};
use crate::context::{App, Context};
use crate::error::{Code, Coded};
use crate::id::{DeploymentId, WorkflowRepositoryId, WorkflowSyncId};
use crate::secret::Secret;
use crate::time::Timestamp;
use address::{Address, Branch};

/// For what the token of a private repository is sealed.
const TOKEN: &str = "workflow_repository_token";

/// For what the secret that signs pushes is sealed.
const HOOK_SECRET: &str = "workflow_repository_hook";

/// What a person says of a repository can't be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRepository {
    /// The address.
    #[error(
        "the repository's address must begin with https:// and have no user name, query or fragment in it"
    )]
    Address,
    /// The address is of this machine or a private network.
    #[error("{0} is not a public address; `allow_private_networks` lets Kith reach it")]
    Private(String),
    /// The branch.
    #[error("there can't be a branch of this name")]
    Branch,
    /// The token.
    #[error("the access token has characters that no token has")]
    Token,
}

impl Coded for InvalidRepository {
    fn code(&self) -> Code {
        match self {
            Self::Private(_) => Code::ADDRESS_NOT_PUBLIC,
            Self::Address | Self::Branch | Self::Token => Code::WORKFLOW_REPOSITORY_INVALID,
        }
    }
}

/// A repository that is to be connected.
#[derive(Debug, Clone)]
pub struct NewRepository {
    /// Its address.
    pub address: Address,
    /// The branch that is followed.
    pub branch: Branch,
    /// What a private repository asks for.
    pub token: Option<Secret>,
    /// Whether the branch is looked at now and then, without being told of pushes.
    pub is_polled: bool,
}

impl NewRepository {
    /// Reads what a person typed; an empty branch is `main`, an empty token none.
    ///
    /// # Errors
    /// [`InvalidRepository`] says what can't be.
    pub fn parse(
        app: &App,
        (address, branch, token): (&str, &str, &str),
        is_polled: bool,
    ) -> Result<Self, InvalidRepository> {
        Ok(Self {
            address: Address::parse(app, address)?,
            branch: Branch::parse(branch)?,
            token: address::token(token)?,
            is_polled,
        })
    }
}

/// The repository that is connected, as people see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repository {
    /// Its id.
    pub id: WorkflowRepositoryId,
    /// Its address.
    pub url: String,
    /// The branch that is followed.
    pub branch: String,
    /// Whether it is fetched with a token.
    pub has_token: bool,
    /// Whether the branch is looked at now and then.
    pub is_polled: bool,
    /// Whether a sync was asked for and not done yet.
    pub is_waiting: bool,
    /// The last commit that was deployed.
    pub commit: Option<String>,
    /// When the branch was last looked at.
    pub checked_at: Option<Timestamp>,
    /// When it was connected.
    pub created_at: Timestamp,
    /// Who connected it, such as `member:kp_…`.
    pub created_by: String,
}

impl Repository {
    /// Where its server tells of pushes.
    #[must_use]
    pub fn hook_url(&self, cx: &Context) -> String {
        format!("{}{}/{}", cx.environment().base_url, push::PATH, self.id)
    }
}

/// What made a sync begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = WorkflowSyncCause)]
pub enum Cause {
    /// Somebody asked for it.
    Request,
    /// The repository's server told of a push.
    Push,
    /// The clock.
    Poll,
}

impl Cause {
    /// As it is stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Push => "push",
            Self::Poll => "poll",
        }
    }

    pub(super) fn parse(text: &str) -> Self {
        match text {
            "push" => Self::Push,
            "poll" => Self::Poll,
            _ => Self::Request,
        }
    }
}

/// Why a sync deployed nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// A stable code.
    pub code: String,
    /// The same in words.
    pub message: String,
}

/// A sync that was done: a commit was deployed, or could not be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sync {
    /// Its id.
    pub id: WorkflowSyncId,
    /// What made it begin.
    pub cause: Cause,
    /// The commit; none where the repository could not be read.
    pub commit: Option<String>,
    /// Why nothing was deployed; none where it was.
    pub trouble: Option<Trouble>,
    /// The build log.
    pub findings: serde_json::Value,
    /// What was deployed.
    pub deployment: Option<DeploymentId>,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Timestamp,
}

/// The repository that is connected; none where none is.
///
/// # Errors
/// When the database fails.
pub async fn connected(cx: &Context, tx: &mut Tx) -> Result<Option<Repository>, db::Error> {
    store::repository(tx, &cx.environment().id).await
}

/// The repository that is connected.
///
/// # Errors
/// [`WorkflowsError::NoRepository`]; when the database fails.
pub async fn find(cx: &Context, tx: &mut Tx) -> Result<Repository, WorkflowsError> {
    let connected = connected(cx, tx).await?;
    connected.ok_or(WorkflowsError::NoRepository)
}

/// Connects a repository, and asks for its first sync. The secret with which its server signs pushes is told here and never again.
///
/// # Errors
/// [`WorkflowsError::State`] when one is connected already; when the database fails.
pub async fn connect(
    cx: &Context,
    tx: &mut Tx,
    new: &NewRepository,
) -> Result<(Repository, Secret), WorkflowsError> {
    let secret = cx.random_token();
    let repository = Repository {
        id: cx.new_id(),
        url: new.address.as_str().to_owned(),
        branch: new.branch.as_str().to_owned(),
        has_token: new.token.is_some(),
        is_polled: new.is_polled,
        is_waiting: true,
        commit: None,
        checked_at: None,
        created_at: cx.now(),
        created_by: cx.actor().to_string(),
    };
    let token = new.token.as_ref();
    let token = token.map(|token| cx.seal(TOKEN, token.reveal()));
    let sealed = (token, cx.seal(HOOK_SECRET, secret.reveal()));
    let next_poll_at = sync::next_poll(cx);
    if !store::insert_repository(tx, cx, &repository, sealed, next_poll_at).await? {
        return Err(WorkflowsError::State(
            "a repository is connected already; disconnect it first".to_owned(),
        ));
    }
    Ok((repository, secret))
}

/// Disconnects the repository. What was deployed from it stays and runs on.
///
/// # Errors
/// [`WorkflowsError::NoRepository`]; when the database fails.
pub async fn disconnect(cx: &Context, tx: &mut Tx) -> Result<(), WorkflowsError> {
    let repository = find(cx, tx).await?;
    Ok(store::delete_repository(tx, &repository.id).await?)
}

/// Asks for a sync that deploys the branch as it is, also where this commit was deployed before. Wake the worker after the commit.
///
/// # Errors
/// [`WorkflowsError::NoRepository`]; when the database fails.
pub async fn request_sync(cx: &Context, tx: &mut Tx) -> Result<(), WorkflowsError> {
    let repository = find(cx, tx).await?;
    Ok(store::request_sync(tx, &repository.id, true).await?)
}

/// The last syncs of the repository, newest first.
///
/// # Errors
/// When the database fails, or what is stored can't be read.
pub async fn syncs(tx: &mut Tx, repository: &Repository) -> Result<Vec<Sync>, WorkflowsError> {
    Ok(store::syncs(tx, &repository.id).await?)
}
