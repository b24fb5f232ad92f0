//! Trying a version that is not live, in a real sign-in that nobody else notices.
//!
//! A *preview* is of a deployment: in one sign-in, the workflows that were deployed together run in that version, each in the place of
//! whatever is live for its trigger; everything else is as ever. It is begun by an authorization request whose
//! `workflow_deployment_id` is a [`Pass`], and goes with the sign-in and its code. Tokens that are refreshed later are no part of it.
//!
//! A pass is sealed, names its environment and expires. A bare id would let strangers choose which code decides about them, an old
//! version without the rule that keeps them out for one; see `docs/decisions/previews-need-a-pass.md`.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use db::Tx;
use oauth::authorization::Prompt;
use serde::{Deserialize, Serialize};

use super::versions::{State, Version};
use super::{WorkflowsError, store, versions};
use crate::applications::{self, Application};
use crate::context::Context;
use crate::error::{Code, Coded};
use crate::id::{ApplicationId, DeploymentId, EnvironmentId};
use crate::time::Timestamp;

/// For how long a pass opens a preview: a working day with its evening.
pub const LIFETIME: Duration = Duration::from_hours(24);

/// The parameter of an authorization request that carries a pass.
pub const PARAMETER: &str = "workflow_deployment_id";

/// What a pass is sealed for.
const PURPOSE: &str = "workflow_preview";

/// The right to preview a deployment, for whoever holds its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pass {
    /// The deployment.
    pub deployment: DeploymentId,
    /// The value of [`PARAMETER`].
    pub text: String,
    /// When it stops opening the preview.
    pub expires_at: Timestamp,
}

/// What is sealed in a pass.
#[derive(Serialize, Deserialize)]
struct Sealed {
    environment: EnvironmentId,
    deployment: DeploymentId,
    expires_at: Timestamp,
}

/// A pass opens nothing.
#[derive(Debug, thiserror::Error)]
pub enum PassError {
    /// It is no pass of this environment: a bare id, a changed text, another installation's.
    #[error("workflow_deployment_id is not the value of a preview link of this environment")]
    NotOurs,
    /// It was made too long ago.
    #[error(
        "the preview link has expired; make another one where the versions of the workflow are"
    )]
    Expired,
    /// Nothing of the deployment can be run any more.
    #[error("no version of the deployment can be run any more")]
    Gone,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Coded for PassError {
    fn code(&self) -> Code {
        match self {
            Self::NotOurs | Self::Expired | Self::Gone => Code::INVALID_REQUEST,
            Self::Db(error) => Coded::code(error),
        }
    }
}

/// Whether a version can be tried without being live.
#[must_use]
pub fn is_possible(version: &Version) -> bool {
    matches!(version.state, State::Deployed | State::Deactivated)
}

/// A pass to preview the deployment of a version, with every workflow that was deployed together with it.
///
/// # Errors
/// [`WorkflowsError::State`] when the version is live, or can't be run; when there is no such workflow or version, or the database fails.
pub async fn pass(
    cx: &Context,
    tx: &mut Tx,
    workflow: &str,
    version: &str,
) -> Result<Pass, WorkflowsError> {
    let version = versions::find_version(cx, tx, workflow, version).await?;
    if !is_possible(&version) {
        let why = match version.state {
            State::Live => "the version is live: every sign-in tries it".to_owned(),
            state => format!(
                "the version is {}, so it can't be previewed",
                state.as_str()
            ),
        };
        return Err(WorkflowsError::State(why));
    }
    let expires_at = cx.now() + LIFETIME;
    let sealed = Sealed {
        environment: cx.environment().id.clone(),
        deployment: version.deployment.clone(),
        expires_at,
    };
    Ok(Pass {
        text: cx.seal(PURPOSE, &serde_json::to_string(&sealed)?),
        deployment: version.deployment,
        expires_at,
    })
}

/// The deployment that a pass opens.
///
/// # Errors
/// [`PassError`], one variant for each reason.
pub async fn admit(cx: &Context, tx: &mut Tx, text: &str) -> Result<DeploymentId, PassError> {
    let opened = cx.sealer().open(PURPOSE, text);
    let opened = opened.map_err(|_| PassError::NotOurs)?;
    let sealed: Sealed = serde_json::from_slice(&opened).map_err(|_| PassError::NotOurs)?;
    if sealed.environment != cx.environment().id {
        return Err(PassError::NotOurs);
    }
    if sealed.expires_at <= cx.now() {
        return Err(PassError::Expired);
    }
    let rows = store::deployed(tx, &cx.environment().id, &sealed.deployment).await?;
    if rows.is_empty() {
        return Err(PassError::Gone);
    }
    Ok(sealed.deployment)
}

/// Why there is no link.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// People don't sign in to the application, or it has no address that a link could lead back to.
    #[error(
        "the application {0} has no callback address without a placeholder that people could be sent back to; add one, or choose another application"
    )]
    NoCallback(ApplicationId),
    /// There is no such application.
    #[error(transparent)]
    Find(#[from] applications::FindError),
}

impl Coded for LinkError {
    fn code(&self) -> Code {
        match self {
            Self::NoCallback(_) => Code::INVALID_REQUEST,
            Self::Find(error) => error.code(),
        }
    }
}

/// The address that begins a previewed sign-in to the application. It asks for a password even where somebody is signed in: otherwise
/// there would be little to see.
///
/// An application without a secret gets a challenge whose verifier nobody knows: the pages are shown to the end, and the code at the
/// end is worth nothing. Such an application adds [`PARAMETER`] to its own request instead.
///
/// # Errors
/// [`LinkError`], one variant for each reason.
pub async fn link(
    cx: &Context,
    tx: &mut Tx,
    application: &ApplicationId,
    pass: &Pass,
) -> Result<String, LinkError> {
    let found = applications::find(cx, tx, application).await?;
    let callback = callback(cx, tx, &found).await?;
    let callback = callback.ok_or_else(|| LinkError::NoCallback(application.clone()))?;
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query
        .append_pair("client_id", application.as_str())
        .append_pair("redirect_uri", &callback)
        .append_pair("response_type", "code")
        .append_pair("scope", "openid profile email")
        .append_pair("state", &hex::encode(cx.random_bytes::<16>()))
        .append_pair("prompt", Prompt::Login.as_str())
        .append_pair(PARAMETER, &pass.text);
    if !found.kind.has_secret() {
        let challenge = BASE64URL.encode(cx.random_bytes::<32>());
        query
            .append_pair("code_challenge", &challenge)
            .append_pair("code_challenge_method", "S256");
    }
    let base = &cx.environment().base_url;
    Ok(format!("{base}/oauth2/auth?{}", query.finish()))
}

/// The first address of an application that people can be sent back to as it is.
///
/// # Errors
/// When there is no such application, or the database fails.
pub async fn callback(
    cx: &Context,
    tx: &mut Tx,
    application: &Application,
) -> Result<Option<String>, applications::FindError> {
    if !application.kind.has_callbacks() {
        return Ok(None);
    }
    let urls = applications::urls(cx, tx, &application.id).await?;
    let found = urls.callback.iter().find(|url| urls.allows_redirect(url));
    Ok(found.cloned())
}
